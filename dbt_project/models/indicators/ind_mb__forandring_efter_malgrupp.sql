-- MB17. Grain: municipality x year x target group or class of evidence, area and class. As MB16, by whom the method was
-- for and by what is known of it.
{{ forandring_i_metodkohorten({'malgrupp_forandring': 'malgrupp_kod', 'evidens_forandring': 'evidensklass_kod'}) }}

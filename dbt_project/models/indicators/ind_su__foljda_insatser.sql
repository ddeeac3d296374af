-- SU03. Grain: municipality x year, and by target group. Local insatser with at least one uppföljning from their start
-- on, over those that ended during the year, of children of 0-20 years.
{{ andelsrader(ref('_insats_foljd'), 'uppfoljning_datum is not null') }}
union all
{{ andelsrader(ref('_insats_foljd'), 'uppfoljning_datum is not null', uppdelning='malgrupp', kod='malgrupp_kod') }}

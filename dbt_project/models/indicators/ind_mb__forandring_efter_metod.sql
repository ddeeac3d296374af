-- MB16. Grain: municipality x year x method, area and class. Persons and methods with a Grund that rates the worry in
-- the area: less, as much, more, or not followed up. The four have the same denominator.
{{ forandring_i_metodkohorten({'metod_forandring': 'metod_kod'}) }}

-- A row outside the indicator's listed cells would be dropped in silence on the way to the values.
{{ config(meta={
    'dagster': {'ref': {'name': 'ind_alla'}},
    'betydelse': 'En indikator ger bara de celler (kön, ålder, uppdelning) som dess beskrivning räknar upp.',
    'gor_sa_har': 'Lägg till cellen i indikatorns yml (meta celler), eller rätta dess SQL: en cell utanför listan faller annars bort i tysthet.',
}) }}
select a.*
from {{ ref('ind_alla') }} as a
left join {{ ref('dim_indikatorcell') }} as c
    on {{ lika('a', 'c', ['indikator_id', 'version'] + cellnyckel()) }}
where c.indikator_id is null

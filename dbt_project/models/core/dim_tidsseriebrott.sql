-- Grain: one area and year in which its series breaks; 'alla' holds for every area.
select
    omrade,
    ar,
    text
from {{ ref('tidsseriebrott') }}

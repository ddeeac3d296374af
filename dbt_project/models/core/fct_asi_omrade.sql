-- Grain: one area of one interview and year in which any of the measures is filled in. A composite (cs) is as it was
-- delivered, in thousandths and in its own formula (fct_asi_intervju.cs_formelversion): none is calculated here.
with omrade as (
    select
        f.kommun_kod,
        f.stadsdel_kod,
        f.ar,
        f.leverans_id,
        f.person_id,
        f.id_typ_kod,
        f.kon_kod,
        f.fodelsear,
        f.intervju_id,
        o.omrade_kod,
        {{ asi_varde('klient_oro', 'o.omrade_kod') }} as klient_oro,
        {{ asi_varde('klient_hjalp', 'o.omrade_kod') }} as klient_hjalp,
        {{ asi_varde('intervjuare', 'o.omrade_kod') }} as intervjuare,
        {{ asi_varde('cs', 'o.omrade_kod') }} as cs
    from {{ ref('stg_asi__intervju') }} as s
    inner join {{ ref('fct_asi_intervju') }} as f on {{ lika('s', 'f', ['leverans_id', 'intervju_id']) }}
    cross join {{ ref('asi_omrade') }} as o
)

select *
from omrade
where coalesce({{ asi_matt() | join(', ') }}) is not null

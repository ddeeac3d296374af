-- BU18. Grain: municipality x year x kön x age group, in all (OV0) and by type. As the municipality counted them: kön
-- and age groups are added, types never, since one child can have several. The population carries the rows.
with mangd_cell as (
    select
        kommun_kod,
        ar,
        oppenvard_kod,
        {{ kon_alder_kolumner() }},
        sum(antal) as antal,
        {{ nyckelsumma('postnyckel') }} as nyckel
    from {{ ref('fct_oppenvard_mangd') }}
    group by kommun_kod, ar, oppenvard_kod, cube(kon_kod, aldersgrupp_kod)
),

befolkning_cell as (
    {{ befolkningscell(aldersgrupp_barn('alder')) }}
)

select
    b.kommun_kod,
    cast(b.ar as {{ dbt.type_string() }}) as period,
    b.kon_kod,
    b.aldersgrupp_kod,
    case when o.oppenvard_kod = 'OV0' then '-' else 'oppenvard' end as uppdelning,
    case when o.oppenvard_kod = 'OV0' then 'T' else o.oppenvard_kod end as uppdelning_kod,
    coalesce(m.antal, 0) as taljare,
    b.antal as namnare,
    coalesce(m.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    {{ utan_belopp() }}
from befolkning_cell as b
cross join (values ('OV0'), ('OV1'), ('OV2'), ('OV3')) as o (oppenvard_kod)
left join mangd_cell as m
    on {{ lika('b', 'm', ['kommun_kod', 'ar', 'kon_kod', 'aldersgrupp_kod']) }} and o.oppenvard_kod = m.oppenvard_kod

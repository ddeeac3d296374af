-- BU10. Grain: municipality x year x cell. Children and young persons with at least one day of care in the year, over
-- the population of their age. By insatstyp a person is in each kind of care that went on some day of the year: the
-- kinds overlap, and the total is counted apart. The population carries the rows.
with placerad as (
    select
        kommun_kod,
        ar,
        person_id,
        kon_kod,
        {{ aldersgrupp_barn('ar - fodelsear') }} as aldersgrupp_kod,
        {{ postnyckel('person_id') }} as nyckel
    from {{ ref('fct_placering') }}
    where ar_heldygn and ar - fodelsear between 0 and 20
    group by kommun_kod, ar, person_id, kon_kod, fodelsear
    having sum(vardygn) > 0
),

placerad_cell as (
    select
        kommun_kod,
        ar,
        {{ kon_alder_kolumner() }},
        count(*) as antal,
        {{ nyckelsumma('nyckel') }} as nyckel
    from placerad
    group by kommun_kod, ar, cube(kon_kod, aldersgrupp_kod)
),

insatstyp as (
    select distinct
        kommun_kod,
        ar,
        person_id,
        insatstyp_kod
    from {{ ref('fct_placering') }}
    where ar_heldygn and ar - fodelsear between 0 and 20
),

typ_cell as (
    select
        kommun_kod,
        ar,
        insatstyp_kod,
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from insatstyp
    group by kommun_kod, ar, insatstyp_kod
),

befolkning_cell as (
    {{ barnbefolkning_cell() }}
)

select
    b.kommun_kod,
    cast(b.ar as {{ dbt.type_string() }}) as period,
    b.kon_kod,
    b.aldersgrupp_kod,
    '-' as uppdelning,
    'T' as uppdelning_kod,
    coalesce(p.antal, 0) as taljare,
    b.antal as namnare,
    coalesce(p.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    {{ utan_belopp() }}
from befolkning_cell as b
left join placerad_cell as p on {{ lika('b', 'p', ['kommun_kod', 'ar', 'kon_kod', 'aldersgrupp_kod']) }}
union all
select
    b.kommun_kod,
    cast(b.ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod,
    'insatstyp' as uppdelning,
    i.insatstyp_kod as uppdelning_kod,
    coalesce(t.antal, 0) as taljare,
    b.antal as namnare,
    coalesce(t.nyckel, 0) as taljare_nyckel,
    cast(null as bigint) as namnare_nyckel,
    {{ utan_belopp() }}
from befolkning_cell as b
cross join (values ('SOL'), ('LVU_VARD'), ('LVU_6')) as i (insatstyp_kod)
left join typ_cell as t on {{ lika('b', 't', ['kommun_kod', 'ar']) }} and i.insatstyp_kod = t.insatstyp_kod
where b.kon_kod = 'T' and b.aldersgrupp_kod = 'T'

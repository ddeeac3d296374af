-- EB15. Grain: municipality x month or year x cell. Adult-months as sökande or medsökande in the group
-- arbetsloshet with a municipal arbetsmarknadsinsats, over all such adult-months in the group. Counted by month
-- first, so that the cells are made out of few rows.
with vuxenmanad as (
    select
        kommun_kod,
        ar,
        period,
        kon_kod,
        {{ aldersgrupp('ar - fodelsear') }} as aldersgrupp_kod,
        {{ antal_dar("arbetsmarknadsinsats_kod = '1'") }} as antal_med_insats,
        count(*) as antal,
        {{ nyckelsumma(postnyckel('person_id'), "arbetsmarknadsinsats_kod = '1'") }} as nyckel_med_insats,
        {{ nyckelsumma(postnyckel('person_id')) }} as nyckel
    from {{ ref('fct_bidragsmanad_person') }}
    where
        roll_kod in ('sokande', 'medsokande')
        and forsorjningshindergrupp_kod = 'arbetsloshet'
        and ar - fodelsear >= 18
    group by kommun_kod, ar, period, kon_kod, {{ aldersgrupp('ar - fodelsear') }}
)

select
    kommun_kod,
    case when grouping(period) = 1 then cast(ar as {{ dbt.type_string() }}) else period end as period,
    {{ kon_alder_kolumner() }},
    '-' as uppdelning,
    'T' as uppdelning_kod,
    sum(antal_med_insats) as taljare,
    sum(antal) as namnare,
    sum(nyckel_med_insats) as taljare_nyckel,
    sum(nyckel) as namnare_nyckel,
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
from vuxenmanad
group by kommun_kod, ar, rollup(period), cube(kon_kod, aldersgrupp_kod)

-- Additivity: the total of what is not additive is counted, never summed over cells. A child under two kinds of care
-- is in both cells and once in the total, as the children counted here apart.
{{ config(meta={
    'dagster': {'ref': {'name': 'ind_alla'}},
    'betydelse': 'Totalen för det som inte får läggas ihop är räknad, aldrig summan av celler som överlappar.',
    'gor_sa_har': 'Rätta indikatorns SQL: räkna personer för totalen, lägg inte ihop insatstyper.',
}) }}
with person as (
    select
        kommun_kod,
        ar,
        person_id,
        count(distinct insatstyp_kod) as antal_typer
    from {{ ref('fct_placering') }}
    where ar_heldygn and ar - fodelsear between 0 and 20
    group by kommun_kod, ar, person_id
),

sanning as (
    select
        kommun_kod,
        cast(ar as {{ dbt.type_string() }}) as period,
        count(*) as personer,
        sum(antal_typer) as personer_per_typ
    from person
    group by kommun_kod, ar
),

tal as (
    select
        i.indikator_id,
        i.kommun_kod,
        i.period,
        max(case when i.uppdelning = '-' then i.taljare end) as totalt,
        sum(case when i.uppdelning <> '-' then i.taljare end) as celler
    from {{ ref('ind_alla') }} as i
    where i.indikator_id in ('BU10', 'BU11') and i.kon_kod = 'T' and i.aldersgrupp_kod = 'T'
    group by i.indikator_id, i.kommun_kod, i.period
)

select t.*
from tal as t
left join sanning as s on t.kommun_kod = s.kommun_kod and t.period = s.period
where
    (t.indikator_id = 'BU10' and t.totalt <> coalesce(s.personer, 0))
    or coalesce(t.celler, 0) <> coalesce(s.personer_per_typ, 0)

-- The values that a median or a mean is of are as many as the denominator and add up to the numerator, cell by cell.
{{ config(meta={
    'dagster': {'ref': {'name': 'ind_fordelning'}},
    'betydelse': 'De mätta värden som en median eller ett medel är av är lika många som nämnaren och summerar till täljaren.',
    'gor_sa_har': 'Jämför indikatorns SQL med modellen i dess fordelning: den ena räknar något som den andra inte gör.',
}) }}
{% set nyckel = ['indikator_id', 'version', 'kommun_kod', 'period'] + cellnyckel() %}
with matt as (
    select
        {{ nyckel | join(', ') }},
        sum(matvarde * antal) as summa,
        sum(antal) as antal
    from {{ ref('ind_fordelning') }}
    group by {{ nyckel | join(', ') }}
),

raknat as (
    select
        a.{{ nyckel | join(', a.') }},
        a.taljare,
        a.namnare
    from {{ ref('ind_alla') }} as a
    inner join {{ ref('dim_indikator') }} as i on {{ lika('a', 'i', ['indikator_id', 'version']) }}
    where i.matt in ('median', 'medel') and a.uppdelning <> 'uppfoljning'
)

select
    m.summa,
    m.antal,
    r.taljare,
    r.namnare
from matt as m
full join raknat as r on {{ lika('m', 'r', nyckel) }}
where
    abs(coalesce(m.summa, 0) - coalesce(r.taljare, 0)) > 1e-6
    or coalesce(m.antal, 0) <> coalesce(r.namnare, 0)

-- Where two indicators count the same persons they show the same number, whatever the table: recipients by kön and
-- age are EB01's numerator and EB04's and EB06's denominator, long-term recipients EB04's and EB05's numerator. So
-- nothing is learnt by taking the mean of them.
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_indikatorvarde'}},
    'betydelse': 'Där två indikatorer räknar samma personer visar de samma tal.',
    'gor_sa_har': 'Ge inte ut något. Rätta nycklarna (taljare_nyckel, namnare_nyckel) i den indikator som avviker.',
}) }}
{% set plats = ['geo_typ', 'geo_kod', 'period', 'kon_kod'] %}
with par as (
    select
        'EB01' as ena,
        'taljare' as ena_del,
        t.andra,
        t.andra_del
    from (
        values ('EB02', 'taljare'), ('EB03', 'taljare'), ('EB04', 'namnare'), ('EB06', 'namnare')
    ) as t (andra, andra_del)
    union all
    select
        'EB05' as ena,
        'taljare' as ena_del,
        'EB04' as andra,
        'taljare' as andra_del
),

tal as (
    select
        v.indikator_id,
        {%- for kolumn in plats %}
        v.{{ kolumn }},
        {%- endfor %}
        case
            when v.indikator_id = 'EB02' then '0-17'
            when v.indikator_id = 'EB03' then '18-24'
            else v.aldersgrupp_kod
        end as aldersgrupp_kod,
        v.antal_kommuner_med,
        v.taljare,
        v.namnare
    from {{ ref('pub_indikatorvarde') }} as v
    where v.uppdelning = '-' and v.status <> 'ej_rapporterad'
)

select
    p.ena,
    p.andra,
    e.geo_kod,
    e.period
from par as p
inner join tal as e on p.ena = e.indikator_id
inner join tal as a
    on p.andra = a.indikator_id and {{ lika('e', 'a', plats + ['aldersgrupp_kod', 'antal_kommuner_med']) }}
where
    -- A total over all ages is of adults only in EB04 and EB06. Their estimates are of other years than EB06's.
    (e.aldersgrupp_kod <> 'T' or p.ena = 'EB05')
    and (e.geo_typ = 'kommun' or p.andra <> 'EB06')
    and e.taljare <> case when p.andra_del = 'taljare' then a.taljare else a.namnare end

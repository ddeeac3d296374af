-- Grain: one warning: municipality, stadsdel ('' for the whole), dataset, month or year, rule and variable ('' but
-- for GEN-20). The ledger's own and those computed here, whatever has no package to stand on too. A
-- warning that makes values uncertain does so until it is acknowledged or gone (R48). antal and jamfort_med are what
-- the rule compares. bara_indikator_id is the only indicator it makes uncertain, where it says nothing of others.
-- Severity is the rule's own; a rule without one fails the build.
with regel as (
    select t.*
    from (values {{ regel_rader() }}) as t (regel_id, allvar)
),

huvudbok as (
    select
        kommun_kod,
        stadsdel_kod,
        dataset,
        period,
        regel_id,
        '' as kolumn,
        leverans_id,
        antal,
        jamfort_med
    from {{ ref('stg_huvudbok__varning') }}
),

fortsatt as (
    select
        kommun_kod,
        stadsdel_kod,
        'eb_avslut' as dataset,
        rapport_period as period,
        'EB-11' as regel_id,
        '' as kolumn,
        leverans_id,
        count(*) as antal,
        cast(null as bigint) as jamfort_med
    from {{ ref('_avslut_sokande') }}
    where har_bistand_efter
    group by kommun_kod, stadsdel_kod, rapport_period, leverans_id
),

hela_kommunen as (
    select
        kommun_kod,
        dataset,
        period,
        regel_id,
        '' as kolumn,
        antal,
        jamfort_med
    from {{ ref('_varning_leverans') }}
    union all
    select
        kommun_kod,
        'eb_person' as dataset,
        cast(ar as {{ dbt.type_string() }}) as period,
        'GEN-20' as regel_id,
        kolumn,
        antal,
        jamfort_med
    from {{ ref('_varning_bortfall') }}
    union all
    select
        kommun_kod,
        'eb_person' as dataset,
        cast(ar as {{ dbt.type_string() }}) as period,
        'EB-12' as regel_id,
        '' as kolumn,
        antal_okanda as antal,
        antal_vuxenmanader as jamfort_med
    from {{ ref('_okant_hinder') }}
    where ar_over_grans
    union all
    select
        kommun_kod,
        'eb_hushall' as dataset,
        period,
        'GEN-19' as regel_id,
        '' as kolumn,
        antal_hushall as antal,
        antal_publicerade as jamfort_med
    from {{ ref('fct_avstamning') }}
    where ar_over_grans
),

varning as (
    select * from huvudbok
    union all
    select * from fortsatt
    union all
    select
        kommun_kod,
        '' as stadsdel_kod,
        dataset,
        period,
        regel_id,
        kolumn,
        cast(null as {{ dbt.type_string() }}) as leverans_id,
        antal,
        jamfort_med
    from hela_kommunen
)

select
    v.kommun_kod,
    v.stadsdel_kod,
    v.dataset,
    v.period,
    {{ ar_av('v.period') }} as ar,
    v.regel_id,
    v.kolumn,
    v.leverans_id,
    cast(v.antal as bigint) as antal,
    cast(v.jamfort_med as bigint) as jamfort_med,
    r.allvar,
    q.regel_id is not null as ar_kvitterad,
    v.regel_id in ('GEN-18', 'GEN-20', 'GEN-22', 'EB-07', 'EB-12', 'BBIC-02') and q.regel_id is null as ger_osaker,
    case
        when v.regel_id = 'GEN-20' and v.dataset = 'bu_placering' then 'BU21'
        when v.regel_id = 'BBIC-02' then 'BU20'
    end as bara_indikator_id
from varning as v
left join regel as r on v.regel_id = r.regel_id
left join {{ ref('stg_huvudbok__kvittering') }} as q
    on {{ lika('v', 'q', ['kommun_kod', 'stadsdel_kod', 'dataset', 'period', 'regel_id']) }}

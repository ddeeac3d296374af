-- Grain: one indicator and period it is shown for: those of its datasets' own source, so that no source gives another's
-- indicators empty years. An indicator that needs no dataset has those of the sources that deliver by month. antal_krav
-- is how many approved periods of a dataset the value stands on, over all its datasets and the years of its window. One
-- whose window cannot be whole before a year has no periods before it (forsta_ar).
{% set indikator = ['indikator_id', 'version'] %}
with forvantad as (
    select distinct
        dataset,
        period,
        substring(period, 1, 4) as ar,
        length(period) = 4 as ar_hela_aret
    from {{ ref('stg_huvudbok__forvantad') }}
),

kalla as (
    select
        i.indikator_id,
        i.version,
        f.period,
        f.ar,
        f.ar_hela_aret
    from {{ ref('dim_indikator') }} as i
    inner join {{ ref('bridge_indikator_dataset') }} as d on {{ lika('i', 'd', indikator) }}
    inner join forvantad as f on d.dataset = f.dataset
    where i.forsta_ar is null or {{ ar_av('f.period') }} >= i.forsta_ar
    union
    select
        i.indikator_id,
        i.version,
        f.period,
        f.ar,
        f.ar_hela_aret
    from {{ ref('dim_indikator') }} as i
    inner join forvantad as f on not f.ar_hela_aret
    where i.antal_datamangder = 0 and (i.forsta_ar is null or {{ ar_av('f.period') }} >= i.forsta_ar)
),

arsperiod as (
    select distinct
        indikator_id,
        version,
        ar as period,
        ar_hela_aret
    from kalla
    where not ar_hela_aret or ar >= '{{ forsta_raknade_ar() }}'
),

visad as (
    select
        a.indikator_id,
        a.version,
        a.period,
        i.antal_datamangder * i.fonster_ar * case when a.ar_hela_aret then 1 else 12 end as antal_krav
    from arsperiod as a
    inner join {{ ref('dim_indikator') }} as i on {{ lika('a', 'i', indikator) }} and i.har_arsperiod
    union all
    select
        k.indikator_id,
        k.version,
        k.period,
        i.antal_datamangder as antal_krav
    from kalla as k
    inner join {{ ref('dim_indikator') }} as i on {{ lika('k', 'i', indikator) }} and i.har_manadsperiod
    where not k.ar_hela_aret
    union all
    select
        a.indikator_id,
        a.version,
        concat(tidigare.period, '-', a.period) as period,
        cast(null as integer) as antal_krav
    from arsperiod as a
    inner join arsperiod as mellan
        on {{ lika('a', 'mellan', indikator) }} and mellan.period = {{ ar_senare('a.period', -1) }}
    inner join arsperiod as tidigare
        on {{ lika('a', 'tidigare', indikator) }} and tidigare.period = {{ ar_senare('a.period', -2) }}
    inner join {{ ref('dim_indikator') }} as i on {{ lika('a', 'i', indikator) }} and i.har_pool
    where a.ar_hela_aret
)

select
    v.indikator_id,
    v.version,
    v.period,
    p.period_typ,
    p.ar,
    p.sista_datum,
    i.fonster_ar,
    v.antal_krav
from visad as v
inner join {{ ref('dim_period') }} as p on v.period = p.period
inner join {{ ref('dim_indikator') }} as i on {{ lika('v', 'i', indikator) }}

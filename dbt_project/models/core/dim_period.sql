-- Grain: one period for which values are shown, a year ('YYYY') or a month ('YYYY-MM').
-- A year is shown when any of its months is expected; sista_datum decides which municipalities exist in it.
with manad as (
    select distinct period from {{ ref('stg_huvudbok__forvantad') }}
),

period as (
    select
        period,
        'manad' as period_typ,
        cast(1 as integer) as antal_manader_forvantade,
        cast(concat(period, '-01') as date) as sista_manad
    from manad
    union all
    select
        substring(period, 1, 4) as period,
        'ar' as period_typ,
        cast(count(*) as integer) as antal_manader_forvantade,
        cast(concat(substring(period, 1, 4), '-12-01') as date) as sista_manad
    from manad
    group by substring(period, 1, 4)
)

select
    period,
    period_typ,
    {{ ar_av('period') }} as ar,
    antal_manader_forvantade,
    cast({{ dbt.last_day('sista_manad', 'month') }} as date) as sista_datum
from period

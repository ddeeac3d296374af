-- Grain: one period for which values are shown: a year ('YYYY'), a month ('YYYY-MM') or three years together
-- ('YYYY-YYYY', of sources that deliver by year). A year is shown when it, or the last of its months, is expected: one
-- that has only begun can have no value. sista_datum decides which municipalities exist in it. Which of them an
-- indicator has, _indikatorperiod says.
with forvantad as (
    select distinct
        period,
        substring(period, 1, 4) as ar,
        length(period) = 4 as ar_hela_aret
    from {{ ref('stg_huvudbok__forvantad') }}
),

period as (
    select
        period,
        'manad' as period_typ,
        1 as antal_manader_forvantade,
        cast(concat(period, '-01') as date) as sista_manad
    from forvantad
    where not ar_hela_aret
    union all
    select
        ar as period,
        'ar' as period_typ,
        sum(case when ar_hela_aret then 0 else 1 end) as antal_manader_forvantade,
        cast(concat(ar, '-12-01') as date) as sista_manad
    from forvantad
    group by ar
    having max(case when ar_hela_aret or substring(period, 6, 2) = '12' then 1 else 0 end) = 1
    union all
    select
        concat({{ ar_senare('ar', -2) }}, '-', ar) as period,
        'pool3' as period_typ,
        0 as antal_manader_forvantade,
        cast(concat(ar, '-12-01') as date) as sista_manad
    from forvantad
    where ar_hela_aret
)

select
    period,
    period_typ,
    cast(extract(year from sista_manad) as integer) as ar,
    cast(antal_manader_forvantade as integer) as antal_manader_forvantade,
    cast({{ dbt.last_day('sista_manad', 'month') }} as date) as sista_datum
from period

-- Grain: one municipality and month where another delivery is in force than when the tables were built last (or one
-- more, or none any longer); every month that anyone has delivered when there is nothing to build on. What a delivery
-- holds never changes, so nothing else needs to be built again. The tables that keep their rows are of sources that
-- deliver by month; what is delivered by year is built whole.
{% set manad = ['kommun_kod', 'stadsdel_kod', 'dataset', 'period', 'leverans_id'] %}
{% set fore = forra_bygget() %}
with nu as (
    select {{ manad | join(', ') }}
    from {{ ref('stg_huvudbok__i_kraft') }}
    where length(period) > 4
),

fore as (
    select {{ manad | join(', ') }}
    from {{ fore or 'nu' }}
    where length(period) > 4 {{ 'and false' if not fore }}
),

skillnad as (
    (
        select * from nu
        except
        select * from fore
    )
    union all
    (
        select * from fore
        except
        select * from nu
    )
)

select distinct
    kommun_kod,
    period,
    {{ ar_av('period') }} as ar
from skillnad

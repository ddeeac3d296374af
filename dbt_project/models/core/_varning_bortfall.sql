-- Grain: one municipality, year and variable that is empty too often (GEN-20): in more than 10 % of at least 30 rows of
-- sökande and medsökande. antal is the empty rows, jamfort_med all of them.
{% set variabler = ['fodd_utrikes_kod', 'forsorjningshinder_kod', 'arbetsmarknadsinsats_kod'] %}
with vuxenrad as (
    select
        kommun_kod,
        ar,
        {%- for variabel in variabler %}
        sum(tomma_{{ variabel }}) as tomma_{{ variabel }},
        {%- endfor %}
        sum(hindermanader) as antal_rader
    from {{ ref('_hindermanad') }}
    group by kommun_kod, ar
),

variabelvis as (
    {%- for variabel in variabler %}
    select
        kommun_kod,
        ar,
        '{{ variabel }}' as kolumn,
        tomma_{{ variabel }} as antal,
        antal_rader as jamfort_med
    from vuxenrad
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    kommun_kod,
    ar,
    kolumn,
    cast(antal as bigint) as antal,
    cast(jamfort_med as bigint) as jamfort_med
from variabelvis
where jamfort_med >= 30 and 100 * antal > 10 * jamfort_med

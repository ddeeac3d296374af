{#- What indicators of barn och unga have in common (docs/reference/barn_och_unga.md, sections 6 and 7). -#}

{#- The columns that every cell of a whole municipality and year has, and what only kronor have. -#}
{% macro utan_kon_alder() -%}
    cast(ar as {{ dbt.type_string() }}) as period,
    'T' as kon_kod,
    'T' as aldersgrupp_kod
{%- endmacro %}

{% macro utan_belopp() -%}
    cast(null as bigint) as antal_bakom,
    cast(null as decimal(18, 2)) as storsta_bakom,
    false as ar_undertryckt_kvalitet
{%- endmacro %}

{#- BU16, BU17: of persons of these ages whose contact ended, those without a new utredning within twelve months. Who
    has a reservnummer cannot be followed, and is only in the denominator of the follow-up. -#}
{% macro ej_ateraktualiserade(fran, till) -%}
with avslutad as (
    select *
    from {{ ref('_avslutad_kontakt') }}
    where ar - fodelsear between {{ fran }} and {{ till }}
),

foljd as (
    select *
    from avslutad
    where not ar_reservnummer
)

{{ andelsrader('foljd', 'not ar_ateraktualiserad', 'kon') }}
union all
{{ andelsrader('avslutad', 'not ar_reservnummer', uppdelning='uppfoljning', kod="'uppfoljda'") }}
{%- endmacro %}

{#- ASI (docs/reference/missbruk.md, sections 3 and 7). -#}

{#- The measures that an area of ASI has, as they stand in the names of the columns they are delivered in. -#}
{% macro asi_matt() -%}
    {{ return(['klient_oro', 'klient_hjalp', 'intervjuare', 'cs']) }}
{%- endmacro %}

{#- A measure of the area that omrade names, from the columns of all seven. -#}
{% macro asi_varde(matt, omrade) -%}
    case {{ omrade }}
        {%- for nr in range(1, 8) %} when 'ASI{{ nr }}' then asi{{ nr }}_{{ matt }}{% endfor %}
    end
{%- endmacro %}

{#- How far from an insats a Grund may be made and be its own. -#}
{% macro grund_dagar() -%}
    60
{%- endmacro %}

{#- Of the cohort, who can be followed and the ratings of each area at Grund and at the follow-up: one row per person and
    area. -#}
{% macro kohortens_omraden() -%}
    select
        k.kommun_kod,
        k.ar,
        k.person_id,
        k.kon_kod,
        f.omrade_kod,
        f.oro_grund,
        f.oro_uppfoljning,
        f.intervjuare_uppfoljning - f.intervjuare_grund as intervjuare_forandring
    from {{ ref('_asi_kohort') }} as k
    inner join {{ ref('_asi_forandring') }} as f
        on {{ lika('k', 'f', ['kommun_kod', 'ar', 'stadsdel_kod', 'intervju_id']) }}
    where k.ar_foljbar
{%- endmacro %}

{#- MB04-MB07: how many of the cohort were followed up, those who never can be in the denominator. -#}
{% macro kohortens_uppfoljning() -%}
    {{ andelsrader(ref('_asi_kohort'), 'uppfoljning_id is not null', uppdelning='uppfoljning', kod="'uppfoljda'") }}
{%- endmacro %}

{#- MB16, MB17: of persons and methods with a Grund and a rated worry in the area, what became of the worry; delningar
    says the columns that each uppdelning is by. -#}
{% macro forandring_i_metodkohorten(delningar) -%}
with bedomd as (
    select
        m.kommun_kod,
        m.ar,
        m.person_id,
        m.metod_kod,
        m.malgrupp_kod,
        m.evidensklass_kod,
        f.omrade_kod,
        {{ forandringsklass('f.oro_grund', 'f.oro_uppfoljning') }} as utfall
    from {{ ref('_metodkohort') }} as m
    inner join {{ ref('_asi_forandring') }} as f
        on {{ lika('m', 'f', ['kommun_kod', 'ar', 'stadsdel_kod', 'intervju_id']) }}
    where m.ar_foljbar and f.oro_grund is not null
),

klassad as (
    {{ per_klass('bedomd', forandringsklasser()) }}
)

{% for uppdelning, kolumn in delningar.items() -%}
{{ andelsrader('klassad', 'utfall = klass', uppdelning=uppdelning,
    kod="concat(" ~ kolumn ~ ", '_', omrade_kod, '_', klass)") }}
union all
{% endfor -%}
{{ andelsrader(ref('_metodkohort'), 'uppfoljning_id is not null', uppdelning='uppfoljning', kod="'uppfoljda'") }}
{%- endmacro %}

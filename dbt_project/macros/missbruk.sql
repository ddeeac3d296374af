{#- What models of missbruk och beroende have in common (docs/reference/missbruk.md, sections 6 and 7). -#}

{#- Whether a measure or an utredning is of the person's own misuse, not of who stands near. -#}
{% macro galler_eget_missbruk(malgrupp) -%}
    {{ malgrupp }} <> 'anhorig'
{%- endmacro %}

{#- Whether somebody can be followed from year to year: a reservnummer is nobody's. -#}
{% macro kan_foljas(id_typ) -%}
    {{ id_typ }} <> 'reserv'
{%- endmacro %}

{#- Rows of a delivery in force with the person that stands in each of them. A person with several in the year has the
    highest kön and year of birth of them (R20), within this data set alone. -#}
{% macro personrader(staging, dataset, kolumner) -%}
select
    r.kommun_kod,
    r.stadsdel_kod,
    {{ ar_av('r.period') }} as ar,
    r.leverans_id,
    r.person_id,
    r.id_typ_kod,
    max(r.kon_kod) over (partition by r.person_id, r.period) as kon_kod,
    max(r.fodelsear) over (partition by r.person_id, r.period) as fodelsear,
    r.{{ kolumner | join(',\n    r.') }}
from {{ staging }} as r
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on r.leverans_id = k.leverans_id and r.period = k.period and k.dataset = '{{ dataset }}'
{%- endmacro %}

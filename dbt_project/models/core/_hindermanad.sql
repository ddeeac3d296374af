-- Grain: one municipality, month, kön and åldersgrupp: the months of sökande and medsökande, and of them those
-- without a known försörjningshinder, of the unemployed, and of the unemployed with a municipal arbetsmarknadsinsats;
-- each with the sum of its record keys, and the empty cells of what may be empty (GEN-20).
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, ar_andrad(this.identifier, ['kommun_kod', 'period'])) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
{% set delar = {
    'okanda': "forsorjningshindergrupp_kod = 'okand'",
    'arbetslosa': "forsorjningshindergrupp_kod = 'arbetsloshet'",
    'med_insats': "forsorjningshindergrupp_kod = 'arbetsloshet' and arbetsmarknadsinsats_kod = '1'",
} %}
select
    kommun_kod,
    period,
    ar,
    kon_kod,
    {{ aldersgrupp('ar - fodelsear') }} as aldersgrupp_kod,
    cast(count(*) as integer) as hindermanader,
    {{ nyckelsumma(postnyckel('person_id')) }} as nyckel_hindermanader,
    {%- for del, villkor in delar.items() %}
    {{ antal_dar(villkor) }} as hindermanader_{{ del }},
    {{ nyckelsumma(postnyckel('person_id'), villkor) }} as nyckel_{{ del }},
    {%- endfor %}
    {{ antal_dar('fodd_utrikes_kod is null') }} as tomma_fodd_utrikes_kod,
    {{ antal_dar('forsorjningshinder_kod is null') }} as tomma_forsorjningshinder_kod,
    {{ antal_dar('arbetsmarknadsinsats_kod is null') }} as tomma_arbetsmarknadsinsats_kod
from {{ ref('fct_bidragsmanad_person') }} as m
where roll_kod in ('sokande', 'medsokande') and {{ ar_andrad('m', ['kommun_kod', 'period']) }}
group by kommun_kod, period, ar, kon_kod, {{ aldersgrupp('ar - fodelsear') }}

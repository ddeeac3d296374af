-- Grain: one person and year with aid. One pass over the person-months: what the yearly indicators need, once.
-- bistandsmanader is the year drawn as twelve digits, so that runs, gaps and later months are read out of a text
-- and no month is ranked. Hinder months are months as sökande or medsökande; whether the person is an adult is
-- for the reader to ask of alder. Years lie together, so that a year built again is taken out whole.
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, ar_andrad(this.identifier, ['kommun_kod', 'ar'])) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
with personar as (
    select
        kommun_kod,
        person_id,
        ar,
        cast(count(*) as integer) as antal_manader,
        sum(cast(power(10, 12 - manad) as bigint)) as manadssiffror,
        max(fodelsear) as fodelsear,
        max(kon_kod) as kon_kod,
        max(id_typ_kod) as id_typ_kod,
        max(manad * 10 + cast(fodd_utrikes_kod as integer)) as sista_fodd_utrikes,
        {{ antal_dar("forsorjningshindergrupp_kod = 'arbetsloshet'") }} as antal_manader_arbetsloshet,
        {{ antal_dar("forsorjningshindergrupp_kod = 'ohalsa'") }} as antal_manader_ohalsa,
        {{ antal_dar("forsorjningshindergrupp_kod = 'sociala_skal'") }} as antal_manader_sociala_skal,
        {{ antal_dar("forsorjningshindergrupp_kod = 'ovrigt'") }} as antal_manader_ovrigt,
        {{ antal_dar("forsorjningshindergrupp_kod = 'okand'") }} as antal_manader_okand
    from {{ ref('fct_bidragsmanad_person') }} as m
    where {{ ar_andrad('m', ['kommun_kod', 'ar']) }}
    group by kommun_kod, person_id, ar
)

select
    kommun_kod,
    person_id,
    ar,
    kon_kod,
    fodelsear,
    ar - fodelsear as alder,
    {{ aldersgrupp('ar - fodelsear') }} as aldersgrupp_kod,
    id_typ_kod,
    coalesce(cast(sista_fodd_utrikes % 10 as {{ dbt.type_string() }}), '9') as inrikes_utrikes_kod,
    antal_manader,
    lpad(cast(manadssiffror as {{ dbt.type_string() }}), 12, '0') as bistandsmanader,
    antal_manader_arbetsloshet + antal_manader_ohalsa + antal_manader_sociala_skal
    + antal_manader_ovrigt + antal_manader_okand as antal_hindermanader,
    antal_manader_arbetsloshet,
    antal_manader_ohalsa,
    antal_manader_sociala_skal,
    antal_manader_ovrigt,
    antal_manader_okand
from personar
order by ar

-- Grain: one person and year with aid. One pass over the person-months: what the yearly indicators need, once.
-- Hinder months are months as sökande or medsökande; whether the person is an adult is for the reader to ask of alder.
with personar as (
    select
        kommun_kod,
        person_id,
        ar,
        cast(count(*) as integer) as antal_manader,
        max(fodelsear) as fodelsear,
        max(kon_kod) as kon_kod,
        max(id_typ_kod) as id_typ_kod,
        max(manad * 10 + cast(fodd_utrikes_kod as integer)) as sista_fodd_utrikes,
        {%- for grupp in ['arbetsloshet', 'ohalsa', 'sociala_skal', 'ovrigt', 'okand'] %}
        cast(sum(case when forsorjningshindergrupp_kod = '{{ grupp }}' then 1 else 0 end) as integer)
            as antal_manader_{{ grupp }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('fct_bidragsmanad_person') }}
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
    antal_manader_arbetsloshet + antal_manader_ohalsa + antal_manader_sociala_skal
    + antal_manader_ovrigt + antal_manader_okand as antal_hindermanader,
    antal_manader_arbetsloshet,
    antal_manader_ohalsa,
    antal_manader_sociala_skal,
    antal_manader_ovrigt,
    antal_manader_okand
from personar

-- Grain: one household in a municipality, stadsdel and year (hushall_id is unique within these only). Type is
-- that of the last month with aid. postnyckel is the household's record key in the protection of counts: that of
-- the lowest pseudonym among its persons of the year, or, where none is known, of its name. Years lie together
-- (fct_bistandsar).
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, ar_andrad(this.identifier, ['kommun_kod', 'ar'])) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
{% set hushall = ['kommun_kod', 'stadsdel_kod', 'hushall_id', 'ar'] %}
with ar as (
    select
        kommun_kod,
        stadsdel_kod,
        hushall_id,
        ar,
        cast(count(*) as integer) as antal_bidragsmanader,
        max(antal_barn) as hogsta_antal_barn,
        max(concat(period, hushallstyp_kod)) as sista_hushallstyp,
        sum(belopp_kr) as arsbelopp_kr
    from {{ ref('fct_bidragsmanad') }} as m
    where {{ ar_andrad('m', ['kommun_kod', 'ar']) }}
    group by kommun_kod, stadsdel_kod, hushall_id, ar
),

person as (
    select
        kommun_kod,
        stadsdel_kod,
        hushall_id,
        ar,
        min(person_id) as person_id
    from {{ ref('fct_bidragsmanad_person') }} as m
    where {{ ar_andrad('m', ['kommun_kod', 'ar']) }}
    group by kommun_kod, stadsdel_kod, hushall_id, ar
)

select
    a.kommun_kod,
    a.stadsdel_kod,
    a.hushall_id,
    a.ar,
    a.antal_bidragsmanader,
    a.hogsta_antal_barn,
    substring(a.sista_hushallstyp, 8) as hushallstyp_kod,
    cast(a.arsbelopp_kr as decimal(18, 2)) as arsbelopp_kr,
    cast(case
        when p.person_id is not null then {{ postnyckel('p.person_id') }}
        else {{ postnyckel_av_namn(['a.kommun_kod', 'a.stadsdel_kod', 'a.hushall_id']) }}
    end as integer) as postnyckel
from ar as a
left join person as p on {{ lika('a', 'p', hushall) }}
order by a.ar

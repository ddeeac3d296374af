-- Grain: one avslut in force with the month with aid it belongs to and that month's sökande (R29): the latest month
-- with aid of its household, not after the month of its date. One without such a month, or in a household without a
-- sökande, has no row. tva_ar is the sökande's year of period and the year after, 24 digits; aid in the month after
-- says that nothing was closed (EB-11).
{% set hushallsmanad = ['kommun_kod', 'stadsdel_kod', 'hushall_id', 'period'] %}
with avslut as (
    select
        a.kommun_kod,
        a.stadsdel_kod,
        a.hushall_id,
        a.period as rapport_period,
        a.avslut_datum,
        a.avslutsorsak_kod,
        a.leverans_id,
        max(b.period) as period
    from {{ ref('fct_eb_avslut') }} as a
    inner join {{ ref('fct_bidragsmanad') }} as b
        on
            {{ lika('a', 'b', ['kommun_kod', 'stadsdel_kod', 'hushall_id']) }}
            and b.period <= substring(cast(a.avslut_datum as {{ dbt.type_string() }}), 1, 7)
    group by
        a.kommun_kod, a.stadsdel_kod, a.hushall_id, a.period, a.avslut_datum, a.avslutsorsak_kod, a.leverans_id
),

sista_manad as (
    select distinct {{ hushallsmanad | join(', ') }}
    from avslut
),

-- The rows as delivered: fct_bidragsmanad_person has one household only of someone who is sökande in two.
sokande as (
    select
        m.kommun_kod,
        m.stadsdel_kod,
        m.hushall_id,
        m.period,
        min(p.person_id) as person_id
    from sista_manad as m
    inner join {{ ref('stg_eb__person') }} as p on {{ lika('m', 'p', hushallsmanad) }} and p.roll_kod = 'sokande'
    inner join {{ ref('stg_huvudbok__i_kraft') }} as k
        on p.leverans_id = k.leverans_id and p.period = k.period and k.dataset = 'eb_person'
    group by m.kommun_kod, m.stadsdel_kod, m.hushall_id, m.period
),

sokandes_avslut as (
    select
        a.*,
        s.person_id,
        {{ ar_av('a.period') }} as ar,
        {{ manad_av('a.period') }} as manad
    from avslut as a
    inner join sokande as s on {{ lika('a', 's', hushallsmanad) }}
)

select
    s.*,
    i.kon_kod,
    i.fodelsear,
    concat(i.bistandsmanader, coalesce(n.bistandsmanader, '000000000000')) as tva_ar,
    substring(concat(i.bistandsmanader, coalesce(n.bistandsmanader, '000000000000')), s.manad + 1, 1) = '1'
        as har_bistand_efter
from sokandes_avslut as s
inner join {{ ref('fct_bistandsar') }} as i on {{ lika('s', 'i', ['kommun_kod', 'person_id', 'ar']) }}
left join {{ ref('fct_bistandsar') }} as n
    on {{ lika('s', 'n', ['kommun_kod', 'person_id']) }} and s.ar + 1 = n.ar

-- Grain: one avslut in force with the month with aid it belongs to and that month's sökande (R29): the latest month
-- with aid of its household, not after the month of its date. One without such a month, or in a household without a
-- sökande, has no row. tva_ar is the sökande's year of period and the year after, 24 digits; aid in the month after
-- says that nothing was closed (EB-11). sista_manad is that month and its sökande in one text, so that the households
-- are looked through once.
with avslut as (
    select
        a.kommun_kod,
        a.stadsdel_kod,
        a.hushall_id,
        a.period as rapport_period,
        a.avslut_datum,
        a.avslutsorsak_kod,
        a.leverans_id,
        max(concat(b.period, coalesce(cast(b.sokande_person_id as {{ dbt.type_string() }}), ''))) as sista_manad
    from {{ ref('fct_eb_avslut') }} as a
    inner join {{ ref('fct_bidragsmanad') }} as b
        on
            {{ lika('a', 'b', ['kommun_kod', 'stadsdel_kod', 'hushall_id']) }}
            and b.period <= substring(cast(a.avslut_datum as {{ dbt.type_string() }}), 1, 7)
    group by
        a.kommun_kod, a.stadsdel_kod, a.hushall_id, a.period, a.avslut_datum, a.avslutsorsak_kod, a.leverans_id
),

sokandes_avslut as (
    select
        kommun_kod,
        stadsdel_kod,
        hushall_id,
        rapport_period,
        avslut_datum,
        avslutsorsak_kod,
        leverans_id,
        substring(sista_manad, 1, 7) as period,
        {{ ar_av('sista_manad') }} as ar,
        {{ manad_av('sista_manad') }} as manad,
        cast(substring(sista_manad, 8) as bigint) as person_id
    from avslut
    where length(sista_manad) > 7
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

-- BU20. Grain: municipality x year x area and class x kön. Children whose utredning ended the year before with a
-- decision that gives an insats, and whose need in the area was assessed as 0-2: whether it is lower, the same or
-- higher in their latest uppföljning within twelve months, or not followed. The four classes of an area have the same
-- denominator. The areas are the twelve; those of the old edition are mapped. Who has a reservnummer is only in the
-- denominator of the follow-up.
with avslutad as (
    select
        *,
        row_number() over (
            partition by kommun_kod, ar, person_id
            order by utredning_slut_datum desc, utredning_id desc, stadsdel_kod desc
        ) as ordning
    from {{ ref('_utredning_barn') }}
    where
        {{ ar_for('utredning_slut_datum') }} = ar
        and beslut_kod in ('insats_sol_oppen', 'placering_sol', 'lvu')
        and ar + 1 - fodelsear between 0 and 20
),

start as (
    select
        kommun_kod,
        stadsdel_kod,
        ar as start_ar,
        ar + 1 as ar,
        utredning_id,
        person_id,
        kon_kod,
        id_typ_kod = 'reserv' as ar_reservnummer,
        utredning_slut_datum
    from avslutad
    where ordning = 1
),

uppfoljd as (
    select
        s.*,
        u.stadsdel_kod as nu_stadsdel_kod,
        u.ar as nu_ar,
        u.insats_id,
        u.uppfoljning_nr,
        row_number() over (
            partition by s.kommun_kod, s.ar, s.person_id
            order by u.uppfoljning_datum desc, u.uppfoljning_nr desc, u.insats_id desc, u.stadsdel_kod desc
        ) as ordning
    from start as s
    left join {{ ref('_uppfoljning_tva_ar') }} as u
        on
            s.kommun_kod = u.kommun_kod
            and s.person_id = u.person_id
            and s.ar = u.varde_ar
            and s.utredning_slut_datum < u.uppfoljning_datum
            and {{ manader_efter('s.utredning_slut_datum', 12) }} >= u.uppfoljning_datum
),

barn as (
    select *
    from uppfoljd
    where ordning = 1
),

ny_omrade as (
    select
        f.*,
        cast(f.behov_kod as integer) as behov
    from {{ ref('fct_bbic_omrade') }} as f
    inner join {{ ref('dim_bbic_omrade') }} as o on f.omrade_kod = o.omrade_kod and not o.ar_gammal_utgava
    where f.behov_kod <> '9'
),

forandring as (
    select
        b.kommun_kod,
        b.ar,
        b.person_id,
        b.kon_kod,
        fore.omrade_kod,
        {{ forandringsklass('fore.behov', 'nu.behov') }} as utfall
    from barn as b
    inner join ny_omrade as fore
        on
            b.kommun_kod = fore.kommun_kod
            and b.stadsdel_kod = fore.stadsdel_kod
            and b.start_ar = fore.ar
            and b.utredning_id = fore.utredning_id
    left join ny_omrade as nu
        on
            b.kommun_kod = nu.kommun_kod
            and b.nu_stadsdel_kod = nu.stadsdel_kod
            and b.nu_ar = nu.ar
            and b.insats_id = nu.insats_id
            and b.uppfoljning_nr = nu.uppfoljning_nr
            and fore.omrade_kod = nu.omrade_kod
    where not b.ar_reservnummer
),

klassad as (
    {{ per_klass('forandring', forandringsklasser()) }}
)

{{ andelsrader('klassad', 'klass = utfall', 'kon', uppdelning='bbic_forandring',
    kod="concat(omrade_kod, '_', klass)") }}
union all
{{ andelsrader('barn', 'uppfoljning_nr is not null and not ar_reservnummer', uppdelning='uppfoljning',
    kod="'uppfoljda'") }}

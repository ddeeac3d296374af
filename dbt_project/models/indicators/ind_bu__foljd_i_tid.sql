-- BU19. Grain: municipality x year, and by kind. Placements by local insats that go on, or ended, during the year, more
-- than 183 days after their start, of children of 0-20 years; over them, those without a day of delay in the year. The
-- clock starts with the insats and again with each planned uppföljning, övervägande or omprövning. Delay is from day
-- 184 to the next of them, or to the end.
with insats as (
    select
        kommun_kod,
        stadsdel_kod,
        ar,
        insats_id,
        person_id,
        insatstyp_kod,
        insats_start_datum,
        coalesce(insats_slut_datum, {{ arets_sista('ar') }}) as sista_datum
    from {{ ref('_insatsperiod_lokal') }}
    where insatstyp_kod in ('SOL', 'LVU_VARD', 'LVU_6') and ar - fodelsear between 0 and 20
),

lang as (
    select *
    from insats
    where {{ dagar_senare('insats_start_datum', 183) }} < sista_datum
),

klocka as (
    select
        kommun_kod,
        stadsdel_kod,
        ar,
        insats_id,
        insats_start_datum as datum,
        sista_datum
    from lang
    union all
    select
        l.kommun_kod,
        l.stadsdel_kod,
        l.ar,
        l.insats_id,
        u.uppfoljning_datum as datum,
        l.sista_datum
    from lang as l
    inner join {{ ref('_uppfoljning_tva_ar') }} as u
        on
            l.kommun_kod = u.kommun_kod
            and l.stadsdel_kod = u.stadsdel_kod
            and l.insats_id = u.insats_id
            and l.ar = u.varde_ar
            and u.uppfoljning_datum between l.insats_start_datum and l.sista_datum
    where u.uppfoljning_typ_kod in ('planerad', 'overvagande')
),

steg as (
    select
        *,
        coalesce(
            lead(datum) over (partition by kommun_kod, stadsdel_kod, ar, insats_id order by datum), sista_datum
        ) as nasta_datum
    from klocka
),

forsening as (
    select distinct
        kommun_kod,
        stadsdel_kod,
        ar,
        insats_id
    from steg
    where
        {{ dagar_senare('datum', 184) }} <= nasta_datum
        and nasta_datum >= {{ arets_forsta('ar') }}
),

bedomd as (
    select
        l.*,
        f.insats_id is null as ar_i_tid
    from lang as l
    left join forsening as f on {{ lika('l', 'f', ['kommun_kod', 'stadsdel_kod', 'ar', 'insats_id']) }}
)

{{ andelsrader('bedomd', 'ar_i_tid') }}
union all
{{ andelsrader('bedomd', 'ar_i_tid', uppdelning='insatstyp', kod='insatstyp_kod') }}

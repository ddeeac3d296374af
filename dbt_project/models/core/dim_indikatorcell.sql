-- Grain: one cell an indicator is shown by (uppdelning x kön x ålder): the list that makes the values dense.
-- The cells are rendered from the meta of the ind_ models; the names come from the code lists.
with cell as (
    select t.*
    from (values {{ indikatorcell_rader() }}) as t (
        indikator_id, version, uppdelning, uppdelning_kod, kon_kod, aldersgrupp_kod, har_namnare
    )
),

klass as (
    select t.*
    from (
        values
        ('bbic_forandring', 'forbattrat', 'förbättrat'),
        ('bbic_forandring', 'oforandrat', 'oförändrat'),
        ('bbic_forandring', 'forsamrat', 'försämrat'),
        ('bbic_forandring', 'ej_uppfoljt', 'ej uppföljt'),
        ('maluppfyllelse', 'helt', 'helt'),
        ('maluppfyllelse', 'delvis', 'delvis'),
        ('maluppfyllelse', 'ej', 'inte alls'),
        ('maluppfyllelse', 'ej_bedomd', 'ej bedömd')
    ) as t (uppdelning, klass, klass_text)
),

namn as (
    select
        'inrikes_utrikes' as uppdelning,
        fodd_utrikes_kod as kod,
        text
    from {{ ref('fodd_utrikes') }}
    union all
    select
        'forsorjningshinder' as uppdelning,
        forsorjningshindergrupp_kod as kod,
        text
    from {{ ref('forsorjningshindergrupp') }}
    union all
    select
        'hushallstyp' as uppdelning,
        hushallstyp_kod as kod,
        text
    from {{ ref('hushallstyp') }}
    union all
    select
        'avslutsorsak' as uppdelning,
        avslutsorsak_kod as kod,
        text
    from {{ ref('avslutsorsak') }}
    union all
    select
        case lista when 'insatstyp_bu' then 'insatstyp' else lista end as uppdelning,
        insats_kod as kod,
        text
    from {{ ref('dim_insats') }}
    union all
    select
        'placeringsform' as uppdelning,
        placeringsform_kod as kod,
        text
    from {{ ref('dim_placeringsform') }}
    union all
    select
        'uppfoljning' as uppdelning,
        'uppfoljda' as kod,
        'uppföljda' as text
    union all
    select
        'aktualisering_typ' as uppdelning,
        aktualisering_typ_kod as kod,
        text
    from {{ ref('aktualisering_typ') }}
    union all
    select
        'anledning' as uppdelning,
        anledning_kod as kod,
        text
    from {{ ref('anledning') }}
    union all
    select
        'forlangd' as uppdelning,
        ja_nej_kod as kod,
        text
    from {{ ref('ja_nej') }}
    union all
    select
        'malgrupp' as uppdelning,
        malgrupp_kod as kod,
        text
    from {{ ref('dim_malgrupp') }}
    union all
    select
        'metod' as uppdelning,
        metod_kod as kod,
        text
    from {{ ref('dim_metod') }}
    where metod_typ = 'insats'
    union all
    select
        'bbic_forandring' as uppdelning,
        concat(o.omrade_kod, '_', k.klass) as kod,
        concat(o.text, ': ', k.klass_text) as text
    from {{ ref('dim_bbic_omrade') }} as o
    cross join klass as k
    where k.uppdelning = 'bbic_forandring' and not o.ar_gammal_utgava
    union all
    select
        uppdelning,
        klass as kod,
        klass_text as text
    from klass
    where uppdelning = 'maluppfyllelse'
    union all
    select
        uppdelning,
        uppdelning_kod as kod,
        uppdelning_namn as text
    from {{ ref('_cellnamn_missbruk') }}
)

select
    c.indikator_id,
    cast(c.version as integer) as version,
    c.uppdelning,
    c.uppdelning_kod,
    c.kon_kod,
    c.aldersgrupp_kod,
    c.har_namnare,
    case
        when c.uppdelning_kod = 'T' then 'totalt'
        else coalesce(n.text, c.uppdelning_kod)
    end as uppdelning_namn,
    coalesce(k.text, 'totalt') as kon_namn
from cell as c
left join namn as n on c.uppdelning = n.uppdelning and c.uppdelning_kod = n.kod
left join {{ ref('kon') }} as k on c.kon_kod = k.kon_kod

-- Grain: one cell an indicator is shown by (uppdelning x kön x ålder): the list that makes the values dense.
-- The cells are rendered from the meta of the ind_ models; the names come from the code lists.
with cell as (
    select t.*
    from (values {{ indikatorcell_rader() }}) as t (
        indikator_id, version, uppdelning, uppdelning_kod, kon_kod, aldersgrupp_kod, har_namnare
    )
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

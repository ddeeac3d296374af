-- Grain: one cell an indicator is shown by (uppdelning x kön x ålder): the list that makes the values dense.
-- The cells are rendered from the meta of the ind_ models; the names are those of _cellnamn.
with cell as (
    select t.*
    from (values {{ indikatorcell_rader() }}) as t (
        indikator_id, version, uppdelning, uppdelning_kod, kon_kod, aldersgrupp_kod, har_namnare
    )
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
        else coalesce(n.uppdelning_namn, c.uppdelning_kod)
    end as uppdelning_namn,
    coalesce(k.text, 'totalt') as kon_namn
from cell as c
left join {{ ref('_cellnamn') }} as n on c.uppdelning = n.uppdelning and c.uppdelning_kod = n.uppdelning_kod
left join {{ ref('kon') }} as k on c.kon_kod = k.kon_kod

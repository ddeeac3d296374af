-- Grain: one aktualisering and year, in a delivery in force. Each row carries its child: the same rule for kön and year
-- of birth as where the children have rows of their own (R20). Days are counted from the day of reception, day 0.
select
    a.kommun_kod,
    a.stadsdel_kod,
    {{ ar_av('a.period') }} as ar,
    a.aktualisering_id,
    a.person_id,
    a.id_typ_kod,
    max(a.kon_kod) over (partition by a.person_id, a.period) as kon_kod,
    max(a.fodelsear) over (partition by a.person_id, a.period) as fodelsear,
    a.aktualisering_typ_kod,
    a.anmalartyp_kod,
    coalesce(a.orsak_kod, 'okand') as orsak_kod,
    a.mottagen_datum,
    a.beslut_datum,
    a.utfall_kod,
    cast({{ dbt.datediff('a.mottagen_datum', 'a.beslut_datum', 'day') }} as integer) as dagar_till_beslut,
    {{ dbt.datediff('a.mottagen_datum', 'a.beslut_datum', 'day') }} <= 14 as ar_inom_14_dagar,
    a.leverans_id
from {{ ref('stg_aktualisering__aktualisering') }} as a
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on a.leverans_id = k.leverans_id and a.period = k.period and k.dataset = 'aktualisering'

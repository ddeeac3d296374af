-- Grain: one person and year of a value (ar): who had a Grund from 1 July two years before to 30 June of the year
-- before, the first of them, 18 years old or more. Who has a reservnummer (ar_foljbar is false) is never followed: no
-- Uppföljning and no reason, and stands only in the denominator of the follow-up.
with ordnad as (
    select
        *,
        row_number() over (
            partition by kommun_kod, ar, person_id
            order by grund_datum, intervju_id, stadsdel_kod
        ) as ordning
    from {{ ref('_asi_foljd') }}
    where grund_datum >= cast(concat(ar - 2, '-07-01') as date) and ar - fodelsear >= 18
)

select
    kommun_kod,
    ar,
    person_id,
    id_typ_kod,
    kon_kod,
    fodelsear,
    {{ kan_foljas('id_typ_kod') }} as ar_foljbar,
    stadsdel_kod,
    intervju_id,
    grund_datum,
    uppfoljning_id,
    uppfoljning_datum,
    skal_kod,
    dagar_alkohol_grund,
    dagar_alkohol_uppfoljning,
    dagar_narkotika_grund,
    dagar_narkotika_uppfoljning
from ordnad
where ordning = 1

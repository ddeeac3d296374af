-- Grain: one Grund (kommun x stadsdel x intervju_id) and year of a value (ar) by the end of which its eighteen months
-- are over, from that year's delivery and the two before; a key that stands in several has the row of the latest. With
-- the person's Uppföljning 3-18 months after, the nearest to twelve; where there is none, why (skal_kod). The person is
-- followed, whichever Grund the Uppföljning names, but never on a reservnummer.
with intervju as (
    {{ i_fonster(ref('fct_asi_intervju'), ['intervju_id'], 3) }}
),

grund as (
    select
        *,
        {{ manader_efter('intervju_datum', 3) }} as fran_datum,
        {{ manader_efter('intervju_datum', 12) }} as mitt_datum,
        {{ manader_efter('intervju_datum', 18) }} as till_datum
    from intervju
    where asi_typ_kod = 'grund' and intervju_datum <= cast(concat(varde_ar - 1, '-06-30') as date)
),

uppfoljning as (
    select
        g.kommun_kod,
        g.varde_ar,
        g.stadsdel_kod,
        g.intervju_id,
        u.stadsdel_kod as uppfoljning_stadsdel_kod,
        u.intervju_id as uppfoljning_id,
        u.intervju_datum as uppfoljning_datum,
        u.dagar_alkohol_30,
        u.dagar_narkotika_30,
        row_number() over (
            partition by g.kommun_kod, g.varde_ar, g.stadsdel_kod, g.intervju_id
            order by
                abs({{ dbt.datediff('g.mitt_datum', 'u.intervju_datum', 'day') }}) asc,
                u.intervju_datum desc, u.intervju_id desc, u.stadsdel_kod desc
        ) as ordning
    from grund as g
    inner join intervju as u
        on
            {{ lika('g', 'u', ['kommun_kod', 'varde_ar', 'person_id']) }}
            and u.asi_typ_kod = 'uppfoljning'
            and u.intervju_datum between g.fran_datum and g.till_datum
),

bortfall as (
    select
        g.kommun_kod,
        g.varde_ar,
        g.stadsdel_kod,
        g.intervju_id,
        b.bortfall_kod,
        row_number() over (
            partition by g.kommun_kod, g.varde_ar, g.stadsdel_kod, g.intervju_id
            order by
                case when b.bortfall_kod = 'avliden' then 1 else 2 end asc,
                b.intervju_datum desc, b.intervju_id desc, b.stadsdel_kod desc
        ) as ordning
    from grund as g
    inner join intervju as b
        on
            {{ lika('g', 'b', ['kommun_kod', 'varde_ar', 'person_id']) }}
            and b.asi_typ_kod = 'ej_genomford'
            and g.intervju_datum < b.intervju_datum
            and g.till_datum >= b.intervju_datum
)

{% set grunden = ['kommun_kod', 'varde_ar', 'stadsdel_kod', 'intervju_id'] %}
select
    g.kommun_kod,
    g.varde_ar as ar,
    g.stadsdel_kod,
    g.intervju_id,
    g.person_id,
    g.id_typ_kod,
    g.kon_kod,
    g.fodelsear,
    g.intervju_datum as grund_datum,
    u.uppfoljning_stadsdel_kod,
    u.uppfoljning_id,
    u.uppfoljning_datum,
    case
        when {{ kan_foljas('g.id_typ_kod') }} and u.uppfoljning_id is null then coalesce(b.bortfall_kod, 'okant')
    end as skal_kod,
    g.dagar_alkohol_30 as dagar_alkohol_grund,
    u.dagar_alkohol_30 as dagar_alkohol_uppfoljning,
    g.dagar_narkotika_30 as dagar_narkotika_grund,
    u.dagar_narkotika_30 as dagar_narkotika_uppfoljning
from grund as g
left join uppfoljning as u
    on {{ lika('g', 'u', grunden) }} and u.ordning = 1 and {{ kan_foljas('g.id_typ_kod') }}
left join bortfall as b on {{ lika('g', 'b', grunden) }} and b.ordning = 1

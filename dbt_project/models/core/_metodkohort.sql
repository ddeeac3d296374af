-- Grain: one person, method and year of a value (ar): the first insats of misuse with the method that started from
-- 2 May two years before to 1 May of the year before, by the latest row of each insats in the deliveries of the three
-- years. With the Grund nearest to its start, at most sixty days from it, and what came of it (klass_kod, empty for a
-- reservnummer, which is never followed).
with fonster as (
    {{ i_fonster(ref('_insatsperiod_missbruk'), ['insats_id'], 3) }}
),

paborjad as (
    select
        *,
        row_number() over (
            partition by kommun_kod, varde_ar, person_id, metod_kod
            order by insats_start_datum, insats_id, stadsdel_kod
        ) as nummer
    from fonster
    where
        {{ galler_eget_missbruk('malgrupp_kod') }}
        and insats_start_datum >= cast(concat(varde_ar - 2, '-05-02') as date)
        and insats_start_datum <= cast(concat(varde_ar - 1, '-05-01') as date)
        and varde_ar - fodelsear >= 18
),

med_grund as (
    select
        p.kommun_kod,
        p.varde_ar,
        p.person_id,
        p.id_typ_kod,
        p.kon_kod,
        p.fodelsear,
        p.metod_kod,
        p.malgrupp_kod,
        p.insats_start_datum,
        g.stadsdel_kod,
        g.intervju_id,
        g.grund_datum,
        g.uppfoljning_id,
        g.uppfoljning_datum,
        g.skal_kod,
        row_number() over (
            partition by p.kommun_kod, p.varde_ar, p.person_id, p.metod_kod
            order by
                abs({{ dbt.datediff('p.insats_start_datum', 'g.grund_datum', 'day') }}),
                g.grund_datum, g.intervju_id, g.stadsdel_kod
        ) as narmast
    from paborjad as p
    left join {{ ref('_asi_foljd') }} as g
        on
            p.kommun_kod = g.kommun_kod
            and p.varde_ar = g.ar
            and p.person_id = g.person_id
            and {{ kan_foljas('p.id_typ_kod') }}
            and {{ dagar_senare('p.insats_start_datum', '-' ~ grund_dagar()) }} <= g.grund_datum
            and {{ dagar_senare('p.insats_start_datum', grund_dagar()) }} >= g.grund_datum
    where p.nummer = 1
)

select
    k.kommun_kod,
    k.varde_ar as ar,
    k.person_id,
    k.metod_kod,
    k.id_typ_kod,
    k.kon_kod,
    k.fodelsear,
    {{ kan_foljas('k.id_typ_kod') }} as ar_foljbar,
    k.malgrupp_kod,
    case when m.evidensniva >= 2 then 'E2' when m.evidensniva = 0 then 'E0' else 'E1' end as evidensklass_kod,
    k.insats_start_datum,
    k.stadsdel_kod,
    k.intervju_id,
    k.grund_datum,
    k.uppfoljning_id,
    k.uppfoljning_datum,
    case
        when not {{ kan_foljas('k.id_typ_kod') }} then null
        when k.intervju_id is null then 'ingen_grund'
        when k.uppfoljning_id is not null then 'uppfoljd'
        else k.skal_kod
    end as klass_kod
from med_grund as k
inner join {{ ref('dim_metod') }} as m on k.metod_kod = m.metod_kod
where k.narmast = 1

-- The protection holds on what is published: no count of 1-4 persons, households, months or spells, no share of few,
-- nothing under ten of what is sensitive, and a hidden row shows no value. Nothing that should be protected stands as
-- a lost number or as the true one out of habit: where a count is reported it is shown, and the value is that of the
-- shown parts.
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_indikatorvarde'}},
    'betydelse': 'Inget publicerat tal är ett antal mellan 1 och 4, och en dold rad visar inget värde.',
    'gor_sa_har': 'Ge inte ut något. Rätta skyddet i pub_indikatorvarde.',
}) }}
select p.*
from {{ ref('pub_indikatorvarde') }} as p
inner join {{ ref('dim_indikator') }} as i on p.indikator_id = i.indikator_id and p.version = i.version
where
    i.ar_personuppgift
    and (
        (i.taljare_slag <> 'kronor' and p.taljare between 0.01 and {{ skydd('hogsta_som_aldrig_visas') }})
        or p.namnare between 0.01 and {{ skydd('hogsta_som_aldrig_visas') }}
        or (
            p.varde is not null
            and p.namnare < {{ skydd('minsta_namnare') }} * {{ enheter_per_post('i.namnare_slag', 'p.period') }}
        )
        or (p.ar_skyddad and coalesce(p.varde, p.ki_nedre, p.ki_ovre) is not null)
        or (
            p.status in ('rapporterad', 'osaker', 'namnare_saknas')
            and i.taljare_slag <> 'kronor'
            and i.matt <> 'median'
            and coalesce(p.skydd_orsak, '') <> 'kansligt'
            and p.taljare is null
        )
        or (i.ar_kanslig and {{ ar_kansligt_antal('p.taljare', 'p.uppdelning_kod') }})
        or (p.skydd_orsak = 'kansligt' and p.taljare is not null)
        or (i.matt = 'median' and (p.taljare is not null or p.varde % {{ skydd('avrundning_median') }} <> 0))
        or (i.taljare_slag = 'kronor' and p.taljare % {{ skydd('avrundning_belopp_kr') }} <> 0)
        or abs(p.varde - least(case when i.matt = 'andel' then 1 end, p.taljare / p.namnare)) > 1e-9
    )

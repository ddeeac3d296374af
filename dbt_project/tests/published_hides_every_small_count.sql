-- The protection holds on what is published: no count of 1-4 persons, households, months or spells, no share of few,
-- nothing under ten of what is sensitive, and a hidden row shows no value. Nothing that should be protected stands as
-- a lost number or as the true one out of habit: where a count is reported it is shown, and the value is that of the
-- shown parts.
{{ config(meta={
    'dagster': {'ref': {'name': 'pub_indikatorvarde'}},
    'betydelse': 'Inget publicerat tal är ett antal mellan 1 och 4, och en dold rad visar inget värde.',
    'gor_sa_har': 'Ge inte ut något. Rätta skyddet i indicators: _skyddscell, _urvalsgrans eller _visat.',
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
            and p.namnare < {{ minsta_visade_namnare('p.matt', 'i.namnare_slag', 'p.period') }}
        )
        or (p.ar_skyddad and coalesce(p.varde, p.ki_nedre, p.ki_ovre) is not null)
        or (
            p.status in ('rapporterad', 'osaker', 'namnare_saknas')
            and i.taljare_slag <> 'kronor'
            and p.matt not in ('median', 'medel')
            and coalesce(p.skydd_orsak, '') not in ('kansligt', 'liten_summa')
            and p.taljare is null
            and p.varde_status <> 'namnare_noll'
        )
        or (
            i.ar_kanslig
            and {{ ar_kansligt_antal(
                'p.taljare', 'p.namnare', 'p.uppdelning_kod', 'p.matt', 'i.namnare_slag', 'p.period'
            ) }}
        )
        or {{ ar_liten_summa('p.taljare', 'i.taljare_slag', 'p.period') }}
        or {{ ar_liten_summa('p.namnare', 'i.namnare_slag', 'p.period') }}
        or (p.namnare = 0 and p.taljare is not null and i.namnare_slag not in ('befolkning', 'leverans'))
        or (p.skydd_orsak in ('kansligt', 'liten_summa') and p.taljare is not null)
        or {{ ar_fa_handelser(
            "i.kommun_bara_pool and p.status <> 'ej_rapporterad' and coalesce(p.taljare, p.varde, "
            ~ "case when i.namnare_slag <> 'befolkning' then p.namnare end) is not null",
            'i.namnare_slag', 'p.taljare', 'p.namnare', 'p.geo_typ', 'p.antal_kommuner_med'
        ) }}
        or (p.matt = 'medel' and p.taljare is not null)
        or (i.matt = 'median' and (p.taljare is not null or p.varde % {{ skydd('avrundning_median') }} <> 0))
        or (i.taljare_slag = 'kronor' and p.taljare % {{ skydd('avrundning_belopp_kr') }} <> 0)
        or abs(p.varde - least(case when p.matt = 'andel' then 1 end, p.taljare / p.namnare)) > 1e-9
    )

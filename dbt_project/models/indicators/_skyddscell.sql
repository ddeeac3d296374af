-- Grain: as _geocell: what may be shown of each cell, by the cell-key method (macros/skydd.sql). Numerator and
-- denominator are moved by the p-table's shift for their own size and sum of keys; rates, intervals and the
-- estimate's part are made of the moved numbers, so nothing true is left in them. Kronor are moved as much as the
-- number of households behind would be, and rounded. A sensitive indicator shows no count under ten, nor that all of a
-- few have what it is about; a sum of months or days is shown from ten records' worth. A median is rounded, and what it
-- is the median of is not summed. A mean is of a sum that is moved, and the sum is never shown.
-- Of a kommun with three years together only, fewer than ten events are hidden everywhere, and the year of it alone.
{% set nyckel = ['indikator_id', 'version', 'geo_typ', 'geo_kod', 'period'] + cellnyckel() %}
with cell as (
    select
        g.*,
        {{ cellens_matt('i.matt', 'g.uppdelning') }} as matt,
        i.medel_skala,
        i.kommun_bara_pool,
        i.ar_personuppgift,
        i.taljare_slag,
        i.namnare_slag,
        i.ar_kanslig,
        case
            when i.taljare_slag = 'kronor' then g.antal_bakom
            when {{ cellens_matt('i.matt', 'g.uppdelning') }} = 'medel' then cast(g.namnare as bigint)
            else {{ minsta_antal_poster('g.taljare', enheter_per_post('i.taljare_slag', 'g.period')) }}
        end as taljare_poster,
        {{ minsta_antal_poster('g.namnare', enheter_per_post('i.namnare_slag', 'g.period')) }} as namnare_poster,
        {{ minsta_antal_poster('g.skattad_namnare', enheter_per_post('i.namnare_slag', 'g.period')) }}
            as skattad_poster
    from {{ ref('_geocell') }} as g
    inner join {{ ref('dim_indikator') }} as i on g.indikator_id = i.indikator_id and g.version = i.version
),

flyttad as (
    select
        c.*,
        t.storning as taljare_storning,
        {{ skyddat_antal('c.taljare', 'c.taljare_poster', 't.storning', 'c.taljare_slag') }} as skyddad_taljare,
        {{ skyddat_antal('c.namnare', 'c.namnare_poster', 'n.storning', 'c.namnare_slag') }} as skyddad_namnare,
        {{ skyddat_antal('c.skattad_namnare', 'c.skattad_poster', 's.storning', 'c.namnare_slag') }}
            as skyddad_skattning
    from cell as c
    left join {{ ref('dim_cellnyckel') }} as t on {{ slas_upp('t', 'c.taljare_poster', 'c.taljare_nyckel') }}
    left join {{ ref('dim_cellnyckel') }} as n on {{ slas_upp('n', 'c.namnare_poster', 'c.namnare_nyckel') }}
    left join {{ ref('dim_cellnyckel') }} as s on {{ slas_upp('s', 'c.skattad_poster', 'c.skattad_namnare_nyckel') }}
),

provad as (
    select
        *,
        coalesce({{ ar_fa_handelser(
            'kommun_bara_pool', 'namnare_slag', 'skyddad_taljare', 'skyddad_namnare', 'geo_typ', 'antal_kommuner_med'
        ) }}, false) as ar_fa_handelser,
        coalesce({{ ar_liten_summa('skyddad_taljare', 'taljare_slag', 'period') }}, false) as ar_liten_taljare,
        coalesce({{ ar_liten_summa('skyddad_namnare', 'namnare_slag', 'period') }}, false) as ar_liten_namnare,
        coalesce({{ ar_liten_summa('skyddad_skattning', 'namnare_slag', 'period') }}, false) as ar_liten_skattning
    from flyttad
),

bedomd as (
    select
        *,
        case
            when not ar_personuppgift or not ar_rapporterad or ar_undertryckt_kvalitet then null
            when taljare_slag = 'kronor' and taljare = 0 then null
            when
                taljare_slag = 'kronor'
                and least(taljare_poster, taljare_poster + taljare_storning)
                < {{ skydd('minsta_antal_hushall_belopp') }}
                then 'fa_hushall'
            when
                taljare_slag = 'kronor' and storsta_bakom > {{ skydd('storsta_hushalls_andel_av_belopp') }} * taljare
                then 'ett_hushall_dominerar'
            when ar_fa_handelser then 'kansligt'
            when
                ar_kanslig
                and {{ ar_kansligt_antal(
                    'skyddad_taljare', 'skyddad_namnare', 'uppdelning_kod', 'matt', 'namnare_slag', 'period'
                ) }}
                then 'kansligt'
            when ar_liten_taljare then 'liten_summa'
            when
                skyddad_namnare > 0
                and skyddad_namnare < {{ minsta_visade_namnare('matt', 'namnare_slag', 'period') }}
                then 'litet_underlag'
        end as skydd_orsak
    from provad
),

delar as (
    select
        *,
        case
            when ar_undertryckt_kvalitet or matt in ('median', 'medel') then null
            when skydd_orsak in ('fa_hushall', 'ett_hushall_dominerar', 'kansligt', 'liten_summa') then null
            when skyddad_namnare = 0 and namnare_slag not in ('befolkning', 'leverans') then null
            when taljare_slag = 'kronor' then {{ hela_kronor('skyddad_taljare') }}
            else skyddad_taljare
        end as visad_taljare,
        case
            when ar_undertryckt_kvalitet or ar_liten_namnare then null
            when ar_fa_handelser and namnare_slag <> 'befolkning' then null
            else skyddad_namnare
        end as visad_namnare
    from bedomd
),

kvot as (
    select
        *,
        case
            when skydd_orsak is not null or coalesce(visad_namnare, 0) = 0 then null
            when matt = 'median' then {{ avrundad_median('median') }}
            when matt = 'medel'
                then {{ skyddat_medel('taljare', 'namnare', 'taljare_storning', 'medel_skala') }}
            when visad_taljare is null then null
            when matt = 'andel' then least(1.0e0, cast(visad_taljare as double) / cast(visad_namnare as double))
            else cast(visad_taljare as double) / cast(visad_namnare as double)
        end as visat_varde
    from delar
),

intervall as (
    select
        *,
        {{ har_intervall('matt', 'namnare_slag') }} and visat_varde is not null as har_intervall,
        case
            when matt = 'medel' and visat_varde is not null
                then {{ medel_halva('spridning', 'visad_namnare', 'medel_skala') }}
        end as halva
    from kvot
)

select
    {{ nyckel | join(',\n    ') }},
    skydd_orsak,
    cast(visad_taljare as decimal(18, 2)) as taljare,
    cast(visad_namnare as decimal(18, 2)) as namnare,
    visat_varde as varde,
    case
        when har_intervall then {{ wilson('visat_varde', 'visad_namnare', '-') }}
        else floor(10 * (visat_varde - halva)) / 10.0e0
    end as ki_nedre,
    case
        when har_intervall then {{ wilson('visat_varde', 'visad_namnare', '+') }}
        else cast(ceil(10 * (visat_varde + halva)) as bigint) / 10.0e0
    end as ki_ovre,
    case
        when ar_fa_handelser or ar_liten_skattning then null
        when visad_namnare > 0 and skyddad_skattning is not null
            then least(1.0e0, cast(skyddad_skattning as double) / cast(visad_namnare as double))
    end as imputerad_andel
from intervall

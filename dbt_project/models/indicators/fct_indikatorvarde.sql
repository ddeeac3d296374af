-- Grain: indicator x version x geography x period x cell: the value of every indicator, with coverage and imputed
-- share. Unprotected, for tests and for the protection that follows. The value is a fraction or a ratio, unrounded,
-- or a median; it is NULL without a denominator, and an uncertain one keeps its numbers. The interval is Wilson 95 %
-- for shares but of days, the normal one of the sample's spread for means (none of one alone), NULL for others.
with kvot as (
    select
        g.*,
        {{ cellens_matt('i.matt', 'g.uppdelning') }} as matt,
        i.namnare_slag,
        case
            when g.ar_undertryckt_kvalitet then null
            when i.matt = 'median' then g.median
            when g.namnare > 0 then cast(g.taljare as double) / cast(g.namnare as double)
        end as varde
    from {{ ref('_geocell') }} as g
    inner join {{ ref('dim_indikator') }} as i on g.indikator_id = i.indikator_id and g.version = i.version
),

intervall as (
    select
        *,
        {{ har_intervall('matt', 'namnare_slag') }} and varde is not null as har_intervall,
        case when matt = 'medel' then 1.96e0 * spridning / sqrt(cast(namnare as double)) end as halva
    from kvot
)

select
    indikator_id,
    version,
    geo_typ,
    geo_kod,
    period,
    kon_kod,
    aldersgrupp_kod,
    uppdelning,
    uppdelning_kod,
    taljare,
    namnare,
    varde,
    case when har_intervall then {{ wilson('varde', 'namnare', '-') }} else varde - halva end as ki_nedre,
    case when har_intervall then {{ wilson('varde', 'namnare', '+') }} else varde + halva end as ki_ovre,
    antal_kommuner_med,
    antal_kommuner_forvantade,
    tackning_befolkning,
    case
        when namnare > 0 then cast(skattad_namnare as double) / cast(namnare as double)
    end as imputerad_andel,
    case
        when not ar_rapporterad and saknar_avtal then 'avtal_saknas'
        when not ar_rapporterad then 'ej_rapporterad'
        when not har_namnare then 'namnare_saknas'
        when ar_undertryckt_kvalitet then 'undertryckt_kvalitet'
        when ar_osaker then 'osaker'
        else 'rapporterad'
    end as status
from intervall

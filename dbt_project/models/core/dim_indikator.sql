-- Grain: one indicator and version. The rows are rendered from the meta of the ind_ models: nothing is
-- written here.
with rad as (
    select t.*
    from (values {{ indikator_rader() }}) as t (
        indikator_id, version, indikator_modell, namn, omrade, definition, taljare_text, namnare_text, typ,
        matt, enhet, polaritet, har_kommunniva, har_kommungruppsniva, har_rssniva, har_lansniva, har_riksniva,
        har_arsperiod, har_manadsperiod, har_pool, fonster_ar, skattas, ar_personuppgift, taljare_slag, namnare_slag,
        antal_datamangder, kallor, additiv_over, extern_id, ar_kanslig, rangordning,
        kommun_bara_pool, forsta_ar, medel_skala
    )
)

select
    indikator_id,
    cast(version as integer) as version,
    indikator_modell,
    namn,
    omrade,
    definition,
    taljare_text,
    namnare_text,
    typ,
    matt,
    enhet,
    polaritet,
    har_kommunniva,
    har_kommungruppsniva,
    har_rssniva,
    har_lansniva,
    har_riksniva,
    har_arsperiod,
    har_manadsperiod,
    har_pool,
    cast(fonster_ar as integer) as fonster_ar,
    skattas,
    ar_personuppgift,
    taljare_slag,
    namnare_slag,
    cast(antal_datamangder as integer) as antal_datamangder,
    kallor,
    additiv_over,
    cast(extern_id as {{ dbt.type_string() }}) as extern_id,
    ar_kanslig,
    cast(rangordning as {{ dbt.type_string() }}) as rangordning,
    kommun_bara_pool,
    cast(forsta_ar as integer) as forsta_ar,
    cast(medel_skala as integer) as medel_skala
from rad

-- Grain: one loaded utredning per delivery, superseded deliveries included. One to one with landing: names and types
-- only, but that what ended after the year goes on still.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(utredning_id as {{ dbt.type_string() }}) as utredning_id,
    cast(barn_id as {{ dbt.type_string() }}) as barn_id,
    cast(bbic_version_kod as {{ dbt.type_string() }}) as bbic_version_kod,
    cast(malgrupp_kod as {{ dbt.type_string() }}) as malgrupp_kod,
    cast(aktualisering_typ_kod as {{ dbt.type_string() }}) as aktualisering_typ_kod,
    cast(aktualisering_datum as date) as aktualisering_datum,
    cast(utredning_start_datum as date) as utredning_start_datum,
    cast({{ kant_vid_arets_slut('utredning_slut_datum', 'utredning_slut_datum') }} as date) as utredning_slut_datum,
    cast(forlangd_utredning as {{ dbt.type_string() }}) as forlangd_utredning,
    cast(anledning_huvud_kod as {{ dbt.type_string() }}) as anledning_huvud_kod,
    cast(kand_sedan_tidigare_kod as {{ dbt.type_string() }}) as kand_sedan_tidigare_kod,
    cast(antal_barnsamtal as integer) as antal_barnsamtal,
    cast(info_fran_annan_profession as {{ dbt.type_string() }}) as info_fran_annan_profession,
    cast(instrument_kod as {{ dbt.type_string() }}) as instrument_kod,
    {%- for omrade in bbic_omraden() %}
    cast(behov_{{ omrade }} as {{ dbt.type_string() }}) as behov_{{ omrade }},
    {%- endfor %}
    cast(riskfaktorer_antal as integer) as riskfaktorer_antal,
    cast(skyddsfaktorer_antal as integer) as skyddsfaktorer_antal,
    cast(samtycke_vh_kod as {{ dbt.type_string() }}) as samtycke_vh_kod,
    cast(barnets_installning_kod as {{ dbt.type_string() }}) as barnets_installning_kod,
    cast({{ kant_vid_arets_slut('beslut_kod', 'utredning_slut_datum') }} as {{ dbt.type_string() }}) as beslut_kod,
    cast(metod_kod as {{ dbt.type_string() }}) as metod_kod,
    cast(barn_deltagit as {{ dbt.type_string() }}) as barn_deltagit
from {{ parquet('landing', 'bbic_sammanfattning') }}

-- Grain: one loaded uppföljning per delivery, insats and number, superseded deliveries included. One to one with
-- landing: names and types only.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(insats_id as {{ dbt.type_string() }}) as insats_id,
    cast(barn_id as {{ dbt.type_string() }}) as barn_id,
    cast(uppfoljning_nr as integer) as uppfoljning_nr,
    cast(uppfoljning_datum as date) as uppfoljning_datum,
    cast(uppfoljning_typ_kod as {{ dbt.type_string() }}) as uppfoljning_typ_kod,
    cast(bbic_version_kod as {{ dbt.type_string() }}) as bbic_version_kod,
    cast(mal_antal as integer) as mal_antal,
    cast(mal_uppfyllda as integer) as mal_uppfyllda,
    cast(mal_delvis as integer) as mal_delvis,
    {%- for omrade in bbic_omraden() %}
    cast(behov_{{ omrade }}_nu as {{ dbt.type_string() }}) as behov_{{ omrade }}_nu,
    {%- endfor %}
    cast(skolgang_kod as {{ dbt.type_string() }}) as skolgang_kod,
    cast(umgange_kod as {{ dbt.type_string() }}) as umgange_kod,
    cast(halsoundersokning_gjord as {{ dbt.type_string() }}) as halsoundersokning_gjord,
    cast(tandvard_gjord as {{ dbt.type_string() }}) as tandvard_gjord,
    cast(barnsamtal_gjort as {{ dbt.type_string() }}) as barnsamtal_gjort,
    cast(placeringsbesok_gjort as {{ dbt.type_string() }}) as placeringsbesok_gjort,
    cast(nasta_uppfoljning_datum as date) as nasta_uppfoljning_datum
from {{ parquet('landing', 'bbic_uppfoljning') }}

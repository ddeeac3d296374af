-- Grain: one loaded count of children with open care per delivery, type, kön and age group, superseded deliveries
-- included. One to one with landing: names and types only.
select
    cast(leverans_id as {{ dbt.type_string() }}) as leverans_id,
    cast(rad_nr as integer) as rad_nr,
    cast(kommun_kod as {{ dbt.type_string() }}) as kommun_kod,
    coalesce(cast(stadsdel_kod as {{ dbt.type_string() }}), '') as stadsdel_kod,
    cast(period as {{ dbt.type_string() }}) as period,
    cast(oppenvard_kod as {{ dbt.type_string() }}) as oppenvard_kod,
    cast(kon_kod as {{ dbt.type_string() }}) as kon_kod,
    cast(aldersgrupp_kod as {{ dbt.type_string() }}) as aldersgrupp_kod,
    cast(antal as integer) as antal
from {{ parquet('landing', 'bu_oppenvard_mangd') }}

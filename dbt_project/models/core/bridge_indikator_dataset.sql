-- Grain: one dataset an indicator needs. An indicator with no row here always counts and is never imputed.
-- A dataset that is sent by agreement only says for which purpose. The rows are rendered from the meta of the ind_
-- models and the contracts.
select
    t.indikator_id,
    cast(t.version as integer) as version,
    t.dataset,
    cast(t.avtal_andamal_kod as {{ dbt.type_string() }}) as avtal_andamal_kod
from (values {{ indikator_dataset_rader() }}) as t (indikator_id, version, dataset, avtal_andamal_kod)

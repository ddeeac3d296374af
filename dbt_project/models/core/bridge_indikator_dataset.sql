-- Grain: one dataset an indicator needs. An indicator with no row here always counts and is never imputed.
-- The rows are rendered from the meta of the ind_ models.
select
    indikator_id,
    cast(version as integer) as version,
    dataset
from (values {{ indikator_dataset_rader() }}) as t (indikator_id, version, dataset)

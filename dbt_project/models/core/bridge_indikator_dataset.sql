-- Grain: one dataset an indicator needs. An indicator with no row here always counts and is never imputed.
-- The rows are rendered from the meta of the ind_ models.
select
    t.indikator_id,
    cast(t.version as integer) as version,
    t.dataset
from (values {{ indikator_dataset_rader() }}) as t (indikator_id, version, dataset)

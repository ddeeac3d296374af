-- Grain: one application for care under LVM and year, in a delivery in force. Never joined to who was taken into care
-- or discharged: the three come from different systems.
with ansokan as (
    {{ personrader(ref('stg_lvm__ansokan'), 'lvm_ansokan', [
        'ansokan_id', 'ansokan_datum', 'indikation_fys_psyk', 'indikation_liv', 'indikation_skada', 'medel_alkohol',
        'medel_narkotika', 'medel_losningsmedel'
    ]) }}
)

select
    *,
    'LVM_11' as lagrum_kod
from ansokan

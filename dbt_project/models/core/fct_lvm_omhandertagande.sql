-- Grain: one immediate taking into care under LVM and year, in a delivery in force. Never joined to applications or
-- discharges: the three come from different systems.
with omhandertagande as (
    {{ personrader(ref('stg_lvm__omhandertagande'), 'lvm_omhandertagande', [
        'omhandertagande_id', 'omhandertagande_datum'
    ]) }}
)

select
    *,
    'LVM_13' as lagrum_kod
from omhandertagande

-- Grain: one discharge from care under LVM and year, in a delivery in force. Never joined to applications or who was
-- taken into care: the three come from different systems. The day of admission is the discharge's own.
with utskrivning as (
    {{ personrader(ref('stg_lvm__utskrivning'), 'lvm_utskrivning', [
        'utskrivning_id', 'inskrivning_datum', 'utskrivning_datum', 'boende_efter_kod'
    ]) }}
)

select
    *,
    cast({{ dbt.datediff('inskrivning_datum', 'utskrivning_datum', 'day') }} as integer) as vardtid_dagar,
    'LVM_4' as lagrum_kod
from utskrivning

-- Grain: one measurement of individual follow-up (klient_id x insats_id x matt x tillfälle x day) and year, in a
-- delivery in force. insats_id is the tool's own and never that of missbruk.
with matning as (
    {{ personrader(ref('stg_isu__uppfoljning'), 'isu_uppfoljning', [
        'klient_id', 'insats_id', 'malgrupp_kod', 'metod_kod', 'uppfoljningsmodell_kod', 'matt_kod', 'tillfalle_kod',
        'matt_datum', 'matt_varde'
    ]) }}
)

select
    kommun_kod,
    stadsdel_kod,
    ar,
    leverans_id,
    klient_id,
    insats_id,
    person_id,
    id_typ_kod,
    kon_kod,
    fodelsear,
    matt_datum as uppfoljning_datum,
    malgrupp_kod,
    coalesce(metod_kod, 'okand') as metod_kod,
    uppfoljningsmodell_kod,
    matt_kod,
    tillfalle_kod,
    matt_varde
from matning

-- A delivery says how things stood on the 31 December of its year: an end later than that is open, without a reason.
{{ config(meta={
    'dagster': {'ref': {'name': 'stg_bu__placering'}},
    'betydelse': 'En leverans säger läget den 31 december: det som hänt senare läses som tomt.',
    'gor_sa_har': 'Rätta makrot kant_vid_arets_slut eller den staging-modell som inte använder det.',
}) }}
select
    leverans_id,
    rad_nr
from {{ ref('stg_bu__placering') }}
where
    placering_slut_datum > {{ arets_sista('period') }}
    or (placering_slut_datum is null and placering_avslut_orsak_kod is not null)
union all
select
    leverans_id,
    rad_nr
from {{ ref('stg_bu__insats') }}
where insats_slut_datum > {{ arets_sista('period') }} or beslut_datum > {{ arets_sista('period') }}

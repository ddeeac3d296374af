-- Grain: one insats of missbruk (kommun x stadsdel x insats_id) and year that counts in the year: what ended before it
-- is read but does not (MIS-03).
select *
from {{ ref('_missbruk_insats') }}
where {{ pagar_under('insats_slut_datum', 'ar') }}

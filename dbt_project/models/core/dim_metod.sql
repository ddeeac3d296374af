-- Grain: one method: an instrument for assessment, or a way to work in an insats. No source has been read for the
-- evidence of any, so that the level is 0, unknown.
select
    instrument_kod as metod_kod,
    text,
    'bedomning' as metod_typ,
    cast(0 as integer) as evidensniva,
    ar_bekraftad
from {{ ref('instrument') }}
union all
select
    metod_kod,
    text,
    'insats' as metod_typ,
    cast(0 as integer) as evidensniva,
    ar_bekraftad
from {{ ref('metod') }}

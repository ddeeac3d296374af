-- Grain: one method: an instrument for assessment, or a way to work in an insats. A code of both lists of methods is
-- one method. The level of evidence is 0, unknown, until a source has been read for it (metod_evidens). ASI has a
-- delivery of its own, and so is in no list of instruments.
with metod as (
    select
        instrument_kod as metod_kod,
        text,
        'bedomning' as metod_typ,
        ar_bekraftad
    from {{ ref('instrument') }}
    union all
    select
        'ASI' as metod_kod,
        'ASI' as text,
        'bedomning' as metod_typ,
        true as ar_bekraftad
    union all
    select
        metod_kod,
        text,
        'insats' as metod_typ,
        ar_bekraftad
    from {{ ref('metod') }}
    union all
    select
        m.metod_kod,
        m.text,
        'insats' as metod_typ,
        m.ar_bekraftad
    from {{ ref('metod_missbruk') }} as m
    left join {{ ref('metod') }} as b on m.metod_kod = b.metod_kod
    where b.metod_kod is null
)

select
    m.metod_kod,
    m.text,
    m.metod_typ,
    cast(coalesce(e.evidensniva, 0) as integer) as evidensniva,
    coalesce(e.fou_markt, false) as fou_markt,
    e.ar_manualbaserad,
    m.ar_bekraftad
from metod as m
left join {{ ref('metod_evidens') }} as e on m.metod_kod = e.metod_kod and e.ar_bekraftad

-- Grain: one person, kind of care, unbroken period and year. delmangd says whose: the register's (bu) and the local
-- follow-up's are never joined, and have different pseudonyms for the same child; a reader takes one of them.
select
    'bu' as delmangd,
    kommun_kod,
    stadsdel_kod,
    ar,
    leverans_id,
    person_id,
    id_typ_kod,
    kon_kod,
    fodelsear,
    insatstyp_kod,
    lagrum_kod,
    insats_start_datum,
    insats_slut_datum,
    antal_insatser
from {{ ref('_insatsperiod_bu') }}

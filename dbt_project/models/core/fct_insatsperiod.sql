-- Grain: one person, kind of care, unbroken period and year; of local follow-up and of missbruk one insats and year.
-- delmangd says whose: the register (bu), the local follow-up of children (lokal) and missbruk are never joined, and
-- the register has another pseudonym for the same child; a reader takes one of them. Only the register tells a lagrum,
-- only missbruk how the insats ended.
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
    antal_insatser,
    cast(null as {{ dbt.type_string() }}) as insats_id,
    cast(null as {{ dbt.type_string() }}) as malgrupp_kod,
    cast(null as {{ dbt.type_string() }}) as metod_kod,
    cast(null as date) as genomforandeplan_datum,
    cast(null as {{ dbt.type_string() }}) as insats_avslut_kod
from {{ ref('_insatsperiod_bu') }}
union all
select
    'lokal' as delmangd,
    kommun_kod,
    stadsdel_kod,
    ar,
    leverans_id,
    person_id,
    id_typ_kod,
    kon_kod,
    fodelsear,
    insatstyp_kod,
    cast(null as {{ dbt.type_string() }}) as lagrum_kod,
    insats_start_datum,
    insats_slut_datum,
    cast(1 as integer) as antal_insatser,
    insats_id,
    malgrupp_kod,
    metod_kod,
    genomforandeplan_datum,
    cast(null as {{ dbt.type_string() }}) as insats_avslut_kod
from {{ ref('_insatsperiod_lokal') }}
union all
select
    'missbruk' as delmangd,
    kommun_kod,
    stadsdel_kod,
    ar,
    leverans_id,
    person_id,
    id_typ_kod,
    kon_kod,
    fodelsear,
    insatstyp_kod,
    cast(null as {{ dbt.type_string() }}) as lagrum_kod,
    insats_start_datum,
    insats_slut_datum,
    cast(1 as integer) as antal_insatser,
    insats_id,
    malgrupp_kod,
    metod_kod,
    cast(null as date) as genomforandeplan_datum,
    insats_avslut_kod
from {{ ref('_insatsperiod_missbruk') }}

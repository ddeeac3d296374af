-- Grain: one reported closing of a household's aid, in a delivery in force. period is the reporting month.
-- Which spell a closing ends, if any, is decided in fct_avslutad_period.
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, ar_andrad(this.identifier, ['kommun_kod', 'period'])) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
select
    a.kommun_kod,
    a.stadsdel_kod,
    a.hushall_id,
    a.period,
    {{ ar_av('a.period') }} as ar,
    a.avslut_datum,
    a.avslutsorsak_kod,
    a.leverans_id
from {{ ref('stg_eb__avslut') }} as a
inner join {{ ref('stg_huvudbok__i_kraft') }} as k
    on a.leverans_id = k.leverans_id and a.period = k.period and k.dataset = 'eb_avslut'
where {{ ar_andrad('k', ['kommun_kod', 'period']) }}

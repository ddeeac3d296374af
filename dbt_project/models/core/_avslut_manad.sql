-- Grain: one avslut in force with the month with aid it belongs to and that month's sökande (R29): the latest month
-- with aid of its household, not after the month of its date. One without such a month, or in a household without a
-- sökande, has no row. sista_manad is that month and its sökande in one text, so that the households are looked through
-- once. What is delivered for a later month than both the report's and the date's changes nothing here.
{{ config(materialized='incremental',
    pre_hook="{{ glom(this, efter_andring(this.identifier, avslutets_manad('rapport_period'))) }}") }}
-- depends_on: {{ ref('_andrad_manad') }}
with berord as (
    select *
    from {{ ref('fct_eb_avslut') }} as a
    where {{ efter_andring('a', avslutets_manad('a.period')) }}
),

avslut as (
    select
        a.kommun_kod,
        a.stadsdel_kod,
        a.hushall_id,
        a.period as rapport_period,
        a.avslut_datum,
        a.avslutsorsak_kod,
        a.leverans_id,
        max(concat(b.period, coalesce(cast(b.sokande_person_id as {{ dbt.type_string() }}), ''))) as sista_manad
    from berord as a
    inner join {{ ref('fct_bidragsmanad') }} as b
        on
            {{ lika('a', 'b', ['kommun_kod', 'stadsdel_kod', 'hushall_id']) }}
            and b.period <= {{ period_for('a.avslut_datum') }}
    group by
        a.kommun_kod, a.stadsdel_kod, a.hushall_id, a.period, a.avslut_datum, a.avslutsorsak_kod, a.leverans_id
)

select
    kommun_kod,
    stadsdel_kod,
    hushall_id,
    rapport_period,
    avslut_datum,
    avslutsorsak_kod,
    leverans_id,
    substring(sista_manad, 1, 7) as period,
    {{ ar_av('sista_manad') }} as ar,
    {{ manad_av('sista_manad') }} as manad,
    cast(substring(sista_manad, 8) as bigint) as person_id
from avslut
where length(sista_manad) > 7

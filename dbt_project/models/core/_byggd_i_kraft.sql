-- Grain: one municipality, stadsdel, dataset and month: the delivery that the tables are now built of. Built when they
-- are, and read by the next run.
-- depends_on: {{ ref('fct_bidragsmanad') }}
-- depends_on: {{ ref('fct_bidragsmanad_person') }}
-- depends_on: {{ ref('fct_bistandsar') }}
-- depends_on: {{ ref('fct_eb_avslut') }}
-- depends_on: {{ ref('_avslut_manad') }}
-- depends_on: {{ ref('_hindermanad') }}
-- depends_on: {{ ref('dim_hushall') }}
select
    kommun_kod,
    stadsdel_kod,
    dataset,
    period,
    leverans_id
from {{ ref('stg_huvudbok__i_kraft') }}

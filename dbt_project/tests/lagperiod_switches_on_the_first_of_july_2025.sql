-- The new socialtjänstlag holds from 2025-07-01; every series breaks there.
{{ config(meta={
    'betydelse': 'Den nya socialtjänstlagen gäller från den 1 juli 2025.',
    'gor_sa_har': 'Rätta dim_tid.',
}) }}
select *
from {{ ref('dim_tid') }}
where (lagperiod = 'sol2025') <> (datum >= cast('2025-07-01' as date))

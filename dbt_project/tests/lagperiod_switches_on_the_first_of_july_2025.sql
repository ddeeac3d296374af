-- The new socialtjänstlag holds from 2025-07-01; every series breaks there.
select *
from {{ ref('dim_tid') }}
where (lagperiod = 'sol2025') <> (datum >= cast('2025-07-01' as date))

-- Grain: one month, whole country: households and persons with protected identity, who are in no other value.
-- Shown from 20 up; anything below, 0 too, is NULL and marked, so that nothing can be read from a low number.
select
    period,
    {{ ar_av('period') }} as ar,
    case when antal_skyddade_hushall >= 20 then antal_skyddade_hushall end as antal_skyddade_hushall,
    case when antal_skyddade_personer >= 20 then antal_skyddade_personer end as antal_skyddade_personer,
    antal_skyddade_hushall < 20 as ar_hushall_dolda,
    antal_skyddade_personer < 20 as ar_personer_dolda
from {{ ref('fct_skyddade') }}

-- Grain: one code for a measure, in its list: the register's kinds of care and its open care, the local ones, and those
-- of missbruk. The same code can stand in several lists and means what its list says.
select
    'insatstyp_bu' as lista,
    insatstyp_kod as insats_kod,
    text,
    true as ar_heldygn,
    ar_bekraftad
from {{ ref('insatstyp_bu') }}
union all
select
    'oppenvard' as lista,
    oppenvard_kod as insats_kod,
    text,
    false as ar_heldygn,
    ar_bekraftad
from {{ ref('oppenvard') }}
union all
select
    'insats_lokal' as lista,
    insats_kod,
    text,
    insats_kod <> 'OPPEN' as ar_heldygn,
    ar_bekraftad
from {{ ref('insats_lokal') }}
union all
select
    'insats_missbruk' as lista,
    insats_kod,
    text,
    insats_kod = 'HELDYGN' as ar_heldygn,
    ar_bekraftad
from {{ ref('insats_missbruk') }}

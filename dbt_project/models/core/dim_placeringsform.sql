-- Grain: one form of placement. Care in the child's own home is not care around the clock.
select
    placeringsform_kod,
    text,
    placeringsform_kod <> 'EGET' as ar_heldygn,
    ar_bekraftad
from {{ ref('placeringsform') }}

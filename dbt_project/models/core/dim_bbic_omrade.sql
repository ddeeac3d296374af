-- Grain: one area of BBIC: the twelve of 2015 and later, and the nineteen of the old edition.
select
    omrade_kod,
    text,
    ar_gammal_utgava,
    ar_bekraftad
from {{ ref('bbic_omrade') }}

-- Grain: one lagrum, with validity (half-open). The socialtjänstlag changes on 1 July 2025.
select
    lagrum_kod,
    lag,
    lagrum_namn,
    giltig_fran,
    giltig_till,
    ersatt_av,
    ar_bekraftad
from {{ ref('lagrum') }}

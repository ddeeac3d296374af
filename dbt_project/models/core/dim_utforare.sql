-- Grain: one provider of placements, with validity (half-open). A start that the seed leaves open is set long before
-- the series. All but Statens institutionsstyrelse are invented.
select
    utforare_id,
    namn,
    regiform_kod,
    ar_privat,
    kommun_kod,
    coalesce(giltig_fran, cast('1900-01-01' as date)) as giltig_fran,
    giltig_till
from {{ ref('utforare') }}

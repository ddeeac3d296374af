-- Grain: one län. Validity is half-open: an open start is set long before the series, an empty end still
-- holds.
select
    lan_kod,
    lan_namn,
    coalesce(giltig_fran, cast('1900-01-01' as date)) as giltig_fran,
    giltig_till
from {{ ref('lan') }}

-- Grain: one class of counts and cell key: how far such a count is moved before it is shown. The p-table of the
-- protection; made by pipelines/disclosure, argued in docs/adr/0007-cellnyckel.md. Class 0 stays 0, and the last
-- class holds for every higher count.
select
    antal_klass,
    cellnyckel,
    storning
from {{ ref('cellnyckel') }}

-- Grain: one key that has been in use, with what is derived from it for the protection; never a key. The highest number
-- is the one in use, which all pseudonyms are made with.
select
    cast(nr as integer) as nyckel_nr,
    cast(skyddsnyckel as {{ dbt.type_string() }}) as skyddsnyckel
from {{ parquet('huvudbok', 'nyckel') }}

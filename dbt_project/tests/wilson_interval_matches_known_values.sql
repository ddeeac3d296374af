-- Wilson 95 % computed apart from this project: 5 of 10, 0 of 10, 1 of 1000.
{{ config(meta={
    'dagster': {'ref': {'name': 'fct_indikatorvarde'}},
    'betydelse': 'Wilson-intervallet stämmer med värden uträknade utanför projektet.',
    'gor_sa_har': 'Rätta makrot wilson.',
}) }}
-- depends_on: {{ ref('fct_indikatorvarde') }}
with fall as (
    select
        cast(0.5 as double) as andel,
        10 as antal,
        0.236593090512564 as nedre,
        0.763406909487436 as ovre
    union all
    select
        cast(0.0 as double) as andel,
        10 as antal,
        0.0 as nedre,
        0.277532799862889 as ovre
    union all
    select
        cast(0.001 as double) as andel,
        1000 as antal,
        0.000176546370626 as nedre,
        0.005642558597958 as ovre
)

select *
from fall
where
    abs({{ wilson('andel', 'antal', '-') }} - nedre) > 1e-9
    or abs({{ wilson('andel', 'antal', '+') }} - ovre) > 1e-9

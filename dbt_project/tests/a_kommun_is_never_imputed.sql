-- A municipality that does not count has no numbers, and none of its numbers is ever an estimate.
{{ config(meta={
    'betydelse': 'En kommun som inte räknas har inga tal, och inget av en kommuns tal är en skattning.',
    'gor_sa_har': 'Rätta skattningen i modellen _kommuncell eller fct_indikatorvarde: skattade värden hör bara hemma i län och riket.',
}) }}
select *
from {{ ref('fct_indikatorvarde') }}
where
    geo_typ = 'kommun'
    and (
        imputerad_andel > 0
        or (
            status in ('ej_rapporterad', 'avtal_saknas')
            and (taljare is not null or namnare is not null or varde is not null)
        )
        or (status in ('ej_rapporterad', 'avtal_saknas')) <> (antal_kommuner_med = 0)
    )

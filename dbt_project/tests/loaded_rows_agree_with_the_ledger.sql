-- For every delivery in force, the rows in landing are as many as the ledger says it loaded for the month.
{{ config(meta={
    'dagster': {'ref': {'name': 'stg_huvudbok__leverans_manad'}},
    'betydelse': 'För varje leverans i kraft finns lika många rader i landning som huvudboken säger att den laddade.',
    'gor_sa_har': 'Ge inte ut något. En landningsfil saknas, är dubbel eller är från en annan huvudbok: återställ landing/ och ledger.sqlite från samma säkerhetskopia (docs/how-to/drift.md).',
}) }}
with landad as (
    {%- for kalla, tabell in [
        ('eb', 'hushall'), ('eb', 'person'), ('eb', 'avslut'),
        ('bu', 'barn'), ('bu', 'insats'), ('bu', 'placering'), ('bu', 'oppenvard_mangd'),
        ('aktualisering', 'aktualisering'),
        ('bbic', 'barn'), ('bbic', 'sammanfattning'), ('bbic', 'insats'), ('bbic', 'uppfoljning'),
        ('missbruk', 'person'), ('missbruk', 'utredning'), ('missbruk', 'insats'), ('asi', 'intervju'),
        ('lvm', 'ansokan'), ('lvm', 'omhandertagande'), ('lvm', 'utskrivning'), ('isu', 'uppfoljning'),
    ] %}
    select
        leverans_id,
        '{{ tabell if tabell == kalla else kalla ~ '_' ~ tabell }}' as dataset,
        period,
        count(*) as antal
    from {{ ref('stg_' ~ kalla ~ '__' ~ tabell) }}
    group by leverans_id, period
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    k.leverans_id,
    k.dataset,
    k.period,
    m.antal_lasta,
    l.antal
from {{ ref('stg_huvudbok__i_kraft') }} as k
left join {{ ref('stg_huvudbok__leverans_manad') }} as m
    on k.leverans_id = m.leverans_id and k.dataset = m.dataset and k.period = m.period
left join landad as l
    on k.leverans_id = l.leverans_id and k.dataset = l.dataset and k.period = l.period
where coalesce(m.antal_lasta, -1) <> coalesce(l.antal, 0)

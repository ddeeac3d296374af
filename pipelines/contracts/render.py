"""Renderings: what others need of the contracts and the indicators' meta, written to ignored `_generated/` folders.

Belongs here: dbt sources, column documentation, the rules' severities, the indicators' rows, cells and union, the
protection's parameters, the changelog of forms. Does not belong here: anything written by hand. `make setup` runs this;
nothing of it is committed. `make docs` writes what is read where the code is read, and therefore is.

Indicators are found by scanning `models/indicators/ind_*.yml` for `config.meta.indikator_id`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from pipelines.contracts.changes import Change
from pipelines.contracts.files import read_yaml
from pipelines.contracts.indicators import LEVELS, MEASURED, PERIODS, codes, whole
from pipelines.contracts.model import Contracts, Dataset, get_contracts
from pipelines.contracts.protection import protection, require_kinds
from pipelines.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"
LEDGER_TABLES = (
    *("leverans", "leverans_dataset", "leverans_manad", "regelutfall", "i_kraft", "varning", "kvittering"),
    "avtal",
    "forvantad",
)
HOME = "{{ env_var('LAGER_HOME', 'var') }}"
TEMPLATES = Environment(autoescape=False, trim_blocks=True, keep_trailing_newline=True)  # noqa: S701  not HTML

MACROS = TEMPLATES.from_string(
    """
{% for name, rows in tables.items() %}
{{ '{%' }} macro {{ name }}() -{{ '%}' }}
{{ rows | join(',\n') }}
{{ '{%-' }} endmacro {{ '%}' }}
{% endfor %}
"""
)
PROTECTION = TEMPLATES.from_string(
    """{{ '{#-' }} A parameter of the protection, by its name in the contract of the indicator values. {{ '-#}' }}
{{ '{%' }} macro skydd(namn) -{{ '%}' }}
{{ '{{' }} return({{ parameters }}[namn]) {{ '}}' }}
{{ '{%-' }} endmacro {{ '%}' }}
"""
)
SCALE = TEMPLATES.from_string(
    """{{ '{#-' }} The largest change of what an indicator is the mean of, by its meta. {{ '-#}' }}
{{ '{%' }} macro medel_storsta(indikator_id) -{{ '%}' }}
{{ '{{' }} return({{ storsta }}[indikator_id]) {{ '}}' }}
{{ '{%-' }} endmacro {{ '%}' }}
"""
)
UNION = TEMPLATES.from_string(
    """-- Grain: indicator x municipality x period x cell. Rendered from the meta of every ind_ model.
{% for name, meta in indicators %}
{% if not loop.first %}
union all
{% endif %}
select
    '{{ meta.indikator_id }}' as indikator_id,
    {{ meta.version }} as version,
    kommun_kod,
    period,
    kon_kod,
    aldersgrupp_kod,
    uppdelning,
    uppdelning_kod,
    cast(taljare as decimal(18, 2)) as taljare,
    cast(namnare as decimal(18, 2)) as namnare,
    cast(taljare_nyckel as bigint) as taljare_nyckel,
    cast(namnare_nyckel as bigint) as namnare_nyckel,
    cast(antal_bakom as bigint) as antal_bakom,
    cast(storsta_bakom as decimal(18, 2)) as storsta_bakom,
    ar_undertryckt_kvalitet
from {{ '{{' }} ref('{{ name }}') {{ '}}' }}
{% endfor %}
"""
)
CHANGES = TEMPLATES.from_string(
    """# Formernas ändringar

Vad som kom till och togs bort i tabellernas former, per år. Formen för ett år är kontraktet med alla senare ändringar
tagna baklänges; en rad prövas mot formen för sitt år. En tabell utan ändringar har haft samma form alla år.

Sidan är gjord ur `data_contracts/sources/<källa>/<tabell>.<år>.diff.yaml`. Ändra där, och skriv om den med `make docs`.
{% for year, changes in years.items() %}

## {{ year }}
{% for change, dataset in changes %}

### {{ dataset.id }}: {{ dataset.titel }}

{% if change.tillkomna_kolumner %}
- Tillkomna kolumner: `{{ change.tillkomna_kolumner | join('`, `') }}`
{% endif %}
{% if change.borttagna_kolumner %}
- Borttagna kolumner: `{{ change.borttagna_kolumner | map(attribute='name') | join('`, `') }}`
{% endif %}
{% for lista, koder in change.tillkomna_koder.items() %}
- Tillkomna koder i `{{ lista }}`: `{{ koder | join('`, `') }}`
{% endfor %}
{% for lista, koder in change.borttagna_koder.items() %}
- Borttagna koder i `{{ lista }}`: `{{ koder | join('`, `') }}`
{% endfor %}
- Anmärkning: {{ change.anmarkning }}
- Källa: {{ change.kalla }}
{% endfor %}
{% else %}

Inga ändringar än.
{% endfor %}
"""
)


DISTRIBUTIONS = TEMPLATES.from_string(
    """-- Grain: indicator x municipality x period x cell x measured value, of medians and means. From the meta.
{% for name, meta in indicators %}
select
    '{{ meta.indikator_id }}' as indikator_id,
    {{ meta.version }} as version,
    kommun_kod,
    period,
    kon_kod,
    aldersgrupp_kod,
    uppdelning,
    uppdelning_kod,
    cast(matvarde as double) as matvarde,
    cast(antal as bigint) as antal
from {{ '{{' }} ref('{{ meta.fordelning }}') {{ '}}' }}
union all
{% endfor %}
select
    cast(null as varchar(10)) as indikator_id,
    cast(null as integer) as version,
    cast(null as varchar(10)) as kommun_kod,
    cast(null as varchar(10)) as period,
    cast(null as varchar(10)) as kon_kod,
    cast(null as varchar(10)) as aldersgrupp_kod,
    cast(null as varchar(10)) as uppdelning,
    cast(null as varchar(10)) as uppdelning_kod,
    cast(null as double) as matvarde,
    cast(null as bigint) as antal
where 1 = 0
"""
)


def sources(contracts: Contracts) -> str:
    """dbt sources: the landing tables of every contract, and the exported ledger.

    What landed before a form got its new columns lies there without them: such tables are put together by name.
    """

    def source(name: str, pattern: str, tables: list[str]) -> dict[str, Any]:
        location = f"read_parquet('{HOME}/landing/{pattern}')"
        meta = {"external_location": location, "formatter": "template"}
        by_name = f"{location[:-1]}, union_by_name = true)"
        changed = {d.id for d in contracts.datasets.values() if d.changes}
        own = {t: {"config": {"meta": {"external_location": by_name}}} if t in changed else {} for t in tables}
        return {"name": name, "config": {"meta": meta}, "tables": [{"name": t, **own[t]} for t in tables]}

    content = {
        "version": 2,
        "sources": [
            source("landing", "$name/*.parquet", sorted(contracts.datasets)),
            source("huvudbok", "huvudbok/$name.parquet", list(LEDGER_TABLES)),
        ],
    }
    return yaml.safe_dump(content, sort_keys=False, width=200)


def column_docs(contracts: Contracts) -> str:
    """One dbt docs block per column of the dictionary."""
    blocks = (f"{{% docs kolumn_{k} %}}{v}{{% enddocs %}}" for k, v in sorted(contracts.columns.items()))
    return "\n".join(blocks) + "\n"


def indicators(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """(model, meta) of every indicator, by id and version."""
    found = []
    for path in sorted(folder.glob("ind_*.yml")):
        for model in read_yaml(path).get("models", []):
            meta = model.get("config", {}).get("meta", {})
            if "indikator_id" in meta:
                require_kinds(whole(meta))
                found.append((model["name"], meta))
    return sorted(found, key=lambda item: (item[1]["indikator_id"], item[1]["version"]))


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def _row(*values: Any) -> str:
    return "(" + ", ".join(map(_literal, values)) + ")"


def _indicator_row(model: str, meta: dict[str, Any]) -> str:
    m = whole(meta)
    described = [m[k] for k in ("namn", "omrade", "definition", "taljare", "namnare", "typ", "matt", "enhet")]
    shown = [level in m["nivaer"] for level in LEVELS] + [period in m["perioder"] for period in PERIODS] + [m["pool"]]
    counted = [m[k] for k in ("fonster_ar", "skattas", "ar_personuppgift", "taljare_slag", "namnare_slag")]
    origin = [len(m["datamangder"]), *(m[k] for k in ("kallor", "additiv_over", "extern_id"))]
    judged = [m[k] for k in ("ar_kanslig", "rangordning", "kommun_bara_pool", "forsta_ar", "medel_skala")]
    name = (m["indikator_id"], m["version"], model)
    return _row(*name, *described, m["polaritet"], *shown, *counted, *origin, *judged)


def _cells(m: dict[str, Any]) -> list[str]:
    return [
        _row(m["indikator_id"], m["version"], b["uppdelning"], code, kon, age, b.get("namnare", True))
        for b in m["celler"]
        for code in codes(b)
        for kon in b["kon"]
        for age in b["aldersgrupper"]
    ]


def indicator_macros(found: list[tuple[str, dict[str, Any]]]) -> str:
    """The rows of dim_indikator, of its bridge to datasets and of its cells, as SQL value lists."""
    tables = {
        "indikator_rader": [_indicator_row(name, m) for name, m in found],
        "indikator_dataset_rader": [
            _row(m["indikator_id"], m["version"], dataset) for _, m in found for dataset in m["datamangder"]
        ],
        "indikatorcell_rader": [cell for _, m in found for cell in _cells(m)],
    }
    return MACROS.render(tables=tables)


def distributions(found: list[tuple[str, dict[str, Any]]]) -> str:
    """The union of what medians and means are of; an empty table while no indicator is one."""
    return DISTRIBUTIONS.render(indicators=[(name, m) for name, m in found if m["matt"] in MEASURED])


def scale_macro(found: list[tuple[str, dict[str, Any]]]) -> str:
    """The largest change of what each mean is of, by indicator: its rows are keyed by it (`medelsnyckel`)."""
    return SCALE.render(storsta={m["indikator_id"]: m["medel_storsta"] for _, m in found if m["matt"] == "medel"})


def rule_macro(contracts: Contracts) -> str:
    """Every rule's severity, as an SQL value list: it stands in the contracts and nowhere else."""
    rows = [_row(rule.id, rule.allvar) for rule in sorted(contracts.rules.values(), key=lambda rule: rule.id)]
    return MACROS.render(tables={"regel_rader": rows})


def form_changes(contracts: Contracts) -> str:
    """The changelog of forms: by year and table, what came and what went."""
    found = [(change, dataset) for dataset in contracts.datasets.values() for change in dataset.changes]
    years: dict[int, list[tuple[Change, Dataset]]] = {}
    for change, dataset in sorted(found, key=lambda pair: (-pair[0].ar, pair[1].id)):
        years.setdefault(change.ar, []).append((change, dataset))
    return CHANGES.render(years=years)


def documents(project: Path = PROJECT_ROOT) -> dict[Path, str]:
    """Every rendered page that is committed, and its content."""
    return {project / "docs" / "reference" / "formandringar.md": form_changes(get_contracts())}


def renderings(project: Path = PROJECT_ROOT) -> dict[Path, str]:
    """Every rendered file and its content."""
    contracts, dbt = get_contracts(), project / "dbt_project"
    found = indicators(dbt / "models" / "indicators")
    return {
        dbt / "models" / "staging" / "_generated" / "sources.yml": sources(contracts),
        dbt / "models" / "_generated" / "kolumner.md": column_docs(contracts),
        dbt / "macros" / "_generated" / "indikatorer.sql": indicator_macros(found),
        dbt / "macros" / "_generated" / "medel.sql": scale_macro(found),
        dbt / "macros" / "_generated" / "regler.sql": rule_macro(contracts),
        dbt / "macros" / "_generated" / "skydd.sql": PROTECTION.render(parameters=protection(project)),
        dbt / "models" / "indicators" / "_generated" / "ind_alla.sql": UNION.render(indicators=found),
        dbt / "models" / "indicators" / "_generated" / "ind_fordelning.sql": distributions(found),
    }


def main(files: dict[Path, str] | None = None) -> None:
    """Write what has changed; unchanged files keep their time, so that dbt need not parse them again."""
    for path, content in (renderings() if files is None else files).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(documents())

"""Checks whose answer is a list of municipalities: who is missing, late, stopped or silent.

Belongs here: the form of the files in `expectations/kommuner/`, the asking of their questions and the words of the
answer. Does not belong here: what late or missing means; that is the query's, over tables that dbt has judged. A suite
(`suites.py`) tries a measure against a threshold and may not name anyone; here every row is a municipality, and naming
it is the point: municipalities are senders, not persons.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import dagster as dg
import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.checks.build import connect
from pipelines.checks.suites import SuiteError, Text
from pipelines.contracts.files import read_yaml

STEP = "kommunkontroller"
NAMED = 10
UNABLE = "Frågan gick inte att ställa ({}).\n\nGör så här: se efter att dbt byggt klart, och kör frågan mot bygget."
NAMES = (
    "select kommun_kod, arg_max(kommun_namn, giltig_fran), arg_max(lan_namn, giltig_fran) "
    "from core.dim_kommun group by kommun_kod"
)


class Question(BaseModel):
    """One check. `fraga` gives a row per municipality that must be named, kommun_kod first, worst first.

    `lage` gives one row of facts shown whatever the answer. `{kommun}` in `atgard` becomes the first one's code.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    namn: Text
    id: Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{3}$")]
    regel: Text
    tillgang: Annotated[str, Field(pattern=r"^[a-z_]+/[a-z0-9_]+$")]
    beskrivning: Text
    fraga: Text
    lage: Text | None = None
    basis: Text
    agare: Text
    datum: date
    atgard: Text

    @property
    def asset(self) -> dg.AssetKey:
        return dg.AssetKey(self.tillgang.split("/"))

    @property
    def check_name(self) -> str:
        """The id with the file's name, since the UI's list shows nothing else."""
        return f"{self.id.replace('-', '_')}_{self.namn}"


@dataclass(frozen=True)
class Answer:
    """The municipalities to name, in the query's own order, and the facts beside."""

    rows: list[dict[str, Any]]
    facts: dict[str, Any]


def load_questions(folder: Path) -> tuple[Question, ...]:
    """Every `*.yaml` in `folder`, by id; the file's name is the check's. Raises SuiteError."""
    found = sorted((_load(path) for path in folder.glob("*.yaml")), key=lambda question: question.id)
    ids = [question.id for question in found]
    if len(set(ids)) < len(ids):
        raise SuiteError(f"samma id i flera kontroller: {', '.join(sorted({i for i in ids if ids.count(i) > 1}))}")
    return tuple(found)


def _load(path: Path) -> Question:
    try:
        return Question.model_validate({"namn": path.stem, **read_yaml(path)})
    except (ValidationError, TypeError, yaml.YAMLError) as error:
        raise SuiteError(f"{path.name}: {error}") from None


def ask(db: duckdb.DuckDBPyConnection, question: Question) -> Answer:
    """The answer, each municipality with its name and county."""
    names = {code: (name, county) for code, name, county in db.execute(NAMES).fetchall()}
    rows = []
    for row in _dicts(db, question.fraga):
        code = row.pop("kommun_kod")
        name, county = names.get(code, (code, ""))
        rows.append({"kommun_kod": code, "kommun": name, "län": county, **row})
    facts = next(iter(_dicts(db, question.lage)), {}) if question.lage else {}
    return Answer(rows, facts)


def _dicts(db: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = db.execute(query)
    columns = [column[0] for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def told(question: Question, rows: list[dict[str, Any]]) -> str:
    """Who, and what to do."""
    named = ", ".join(f"{row['kommun']} ({row['kommun_kod']})" for row in rows[:NAMED])
    rest = f" och {len(rows) - NAMED} till, se tabellen" if len(rows) > NAMED else ""
    who = f"{len(rows)} {'kommun' if len(rows) == 1 else 'kommuner'}: {named}{rest}."
    return f"{who}\n\nGör så här: {question.atgard.replace('{kommun}', rows[0]['kommun_kod'])}"


def make_kommun_checks(questions: Iterable[Question], build_path: Callable[[], Path]) -> list[dg.AssetChecksDefinition]:
    """One step for all of them; it reads the build after dbt, as the suites do."""
    known = tuple(questions)
    if not known:
        return []

    @dg.multi_asset_check(name=STEP, specs=[_spec(q) for q in known], can_subset=True, compute_kind="duckdb")
    def kommunkontroller(context: dg.AssetCheckExecutionContext) -> Iterable[dg.AssetCheckResult]:
        yield from _results(known, build_path(), context.selected_asset_check_keys)

    return [kommunkontroller]


def _spec(question: Question) -> dg.AssetCheckSpec:
    promise = {"regel": question.regel, "basis": question.basis, "ägare": question.agare, "datum": str(question.datum)}
    return dg.AssetCheckSpec(
        question.check_name, asset=question.asset, description=question.beskrivning, metadata=promise
    )


def _results(
    questions: Iterable[Question], build: Path, selected: Collection[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    with connect(build) as db:
        for question in questions:
            if dg.AssetCheckKey(question.asset, question.check_name) in selected:
                yield _result(db, question)


def _result(db: duckdb.DuckDBPyConnection, question: Question) -> dg.AssetCheckResult:
    try:
        answer = ask(db, question)
    except duckdb.Error as error:  # what cannot be asked has not passed; the error's text may quote a value
        said = UNABLE.format(type(error).__name__)
        return _verdict(question, False, said, {}, dg.AssetCheckSeverity.ERROR)
    shown: dict[str, Any] = {"antal kommuner": len(answer.rows), **answer.facts}
    if answer.rows:
        records = [dg.TableRecord({name: _cell(value) for name, value in row.items()}) for row in answer.rows]
        shown["kommuner"] = dg.MetadataValue.table(records, _schema(answer.rows[0]))
    return _verdict(question, not answer.rows, told(question, answer.rows) if answer.rows else None, shown)


def _verdict(
    question: Question,
    passed: bool,
    said: str | None,
    shown: dict[str, Any],
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.WARN,
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=question.asset,
        check_name=question.check_name,
        severity=severity,
        description=said,
        metadata=shown,
    )


def _cell(value: Any) -> str | int | float | bool | None:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _schema(row: dict[str, Any]) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(n, "int" if isinstance(v, int) else "string") for n, v in row.items()])

"""Forms: what a table was asked for in a year, when that is not what its contract says now.

Belongs here: reading `data_contracts/sources/<source>/<table>.<year>.diff.yaml`, refusing what does not fit the
contract beside it, and the form of a year: the contract with all later changes undone. Does not belong here: the SQL
that tries a row against its form (`landing/gate_sql.py`) and the changelog's words (`render.py`).

A code list keeps every code it has had, so that old rows keep their words; a change says from which year one table no
longer takes a code. A column that is removed leaves the contract, and its definition goes to the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import yaml
from open_data_contract_standard.model import SchemaProperty
from pydantic import BaseModel, ConfigDict, Field

from pipelines.contracts.files import ContractError, read_yaml

if TYPE_CHECKING:
    from pipelines.contracts.mappings import Mapping, TableMapping
    from pipelines.contracts.model import Column, Dataset

SUFFIX = ".diff.yaml"
CONTRACT = ".odcs.yaml"
LATEST = 9999
"""A year after every change: its form is the contract itself."""
CodeLists = dict[str, tuple[str, ...]]
Spans = tuple[tuple[int, int | None], ...]
"""Years in which something is in the form, half-open; the first begins with 0 when it always was."""
ALWAYS: Spans = ((0, None),)
HELD = {"avsandare", "stadsdel", "period", "personidentitet"}
HIDDEN = {"direkt_identifierare", "skyddsuppgift"}


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    tabell: str
    ar: Annotated[int, Field(ge=1900, lt=LATEST)]
    kalla: Annotated[str, Field(min_length=1)]
    tillkomna_kolumner: tuple[str, ...] = ()
    borttagna_kolumner: tuple[dict[str, Any], ...] = ()
    tillkomna_koder: CodeLists = {}
    borttagna_koder: CodeLists = {}
    anmarkning: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Change:
    """What came and went in one table's form one year; `kalla` is where that was read."""

    fil: str
    ar: int
    kalla: str
    anmarkning: str
    tillkomna_kolumner: tuple[str, ...]
    borttagna_kolumner: tuple[Column, ...]
    tillkomna_koder: CodeLists
    borttagna_koder: CodeLists


# -- the form of a year --------------------------------------------------------------------------------------------


def form(dataset: Dataset, year: int) -> Dataset:
    """The table as its form had it a year: the contract with all later changes undone. Also of the widest table."""
    gone = _gone(dataset)
    if gone:
        dataset = replace(dataset, columns=tuple(c for c in dataset.columns if c.name not in gone))
    for change in reversed(dataset.changes):
        if change.ar > year:
            kept = tuple(c for c in dataset.columns if c.name not in change.tillkomna_kolumner)
            dataset = replace(dataset, columns=kept + change.borttagna_kolumner, changes=dataset.changes[:-1])
    return dataset


def form_codes(dataset: Dataset, kodlista: str, known: Iterable[str], year: int = LATEST) -> tuple[str, ...]:
    """Those of a list's codes that the table's form of a year takes."""
    said = [(c.ar, c.tillkomna_koder.get(kodlista, ()), c.borttagna_koder.get(kodlista, ())) for c in dataset.changes]
    taken, known = set(known), tuple(known)
    for _, added, removed in said:
        taken = (taken | set(added)) - set(removed)
    for ar, added, removed in reversed(said):
        if ar > year:
            taken = (taken - set(added)) | set(removed)
    return tuple(code for code in known if code in taken)


def widest(dataset: Dataset) -> Dataset:
    """The table with every column that any of its forms has: the contract's in order, then those removed since."""
    names = {c.name for c in dataset.columns}
    gone = {c.name: c for change in dataset.changes for c in change.borttagna_kolumner if c.name not in names}
    return replace(dataset, columns=(*dataset.columns, *gone.values())) if gone else dataset


def _gone(dataset: Dataset) -> set[str]:
    """Columns that have left, and not come back."""
    gone: set[str] = set()
    for change in dataset.changes:
        gone = (gone - set(change.tillkomna_kolumner)) | {c.name for c in change.borttagna_kolumner}
    return gone


def column_spans(dataset: Dataset) -> dict[str, Spans]:
    """The years of every column that some form lacks."""
    forms = {year: {c.name for c in form(dataset, year).columns} for year in _starts(dataset)}
    every = {name for names in forms.values() for name in names}
    found = {name: _spans({year: name in names for year, names in forms.items()}) for name in every}
    return {name: spans for name, spans in found.items() if spans != ALWAYS}


def code_spans(dataset: Dataset, kodlista: str, known: tuple[str, ...]) -> dict[str, Spans]:
    """The years of every code in a list that some form of the table does not take."""
    forms = {year: set(form_codes(dataset, kodlista, known, year)) for year in _starts(dataset)}
    found = {code: _spans({year: code in codes for year, codes in forms.items()}) for code in known}
    return {code: spans for code, spans in found.items() if spans != ALWAYS}


def _starts(dataset: Dataset) -> list[int]:
    """The first year of each form."""
    return [0, *(change.ar for change in dataset.changes)]


def _spans(present: dict[int, bool]) -> Spans:
    found: list[tuple[int, int | None]] = []
    starts = list(present)
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        if present[start] and found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        elif present[start]:
            found.append((start, end))
    return tuple(found)


class Narrowed:
    """Mappings with the columns of a year's form. One form is one object, so that its files can be read together."""

    def __init__(self, datasets: dict[str, Dataset]) -> None:
        self._datasets = {name: dataset for name, dataset in datasets.items() if dataset.changes}
        self._made: dict[tuple[str, str, int], TableMapping] = {}

    def mapping(self, mapping: Mapping, year: int) -> Mapping:
        """The mapping a year; the same where nothing has changed."""
        tables = {name: self._table(mapping, name, year) for name in mapping.tables}
        return mapping if tables == mapping.tables else replace(mapping, tables=tables)

    def _table(self, mapping: Mapping, name: str, year: int) -> TableMapping:
        dataset, table = self._datasets.get(name), mapping.tables[name]
        if dataset is None:
            return table
        since = max(start for start in _starts(dataset) if start <= year)
        key = (mapping.profil, name, since)
        if key not in self._made:
            self._made[key] = _narrowed(table, form(dataset, since))
        return self._made[key]


def _narrowed(table: TableMapping, dataset: Dataset) -> TableMapping:
    names = {c.name for c in dataset.columns}
    columns = {name: column for name, column in table.columns.items() if column.target in names}
    return replace(table, columns=columns, other_years=tuple(name for name in table.columns if name not in columns))


# -- reading -------------------------------------------------------------------------------------------------------


def with_changes(
    promised: dict[Path, Dataset], folder: Path, codes: CodeLists, as_column: Callable[[SchemaProperty], Column]
) -> dict[str, Dataset]:
    """The datasets of some contracts by id, with the changes that lie beside them in the folder.

    Raises ContractError that names file and place.
    """
    found: dict[Path, list[Change]] = {}
    for path in sorted(folder.glob(f"*/*{SUFFIX}")):
        contract = path.with_name(f"{path.name.partition('.')[0]}{CONTRACT}")
        if contract not in promised:
            raise ContractError(f"{path.name}: no contract lies beside it")
        try:
            found.setdefault(contract, []).append(_change(path, promised[contract], as_column))
        except (KeyError, ValueError, TypeError, yaml.YAMLError) as error:
            raise ContractError(f"{path.name}: {error}") from error
    for contract, changes in found.items():
        by_year = tuple(sorted(changes, key=lambda change: change.ar))
        promised = promised | {contract: replace(promised[contract], changes=by_year)}
        _refuse_columns(promised[contract])
        _refuse_codes(promised[contract], codes)
    return {dataset.id: dataset for dataset in promised.values()}


def _change(path: Path, dataset: Dataset, as_column: Callable[[SchemaProperty], Column]) -> Change:
    file = _File.model_validate(read_yaml(path))
    if file.tabell != dataset.id:
        raise ValueError(f"tabell: {file.tabell} is not {dataset.id}, whose contract lies beside")
    if path.name != f"{path.name.partition('.')[0]}.{file.ar}{SUFFIX}":
        raise ValueError(f"ar: {file.ar} is not the year in the file's name")
    columns = tuple(as_column(SchemaProperty.model_validate(raw)) for raw in file.borttagna_kolumner)
    if not (file.tillkomna_kolumner or columns or file.tillkomna_koder or file.borttagna_koder):
        raise ValueError("nothing comes and nothing goes")
    said = (file.tillkomna_kolumner, columns, file.tillkomna_koder, file.borttagna_koder)
    return Change(path.name, file.ar, file.kalla, " ".join(file.anmarkning.split()), *said)


def _refuse_columns(dataset: Dataset) -> None:
    """Walk back from the contract: what came must be there, what went must not."""
    held = _held(dataset)
    defined = {c.name: c for c in widest(dataset).columns}
    later = {c.name for c in dataset.columns}
    for change in reversed(dataset.changes):
        added, removed = list(change.tillkomna_kolumner), [c.name for c in change.borttagna_kolumner]
        at_added, at_removed = f"{change.fil}: tillkomna_kolumner", f"{change.fil}: borttagna_kolumner"
        _refuse(at_added, "not in the contract's form of the year", [name for name in added if name not in later])
        _refuse(at_removed, "still in the contract's form of the year", [name for name in removed if name in later])
        _refuse(at_added, "said twice", _twice(added))
        _refuse(at_removed, "said twice", _twice(removed))
        _refuse(at_added, "rows cannot be told apart or kept safe without", [n for n in added if n in held])
        unsafe = [c.name for c in change.borttagna_kolumner if _is_held(c) or c.name in held]
        _refuse(at_removed, "rows cannot be told apart or kept safe without", unsafe)
        other = [c.name for c in change.borttagna_kolumner if c != defined[c.name]]
        _refuse(at_removed, "defined in another way than later", other)
        later = (later - set(added)) | set(removed)


def _refuse_codes(dataset: Dataset, codes: CodeLists) -> None:
    """The same for codes, where the list knows both those that came and those that went."""
    lists = {c.kodlista for c in widest(dataset).columns if c.kodlista}
    for change in dataset.changes:
        for place, said in (("tillkomna_koder", change.tillkomna_koder), ("borttagna_koder", change.borttagna_koder)):
            for kodlista, listed in said.items():
                where = f"{change.fil}: {place}.{kodlista}"
                if kodlista not in lists:
                    raise ContractError(f"{where}: no column of {dataset.id} has that code list")
                _refuse(where, "not in the code list", [code for code in listed if code not in codes.get(kodlista, ())])
                _refuse(where, "said twice", _twice(listed))
                if not listed:
                    raise ContractError(f"{where}: no codes")
    for kodlista in sorted(lists):
        _refuse_order(dataset, kodlista, codes.get(kodlista, ()))


def _refuse_order(dataset: Dataset, kodlista: str, known: tuple[str, ...]) -> None:
    """A code comes when it is not there and goes when it is."""
    later = set(form_codes(dataset, kodlista, known))
    for change in reversed(dataset.changes):
        added, removed = change.tillkomna_koder.get(kodlista, ()), change.borttagna_koder.get(kodlista, ())
        gone = [code for code in added if code not in later]
        _refuse(f"{change.fil}: tillkomna_koder.{kodlista}", "not in the contract's form of the year", gone)
        left = [code for code in removed if code in later]
        _refuse(f"{change.fil}: borttagna_koder.{kodlista}", "still in the contract's form of the year", left)
        later = (later - set(added)) | set(removed)


def _held(dataset: Dataset) -> set[str]:
    """Columns by which rows are known, follow each other or are kept at the gate: every year needs them."""
    structure = [*dataset.key, *(dataset.cascade.nyckel if dataset.cascade else ())]
    structure += [dataset.protection.kolumn, *dataset.protection.nyckel] if dataset.protection else []
    return {*structure, *(c.name for c in dataset.columns if _is_held(c))}


def _is_held(column: Column) -> bool:
    return column.kontroll in HELD or column.classification in HIDDEN or column.key_position is not None


def _twice(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})


def _refuse(where: str, fault: str, names: Iterable[str]) -> None:
    if listed := list(names):
        raise ContractError(f"{where}: {fault}: {', '.join(listed)}")

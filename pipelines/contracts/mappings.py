"""Mappings: how the export of a business system says what a contract says, in its own columns, codes and forms.

Belongs here: reading `data_contracts/sources/<source>/<profile>.mapping.yaml` and refusing what does not hang together.
Does not belong here: the SQL that translates (`landing/mapping_sql.py`), and any profile by name.

Whatever a mapping does not know is never guessed: the gate keeps it with UNKNOWN before it, so that the rules of the
contract see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field

from pipelines.contracts.changes import widest
from pipelines.contracts.files import read_yaml

if TYPE_CHECKING:
    from pipelines.contracts.model import Column, Dataset

SUFFIX = ".mapping.yaml"
CANONICAL = "kanonisk"
UNKNOWN = "\ufffd"
"""Stands before what a mapping does not know, and for what cannot be written in a cell: no code list has it."""
SEPARATORS = (";", ",", "|", "\t")
CodeLists = dict[str, tuple[str, ...]]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Form(_Strict):
    """One way a value may be written: a pattern for the whole cell (RE2), and what it becomes (`\\1` is a group)."""

    monster: Annotated[str, Field(min_length=1)]
    blir: Annotated[str, Field(min_length=1)]


class NumberForm(_Strict):
    """How amounts are written: thousands grouped by one of some signs, or not grouped at all."""

    tusental: tuple[str, ...] = ()
    decimaltecken: Annotated[str, Field(pattern=r"^[.,]$")]
    decimaler: Annotated[int, Field(ge=1, le=2)]


class _ColumnEntry(_Strict):
    kolumn: str
    form: str | None = None
    koder: str | None = None
    tal: str | None = None


class _TableEntry(_Strict):
    kolumner: dict[str, str | _ColumnEntry]
    utelamnade: tuple[str, ...] = ()


class _File(_Strict):
    profil: str
    beskrivning: str
    avgransare: str
    former: dict[str, tuple[Form, ...]] = {}
    tal: dict[str, NumberForm] = {}
    koder: dict[str, dict[str, str]] = {}
    datamangder: dict[str, _TableEntry]


@dataclass(frozen=True)
class MappedColumn:
    """One column of the sender's file: the contract's column it fills, and what is done to its cells (at most one)."""

    name: str
    target: str
    forms: tuple[Form, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    number: NumberForm | None = None


@dataclass(frozen=True, eq=False)
class TableMapping:
    """One dataset as a profile sends it. `left_out` are columns of the file that no one needs, `other_years` such that
    the form of the year does not have.
    """

    separator: str
    columns: dict[str, MappedColumn]
    left_out: tuple[str, ...] = ()
    other_years: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The file's columns in the sender's own words."""
        return (*self.columns, *self.left_out)

    def own_name(self, target: str) -> str:
        """The sender's name for a column of the contract."""
        return next((c.name for c in self.columns.values() if c.target == target), target)


@dataclass(frozen=True)
class Mapping:
    """A profile: its datasets by id."""

    profil: str
    kalla: str
    tables: dict[str, TableMapping]


def canonical(kalla: str, datasets: Iterable[Dataset]) -> Mapping:
    """The profile of those who send what the contracts say."""
    return Mapping(
        CANONICAL,
        kalla,
        {d.id: TableMapping(";", {c.name: MappedColumn(c.name, c.name) for c in d.columns}) for d in datasets},
    )


def load_mapping(path: Path, datasets: dict[str, Dataset], codes: CodeLists) -> Mapping:
    """Read one mapping. Raises ValueError where it does not fit the contracts beside it."""
    file = _File.model_validate(read_yaml(path))
    kalla = path.parent.name
    if file.profil != path.name.removesuffix(SUFFIX) or file.profil == CANONICAL:
        raise ValueError(f"the profile {file.profil} is not the file's name")
    if file.avgransare not in SEPARATORS:
        raise ValueError("avgransare is not a separator that can be read")
    _refuse_bad_forms(file)
    tables = {}
    for name, entry in file.datamangder.items():
        if name not in datasets or datasets[name].kalla != kalla:
            raise ValueError(f"unknown dataset {name}")
        tables[name] = _table(file, entry, datasets[name], codes)
    return Mapping(file.profil, kalla, tables)


def _table(file: _File, entry: _TableEntry, dataset: Dataset, codes: CodeLists) -> TableMapping:
    known = {c.name: c for c in widest(dataset).columns}
    columns: dict[str, MappedColumn] = {}
    for name, said in entry.kolumner.items():
        to = _ColumnEntry(kolumn=said) if isinstance(said, str) else said
        if to.kolumn not in known:
            raise ValueError(f"{dataset.id}: unknown column {to.kolumn}")
        columns[name] = _column(file, name, to, known[to.kolumn], codes)
    targets = [c.target for c in columns.values()]
    if missing := [c.name for c in dataset.columns if c.name not in targets]:
        raise ValueError(f"{dataset.id}: no column of the file gives {', '.join(missing)}")
    names = (*columns, *entry.utelamnade)
    if len(set(targets)) != len(targets) or len(set(names)) != len(names):
        raise ValueError(f"{dataset.id}: a column stands twice")
    if any(not name or set(name) & {'"', "\n", "\r", file.avgransare} for name in names):
        raise ValueError(f"{dataset.id}: a column's name cannot be written in the file")
    return TableMapping(file.avgransare, columns, entry.utelamnade)


def _column(file: _File, name: str, entry: _ColumnEntry, column: Column, codes: CodeLists) -> MappedColumn:
    where = f"{name} to {column.name}"
    if sum(x is not None for x in (entry.form, entry.koder, entry.tal)) > 1:
        raise ValueError(f"{where}: more than one of form, koder and tal")
    if entry.tal is not None and column.logical_type != "number":
        raise ValueError(f"{where}: tal is for columns that hold a number")
    local = _named(file.koder, entry.koder, where) or {}
    if entry.koder is not None:
        _refuse_unknown_codes(local, column, codes, where)
    return MappedColumn(
        name,
        column.name,
        _named(file.former, entry.form, where) or (),
        tuple(local.items()),
        _named(file.tal, entry.tal, where),
    )


def _named(entries: dict[str, Any], name: str | None, where: str) -> Any:
    if name is not None and name not in entries:
        raise ValueError(f"{where}: {name} is not in the file")
    return entries[name] if name is not None else None


def _refuse_unknown_codes(local: dict[str, str], column: Column, codes: CodeLists, where: str) -> None:
    if column.kodlista is None:
        raise ValueError(f"{where}: the column has no code list")
    if unknown := sorted(set(local.values()) - set(codes[column.kodlista])):
        raise ValueError(f"{where}: not in the code list {column.kodlista}: {', '.join(unknown)}")


def _refuse_bad_forms(file: _File) -> None:
    """Patterns must be such as the gate can run, and replacements speak of groups that exist."""
    with duckdb.connect() as db:
        for form in (form for forms in file.former.values() for form in forms):
            try:
                groups = re.compile(form.monster).groups
                db.execute("select regexp_full_match('', ?)", [form.monster])
            except (re.error, duckdb.Error):
                raise ValueError(f"the pattern {form.monster} cannot be read") from None
            if any(int(n) > groups for n in re.findall(r"\\(\d)", form.blir)):
                raise ValueError(f"{form.blir} speaks of a group that {form.monster} lacks")
    for number in file.tal.values():
        if number.decimaltecken in number.tusental or any(len(s) != 1 or s.isdigit() for s in number.tusental):
            raise ValueError("a thousands separator is one sign, not a digit nor the decimal sign")

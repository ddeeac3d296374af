"""The contracts as the rest of the code sees them: datasets with columns, rules and relations.

Belongs here: reading `data_contracts/` into small frozen objects and refusing what does not hang together.
Does not belong here: SQL (see `landing/gate_sql.py`) and rendered files (see `render.py`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty

from pipelines.contracts.changes import LATEST, Change, Narrowed, widest, with_changes
from pipelines.contracts.files import ContractError, read_yaml
from pipelines.contracts.mappings import CANONICAL, SUFFIX, Mapping, canonical, load_mapping
from pipelines.contracts.periods import NO_SOURCE, Calendar
from pipelines.contracts.relations import Cascade, History, Lookup, Pairs, Protection, Share, relations
from pipelines.settings import PROJECT_ROOT

CONTRACTS = PROJECT_ROOT / "data_contracts"
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
FORMATS = ("csv", "xlsx", "xml")
PURPOSES = {"kvalitetsuppfoljning": "kvalitetsuppföljning"}  # in words, where the contract's own is none
Severity = Literal["FATAL", "ERROR", "ERROR_RAD", "WARNING", "INFO"]


@dataclass(frozen=True)
class Rule:
    """A rule a sender can break: its id, severity and what the sender should do.

    `brott` is the SQL condition that is true for a row that breaks it (rules written in a contract only). A rule that
    is `vilande` is known but never tried; the text says why.
    """

    id: str
    allvar: Severity
    regel: str
    meddelande: str
    dimension: str = ""
    eskalering_andel: float | None = None
    eskalering_minst: int = 0
    kolumn: str | None = None
    brott: str | None = None
    vilande: str | None = None

    @property
    def stops(self) -> bool:
        return self.allvar in ("FATAL", "ERROR")

    @property
    def eskalering_procent(self) -> str:
        """The share of rows above which the rule stops a delivery, in per cent as it is read in Swedish."""
        return f"{100 * (self.eskalering_andel or 0):g}".replace(".", ",")


@dataclass(frozen=True)
class Column:
    """One delivered column. `kontroll` names the special check the gate makes of it."""

    name: str
    logical_type: str
    physical_type: str
    required: bool
    key_position: int | None
    classification: str | None
    description: str | None
    minimum: float | None
    max_length: int | None
    kodlista: str | None
    kodregel: str | None
    obligatorisk_nar: str | None
    tom_nar: str | None
    foretrade: str | None
    kontroll: str | None
    inte_fore: str | None


@dataclass(frozen=True)
class Dataset:
    """One delivered table as its contract promises it.

    `same_person`: columns in which a reservnummer and a real number agree when they may be one person (GEN-13).
    With `kraver_avtal` only a municipality that has an agreement for `andamal` and the year may send it (GEN-26).
    `derived`: what rules, lookups and pairs may read of a row beside its columns, by name. `changes`: what earlier
    forms had (`changes.py`), by year.
    `formats`: the endings, and so the formats, that its files may have.
    """

    id: str
    kalla: str
    version: str
    titel: str
    andamal: str
    calendar: Calendar
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    lookups: tuple[Lookup, ...] = ()
    cascade: Cascade | None = None
    protection: Protection | None = None
    same_person: tuple[str, ...] = ()
    kraver_avtal: bool = False
    derived: dict[str, str] = field(default_factory=dict)
    pairs: tuple[Pairs, ...] = ()
    history: History | None = None
    shares: tuple[Share, ...] = ()
    formats: tuple[str, ...] = FORMATS
    description: dict[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        keyed = [(c.key_position, c.name) for c in self.columns if c.key_position is not None]
        return tuple(name for _, name in sorted(keyed))

    @property
    def identity_column(self) -> str | None:
        """The column whose values are replaced by pseudonyms, if any."""
        return next((c.name for c in self.columns if c.kontroll == "personidentitet"), None)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _custom(item: Any) -> dict[str, Any]:
    return {p.property: p.value for p in item.customProperties or []}


def _column(prop: SchemaProperty) -> Column:
    extra, options = _custom(prop), prop.logicalTypeOptions or {}
    return Column(
        name=str(prop.name),
        logical_type=str(prop.logicalType),
        physical_type=str(prop.physicalType),
        required=bool(prop.required),
        key_position=prop.primaryKeyPosition if prop.primaryKey else None,
        classification=prop.classification,
        description=prop.description,
        minimum=options.get("minimum"),
        max_length=options.get("maxLength"),
        kodlista=extra.get("kodlista"),
        kodregel=extra.get("kodregel"),
        obligatorisk_nar=extra.get("obligatorisk_nar"),
        tom_nar=extra.get("tom_nar"),
        foretrade=extra.get("foretrade"),
        kontroll=extra.get("kontroll"),
        inte_fore=extra.get("inte_fore"),
    )


def _contract_rules(table: SchemaObject) -> tuple[Rule, ...]:
    """The table's rules; one without a severity is only when a rule of the shared registry falls here."""
    rules = []
    for item in table.quality or []:
        extra = _custom(item)
        rules.append(
            Rule(
                id=str(item.id),
                allvar=item.severity,  # type: ignore[arg-type]
                regel=str(item.description or ""),
                meddelande=str(extra["meddelande"]) if item.severity else "",
                dimension=str(item.dimension or ""),
                kolumn=extra.get("kolumn"),
                brott=str(item.implementation),
            )
        )
    return tuple(rules)


def _calendar(extra: dict[str, Any]) -> Calendar:
    """A yearly source says its day of the following year (MM-DD), a monthly one its day of the following month."""
    yearly = {"manad": False, "ar": True}[extra["periodicitet"]]
    frist = str(extra["frist"]) if yearly else f"{int(extra['frist_dag']):02d}"
    found = Calendar(extra["periodicitet"], frist, extra.get("slutlig_frist"))
    found.deadline("2000" if yearly else "2000-12")  # a day that does not exist falls here
    return found


def _formats(extra: dict[str, Any]) -> tuple[str, ...]:
    """The endings that a file of the dataset may have."""
    found = tuple(extra["format"])
    if not found or set(found) - set(FORMATS):
        raise ValueError(f"format is not some of {', '.join(FORMATS)}")
    return found


def load_dataset(path: Path) -> Dataset:
    """Read one source contract. Raises ContractError with the file's name."""
    try:
        contract = OpenDataContractStandard.model_validate(read_yaml(path))
        (table,) = contract.schema_ or []
        extra, of_table = _custom(contract), _custom(table)
        return Dataset(
            id=str(contract.id),
            kalla=extra["kalla"],
            version=str(contract.version),
            titel=str(table.businessName),
            andamal=extra["andamal"],
            calendar=_calendar(extra),
            columns=tuple(_column(p) for p in table.properties or []),
            rules=_contract_rules(table),
            **relations(of_table),
            kraver_avtal=bool(extra.get("kraver_avtal", False)),
            formats=_formats(extra),
            description=(contract.description.model_dump(exclude_none=True) if contract.description else {}),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ContractError(f"{path.name}: {error}") from error


@dataclass(frozen=True)
class Contracts:
    """All source contracts with the shared registries they refer to."""

    datasets: dict[str, Dataset]
    rules: dict[str, Rule]
    codes: dict[str, tuple[str, ...]]
    columns: dict[str, str]
    mappings: dict[str, Mapping] = field(default_factory=dict)

    @cached_property
    def _canonical(self) -> dict[str, Mapping]:
        return {kalla: canonical(kalla, map(widest, self.source(kalla))) for kalla in self.sources}

    @cached_property
    def _by_year(self) -> Narrowed:
        return Narrowed(self.datasets)

    def mapping(self, profil: str, kalla: str, year: int = LATEST) -> Mapping | None:
        """How a profile sends a source in a year's form, or None when no one knows."""
        found = self._canonical.get(kalla) if profil == CANONICAL else self.mappings.get(profil)
        return self._by_year.mapping(found, year) if found and found.kalla == kalla else None

    def own_name(self, profil: str | None, dataset: str, column: str) -> str:
        """A contract's column in the words of who sends by the profile: the same, if it says nothing else."""
        mapping = self.mappings.get(profil or CANONICAL)
        table = mapping.tables.get(dataset) if mapping else None
        return table.own_name(column) if table else column

    def source(self, kalla: str) -> list[Dataset]:
        """The datasets of one source, parents before the rows that follow them."""
        found = [d for d in self.datasets.values() if d.kalla == kalla]
        return sorted(found, key=lambda d: (self._depth(d), d.id))

    def _depth(self, dataset: Dataset) -> int:
        """How many tables its rows follow, one after another."""
        parent = dataset.cascade and self.datasets.get(dataset.cascade.tabell)
        return 1 + self._depth(parent) if parent else 0

    def calendar(self, kalla: str) -> Calendar:
        """A source's periods and deadlines."""
        return next((d.calendar for d in self.datasets.values() if d.kalla == kalla), NO_SOURCE)

    @property
    def sources(self) -> list[str]:
        return sorted({d.kalla for d in self.datasets.values()})

    def agreement_for(self, kalla: str) -> str | None:
        """The purpose a municipality must have an agreement for to send a source, or None when it needs none."""
        return next((d.andamal for d in self.source(kalla) if d.kraver_avtal), None)

    @property
    def purposes_by_agreement(self) -> list[str]:
        """The purposes that some source may be sent for by agreement only."""
        return sorted({d.andamal for d in self.datasets.values() if d.kraver_avtal})


def _read_yaml(path: Path) -> Any:
    return read_yaml(path) if path.exists() else {}


def _shared_rules(root: Path) -> dict[str, Rule]:
    entries = _read_yaml(root / "shared" / "regler.yaml").get("regler", {})
    return {rule_id: Rule(id=rule_id, **entry) for rule_id, entry in entries.items()}


def _code_lists(root: Path, seeds: Path) -> dict[str, tuple[str, ...]]:
    lists = {}
    for name, entry in _read_yaml(root / "shared" / "kodlistor.yaml").items():
        with (seeds / f"{entry['seed']}.csv").open(encoding="utf-8", newline="") as handle:
            codes = [row[entry["kolumn"]] for row in csv.DictReader(handle)]
        lists[name] = (*codes, *entry.get("tillagg", ()))
    return lists


def _mappings(root: Path, datasets: dict[str, Dataset], codes: dict[str, tuple[str, ...]]) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    for path in sorted(root.glob(f"sources/*/*{SUFFIX}")):
        try:
            mapping = load_mapping(path, datasets, codes)
        except (KeyError, ValueError, TypeError, yaml.YAMLError) as error:
            raise ContractError(f"{path.name}: {error}") from error
        if mapping.profil in found:
            raise ContractError(f"{path.name}: another source has a profile of that name")
        found[mapping.profil] = mapping
    return found


def _with_shared(dataset: Dataset, shared: dict[str, Rule]) -> Dataset:
    """The dataset with the words of the shared rules that its contract only says when they fall."""
    rules = []
    for rule in dataset.rules:
        if not rule.meddelande and rule.id not in shared:
            raise ContractError(f"{dataset.id}: unknown rule {rule.id}")
        said = rule if rule.meddelande else replace(shared[rule.id], kolumn=rule.kolumn, brott=rule.brott)
        rules.append(said)
    return replace(dataset, rules=tuple(rules))


def load_contracts(root: Path = CONTRACTS, seeds: Path = SEEDS) -> Contracts:
    """Read every `sources/**/*.odcs.yaml`, the changes and mappings beside them and the shared registries under `root`.

    Raises ContractError where one of them points at a rule, code list, table or column that does not exist.
    """
    rules, codes = _shared_rules(root), _code_lists(root, seeds)
    found_at = sorted(root.glob("sources/*/*.odcs.yaml"))
    promised = {path: _with_shared(load_dataset(path), rules) for path in found_at}
    datasets = with_changes(promised, root / "sources", codes, _column)
    for dataset in datasets.values():
        rules |= {rule.id: rule for rule in dataset.rules if rule.id not in rules}
    found = Contracts(datasets, rules, codes, _read_yaml(root / "shared" / "kolumner.yaml") or {})
    _refuse_dangling(found)
    return replace(found, mappings=_mappings(root, datasets, codes))


def _refuse_dangling(contracts: Contracts) -> None:
    for dataset in contracts.datasets.values():
        for column in widest(dataset).columns:
            if column.kodlista and column.kodlista not in contracts.codes:
                raise ContractError(f"{dataset.id}.{column.name}: unknown code list {column.kodlista}")
            if column.kodregel and column.kodregel not in contracts.rules:
                raise ContractError(f"{dataset.id}.{column.name}: unknown rule {column.kodregel}")
        if unknown := set(dataset.same_person) - {column.name for column in dataset.columns}:
            raise ContractError(f"{dataset.id}: unknown column {', '.join(sorted(unknown))}")
        _refuse_mixed(contracts, dataset)
        named = [*(s.regel for s in dataset.shares), *(dataset.history.rules if dataset.history else ())]
        if lacking := [rule for rule in named if rule not in contracts.rules]:
            raise ContractError(f"{dataset.id}: unknown rule {', '.join(lacking)}")
        tables = [u.tabell for u in dataset.lookups] + ([dataset.cascade.tabell] if dataset.cascade else [])
        for table in tables:
            if table not in contracts.datasets:
                raise ContractError(f"{dataset.id}: unknown table {table}")
        if dataset.cascade and not set(dataset.cascade.nyckel) >= set(contracts.datasets[dataset.cascade.tabell].key):
            raise ContractError(f"{dataset.id}: follows {dataset.cascade.tabell} by less than its key")


def _refuse_mixed(contracts: Contracts, dataset: Dataset) -> None:
    if dataset.calendar != contracts.calendar(dataset.kalla):
        raise ContractError(f"{dataset.id}: other periods or deadlines than the source's other tables")
    if len({(d.andamal, d.kraver_avtal) for d in contracts.source(dataset.kalla)}) > 1:
        raise ContractError(f"{dataset.id}: another purpose or need of an agreement than the source's other tables")
    if len({d.protection.nyckel for d in contracts.source(dataset.kalla) if d.protection}) > 1:
        raise ContractError(f"{dataset.id}: protection by another key than in the source's other tables")


@lru_cache(maxsize=1)
def get_contracts() -> Contracts:
    """The project's own contracts, read once per process."""
    return load_contracts()

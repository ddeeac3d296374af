"""The gate's rows: every received row in its types, with what other rows of the package say of it.

Belongs here: the SQL of identities, lookups, pairs, parents and protection, rendered from a contract. Does not belong
here: what is asked of one row (`gate_sql.py`), running it (`gate.py`) and any rule of its own.
"""

from __future__ import annotations

from pipelines.contracts.changes import HIDDEN
from pipelines.contracts.model import Contracts, Dataset
from pipelines.contracts.relations import Lookup, Pairs
from pipelines.landing.gate_keys import asked_keys, key
from pipelines.landing.gate_sql import (
    FROM_NUMBER,
    Check,
    blocking_mask,
    fault_mask,
    foreign,
    mask_type,
    may_hide,
    on,
    period_bounds,
    typed,
)

Joined = tuple[str, str]


def _cells(dataset: Dataset) -> str:
    """A row's cells in their types, the text of those that are not text, and whether one has what cannot be seen."""
    return ", ".join(
        f"{typed(c, 'r.' + c.name)} as {c.name}"
        + (f", r.{c.name} as {c.name}__text" if c.logical_type != "string" else "")
        + (f", r.{c.name}__osynligt" if may_hide(c) else "")
        for c in dataset.columns
    )


def _derived(dataset: Dataset) -> str:
    return "".join(f", ({sql}) as {name}" for name, sql in dataset.derived.items())


def _read(dataset: Dataset, contracts: Contracts) -> str:
    """A table's received rows in their types, with what is derived of them and of their numbers."""
    columns, joins = _identity_join(dataset)
    keys = "".join(f", r.{key(names)}" for names in asked_keys(dataset, contracts.source(dataset.kalla)))
    return (
        f"select *{_derived(dataset)} from (select r.paket, r.radnr{keys}, {_cells(dataset)}{columns}, "
        f"p.mottagen_datum as paket_datum, {period_bounds(dataset.calendar)} from r_{dataset.id} as r "
        f"join paket as p on p.paket = r.paket{joins})"
    )


def _named(measures: dict[str, str]) -> str:
    return ", ".join(f"{sql} as {name}" for name, sql in measures.items())


def _found(alias: str, matt: dict[str, str], varden: dict[str, str]) -> str:
    """What a join brought: a measure is 0 where there is nothing to measure, a value is empty."""
    counted = "".join(f", coalesce({alias}.{name}, 0) as {name}" for name in matt)
    return counted + "".join(f", {alias}.{name}" for name in varden)


def _lookup_source(lookup: Lookup, contracts: Contracts) -> str:
    number, measures = key(lookup.nyckel), _named(lookup.matt | lookup.varden)
    table = f"{'f' if lookup.flera else 'r'}_{lookup.tabell}"
    if lookup.typat:
        table = f"({_read(contracts.datasets[lookup.tabell], contracts)})"
    shared = " having count(*) > 1" if lookup.flera else ""
    return f"select {number}, {measures} from {table} where {number} is not null group by {number}{shared}"


def _lookup_joins(dataset: Dataset, contracts: Contracts) -> Joined:
    """Columns and joins that bring another table's measures, counted over all received rows."""
    columns, joins = "", ""
    for i, lookup in enumerate(dataset.lookups):
        columns += _found(f"u{i}", lookup.matt, lookup.varden)
        source = f"({_lookup_source(lookup, contracts)})"
        joins += f"\n left join {source} as u{i} on {on('r', f'u{i}', lookup.nyckel)}"
    return columns, joins


def _pair_source(dataset: Dataset, contracts: Contracts, pairs: Pairs) -> str:
    """A pair's key may be of what is derived of its rows."""
    alike = " and ".join(f"a.{name} = b.{name}" for name in ("paket", *pairs.nyckel))
    return f"""
        with t as materialized (select * from ({_read(dataset, contracts)}) where {pairs.rader}),
        par as (
            select a.paket, a.radnr, {_named(pairs.per_par)} from t as a
            join t as b on {alike} and a.radnr <> b.radnr
        )
        select paket, radnr, {_named(pairs.matt | pairs.varden)} from par group by paket, radnr
    """


def _pair_joins(dataset: Dataset, contracts: Contracts) -> Joined:
    columns, joins = "", ""
    for i, pairs in enumerate(dataset.pairs):
        columns += _found(f"q{i}", pairs.matt, pairs.varden)
        source = f"({_pair_source(dataset, contracts, pairs)})"
        joins += f"\n left join {source} as q{i} on q{i}.paket = r.paket and q{i}.radnr = r.radnr"
    return columns, joins


def _identity_join(dataset: Dataset) -> Joined:
    if dataset.identity_column is None:
        return "", ""
    columns = ", i.giltig as identitet_giltig, i.fodelsedatum, i.person_id" + "".join(
        f", i.{name} as {name}__nummer" for name in FROM_NUMBER
    )
    return columns, "\n left join identitet_nu as i on i.identitet_nr = r.identitet_nr"


def _cascade_join(dataset: Dataset) -> Joined:
    """Whether the row lacks a whole parent, or has one that is set aside. Of a key only one row is ever whole: two with
    the same key are both set aside (GEN-12).
    """
    cascade = dataset.cascade
    if cascade is None:
        return "", ""
    number = key(cascade.nyckel)
    whole = f"select {number} from g_{cascade.tabell} where not ar_satt_at_sidan"
    fallen = f"select distinct {number} from g_{cascade.tabell} where ar_satt_at_sidan"
    source, fault = (whole, "is null") if cascade.kravs else (fallen, "is not null")
    return f", f.{number} {fault} as foralder_fattas", f"\n left join ({source}) as f on {on('r', 'f', cascade.nyckel)}"


def _shield(dataset: Dataset, protected_by: tuple[str, ...]) -> Joined:
    """Whether the row is protected: by the key, where its table has it; a table without it has no persons."""
    if not protected_by or not {c.name for c in dataset.columns} >= set(protected_by):
        return ", false as ar_skyddad_rad", ""
    return (
        f", s.{key(protected_by)} is not null as ar_skyddad_rad",
        f"\n left join skyddat as s on {on('r', 's', protected_by)}",
    )


def gated(dataset: Dataset, contracts: Contracts, found: list[Check], protected_by: tuple[str, ...]) -> str:
    """SELECT of every received row's place and what is not its text: values in their types, identities replaced, its
    fault mask and whether it is protected.
    """
    parts = [
        _lookup_joins(dataset, contracts),
        _pair_joins(dataset, contracts),
        _identity_join(dataset),
        _cascade_join(dataset),
        _shield(dataset, protected_by),
    ]
    extra, joins = "".join(p[0] for p in parts), "".join(p[1] for p in parts)
    return f"""
        with rad as (
            select r.paket, r.radnr, {_cells(dataset)}{extra},
                r.ar_dubblett, m.radnr is not null as ar_kanske_dubbel,
                p.leveranstyp, p.mottagen_datum as paket_datum, p.skyddade_deklarerade,
                {foreign(dataset.calendar)}, {period_bounds(dataset.calendar)}
            from r_{dataset.id} as r
            join paket as p on p.paket = r.paket
            left join m_{dataset.id} as m on m.paket = r.paket and m.radnr = r.radnr{joins}
        ),
        last as (select *{_derived(dataset)} from rad),
        provad as (select *, cast({fault_mask(found)} as {mask_type(found)}) as fel from last)
        select paket, radnr, {"".join(f"{value}, " for value in _values(dataset))}
            ar_skyddad_rad, ar_annans, ar_annan_period, fel, fel & {blocking_mask(found)} <> 0 as ar_satt_at_sidan
        from provad
    """


def _values(dataset: Dataset) -> list[str]:
    """What lands in another form than it was sent: by its type, by the person's number, or in the number's place."""
    told = FROM_NUMBER if dataset.identity_column else ()
    kept = [c for c in dataset.columns if c.classification not in HIDDEN]
    values = [f"coalesce({c.name}__nummer, {c.name}) as {c.name}" for c in kept if c.name in told]
    values += [c.name for c in kept if c.logical_type != "string" and c.name not in told]
    return values + (["person_id"] if dataset.identity_column else [])

"""The gate's rows: every received row in its types, with what other rows of the package say of it.

Belongs here: the SQL of identities, lookups, pairs, parents and protection, rendered from a contract. Does not belong
here: what is asked of one row (`gate_sql.py`), running it (`gate.py`) and any rule of its own.
"""

from __future__ import annotations

from pipelines.contracts.changes import HIDDEN
from pipelines.contracts.model import Contracts, Dataset
from pipelines.contracts.relations import Lookup, Pairs
from pipelines.landing.gate_sql import (
    FROM_NUMBER,
    Check,
    blocking_mask,
    fault_mask,
    foreign,
    mask_type,
    on,
    period_bounds,
    same_identity,
    typed,
    whole,
)

Joined = tuple[str, str]


def _cells(dataset: Dataset) -> str:
    """A row's cells in their types, and the text of those that are not text."""
    return ", ".join(
        f"{typed(c, 'r.' + c.name)} as {c.name}"
        + (f", r.{c.name} as {c.name}__text" if c.logical_type != "string" else "")
        for c in dataset.columns
    )


def _derived(dataset: Dataset) -> str:
    return "".join(f", ({sql}) as {name}" for name, sql in dataset.derived.items())


def _read(dataset: Dataset) -> str:
    """A table's received rows in their types, with what is derived of them and of their numbers."""
    columns, joins = _identity_join(dataset)
    return (
        f"select *{_derived(dataset)} from (select r.paket, r.radnr, {_cells(dataset)}{columns}, "
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
    keys, measures = ", ".join(("paket", *lookup.nyckel)), _named(lookup.matt | lookup.varden)
    if lookup.flera:
        return (
            f"select {keys}, {measures} from f_{lookup.tabell} where {whole(lookup.nyckel)} "
            f"group by {keys} having count(*) > 1"
        )
    table = f"({_read(contracts.datasets[lookup.tabell])})" if lookup.typat else f"r_{lookup.tabell}"
    return f"select {keys}, {measures} from {table} group by {keys}"


def _lookup_joins(dataset: Dataset, contracts: Contracts) -> Joined:
    """Columns and joins that bring another table's measures, counted over all received rows."""
    columns, joins = "", ""
    for i, lookup in enumerate(dataset.lookups):
        columns += _found(f"u{i}", lookup.matt, lookup.varden)
        source = f"({_lookup_source(lookup, contracts)})"
        joins += f"\n left join {source} as u{i} on {on('r', f'u{i}', lookup.nyckel)}"
    return columns, joins


def _pair_source(dataset: Dataset, pairs: Pairs) -> str:
    return f"""
        with t as materialized (select * from ({_read(dataset)}) where {pairs.rader}),
        par as (
            select a.paket, a.radnr, {_named(pairs.per_par)} from t as a
            join t as b on {on("a", "b", pairs.nyckel)} and a.radnr <> b.radnr
        )
        select paket, radnr, {_named(pairs.matt | pairs.varden)} from par group by paket, radnr
    """


def _pair_joins(dataset: Dataset) -> Joined:
    columns, joins = "", ""
    for i, pairs in enumerate(dataset.pairs):
        columns += _found(f"q{i}", pairs.matt, pairs.varden)
        joins += f"\n left join ({_pair_source(dataset, pairs)}) as q{i} on {on('r', f'q{i}', ('radnr',))}"
    return columns, joins


def _identity_join(dataset: Dataset) -> Joined:
    if dataset.identity_column is None:
        return "", ""
    columns = ", i.giltig as identitet_giltig, i.fodelsedatum, i.person_id" + "".join(
        f", i.{name} as {name}__nummer" for name in FROM_NUMBER
    )
    return columns, f"\n left join identitet as i on {same_identity(dataset, 'r')}"


def _cascade_join(dataset: Dataset) -> Joined:
    """The row's parent is whole when one parent row with the key is not set aside."""
    cascade = dataset.cascade
    if cascade is None:
        return "", ""
    fault = "coalesce(not f.hel, true)" if cascade.kravs else "coalesce(not f.hel, false)"
    keys = ", ".join(("paket", *cascade.nyckel))
    source = f"(select {keys}, bool_or(not ar_satt_at_sidan) as hel from g_{cascade.tabell} group by {keys})"
    return f", {fault} as foralder_fattas", f"\n left join {source} as f on {on('r', 'f', cascade.nyckel)}"


def _shield(dataset: Dataset, protected_by: tuple[str, ...]) -> Joined:
    """Whether the row is protected: by the key, where its table has it; a table without it has no persons."""
    if not protected_by or not {c.name for c in dataset.columns} >= set(protected_by):
        return ", false as ar_skyddad_rad", ""
    return ", s.paket is not null as ar_skyddad_rad", f"\n left join skyddat as s on {on('r', 's', protected_by)}"


def gated(dataset: Dataset, contracts: Contracts, found: list[Check], protected_by: tuple[str, ...]) -> str:
    """CREATE `g_<dataset>`: every received row, typed, with its fault mask and whether it is protected."""
    parts = [
        _lookup_joins(dataset, contracts),
        _pair_joins(dataset),
        _identity_join(dataset),
        _cascade_join(dataset),
        _shield(dataset, protected_by),
    ]
    extra, joins = "".join(p[0] for p in parts), "".join(p[1] for p in parts)
    kept = [c.name for c in dataset.columns if c.classification not in HIDDEN]
    if dataset.identity_column:
        kept += ["person_id", *(f"{name}__nummer" for name in FROM_NUMBER)]
    return f"""
        create or replace temp table g_{dataset.id} as
        with rad as (
            select r.paket, r.radnr, {_cells(dataset)}{extra},
                d.paket is not null as ar_dubblett, m.radnr is not null as ar_kanske_dubbel,
                p.leveranstyp, p.mottagen_datum as paket_datum, p.skyddade_deklarerade,
                {foreign(dataset.calendar)}, {period_bounds(dataset.calendar)}
            from r_{dataset.id} as r
            join paket as p on p.paket = r.paket
            left join m_{dataset.id} as m on m.paket = r.paket and m.radnr = r.radnr
            left join d_{dataset.id} as d on d.paket = r.paket and d.radnr = r.radnr{joins}
        ),
        last as (select *{_derived(dataset)} from rad),
        provad as (select *, cast({fault_mask(found)} as {mask_type(found)}) as fel from last)
        select paket, radnr, {", ".join(kept)}, ar_skyddad_rad, ar_annans, ar_annan_period, fel,
            fel & {blocking_mask(found)} <> 0 as ar_satt_at_sidan
        from provad
    """

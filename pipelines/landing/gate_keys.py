"""What rows of a batch have in common, as whole numbers: each different key and identity is numbered once.

Belongs here: numbering by Arrow and numpy, and which keys a source's rows are joined by. Does not belong here: what is
asked of rows with the same key (`gate_rows.py`), and what an identity is worth (`identities.py`).

A join by one number costs a third of a join by a number and two or three texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Dataset

Numbers = npt.NDArray[np.int64]
NONE = -1  # the number of what is empty, or has an empty part: it is like nothing else
MOST = 1 << 62
OF_ONE_YEAR = "reserv"  # the kind of identity that is one person only within its year


def key(names: Iterable[str]) -> str:
    """The column of a key's number: of rows in the same package with the same cells under these names, none empty."""
    return "_".join(("nyckel", *names))


def asked_keys(dataset: Dataset, source: Iterable[Dataset]) -> list[tuple[str, ...]]:
    """The keys, of cells as they were sent, by which a table's rows are joined with others of the source."""
    found = {dataset.same_person} if dataset.same_person else set()
    for other in source:
        found |= {u.nyckel for u in other.lookups if dataset.id in (other.id, u.tabell)}
        if other.cascade and dataset.id in (other.id, other.cascade.tabell):
            found.add(other.cascade.nyckel)
        if other.protection and {c.name for c in dataset.columns} >= set(other.protection.nyckel):
            found.add(other.protection.nyckel)
    return sorted(found)


def looked_up_if_shared(dataset: Dataset, source: Iterable[Dataset]) -> set[tuple[str, ...]]:
    """The keys of a table's rows that are looked up only where more than one row has them."""
    return {u.nyckel for other in source for u in other.lookups if u.flera and u.tabell == dataset.id}


class Numbering:
    """A batch's rows of all tables, one table after another, with a number for each different cell and key."""

    def __init__(self, datasets: Sequence[Dataset], rows: Mapping[str, pa.Table], packages: pa.Table) -> None:
        self._tables = [rows[dataset.id] for dataset in datasets]
        ends = np.cumsum([len(table) for table in self._tables])
        self._places = {d.id: slice(e - len(t), e) for d, t, e in zip(datasets, self._tables, ends, strict=True)}
        self._paket = np.concatenate([table["paket"].to_numpy() for table in self._tables]).astype(np.int64)
        self._packages = packages
        self._number = next((d.identity_column for d in datasets if d.identity_column), "")
        self._cells: dict[str, tuple[Numbers, pa.Array]] = {}
        self._keys: dict[tuple[str, ...], Numbers] = {}

    def key(self, dataset: Dataset, names: tuple[str, ...]) -> pa.Array:
        """The number of each row's key, by which it can be joined with rows of any table; NULL for none."""
        if names not in self._keys:
            self._keys[names] = _together([(self._paket, self._packages), *(self._numbered(name) for name in names)])
        return _column(self._keys[names][self._places[dataset.id]])

    def repeated(self, dataset: Dataset, names: tuple[str, ...]) -> pa.Array:
        """For each row whether its key stands on another row of its table too."""
        numbers = self.key(dataset, names)
        ordered = np.sort(numbers.drop_null().to_numpy(), kind="stable")  # rows come nearly in order
        return pc.is_in(numbers, value_set=pa.array(np.unique(ordered[1:][ordered[1:] == ordered[:-1]])))

    def matching(self, dataset: Dataset, name: str, pattern: str) -> pa.Array:
        """For each row whether its cell matches a pattern, which is tried once on each different one; NULL for none."""
        numbers, different = self._numbered(name)
        found = pc.match_substring_regex(different, pattern)
        return found.take(_column(numbers[self._places[dataset.id]]))

    def identities(self) -> tuple[dict[str, pa.Array], pa.Table]:
        """The number of each row's identity, by table, and the cells of each different one with its number."""
        parts = {"kommun_kod": self._senders(), **self._persons()}
        numbers = _dense(_together(parts.values()))
        one = np.empty(numbers.max(initial=NONE) + 1, np.int64)
        one[numbers[numbers != NONE]] = np.flatnonzero(numbers != NONE)
        cells = {name: different.take(pa.array(at[one])) for name, (at, different) in parts.items()}
        by_table = {name: _column(numbers[place]) for name, place in self._places.items()}
        return by_table, pa.table({"identitet_nr": np.arange(len(one)), **cells})

    def _senders(self) -> tuple[Numbers, pa.Array]:
        sender = self._packages["kommun_kod"].combine_chunks().dictionary_encode()
        return sender.indices.to_numpy()[self._paket], sender.dictionary

    def _persons(self) -> dict[str, tuple[Numbers, pa.Array]]:
        """Kind, number and, of a reservnummer, year."""
        at, kinds = self._numbered("id_typ")
        periods, different = self._numbered("period")
        year = pc.utf8_slice_codeunits(different, 0, 4)
        years = pc.unique(pa.concat_arrays([pa.array([""]), year]))
        of_period = np.append(pc.index_in(year, years).to_numpy(), NONE)
        one_year = at == pc.index(kinds, OF_ONE_YEAR).as_py()
        ar = np.where(one_year, of_period[periods], 0)
        return {"id_typ": (at, kinds), "nummer": self._numbered(self._number), "ar": (ar, years)}

    def _numbered(self, name: str) -> tuple[Numbers, pa.Array]:
        """Of each row the number of its cell, and the different cells by their numbers."""
        if name not in self._cells:
            chunks = [
                chunk
                for t in self._tables
                for chunk in (t[name].chunks if name in t.column_names else [pa.nulls(len(t), pa.string())])
            ]
            found = pa.chunked_array(chunks, pa.string()).combine_chunks().dictionary_encode()
            self._cells[name] = _numbers(found.indices), found.dictionary
        return self._cells[name]


def _together(parts: Iterable[tuple[Numbers, Sized]]) -> Numbers:
    """One number for what several make together: the parts' numbers, each below the number of its different cells."""
    (whole, different), *others = parts
    whole, size, missing = whole.copy(), len(different), whole == NONE
    for numbers, different in others:
        if size * len(different) > MOST:
            whole, size = _dense(whole), len(whole)
        whole *= len(different)
        whole += numbers
        size = max(size * len(different), 1)
        missing |= numbers == NONE
    whole[missing] = NONE
    return whole


def _dense(numbers: Numbers) -> Numbers:
    """The same numbers from 0 on, without gaps."""
    return _numbers(_column(numbers).dictionary_encode().indices)


def _numbers(indices: pa.Array) -> Numbers:
    found: Numbers = pc.fill_null(indices, NONE).to_numpy().astype(np.int64)
    return found


def _column(numbers: Numbers) -> pa.Array:
    return pa.array(numbers, mask=numbers == NONE)

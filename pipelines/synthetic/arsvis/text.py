"""Typed rows to the files of each package, as CSV, workbook or XML.

Belongs here: cells as text, cutting by package, what was done to a package's columns (GEN-02, GEN-03, GEN-04). Does not
belong here: what a workbook or XML looks like (format), manifests and wrapping (paket).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from pipelines.synthetic.arsvis.avsandare import Avsandare
from pipelines.synthetic.arsvis.doman import Doman, Layout
from pipelines.synthetic.arsvis.plan import Paket
from pipelines.synthetic.arsvis.rader import Leveranser
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows, order_within
from pipelines.synthetic.format import write_xlsx, write_xml
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.profiler import EXTRA, Profil

_OKAND = "XX"
_SAKNAS = "skyddad"
COMMON = ("kommun_kod", "stadsdel_kod", "period")
Names: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Fil:
    """One file of one package: its format, bytes and number of data rows."""

    format: str
    innehall: bytes
    rader: int


def formats(urval: list[int], size: Arr, rng: np.random.Generator, share: dict[str, float]) -> dict[int, str]:
    """Municipality -> format: workbooks and XML come from some of the smaller half."""
    small = sorted(urval, key=lambda k: float(size[k]))[: (len(urval) + 1) // 2]
    order = [int(k) for k in rng.permutation(small)]
    out = dict.fromkeys(urval, "csv")
    for name, part in share.items():
        count = max(round(part * len(urval)), int(len(urval) >= len(share) * 2))
        chosen, order = order[:count], order[count:]
        out |= dict.fromkeys(chosen, name)
    return out


def _coded(index: Arr, values: Sequence[str]) -> pa.Array:
    return pa.array(list(values), pa.string()).take(pa.array(index))


def _cells(column: Arr, kind: tuple[Any, ...]) -> pa.Array:
    """One column as text; empty cells are empty strings."""
    if kind[0] == "kod":
        return _coded(np.where(column == TOM, len(kind[1]) + 1, column), [*kind[1], _OKAND, ""])
    if kind[0] == "dag":
        days, place = np.unique(column, return_inverse=True)
        texts = ["" if d == OPPEN else str(np.datetime64(int(d), "D")) for d in days.tolist()]
        return _coded(place, texts)
    if kind[0] == "nummer":
        text, reserv = pa.array(column).cast(pa.string()), pa.array(column < 0)
        number = pc.utf8_lpad(pa.array(np.abs(column)).cast(pa.string()), 5, "0")
        return pc.if_else(reserv, pc.binary_join_element_wise("R", number, ""), text)
    if kind[0] == "id":
        told = pc.binary_join_element_wise(str(kind[1]), pa.array(column).cast(pa.string()), "")
        return pc.if_else(pa.array(column == TOM), "", told)
    if kind[0] == "person":
        return _designation(column, kind[1:])
    text = pa.array(column).cast(pa.string())
    if kind[0] == "kommun":
        text = pc.utf8_lpad(text, 4, "0")
    return pc.if_else(pa.array(column == TOM), "", text)


def _designation(column: Arr, prefixes: Sequence[str]) -> pa.Array:
    """A person's is twice its number; an odd one is the other designation of the same person."""
    number = pa.array(column // 2).cast(pa.string())
    return pc.binary_join_element_wise(_coded(column % 2, prefixes), number, "")


def _columns(dataset: str, rows: Rows, lev: Leveranser, av: Avsandare) -> dict[str, pa.Array]:
    sand = lev.sand[rows["pkg"]]
    return {
        "kommun_kod": _coded(av.kommun[sand], av.koder),
        "stadsdel_kod": _coded(sand, av.stadsdel),
        "period": _coded(np.zeros(len(sand), dtype=np.int64), [str(lev.ar)]),
        **{name: _cells(rows[name], kind) for name, kind in lev.doman.layout[dataset].items()},
    }


def _tampered(
    columns: dict[str, pa.Array], place: Arr, lev: Leveranser, form: list[str], av: Avsandare
) -> tuple[dict[str, pa.Array], dict[int, dict[str, Any]]]:
    """The columns with what was done to some packages' rows, and what was done to the columns of some packages."""
    rank = order_within(place)
    count = np.bincount(place, minlength=len(lev.paket))
    last = count[place] - rank
    special: dict[int, dict[str, Any]] = {}
    for i, p in enumerate(lev.paket):
        mine = place == i
        if p.brist == "frammande":
            other = av.koder[int(av.kommun[p.sand]) - 1]
            columns["kommun_kod"] = pc.if_else(pa.array(mine & (rank < 3)), other, columns["kommun_kod"])
        elif p.brist == "period":
            columns["period"] = pc.if_else(pa.array(mine & (last <= 2)), str(p.ar - 1), columns["period"])
        elif p.brist == "kolumn_okand":
            special[i] = {"add": "handlaggare_kod"}
        elif p.brist == "kolumn_saknas" and _SAKNAS in columns:  # in XML no column can be missing
            special[i] = {"add": "handlaggare_kod"} if form[i] == "xml" else {"drop": _SAKNAS}
    return columns, special


def _csv(table: pa.Table, delimiter: str = ";") -> bytes:
    options = pacsv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="none")
    sink = pa.BufferOutputStream()
    pacsv.write_csv(table, sink, options)
    return bytes(sink.getvalue().to_pybytes())


def _egen(system: Profil, kind: str, column: str, value: str) -> str:
    """A cell as the system writes it."""
    if kind == "dag":
        return system.day(value)
    if kind == "nummer" and system.delat_nummer and value.isdigit():
        return f"{value[:8]}-{value[8:]}"
    return system.code(column, value)


def _i_systemet(table: pa.Table, layout: Layout, columns: Names, system: Profil) -> pa.Table:
    """The file as the system writes it: its names, order, codes and dates; a column it does not know stands last."""
    out = {}
    for name, canonical in columns:
        if canonical == EXTRA:
            out[name] = pa.array(["01"] * table.num_rows)
            continue
        cells = table[canonical].combine_chunks().dictionary_encode()
        kind = layout.get(canonical, ("",))[0]
        texts = [_egen(system, kind, canonical, value) for value in cells.dictionary.to_pylist()]
        out[name] = pa.array(texts, pa.string()).take(cells.indices)
    known = {canonical for _, canonical in columns}
    return pa.table(out | {name: table[name] for name in table.column_names if name not in {*known, *COMMON, *layout}})


def _one(dataset: str, table: pa.Table, form: str, special: dict[str, Any], doman: Doman, system: Profil) -> bytes:
    """One package's file by itself."""
    if "add" in special:
        table = table.append_column(special["add"], pa.array(["01"] * table.num_rows))
    elif "drop" in special:
        table = table.drop_columns([special["drop"]])
    if dataset in system.kolumner:
        columns = [(n, c) for n, c in system.kolumner[dataset] if c == EXTRA or c in table.column_names]
        table = _i_systemet(table, doman.layout[dataset], columns, system)
    names = table.column_names
    if form == "xlsx":
        return write_xlsx(dataset, names, table)
    if form == "xml":
        return write_xml(dataset, names, table)
    return (system.avgransare.join(names) + "\n").encode() + _csv(table, system.avgransare)


def _files(dataset: str, lev: Leveranser, form: list[str], systems: list[Profil], av: Avsandare) -> list[Fil]:
    rows = lev.rader[dataset]
    columns, special = _tampered(_columns(dataset, rows, lev, av), rows["pkg"], lev, form, av)
    table = pa.table(columns)
    lines = _csv(table)
    ends = np.r_[0, np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == 10) + 1]
    first = np.searchsorted(rows["pkg"], np.arange(len(lev.paket) + 1)).tolist()
    header = (";".join(table.column_names) + "\n").encode()
    out = []
    for i in range(len(lev.paket)):
        a, b = first[i], first[i + 1]
        if form[i] == "csv" and i not in special and dataset not in systems[i].kolumner:
            data = header + lines[ends[a] : ends[b]]
        else:
            data = _one(dataset, table.slice(a, b - a), form[i], special.get(i, {}), lev.doman, systems[i])
        out.append(Fil(form[i], data, b - a))
    return out


def render(lev: Leveranser, form: list[str], systems: list[Profil], av: Avsandare) -> dict[str, list[Fil]]:
    """dataset -> the file of every package, in the sender's format and as its system writes."""
    return {dataset: _files(dataset, lev, form, systems, av) for dataset in lev.datasets}


def medlemmar(paket: Paket, files: dict[str, Fil]) -> dict[str, Fil]:
    """dataset -> file in the package; what is confirmed as empty has none."""
    return {d: f for d, f in files.items() if d not in paket.nolleverans and (f.rader or paket.tomd == d)}

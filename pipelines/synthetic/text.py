"""Typed rows to the bytes of the delivered files: semicolon, header, LF, decimal comma, UTF-8.

Belongs here: rendering all packages of a municipality at once and cutting the result by package. Does not
belong here: manifests and wrapping (paket).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from pipelines.synthetic import koder
from pipelines.synthetic.koder import COLUMNS, DATASETS, Arr, period_text
from pipelines.synthetic.rader import Leveranser, Rows

_OPTIONS = pacsv.WriteOptions(include_header=False, delimiter=";", quoting_style="none")


def _coded(index: Arr, values: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(values))


def _looked_up(index: Arr, values: Arr) -> pa.Array:
    """A column of long texts by place, only the occurring ones made into strings."""
    used, place = np.unique(index, return_inverse=True)
    strings = pa.array(values[used].astype("U")) if len(used) else pa.array([], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), strings)


def _amount(rows: Rows) -> pa.Array:
    kronor = pa.array(rows["ore"] // 100).cast(pa.string())
    cents = pa.array([f"{n:02d}" for n in range(100)]).take(pa.array(rows["ore"] % 100))
    text = pc.binary_join_element_wise(kronor, cents, ",")
    bad = pa.array(koder.BELOPP_BAD).take(pa.array(rows["bf"]))
    return pc.if_else(pa.array(rows["bf"] > 0), bad, text)


def _date(rows: Rows) -> pa.Array:
    text = pa.array(rows["dag"].astype("datetime64[D]")).cast(pa.string())
    bad = pa.array(koder.DATUM_BAD).take(pa.array(rows["df"]))
    return pc.if_else(pa.array(rows["df"] > 0), bad, text)


def _common(rows: Rows, lev: Leveranser, kommun: str) -> dict[str, pa.Array]:
    pkg = rows["pkg"]
    return {
        "kommun_kod": _coded(np.zeros(len(pkg)), [kommun]),
        "stadsdel_kod": _coded(pkg, [p.stadsdel for p in lev.paket]),
        "period": _coded(rows["t"], [period_text(m) for m in range(int(rows["t"].max(initial=0)) + 1)]),
        "hushall_id": _looked_up(rows["hid"], lev.hid_text),
    }


def _columns(dataset: str, rows: Rows, lev: Leveranser) -> dict[str, pa.Array]:
    if dataset == "eb_hushall":
        return {
            "hushallstyp_kod": _coded(rows["typ"], koder.TYP),
            "antal_barn": _coded(rows["barn"], koder.BARN),
            "utrikes_fodd_kod": _coded(rows["utr"], koder.UTRIKES),
            "belopp_kr": _amount(rows),
        }
    if dataset == "eb_avslut":
        return {"avslutsorsak_kod": _coded(rows["orsak"], koder.ORSAK), "avslut_datum": _date(rows)}
    return {
        "personnummer": _looked_up(rows["nr"], lev.nummer.text),
        "id_typ": _coded(rows["idt"], koder.IDTYP),
        "fodelsear": _coded(rows["fa"], koder.FODELSEAR),
        "kon_kod": _coded(rows["kk"], koder.KON),
        "roll_kod": _coded(rows["roll"], koder.ROLL),
        "fodd_utrikes": _coded(rows["fu"], koder.FODD_UTRIKES),
        "forsorjningshinder_kod": _coded(rows["fh"], koder.HINDER),
        "arbetsmarknadsinsats_kod": _coded(rows["ins"], koder.INSATS),
        "skyddad": _coded(rows["sky"], koder.SKYDDAD),
    }


def _cut(dataset: str, lev: Leveranser, kommun: str) -> list[bytes]:
    """The data lines of one dataset, per package."""
    rows = lev.rows(dataset)
    table = pa.table({**_common(rows, lev, kommun), **_columns(dataset, rows, lev)})
    if table.column_names != COLUMNS[dataset].split(";"):
        raise ValueError(f"kolumnordningen i {dataset} stämmer inte med layouten")
    sink = pa.BufferOutputStream()
    pacsv.write_csv(table, sink, _OPTIONS)
    data = memoryview(sink.getvalue())
    ends = np.r_[0, np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10) + 1]
    place = ends[np.searchsorted(rows["pkg"], np.arange(len(lev.paket) + 1))]
    return [bytes(data[place[i] : place[i + 1]]) for i in range(len(lev.paket))]


def render(lev: Leveranser, kommun: str) -> dict[str, list[bytes]]:
    """dataset -> data lines (without header) of every package."""
    return {dataset: _cut(dataset, lev, kommun) for dataset in DATASETS}

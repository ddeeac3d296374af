"""Typed rows to the bytes of the delivered files, as the municipality's system writes them.

Belongs here: rendering all packages of a municipality at once, cutting the result by package, and what was done to a
package's columns (GEN-02, GEN-03, GEN-04). Does not belong here: what a system's files look like (profiler), manifests
and wrapping (paket).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from pipelines.synthetic import koder
from pipelines.synthetic.koder import COLUMNS, DATASETS, Arr
from pipelines.synthetic.plan import Paket
from pipelines.synthetic.profiler import EXTRA, KANONISK, Profil
from pipelines.synthetic.rader import Leveranser, Rows, take

_PADDED = pa.array([f"{n:03d}" for n in range(1000)])
_CENTS = pa.array([f"{n:02d}" for n in range(100)])
_NEGATIVE = 3  # the place in koder.BELOPP_BAD that is a number


@dataclass(frozen=True)
class Fil:
    """One file of one package: its bytes and its number of data lines."""

    innehall: bytes
    rader: int


@dataclass(frozen=True)
class Avsandare:
    """The sender as the manifest names it, and how its system writes."""

    kommun_kod: str
    frammande_kod: str  # another municipality's code, for the package that holds somebody else's rows
    system_version: str
    profil: Profil = field(default=KANONISK)
    stadsdelar: tuple[str, ...] = ("",)


def _coded(index: Arr, values: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(values, pa.string()))


def _occurring(index: Arr, values: Arr) -> tuple[Arr, pa.Array]:
    """Places among the values that occur, and these as strings."""
    used, place = np.unique(index, return_inverse=True)
    return place.astype(np.int32), pa.array(values[used].astype("U"), pa.string())


def _looked_up(index: Arr, values: Arr) -> pa.Array:
    """A column of long texts by place, only the occurring ones made into strings."""
    return pa.DictionaryArray.from_arrays(*map(pa.array, _occurring(index, values)))


def _identity(index: Arr, values: Arr, divided: bool) -> pa.Array:
    """The id numbers; where the system divides them, twelve digits become YYYYMMDD-NNNN and the rest stays."""
    place, text = _occurring(index, values)
    if divided:
        whole = pc.and_(pc.equal(pc.binary_length(text), 12), pc.ascii_is_decimal(text))
        parts = (pc.utf8_slice_codeunits(text, a, b) for a, b in ((0, 8), (8, 12)))
        text = pc.if_else(whole, pc.binary_join_element_wise(*parts, "-"), text)
    return pa.DictionaryArray.from_arrays(pa.array(place), text)


def _grouped(number: Arr, separator: str) -> pa.Array:
    """Whole numbers as text, with a separator between thousands."""
    plain, head = pa.array(number).cast(pa.string()), number // 1000
    if not separator or not head.any():
        return plain
    tail = _PADDED.take(pa.array(number % 1000))
    grouped = pc.binary_join_element_wise(_grouped(head, separator), tail, separator)
    return pc.if_else(pa.array(head > 0), grouped, plain)


def _amount(rows: Rows, profil: Profil) -> pa.Array:
    text = pc.binary_join_element_wise(
        _grouped(rows["ore"] // 100, profil.tusental), _CENTS.take(pa.array(rows["ore"] % 100)), profil.decimal
    )
    if not rows["bf"].any():
        return text
    bad = [t.replace(",", profil.decimal) if i == _NEGATIVE else t for i, t in enumerate(koder.BELOPP_BAD)]
    return pc.if_else(pa.array(rows["bf"] > 0), pa.array(bad).take(pa.array(rows["bf"])), text)


def _date(rows: Rows, profil: Profil) -> pa.Array:
    """Days and, after them in the value table, what is no day."""
    days, place = np.unique(rows["dag"].astype("datetime64[D]"), return_inverse=True)
    values = [profil.day(str(d)) for d in days] + [profil.day(t) for t in koder.DATUM_BAD]
    return _coded(np.where(rows["df"] > 0, len(days) + rows["df"].astype(np.int64), place), values)


def _common(rows: Rows, lev: Leveranser, sender: Avsandare) -> dict[str, pa.Array]:
    pkg = rows["pkg"]
    return {
        "kommun_kod": _coded(np.zeros(len(pkg)), [sender.kommun_kod]),
        "stadsdel_kod": _coded(pkg, [p.stadsdel for p in lev.paket]),
        "period": _coded(rows["t"], [sender.profil.period(m) for m in range(int(rows["t"].max(initial=0)) + 1)]),
        "hushall_id": _looked_up(rows["hid"], lev.hid_text),
    }


_CODED = {
    "eb_hushall": {
        "hushallstyp_kod": ("typ", koder.TYP),
        "antal_barn": ("barn", koder.BARN),
        "utrikes_fodd_kod": ("utr", koder.UTRIKES),
    },
    "eb_avslut": {"avslutsorsak_kod": ("orsak", koder.ORSAK)},
    "eb_person": {
        "id_typ": ("idt", koder.IDTYP),
        "fodelsear": ("fa", koder.FODELSEAR),
        "kon_kod": ("kk", koder.KON),
        "roll_kod": ("roll", koder.ROLL),
        "fodd_utrikes": ("fu", koder.FODD_UTRIKES),
        "forsorjningshinder_kod": ("fh", koder.HINDER),
        "arbetsmarknadsinsats_kod": ("ins", koder.INSATS),
        "skyddad": ("sky", koder.SKYDDAD),
    },
}


def _columns(dataset: str, rows: Rows, lev: Leveranser, sender: Avsandare) -> dict[str, pa.Array]:
    """Canonical column -> cells in the system's own codes and forms."""
    profil = sender.profil
    out = _common(rows, lev, sender)
    for column, (name, values) in _CODED[dataset].items():
        out[column] = _coded(rows[name], [profil.code(column, v) for v in values])
    if dataset == "eb_hushall":
        out["belopp_kr"] = _amount(rows, profil)
    elif dataset == "eb_avslut":
        out["avslut_datum"] = _date(rows, profil)
    else:
        out["personnummer"] = _identity(rows["nr"], lev.nummer.text, profil.delat_nummer)
    if sorted(out) != sorted(COLUMNS[dataset].split(";")):
        raise ValueError(f"kolumnerna i {dataset} stämmer inte med layouten")
    out[EXTRA] = _coded(rows["hid"] % 30, [f"E{10 + n}" for n in range(30)])  # whoever handles the case
    return out


def _bytes(names: list[str], cells: list[pa.Array], profil: Profil) -> tuple[bytes, bytes]:
    """Header and data lines in the system's encoding (its mark at the start of the file with the header)."""
    options = pacsv.WriteOptions(
        include_header=False,
        delimiter=profil.avgransare,
        quoting_style="all_valid" if profil.citat else "none",
    )
    sink = pa.BufferOutputStream()
    pacsv.write_csv(pa.table(cells, names=[str(i) for i in range(len(names))]), sink, options)
    lines = sink.getvalue().to_pybytes()
    header = profil.avgransare.join(f'"{n}"' if profil.citat else n for n in names) + "\n"
    if profil.teckenkodning == "cp1252":
        lines = lines.decode().encode("cp1252")
    mark = codecs.BOM_UTF8 if profil.teckenkodning == "utf-8-sig" else b""
    return mark + header.encode("cp1252" if profil.teckenkodning == "cp1252" else "utf-8"), lines


def _replaced(cells: pa.Array, places: slice, value: str) -> pa.Array:
    """The column with other text in some places."""
    there = np.zeros(len(cells), dtype=bool)
    there[places] = True
    return pc.if_else(pa.array(there), value, cells.cast(pa.string()))


def _foreign(columns: dict[str, pa.Array], paket: Paket, sender: Avsandare) -> dict[str, pa.Array]:
    """The first rows say somebody else sends them: another stadsdel of the municipality, or another municipality."""
    if not paket.stadsdel:
        return {"kommun_kod": _replaced(columns["kommun_kod"], slice(3), sender.frammande_kod)}
    other = sender.stadsdelar[sender.stadsdelar.index(paket.stadsdel) - 1]
    return {"stadsdel_kod": _replaced(columns["stadsdel_kod"], slice(3), other)}


_DONE_TO = {
    **dict.fromkeys(("frammande", "kolumn_okand"), "eb_hushall"),
    **dict.fromkeys(("period", "kolumn_saknas"), "eb_person"),
}


def _tampered(dataset: str, lev: Leveranser, place: int, sender: Avsandare) -> Fil:
    """One package's file after what was done to it (GEN-02, GEN-03, GEN-04)."""
    rows, paket = lev.rows(dataset), lev.paket[place]
    mine = take(rows, rows["pkg"] == place)
    columns = _columns(dataset, mine, lev, sender)
    layout = list(sender.profil.kolumner[dataset])
    if paket.brist == "frammande":
        columns |= _foreign(columns, paket, sender)
    elif paket.brist == "period":
        other = sender.profil.period(paket.manad - 1)
        columns["period"] = _replaced(columns["period"], slice(-2, None), other)
    elif paket.brist == "kolumn_saknas":
        layout = [pair for pair in layout if pair[1] != "skyddad"]
    else:
        layout.append(("handlaggare_kod", "tillagd"))
        columns["tillagd"] = _coded(np.zeros(len(mine["pkg"])), ["01"])
    header, lines = _bytes([n for n, _ in layout], [columns[c] for _, c in layout], sender.profil)
    return Fil(header + lines, len(mine["pkg"]))


def _file(dataset: str, lev: Leveranser, place: int, sender: Avsandare, whole: Fil) -> Fil:
    paket: Paket = lev.paket[place]
    wanted = whole.rader and _DONE_TO.get(paket.brist) == dataset
    return _tampered(dataset, lev, place, sender) if wanted else whole


def _cut(dataset: str, lev: Leveranser, sender: Avsandare) -> list[Fil]:
    """The files of one dataset, per package."""
    rows, layout = lev.rows(dataset), sender.profil.kolumner[dataset]
    columns = _columns(dataset, rows, lev, sender)
    header, data = _bytes([n for n, _ in layout], [columns[c] for _, c in layout], sender.profil)
    ends = np.r_[0, np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10) + 1]
    first = np.searchsorted(rows["pkg"], np.arange(len(lev.paket) + 1))
    place, count = ends[first], np.diff(first)
    whole = (Fil(header + data[place[i] : place[i + 1]], int(count[i])) for i in range(len(lev.paket)))
    return [_file(dataset, lev, i, sender, fil) for i, fil in enumerate(whole)]


def render(lev: Leveranser, sender: Avsandare) -> dict[str, list[Fil]]:
    """dataset -> the file of every package."""
    return {dataset: _cut(dataset, lev, sender) for dataset in DATASETS}

"""A municipality of a few rows, given cell by cell, for tests of the simulation's rendering and judgement.

Belongs here: turning texts into the generator's typed cells. Does not belong here: expectations.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic import koder
from pipelines.synthetic.plan import Paket
from pipelines.synthetic.rader import Leveranser, Nummer

TABLES = {
    "typ": koder.TYP,
    "barn": koder.BARN,
    "utr": koder.UTRIKES,
    "idt": koder.IDTYP,
    "fa": koder.FODELSEAR,
    "kk": koder.KON,
    "roll": koder.ROLL,
    "fu": koder.FODD_UTRIKES,
    "fh": koder.HINDER,
    "ins": koder.INSATS,
    "sky": koder.SKYDDAD,
    "orsak": koder.ORSAK,
}
MARCH = 2  # the month of every row unless it says otherwise: March 2017


def _rows(given: list[dict[str, Any]], defaults: dict[str, Any], hids: list[str]) -> dict[str, Any]:
    rows = [{"pkg": 0, "t": MARCH, **defaults, **row} for row in given]
    columns = {name: [row[name] for row in rows] for name in ["pkg", "t", "hid", *defaults]}
    out = {name: [TABLES[name].index(v) if name in TABLES else v for v in values] for name, values in columns.items()}
    out["hid"] = [hids.index(h) for h in columns["hid"]]
    return {name: np.array(values, dtype=np.int64) for name, values in out.items() if name != "dag"}


def hushall(hid: str, ore: int = 800_000, bf: int = 0, **cells: Any) -> dict[str, Any]:
    return {"hid": hid, "ore": ore, "bf": bf, **cells}


def person(hid: str, nr: str, idt: str = "pnr", **cells: Any) -> dict[str, Any]:
    return {"hid": hid, "nr": nr, "idt": idt, **cells}


def avslut(hid: str, dag: str, df: int = 0, **cells: Any) -> dict[str, Any]:
    return {"hid": hid, "dag": dag, "df": df, **cells}


def _numbers(texts: list[str], broken: tuple[str, ...]) -> Nummer:
    """The number table; birth dates are read off the digits, day less sixty for a samordningsnummer."""
    born = [int(t[:8]) - (60 if int(t[6:8]) > 60 else 0) if t.isdigit() and len(t) == 12 else 0 for t in texts]
    ok = np.array([t not in broken and t != "" for t in texts])
    return Nummer(np.array(texts, dtype="S12"), np.array(born), ok, texts.index(""))


def leveranser(
    *,
    hushall: list[dict[str, Any]] = [],  # noqa: B006
    person: list[dict[str, Any]] = [],  # noqa: B006
    avslut: list[dict[str, Any]] = [],  # noqa: B006
    paket: tuple[Paket, ...] = (Paket(MARCH, 1, "eb_2017-03", 1_492_000_000),),
    broken: tuple[str, ...] = (),
    fri: tuple[str, ...] = (),
) -> Leveranser:
    """The rows as typed cells; `broken` numbers are not in order, `fri` are hushall_id that are identity numbers."""
    hids = sorted({r["hid"] for rows in (hushall, person, avslut) for r in rows})
    texts = ["", *sorted({r["nr"] for r in person} - {""})]
    people = [{**r, "nr": texts.index(r["nr"])} for r in person]
    adult = {"idt": "pnr", "fa": "", "kk": "", "roll": "sokande", "fu": "0", "fh": "FH11", "ins": "0", "sky": "0"}
    closings = _rows(avslut, {"orsak": "AO1", "df": 0, "dag": ""}, hids)
    closings["dag"] = np.array([r["dag"] for r in avslut], dtype="datetime64[D]")
    p = _rows(people, {"nr": 0, **adult}, hids)
    p["person"] = p["nr"].copy()
    return Leveranser(
        list(paket),
        _rows(hushall, {"typ": "3", "barn": "0", "utr": "0", "ore": 0, "bf": 0}, hids),
        p,
        closings,
        _numbers(texts, broken),
        np.array(hids, dtype="S"),
        hid_fri=tuple(hids.index(h) for h in fri),
    )

"""The truth about indicators: every row of fct_indikatorvarde for kommun, län and riket.

Belongs here: estimates, coverage, intervals, density. Does not belong here: which cells an indicator has and which
municipalities' years count in it (facit_fragor). Source: docs/reference/ekonomiskt_bistand.md and readings R15-R19.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.synthetic.koder import Arr
from pipelines.synthetic.mal import Referens

Z = 1.959963984540054
Cell = tuple[str, str, str, str]  # kon_kod, aldersgrupp_kod, uppdelning, uppdelning_kod


@dataclass
class Tackning:
    """What came in: [kommun, month, dataset] approved and in time; the first expected month."""

    godkand: Arr
    i_tid: Arr
    forsta: int

    @property
    def months(self) -> range:
        return range(self.forsta, self.godkand.shape[1])

    @property
    def years(self) -> range:
        """Those whose last month is expected."""
        return range(self.forsta // 12, self.godkand.shape[1] // 12)

    def year_approved(self) -> Arr:
        """[kommun, year, dataset]: all twelve months expected and approved."""
        kommuner, months, datasets = self.godkand.shape
        years = -(-months // 12)
        full = np.zeros((kommuner, years * 12, datasets), dtype=bool)
        full[:, :months] = self.godkand
        full[:, : self.forsta] = False
        return np.asarray(full.reshape(kommuner, years, 12, datasets).all(axis=2))


@dataclass
class Fraga:
    """One indicator and kind of period: counts in hundredths, over all months or years from January 2017."""

    indikator: str
    celler: list[Cell]
    taljare: Arr  # [kommun, period, cell], hundredths
    namnare: Arr | None  # same shape, hundredths
    raknas: Arr  # [kommun, period]
    perioder: list[tuple[int, str]]  # place, text
    steg: int = 0  # periods in a year; 0 = never estimated
    intervall: bool = True
    dold: Arr | None = None  # [kommun, period]: value withheld for quality
    kommun: bool = True
    geo: bool = True
    osaker: Arr | None = None  # [kommun, period]: a warning stands on what the value rests on


def wilson(taljare: Arr, namnare: Arr) -> tuple[Arr, Arr]:
    """95 % interval of a share."""
    p = taljare / namnare
    scale = 1 + Z * Z / namnare
    middle = (p + Z * Z / (2 * namnare)) / scale
    half = Z / scale * np.sqrt(np.maximum(p * (1 - p) / namnare + Z * Z / (4 * namnare * namnare), 0))
    return middle - half, middle + half


def _estimates(f: Fraga) -> tuple[Arr, Arr, Arr]:
    """Numerator and denominator for those that do not count, from one or two years before."""
    taljare = np.zeros_like(f.taljare)
    namnare = np.zeros_like(f.taljare)
    open_ = ~f.raknas
    for back in (f.steg, 2 * f.steg) if f.steg else ():
        earlier = np.zeros_like(f.raknas)
        earlier[:, back:] = f.raknas[:, : max(f.raknas.shape[1] - back, 0)]
        use = open_ & earlier
        k, p = np.nonzero(use)
        taljare[k, p] = f.taljare[k, p - back]
        if f.namnare is not None:
            namnare[k, p] = f.namnare[k, p - back]
        open_ = open_ & ~use
    return taljare, namnare, open_


class Tabell:
    """Collects rows column by column."""

    def __init__(self, ref: Referens) -> None:
        self.ref = ref
        self.parts: list[dict[str, Arr]] = []
        lan = sorted(set(ref.lan))
        self.geo_kod = np.array([*lan, "00"])
        self.geo_typ = np.array(["lan"] * len(lan) + ["riket"])
        self.member = np.array([[code == own for own in ref.lan] for code in lan] + [[True] * len(ref.lan)])

    def add(self, f: Fraga) -> None:
        if f.kommun:
            self._kommun(f)
        if f.geo:
            self._geo(f)

    def _kommun(self, f: Fraga) -> None:
        n, shape = len(self.ref.kommuner), f.taljare.shape
        counts = np.broadcast_to(f.raknas[:, :, None], shape)
        hidden, doubted = (
            np.zeros(shape, dtype=bool) if mask is None else np.broadcast_to(mask[:, :, None], shape)
            for mask in (f.dold, f.osaker)
        )
        zero = np.zeros(shape)
        self._emit(
            f,
            np.array(["kommun"] * n),
            np.array(self.ref.kommuner),
            f.taljare,
            f.namnare,
            counts,
            hidden & counts,
            doubted,
            counts.astype(int),
            np.ones(n, dtype=int),
            counts.astype(float),
            zero,
        )

    def _geo(self, f: Fraga) -> None:
        extra_t, extra_n, _ = _estimates(f)
        counts = f.raknas[:, :, None]
        taljare = self._sum(np.where(counts, f.taljare, extra_t))
        namnare = None if f.namnare is None else self._sum(np.where(counts, f.namnare, extra_n))
        med = np.broadcast_to(self._sum(f.raknas.astype(np.int64)[:, :, None]), taljare.shape)
        people = self.ref.invanare
        share = self._sum(f.raknas[:, :, None] * people[:, None, None]) / (self.member @ people)[:, None, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            estimated = np.zeros(taljare.shape) if namnare is None else self._sum(extra_n) / namnare
        no = np.zeros(taljare.shape, dtype=bool)
        self._emit(
            f, self.geo_typ, self.geo_kod, taljare, namnare, med > 0, no, no,
            med, self.member.sum(axis=1), np.broadcast_to(share, taljare.shape), estimated,
        )  # fmt: skip

    def _sum(self, values: Arr) -> Arr:
        return np.asarray(np.tensordot(self.member.astype(values.dtype), values, axes=1))

    def _emit(
        self, f: Fraga, typ: Arr, kod: Arr, taljare: Arr, namnare: Arr | None, counts: Arr, hidden: Arr,
        doubted: Arr, med: Arr, of: Arr, share: Arr, estimated: Arr,
    ) -> None:  # fmt: skip
        places = [p for p, _ in f.perioder]
        names = np.array([t for _, t in f.perioder], dtype=object)
        pick = (slice(None), places)
        g, c = len(kod), len(f.celler)
        shape = (g, len(places), c)
        nam = np.zeros(shape, dtype=np.int64) if namnare is None else namnare[pick]
        tal, ok, hid = taljare[pick], counts[pick], hidden[pick]
        has_n = ok & (namnare is not None)
        valued = has_n & (nam > 0) & ~hid
        with np.errstate(divide="ignore", invalid="ignore"):
            varde = tal / nam
            low, high = wilson(tal / 100, nam / 100)
        told = "namnare_saknas" if namnare is None else np.where(doubted[pick], "osaker", "rapporterad")
        status = np.where(hid, "undertryckt_kvalitet", told)
        cells = np.array(f.celler, dtype=object).reshape(c, 4)
        wide = {
            "indikator_id": np.full(shape, f.indikator, dtype=object),
            "geo_typ": np.broadcast_to(typ[:, None, None], shape),
            "geo_kod": np.broadcast_to(kod[:, None, None], shape),
            "period": np.broadcast_to(names[None, :, None], shape),
            **{n: np.broadcast_to(cells[None, None, :, i], shape) for i, n in enumerate(_CELL)},
            "taljare": tal, "har_taljare": ok, "namnare": nam, "har_namnare": has_n,
            "varde": np.where(valued, varde, np.nan),
            "ki_nedre": np.where(valued & f.intervall, low, np.nan),
            "ki_ovre": np.where(valued & f.intervall, high, np.nan),
            "antal_kommuner_med": med[pick],
            "antal_kommuner_forvantade": np.broadcast_to(of[:, None, None], shape),
            "tackning_befolkning": share[pick],
            "imputerad_andel": np.where(has_n & (nam > 0), estimated[pick], np.nan),
            "status": np.where(ok, status, "ej_rapporterad"),
        }  # fmt: skip
        self.parts.append({name: np.asarray(values).reshape(-1) for name, values in wide.items()})

    def table(self) -> pa.Table:
        """All rows with exactly the columns of fct_indikatorvarde."""
        whole = {name: np.concatenate([part[name] for part in self.parts]) for name in self.parts[0]}
        rows = len(whole["status"])
        out: dict[str, pa.Array] = {
            "indikator_id": _text(whole["indikator_id"]),
            "version": pa.array(np.ones(rows, dtype=np.int32)),
        }
        for name in ("geo_typ", "geo_kod", "period", *_CELL):
            out[name] = _text(whole[name])
        out["taljare"] = _decimal(whole["taljare"], whole["har_taljare"])
        out["namnare"] = _decimal(whole["namnare"], whole["har_namnare"])
        for name in ("varde", "ki_nedre", "ki_ovre"):
            out[name] = _float(whole[name])
        for name in ("antal_kommuner_med", "antal_kommuner_forvantade"):
            out[name] = pa.array(whole[name], pa.int32())
        for name in ("tackning_befolkning", "imputerad_andel"):
            out[name] = _float(whole[name])
        out["status"] = _text(whole["status"])
        return pa.table(out)


_CELL = ("kon_kod", "aldersgrupp_kod", "uppdelning", "uppdelning_kod")


def _text(values: Arr) -> pa.Array:
    return pa.array(values.astype(object), pa.string())


def _float(values: Arr) -> pa.Array:
    return pa.array(values.astype(float), pa.float64(), mask=np.isnan(values.astype(float)))


def _decimal(hundredths: Arr, present: Arr) -> pa.Array:
    """decimal(18,2) of hundredths."""
    raw = np.zeros((len(hundredths), 2), dtype="<i8")
    raw[:, 0] = np.where(present, hundredths, 0)
    raw[:, 1] = np.where(raw[:, 0] < 0, -1, 0)
    bits = np.packbits(present.astype(bool), bitorder="little")
    buffers = [pa.py_buffer(bits.tobytes()), pa.py_buffer(raw.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(raw), buffers)

"""The ten further indicators recounted one household and person at a time over the delivered text.

Belongs here: EB02, EB03, EB05, EB06, EB08, EB10-EB13 and EB15 of every municipality, their sums over län and riket,
and that the simulated society holds the cases that tell readings apart. Does not belong here: the first indicators
(test_synthetic_text) and the gate (conftest).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.synthetic.mal import SEEDS

KON, VUXNA = ("1", "2", "T"), ("18-24", "25-64", "65+", "T")
KON_VUXNA = [(k, a, "-", "T") for k in KON for a in VUXNA]
TOTAL = [("T", "T", "-", "T")]
TYPER = [*TOTAL, *(("T", "T", "hushallstyp", t) for t in "13456789")]
CELLER = {
    "EB02": TOTAL,
    **{i: [(k, "T", "-", "T") for k in KON] for i in ("EB03", "EB05")},
    **dict.fromkeys(("EB06", "EB11", "EB15"), KON_VUXNA),
    "EB12": [*KON_VUXNA, *(("T", "T", "avslutsorsak", f"AO{n}") for n in range(1, 10))],
    **dict.fromkeys(("EB08", "EB13"), TYPER),
    "EB10": TOTAL,
}
BEHOVER = {
    **{i: {"eb_hushall"} for i in ("EB08", "EB13")},
    **{i: {"eb_hushall", "eb_person", "eb_avslut"} for i in ("EB11", "EB12")},
}
FONSTER = {"EB06": 3, "EB12": 2}
ORDNING = {"sokande": 0, "medsokande": 1, "barn": 2}
Row = dict[str, str]
Person = tuple[str, ...]
Home = tuple[str, str]  # stadsdel and hushall_id


def number(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:7]) - 1


def text(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def who(row: Row, period: str) -> Person:
    """A number, or a reservnummer of one year."""
    return (row["personnummer"], period[:4]) if row["id_typ"] == "reserv" else (row["personnummer"],)


def home(row: Row) -> Home:
    return row["stadsdel_kod"], row["hushall_id"]


def kon(row: Row) -> str:
    return row["kon_kod"] if row["id_typ"] == "reserv" else ("1" if int(row["personnummer"][10]) % 2 else "2")


def alder(row: Row, year: str) -> str:
    age = int(year) - int(row["fodelsear"] if row["id_typ"] == "reserv" else row["personnummer"][:4])
    return "0-17" if age < 18 else "18-24" if age < 25 else "25-64" if age < 65 else "65+"


class Kommun:
    """What is in force in one municipality, and the numerators and denominators that follow."""

    def __init__(self, force: dict[str, Any]) -> None:
        self.force = force
        self.homes: dict[Home, dict[int, Row]] = defaultdict(dict)  # household -> month -> row
        self.aid: dict[Person, dict[int, Row]] = defaultdict(dict)  # person -> month -> row
        self.applicant: dict[tuple[Home, int], Row] = {}
        self.tal: Counter[Any] = Counter()
        self.nam: Counter[Any] = Counter()
        self.seen: Counter[str] = Counter()
        for period, month in force.items():
            self._read(period, month)
        ids = Counter((hushall_id, m) for (_, hushall_id), months in self.homes.items() for m in months)
        self.seen["samma id i två stadsdelar"] += sum(n > 1 for n in ids.values())
        for year in sorted({period[:4] for period in force}):
            self._persons(year)
            self._households(year)
        self._spells()

    def _read(self, period: str, month: Any) -> None:
        for r in month.loaded("eb_hushall"):
            if float(r["belopp_kr"].replace(",", ".")) > 0:
                self.homes[home(r)][number(period)] = r
        rows = month.loaded("eb_person")
        for r in sorted(rows, key=lambda r: (ORDNING[r["roll_kod"]], r["hushall_id"], r["stadsdel_kod"])):
            if number(period) in self.homes.get(home(r), {}):
                known = self.aid[who(r, period)].setdefault(number(period), r)
                self.seen["i två stadsdelar"] += known["stadsdel_kod"] != r["stadsdel_kod"]
                if r["roll_kod"] == "sokande":
                    assert (home(r), number(period)) not in self.applicant
                    self.applicant[home(r), number(period)] = r

    def _add(self, to: Counter[Any], indikator: str, period: str, row: Row, year: str, n: int = 1) -> None:
        for k in (kon(row), "T"):
            for a in (alder(row, year), "T"):
                to[indikator, period, k, a, "-", "T"] += n

    def _persons(self, year: str) -> None:
        first = int(year) * 12
        for months in self.aid.values():
            of_year = {m: r for m, r in months.items() if first <= m < first + 12}
            if not of_year:
                continue
            row = next(iter(of_year.values()))
            child = alder(row, year) == "0-17"
            self.seen["barn och vuxen"] += len({r["roll_kod"] == "barn" for r in of_year.values()}) == 2
            if child:
                self.tal["EB02", year, "T", "T", "-", "T"] += 1
                continue
            for k in (kon(row), "T"):
                self.tal["EB03", year, k, "T", "-", "T"] += alder(row, year) == "18-24"
                self.tal["EB05", year, k, "T", "-", "T"] += len(of_year) >= 10
            self._add(self.nam, "EB06", year, row, year)
            self._add(self.tal, "EB06", year, row, year, self._lasting(months, first))
            for m, r in of_year.items():
                self._adult_month(text(m), r, year)

    def _lasting(self, months: dict[int, Row], first: int) -> bool:
        window = [m in months for m in range(first - 24, first + 12)]
        longest = max(len(gap) for gap in "".join("x" if on else "." for on in window).strip(".").split("x"))
        enough = sum(window) >= 27
        self.seen[f"27 månader, längsta uppehåll {min(longest, 4)}"] += enough
        self.seen["26 månader"] += sum(window) == 26
        return enough and longest <= 2

    def _adult_month(self, period: str, r: Row, year: str) -> None:
        if r["roll_kod"] == "barn":
            self.seen["vuxen i rollen barn"] += 1
            return
        hinder = r["forsorjningshinder_kod"]
        self.seen["tomt hinder"] += hinder == ""
        for p in (period, year):
            self.nam["EB10", p, "T", "T", "-", "T"] += 1
            self.tal["EB10", p, "T", "T", "-", "T"] += hinder in {"", "FH99"}
            if hinder in {"FH11", "FH12", "FH13"}:
                self._add(self.nam, "EB15", p, r, year)
                self._add(self.tal, "EB15", p, r, year, r["arbetsmarknadsinsats_kod"] == "1")
                self.seen[f"insats {r['arbetsmarknadsinsats_kod'] or 'tom'}"] += 1

    def _households(self, year: str) -> None:
        for months in self.homes.values():
            rows = [r for m, r in sorted(months.items()) if m // 12 == int(year)]
            if not rows:
                continue
            children = [int(r["antal_barn"]) for r in rows]
            self.seen["flera hushållstyper"] += len({r["hushallstyp_kod"] for r in rows}) > 1
            self.seen["ändrat antal barn"] += len(set(children)) > 1
            self.seen["barn bara till en början"] += max(children) > 0 == children[-1]
            for cell in (TOTAL[0], ("T", "T", "hushallstyp", rows[-1]["hushallstyp_kod"])):
                self.nam["EB08", year, *cell] += 1
                self.tal["EB08", year, *cell] += len(rows)
                self.nam["EB13", year, *cell] += max(children) > 0
                self.tal["EB13", year, *cell] += max(children) > 0 and len(rows) >= 10

    def _closings(self) -> dict[tuple[Person, int], tuple[Any, Row]]:
        """Closed spell -> the avslut that decides, and the applicant's row."""
        out: dict[tuple[Person, int], tuple[Any, Row]] = {}
        for period, month in self.force.items():
            for a in month.loaded("eb_avslut"):
                day = number(a["avslut_datum"])
                self.seen["mer än fyra månader efter"] += number(period) > day + 4
                self.seen["fyra månader efter"] += number(period) == day + 4
                before = [m for m in self.homes.get(home(a), {}) if m <= day]
                row = self.applicant.get((home(a), max(before))) if before else None
                if row is None:
                    self.seen["avslut utan bidragsmånad" if not before else "avslut utan sökande"] += 1
                    continue
                m = max(before)
                person = who(row, text(m))
                if m + 1 in self.aid[person]:
                    same = home(self.aid[person][m + 1]) == home(a)
                    self.seen["avslut fast biståndet går vidare" if same else "vidare i annat hushåll"] += 1
                    continue
                self.seen["över årsskiftet"] += m // 12 < day // 12
                self.seen["rapporterat nästa år"] += m // 12 < number(period) // 12
                self.seen["datum långt efter"] += day > m + 4
                self.seen["rapporterat i samma månad"] += number(period) == m
                self.seen["flera avslut"] += (person, m) in out
                rank = (period, a["avslut_datum"], a["avslutsorsak_kod"])
                if (person, m) not in out or out[person, m][0] < rank:
                    self.seen["annan orsak avgör"] += (person, m) in out and out[person, m][0][2] != rank[2]
                    out[person, m] = (rank, row)
        return out

    def _spells(self) -> None:
        for (person, m), ((_, _, orsak), row) in self._closings().items():
            year, after = str(m // 12), str(m // 12 + 1)
            later = [x - m for x in self.aid[person] if x > m]
            back = any(2 <= x <= 12 for x in later)
            self.seen["åter inom tolv månader" if back else "åter senare" if later else "inte åter"] += 1
            self.seen["åter efter precis tolv"] += bool(later) and min(later) == 12
            self._add(self.nam, "EB11", year, row, year)
            self._add(self.tal, "EB11", year, row, year, orsak in {"AO1", "AO2"})
            self._add(self.nam, "EB12", after, row, after)
            self._add(self.tal, "EB12", after, row, after, back)
            self.nam["EB12", after, "T", "T", "avslutsorsak", orsak] += 1
            self.tal["EB12", after, "T", "T", "avslutsorsak", orsak] += back

    def counts(self, indikator: str, period: str) -> bool:
        """Whether every month the value needs is approved, for every dataset it needs."""
        first = int(period[:4]) * 12 - 12 * (FONSTER.get(indikator, 1) - 1)
        needed = [period] if len(period) == 7 else [text(m) for m in range(first, int(period) * 12 + 12)]
        datasets = BEHOVER.get(indikator, {"eb_hushall", "eb_person"})
        return all(m in self.force and datasets <= self.force[m].datasets() for m in needed)


@pytest.fixture(scope="module")
def kommuner(read: dict[str, Any]) -> dict[str, Kommun]:
    return {kommun: Kommun(force) for kommun, (_, force) in read.items()}


@pytest.fixture(scope="module")
def varden(demo: Path) -> list[dict[str, Any]]:
    table = pq.read_table(demo / "demo" / "facit" / "indikatorvarde.parquet")
    return [r for r in table.to_pylist() if r["indikator_id"] in CELLER]


@pytest.fixture(scope="module")
def invanare() -> dict[str, Counter[Any]]:
    out: dict[str, Counter[Any]] = defaultdict(Counter)
    with (SEEDS / "befolkning.csv").open(encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            age, n = int(r["alder"]), int(r["antal"])
            out[r["kommun_kod"]]["alla"] += n
            for k in (r["kon_kod"], "T"):
                out[r["kommun_kod"]]["EB02" if age < 18 else "EB05", k] += n
                out[r["kommun_kod"]]["EB03", k] += n if 18 <= age < 25 else 0
    return out


def cell(r: dict[str, Any]) -> tuple[str, ...]:
    return tuple(r[c] for c in ("kon_kod", "aldersgrupp_kod", "uppdelning", "uppdelning_kod"))


def test_every_value_of_each_municipality(
    varden: list[dict[str, Any]], kommuner: dict[str, Kommun], invanare: dict[str, Counter[Any]]
) -> None:
    counted: Counter[str] = Counter()
    for r in varden:
        indikator, period, geo = r["indikator_id"], r["period"], r["geo_kod"]
        if r["geo_typ"] != "kommun":
            continue
        kommun = kommuner.get(geo, Kommun({}))
        if not kommun.counts(indikator, period):
            assert (r["status"], r["taljare"], r["namnare"], r["varde"]) == ("ej_rapporterad", None, None, None)
            assert (r["antal_kommuner_med"], r["tackning_befolkning"], r["imputerad_andel"]) == (0, 0, None)
            continue
        key = (indikator, period, *cell(r))
        of_people = invanare[geo][indikator, r["kon_kod"]] if indikator in {"EB02", "EB03", "EB05"} else None
        namnare = kommun.nam[key] if of_people is None else of_people
        assert (r["taljare"], r["namnare"]) == (kommun.tal[key], namnare), key
        assert r["status"] in ("rapporterad", "osaker")  # which: test_synthetic_varning.py
        assert r["varde"] == (pytest.approx(kommun.tal[key] / namnare) if namnare else None)
        assert (r["ki_nedre"] is None) == (not namnare or indikator == "EB08")
        assert (r["antal_kommuner_med"], r["imputerad_andel"]) == (1, 0 if namnare else None)
        counted[indikator] += r["taljare"] > 0
    assert set(counted) == set(CELLER)
    assert min(counted.values()) >= 3


def test_every_cell_of_every_year_and_month_exists(varden: list[dict[str, Any]]) -> None:
    got = Counter((r["geo_kod"], r["indikator_id"], r["period"], *cell(r)) for r in varden)
    ar = ("2017", "2018", "2019")
    manader = [text(m) for m in range(2017 * 12, 2020 * 12)]
    per_geo = {
        (indikator, period, *c)
        for indikator, cells in CELLER.items()
        for period in ([*ar, *manader] if indikator in {"EB10", "EB15"} else ar)
        for c in cells
    }
    assert set(got.values()) == {1}
    assert len(got) == len(per_geo) * (290 + 21 + 1)
    assert {key[1:] for key in got} == per_geo
    assert {r["version"] for r in varden} == {1}


def earlier(known: dict[Any, dict[str, Any]], geo: str, key: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The municipality's own cell of one and two years before, if it counted."""
    for back in (1, 2):
        period = f"{int(key[1][:4]) - back}{key[1][4:]}"
        row = known.get((geo, key[0], period, *key[2:]))
        if row and row["antal_kommuner_med"]:
            yield row


def test_lan_and_riket_are_reported_plus_estimates_with_coverage(
    varden: list[dict[str, Any]], kommuner: dict[str, Kommun], invanare: dict[str, Counter[Any]]
) -> None:
    known = {(r["geo_kod"], r["indikator_id"], r["period"], *cell(r)): r for r in varden}
    lan = {geo[:2] for geo in kommuner}
    estimated: Counter[str] = Counter()
    for (geo, *key), r in known.items():
        if geo not in lan | {"00"} or r["geo_typ"] == "kommun":
            continue
        inside = [k for k in invanare if geo in ("00", k[:2])]
        own = {k: known[k, *key] for k in inside}
        med = [k for k in inside if own[k]["antal_kommuner_med"]]
        assert (r["antal_kommuner_med"], r["antal_kommuner_forvantade"]) == (len(med), len(inside))
        people = sum(invanare[k]["alla"] for k in inside)
        assert r["tackning_befolkning"] == pytest.approx(sum(invanare[k]["alla"] for k in med) / people)
        if not med:
            assert (r["status"], r["taljare"], r["namnare"]) == ("ej_rapporterad", None, None)
            continue
        guesses = [next(earlier(known, k, tuple(key)), None) for k in inside if k not in med]
        extra = [g for g in guesses if g]
        estimated[key[0]] += len(extra)
        used = [*(own[k] for k in med), *extra]
        assert (r["taljare"], r["namnare"]) == (sum(x["taljare"] for x in used), sum(x["namnare"] for x in used))
        if r["namnare"]:
            assert r["imputerad_andel"] == pytest.approx(float(sum(g["namnare"] for g in extra) / r["namnare"]))
            assert r["varde"] == pytest.approx(float(r["taljare"] / r["namnare"]))
    assert {"EB02", "EB08", "EB10", "EB11", "EB15"} <= set(+estimated)


def test_the_society_holds_the_cases_that_tell_readings_apart(kommuner: dict[str, Kommun]) -> None:
    seen = sum((k.seen for k in kommuner.values()), Counter())
    wanted = {
        *(f"27 månader, längsta uppehåll {n}" for n in range(5)),
        *("26 månader", "barn och vuxen", "vuxen i rollen barn", "tomt hinder"),
        *("insats 0", "insats 1", "insats 9", "insats tom"),
        *("flera hushållstyper", "ändrat antal barn", "barn bara till en början"),
        *("avslut utan bidragsmånad", "avslut utan sökande", "avslut fast biståndet går vidare"),
        *("vidare i annat hushåll", "över årsskiftet", "datum långt efter", "rapporterat i samma månad"),
        *("flera avslut", "annan orsak avgör", "rapporterat nästa år"),
        *("fyra månader efter", "mer än fyra månader efter", "i två stadsdelar", "samma id i två stadsdelar"),
        *("åter inom tolv månader", "åter efter precis tolv", "åter senare", "inte åter"),
    }
    assert wanted - set(+seen) == set()

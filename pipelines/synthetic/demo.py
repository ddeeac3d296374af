"""write_demo: the whole simulated country, its deliveries and the truth about them.

Belongs here: the order of the work, its division over processes and the files of the truth. Does not belong
here: any of the steps themselves.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.synthetic.arsvis.avtal import som_fil
from pipelines.synthetic.arsvis.demo import Gemensamt, Resultat, Uppdrag, gemensamt
from pipelines.synthetic.barn.demo import gor_barn
from pipelines.synthetic.facit_fragor import indicator_table
from pipelines.synthetic.facit_geo import Tackning
from pipelines.synthetic.facit_kommun import KommunTal, nothing, tally
from pipelines.synthetic.facit_paket import coverage, force_rows, package_rows, rule_rows, verdict
from pipelines.synthetic.facit_rader import RULES, judge
from pipelines.synthetic.facit_varning import history_rows, in_force, year_rows
from pipelines.synthetic.koder import DATASETS, START_YEAR, Arr, period_text
from pipelines.synthetic.mal import SEEDS, Referens, levels, read_reference
from pipelines.synthetic.missbruk.demo import gor_missbruk
from pipelines.synthetic.paket import write_package
from pipelines.synthetic.parametrar import parametrar
from pipelines.synthetic.plan import Paket, Plan, choose, months_until, settle
from pipelines.synthetic.planering import Planner
from pipelines.synthetic.profiler import Profil, assign
from pipelines.synthetic.rader import assemble, confirm_empty, cut_short, drop_impossible
from pipelines.synthetic.radfel import plant
from pipelines.synthetic.samhalle import simulate
from pipelines.synthetic.text import Avsandare, Fil, render

SMALL = 150_000  # household-months below which starting processes costs more than it gives
_TOO_FAR = 12 * 200

LEVERANS = pa.schema(
    [(n, pa.string()) for n in ("kommun_kod", "stadsdel_kod", "period")]
    + [("version", pa.int32())]
    + [(n, pa.string()) for n in ("paket_namn", "dataset", "status", "stoppande_regel")]
    + [(n, pa.int64()) for n in ("mottagna", "lasta", "i_karantan", "skyddade", "avvisade")]
)
REGELUTFALL = pa.schema(
    [(n, pa.string()) for n in ("kommun_kod", "stadsdel_kod", "period")]
    + [("version", pa.int32())]
    + [(n, pa.string()) for n in ("paket_namn", "dataset", "regel_id")]
    + [("antal_rader", pa.int64())]
)
I_KRAFT = pa.schema(
    [(n, pa.string()) for n in ("kommun_kod", "stadsdel_kod", "dataset", "period", "paket_namn")]
    + [("mottagna", pa.int64())]
)
VARNING = pa.schema(
    [(n, pa.string()) for n in ("kommun_kod", "stadsdel_kod", "dataset", "period", "regel_id", "kolumn")]
    + [(n, pa.int64()) for n in ("antal", "jamfort_med")]
)
SANT_UTFALL = pa.schema(
    [(n, pa.string()) for n in ("indikator_id", "geo_typ", "geo_kod", "period", "omrade_kod")]
    + [(n, pa.int64()) for n in ("antal", "antal_uppfoljda")]
    + [(n, pa.float64()) for n in ("bland_uppfoljda", "bland_alla")]
)
SKYDDADE_BARN = pa.schema([("period", pa.string()), ("antal_barn", pa.int64())])
SKYDDADE = pa.schema([("period", pa.string()), ("antal_hushall", pa.int64()), ("antal_personer", pa.int64())])


@dataclass(frozen=True)
class DemoSummary:
    """What was written. rader = data lines per dataset over all packages (a second sending not again)."""

    kommuner: int
    manader: int
    paket: int
    stoppade: int
    rader: dict[str, int]
    forlopp: dict[str, int]


@dataclass(frozen=True)
class _Uppgift:
    """All that a process needs to make one municipality."""

    plats: int
    kommun: str
    frammande: str
    stadsdelar: dict[str, float]  # code -> share of the households; '' alone when the municipality sends as one
    profil: Profil
    invanare: int
    level: Arr
    paket: list[Paket]
    fh99: tuple[int, float]
    fro: int
    forvantade: int
    inbox: Path
    staging: Path


@dataclass
class _Resultat:
    plats: int
    tal: KommunTal
    godkand: Arr
    i_tid: Arr
    leverans: list[tuple[object, ...]]
    regelutfall: list[tuple[object, ...]]
    i_kraft: list[tuple[object, ...]]
    varning: list[tuple[object, ...]]


def _make(task: _Uppgift) -> _Resultat:
    """One municipality: society, deliveries, truth, files."""
    par = parametrar()
    rng = np.random.default_rng([task.fro, int(task.kommun)])
    codes = tuple(task.stadsdelar)
    society = simulate(task.level, rng, par, task.fh99, list(task.stadsdelar.values()))
    reported = (society.av_t[society.av_sd == i] for i in range(len(codes)))
    closings = {c: np.bincount(t, minlength=task.forvantade) for c, t in zip(codes, reported, strict=True)}
    paket = settle(task.paket, closings, rng)
    lev = assemble(society, paket, rng, par, fills=bool(rng.random() < 0.3), stadsdelar=codes)
    plant(lev, rng, par)
    drop_impossible(lev)
    confirm_empty(lev)
    cut_short(lev, rng)
    utfall = judge(lev)
    omdome = verdict(lev, utfall)
    approved, in_time = coverage(lev, omdome, task.forvantade)
    force = in_force(lev, omdome, task.forvantade)
    tal = tally(society, lev, utfall, omdome, force, task.invanare)
    result = _Resultat(
        task.plats,
        tal,
        approved,
        in_time,
        package_rows(task.kommun, lev, omdome, utfall),
        rule_rows(task.kommun, lev, omdome, utfall),
        force_rows(task.kommun, lev, omdome),
        history_rows(task.kommun, force, task.invanare) + year_rows(task.kommun, tal.tomma, tal.okand),
    )
    version = f"{1 + task.plats % 4}.{task.plats % 7}"
    sender = Avsandare(task.kommun, task.frammande, version, task.profil, codes)
    _write(task, lev.paket, render(lev, sender), lev.person, sender)
    return result


def _write(
    task: _Uppgift, paket: list[Paket], files: dict[str, list[Fil]], person: dict[str, Arr], sender: Avsandare
) -> None:
    folder = task.inbox / task.kommun
    if paket:
        folder.mkdir(parents=True, exist_ok=True)
    protected = np.bincount(person["pkg"][person["sky"] == 1], minlength=len(paket)) > 0
    for i, p in enumerate(paket):
        rendered = {dataset: files[dataset][i] for dataset in DATASETS}
        write_package(folder, task.staging, p, rendered, bool(protected[i]), sender)


def _staging(home: Path) -> Path:
    """Outside the inbox but on the same disk, so that a rename is one step."""
    return home / "demo" / ".tmp"


def _households(level: Arr, place: int, fro: int) -> Arr:
    """Whole households, rounded the same way in all months so that the series stays smooth."""
    u = np.random.default_rng([fro, 5, place]).random((2, 1))
    return np.floor(level + u).astype(np.int64)


def _tasks(ref: Referens, level: Arr, plan: Plan, fro: int, expected: int, home: Path) -> list[_Uppgift]:
    share = float(parametrar()["fh99_kommun_andel"])
    profil = assign({k: ref.kommuner[k] for k in plan.urval}, fro, parametrar())
    return [
        _Uppgift(
            plats=k,
            kommun=ref.kommuner[k],
            frammande=ref.kommuner[k - 1],
            stadsdelar=parametrar()["stadsdelar"].get(ref.kommuner[k], {"": 1.0}),
            profil=profil[k],
            invanare=int(ref.invanare[k]),
            level=_households(level[k], k, fro),
            paket=plan.paket[k],
            fh99=(plan.fh99[1], share) if plan.fh99[0] == k else (0, 0.0),
            fro=fro,
            forvantade=expected,
            inbox=home / "inbox",
            staging=_staging(home),
        )
        for k in plan.urval
    ]


def _run(tasks: list[_Uppgift], workers: int) -> Iterator[_Resultat]:
    """Largest municipalities first; in this process when there is little to do."""
    ordered = sorted(tasks, key=lambda t: -int(t.level.sum()))
    if workers < 2 or sum(int(t.level.sum()) for t in tasks) < SMALL:
        yield from map(_make, ordered)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(_make, ordered)


def _table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns: list[Any] = [list(c) for c in zip(*rows, strict=True)] or [[] for _ in schema]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _protected(results: list[_Resultat], months: range) -> pa.Table:
    total = sum((r.tal.skyddade for r in results), np.zeros((months.stop, 2), dtype=np.int64))
    return _table([(period_text(m), int(total[m, 0]), int(total[m, 1])) for m in months], SKYDDADE)


def _truth(ref: Referens, results: list[_Resultat], plan: Plan, expected: int) -> dict[str, pa.Table]:
    """The tables of the truth."""
    shape = (len(ref.kommuner), expected, len(DATASETS))
    approved, in_time = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    counts = [nothing(expected)] * len(ref.kommuner)
    for r in results:
        approved[r.plats], in_time[r.plats], counts[r.plats] = r.godkand, r.i_tid, r.tal
    first = min((p.manad for packages in plan.paket.values() for p in packages), default=expected)
    tackning = Tackning(approved, in_time, first)
    return {
        "indikatorvarde": indicator_table(ref, counts, tackning),
        "leverans": _table([row for r in results for row in r.leverans], LEVERANS),
        "regelutfall": _table([row for r in results for row in r.regelutfall], REGELUTFALL),
        "i_kraft": _table([row for r in results for row in r.i_kraft], I_KRAFT),
        "varning": _table([row for r in results for row in r.varning], VARNING),
        "skyddade": _protected(results, tackning.months),
    }


def _plan_file(ref: Referens, plan: Plan, summary: DemoSummary, given: dict[str, Any]) -> dict[str, Any]:
    def code(k: int) -> str | None:
        return ref.kommuner[k] if k >= 0 else None

    return {
        "parametrar": given,
        "antal": asdict(summary),
        "kommuner": [code(k) for k in plan.urval],
        "roller": {role: [code(k) for k in members] for role, members in plan.roller.items()},
        "slutliga": [[code(k), *rest] for k, *rest in plan.slutliga],
        "fh99": {"kommun_kod": code(plan.fh99[0]), "ar": plan.fh99[1]},
        "regler_i_facit": list(RULES),
        "antaganden": parametrar(),
    }


def _save(home: Path, truth: dict[str, pa.Table], plan: dict[str, Any]) -> None:
    facit = home / "demo" / "facit"
    facit.mkdir(parents=True, exist_ok=True)
    for name, table in truth.items():
        temp = _staging(home) / f"{name}.parquet"
        pq.write_table(table, temp)
        temp.replace(facit / f"{name}.parquet")
    text = json.dumps(plan, ensure_ascii=False, indent=1, default=str)
    (home / "demo" / "plan.json").write_text(text, encoding="utf-8")


def _summary(plan: Plan, months: int, truth: dict[str, pa.Table]) -> DemoSummary:
    rows = truth["leverans"].select(["kommun_kod", "paket_namn", "dataset", "status", "mottagna"]).to_pylist()
    lines = {d: sum(int(r["mottagna"]) for r in rows if r["dataset"] == d) for d in DATASETS}
    ends = {(r["kommun_kod"], r["paket_namn"]): r["status"] for r in rows}
    stopped = sum(status == "stoppad" for status in ends.values())
    return DemoSummary(len(plan.urval), months, len(ends), stopped, lines, dict(sorted(plan.forlopp.items())))


def _together(
    truth: dict[str, pa.Table], summary: DemoSummary, year: Resultat
) -> tuple[dict[str, pa.Table], DemoSummary]:
    """The truth and the summary with a society of yearly sources added."""
    schemas = {"leverans": LEVERANS, "regelutfall": REGELUTFALL, "i_kraft": I_KRAFT, "varning": VARNING}
    added = {name: _table(year.tabeller[name], schema) for name, schema in schemas.items()}
    added["indikatorvarde"] = year.indikatorvarde
    both = truth | {name: pa.concat_tables([truth[name], table]) for name, table in added.items()}
    whole = DemoSummary(
        summary.kommuner,
        summary.manader,
        summary.paket + year.paket,
        summary.stoppade + year.stoppade,
        summary.rader | year.rader,
        summary.forlopp,
    )
    return both, whole


def _yearly(
    g: Gemensamt, truth: dict[str, pa.Table], summary: DemoSummary
) -> tuple[dict[str, pa.Table], DemoSummary, dict[str, Any]]:
    """The yearly sources' deliveries; the truth and the summary with them; and what the plan says of them."""
    barn = gor_barn(g)
    truth, summary = _together(truth, summary, barn.allt)
    truth["skyddade_barn"] = _table([(str(ar), n) for ar, n in barn.skyddade.items()], SKYDDADE_BARN)
    vuxna = gor_missbruk(g)
    truth, summary = _together(truth, summary, vuxna.allt)
    truth["sant_utfall"] = _table(vuxna.sant, SANT_UTFALL)

    def named(of: dict[int, str]) -> dict[str, str]:
        return {g.ref.kommuner[k]: f for k, f in of.items()}

    told = {
        "arsvis": {"ar": list(g.ar), "format": named(g.form)},
        "barn": {"forlopp": dict(sorted(barn.allt.forlopp.items()))},
        "missbruk": {
            "forlopp": dict(sorted(vuxna.allt.forlopp.items())),
            "system": {kalla: named(of) for kalla, of in vuxna.system.items()},
        },
    }
    return truth, summary, told


def _all(
    tasks: list[_Uppgift], workers: int, home: Path, progress: Callable[[int, int], None] | None
) -> list[_Resultat]:
    """Make every municipality; results in the order of the municipalities."""
    shutil.rmtree(_staging(home), ignore_errors=True)
    _staging(home).mkdir(parents=True)
    results: list[_Resultat] = []
    for done in _run(tasks, workers):
        results.append(done)
        if progress:
            progress(len(results), len(tasks))
    return sorted(results, key=lambda r: r.plats)


def write_demo(
    home: Path,
    *,
    kommuner: int = 290,
    manader: int = 36,
    skala: float = 1.0,
    fro: int = 1,
    asof: date = date(2020, 2, 1),
    progress: Callable[[int, int], None] | None = None,
    workers: int = 2,
    referens: Path = SEEDS,
    barn: bool = False,
) -> DemoSummary:
    """Write deliveries to home/inbox, the plan to home/demo/plan.json and the truth to home/demo/facit.

    kommuner: how many send (the others are expected all the same); manader: months from January 2017 (only those due at
    asof); skala: 1.0 is the real number of households and children. barn: also the yearly sources of children, for the
    whole years due, and their agreements in home/demo/avtal.csv; all else is the same to the byte. The same fro
    gives the same bytes whatever the number of workers. Raises ValueError when no month is due.
    """
    ref, par = read_reference(referens), parametrar()
    months, expected = months_until(asof, manader), months_until(asof, _TOO_FAR)
    if months < 1 or kommuner < 1:
        raise ValueError(f"inget att sända: ingen månad från januari {START_YEAR} har passerat sin frist vid asof")
    level = levels(ref, months, par) * skala
    urval = choose(ref.kommuner, level.sum(axis=(1, 2)), kommuner)
    plan = Planner(urval, ref.kommuner, level.sum(axis=1), asof, fro, par).draw()
    results = _all(_tasks(ref, level, plan, fro, expected, home), workers, home, progress)
    truth = _truth(ref, results, plan, expected)
    summary = _summary(plan, months, truth)
    given = {"kommuner": kommuner, "manader": manader, "skala": skala, "fro": fro, "asof": asof.isoformat()}
    told = _plan_file(ref, plan, summary, given)
    task = Uppdrag(plan.urval, manader // 12, skala, fro, asof, home / "inbox", _staging(home), referens)
    if barn and (common := gemensamt(ref, task)):
        truth, summary, of_years = _yearly(common, truth, summary)
        told |= {"antal": asdict(summary), **of_years}
        (home / "demo" / "avtal.csv").write_text(som_fil(common.avtal, ref.kommuner), encoding="utf-8")
    _save(home, truth, told)
    shutil.rmtree(_staging(home))
    return summary

"""`make bench`: what a run costs beside plain scripts over the same content, and whether it keeps within its bars.

Belongs here: what is run, in which order, and the bars. Does not belong here: the measure (`matning.py`), the content
(`innehall.py`) and what each step of a run costs (`steg.py`).

Machines are noisy: whatever is compared is run in turns, and medians are taken. Seconds are CPU seconds of all
processes. `python -m benchmarks.bench [--varv 3] [--utan-20]`; everything is kept below LAGER_BENCH (var/bench),
some 5 GB a round, and removed when the next bench begins.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.innehall import (
    AGREEMENTS,
    BARN,
    asof_of,
    digest,
    linked,
    make_barn,
    make_demo,
    make_empty,
    make_plain,
    received,
)
from benchmarks.matning import Matt, measure
from benchmarks.plain import differing

ROOT = Path(__file__).resolve().parents[1]
WHERE = Path(os.environ.get("LAGER_BENCH", ROOT / "var" / "bench"))
EMPTY = {"tom": 1, "tomma": 290}
HOMES = WHERE / "hem"
FORGOTTEN = 60  # seconds until ext4 has forgotten what was removed
NEW_MONTH = "2019-12"
Measured = dict[str, list[Matt]]


class Bench:
    """One round after another over the same content."""

    def __init__(self) -> None:
        self.found: Measured = defaultdict(list)
        self.steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.rows: dict[str, int] = {}  # person-months in force, of bistånd
        self.received: dict[str, tuple[int, int]] = {}  # rows, cells
        self.deliveries: dict[str, int] = {}
        self.agreement: dict[str, dict[str, tuple[int, int]]] = {}
        self._made = 0
        self.homes: dict[str, Path] = {}  # the last of each name

    # -- content -------------------------------------------------------------------------------------------------

    def inbox(self, name: str) -> Path:
        """The packages of one size, made once."""
        folder = WHERE / "innehall" / name
        if not (folder / "klar").exists():
            shutil.rmtree(folder, ignore_errors=True)
            if name in EMPTY:
                make_empty(folder, EMPTY[name])
            else:
                make_barn(folder, BARN[name]) if name in BARN else make_demo(folder, name)
            (folder / "klar").touch()
        self.deliveries[name] = len(list((folder / "inbox").glob("*/*")))
        return folder

    def home(self, name: str) -> Path:
        """An empty place for a run. Nothing is removed meanwhile: for a minute ext4 looks past every file removed, and
        who makes files then pays for it (archive and quarantine cost two to four times as much).
        """
        self._made += 1
        folder = HOMES / f"{self._made:03}_{name}"
        folder.mkdir(parents=True)
        self.homes[name] = folder
        return folder

    # -- what is run ---------------------------------------------------------------------------------------------

    def lager(self, label: str, home: Path, size: str) -> None:
        """`lager run` over what waits in a home, and what its steps cost."""
        environment = {"LAGER_HOME": str(home), "LAGER_ASOF": str(asof_of(size))}
        steps = home / "steg.json"
        self._measure(label, ["-m", "benchmarks.steg", str(steps)], environment)
        self.steps[label].append(json.loads(steps.read_text())["steg"])

    def run(self, size: str) -> None:
        """A run over everything of one size; the first also gives the plain files."""
        home = self.home(size)
        linked(self.inbox(size), home)
        if size in BARN:
            self._lager(home, size, "avtal", "importera", str(self.inbox(size) / AGREEMENTS), "--av", "bench")
        self.lager(f"lager {size}", home, size)
        if size not in EMPTY and size not in self.received:
            self.received[size] = received(home)
            rows = make_plain(home, WHERE / "plain" / size, size)
            self.rows |= {} if size in BARN else {size: rows}

    def plain(self, size: str, kind: str = "duckdb") -> None:
        """A script over the plain files; the first time, whether it says what the last run's warehouse says."""
        folder, script = WHERE / "plain" / size, "barn" if size in BARN else kind
        self._measure(f"{kind} {size}", ["-m", "benchmarks.plain", script, str(folder)], {})
        if kind == "duckdb" and size not in self.agreement:
            self.agreement[size] = differing(folder, self.homes[size])

    def landing(self, size: str) -> None:
        out = self.home("landning")
        self._measure(f"landning {size}", ["-m", "benchmarks.landning", str(self.inbox(size) / "inbox"), str(out)], {})

    def new_month(self) -> None:
        """A run over all months but the last, unmeasured and made once; then one over the last."""
        if "fore" not in self.homes:
            home = self.home("fore")
            linked(self.inbox("6"), home)
            for path in list((home / "inbox").glob(f"*/eb_{NEW_MONTH}*")):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            self._lager(home, "6", "run")
        home = self.home("manad")
        shutil.copytree(self.homes["fore"], home, dirs_exist_ok=True, symlinks=True)
        linked(self.inbox("6"), home, NEW_MONTH)
        self.deliveries["manad"] = len(list((home / "inbox").glob("*/*")))
        self.lager("lager manad", home, "6")

    def _lager(self, home: Path, size: str, *command: str) -> None:
        """A command of the warehouse's own, unmeasured."""
        environment = {"LAGER_HOME": str(home), "LAGER_ASOF": str(asof_of(size))}
        measure([sys.executable, "-m", "pipelines.cli", *command], environment, WHERE / "logg.txt")

    def _measure(self, label: str, arguments: list[str], environment: dict[str, str]) -> None:
        WHERE.mkdir(parents=True, exist_ok=True)
        matt = measure([sys.executable, *arguments], environment, WHERE / "logg.txt")
        self.found[label].append(matt)
        print(f"{label:14} {matt.cpu:7.1f} CPU s {matt.vagg:7.1f} s {matt.minne_mb:6.0f} MB", flush=True)

    # -- what it says --------------------------------------------------------------------------------------------

    def cpu(self, label: str) -> float:
        return statistics.median(m.cpu for m in self.found[label])

    def memory(self, label: str) -> float:
        return statistics.median(m.minne_mb for m in self.found[label])

    def step(self, label: str, *names: str) -> float:
        """Median CPU of some of a run's steps together."""
        return statistics.median(sum(v["cpu"] for k, v in s.items() if k in names) for s in self.steps[label])

    def beyond(self, small: str, large: str) -> dict[str, float]:
        """What one more received row costs, and in the landing one more cell: between two sizes of as many packages, so
        that no package is in it.
        """
        a, b = f"lager {small}", f"lager {large}"
        rows, cells = (more - less for more, less in zip(self.received[large], self.received[small], strict=True))
        landing = 1e6 * (self.step(b, *LANDING) - self.step(a, *LANDING))
        return {
            "landning, µs CPU per rad": landing / rows,
            "landning, µs CPU per cell": landing / cells,
            "dbt, µs CPU per rad": 1e6 * (self.step(b, "dbt") - self.step(a, "dbt")) / rows,
            "minne, byte per rad": 1e6 * (self.memory(b) - self.memory(a)) / rows,
        }


LANDING = (
    *("uppackning", "avkodning", "grind, inläsning", "grind, fritext", "grind, regler", "pseudonymer"),
    *("arkiv", "Parquet", "karantän", "synkning", "huvudbok"),
)
Bar = tuple[str, float, str, float]


def side_by_side(b: Bench) -> list[tuple[str, float, float]]:
    """(what, of bistånd, of children and young people) for one received row or cell."""
    eb, barn = b.beyond("1", "6"), b.beyond("barn_liten", "barn")
    return [(what, eb[what], barn[what]) for what in eb]


def bars(b: Bench) -> list[Bar]:
    """(what, measured, at most or at least, the bar)."""
    millions = {size: rows / 1e6 for size, rows in b.rows.items()}
    per_delivery = (b.cpu("lager tomma") - b.cpu("lager tom")) / (b.deliveries["tomma"] - b.deliveries["tom"])
    fixed = b.cpu("lager tom") - per_delivery * b.deliveries["tom"]
    beyond = {s: b.cpu(f"lager {s}") - fixed - per_delivery * b.deliveries[s] for s in b.rows}
    span = millions["6"] - millions["1"]
    slope = (beyond["6"] - beyond["1"]) / span
    plain = (b.cpu("duckdb 6") - b.cpu("duckdb 1")) / span
    whole = b.cpu("lager 6") - fixed
    found: list[Bar] = [
        ("lager run, lutning mot skriptets", slope / plain, "högst", 2.5),
        ("vid noll rader, CPU s", fixed, "högst", 75),
        ("per leverans, CPU ms", 1000 * per_delivery, "högst", 5),
        ("landning mot skriptets fart", b.cpu("landning 6") / b.step("lager 6", *LANDING), "minst", 0.3),
        ("ny månad mot hela, utöver det fasta", (b.cpu("lager manad") - fixed) / whole, "högst", 0.15),
        (
            "barn och unga: landning mot skriptets fart",
            b.cpu("landning barn") / b.step("lager barn", *LANDING),
            "minst",
            0.3,
        ),
        *((f"barn och unga mot bistånd, {what}", barn / eb, "högst", 1.0) for what, eb, barn in side_by_side(b)),
    ]
    if "20" in b.rows:
        growth = math.log(beyond["20"] / beyond["6"]) / math.log(millions["20"] / millions["6"])
        found.append(("minne vid 20 miljoner, GB", max(m.minne_mb for m in b.found["lager 20"]) / 1000, "högst", 4))
        found.append(("tillväxtens exponent", growth, "högst", 1.1))
    return found


def told(b: Bench) -> str:
    """The result as Markdown tables."""
    lines = ["| Mätt | CPU s | väggtid s | minne MB | varv |", "|---|---|---|---|---|"]
    for label, values in b.found.items():
        middle = [statistics.median(getattr(m, name) for m in values) for name in ("cpu", "vagg", "minne_mb")]
        lines.append(f"| {label} | {middle[0]:.1f} | {middle[1]:.0f} | {middle[2]:.0f} | {len(values)} |")
    labels = [label for label in b.steps if b.steps[label]]
    lines += ["", f"| Steg, CPU s | {' | '.join(labels)} |", "|---" * (len(labels) + 1) + "|"]
    for name in b.steps[labels[0]][0]:
        lines.append(f"| {name} | {' | '.join(f'{b.step(label, name):.1f}' for label in labels)} |")
    lines += ["", "| En mottagen rad till | bistånd | barn och unga | kvot |", "|---|---|---|---|"]
    lines += [f"| {what} | {eb:.2f} | {barn:.2f} | {barn / eb:.2f} |" for what, eb, barn in side_by_side(b)]
    lines += ["", "| Ribba | mätt | | ribba | |", "|---|---|---|---|---|"]
    for what, value, kind, bar in bars(b):
        held = value <= bar if kind == "högst" else value >= bar
        lines.append(f"| {what} | {value:.2f} | {kind} | {bar:g} | {'hålls' if held else '**hålls inte**'} |")
    return "\n".join([*lines, "", *_content(b)])


def _content(b: Bench) -> list[str]:
    """What was measured, and whether the scripts said what the warehouse says."""
    sizes = (f"{s}: {n} mottagna rader ({c} celler) i {b.deliveries[s]} paket" for s, (n, c) in b.received.items())
    said = [
        f"skript {size}, värden som skiljer: " + ", ".join(f"{i} {other} av {n}" for i, (n, other) in found.items())
        for size, found in b.agreement.items()
    ]
    inboxes = ", ".join(f"{size} {digest(b.inbox(size) / 'inbox')}" for size in ("6", "barn"))
    months = ", ".join(f"{size} {rows}" for size, rows in b.rows.items())
    return ["; ".join(sizes), f"personmånader i kraft: {months}", *said, f"innehåll: {inboxes}"]


def main() -> None:
    """All of it, in turns."""
    parser = argparse.ArgumentParser(description="Mäter lager run mot enkla skript.")
    parser.add_argument("--varv", type=int, default=3, help="hur många gånger var sak mäts")
    parser.add_argument("--utan-20", action="store_true", help="hoppa över 20 miljoner personmånader")
    given = parser.parse_args()
    if HOMES.exists():
        shutil.rmtree(HOMES)
        time.sleep(FORGOTTEN)
    b = Bench()
    sizes = ("tom", "tomma", "1", "barn_liten", "6", "barn")
    for size in (*sizes, *(() if given.utan_20 else ("20",))):
        b.inbox(size)
    turns: list[Callable[[], None]] = [
        *(partial(b.run, size) for size in sizes),
        *(partial(b.plain, size) for size in ("1", "6", "barn")),
        partial(b.plain, "1", "pandas"),
        *(partial(b.landing, size) for size in ("6", "barn")),
        b.new_month,
    ]
    for _ in range(given.varv):
        for turn in turns:
            turn()
    if not given.utan_20:
        b.run("20")
        b.plain("20")
    found = {label: [asdict(m) for m in values] for label, values in b.found.items()}
    (WHERE / "resultat.json").write_text(json.dumps({"matt": found, "steg": b.steps}, ensure_ascii=False, indent=1))
    print(f"\n{told(b)}")


if __name__ == "__main__":
    main()

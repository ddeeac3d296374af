"""`lager demo`, `lager run` and `lager ui`: the work itself, by the same job as Dagster's.

Belongs here: starting the work and saying what it gave. Does not belong here: the work.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from pipelines.cli.show import AsJson, answer, err, number, out
from pipelines.contracts.model import get_contracts
from pipelines.settings import PROJECT_ROOT, Settings, get_settings

DAGSTER_YAML = """telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: pipelines.handelselogg
  class: Handelselogg
  config:
    base_dir: {folder}
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  start_timeout_seconds: 180
run_retries:
  enabled: true
  max_retries: 1
"""


def dagster_yaml(home: Path) -> str:
    """Dagster's settings for a home of its own."""
    return DAGSTER_YAML.format(folder=json.dumps(str(home / "history" / "runs")))


def _dagster_home(settings: Settings) -> Path:
    """Dagster's own folder, with telemetry off and one run at a time."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    config = settings.dagster_home / "dagster.yaml"
    wanted = dagster_yaml(settings.dagster_home)
    if not config.exists() or config.read_text() != wanted:
        config.write_text(wanted)
    return settings.dagster_home


def demo(
    kommuner: Annotated[int, typer.Option(help="Antal kommuner som sänder.")] = 290,
    manader: Annotated[int, typer.Option(help="Antal månader från 2017-01.")] = 38,
    skala: Annotated[float, typer.Option(help="1.0 är det verkliga antalet hushåll.")] = 1.0,
    fro: Annotated[int, typer.Option(help="Slumptalsfrö.")] = 1,
    om_tomt: Annotated[bool, typer.Option("--om-tomt", help="Gör inget om en huvudbok redan finns.")] = False,
    as_json: AsJson = False,
) -> None:
    """Skriv påhittade leveranser till inkorgen, med facit bredvid."""
    from pipelines.cli.avtal import enter_file
    from pipelines.synthetic import write_demo

    settings = get_settings()
    if om_tomt and settings.ledger_path.exists():
        answer(as_json, {"skrivna": 0}, lambda: None)
        return
    with err.status("Skriver demons leveranser …") as status:
        summary = write_demo(
            settings.home,
            kommuner=kommuner,
            manader=manader,
            skala=skala,
            fro=fro,
            asof=settings.asof,
            progress=lambda done, total: status.update(f"Skriver demons leveranser: {done} av {total} kommuner"),
            barn=True,
        )
        enter_file(settings.home / "demo" / "avtal.csv", "demo")
    rows = number(sum(summary.rader.values()))
    said = f"I inkorgen ligger {number(summary.paket)} paket från {summary.kommuner} kommuner med {rows} rader."
    answer(as_json, vars(summary), lambda: out.print(said))


def _up_to_date(settings: Settings) -> bool:
    """Nothing waits, and the current release already holds what the ledger says today."""
    from pipelines.landing.inbox import scan
    from pipelines.landing.ledger.export import export_ledger
    from pipelines.landing.ledger.store import open_ledger, untried
    from pipelines.landing.settle import settle
    from pipelines.publish import current_release, verify_release
    from pipelines.publish.provenance import fingerprint

    current = current_release(settings.release)
    if current is None or not settings.ledger_path.exists() or scan(settings.inbox).packages:
        return False
    engine = open_ledger(settings.ledger_path)
    settle(engine, get_contracts(), settings)
    with engine.begin() as connection:
        if untried(connection):
            return False
        export_ledger(connection, get_contracts(), settings.asof, settings.landing / "huvudbok")
    same = current.manifest["proveniens"]["underlag"] == fingerprint(settings)
    return same and not verify_release(settings.release)


def _execute(settings: Settings) -> dict[str, int] | None:
    """The Dagster job, in this process, over the months that wait: what its checks said. None when a step fell."""
    import dagster as dg

    from pipelines.landing.inbox import scan
    from pipelines.landing.ledger.store import open_ledger, untried
    from pipelines.landing.triggers import run_tags

    with open_ledger(settings.ledger_path).connect() as connection:
        left = {row.period for row in untried(connection)}
    waiting = scan(settings.inbox)
    work = bool(left or waiting.packages)
    from pipelines.transform.prepare import prepare
    from pipelines.transform.run_log import printed_to_log

    prepare()
    from pipelines.definitions import defs

    chosen = defs.resolve_job_def("lager" if work else "ombyggnad")
    home = _dagster_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance, printed_to_log(settings), _frozen():
        result = chosen.execute_in_process(
            instance=instance,
            tags=run_tags(waiting, left) if work else {},
            raise_on_error=False,
            run_config={"loggers": {"lager": {}}},
        )
    return _checked(result.get_asset_check_evaluations()) if result.success else None


@contextmanager
def _frozen() -> Iterator[None]:
    """What is in memory now lasts as long as the work: the collector need not walk it again for every list of rows."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()  # what DuckDB's binding finds alive when the process ends it would call leaked, on the terminal


def _checked(evaluations: Sequence[Any]) -> dict[str, int]:
    """How many checks there were (dbt's tests, the suites, those that name municipalities), and how many fell."""
    fallen = Counter(found.severity.value for found in evaluations if not found.passed)
    return {"kontroller": len(evaluations), "kontroller_varnar": fallen["WARN"], "kontroller_fel": fallen["ERROR"]}


def _summary(settings: Settings) -> dict[str, Any]:
    """What a run ends with."""
    import duckdb

    from pipelines.landing.ledger.store import open_ledger
    from pipelines.landing.ledger.summary import totals
    from pipelines.publish import current_release

    with open_ledger(settings.ledger_path).connect() as connection:
        found: dict[str, Any] = dict(totals(connection, get_contracts()))
    current = current_release(settings.release)
    if current is None:
        return found
    with duckdb.connect(str(current.database), read_only=True) as db:
        row = db.execute(
            "select count(distinct indikator_id), count(*), max(period) from indicators.fct_indikatorvarde"
        ).fetchone()
        coverage = db.execute(
            "select period, uppdelning_kod, varde from indicators.fct_indikatorvarde "
            "where indikator_id = 'SU02' and geo_typ = 'riket' and length(period) = 4 order by 1, 2"
        ).fetchall()
    found |= {"indikatorer": row[0] if row else 0, "indikatorvarden": row[1] if row else 0}
    found["tackning"] = [{"ar": p, "datamangd": d, "andel_av_befolkningen": v} for p, d, v in coverage]
    return found | {"utgava": current.version, "mapp": str(current.path), "lager": str(current.database)}


def _show_summary(found: dict[str, Any], seconds: float) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    rows = [
        ("Paket", "mottagna {paket_mottagna} · sena {paket_sena} · stoppade {paket_stoppade}"),
        ("Rader", "lästa {rader_lasta} · i karantän {rader_i_karantan} · skyddade {rader_skyddade}"),
        ("", "avvisade {rader_avvisade} (av {rader_mottagna} mottagna)"),
        ("Indikatorer", "{indikatorer} indikatorer, {indikatorvarden} värden"),
        ("Kontroller", "prövade {kontroller} · varnar {kontroller_varnar} · fel {kontroller_fel}"),
    ]
    numbers = {k: number(v) if isinstance(v, int) else v for k, v in found.items()}
    for name, pattern in rows:
        table.add_row(name, pattern.format_map({**dict.fromkeys(("indikatorer", "indikatorvarden"), "–"), **numbers}))
    for year, entries in groupby(found.get("tackning", []), key=lambda entry: entry["ar"]):
        shares = (f"{e['datamangd']} {100 * e['andel_av_befolkningen']:.1f} %".replace(".", ",") for e in entries)
        table.add_row(f"Täckning {year}", " · ".join(shares) + " av befolkningen")
    table.add_row("Utgåva", str(found.get("utgava", "ingen")))
    table.add_row("Tid", f"{seconds:.0f} s")
    out.print(table)
    out.print(f"Analytikernas lager: {found.get('lager', '–')}", soft_wrap=True)
    out.print("Dagster: make ui (eller lager ui), sedan http://127.0.0.1:3000", soft_wrap=True)


def _worked(settings: Settings, helt: bool) -> dict[str, Any]:
    """Do what there is to do, under the lock; the summary. Raises Exit when a step fell."""
    from pipelines.landing.runlock import hold
    from pipelines.transform import ground

    with hold(settings):
        if helt:
            ground.forget(settings)
        new = helt or not _up_to_date(settings)
        checked = _execute(settings) if new else {}
    if checked is None:
        err.print("[bold]Körningen misslyckades.[/] Se var den föll: lager ui (make ui), eller dbt/logs i LAGER_HOME.")
        raise typer.Exit(1)
    return _summary(settings) | checked | {"nytt": new}


def _said_plainly(settings: Settings, helt: bool) -> dict[str, Any]:
    """As `_worked`; whatever stops it outside the steps says what happened and what to do, and the answer is 1."""
    import dagster as dg

    from pipelines.landing.remedy import remedy
    from pipelines.landing.runlock import BusyError

    try:
        with remedy("Körningen", but=(BusyError, typer.Exit)):
            return _worked(settings, helt)
    except BusyError as error:
        err.print(str(error), soft_wrap=True)
    except dg.Failure as failure:
        err.print(f"{failure.description} Var: {str(failure.metadata['var'].value).splitlines()[-1]}", soft_wrap=True)
    raise typer.Exit(1)


def run(
    helt: Annotated[bool, typer.Option("--helt", help="Bygg om allt, även det som inte har ändrats.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ta emot, bygg, kontrollera och ge ut."""
    settings, started = get_settings(), time.monotonic()
    found = _said_plainly(settings, helt)
    if found["nytt"]:
        answer(as_json, found, lambda: _show_summary(found, time.monotonic() - started))
    else:
        answer(as_json, found, lambda: out.print(f"Inget att göra: utgåvan {found['utgava']} är aktuell och hel."))


def ui(port: Annotated[int, typer.Option(help="Port på 127.0.0.1.")] = 3000) -> None:
    """Öppna Dagsters gränssnitt på 127.0.0.1."""
    settings = get_settings()
    home = _dagster_home(settings)
    environment = {**os.environ, "DAGSTER_HOME": str(home), "LAGER_HOME": str(settings.home)}
    if settings.key_file:
        environment["LAGER_KEY_FILE"] = str(settings.key_file)
    dagster = Path(sys.executable).with_name("dagster")
    os.chdir(PROJECT_ROOT)
    os.execve(  # noqa: S606  the process becomes Dagster's
        dagster, ["dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)], environment
    )

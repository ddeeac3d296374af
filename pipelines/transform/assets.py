"""The dbt project as Dagster assets.

Belongs here: the one @dbt_assets, and what its step says when dbt stops. Does not belong here: any meaning; that stands
in SQL, and when the last build may be built on (`ground.py`). dbt writes into build files that nobody else opens until
the release copies one of them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from pipelines.settings import Settings, get_settings
from pipelines.transform import ground
from pipelines.transform.facts import read_facts
from pipelines.transform.prepare import MANIFEST, PROJECT
from pipelines.transform.run_log import printed_to_log
from pipelines.transform.translator import DO, QUERY, UNIQUE_ID, Translator

DBT = Path(sys.executable).with_name("lager-dbt")
BUILD = ["build", "--exclude-resource-type", "unit_test"]
STOPPED = (
    "dbt-bygget stannade, och den förra utgåvan gäller. Föll: {fallna}. {do}: öppna tillgången, fliken Checks, och gör "
    "som kontrollen säger; dbt:s egna ord står i dbt/logs under LAGER_HOME. Kör sedan lager run igen."
)

NOT_BUILT = (
    "Bygget stannade ({fel}), och den förra utgåvan gäller. Gör så här: se efter ledigt utrymme och rättigheter under "
    "LAGER_HOME (df -h), och kör sedan lager run igen."
)
NO_ROOM = "Disken är nästan full ({mb} MB kvar): frigör först utrymme under LAGER_HOME. "
LITTLE_ROOM = 100_000_000


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What the dbt project asks of its environment."""
    return {
        "LAGER_HOME": str(settings.home),
        "LAGER_MINNE": settings.minne,
        "DBT_LOG_PATH": str(settings.home / "dbt" / "logs"),
        "DBT_LOG_LEVEL_FILE": "none",  # kor.log has what it says; this was 18 MB of queries a run
    }


def prepare_build(settings: Settings) -> Path:
    """A place for dbt's own output, and build files that may be built on, or none."""
    target = settings.home / "dbt" / "target"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    if not ground.take(settings, _lasting()):
        for leftover in settings.build_path.parent.glob("*.duckdb*"):
            # a folder is what a killed dbt spilled
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    partial_parse = PROJECT / "target" / "partial_parse.msgpack"
    if partial_parse.exists():
        shutil.copy(partial_parse, target)
    return target


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=Translator(), name="dbt_bygge", required_resource_keys={"kor"})
def warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
    """One `dbt build`: seeds, models and their tests, into the build files."""
    settings = get_settings()
    checks = {spec.key: spec for spec in context.assets_def.check_specs}
    try:
        held, stopped, facts = _built(context, settings)
    except (OSError, subprocess.SubprocessError, duckdb.Error) as error:
        raise dg.Failure(_room(settings) + NOT_BUILT.format(fel=type(error).__name__)) from None
    for event in held:
        yield _told(event, facts, checks)
    if stopped:
        names = fallen(settings.home / "dbt" / "target", checks.values())
        raise dg.Failure(_room(settings) + STOPPED.format(fallna=names, do=DO), allow_retries=False)


def _built(context: dg.AssetExecutionContext, settings: Settings) -> tuple[list[Any], bool, dict[str, dict[str, Any]]]:
    """What dbt told, whether it stopped, and the facts of the tables it built."""
    target = prepare_build(settings)
    os.environ.update(dbt_environment(settings))
    dbt = DbtCliResource(project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(DBT))
    held, stopped = _held(dbt.cli(BUILD, context=context, target_path=target).stream())
    if not stopped:
        ground.lay(settings)
    return held, stopped, read_facts(settings.build_path, _wanted())


def _lasting() -> set[str]:
    """Tables that last from one build to the next: incremental ones, and what says `bestar` in its meta."""
    configs = {n["name"]: n["config"] for n in json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()}
    return {
        name
        for name, config in configs.items()
        if config.get("materialized") == "incremental" or config.get("meta", {}).get("bestar")
    }


def _room(settings: Settings) -> str:
    """A full disk said first: dbt tells it as faults in models."""
    left = shutil.disk_usage(settings.home).free
    return NO_ROOM.format(mb=left // 1_000_000) if left < LITTLE_ROOM else ""


def _held(events: Iterator[Any]) -> tuple[list[Any], bool]:
    """All of dbt's events, and whether it stopped: the file is read when dbt has let go of it.

    What dbt says meanwhile goes to its own log. Its errors quote rows, and Dagster would keep and show them.
    """
    held: list[Any] = []
    with printed_to_log(get_settings()):
        try:
            held.extend(events)
        except DagsterDbtCliRuntimeError:
            return held, True
    return held, False


def _wanted() -> dict[str, list[str]]:
    """What models ask to show of themselves: `visar` in their meta."""
    nodes = json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values()
    return {n["name"]: n["config"]["meta"]["visar"] for n in nodes if "visar" in n["config"].get("meta", {})}


def _told(event: Any, facts: Mapping[str, dict[str, Any]], checks: Mapping[dg.AssetCheckKey, dg.AssetCheckSpec]) -> Any:
    """The event with what the UI should say: a table's facts, and what to do about a test that fell."""
    if isinstance(event, dg.Output):
        ours = facts.get(event.output_name.split("__", 1)[-1], {})
        return event.with_metadata({**ours, **event.metadata})
    if isinstance(event, dg.AssetCheckResult) and not event.passed and event.asset_key and event.check_name:
        return _advised(event, checks[dg.AssetCheckKey(event.asset_key, event.check_name)])
    return event


def _advised(result: dg.AssetCheckResult, check: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    rows = result.metadata.get("dagster_dbt/failed_row_count") if result.metadata else None
    number = f"Rader som är fel: {getattr(rows, 'value', rows)}. " if rows is not None else ""
    return result._replace(description=f"{number}{DO}: {check.metadata[DO]}\n\n{check.metadata[QUERY]}")


def fallen(target: Path, checks: Iterable[dg.AssetCheckSpec] = ()) -> str:
    """Names of what fell, tests with their asset. dbt's own words stay in its log, since they may quote a value."""
    homes = {check.metadata[UNIQUE_ID]: f"{check.asset_key.to_user_string()}: {check.name}" for check in checks}
    try:
        nodes = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    except FileNotFoundError:
        return "dbt kom inte igång"
    except ValueError:
        return "dbt hann inte skriva vad"
    ids = [node["unique_id"] for node in nodes if node["status"] in ("error", "fail", "runtime error")]
    names = [homes.get(unique_id, unique_id.split(".")[2]) for unique_id in ids]
    return (
        ", ".join(names[:10]) + (f" och {len(names) - 10} till" if len(names) > 10 else "") or "inget som dbt namngav"
    )

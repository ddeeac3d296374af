"""The dbt project as Dagster assets.

Belongs here: the one @dbt_assets and a translator that knows no model by name. Does not belong here: any meaning; that
stands in SQL. dbt writes into a build file that nobody else opens until the release copies it.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from pipelines.settings import Settings, get_settings
from pipelines.transform.prepare import DBT, MANIFEST, PROJECT

BUILD = ["build", "--exclude-resource-type", "unit_test"]
LAYER_OF_SCHEMA = {"koder": "seeds", "referens": "seeds"}


class Translator(DagsterDbtTranslator):
    """Keys are [layer, name]; sources are the landing assets; facts come from each model's own `meta`."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_code_references=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(["landing", dbt_resource_props["name"]])
        return dg.AssetKey([self._layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return self._layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        return ["team:statistiker"]

    @staticmethod
    def _layer(props: Mapping[str, Any]) -> str:
        schema = str(props.get("config", {}).get("schema") or "staging")
        return LAYER_OF_SCHEMA.get(schema, schema)


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What the dbt project asks of its environment."""
    return {
        "LAGER_HOME": str(settings.home),
        "LAGER_BUILD": str(settings.build_path),
        "LAGER_MINNE": settings.minne,
        "DBT_LOG_PATH": str(settings.home / "dbt" / "logs"),
    }


def prepare_build(settings: Settings) -> Path:
    """An empty place for the build file and for dbt's own output; what an earlier run left there goes."""
    target = settings.home / "dbt" / "target"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    for leftover in settings.build_path.parent.glob(f"{settings.build_path.name}*"):
        leftover.unlink()
    partial_parse = PROJECT / "target" / "partial_parse.msgpack"
    if partial_parse.exists():
        shutil.copy(partial_parse, target)
    return target


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=Translator(), name="dbt_bygge", required_resource_keys={"kor"})
def warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
    """One `dbt build`: seeds, models and their tests, into the build file."""
    settings = get_settings()
    target = prepare_build(settings)
    os.environ.update(dbt_environment(settings))
    dbt = DbtCliResource(project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(DBT))
    yield from _with_row_counts(dbt.cli(BUILD, context=context, target_path=target).stream(), settings.build_path)


def _with_row_counts(events: Iterator[Any], build: Path) -> Iterator[Any]:
    """The same events with each table's rows, counted when dbt has let go of the file."""
    held: list[Any] = []
    failure = None
    try:
        held.extend(events)
    except DagsterDbtCliRuntimeError as error:
        failure = error
    counts = _row_counts(build)
    for event in held:
        rows = counts.get(event.output_name.split("__", 1)[-1]) if isinstance(event, dg.Output) else None
        yield event if rows is None else event.with_metadata({**event.metadata, "dagster/row_count": rows})
    if failure is not None:
        raise failure


def _row_counts(build: Path) -> dict[str, int]:
    if not build.exists():
        return {}
    with duckdb.connect(str(build), read_only=True) as db:
        return dict(db.execute("select table_name, estimated_size from duckdb_tables()").fetchall())

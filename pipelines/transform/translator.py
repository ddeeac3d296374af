"""dbt's models, seeds and tests in Dagster's words.

Belongs here: a translator that knows no model by name, and what is said of a test: what it holds and what to do when it
falls. Does not belong here: running dbt (`assets.py`). A test written as SQL says both in its own meta (`betydelse`,
`gor_sa_har`); the few generic kinds say it here, since dbt gives them no page of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

LAYER_OF_SCHEMA = {"koder": "seeds", "referens": "seeds"}
DO = "Gör så här"
MEANING = {
    "not_null": "Kolumnen {column_name} är ifylld på varje rad.",
    "ifyllda_och_unika": "Kolumnerna {ifyllda} är ifyllda på varje rad, och inga två rader är lika i något av {unika}.",
    "unik_kombination": "Kolumnerna {kolumner} finns tillsammans på högst en rad: det är tabellens korn.",
    "accepted_values": "Kolumnen {column_name} har bara värdena {values}.",
    "relationships": "Varje värde i kolumnen {column_name} finns i {to}, kolumnen {field}.",
}
MEND = {
    "seeds": "Felet står i {seed}: rätta raden där och kör lager run igen.",
    "models": (
        "Felet ligger i modellen {tabell} eller i det den läser, aldrig hos läsaren av den. Följ radernas "
        "leverans_id i core.dim_leverans till avsändaren (lager status --kommun). Har avsändaren sänt fel: be om nästa "
        "version. Annars: rätta modellen och kör lager run igen."
    ),
}
SEE = (
    "Raderna visas av frågan i dbt/target/compiled/{project}/{path}, ställd mot build/lager.duckdb (under LAGER_HOME)."
)
QUERY, UNIQUE_ID = "Raderna", "dagster_dbt/unique_id"


class Translator(DagsterDbtTranslator):
    """Keys are [layer, name]; sources are the landing assets; facts come from each model's own `meta`."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_code_references=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(["landing", dbt_resource_props["name"]])
        return dg.AssetKey([layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        return ["team:statistiker"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The words alone: with its SQL above them, columns and numbers stand a screen further down."""
        return str(dbt_resource_props.get("description") or dbt_resource_props["name"])

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        file = f"dbt_project/{dbt_resource_props['original_file_path']}"
        return {**super().get_metadata(dbt_resource_props), "fil": file}

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        test = manifest["nodes"][unique_id]
        advice = what_to_do(test, spec.asset_key)
        words = f"{meaning(test)}\n\n{DO} om den faller: {advice}"
        return spec._replace(description=words, metadata={**spec.metadata, DO: advice, QUERY: where(test)})


def layer(props: Mapping[str, Any]) -> str:
    """The layer a node belongs to, by its schema."""
    schema = str(props.get("config", {}).get("schema") or "staging")
    return LAYER_OF_SCHEMA.get(schema, schema)


def meaning(test: Mapping[str, Any]) -> str:
    """What a test holds, in Swedish. Raises KeyError for a kind of test that nobody has described."""
    generic = test.get("test_metadata")
    if not generic:
        return str(test["config"]["meta"]["betydelse"])
    values = {name: _listed(value) for name, value in generic["kwargs"].items()}
    return MEANING[generic["name"]].format_map(values)


def what_to_do(test: Mapping[str, Any], asset: dg.AssetKey) -> str:
    """The remedy: the test's own, or that of its kind."""
    own = test["config"]["meta"].get("gor_sa_har")
    kind = "seeds" if asset.path[0] == "seeds" else "models"
    seed = f"dbt_project/{PurePosixPath(test['original_file_path']).with_suffix('.csv')}"
    return str(own or MEND[kind].format(seed=seed, tabell=".".join(asset.path)))


def where(test: Mapping[str, Any]) -> str:
    """Where dbt puts the query that shows the rows."""
    source = PurePosixPath(test["original_file_path"])
    path = source / test["path"] if test.get("test_metadata") else source
    return SEE.format(project=test["package_name"], path=path)


def _listed(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(" och ".join(one) if isinstance(one, list) else str(one) for one in value)
    return str(value).removeprefix("ref('").removesuffix("')")

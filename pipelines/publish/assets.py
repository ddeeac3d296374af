"""The release as a Dagster asset.

Belongs here: the asset and its metadata. Does not belong here: how a release is built (`release.py`).
"""

from __future__ import annotations

import dagster as dg

from pipelines.publish.provenance import read_provenance
from pipelines.publish.release import build_release
from pipelines.settings import get_settings


def release_asset(released: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The release; it waits for every table it holds and for their blocking checks."""

    @dg.asset(
        key=["release", "utgava"],
        deps=released,
        group_name="release",
        kinds={"parquet", "csv", "duckdb"},
        owners=["team:dataingenjorer"],
        description="Utgåvan: publik/ (Parquet, CSV, ordbok) och intern/lager.duckdb under ett manifest och en pekare.",
        required_resource_keys={"kor"},
    )
    def release() -> dg.MaterializeResult[None]:
        settings = get_settings()
        info = build_release(settings.build_path, settings.release, read_provenance(settings))
        tables = info.manifest["innehall"]["tabeller"]
        return dg.MaterializeResult(
            metadata={
                "version": info.version,
                "mapp": dg.MetadataValue.path(f"release/{info.version}"),
                "tabeller": len(tables),
                "rader": sum(t["rader"] for t in tables.values()),
                "ny": info.created,
            }
        )

    return release

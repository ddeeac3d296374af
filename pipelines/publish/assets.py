"""The release as a Dagster asset.

Belongs here: the asset and its metadata. Does not belong here: how a release is built (`release.py`).
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb

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
                **_utility(settings.build_path),
            }
        )

    return release


def _utility(build: Path) -> dict[str, float]:
    """What the protection of small counts leaves to use, over all municipalities' values."""
    weighted = ", ".join(
        f"sum({c} * antal_varden) / nullif(sum(case when {c} is not null then antal_varden end), 0)"
        for c in ("andel_visade", "andel_anvandbara", "medelfel_antal")
    )
    with duckdb.connect(str(build), read_only=True) as db:
        row = db.execute(f"select {weighted} from published.pub_skyddsnytta where geo_typ = 'kommun'").fetchone()
    names = ("skydd_andel_visade_kommunvarden", "skydd_andel_anvandbara_kommunvarden", "skydd_medelfel_antal")
    return {name: round(value, 3) for name, value in zip(names, row or (), strict=True) if value is not None}

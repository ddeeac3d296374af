"""The release as a Dagster asset.

Belongs here: the asset, its metadata and what a failed step says. Does not belong here: how a release is built
(`release.py`).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dagster as dg
import duckdb

from pipelines.publish.internal import BuildError
from pipelines.publish.provenance import read_provenance
from pipelines.publish.release import ReleaseBusyError, ReleaseInfo, build_release
from pipelines.settings import Settings, get_settings

STALE = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26))
COVERAGE = (
    'select period as år, uppdelning_kod as datamängd, round(100 * varde, 1) as "procent av befolkningen" '
    "from indicators.fct_indikatorvarde where indikator_id = 'SU02' and geo_typ = 'riket' and length(period) = 4 "
    "order by 1, 2"
)
STOPPED = (
    "Utgåvan gjordes inte ({fel}); CURRENT pekar kvar på den förra. Gör så här: se efter ledigt utrymme och "
    "rättigheter under LAGER_HOME/release (df -h) och att ingen annan körning pågår, och kör sedan lager run igen."
)


def release_asset(released: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The release; it waits for every table it holds and for their blocking checks."""

    @dg.asset(
        key=["release", "utgava"],
        deps=released,
        group_name="release",
        kinds={"parquet", "csv", "duckdb"},
        owners=["team:dataingenjorer"],
        description=(
            "Utgåvan: publik/ (Parquet, CSV, ordbok, katalog) och intern/lager.duckdb under ett manifest. "
            "Den byts i ett ögonblick. Vem som saknas i den står i core/fct_leverans."
        ),
        freshness_policy=STALE,
        required_resource_keys={"kor"},
    )
    def release() -> dg.MaterializeResult[None]:
        info = _built(get_settings())
        tables = info.manifest["innehall"]["tabeller"]
        return dg.MaterializeResult(
            metadata={
                "version": info.version,
                "mapp": dg.MetadataValue.path(f"release/{info.version}"),
                "tabeller": len(tables),
                "rader": sum(t["rader"] for t in tables.values()),
                "ny": info.created,
                "täckning": _coverage(info.database),
                "leveransläge": dg.MetadataValue.asset(dg.AssetKey(["core", "fct_leverans"])),
                **_utility(info.database),
            }
        )

    return release


def _built(settings: Settings) -> ReleaseInfo:
    try:
        return build_release(settings.build_path, settings.release, read_provenance(settings))
    except (OSError, duckdb.Error, ReleaseBusyError, BuildError) as error:
        raise dg.Failure(STOPPED.format(fel=type(error).__name__)) from None


def _coverage(database: Path) -> dg.MetadataValue:
    """How much of the population the release's years cover, by dataset."""
    with duckdb.connect(str(database), read_only=True) as db:
        cursor = db.execute(COVERAGE)
        names = [column[0] for column in cursor.description or ()]
        records = [dg.TableRecord(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    schema = dg.TableSchema([dg.TableColumn(name) for name in names])
    return dg.MetadataValue.table(records, schema)


def _utility(database: Path) -> dict[str, float]:
    """What the protection of small counts leaves to use, over all municipalities' values."""
    weighted = ", ".join(
        f"sum({c} * antal_varden) / nullif(sum(case when {c} is not null then antal_varden end), 0)"
        for c in ("andel_visade", "andel_anvandbara", "medelfel_antal")
    )
    with duckdb.connect(str(database), read_only=True) as db:
        row = db.execute(f"select {weighted} from published.pub_skyddsnytta where geo_typ = 'kommun'").fetchone()
    names = ("skydd_andel_visade_kommunvarden", "skydd_andel_anvandbara_kommunvarden", "skydd_medelfel_antal")
    return {name: round(value, 3) for name, value in zip(names, row or (), strict=True) if value is not None}

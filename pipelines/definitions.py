"""The Dagster code location: collects the rooms' definitions and attaches resources. Nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.checks.assets import make_checks
from pipelines.checks.kommuner import load_questions, make_kommun_checks
from pipelines.checks.suites import load_suites
from pipelines.konsol import short_logger
from pipelines.landing.assets import RunLock, landing_assets
from pipelines.landing.triggers import triggers
from pipelines.publish.assets import release_asset
from pipelines.settings import PROJECT_ROOT, get_settings
from pipelines.transform.assets import warehouse

suites = load_suites(PROJECT_ROOT / "expectations")
questions = load_questions(PROJECT_ROOT / "expectations" / "kommuner")
released = [key for key in sorted(warehouse.keys) if key.path[0] != "staging"]
landing = landing_assets()
received = [key for asset in landing if asset.partitions_def for key in asset.keys]
job = dg.define_asset_job(
    "lager",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description=(
        "Tar emot allt som väntar i inkorgen, bygger lagret, prövar det och ger ut en ny utgåva. Startas av sensorn "
        "inkorg eller av lager run. Faller ett steg gäller den förra utgåvan: rätta orsaken och kör igen."
    ),
)
rebuild = dg.define_asset_job(
    "ombyggnad",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*received),
    executor_def=dg.in_process_executor,
    description=(
        "Som lager, men utan att ta emot: när en frist passerat eller en definition ändrats. Startas av schemat "
        "dagligen. Har inget ändrats blir utgåvan densamma."
    ),
)
sensor, schedule = triggers(job, rebuild)

defs = dg.Definitions(
    assets=[*landing, warehouse, release_asset(released)],
    asset_checks=[
        *make_checks(suites, lambda: get_settings().build_path),
        *make_kommun_checks(questions, lambda: get_settings().build_path),
    ],
    jobs=[job, rebuild],
    sensors=[sensor],
    schedules=[schedule],
    resources={"kor": RunLock()},
    loggers={"lager": short_logger, "console": dg.colored_console_logger},
    executor=dg.in_process_executor,
)

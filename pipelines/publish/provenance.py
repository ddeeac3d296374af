"""Where a release comes from: the inputs' fingerprint, the contracts, the deliveries and the code.

Belongs here: reading these off the landing folder and the project. Does not belong here: what the release does with
them (`manifest.py`).
"""

from __future__ import annotations

import subprocess

import pyarrow.parquet as pq

from pipelines.contracts.files import digest_of, written_in
from pipelines.contracts.model import get_contracts
from pipelines.publish.manifest import Provenance, deliveries_digest
from pipelines.settings import PROJECT_ROOT, Settings

MEANING = ("dbt_project", "data_contracts", "expectations", "pipelines")


def fingerprint(settings: Settings) -> str:
    """SHA-256 over the exported ledger and everything in the project that gives it meaning.

    The ledger names every landing file by content, so equal fingerprints mean an equal warehouse.
    """
    ledger = sorted((settings.landing / "huvudbok").glob("*.parquet"))
    return digest_of((*ledger, *written_in(MEANING)))


def git_revision() -> str:
    """The commit the code stands at, with `+` when it was changed since; `okand` outside a checkout."""
    try:
        command = ["git", "-C", str(PROJECT_ROOT), "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "okand"


def read_provenance(settings: Settings) -> Provenance:
    """The provenance of what the build file holds now."""
    in_force = pq.read_table(settings.landing / "huvudbok" / "i_kraft.parquet", columns=["leverans_id"])
    return Provenance(
        asof=settings.asof,
        git_revision=git_revision(),
        underlag=fingerprint(settings),
        kontrakt={d.id: d.version for d in get_contracts().datasets.values()},
        leveranser=deliveries_digest(in_force.column("leverans_id").to_pylist()),
    )

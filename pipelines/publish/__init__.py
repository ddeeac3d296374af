"""The release: an immutable, verified folder of what the build file holds.

Here belongs: which tables are released, in which formats, under which manifest, and how the
release is promoted, verified, read and pruned. Not here: what a number means (dbt), which cells
must be protected (disclosure), how a page shows them (portal).
"""

from pipelines.publish.manifest import Provenance, deliveries_digest
from pipelines.publish.release import ReleaseBusyError, ReleaseInfo, build_release, current_release
from pipelines.publish.verify import verify_release

__all__ = [
    "Provenance",
    "ReleaseBusyError",
    "ReleaseInfo",
    "build_release",
    "current_release",
    "deliveries_digest",
    "verify_release",
]

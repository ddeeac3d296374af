"""The archive: every package as it came, sealed, addressed by its content, never changed.

Belongs here: keeping and fetching sealed packages, and the sealed quarantine. Does not belong here: what a package
holds, and when it may be destroyed.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from pipelines.landing.files import write_whole
from pipelines.landing.keys import Keys

ARCHIVE_USE = "arkiv"
QUARANTINE_USE = "karantan"


class Archive:
    """Sealed packages below one folder; the name is the delivery's identity (SHA-256)."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder, self._keys = folder, keys

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.zip.lager"

    def keep(self, sha256: str, wrapped: bytes) -> None:
        """Seal and store; the same again changes nothing."""
        path = self.path(sha256)
        if not path.exists():
            write_whole(path, self._keys.seal(ARCHIVE_USE, sha256, wrapped), 0o440)

    def fetch(self, sha256: str) -> bytes:
        """The package's bytes. Raises SealError if they were damaged, FileNotFoundError if they are gone."""
        return self._keys.open(ARCHIVE_USE, sha256, self.path(sha256).read_bytes())


class Quarantine:
    """Rows set aside, sealed, one file per batch and dataset."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder, self._keys = folder, keys

    def keep(self, batch: str, dataset: str, rows: pa.Table) -> None:
        """Seal a batch's set-aside rows of one dataset; none, no file."""
        if rows.num_rows:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
                writer.write_table(rows)
            name = f"{dataset}_{batch}"
            sealed = self._keys.seal(QUARANTINE_USE, name, sink.getvalue().to_pybytes())
            write_whole(self._folder / f"{name}.lager", sealed, 0o440)

    def fetch(self, batch: str, dataset: str) -> pa.Table:
        """The original rows of a batch's set-aside lines. Raises SealError, FileNotFoundError."""
        name = f"{dataset}_{batch}"
        plain = self._keys.open(QUARANTINE_USE, name, (self._folder / f"{name}.lager").read_bytes())
        return pa.ipc.open_stream(plain).read_all()

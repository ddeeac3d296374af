"""The sealed stores: the archive (every package as it came) and the quarantine (rows set aside).

Belongs here: keeping, fetching and re-sealing sealed files. Nothing is fetched without an Access, and an Access is
got by a line in the access log. Does not belong here: what a package holds, and when it may be destroyed
(`retention.py`).
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from pipelines.landing.access import Access
from pipelines.landing.files import write_whole
from pipelines.landing.keys import Keys, SealError

ARCHIVE_USE = "arkiv"
QUARANTINE_USE = "karantan"
ID_LENGTH = 16


class Store:
    """Sealed files below one folder; a file's name is bound to its content."""

    use: str
    ending: str

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder, self._keys = folder, keys

    def files(self) -> list[Path]:
        """Every sealed file."""
        return sorted(p for p in self._folder.rglob(f"*{self.ending}") if not p.name.startswith("."))

    def name(self, path: Path) -> str:
        """The name that is bound to a file's content."""
        return path.name.removesuffix(self.ending)

    def leverans_id(self, path: Path) -> str:
        """The delivery a file belongs to."""
        raise NotImplementedError

    def _seal(self, path: Path, content: bytes) -> None:
        write_whole(path, self._keys.seal(self.use, self.name(path), content), 0o440)

    def _open(self, path: Path, access: Access) -> bytes:
        access.require(self.use, self.leverans_id(path))
        return self._keys.open(self.use, self.name(path), path.read_bytes())

    def reseal(self, path: Path, fresh: Keys, access: Access) -> bool:
        """Seal a file under other keys, whole or not at all; False when it was so already."""
        try:
            fresh.open(self.use, self.name(path), path.read_bytes())
        except SealError:
            content = self._open(path, access)
            write_whole(path, fresh.seal(self.use, self.name(path), content), 0o440)
            return True
        return False

    def faults(self, access: Access) -> list[str]:
        """Names of the files that do not open."""
        return [path.name for path in self.files() if not self._opens(path, access)]

    def _opens(self, path: Path, access: Access) -> bool:
        try:
            self._open(path, access)
        except (SealError, OSError):  # a disk that fails answers nothing at all
            return False
        return True


class Archive(Store):
    """Sealed packages; the name is the delivery's identity (SHA-256). Never changed."""

    use, ending = ARCHIVE_USE, ".zip.lager"

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}{self.ending}"

    def leverans_id(self, path: Path) -> str:
        return path.name[:ID_LENGTH]

    def keep(self, sha256: str, wrapped: bytes) -> None:
        """Seal and store; the same again changes nothing."""
        path = self.path(sha256)
        if not path.exists():
            self._seal(path, wrapped)

    def discard(self, sha256: str) -> None:
        """Remove what a killed run sealed and no ledger has answered for; nothing, if it never came so far."""
        self.path(sha256).unlink(missing_ok=True)

    def fetch(self, sha256: str, access: Access) -> bytes:
        """The package's bytes. Raises SealError if they were damaged, FileNotFoundError if they are gone."""
        return self._open(self.path(sha256), access)


class Quarantine(Store):
    """Rows set aside, one file per dataset and delivery, so that a delivery can be read or destroyed by itself."""

    use, ending = QUARANTINE_USE, ".lager"

    def path(self, leverans_id: str, dataset: str) -> Path:
        return self._folder / f"{dataset}_{leverans_id}{self.ending}"

    def leverans_id(self, path: Path) -> str:
        return self.name(path).rpartition("_")[2]

    def dataset(self, path: Path) -> str:
        """The dataset a file's rows are of."""
        return self.name(path).rpartition("_")[0]

    def keep(self, dataset: str, rows: pa.Table) -> None:
        """Seal the set-aside rows of one dataset, by delivery; none, no file. Rows come sorted by delivery."""
        owners, start = rows.column("leverans_id").to_pylist(), 0
        for end in range(1, len(owners) + 1):
            if end == len(owners) or owners[end] != owners[start]:
                own = rows.slice(start, end - start)
                sink = pa.BufferOutputStream()
                with pa.ipc.new_stream(sink, own.schema) as writer:  # a few rows: packing costs more than it saves
                    writer.write_table(own)
                self._seal(self.path(owners[start], dataset), sink.getvalue().to_pybytes())
                start = end

    def fetch(self, leverans_id: str, dataset: str, access: Access) -> pa.Table:
        """The original rows of a delivery's set-aside lines. Raises SealError, FileNotFoundError."""
        return pa.ipc.open_stream(self._open(self.path(leverans_id, dataset), access)).read_all()

"""Bit rot: two hundred single flipped bits at rest, and each is found and named by its file.

Belongs here: archive, quarantine, landing, the ledger's export and the release. Does not belong here: a backup's rot
(tests/unit/test_backup.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing import assets
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.rebuild import rebuild
from pipelines.landing.rewrite import LandingError, require_whole
from pipelines.publish import build_release, verify_release
from tests.support.drift import Drift, stocked
from tests.unit.test_publish import PROVENANCE, make_build

pytestmark = pytest.mark.xdist_group("bit_rot")  # one house for the whole module
FLIPS = 100


def flipped(files: list[Path], seed: int, number: int = FLIPS) -> Iterator[Path]:
    """Each time another bit of another file turned; put back afterwards."""
    chance = random.Random(seed)
    for i in range(number):
        path = files[i % len(files)]
        whole = path.read_bytes()
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        mode = path.stat().st_mode
        path.chmod(0o600)
        path.write_bytes(content)
        path.chmod(mode)
        try:
            yield path
        finally:
            path.chmod(0o600)
            path.write_bytes(whole)
            path.chmod(mode)


@pytest.fixture(scope="module")
def drift(tmp_path_factory: pytest.TempPathFactory) -> Drift:
    """One house for all: every test leaves it as whole as it was."""
    return stocked(tmp_path_factory.mktemp("rota") / "hem")


def test_of_a_hundred_bits_flipped_in_archive_and_quarantine_a_hundred_are_named(drift: Drift) -> None:
    """This is what `lager nyckel visa --prova` asks."""
    stores = [Archive(drift.settings.archive, drift.keys), Quarantine(drift.settings.quarantine, drift.keys)]

    def faults() -> list[str]:
        return [name for store in stores for name in store.faults(drift.access(store.use))]

    files = [path for store in stores for path in store.files()]
    assert {path.parent.name for path in files} >= {"quarantine"}
    assert len(files) >= 6
    assert faults() == []
    assert [path.name for path in flipped(files, seed=1) if faults() != [path.name]] == []
    assert faults() == []


def test_a_sealed_file_that_the_disk_refuses_to_read_is_named_too(
    drift: Drift, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(drift.settings.archive, drift.keys)
    broken, *_ = archive.files()
    whole = Path.read_bytes

    def read(self: Path) -> bytes:
        if self == broken:
            raise OSError(5, "Input/output error")
        return whole(self)

    access = drift.access("arkiv")
    monkeypatch.setattr(Path, "read_bytes", read)
    assert archive.faults(access) == [broken.name]


def test_of_a_hundred_bits_flipped_in_a_release_a_hundred_are_named(tmp_path: Path) -> None:
    """This is what `lager release verify` asks."""
    root = tmp_path / "release"
    folder = build_release(make_build(tmp_path / "lager.duckdb"), root, PROVENANCE).path
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert {path.suffix for path in files} >= {".parquet", ".csv", ".duckdb", ".json", ".html"}
    assert verify_release(root) == []

    def found(path: Path) -> bool:
        return any(path.relative_to(folder).as_posix() in problem for problem in verify_release(root))

    assert [path.name for path in flipped(files, seed=2) if not found(path)] == []
    assert verify_release(root) == []


def landed(house: Drift) -> list[Path]:
    return [house.settings.landing / r["namn"] for r in house.ledger("select namn from landningsfil order by 1")]


def test_of_a_hundred_bits_flipped_in_landing_a_hundred_are_named_before_anything_is_built(drift: Drift) -> None:
    def said() -> str:
        try:
            require_whole(drift.settings.landing, drift.engine)
        except LandingError as error:
            return str(error)
        return ""

    files = landed(drift)
    assert len(files) >= 6
    assert said() == ""
    wanted: Callable[[Path], str] = lambda path: f" {path.parent.name}/{path.name} är skadad eller ändrad."  # noqa: E731
    assert [path.name for path in flipped(files, seed=3) if not said().endswith(wanted(path))] == []
    assert said() == ""


def test_a_run_stops_at_a_damaged_landing_file_and_says_how_it_is_made_anew(
    drift: Drift, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, (path, *_) = drift.outcome(), landed(drift)
    path.write_bytes(path.read_bytes()[:-20] + b"\0" * 20)
    monkeypatch.setattr(assets, "get_settings", lambda: drift.settings)
    with pytest.raises(dg.Failure) as stopped:
        _the_ledgers_step()
    words = str(stopped.value.description)
    assert f"{path.parent.name}/{path.name} är skadad" in words
    assert "Kör lager aterskapa" in words
    rebuild(drift.settings, get_contracts(), drift.keys, drift.engine, "Test Testsson")
    _the_ledgers_step()
    assert drift.outcome() == before


def _the_ledgers_step() -> None:
    """The step that stands between the reception and dbt."""
    (ledger,) = [asset for asset in assets.landing_assets() if not asset.partitions_def]
    dg.materialize([ledger], resources={"kor": assets.RunLock()}, selection=list(ledger.keys))


def test_a_bit_flipped_in_the_ledgers_export_never_reaches_a_build(drift: Drift) -> None:
    """Every run writes the export anew before dbt starts."""
    files = sorted((drift.settings.landing / "huvudbok").glob("*.parquet"))
    whole = {path: path.read_bytes() for path in files}
    for _ in flipped(files, seed=4, number=len(files)):
        drift.export()
        assert {path: path.read_bytes() for path in files} == whole

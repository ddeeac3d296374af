"""What a release promises: whole or absent, proved before reading, the same content the same version."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.publish import (
    Provenance,
    ReleaseBusyError,
    ReleaseInfo,
    build_release,
    current_release,
    deliveries_digest,
    release,
    verify_release,
)
from pipelines.publish.internal import STORAGE_VERSION, BuildError

PROVENANCE = Provenance(
    asof=date(2020, 2, 1),
    git_revision="a" * 40,
    underlag="0" * 64,
    kontrakt={"eb_hushall": "1.0.0"},
    leveranser=deliveries_digest(["lev-2", "lev-1"]),
)


def make_build(path: Path, rows: int = 50, order: str = "i") -> Path:
    """A tiny build file with every kind of thing a release must keep or guard."""
    with duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION}) as con:
        for schema in ("core", "published"):
            con.execute(f"CREATE SCHEMA {schema}")
        con.execute(
            "CREATE TABLE core.fct_bidragsmanad AS SELECT i AS hushall_nr, i * 2 AS antal "
            f"FROM range({rows}) r(i) ORDER BY {order}"
        )
        con.execute("CREATE TABLE core.dim_kommun (kommun_kod VARCHAR PRIMARY KEY, kommun_namn VARCHAR)")
        con.execute("INSERT INTO core.dim_kommun VALUES ('0114', 'Upplands Väsby'), ('0180', 'Stockholm')")
        con.execute(
            "CREATE TABLE published.pub_indikatorvarde AS SELECT * "
            "FROM (VALUES ('0180', 0.125::DOUBLE, 12.50::DECIMAL(18,2), '=1+1', false), "
            "('0114', NULL, NULL, 'Västerås; \"norr\"', true)) "
            "t(kommun_kod, varde, taljare, text, ar_skyddad)"
        )
        con.execute("COMMENT ON TABLE published.pub_indikatorvarde IS 'Indikatorvärden efter skydd'")
        con.execute("COMMENT ON COLUMN published.pub_indikatorvarde.varde IS 'Värdet, en andel 0–1'")
        con.execute("COMMENT ON COLUMN core.dim_kommun.kommun_namn IS 'Kommunens namn'")
    return path


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return make_build(tmp_path / "lager.duckdb")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "release"


@pytest.fixture
def released(build: Path, root: Path) -> ReleaseInfo:
    return build_release(build, root, PROVENANCE)


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def leftovers(root: Path) -> list[Path]:
    return list(root.glob(".bygger-*"))


def test_a_release_has_two_halves_under_one_manifest_and_verifies(released: ReleaseInfo, root: Path) -> None:
    assert released.created
    assert verify_release(root) == []
    assert set(released.manifest["filer"]) == {
        "intern/lager.duckdb",
        "publik/LASMIG.txt",
        "publik/katalog.html",
        "publik/ordbok.json",
        "publik/pub_indikatorvarde.csv",
        "publik/pub_indikatorvarde.parquet",
    }
    assert released.manifest["filer"]["publik/pub_indikatorvarde.csv"]["rader"] == 2
    assert released.manifest["proveniens"]["leveranser"]["antal"] == 2
    assert os.readlink(root / "CURRENT") == released.version
    assert leftovers(root) == []


def test_the_same_content_gives_the_same_version_and_a_rerun_builds_nothing(
    released: ReleaseInfo, build: Path, root: Path
) -> None:
    before = all_bytes(released.path)
    again = build_release(build, root, replace(PROVENANCE, git_revision="b" * 40))
    assert (again.version, again.created) == (released.version, False)
    assert all_bytes(released.path) == before


def test_row_order_does_not_decide_the_version_and_public_bytes_are_reproducible(
    released: ReleaseInfo, tmp_path: Path
) -> None:
    (tmp_path / "annan").mkdir()
    other = build_release(
        make_build(tmp_path / "annan" / "lager.duckdb", order="-i"), tmp_path / "annan" / "ut", PROVENANCE
    )
    assert other.version == released.version
    assert all_bytes(other.path / "publik") == all_bytes(released.path / "publik")


@pytest.mark.parametrize(
    "changed",
    [{"underlag": "1" * 64}, {"kontrakt": {"eb_hushall": "1.0.1"}}, {"leveranser": deliveries_digest(["x"])}],
)
def test_other_provenance_gives_another_version(
    released: ReleaseInfo, build: Path, root: Path, changed: dict[str, object]
) -> None:
    other = build_release(build, root, replace(PROVENANCE, **changed))  # type: ignore[arg-type]
    assert other.version != released.version
    assert verify_release(root, released.version) == []


def test_one_changed_cell_or_comment_gives_another_version(released: ReleaseInfo, build: Path, root: Path) -> None:
    versions = {released.version}
    for sql in (
        "UPDATE core.fct_bidragsmanad SET antal = antal + 1 WHERE hushall_nr = 7",
        "COMMENT ON COLUMN core.dim_kommun.kommun_namn IS 'Namn'",
    ):
        with duckdb.connect(str(build)) as con:
            con.execute(sql)
        versions.add(build_release(build, root, PROVENANCE).version)
    assert len(versions) == 3


def test_parquet_fields_carry_their_descriptions_and_rows_are_sorted(released: ReleaseInfo) -> None:
    table = pq.read_table(released.path / "publik" / "pub_indikatorvarde.parquet")
    assert table.schema.field("varde").metadata[b"description"].decode() == "Värdet, en andel 0–1"
    assert table.schema.metadata[b"description"].decode() == "Indikatorvärden efter skydd"
    assert table.column("kommun_kod").to_pylist() == ["0114", "0180"]


def test_csv_opens_in_swedish_excel_without_live_formulas(released: ReleaseInfo) -> None:
    raw = (released.path / "publik" / "pub_indikatorvarde.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfkommun_kod;varde;")
    assert raw.decode("utf-8-sig").splitlines()[1:] == [
        '0114;;;"Västerås; ""norr""";ja',
        "0180;0,125;12,50;'=1+1;nej",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_formula_start_is_prefixed_in_csv(tmp_path: Path, start: str) -> None:
    path = make_build(tmp_path / "lager.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE published.pub_text (text VARCHAR)")
        con.execute("INSERT INTO published.pub_text VALUES (?)", [start + "1+1"])
    info = build_release(path, tmp_path / "ut", PROVENANCE)
    cell = (info.path / "publik" / "pub_text.csv").read_bytes().decode("utf-8-sig").split("\n")[1]
    assert cell.lstrip('"').startswith("'" + start)


def test_dictionary_and_readme_describe_every_published_table_in_swedish(released: ReleaseInfo) -> None:
    dictionary = json.loads((released.path / "publik" / "ordbok.json").read_text(encoding="utf-8"))
    [table] = dictionary["tabeller"]
    assert table["beskrivning"] == "Indikatorvärden efter skydd"
    assert {
        "namn": "varde",
        "typ": "DOUBLE",
        "kan_vara_tom": True,
        "beskrivning": "Värdet, en andel 0–1",
    } in (table["kolumner"])
    readme = (released.path / "publik" / "LASMIG.txt").read_text(encoding="utf-8-sig")
    assert "pub_indikatorvarde.csv" in readme
    assert "cellnyckelmetoden" in readme
    states = ("visas", "noll", "skyddad", "ej_rapporterad", "undertryckt_kvalitet", "namnare_saknas", "namnare_noll")
    assert all(f"  {state} " in readme for state in states)


def test_the_analysts_copy_has_all_tables_and_comments_but_no_views_or_paths(
    released: ReleaseInfo, root: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(released.database), read_only=True) as con:
        tables = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        views = con.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall()
        comments = con.execute("SELECT comment FROM duckdb_columns() WHERE comment IS NOT NULL").fetchall()
    assert {t for (t,) in tables} == {
        "core.fct_bidragsmanad",
        "core.dim_kommun",
        "published.pub_indikatorvarde",
    }
    assert views == [(0,)]
    assert ("Kommunens namn",) in comments
    assert str(tmp_path).encode() not in released.database.read_bytes()


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE published._arbete AS SELECT 1 AS a",
        "CREATE VIEW core.vy AS SELECT 1 AS a",
        "CREATE SCHEMA staging; CREATE TABLE staging.stg_eb__hushall AS SELECT 1 AS a",
    ],
)
def test_a_build_file_with_what_is_private_is_never_released(build: Path, root: Path, sql: str) -> None:
    with duckdb.connect(str(build)) as con:
        con.execute(sql)
    with pytest.raises(BuildError, match="inte ges ut"):
        build_release(build, root, PROVENANCE)
    assert current_release(root) is None
    assert leftovers(root) == []


def test_a_build_file_that_older_clients_cannot_read_is_never_released(tmp_path: Path, root: Path) -> None:
    with duckdb.connect(str(tmp_path / "ny.duckdb")) as con:
        con.execute("CREATE SCHEMA core; CREATE TABLE core.t AS SELECT 1 AS a")
    with pytest.raises(BuildError, match=r"v1\.2\.0"):
        build_release(tmp_path / "ny.duckdb", root, PROVENANCE)
    assert current_release(root) is None


def test_the_analysts_copy_is_closed_to_others(released: ReleaseInfo, root: Path) -> None:
    assert stat.S_IMODE(released.database.stat().st_mode) == 0o640
    assert stat.S_IMODE(released.database.parent.stat().st_mode) == 0o750
    released.database.chmod(0o644)
    assert verify_release(root) == ["för öppna rättigheter: intern/lager.duckdb"]


def test_missing_extra_and_changed_files_are_each_named(released: ReleaseInfo, root: Path) -> None:
    (released.path / "publik" / "ordbok.json").unlink()
    (released.path / "publik" / "egen.csv").write_text("x")
    with (released.path / "publik" / "LASMIG.txt").open("a") as handle:
        handle.write(" ")
    assert verify_release(root) == [
        "saknas: publik/ordbok.json",
        "extra: publik/egen.csv",
        "ändrad: publik/LASMIG.txt",
    ]


def test_a_release_under_another_name_or_a_pointer_out_of_the_room_is_refused(
    released: ReleaseInfo, root: Path, tmp_path: Path
) -> None:
    moved = root / "2020-02-01-000000000000"
    released.path.rename(moved)
    assert verify_release(root, moved.name)[0].startswith("trasigt manifest")
    (root / "CURRENT").unlink()
    (root / "CURRENT").symlink_to(tmp_path)
    assert verify_release(root)
    assert current_release(root) is None


def test_a_damaged_release_is_rebuilt_aside_and_replaced(released: ReleaseInfo, build: Path, root: Path) -> None:
    (released.path / "publik" / "pub_indikatorvarde.csv").write_text("skräp")
    again = build_release(build, root, PROVENANCE)
    assert (again.version, again.created) == (released.version, True)
    assert verify_release(root) == []
    assert leftovers(root) == []


def test_old_releases_are_pruned_but_never_the_current_one(build: Path, root: Path) -> None:
    infos = [build_release(build, root, replace(PROVENANCE, underlag=str(n)), keep=2) for n in range(4)]
    assert [info.path.exists() for info in infos] == [False, False, True, True]
    back = build_release(build, root, replace(PROVENANCE, underlag="2"), keep=1)
    assert not back.created
    assert [info.path.exists() for info in infos] == [False, False, True, True]
    assert verify_release(root) == []
    assert os.readlink(root / "CURRENT") == infos[2].version


def test_leftovers_of_a_killed_run_are_removed_and_nothing_else(build: Path, root: Path) -> None:
    (root / ".bygger-gammal").mkdir(parents=True)
    (root / "annat").mkdir()
    build_release(build, root, PROVENANCE)
    assert leftovers(root) == []
    assert (root / "annat").is_dir()


def test_a_second_builder_leaves_with_a_clear_message(build: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def second(*_: object) -> tuple[()]:
        with pytest.raises(ReleaseBusyError) as caught:
            build_release(build, root, PROVENANCE)
        seen.append(str(caught.value))
        raise RuntimeError("stop")

    monkeypatch.setattr(release, "read_tables", second)
    with pytest.raises(RuntimeError):
        build_release(build, root, PROVENANCE)
    assert seen == ["En annan körning bygger redan en release; försök igen sedan."]
    assert leftovers(root) == []


def test_a_full_disk_leaves_the_former_release_in_place(
    released: ReleaseInfo, build: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "write_manifest", full)
    with pytest.raises(OSError, match="No space"):
        build_release(build, root, replace(PROVENANCE, underlag="ny"))
    current = current_release(root)
    assert current is not None
    assert current.version == released.version
    assert verify_release(root) == []
    assert leftovers(root) == []


def test_an_analyst_reading_all_along_keeps_the_old_release_while_a_new_one_is_promoted(
    released: ReleaseInfo, build: Path, root: Path
) -> None:
    with duckdb.connect(str(released.database), read_only=True) as reader:
        build_release(build, root, replace(PROVENANCE, underlag="ny"), keep=1)
        assert not released.path.exists()
        assert reader.execute("SELECT count(*) FROM core.fct_bidragsmanad").fetchall() == [(50,)]

"""The access log: no read without a line, and no line that can be changed unseen.

Belongs here: the log, its chain and what it lets be read. Does not belong here: what is handed out (test_handout.py).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipelines.landing.access import AccessError, AccessLog, entries, prove
from pipelines.landing.archive import Archive
from pipelines.landing.keys import Keys
from tests.support.delivery import Delivery, families
from tests.support.reception import MASTER, House

KEYS = Keys(MASTER)
IDS = ("a" * 16, "b" * 16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of five lines."""
    log = AccessLog(tmp_path / "atkomstlogg" / "atkomst.jsonl", KEYS)
    for i in range(5):
        log.reading("arkiv", f"fråga från avsändaren {i}", IDS[: 1 + i % 2], "Test Testsson")
    return tmp_path / "atkomstlogg" / "atkomst.jsonl"


def test_a_line_says_who_what_when_and_why_and_chains_to_the_one_before(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    first, second = (json.loads(line) for line in lines[:2])
    assert (first["nr"], first["av"], first["lager"], first["antal"]) == (1, "Test Testsson", "arkiv", 1)
    assert first["leverans"] == IDS[0]
    assert first["konto"]
    assert first["tid"].endswith("+00:00")
    assert first["foregaende"] == "0" * 64
    assert second["foregaende"] == hashlib.sha256(lines[0]).hexdigest()
    assert second["leveranser_sha256"] == hashlib.sha256("\n".join(IDS).encode()).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert prove(path, KEYS).fel == []
    assert prove(path, KEYS).huvud.sha256 == hashlib.sha256(lines[-1]).hexdigest()


def test_nothing_is_read_that_the_line_does_not_cover(house: House) -> None:
    house.receive(Delivery(**families(1)), Delivery(**families(1), kommun="0115"))
    archive = Archive(house.settings.archive, KEYS)
    one, other = [r["sha256"] for r in house.ledger("select sha256 from leverans order by 1")]
    access = house.access("arkiv", one[:16])
    assert archive.fetch(one, access)
    with pytest.raises(AccessError):
        archive.fetch(other, access)
    with pytest.raises(AccessError):
        archive.fetch(one, house.access("karantan", one[:16]))


def test_the_line_stands_before_the_read(house: House) -> None:
    """What is damaged or gone was still asked for."""
    house.receive(Delivery(**families(1)))
    (path,) = house.settings.archive.rglob("*.lager")
    path.unlink()
    sha256 = path.name.removesuffix(".zip.lager")
    access = house.access("arkiv", sha256[:16])
    with pytest.raises(FileNotFoundError):
        Archive(house.settings.archive, KEYS).fetch(sha256, access)
    assert [e["leverans"] for e in entries(house.settings.access_log)] == [sha256[:16]]


def test_an_ordinary_reception_reads_nothing_back_and_a_resumed_one_says_so(house: House) -> None:
    house.receive(Delivery(**families(1)))
    assert not house.settings.access_log.exists()
    with house.engine.begin() as connection:
        for table in ("i_kraft", "leverans_dataset", "leverans_manad", "landningsfil"):
            connection.exec_driver_sql(f"delete from {table}")
        connection.exec_driver_sql("update leverans set provad = 0, status = 'mottagen'")
    house.run()
    (line,) = entries(house.settings.access_log)
    assert (line["lager"], line["antal"]) == ("arkiv", 1)
    assert "inte har prövats" in line["syfte"]


# -- what the proof finds ------------------------------------------------------------------------------------------


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _relinked(lines: list[bytes], first: int) -> list[bytes]:
    """The chain made whole again from a line on, as somebody without the key would."""
    done = lines[:first]
    for line in lines[first:]:
        entry = json.loads(line)
        entry["nr"] = len(done) + 1
        entry["foregaende"] = hashlib.sha256(done[-1]).hexdigest() if done else "0" * 64
        done.append((json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n").encode())
    return done


def test_a_changed_line_is_named(path: Path) -> None:
    lines = _lines(path)
    lines[1] = lines[1].replace(b"Testsson", b"Annansson")
    path.write_bytes(b"".join(lines))
    assert prove(path, KEYS).fel[0].startswith("Rad 2: radens intyg")
    assert prove(path, None).fel[0].startswith("Rad 3:"), "without the key the break shows on the line after"


@pytest.mark.parametrize("bit", range(0, 400, 37))
def test_any_changed_bit_is_found(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit % len(content)] ^= 1
    path.write_bytes(bytes(content))
    assert prove(path, KEYS).fel


def test_a_line_taken_out_put_in_or_moved_is_named(path: Path) -> None:
    lines = _lines(path)
    for changed, broken in (
        (lines[:2] + lines[3:], 3),
        (lines[:2] + lines[1:], 3),
        (lines[1:], 1),
        ([lines[1], lines[0], *lines[2:]], 1),
    ):
        path.write_bytes(b"".join(changed))
        assert prove(path, None).fel[0].startswith(f"Rad {broken}:")


def test_a_chain_mended_without_the_key_does_not_hold(path: Path) -> None:
    lines = _lines(path)
    lines[2] = lines[2].replace(b"Testsson", b"Annansson")
    path.write_bytes(b"".join(_relinked(lines, 2)))
    assert prove(path, None).fel == [], "the chain alone is whole"
    assert prove(path, KEYS).fel[0].startswith("Rad 3:")


def test_lines_cut_from_the_end_are_found_by_a_head_noted_before(path: Path) -> None:
    noted = prove(path, KEYS).huvud.sha256
    path.write_bytes(b"".join(_lines(path)[:-1]))
    assert prove(path, KEYS).fel == []
    assert "antecknade huvudet" in prove(path, KEYS, noted).fel[0]


def test_a_line_torn_by_a_power_cut_is_removed_by_the_next_and_said(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"nr":6,"ti')
    assert prove(path, KEYS).fel == ["Rad 6: raden är skadad eller avbruten."]
    AccessLog(path, KEYS).note("prov", "nästa rad")
    assert prove(path, KEYS).fel == []
    assert [(e["handelse"], e.get("antal")) for e in entries(path)[5:]] == [
        ("avbruten rad borttagen", 11),
        ("prov", None),
    ]


def test_lines_of_a_former_key_are_vouched_for_by_those_of_the_present_one(path: Path) -> None:
    fresh = KEYS.successor()
    assert prove(path, fresh).fel == ["Rad 5: ingen rad är intygad med den nuvarande nyckeln."]
    AccessLog(path, fresh).note("nyckel bytt", "byte")
    assert prove(path, fresh).fel == []
    AccessLog(path, KEYS).note("prov", "med den gamla nyckeln")
    assert prove(path, fresh).fel == ["Rad 7: raden är intygad med en annan nyckel än raderna före."]


@pytest.mark.parametrize("words", ["gäller 198001019801", "800101-9801", "rad ett\nrad två", "x" * 201, ""])
def test_a_purpose_that_may_hold_somebodys_number_is_refused(path: Path, words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(AccessError) as caught:
        AccessLog(path, KEYS).reading("arkiv", words, [IDS[0]], "Test")
    assert not words or words not in str(caught.value)
    assert path.read_bytes() == before


def test_many_at_once_make_one_whole_chain(path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    log = AccessLog(path, KEYS)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda i: log.note("prov", f"nummer {i}"), range(40)))
    assert prove(path, KEYS).fel == []
    assert prove(path, KEYS).huvud.rader == 45

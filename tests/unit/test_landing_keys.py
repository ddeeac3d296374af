"""Keys, seals and pseudonyms: what opens, what does not, and who can be joined with whom.

Belongs here: the master key file, sealed stores and pseudonyms against the standard library. Does not belong here:
where identifiers may lie (the canary in tests/faults).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import duckdb
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from pipelines.landing.access import Access, AccessLog
from pipelines.landing.archive import Archive, Quarantine
from pipelines.landing.gate_sql import luhn_holds
from pipelines.landing.keys import KeyFileError, Keys, SealError, create_master_key, load_keys
from pipelines.landing.pseudonyms import Pseudonymiser, pseudonymise
from tests.support.delivery import Delivery, hushall, number, person, reserv, year
from tests.support.reception import MASTER, House

KEYS = Keys(MASTER)


def leave(folder: Path, leverans_id: str) -> Access:
    """Leave to read one delivery of an archive that has no home."""
    return AccessLog(folder / "logg" / "logg.jsonl", KEYS).reading("arkiv", "prov", [leverans_id[:16]])


# -- the key file --------------------------------------------------------------------------------------------------


def test_a_new_key_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "nycklar" / "huvudnyckel"
    keys = load_keys(path, create=True)
    assert path.stat().st_mode & 0o777 == 0o400
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [len(bytes.fromhex(line)) for line in path.read_text().split()] == [32, 32]
    assert load_keys(path).derive("x") == keys.derive("x")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    create_master_key(tmp_path / "k")
    before = (tmp_path / "k").read_bytes()
    with pytest.raises(FileExistsError):
        create_master_key(tmp_path / "k")
    assert (tmp_path / "k").read_bytes() == before


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o600 | 0o010])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    create_master_key(tmp_path / "k")
    (tmp_path / "k").chmod(mode)
    with pytest.raises(KeyFileError, match="0400"):
        load_keys(tmp_path / "k")


@pytest.mark.parametrize("content", ["", "inte hex", "ab" * 31, "ab" * 33])
def test_a_file_that_holds_no_key_is_refused_without_its_content(tmp_path: Path, content: str) -> None:
    (tmp_path / "k").write_text(content)
    (tmp_path / "k").chmod(0o400)
    with pytest.raises(KeyFileError) as caught:
        load_keys(tmp_path / "k")
    assert not content or content not in str(caught.value)


def test_a_missing_key_file_is_named_as_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="LAGER_KEY_FILE"):
        load_keys(tmp_path / "borta")


def test_keys_do_not_print_themselves() -> None:
    assert MASTER.hex() not in repr(KEYS)
    assert str(MASTER) not in repr(KEYS)


def test_one_key_per_use_by_rfc_5869() -> None:
    assert KEYS.derive("arkiv") == HKDF(SHA256(), 32, None, b"arkiv").derive(MASTER)
    assert len({KEYS.derive(use) for use in ("arkiv", "karantan", "person|0114|statistik")}) == 3


# -- seals ---------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=40), place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_sealed_bytes_with_one_bit_changed_do_not_open(content: bytes, place: int, bit: int) -> None:
    sealed = bytearray(KEYS.seal("arkiv", "a", content))
    assert KEYS.open("arkiv", "a", bytes(sealed)) == content
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(SealError):
        KEYS.open("arkiv", "a", bytes(sealed))


def test_sealed_bytes_open_only_under_their_own_name_use_and_key() -> None:
    sealed = KEYS.seal("arkiv", "a", b"innehall")
    for keys, use, name in ((KEYS, "arkiv", "b"), (KEYS, "karantan", "a"), (Keys(b"y" * 32), "arkiv", "a")):
        with pytest.raises(SealError):
            keys.open(use, name, sealed)
    with pytest.raises(SealError):
        KEYS.open("arkiv", "a", sealed[:-1])


def test_the_same_content_never_seals_to_the_same_bytes() -> None:
    assert KEYS.seal("arkiv", "a", b"x") != KEYS.seal("arkiv", "a", b"x")


def test_archived_packages_that_change_places_do_not_open(tmp_path: Path) -> None:
    archive = Archive(tmp_path, KEYS)
    archive.keep("aa11", b"ett")
    archive.keep("aa22", b"tva")
    archive.path("aa11").rename(tmp_path / "undan")
    archive.path("aa22").rename(archive.path("aa11"))
    with pytest.raises(SealError):
        archive.fetch("aa11", leave(tmp_path, "aa11.zip.lager"))


def test_the_archive_holds_the_package_byte_for_byte_and_never_changes_it(house: House) -> None:
    delivery = Delivery([hushall()], [person()])
    sent = delivery.put(house.settings.inbox).read_bytes()
    house.run()
    archive, access = Archive(house.settings.archive, KEYS), house.access("arkiv")
    sha256 = house.ledger("select sha256 from leverans")[0]["sha256"]
    assert archive.fetch(sha256, access) == sent
    assert archive.path(sha256).stat().st_mode & 0o777 == 0o440
    archive.keep(sha256, b"annat")
    assert archive.fetch(sha256, access) == sent
    assert sent not in archive.path(sha256).read_bytes()


def test_the_same_package_archived_twice_at_once_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both, rename = Barrier(2, timeout=10), os.replace

    def together(source: Path, target: Path) -> None:
        both.wait()
        rename(source, target)

    monkeypatch.setattr(os, "replace", together)
    archive = Archive(tmp_path, KEYS)
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda _: archive.keep("aa11", b"innehall"), range(2)))
    monkeypatch.undo()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["aa11.zip.lager"]
    assert archive.fetch("aa11", leave(tmp_path, "aa11.zip.lager")) == b"innehall"


def test_the_quarantine_holds_the_rows_set_aside_word_for_word(house: House) -> None:
    rows = [person(), person("H1", personnummer="fel", roll_kod="medsokande")]
    text = Delivery([hushall(typ="9")], rows).text("eb_person")
    house.receive(Delivery([hushall(typ="9")], rows, content={"eb_person": (text + "för;få\n").encode()}))
    (file,) = house.settings.quarantine.iterdir()
    dataset, _, leverans_id = file.name.removesuffix(".lager").rpartition("_")
    access = house.access("karantan")
    found = Quarantine(house.settings.quarantine, KEYS).fetch(leverans_id, dataset, access).to_pylist()
    assert [(row["radnr"], row["personnummer"], row["rad"]) for row in found] == [(3, "fel", None), (4, None, "för;få")]
    assert b"fel" not in file.read_bytes()


# -- pseudonyms ----------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
def test_the_digest_is_hmac_sha_256(key: bytes, message: bytes) -> None:
    expected = hmac.new(key, message, hashlib.sha256).digest()
    assert Pseudonymiser(key).digest(message) == expected
    assert Pseudonymiser(key).person_id(message) == int.from_bytes(expected[:8], "big", signed=True)


def test_a_landed_person_id_is_the_hmac_under_the_municipalitys_own_key(house: House) -> None:
    house.receive(Delivery([hushall()], [person(place=7)]))
    key = HKDF(SHA256(), 32, None, b"person|0114|statistik").derive(MASTER)
    digest = hmac.new(key, f"pnr|{number(7)}".encode(), hashlib.sha256).digest()
    assert house.landing("eb_person")[0]["person_id"] == int.from_bytes(digest[:8], "big", signed=True)


def test_pseudonyms_differ_between_municipalities_purposes_and_kinds() -> None:
    found = [
        pseudonymise(KEYS, "0114", "statistik", ["pnr|198001019801"])[0],
        pseudonymise(KEYS, "0115", "statistik", ["pnr|198001019801"])[0],
        pseudonymise(KEYS, "0114", "tillsyn", ["pnr|198001019801"])[0],
        pseudonymise(KEYS, "0114", "statistik", ["reserv|198001019801|2019"])[0],
        pseudonymise(Keys(b"y" * 32), "0114", "statistik", ["pnr|198001019801"])[0],
    ]
    assert len(set(found)) == len(found)


def test_the_same_number_in_two_municipalities_cannot_be_joined(house: House) -> None:
    rows = [person(place=i) for i in range(5)]
    homes = [hushall(typ="9")]
    house.receive(Delivery(homes, rows), Delivery(homes, rows, kommun="0115"))
    found = house.landing("eb_person")
    assert len(found) == 10
    assert len({row["person_id"] for row in found}) == 10


def test_a_number_is_one_person_over_the_years_and_a_reservnummer_only_within_one(house: House) -> None:
    for period in ("2018-12", "2019-01", "2019-02"):
        rows = [
            person(place=1),
            reserv(text="R1"),
            person(place=2, personnummer=number(2, coordination=True), id_typ="samordning"),
        ]
        house.receive(Delivery([hushall(typ="9")], rows, period=period))
    ids: dict[str, dict[str, int]] = {}
    for row in house.landing("eb_person"):
        ids.setdefault(row["id_typ"], {})[row["period"]] = row["person_id"]
    assert len(set(ids["pnr"].values())) == len(set(ids["samordning"].values())) == 1
    assert ids["reserv"]["2019-01"] == ids["reserv"]["2019-02"] != ids["reserv"]["2018-12"]


def test_a_reservnummer_of_a_yearly_package_carries_the_year_of_its_rows(house: House) -> None:
    months = [f"2018-{m:02d}" for m in range(1, 13)]
    house.receive(year(person=[reserv(period=m) for m in months]))
    monthly = Delivery([hushall("H1", "5")], [reserv()], period="2018-12")
    house.receive(monthly)
    assert len({row["person_id"] for row in house.landing("eb_person")}) == 1


def test_birth_year_and_sex_come_from_the_number_and_for_a_reservnummer_from_the_row(house: House) -> None:
    rows = [
        person(place=1, personnummer=number(born="1975-06-01", sex="1"), fodelsear="", kon_kod=""),
        person(place=1, personnummer=number(born="1976-06-01", coordination=True), id_typ="samordning", kon_kod="1"),
        reserv(fodelsear="1977", kon_kod="1"),
    ]
    house.receive(Delivery([hushall(typ="9")], rows))
    assert [(r["fodelsear"], r["kon_kod"]) for r in house.landing("eb_person")] == [
        (1975, "1"),
        (1976, "2"),
        (1977, "1"),
    ]


def checksums_hold(numbers: list[str]) -> list[bool | None]:
    table = pa.table({"nummer": numbers})
    with duckdb.connect() as db:
        db.register("given", table)
        return [row[0] for row in db.execute(f"select {luhn_holds('substr(nummer, 3)')} from given").fetchall()]


def test_the_check_digit_is_that_of_the_ten_last_digits() -> None:
    right = number(3)
    wrong = [right[:-1] + str(d) for d in range(10) if str(d) != right[-1]]
    assert checksums_hold([right, *wrong]) == [True] + [False] * 9


def test_every_check_digit_is_the_one_the_library_says() -> None:
    tens = [f"{n:010d}" for n in range(7, 10**10, 10**10 // 4999)]
    assert checksums_hold([f"19{ten}" for ten in tens]) == [luhn.is_valid(ten) for ten in tens]
    assert checksums_hold(["19850709980x", "19850709-9805"]) == [None, None]

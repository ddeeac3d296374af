"""The canary: planted identifiers and the master key are in no file but the sealed stores and the key's own.

Belongs here: the reception's success and failure paths. Does not belong here: a whole run (tests/golden uses the same
search), and what may leave the house.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing import gate as gate_room
from pipelines.landing.keys import load_keys
from pipelines.landing.precheck import check_path
from tests.support.canary import leaks, of_key_file
from tests.support.delivery import Delivery, avslut, hushall, number, person, quoted
from tests.support.reception import House

PLANTED = [number(i, born="1961-03-07", sex="1", coordination=i % 5 == 0) for i in range(50)]
KINDS = ["samordning" if i % 5 == 0 else "pnr" for i in range(50)]
PEOPLE = [person("H", personnummer=digits, id_typ=kind) for digits, kind in zip(PLANTED, KINDS, strict=True)]
SOUND = Delivery([hushall("H", "9")], PEOPLE, mottagen="2020-01-10T10:00:00")
TEXT = SOUND.text("eb_person")


def failures() -> list[Delivery]:
    """Every way to stop or to fall, with planted numbers where they do not belong."""
    text = TEXT.encode()
    return [
        SOUND,
        SOUND.but(period="2019-04", person=[{**row, "personnummer": row["personnummer"][:-1]} for row in PEOPLE]),
        SOUND.but(period="2019-05", avslut=[avslut(period=PLANTED[0])]),
        SOUND.but(period="2019-06", avslut=[avslut(kommun_kod=PLANTED[1])]),
        SOUND.but(period="2019-07", content={"eb_person": text.split(b"\n", 1)[1]}),
        SOUND.but(period="2019-08", content={"eb_person": text + b"\xff\n"}),
        SOUND.but(period="2019-09", content={"eb_person": text + f'"{PLANTED[2]}'.encode()}),
        SOUND.but(period="2019-10", content={"eb_person": TEXT.replace(";pnr", ";pnr;x").encode()}),
        SOUND.but(period="2019-11", content={"eb_person": quoted(TEXT).encode("utf-16")}),
        SOUND.but(period="2019-12", avslut=[avslut(avslutsorsak_kod=PLANTED[3], avslut_datum=PLANTED[4])] * 12),
        SOUND.but(period="2018-12", manifest={"kommun_kod": PLANTED[5]}),
        SOUND.but(period="2018-11", manifest={"period": PLANTED[6], "filer": [PLANTED[7]]}),
        SOUND.but(period="2018-10", person=[{**row, "skyddad": "1"} for row in PEOPLE]),
        SOUND.but(period="2018-07", avslut=[avslut(period="2018-06")]),
        SOUND.but(period="2018-06", avslut=[avslut(kommun_kod="0115")]),
        SOUND.but(period="2018-05", avslut=[avslut("X")] * 12),
        SOUND.but(period="2018-04", hushall=[hushall(f"maken {PLANTED[8]}", "9")]),
        SOUND.but(period="2018-03", hushall=[hushall(f"frun {PLANTED[9][2:8]}-{PLANTED[9][8:]}", "9")]),
    ]


def test_nothing_planted_can_be_read_outside_the_sealed_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    house = House(tmp_path / "hem")
    load_keys(house.settings.master_key, create=True)
    house.master = bytes.fromhex(house.settings.master_key.read_text().split()[0])
    written = f"{PLANTED[9][2:8]}-{PLANTED[9][8:]}"
    secrets = [*PLANTED, written, *of_key_file(house.settings.master_key)]

    house.receive(*failures())
    package = SOUND.but(period="2018-09").put(tmp_path / "prov")
    report = check_path(package, get_contracts())
    package.unlink()
    _break_the_gate(house, monkeypatch)
    house.export()

    stops = {row["stoppande_regel"] for row in house.ledger("select * from leverans")}
    assert stops >= {None, "GEN-01", "GEN-02", "GEN-03", "GEN-04", "GEN-08", "GEN-10", "GEN-12"}
    assert len(house.landing("eb_person")) == 50
    assert leaks(house.home, secrets, also=[scratch], key_file=house.settings.master_key) == []
    said = caplog.text + "".join(capfd.readouterr()) + str(report)
    assert not [s for s in secrets if isinstance(s, str) and s in said]
    assert leaks(house.home, secrets), "the key file itself holds the key: the search works"


def _break_the_gate(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB's own error texts quote the row: the gate gives none of them on."""

    def quoting(self: gate_room.Gate) -> None:
        self._db.execute("select cast(personnummer as date) from r_eb_person")

    with monkeypatch.context() as patch:
        patch.setattr(gate_room.Gate, "_apply_checks", quoting)
        stopped = SOUND.but(period="2018-08")
        house.receive(stopped)
    assert house.verdict(stopped) == ("stoppad", "GEN-01")


def test_rows_of_the_sealed_stores_cannot_be_read_either(house: House) -> None:
    house.receive(*failures())
    sealed = [*house.settings.archive.rglob("*.lager"), *house.settings.quarantine.rglob("*.lager")]
    assert len(sealed) > 10
    content = b"".join(path.read_bytes() for path in sealed)
    assert not [digits for digits in PLANTED if digits.encode() in content]

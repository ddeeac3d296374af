"""The canary over the yearly sources: children's numbers in CSV, workbooks and XML are in no file but the sealed ones.

Belongs here: receptions of bu, aktualisering and bbic that go well and that fall, also in the child that reads, and the
check before sending. Does not belong here: the monthly source (test_canary.py), and operations on such a home
(tests/unit/test_yearly_home.py).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.landing import child
from pipelines.landing.keys import load_keys
from tests.support.arsstopp import AGREED, FORMATS, TABLE, planted, sound, stopped
from tests.support.canary import leaks, leaks_in, of_key_file
from tests.support.lokal import agree
from tests.support.reception import House


@pytest.fixture
def locked(tmp_path: Path) -> House:
    """A house whose key lies in a file, with an agreement of one municipality."""
    house = House(tmp_path / "hem")
    load_keys(house.settings.master_key, create=True)
    house.master = bytes.fromhex(house.settings.master_key.read_text().split()[0])
    agree(house, AGREED)
    return house


def test_of_every_yearly_delivery_that_falls_nothing_can_be_read_outside_the_sealed_stores(
    locked: House, scratch: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    ways, key = stopped(), locked.settings.master_key
    secrets = [*(digits for _, _, digits in ways.values()), *of_key_file(key)]
    locked.receive(*(delivery for delivery, _, _ in ways.values()))
    locked.export()

    rows = locked.ledger("select leverans_id, kommun_kod, paket_namn, stoppande_regel from leverans")
    verdicts = {(r["kommun_kod"], r["paket_namn"]): r["stoppande_regel"] for r in rows}
    assert {name: verdicts[d.kommun, d.name] for name, (d, _, _) in ways.items()} == {
        name: rule for name, (_, rule, _) in ways.items()
    }
    kept = {r["leverans_id"] for r in rows if r["stoppande_regel"] not in ("GEN-08", "GEN-26")}
    assert set(locked.archived()) == kept
    assert len(ways) > len(kept) > 0
    assert {row[0] for row in locked.set_aside()} >= set(TABLE.values())
    assert all(locked.landing(table) for table in TABLE.values())
    found = leaks(locked.home, secrets, also=[scratch], key_file=key)
    assert [([*ways, "key"][min(leak.secret, len(ways))], leak) for leak in found] == []
    said = (caplog.text + "".join(capfd.readouterr())).encode()
    assert leaks_in(said, secrets) == []
    assert leaks(locked.home, secrets), "the key file itself holds the key: the search works"


@pytest.mark.parametrize("form", FORMATS[1:])
def test_a_child_that_is_killed_with_a_file_in_its_hands_leaves_nothing_of_it(
    locked: House, scratch: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = child._send

    def sent_and_killed(mouth: Any, head: dict[str, Any], content: bytes) -> None:
        whole(mouth, head, content)
        for process in started:
            process.kill()

    started: list[Any] = []
    begin = child._start
    monkeypatch.setattr(child, "_start", lambda: started.append(begin()) or started[-1])
    monkeypatch.setattr(child, "_send", sent_and_killed)
    deliveries = [sound(kalla, planted(i), form) for i, kalla in enumerate(TABLE)]
    locked.receive(*deliveries)
    assert {locked.verdict(d) for d in deliveries} == {("stoppad", "GEN-01")}
    assert len(started) >= len(TABLE)
    secrets = [planted(i) for i in range(len(TABLE))]
    assert leaks(locked.home, secrets, also=[scratch], key_file=locked.settings.master_key) == []


@pytest.mark.parametrize("every", [25, pytest.param(1, marks=pytest.mark.slow)])
def test_the_check_before_sending_a_year_says_nothing_of_what_it_read(
    tmp_path: Path, scratch: Path, every: int
) -> None:
    ways = dict(list(stopped().items())[::every])
    secrets = [digits for _, _, digits in ways.values()]
    page, told = tmp_path / "svar.html", []
    for name, (delivery, _, _) in ways.items():
        path = delivery.put(tmp_path / "prov")
        former = delivery.but(period="2018", version=1).put(tmp_path / "forra")
        done = CliRunner().invoke(app, ["check", str(path), "--forra", str(former), "--html", str(page), "--json"])
        assert done.exit_code in (0, 1), (name, done.output)
        told += [(name, leak) for leak in leaks_in(done.output.encode() + page.read_bytes(), secrets)]
    assert told == []
    assert leaks(scratch, secrets) == []

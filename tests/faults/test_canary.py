"""The canary: planted identifiers and the master key are in no file but the key's own, whatever a sender sends.

Belongs here: deliveries that fall, at the reception and at the check before sending. Does not belong here: what falls
in the house itself (test_canary_faults.py), a whole run (tests/golden uses the same search), and what may leave the
house.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.landing.keys import load_keys
from tests.support.canary import leaks, leaks_in, of_key_file
from tests.support.delivery import Delivery, hushall, zipped
from tests.support.reception import House
from tests.support.stops import planted, row, sound, stopped

NUMBER = planted(7)
WRITTEN = f"{NUMBER[:8]}-{NUMBER[8:]}"


def test_of_every_delivery_that_falls_nothing_can_be_read_outside_the_sealed_stores(
    tmp_path: Path, scratch: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    house = House(tmp_path / "hem")
    key = house.settings.master_key
    load_keys(key, create=True)
    house.master = bytes.fromhex(key.read_text().split()[0])
    ways = stopped()
    secrets = [*(digits for _, _, digits in ways.values()), *of_key_file(key)]
    house.receive(*(delivery for delivery, _, _ in ways.values()))
    house.export()

    rows = house.ledger("select kommun_kod, paket_namn, stoppande_regel from leverans")
    verdicts = {(r["kommun_kod"], r["paket_namn"]): r["stoppande_regel"] for r in rows}
    assert {name: verdicts[d.kommun, d.name] for name, (d, _, _) in ways.items()} == {
        name: rule for name, (_, rule, _) in ways.items()
    }
    assert len(house.archived()) > 30
    assert len(house.set_aside()) > 10
    assert len(house.landing("eb_person")) > 5
    found = leaks(house.home, secrets, also=[scratch], key_file=key)
    assert [([*ways, "key"][min(leak.secret, len(ways))], leak) for leak in found] == []
    said = (caplog.text + "".join(capfd.readouterr())).encode()
    assert leaks_in(said, secrets) == []
    assert leaks(house.home, secrets), "the key file itself holds the key: the search works"


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_the_check_before_sending_says_nothing_of_what_it_read(tmp_path: Path, scratch: Path, every: int) -> None:
    ways = dict(list(stopped().items())[::every])
    secrets = [digits for _, _, digits in ways.values()]
    page = tmp_path / "svar.html"
    told = []
    for name, (delivery, _, _) in ways.items():
        path = delivery.put(tmp_path / "prov")
        done = CliRunner().invoke(
            app, ["check", str(path), "--html", str(page), *(["--json"] if len(told) % 2 else [])]
        )
        assert done.exit_code in (0, 1), name
        assert done.exception is None or isinstance(done.exception, SystemExit), name
        told += [(name, leak) for leak in leaks_in(done.output.encode() + page.read_bytes(), secrets)]
    assert told == []
    assert leaks(scratch, secrets) == []


def lone(dataset: str = "eb_person", **cells: str) -> tuple[str, bytes]:
    """A file by itself, with the number in some cells of its first row."""
    text = Delivery([{**hushall("H", "9"), **cells}], [{**row(NUMBER), **cells}]).text(dataset)
    return f"{dataset}.csv", text.encode()


ODD: dict[str, tuple[str, bytes]] = {
    "a lone file in order": lone(),
    "a lone file of a number's municipality": lone(kommun_kod=NUMBER),
    "a lone file of a number's month": lone(period=NUMBER),
    "a lone file of a number's part of the city": lone(stadsdel_kod=WRITTEN),
    "a lone file of a number's household": lone("eb_hushall", hushall_id=WRITTEN),
    "a lone file without a header": ("eb_person.csv", lone()[1].split(b"\n", 1)[1]),
    "a lone file of one line": ("eb_person.csv", NUMBER.encode()),
    "a lone file that is no text": ("eb_person.csv", NUMBER.encode("utf-16") + b"\xff"),
    "a package in a folder named by a person": (f"{WRITTEN}/eb_2019-03.zip", zipped(sound(NUMBER).members())),
    "half a package in a folder named by a person": (f"{WRITTEN}/eb_2019-03.zip", zipped(sound(NUMBER).members())[:99]),
    "a file named by a person": (f"{WRITTEN}.csv", b""),
    "a zip named by a person": (f"eb_{NUMBER}.zip", b""),
    "a folder named by a person": (f"{WRITTEN}/tom", b""),
    "a package whose part of the city is a number": (f"0114/eb_2019-03_s{NUMBER[:8]}_v{NUMBER[8:]}.zip", b""),
}


@pytest.mark.parametrize("how", ODD)
@pytest.mark.parametrize("compared", [False, True])
def test_the_check_repeats_no_number_that_stands_where_a_name_should(
    tmp_path: Path, scratch: Path, how: str, compared: bool
) -> None:
    name, content = ODD[how]
    path, page, sent = tmp_path / "prov" / name, tmp_path / "svar.html", sound(NUMBER).put(tmp_path / "prov")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    tried = path.parent if name.endswith("tom") else path
    further = ["--forra", str(sent)] if compared else []
    done = CliRunner().invoke(app, ["check", str(tried), "--html", str(page), "--json", *further])
    assert done.exit_code in (0, 1, 2), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    said = done.output.encode() + (page.read_bytes() if page.exists() else b"")
    assert leaks_in(said, [NUMBER]) == []
    assert leaks(scratch, [NUMBER]) == []

"""The canary at the command line: what a person types or drops in the wrong place is not said again, kept or logged.

Belongs here: commands that refuse or fall, with a number where it does not belong. Does not belong here: the check
before sending (test_canary.py).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from pipelines.cli import app, avtal, drift, kvittera, nycklar, report
from pipelines.landing import rebuild, retention, rotation
from pipelines.landing.archive import Archive, Store
from pipelines.landing.ledger.store import open_ledger
from tests.support.canary import leaks, leaks_in
from tests.support.drift import FLAWED, NUMBERS, STOPPED, Drift, stocked
from tests.support.repo import ROOT
from tests.support.stops import planted

NUMBER = planted(7)
DASHED = f"{NUMBER[2:8]}-{NUMBER[8:]}"
WHY = ("--syfte", "avsändaren frågar", "--av", "Test Testsson")
Spoil = Callable[[Drift, pytest.MonkeyPatch], object]


def nothing(house: Drift, patch: pytest.MonkeyPatch) -> None:
    return None


def _file(*parts: str, content: bytes = NUMBER.encode()) -> Spoil:
    def write(house: Drift, _: pytest.MonkeyPatch) -> None:
        path = house.settings.inbox.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return write


def _falls(owner: object, name: str, error: Exception) -> Spoil:
    def fall(*_: object, **__: object) -> None:
        raise error

    return lambda _, patch: patch.setattr(owner, name, fall)


def _cut(folder: str) -> Spoil:
    def cut(house: Drift, _: pytest.MonkeyPatch) -> None:
        for path in (house.home / folder).rglob("*.lager"):
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-3])

    return cut


AGREED = ("--kommun", "0114", "--andamal", "kvalitetsuppfoljning", "--av", "Avtalsenheten")
AGREEMENTS = "kommun_kod;andamal_kod;giltig_fran;giltig_till\n"


def _listed(line: str) -> Spoil:
    """A file of agreements where the inbox lies, with the number in one of its cells."""
    return _file("avtal.csv", content=(AGREEMENTS + line.format(NUMBER) + "\n").encode())


OS_ERROR = OSError(28, "No space left on device", f"{DASHED}.csv")
# what is done before, and what is asked then; {ut} is a folder outside the home
ASKED: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "status, of a file that is no package": (_file("0114", f"{DASHED}.xlsx"), ("status",)),
    "status in JSON, of a file that is no package": (_file("0114", f"eb_{NUMBER}.zip"), ("status", "--json")),
    "status, of a folder that is no sender": (_file(f"Anna {DASHED}", "eb_2019-03.zip"), ("status", "--json")),
    "status, of one municipality": (nothing, ("status", "--kommun", NUMBER)),
    "kvittera, a reason": (
        nothing,
        ("kvittera", "--kommun", "0114", "--regel", "GEN-18", "--period", "2019", "--av", "chef", "--skal", DASHED),
    ),
    "kvittera, a name": (
        nothing,
        ("kvittera", "--kommun", "0114", "--regel", "GEN-18", "--period", "2019", "--av", NUMBER, "--skal", "stämmer"),
    ),
    "kvittera, a rule": (
        nothing,
        ("kvittera", "--kommun", "0114", "--regel", NUMBER, "--period", NUMBER, "--av", "chef", "--skal", "stämmer"),
    ),
    "karantan, a purpose": (
        nothing,
        ("karantan", FLAWED.leverans_id, "--syfte", f"om {DASHED}", "--av", "Test", "--till", "{ut}/a.csv"),
    ),
    "karantan, a name": (
        nothing,
        ("karantan", FLAWED.leverans_id, "--syfte", "fråga", "--av", NUMBER, "--till", "{ut}/a.csv"),
    ),
    "karantan, a number for a delivery": (nothing, ("karantan", NUMBER, *WHY, "--till", "{ut}/a.csv")),
    "karantan, within the home": (nothing, ("karantan", FLAWED.leverans_id, *WHY, "--till", f"{{home}}/{NUMBER}")),
    "karantan, a folder that is not there": (
        nothing,
        ("karantan", FLAWED.leverans_id, *WHY, "--till", f"{{ut}}/{DASHED}/a.csv"),
    ),
    "karantan, damaged": (_cut("quarantine"), ("karantan", FLAWED.leverans_id, *WHY, "--till", "{ut}/a.csv")),
    "karantan, a full disk": (
        _falls(Store, "_open", OS_ERROR),
        ("karantan", FLAWED.leverans_id, *WHY, "--till", "{ut}/a.csv"),
    ),
    "arkiv, damaged": (_cut("archive"), ("arkiv", FLAWED.leverans_id, *WHY, "--till", "{ut}/a.zip")),
    "arkiv, gone": (
        _falls(Archive, "fetch", FileNotFoundError(2, "x", DASHED)),
        ("arkiv", STOPPED.leverans_id, *WHY, "--till", "{ut}/a.zip"),
    ),
    "arkiv, a number for a delivery": (nothing, ("arkiv", DASHED, *WHY, "--till", "{ut}/a.zip")),
    "atkomst prova, a number for a head": (nothing, ("atkomst", "prova", "--huvud", NUMBER)),
    "nyckel visa, what does not open": (_cut("archive"), ("nyckel", "visa", "--prova", "--av", "Test", "--json")),
    "nyckel rotera, a full disk": (_falls(rotation, "write", OS_ERROR), ("nyckel", "rotera", "--av", "Test", "--ja")),
    "nyckel rotera, damaged": (_cut("quarantine"), ("nyckel", "rotera", "--av", "Test", "--ja")),
    "gallra, a name": (nothing, ("gallra", "--av", NUMBER)),
    "gallra, a full disk": (_falls(retention, "_protocol", OS_ERROR), ("gallra", "--av", "Test")),
    "sakerhetskopia, a folder with other things": (_file("0114", "a"), ("sakerhetskopia", "{home}/inbox")),
    "sakerhetskopia, a full disk": (_falls(shutil, "copyfile", OS_ERROR), ("sakerhetskopia", "{ut}/kopia")),
    "sakerhetskopia --prova, no backup": (nothing, ("sakerhetskopia", f"{{ut}}/{DASHED}", "--prova")),
    "aterstall, no backup": (nothing, ("aterstall", f"{{ut}}/{DASHED}")),
    "aterskapa, damaged": (_cut("archive"), ("aterskapa", "--av", "Test")),
    "aterskapa, a full disk": (_falls(rebuild, "_second_home", OS_ERROR), ("aterskapa", "--av", "Test")),
    "avtal skapa, a municipality": (
        nothing,
        ("avtal", "skapa", *AGREED[2:], "--kommun", NUMBER, "--fran", "2019-01-01"),
    ),
    "avtal skapa, a purpose": (
        nothing,
        ("avtal", "skapa", "--kommun", "0114", "--andamal", DASHED, "--av", "chef", "--fran", "2019-01-01"),
    ),
    "avtal skapa, a name": (
        nothing,
        ("avtal", "skapa", *AGREED[:4], "--av", f"Anna {DASHED}", "--fran", "2019-01-01"),
    ),
    "avtal skapa, a day": (nothing, ("avtal", "skapa", *AGREED, "--fran", NUMBER)),
    "avtal avsluta, a municipality": (
        nothing,
        ("avtal", "avsluta", *AGREED[2:], "--kommun", DASHED, "--till", "2019-01-01", "--json"),
    ),
    "avtal avsluta, a name": (nothing, ("avtal", "avsluta", *AGREED[:4], "--av", NUMBER, "--till", "2019-01-01")),
    "avtal visa, of one municipality": (nothing, ("avtal", "visa", "--kommun", NUMBER, "--alla", "--json")),
    "avtal importera, a municipality": (
        _listed("{};kvalitetsuppfoljning;2019-01-01;"),
        ("avtal", "importera", "{home}/inbox/avtal.csv", "--av", "chef"),
    ),
    "avtal importera, a purpose": (
        _listed("0114;{};2019-01-01;"),
        ("avtal", "importera", "{home}/inbox/avtal.csv", "--av", "chef", "--json"),
    ),
    "avtal importera, a day": (
        _listed("0114;kvalitetsuppfoljning;{};"),
        ("avtal", "importera", "{home}/inbox/avtal.csv", "--av", "chef"),
    ),
    "avtal importera, no such file": (nothing, ("avtal", "importera", f"{{ut}}/{DASHED}.csv", "--av", "chef")),
    "mall, a source": (nothing, ("mall", NUMBER, "--ut", "{ut}/mallar")),
    "a command that there is not": (nothing, ("karantän", DASHED)),
    "an option that there is not": (nothing, ("status", f"--{DASHED}")),
    "a number that is no number": (nothing, ("atkomst", "visa", "--antal", DASHED)),
}
# the answer repeats what the person has just typed, to that person's terminal only
REPEATED = {
    *("a command that there is not", "an option that there is not", "a number that is no number"),
    "avtal skapa, a day",
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("saga") / "hem"
    stocked(home).engine.dispose()
    return home


@pytest.mark.parametrize("how", ASKED)
def test_a_command_that_refuses_or_falls_tells_and_keeps_no_number(
    story: Path, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spoil, asked = ASKED[how]
    out, scratch = tmp_path / "ut", tmp_path / "scratch"
    for folder in (out, scratch):
        folder.mkdir()
    shutil.copytree(story, tmp_path / "hem", symlinks=True)
    house = Drift(tmp_path / "hem")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for module in (avtal, drift, kvittera, nycklar, report):
        monkeypatch.setattr(module, "get_settings", lambda: house.settings)
    spoil(house, monkeypatch)
    done = CliRunner().invoke(app, [part.format(ut=out, home=house.home) for part in asked])
    monkeypatch.undo()
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert done.exit_code in (0, 1, 2)
    secrets = [NUMBER, *NUMBERS]
    said = "".join((done.output + caplog.text).split())  # a number broken by the end of a line is told too
    assert how in REPEATED or leaks_in(said.encode(), secrets) == []
    assert leaks(house.home, secrets, also=[out, scratch], key_file=house.settings.master_key) == []


def test_an_error_of_the_ledger_names_no_value(tmp_path: Path) -> None:
    engine = open_ledger(tmp_path / "ledger.sqlite")
    with pytest.raises(Exception, match="no such table") as caught, engine.begin() as connection:
        connection.execute(text("insert into ingen values (:a)"), [{"a": NUMBER}])
    assert leaks_in(str(caught.value).encode(), [NUMBER]) == []


UNFORESEEN = """
import sys
from pathlib import Path
from pipelines import cli
from pipelines.landing import precheck

def fall(path, *_):
    cell = path.read_text()
    return {cell: 1}["borta"]

precheck.check_path = fall
sys.argv = ["lager", "check", sys.argv[1]]
cli.main()
"""


def test_a_fault_that_nobody_foresaw_shows_no_local_value(tmp_path: Path) -> None:
    (tmp_path / "eb_2019-03.zip").write_text(NUMBER)
    command = [sys.executable, "-c", UNFORESEEN, str(tmp_path / "eb_2019-03.zip")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "KeyError: 'borta'" in done.stderr) == (1, True), done.stderr
    assert leaks_in((done.stdout + done.stderr).encode(), [NUMBER]) == []

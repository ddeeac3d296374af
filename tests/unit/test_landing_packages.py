"""Package rules: what stops a delivery as a whole, one variant each, beside a neighbour that nothing touches.

Belongs here: GEN-01 to GEN-04, the wrapping and the form of files. Does not belong here: rules about rows and history.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.assets import MONTHS
from pipelines.landing.files import remove_folder
from pipelines.landing.package import Manifest, envelope_of, parse_manifest
from tests.support.canary import leaks
from tests.support.delivery import (
    COLUMNS,
    Delivery,
    avslut,
    families,
    hushall,
    number,
    person,
    quoted,
    senders,
    year,
    zipped,
)
from tests.support.reception import House
from tests.support.repo import ROOT

pytestmark = pytest.mark.xdist_group("landing_packages")  # one fixture for the whole module
SOUND = Delivery(**families(3), avslut=[avslut()])
ROWS = {"eb_hushall": 3, "eb_person": 3, "eb_avslut": 1}


def test_the_manifest_shown_in_the_format_is_one() -> None:
    text = (ROOT / "docs" / "reference" / "leverans.md").read_text(encoding="utf-8")
    section = text.partition("## 2. Manifestet")[2].partition("\n## ")[0]
    (example,) = re.findall(r"```json\n(.*?)```", section, flags=re.S)
    found = parse_manifest(example.encode())
    assert isinstance(found, Manifest)
    assert set(found.model_fields_set) == set(Manifest.model_fields), "no field is left out"
    for entry in found.filer:
        assert get_contracts().datasets[entry.dataset].version == entry.schema_version
        assert entry.namn == f"{entry.dataset}.csv"


def members(**changes: bytes) -> bytes:
    """The sound package with members added or replaced, as zip; the manifest does not know of it."""
    return zipped({**SOUND.members(), **{name.replace("__", "."): content for name, content in changes.items()}})


def header(dataset: str, replaced: str, by: str) -> Delivery:
    """The sound package with another header line."""
    text = SOUND.text(dataset).replace(COLUMNS[dataset].replace(" ", ";"), COLUMNS[dataset].replace(" ", ";"), 1)
    head, _, body = text.partition("\n")
    return SOUND.but(content={dataset: f"{head.replace(replaced, by)}\n{body}".encode()})


def no_manifest() -> bytes:
    return zipped({n: c for n, c in SOUND.members().items() if n != "manifest.json"})


def doubled_member() -> bytes:
    buffer = io.BytesIO(zipped(SOUND.members()))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("eb_avslut.csv", b"annat")
    return buffer.getvalue()


def person_entry(**fields: Any) -> Delivery:
    return SOUND.but(entry={"eb_person": fields})


def twice() -> Delivery:
    entries = [{**SOUND._entry("eb_person"), "namn": f"{n}.csv"} for n in "ab"]
    return SOUND.but(manifest={"filer": entries})


Sent = Delivery | bytes
NO_ROWS: dict[str, int] = {}
STOPPED: dict[str, tuple[str, Sent, dict[str, int] | None]] = {
    # sentence: rule, package, rows received and rejected per dataset (None: as declared)
    "a package without manifest": ("GEN-01", no_manifest(), NO_ROWS),
    "a manifest that is not JSON": ("GEN-01", members(manifest__json=b"{kommun: 0114"), NO_ROWS),
    "a manifest that is a list": ("GEN-01", members(manifest__json=b"[]"), NO_ROWS),
    "a manifest that lacks a field": ("GEN-01", SOUND.but(manifest={"filer": None}), NO_ROWS),
    "a manifest nested beyond reason": ("GEN-01", members(manifest__json=b"[" * 100_000), NO_ROWS),
    "a file that is not the one the manifest describes": ("GEN-01", person_entry(sha256="0" * 64), None),
    "another number of rows than the manifest says": ("GEN-01", person_entry(antal_rader=2), None),
    "a number of rows no file can have": ("GEN-01", person_entry(antal_rader=10**30), NO_ROWS),
    "an unknown schema_version": ("GEN-01", person_entry(schema_version="2.0.0"), None),
    "an unknown dataset": ("GEN-01", person_entry(dataset="eb_annat"), {"eb_hushall": 3, "eb_avslut": 1}),
    "an encoding that is not in the specification": ("GEN-01", person_entry(teckenkodning="utf-16"), NO_ROWS),
    "text that is not in the declared encoding": (
        "GEN-01",
        SOUND.but(content={"eb_hushall": SOUND.text("eb_hushall").replace("H1", "Hå").encode("cp1252")}),
        None,
    ),
    "a byte that cp1252 does not have": (
        "GEN-01",
        SOUND.but(encoding="cp1252", content={"eb_hushall": SOUND.text("eb_hushall").encode() + b"\x81\n"}),
        {**ROWS, "eb_hushall": 4},
    ),
    "rows of an undecodable file are those declared": (
        "GEN-01",
        SOUND.but(content={"eb_person": b"\xff\n" * 9}, entry={"eb_person": {"antal_rader": 5}}, encoding="utf-8"),
        {**ROWS, "eb_person": 5},
    ),
    "UTF-16 instead of UTF-8": (
        "GEN-01",
        SOUND.but(
            content={"eb_person": SOUND.text("eb_person").encode("utf-16")}, entry={"eb_person": {"antal_rader": 3}}
        ),
        None,
    ),
    "a file with a NUL": (
        "GEN-01",
        SOUND.but(content={"eb_person": SOUND.text("eb_person").encode().replace(b"FH11", b"FH\x0011", 1)}),
        None,
    ),
    "quotes that never close": (
        "GEN-01",
        SOUND.but(content={"eb_person": SOUND.text("eb_person").encode().replace(b";pnr", b';"pnr', 1)}),
        None,
    ),
    "something that is not a zip": ("GEN-01", b"hej", NO_ROWS),
    "an empty file for a zip": ("GEN-01", b"", NO_ROWS),
    "a zip cut in two": ("GEN-01", zipped(SOUND.members())[:-100], NO_ROWS),
    "a zip with a flipped byte": ("GEN-01", zipped(SOUND.members()).replace(b"PK\x03\x04", b"PK\x03\x05", 1), NO_ROWS),
    "a member that climbs out": ("GEN-01", zipped({**SOUND.members(), "../../utanfor.csv": b"x"}), NO_ROWS),
    "a member in a folder": ("GEN-01", zipped({**SOUND.members(), "mapp/x.csv": b"x"}), NO_ROWS),
    "a member with a backslash": ("GEN-01", zipped({**SOUND.members(), "mapp\\x.csv": b"x"}), NO_ROWS),
    "the same member twice": ("GEN-01", doubled_member(), NO_ROWS),
    "a file the manifest does not mention": ("GEN-01", SOUND.but(extra={"mer.csv": b"x"}), None),
    "a declared file that is not there": ("GEN-01", person_entry(namn="borta.csv"), None),
    "a dataset that stands twice in the manifest": ("GEN-01", twice(), {"eb_person": 3}),
    "a dataset confirmed empty that has rows": ("GEN-01", SOUND.but(nolleverans=["eb_person"]), None),
    "a bomb": ("GEN-01", members(bomb__csv=b"\0" * 30_000_000), NO_ROWS),
    "too many members": ("GEN-01", zipped({**SOUND.members(), **{f"{i}.csv": b"" for i in range(60)}}), NO_ROWS),
    "a mapping that is not known": ("GEN-01", SOUND.but(manifest={"profil": "okand"}), None),
    "another version than the name's": ("GEN-01", SOUND.but(manifest={"version": 2}), None),
    "another municipality in the manifest": ("GEN-02", SOUND.but(manifest={"kommun_kod": "0115"}), None),
    "a stadsdel that is not in the name": ("GEN-02", SOUND.but(manifest={"stadsdel_kod": "01"}), None),
    "a row of another municipality": (
        "GEN-02",
        SOUND.but(hushall=[*SOUND.hushall, hushall("Z", "9", kommun_kod="0115")]),
        {**ROWS, "eb_hushall": 4},
    ),
    "a row without municipality": (
        "GEN-02",
        SOUND.but(hushall=[*SOUND.hushall, hushall("Z", "9", kommun_kod="")]),
        {**ROWS, "eb_hushall": 4},
    ),
    "a row of a stadsdel": ("GEN-02", SOUND.but(avslut=[avslut(stadsdel_kod="01")]), None),
    "a month that has not begun": ("GEN-03", SOUND.but(period="2019-05"), None),
    "another period in the manifest": ("GEN-03", SOUND.but(manifest={"period": "2019-02"}), None),
    "a month that calls itself slutlig": ("GEN-03", SOUND.but(leveranstyp="slutlig"), None),
    "a row of another period": ("GEN-03", SOUND.but(avslut=[avslut(period="2019-02")]), None),
    "a row without period": ("GEN-03", SOUND.but(avslut=[avslut(period="")]), None),
    "a row of another year in a yearly package": ("GEN-03", year(avslut=[avslut(period="2017-12")]), None),
    "a row of a thirteenth month": ("GEN-03", year(avslut=[avslut(period="2018-13")]), None),
    "a missing column": ("GEN-04", header("eb_person", ";skyddad", ""), None),
    "a renamed column": ("GEN-04", header("eb_person", "roll_kod", "roll"), None),
    "an unknown column": ("GEN-04", header("eb_person", "skyddad", "skyddad;namn"), None),
    "a column twice": ("GEN-04", header("eb_person", "kon_kod", "kon_kod;kon_kod"), None),
    "a header in capitals": ("GEN-04", header("eb_person", "roll_kod", "ROLL_KOD"), None),
    "commas instead of semicolons": ("GEN-04", header("eb_person", ";", ","), None),
    "no header at all": ("GEN-04", SOUND.but(content={"eb_avslut": b"\n"}, nolleverans=[]), {**ROWS, "eb_avslut": 0}),
    "a mark of byte order that is not declared": (
        "GEN-04",
        SOUND.but(content={"eb_person": SOUND.text("eb_person").encode("utf-8-sig")}),
        None,
    ),
}
NEIGHBOUR = SOUND.but(kommun=senders()[-1])


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Every broken package and one sound one in the same reception."""
    house = House(tmp_path_factory.mktemp("paket"))
    for i, (_, sent, _) in enumerate(STOPPED.values()):
        delivery = sent if isinstance(sent, Delivery) else SOUND
        delivery.but(kommun=senders()[i]).put(house.settings.inbox, wrapped=sent if isinstance(sent, bytes) else None)
    house.receive(NEIGHBOUR)
    return house


@pytest.mark.parametrize("sentence", STOPPED)
def test_stops_the_whole_package_and_rejects_all_its_rows(batch: House, sentence: str) -> None:
    rule, sent, rows = STOPPED[sentence]
    kommun = senders()[list(STOPPED).index(sentence)]
    (found,) = batch.ledger("select * from leverans where kommun_kod = :k", k=kommun)
    assert (found["status"], found["stoppande_regel"]) == ("stoppad", rule)
    counts = batch.ledger("select * from leverans_utfall where leverans_id = :id", id=found["leverans_id"])
    if rows is None:
        assert isinstance(sent, Delivery)
        rows = {name: len(sent.rows(name)) for name in COLUMNS}
    assert {c["dataset"]: c["avvisade"] for c in counts} == rows
    assert all(c["mottagna"] == c["avvisade"] for c in counts)
    assert not batch.ledger("select * from i_kraft where kommun_kod = :k", k=kommun)
    assert all(row["leverans_id"] != found["leverans_id"] for name in COLUMNS for row in batch.landing(name))


@pytest.mark.parametrize("sentence", STOPPED)
def test_every_stopped_package_has_a_receipt_that_says_what_to_do(batch: House, sentence: str) -> None:
    rule = STOPPED[sentence][0]
    kommun = senders()[list(STOPPED).index(sentence)]
    (receipt,) = [r for r in batch.receipts() if r["kommun_kod"] == kommun]
    assert receipt["status"] == "stoppad"
    assert receipt["stoppad_av"]["regel"] == rule
    assert receipt["stoppad_av"]["gor_sa_har"]
    assert rule in {r["regel"] for r in receipt["regler"]}


def test_other_packages_of_the_batch_are_unaffected(batch: House) -> None:
    assert batch.verdict(NEIGHBOUR) == ("godkand", None)
    assert batch.counts(NEIGHBOUR) == {name: (n, n, 0, 0, 0) for name, n in ROWS.items()}
    assert [p for p in batch.settings.inbox.rglob("*") if p.is_file()] == []


def test_gen_04_names_the_missing_column_and_only_the_place_of_an_unknown_one(batch: House) -> None:
    def detail(sentence: str) -> str:
        kommun = senders()[list(STOPPED).index(sentence)]
        (receipt,) = [r for r in batch.receipts() if r["kommun_kod"] == kommun]
        return str(receipt["regler"][0]["detalj"])

    assert "kolumn saknas: skyddad" in detail("a missing column")
    assert detail("an unknown column").endswith("kolumn på plats 14.")
    assert "namn" not in detail("an unknown column")
    assert detail("a column twice").endswith("kolumn på plats 9.")


def test_gen_02_and_03_give_the_first_line(batch: House) -> None:
    for sentence in ("a row of another municipality", "a row of another period"):
        kommun = senders()[list(STOPPED).index(sentence)]
        (fault,) = batch.ledger(
            "select r.* from regelutfall as r join leverans as l using (leverans_id) where l.kommun_kod = :k", k=kommun
        )
        line = 5 if "municipality" in sentence else 2
        assert fault["detalj"].endswith(f"den första på rad {line}.")
        assert fault["antal_rader"] == 1


# -- the same rows in other clothes --------------------------------------------------------------------------------

LETTERS = SOUND.but(
    hushall=[hushall("Åsa", "9"), hushall("B 2", "5"), hushall("C€", "9", 1)],
    person=[person("Åsa", 1), person("B 2", 2), person("C€", 3, roll_kod="medsokande"), *SOUND.person[:0]],
)
REVERSED = {name: " ".join(reversed(columns.split())) for name, columns in COLUMNS.items()}


def clothed(how: Any) -> dict[str, bytes]:
    return {name: how(LETTERS.text(name)) for name in COLUMNS}


CLOTHES: dict[str, dict[str, Any]] = {
    "CRLF": {"content": clothed(lambda t: t.replace("\n", "\r\n").encode())},
    "CR alone": {"content": clothed(lambda t: t.replace("\n", "\r").encode())},
    "no newline at the end": {"content": clothed(lambda t: t.rstrip("\n").encode())},
    "quotes": {"content": clothed(lambda t: quoted(t).encode())},
    "quotes and CRLF": {"content": clothed(lambda t: quoted(t).replace("\n", "\r\n").encode())},
    "BOM, declared": {"encoding": "utf-8-sig"},
    "BOM declared but absent": {"encoding": "utf-8-sig", "content": clothed(str.encode)},
    "cp1252, declared": {"encoding": "cp1252"},
    "columns in another order": {"order": REVERSED},
    "columns in another order, quotes, CRLF and BOM": {
        "order": REVERSED,
        "encoding": "utf-8-sig",
        "content": {
            name: quoted(LETTERS.but(order=REVERSED).text(name)).replace("\n", "\r\n").encode("utf-8-sig")
            for name in COLUMNS
        },
    },
}


@pytest.fixture(scope="module")
def wardrobe(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Delivery, dict[str, Delivery]]:
    """The clean twin is version 1 of a sender, each other form a version of its own."""
    house = House(tmp_path_factory.mktemp("former"))
    sent = {name: LETTERS.but(version=i, **how) for i, (name, how) in enumerate(CLOTHES.items(), 2)}
    house.receive(LETTERS, *sent.values())
    return house, LETTERS, sent


@pytest.mark.parametrize("form", CLOTHES)
def test_gives_the_same_rows_as_the_clean_twin(
    wardrobe: tuple[House, Delivery, dict[str, Delivery]], form: str
) -> None:
    house, clean, sent = wardrobe

    def rows(delivery: Delivery) -> list[dict[str, Any]]:
        found = [row for name in COLUMNS for row in house.landing(name, delivery)]
        return [{k: v for k, v in row.items() if k != "leverans_id"} for row in found]

    assert house.verdict(sent[form]) == ("godkand", None)
    assert len(rows(clean)) == 7
    assert rows(sent[form]) == rows(clean)
    assert house.findings(sent[form]) == house.findings(clean)


def test_lines_of_the_wrong_length_are_set_aside_and_shift_nothing(house: House) -> None:
    short = "0114;;2019-03;H7;9;0;0"
    long = "0114;;2019-03;H7;9;0;0;1;2;3"
    good = SOUND.text("eb_hushall").splitlines()[1:]
    body = [good[0], short, "", good[1], long, long, "skräp", good[2], short]
    text = "\n".join([SOUND.text("eb_hushall").splitlines()[0], *body]) + "\n"
    broken = SOUND.but(content={"eb_hushall": text.encode()})
    after = SOUND.but(kommun="0115")  # read in the same go, behind the broken one
    house.receive(broken, after)
    lines = {3, 4, 6, 7, 8, 10}
    assert house.findings(broken) == {("eb_hushall", n, None, "GEN-25") for n in lines}
    assert house.counts(broken)["eb_hushall"] == (9, 3, 6, 0, 0)
    landed = {row["hushall_id"]: row["rad_nr"] for row in house.landing("eb_hushall", broken)}
    assert landed == {"H0": 2, "H1": 5, "H2": 9}
    assert house.findings(after) == set()
    assert [row["rad_nr"] for row in house.landing("eb_hushall", after)] == [2, 3, 4]


def test_a_header_alone_is_an_empty_dataset(house: House) -> None:
    delivery = Delivery(**families(1))
    house.receive(delivery)
    assert house.verdict(delivery) == ("godkand", None)
    assert house.counts(delivery)["eb_avslut"] == (0, 0, 0, 0, 0)


def test_a_line_of_megabytes_is_set_aside_like_any_broken_line(house: House) -> None:
    lines = SOUND.text("eb_hushall").encode().splitlines(keepends=True)
    lines.insert(2, b"x" * 3_000_000 + b"\n")
    huge, neighbour = SOUND.but(content={"eb_hushall": b"".join(lines)}), SOUND.but(kommun="0115")
    house.receive(huge, neighbour, folder=True)  # packed, so long a line would be refused as a bomb
    assert house.verdict(neighbour) == ("godkand", None)
    assert house.findings(huge) == {("eb_hushall", 3, None, "GEN-25")}
    assert [row["rad_nr"] for row in house.landing("eb_hushall", huge)] == [2, 4, 5]


def test_a_long_line_is_set_aside_alone(house: House) -> None:
    lines = SOUND.text("eb_hushall").encode().splitlines(keepends=True)
    lines.insert(2, b"x" * 7_000_000 + b"\n")
    huge, neighbour = SOUND.but(content={"eb_hushall": b"".join(lines)}), SOUND.but(kommun="0115")
    house.receive(huge, neighbour, folder=True)
    assert house.findings(huge) == {("eb_hushall", 3, None, "GEN-25")}
    assert house.counts(huge)["eb_hushall"] == (4, 3, 1, 0, 0)
    assert [row["rad_nr"] for row in house.landing("eb_hushall", huge)] == [2, 4, 5]
    assert [row["rad_nr"] for row in house.landing("eb_hushall", neighbour)] == [2, 3, 4]


def test_a_folder_with_a_folder_or_a_strange_name_is_refused_and_kept(house: House) -> None:
    inside = SOUND.put(house.settings.inbox, folder=True)
    (inside / "mapp").mkdir()
    (inside / "mapp" / "glomd.csv").write_bytes(b"x")
    strange = SOUND.but(kommun="0115").put(house.settings.inbox, folder=True)
    Path(os.fsdecode(os.fsencode(strange) + b"/hush\xe5ll.csv")).write_bytes(b"x")
    house.run()
    rows = house.ledger("select status, stoppande_regel, sha256 from leverans")
    assert [(r["status"], r["stoppande_regel"]) for r in rows] == [("stoppad", "GEN-01")] * 2
    assert len(list(house.settings.archive.rglob("*.lager"))) == 2


def test_an_unknown_source_is_refused_with_a_receipt_and_stops_nobody_else(house: House) -> None:
    path = SOUND.put(house.settings.inbox)
    path.rename(path.with_name("xx_2019-03.zip"))
    neighbour = SOUND.but(kommun="0115")
    house.receive(neighbour)
    assert house.verdict(neighbour) == ("godkand", None)
    (receipt,) = [r for r in house.receipts() if r["kommun_kod"] == "0114"]
    assert receipt["stoppad_av"]["regel"] == "GEN-01"


def test_who_is_no_municipality_in_the_period_is_no_sender(house: House) -> None:
    """Knivsta was formed in 2003; 9999 never was."""
    before, since = (SOUND.but(kommun="0330", period=p, avslut=[]) for p in ("2002-05", "2003-05"))
    nobody = SOUND.but(kommun="9999").put(house.settings.inbox)
    house.receive(before, since)
    assert house.verdict(before) == ("stoppad", "GEN-21")
    assert house.verdict(since) == ("godkand", None)
    assert nobody.exists()


@pytest.mark.parametrize(
    "name", ["eb_0000-01.zip", "eb_1999-01.zip", "eb_2019-13.zip", "eb_2019-03_v0.zip", "eb.zip", ".eb_2019-03.zip"]
)
def test_what_is_not_named_as_a_package_is_left_where_it_lies(house: House, name: str) -> None:
    path = SOUND.put(house.settings.inbox)
    odd = path.rename(path.with_name(name))
    assert house.run().mottagna == 0
    assert odd.exists()
    assert house.ledger("select * from leverans") == []
    house.export()


def test_a_link_named_as_what_a_killed_run_leaves_leads_nowhere(house: House) -> None:
    """What lies behind it is not the sender's to have removed."""
    house.receive(SOUND)
    sealed = sorted(house.settings.archive.rglob("*"))
    link = house.settings.inbox / "0114" / ".x.delvis"
    link.symlink_to("../../archive")
    house.run()
    assert sorted(house.settings.archive.rglob("*")) == sealed
    assert os.path.lexists(link)
    with pytest.raises(OSError, match="Not a directory"):
        remove_folder(link)
    assert sorted(house.settings.archive.rglob("*")) == sealed


def test_every_month_a_name_can_say_is_a_month_a_run_can_have() -> None:
    """Otherwise one sender's file name would stop everybody's run."""
    assert envelope_of("0114", "eb_2000-01.zip", 0.0) is not None
    assert envelope_of("0114", "eb_1999-12.zip", 0.0) is None
    assert MONTHS.has_partition_key("2000-01")


def test_no_receipt_and_no_ledger_row_holds_a_cell_value(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Every kind of fault at once, with values that can be recognised wherever they would turn up."""
    house = House(tmp_path)
    values = [f"KANARIE{i}X" for i in range(20)]
    columns = ("id_typ", "fodelsear", "kon_kod", "roll_kod", "fodd_utrikes", "skyddad")
    broken = {c: values[i] for i, c in enumerate(columns)}
    rows = SOUND.but(
        hushall=[hushall(values[6], values[7], belopp_kr=values[8], utrikes_fodd_kod=values[9])],
        person=[person(values[6], personnummer=values[10], **broken), person(values[11], forsorjningshinder_kod="A,B")],
        avslut=[avslut(values[12], avslutsorsak_kod=values[13], avslut_datum=values[14])],
    )
    head = SOUND.text("eb_person")
    for i, delivery in enumerate(
        [
            rows,
            SOUND.but(avslut=[avslut(period=values[15])]),
            SOUND.but(avslut=[avslut(kommun_kod=values[16])]),
            SOUND.but(content={"eb_person": f"{values[17]};{values[18]}\n".encode() + head.encode()}),
            SOUND.but(content={"eb_person": f"{head}{values[17]}\n{values[18]};{values[19]}\n".encode()}),
            SOUND.but(content={"eb_person": f'{head}"{values[17]};\n'.encode()}),
            SOUND.but(content={"eb_person": f"{head}{values[18]}".encode() + b"\xff\n"}),
        ]
    ):
        delivery.but(kommun=senders()[i]).put(house.settings.inbox)
    house.run()
    house.export()
    found = leaks(house.home, values)
    landed = {str(p) for p in (house.settings.landing / "eb_hushall").iterdir()}
    assert [leak for leak in found if leak.file not in landed] == []
    assert not any(value in caplog.text for value in values)
    assert {r["stoppande_regel"] for r in house.ledger("select * from leverans")} == {
        None,
        "GEN-01",
        "GEN-02",
        "GEN-03",
        "GEN-04",
    }


@pytest.mark.parametrize("field", ["system", "system_version", "profil"])
def test_a_number_in_the_manifests_free_text_stops_the_package_and_is_repeated_nowhere(
    house: House, field: str
) -> None:
    secret = number()
    house.receive(SOUND.but(manifest={field: secret}))
    assert house.ledger("select stoppande_regel from leverans") == [{"stoppande_regel": "GEN-01"}]
    assert leaks(house.home, [secret], key_file=house.home / "nycklar" / "huvudnyckel") == []

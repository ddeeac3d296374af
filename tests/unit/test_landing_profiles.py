"""Vendor profiles: what an invented business system sends is received exactly as its canonical twin is.

Belongs here: the same rows in four forms, and cells that a mapping does not know. Does not belong here: which mapping
files are refused (test_contracts_mappings.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from pipelines.landing.precheck import check_path
from tests.support.cases import CASES
from tests.support.delivery import COLUMNS, Delivery, avslut, barn, hushall, number, person, reserv, senders, year
from tests.support.reception import House
from tests.support.vendor import ALFA, BETA, GAMMA, HINDERS, SYSTEMS, System

pytestmark = pytest.mark.xdist_group("landing_profiles")  # one fixture for the whole module
# what one system's own form happens to be: there the same cell is right
OWN_FORMS = {
    ("pahittad_alfa", "GEN-25: belopp_kr '1 000,00'"),
    ("pahittad_beta", "GEN-25: avslut_datum '20190228'"),
    ("pahittad_beta", "GEN-10: a hyphen is not a digit"),
}
RICH = Delivery(
    [
        hushall("Åsa 1", "8", 2, belopp_kr="12345,50", utrikes_fodd_kod="2"),
        *(hushall(f"T{typ}", typ, 0, belopp_kr="999,99") for typ in "359"),
        hushall("H1", "1", 1, belopp_kr="1234567,05"),
        hushall("P", "5"),
    ],
    [
        person("Åsa 1", 50, kon_kod="2", fodelsear="1980"),
        person("Åsa 1", 51, roll_kod="medsokande", personnummer=number(51, coordination=True), id_typ="samordning"),
        barn("Åsa 1"),
        reserv(
            "Åsa 1",
            "2017-TF-1",
            roll_kod="barn",
            fodelsear="2010",
            fodd_utrikes="",
            forsorjningshinder_kod="",
            arbetsmarknadsinsats_kod="",
        ),
        *(person("T9", i, roll_kod="medsokande", forsorjningshinder_kod=f"FH{xy}") for i, xy in enumerate(HINDERS)),
        person("T3", 61, fodd_utrikes="", forsorjningshinder_kod="", arbetsmarknadsinsats_kod=""),
        person("T5", 62, fodd_utrikes="9", arbetsmarknadsinsats_kod="9"),
        barn("H1", 4),
        person("P", 63, skyddad="1"),
    ],
    [avslut(f"X{n}", avslutsorsak_kod=f"AO{n}", avslut_datum=f"2019-02-{n + 10}") for n in range(1, 10)],
)
STORIES = {
    "every code and form": RICH,
    "a part of a municipality": RICH.but(stadsdel="07"),
    "a whole year": year(),
    "nothing but confirmed emptiness": Delivery(nolleverans=list(COLUMNS)),
    **{case.sentence: case.broken for case in CASES},
}
TWINS = [(name, story) for name in SYSTEMS for story in STORIES if (name, story) not in OWN_FORMS]


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[tuple[str, str], Delivery]]:
    """Of every story the canonical delivery is version 1 of a sender, and each system's a version of its own."""
    house, sent = House(tmp_path_factory.mktemp("profiler")), {}
    for i, (story, delivery) in enumerate(STORIES.items()):
        kind = delivery.leveranstyp or delivery._manifest()["leveranstyp"]
        own = delivery.but(kommun=senders()[i], version=1, leveranstyp=kind)
        sent["kanonisk", story] = own
        for version, system in enumerate(SYSTEMS.values(), 2):
            sent[system.name, story] = system.send(own.but(version=version))
    house.receive(*sent.values())
    return house, sent


def rows(house: House, delivery: Delivery) -> dict[str, list[dict[str, Any]]]:
    """What landed, without what tells deliveries apart."""
    return {
        n: [{k: v for k, v in r.items() if k != "leverans_id"} for r in house.landing(n, delivery)] for n in COLUMNS
    }


@pytest.mark.parametrize(("name", "story"), TWINS)
def test_is_received_exactly_as_its_canonical_twin(
    received: tuple[House, dict[tuple[str, str], Delivery]], name: str, story: str
) -> None:
    house, sent = received
    own, twin = sent[name, story], sent["kanonisk", story]
    assert own.content["eb_person"] != twin.bytes_of("eb_person")
    assert house.verdict(own) == house.verdict(twin)
    assert house.findings(own) == house.findings(twin)
    assert house.counts(own) == house.counts(twin)
    assert rows(house, own) == rows(house, twin)


@pytest.mark.parametrize("name", ["kanonisk", *SYSTEMS])
def test_the_rich_story_lands_whole_but_for_the_protected(
    received: tuple[House, dict[tuple[str, str], Delivery]], name: str
) -> None:
    house, sent = received
    counts = house.counts(sent[name, "every code and form"])
    assert counts["eb_hushall"] == (6, 5, 0, 1, 0)
    assert counts["eb_person"] == (26, 25, 0, 1, 0)
    assert counts["eb_avslut"] == (9, 9, 0, 0, 0)


# -- what a mapping does not know ----------------------------------------------------------------------------------

Q = {"hushall": [hushall("Q", "9")], "person": [person("Q", 50)], "avslut": [avslut("X")]}
HYPHEN = f"{number(50)[:8]}-{number(50)[8:]}"
STRANGE = [
    # system, dataset, what stands in the file, what is put there instead, column, rule that must fall
    (ALFA, "eb_hushall", "5\u00a0000,50", "5000,50", "belopp_kr", "GEN-25"),
    (ALFA, "eb_hushall", "5\u00a0000,50", "50\u00a000,50", "belopp_kr", "GEN-25"),
    (ALFA, "eb_hushall", "5\u00a0000,50", "5\u00a0000", "belopp_kr", "GEN-25"),
    (ALFA, "eb_hushall", "5\u00a0000,50", "5.000,50", "belopp_kr", "GEN-25"),
    (ALFA, "eb_person", ";S;", ";sokande;", "roll_kod", "GEN-14"),
    (ALFA, "eb_person", ";S;", ";s;", "roll_kod", "GEN-14"),
    (ALFA, "eb_person", ";P;", ";pnr;", "id_typ", "GEN-14"),
    (ALFA, "eb_person", ";P;;", ";P;2;", "kon_kod", "GEN-14"),
    (ALFA, "eb_person", ";N;", ";0;", "skyddad", "GEN-14"),
    (ALFA, "eb_avslut", "28.02.2019", "2019-02-28", "avslut_datum", "GEN-25"),
    (ALFA, "eb_avslut", "28.02.2019", "31.02.2019", "avslut_datum", "GEN-25"),
    (ALFA, "eb_avslut", "28.02.2019", "28.02.19", "avslut_datum", "GEN-25"),
    (BETA, "eb_hushall", "\tH9\t", "\t9\t", "hushallstyp_kod", "EB-01"),
    (BETA, "eb_hushall", "\tH9\t", "\tH2\t", "hushallstyp_kod", "EB-01"),
    (BETA, "eb_hushall", "5000.50", "5000,50", "belopp_kr", "GEN-25"),
    (BETA, "eb_person", HYPHEN, number(50), "personnummer", "GEN-10"),
    (
        BETA,
        "eb_person",
        HYPHEN,
        HYPHEN[2:],
        "personnummer",
        "GEN-10",
    ),
    (
        BETA,
        "eb_person",
        f"{HYPHEN}\tpnr\t\t",
        "4711\treserv\t1970\t1",
        "personnummer",
        "GEN-25",
    ),
    (BETA, "eb_avslut", "20190228", "2019-02-28", "avslut_datum", "GEN-25"),
    (GAMMA, "eb_hushall", '"5.000,50"', '"5000,50"', "belopp_kr", "GEN-25"),
    (GAMMA, "eb_person", '"111"', '"FH11"', "forsorjningshinder_kod", "GEN-14"),
    (GAMMA, "eb_person", '"111"', '"114"', "forsorjningshinder_kod", "GEN-14"),
    (GAMMA, "eb_person", '"111"', '"111,140"', "forsorjningshinder_kod", "EB-06"),
    (GAMMA, "eb_person", '"111"', '"FH11;FH40"', "forsorjningshinder_kod", "GEN-14"),
    (GAMMA, "eb_avslut", '"A1"', '"AO1"', "avslutsorsak_kod", "GEN-14"),
    (GAMMA, "eb_person", '"Q"', '"Q;1"', "hushall_id", "GEN-25"),
]


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, list[Delivery]]:
    house, sent = House(tmp_path_factory.mktemp("okant")), []
    for i, (system, dataset, there, instead, *_) in enumerate(STRANGE):
        own = system.send(Delivery(**Q, kommun=senders()[i]))
        text = own.content[dataset].decode(system.encoding)
        assert text.count(there) == 1, there
        own.content[dataset] = text.replace(there, instead).encode(system.encoding)
        sent.append(own)
    house.receive(*sent)
    return house, sent


@pytest.mark.parametrize("place", range(len(STRANGE)), ids=[f"{s.name}: {i}" for s, _, _, i, *_ in STRANGE])
def test_what_a_mapping_does_not_know_never_passes(strange: tuple[House, list[Delivery]], place: int) -> None:
    house, sent = strange
    _, dataset, _, _, column, rule = STRANGE[place]
    delivery = sent[place]
    assert (dataset, 2, column, rule) in house.findings(delivery)
    assert {(d, line, r) for d, line, _, r in house.findings(delivery)} <= {
        (dataset, 2, rule),
        ("eb_person", 2, "EB-14"),
    }
    assert house.landing(dataset, delivery) == []
    assert house.counts(delivery)[dataset] == (1, 0, 1, 0, 0)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=lambda s: s.name)
@pytest.mark.parametrize("period", ["2019-03", "2019-04", "mars"])
def test_a_month_in_another_form_or_of_another_month_stops_the_package(
    house: House, system: System, period: str
) -> None:
    own = system.send(Delivery(**Q))
    written = system.write["period"]("2019-03")
    replaced = period if period == "2019-03" else system.write["period"](period)
    text = own.content["eb_avslut"].decode(system.encoding)
    own.content["eb_avslut"] = text.replace(written, replaced).encode(system.encoding)
    house.receive(own)
    assert house.verdict(own) == ("stoppad", "GEN-03")


# -- what the sender is told ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=lambda s: s.name)
def test_a_header_that_is_not_the_systems_stops_the_package_in_its_own_words(house: House, system: System) -> None:
    own = system.send(Delivery(**Q))
    canonical = own.but(content={**own.content, "eb_avslut": Delivery(**Q).bytes_of("eb_avslut")}, kommun="0115")
    renamed = own.but(kommun="0117", content=dict(own.content))
    last = system.columns["eb_avslut"].split(";")[-1].partition("=")[0]
    renamed.content["eb_avslut"] = own.content["eb_avslut"].replace(
        last.encode(system.encoding.removesuffix("-sig")), b"X", 1
    )
    canonical.manifest["profil"] = renamed.manifest["profil"] = system.name
    house.receive(canonical, renamed)
    assert house.verdict(canonical) == house.verdict(renamed) == ("stoppad", "GEN-04")
    (fault,) = house.faults(renamed)
    assert f"kolumn saknas: {last};" in fault["detalj"]


def test_the_order_of_the_columns_is_free_and_a_column_left_out_by_the_mapping_must_be_there(house: House) -> None:
    own = BETA.send(Delivery(**Q))
    lines = [line.split("\t") for line in own.content["eb_person"].decode("utf-8-sig").splitlines()]
    turned = own.but(content=dict(own.content), kommun="0114")
    turned.content["eb_person"] = "".join("\t".join(reversed(c)) + "\n" for c in lines).encode("utf-8-sig")
    short = own.but(content=dict(own.content), kommun="0114", version=2)
    short.content["eb_person"] = "".join("\t".join(c[:-1]) + "\n" for c in lines).encode("utf-8-sig")
    house.receive(turned, short)
    assert house.verdict(turned) == ("godkand", None)
    assert len(house.landing("eb_person", turned)) == 1
    assert house.verdict(short) == ("stoppad", "GEN-04")


def test_the_receipt_names_the_column_as_the_senders_own_file_does_and_the_ledger_as_the_contract(
    house: House, tmp_path: Any
) -> None:
    own = ALFA.send(Delivery([hushall("Q", "2")], [person("Q", 50, fodd_utrikes="7")]))
    house.receive(own)
    assert ("eb_person", 2, "fodd_utrikes", "GEN-14") in house.findings(own)

    def columns(answer: dict[str, Any]) -> dict[str, str]:
        return {r["regel"]: r["exempel"][0]["kolumn"] for r in answer["regler"]}

    assert columns(house.receipt(own)) == {
        "EB-01": "Hushållstyp (hushallstyp_kod)",
        "EB-14": "Ärende (hushall_id)",
        "GEN-14": "Född utomlands (fodd_utrikes)",
    }
    assert columns(house.receipt(own)) == columns(check_path(own.put(tmp_path / "prov"), get_contracts()))
    page = next(house.settings.outbox.glob("*/*.html")).read_text(encoding="utf-8")
    assert "kolumn <code>Hushållstyp (hushallstyp_kod)</code>" in page
    canonical = Delivery([hushall("Q", "2")], [person("Q", 50)], kommun="0115")
    house.receive(canonical)
    assert columns(house.receipt(canonical))["EB-01"] == "hushallstyp_kod"


def test_a_profile_is_known_by_its_file_alone(house: House) -> None:
    for i, name in enumerate(("alfa", "pahittad_delta", "pahittad_alfa_")):
        unknown = ALFA.send(Delivery(**Q, kommun=senders()[i])).but(manifest={"profil": name})
        house.receive(unknown)
        assert house.verdict(unknown) == ("stoppad", "GEN-01")
        assert [f["detalj"] for f in house.faults(unknown)] == ["Profilen i manifestet är inte känd."]
        assert house.counts(unknown) == dict.fromkeys(COLUMNS, (1, 0, 0, 0, 1))


def test_lines_that_do_not_split_are_counted_in_every_system(house: House) -> None:
    for i, system in enumerate(SYSTEMS.values()):
        own = system.send(Delivery(**Q, kommun=senders()[i]))
        own.content["eb_avslut"] += "skräp\n".encode(system.encoding)
        house.receive(own)
        assert house.findings(own) == {("eb_avslut", 3, None, "GEN-25")}
        assert house.counts(own)["eb_avslut"] == (2, 1, 1, 0, 0)

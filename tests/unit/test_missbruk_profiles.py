"""Formats and vendor profiles of the third domain: the same rows, however they are sent, land alike.

Belongs here: the four sources in csv, xlsx and xml, and asi and isu in the exports of the five invented systems. Does
not belong here: what the rules are (test_missbruk_rules.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.contracts.model import get_contracts
from tests.support.delivery import Row, YearParcel, number, senders
from tests.support.lokal import agree
from tests.support.missbruk import (
    CS,
    Asi,
    Isu,
    Lvm,
    Missbruk,
    ansokan,
    ej,
    foljd,
    grund,
    insats,
    matning,
    omhandertagande,
    person,
    reserv,
    utredning,
    utskrivning,
)
from tests.support.missbruksfall import CASES
from tests.support.reception import House
from tests.support.vendor import System
from tests.support.vendor_missbruk import ASI_SYSTEMS, DELTA, EPSILON, ISU_SYSTEMS, LOKE, MODELS, SU_PILOT, SUREG

pytestmark = pytest.mark.xdist_group("missbruk_profiles")  # one fixture for the whole module
SYSTEMS = ASI_SYSTEMS | ISU_SYSTEMS


def codes(name: str) -> tuple[str, ...]:
    return get_contracts().codes[name]


def coordinated(place: int) -> Row:
    return {"personnummer": number(place, coordination=True), "id_typ": "samordning"}


def modelled(delivery: Isu, model: str) -> Isu:
    """The same measurements, made in a model."""
    return delivery.but(uppfoljning=[{**row, "uppfoljningsmodell_kod": model} for row in delivery.uppfoljning])


GROUPS = codes("malgrupp_missbruk")
PEOPLE = [person(), person("K2", 2, **coordinated(2)), person("K3", **reserv()), person("K4", 4, skyddad="1")]
RICH: dict[str, YearParcel] = {
    "missbruk": Missbruk(
        PEOPLE,
        [
            *(
                utredning(f"U{i}", malgrupp_kod=GROUPS[i % 5], beslut_kod=code)
                for i, code in enumerate(codes("utredning_beslut_vuxen"))
            ),
            *(utredning(f"B{x}", "K2", barn_under_18="1", barn_uppmarksammat=x) for x in "019"),
            utredning("P", "K3", utredning_slut_datum="", beslut_kod=""),
            utredning("S", "K4"),
        ],
        [
            *(insats(f"M{i}", "K1", metod_kod=code) for i, code in enumerate(codes("metod_missbruk"))),
            *(
                insats(f"S{i}", "K2", insats_slut_datum="2019-06-30", insats_avslut_kod=code, insats_kod="HELDYGN")
                for i, code in enumerate(codes("insats_avslut"))
            ),
            insats("T", "K3", metod_kod="", insats_kod="BOENDE"),
            insats("S", "K4"),
        ],
    ),
    "asi": Asi(
        [
            grund(
                kon_kod="2",
                fodelsear="1980",
                asi_version_kod="1996",
                **dict.fromkeys(CS, "250"),
                cs_formelversion="US5",
            ),
            foljd(asi_version_kod="annan", asi4_cs="1000", cs_formelversion="KALLANS", asi1_klient_oro=""),
            grund("G2", "K2", 2, **coordinated(2), dagar_alkohol_30="", dagar_berusning_30=""),
            grund("G3", "K3", **reserv("2017-TF-1")),
            *(ej(f"E{i}", bortfall_kod=code) for i, code in enumerate(codes("asi_bortfall"))),
            grund("G4", "K4", 4, skyddad="1"),
        ]
    ),
    "lvm": Lvm(
        [ansokan(), ansokan("A2", "K2", 2, **coordinated(2), indikation_liv="1", medel_losningsmedel="1")],
        [omhandertagande(), omhandertagande("O3", "K3", **reserv())],
        [utskrivning(f"S{i}", f"K{i}", i, boende_efter_kod=code) for i, code in enumerate(codes("boende_efter"))],
    ),
    "isu": Isu(
        [
            *(
                matning(when, f"2019-0{month}-1{i}", matt_kod=matt, matt_varde="1", malgrupp_kod=GROUPS[i % 5])
                for i, matt in enumerate(codes("isu_matt"))
                for month, when in enumerate(codes("isu_tillfalle"), 3)
            ),
            matning(klient_id="K2", **coordinated(2), kon_kod="2", fodelsear="1980", metod_kod=""),
            matning(klient_id="K3", **reserv()),
            matning(klient_id="K4", personnummer=number(4), skyddad="1"),
        ]
    ),
}
STORIES: dict[str, Asi | Isu] = {
    "asi: every code and form": RICH["asi"],  # type: ignore[dict-item]
    "asi: a part of a municipality": RICH["asi"].but(stadsdel="07"),  # type: ignore[dict-item]
    "isu: every code and form": RICH["isu"],  # type: ignore[dict-item]
    **{name: case.breaks for name, case in CASES.items() if isinstance(case.breaks, (Asi, Isu))},
}


def own_form(delivery: YearParcel, system: System) -> tuple[YearParcel, YearParcel]:
    """What the system sends, and its canonical twin: of isu each exports its own model only."""
    model = next((code for code, known in MODELS.items() if known is system), None)
    twin = modelled(delivery, model) if isinstance(delivery, Isu) and model else delivery
    return system.send(twin.but(version=2)), twin


def rows(house: House, delivery: YearParcel) -> dict[str, list[dict[str, Any]]]:
    """What landed, without what tells deliveries apart."""
    return {
        name: [{k: v for k, v in row.items() if k != "leverans_id"} for row in house.landing(name, delivery)]
        for name in delivery.columns
    }


def asked(house: House, own: YearParcel, twin: YearParcel) -> None:
    assert house.verdict(own) == house.verdict(twin)
    assert house.findings(own) == house.findings(twin)
    assert house.counts(own) == house.counts(twin)
    assert rows(house, own) == rows(house, twin)


TWINS = [
    (name, story)
    for name, system in SYSTEMS.items()
    for story in STORIES
    if STORIES[story].columns.keys() == system.columns.keys()
]
Pairs = dict[tuple[str, str], tuple[YearParcel, YearParcel]]


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Pairs]:
    """Of every story and system a municipality: the canonical delivery is version 1, the system's version 2."""
    house, sent = House(tmp_path_factory.mktemp("profiler")), {}
    for kommun, (name, story) in zip(senders(), TWINS, strict=False):
        sent[name, story] = own_form(STORIES[story].but(kommun=kommun, leveranstyp="ordinarie"), SYSTEMS[name])
    assert len(sent) == len(TWINS)
    agree(house, *(twin.kommun for _, twin in sent.values()))
    house.receive(*(d for pair in sent.values() for d in pair))
    return house, sent


@pytest.mark.parametrize(("name", "story"), TWINS)
def test_is_received_exactly_as_its_canonical_twin(received: tuple[House, Pairs], name: str, story: str) -> None:
    house, sent = received
    own, twin = sent[name, story]
    (dataset,) = own.columns
    assert own.content[dataset] != twin.bytes_of(dataset)
    asked(house, own, twin)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_code_and_form_lands_but_for_the_protected(received: tuple[House, Pairs], name: str) -> None:
    house, sent = received
    source = "asi" if name in ASI_SYSTEMS else "isu"
    own, _ = sent[name, f"{source}: every code and form"]
    (dataset,) = own.columns
    sent_rows = len(own.rows(dataset))
    assert house.findings(own) == set()
    assert house.counts(own)[dataset] == (sent_rows, sent_rows - 1, 0, 1, 0)


@pytest.mark.parametrize("kalla", RICH)
@pytest.mark.parametrize("kind", ["xlsx", "xml"])
def test_a_workbook_and_xml_land_as_csv(house: House, kalla: str, kind: str) -> None:
    twin = RICH[kalla]
    agree(house, twin.kommun)
    house.receive(twin)
    house.receive(twin.but(format=kind, version=2))
    asked(house, twin.but(format=kind, version=2), twin)
    broken = {rule for *_, rule in house.findings(twin)}
    assert broken <= {"UTR-04", "LVM-04"}, "nothing of a rich story is set aside"
    assert sum(counts[1] for counts in house.counts(twin).values()) > 4


STRANGE = [
    # system, what stands in the file, what is put there instead, column, rules that must fall
    (DELTA, ";G;", ";grund;", "asi_typ_kod", {"GEN-14"}),
    (DELTA, ";G;", ";g;", "asi_typ_kod", {"GEN-14"}),
    (DELTA, ";20190301;", ";2019-03-01;", "intervju_datum", {"GEN-25"}),
    (DELTA, ";20190301;", ";20190229;", "intervju_datum", {"GEN-25"}),
    (DELTA, ";2;20190301", ";2017;20190301", "asi_version_kod", {"GEN-14"}),
    (EPSILON, "Grundintervju", "grund", "asi_typ_kod", {"GEN-14"}),
    (EPSILON, "01.03.2019", "2019-03-01", "intervju_datum", {"GEN-25"}),
    (EPSILON, "01.03.2019", "1.3.2019", "intervju_datum", {"GEN-25"}),
    (EPSILON, "\tNej\t", "\t0\t", "skyddad", {"GEN-14"}),
    (EPSILON, "-", "", "personnummer", {"GEN-10"}),
    (SU_PILOT, ";F1;", ";livskvalitet;", "matt_kod", {"GEN-14"}),
    (SU_PILOT, ";T0;", ";start;", "tillfalle_kod", {"GEN-14"}),
    (SU_PILOT, ";SU-pilot;", ";SUreg;", "uppfoljningsmodell_kod", {"GEN-14"}),
    (SU_PILOT, "2019/03/01", "2019-03-01", "matt_datum", {"GEN-25"}),
    (SUREG, "01-03-2019", "2019-03-01", "matt_datum", {"GEN-25"}),
    (SUREG, "\t10\t", "\talkohol\t", "malgrupp_kod", {"GEN-14"}),
    (LOKE, "|Vid start|", "|start|", "tillfalle_kod", {"GEN-14"}),
    (LOKE, "|P|", "|pnr|", "id_typ", {"GEN-14"}),
]


@pytest.mark.parametrize(("system", "old", "new", "column", "fallen"), STRANGE)
def test_what_a_mapping_does_not_know_is_set_aside_and_never_guessed(
    house: House, system: System, old: str, new: str, column: str, fallen: set[str]
) -> None:
    agree(house, "0114")
    plain: YearParcel = Asi() if system.name in ASI_SYSTEMS else Isu()
    own, _ = own_form(plain, system)
    (dataset,) = own.columns
    text = own.content[dataset].decode(system.encoding)
    heading, _, body = text.partition("\n")
    assert old in body
    own.content[dataset] = f"{heading}\n{body.replace(old, new, 1)}".encode(system.encoding)
    house.receive(own)
    assert {rule for _, _, name, rule in house.findings(own) if name == column} == fallen
    assert house.landing(dataset, own) == []

"""What each system's files look like, byte for byte, and who has which system.

Belongs here: hand-written files against rendered ones, package faults in every system, the choice of systems. Does not
belong here: what a gate makes of them.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.synthetic.koder import FRITEXT_NARA
from pipelines.synthetic.mal import read_reference
from pipelines.synthetic.paket import write_package
from pipelines.synthetic.parametrar import parametrar
from pipelines.synthetic.plan import UNDECLARED, Paket
from pipelines.synthetic.profiler import ALFA, BETA, GAMMA, KANONISK, PROFILER, Profil, assign
from pipelines.synthetic.rader import Leveranser
from pipelines.synthetic.text import Avsandare, render
from tests.support import systemfiler
from tests.support.smatt import avslut, hushall, leveranser, person

BARN = {"roll": "barn", "fu": "", "fh": "", "ins": ""}
SHORT = "19811218987"


def sample(**given: Any) -> Leveranser:
    """Right and wrong cells of every kind."""
    return leveranser(
        hushall=[
            hushall("H1000001", 12_345_50, typ="8", barn="2", utr="1"),
            hushall("H1000002", 1_234_567_00),
            hushall("H1000003", 845_05, typ="X", barn="två", utr=""),
            hushall("H1000004", 0, 2, typ="2"),
            hushall("H1000005", 0, 3, typ=""),
            hushall("H1000006", 0, 1, typ="9"),
        ],
        person=[
            person("H1000001", "198112189876"),
            person("H1000001", "198112789873", "samordning", roll="medsokande", kk="2", fa="1981", fh="FH99", ins="1"),
            person("H1000001", "R00001", "reserv", kk="1", fa="2010", sky="1", **BARN),
            person("H1000002", SHORT, roll="sambo", kk="3", fa="19x5", fh="FH00", sky="J"),
            person("H1000002", "", roll="", fh="FH21/FH40", sky=""),
        ],
        avslut=[
            avslut("H1000002", "2017-02-28", orsak="AO3"),
            avslut("H1000003", "2017-02-28", 3, orsak="AO0"),
            avslut("H1000004", "2017-02-28", 2, orsak=""),
            avslut("H1000005", "2017-02-28", 1, orsak="AO9"),
        ],
        broken=(SHORT,),
        **given,
    )


CANONICAL = {
    "eb_hushall": """\
kommun_kod;stadsdel_kod;period;hushall_id;hushallstyp_kod;antal_barn;utrikes_fodd_kod;belopp_kr
0114;;2017-03;H1000001;8;2;1;12345,50
0114;;2017-03;H1000002;3;0;0;1234567,00
0114;;2017-03;H1000003;X;två;;845,05
0114;;2017-03;H1000004;2;0;0;okänt
0114;;2017-03;H1000005;;0;0;-500,00
0114;;2017-03;H1000006;9;0;0;
""",
    "eb_person": """\
kommun_kod;stadsdel_kod;period;hushall_id;personnummer;id_typ;fodelsear;kon_kod;roll_kod;fodd_utrikes;\
forsorjningshinder_kod;arbetsmarknadsinsats_kod;skyddad
0114;;2017-03;H1000001;198112189876;pnr;;;sokande;0;FH11;0;0
0114;;2017-03;H1000001;198112789873;samordning;1981;2;medsokande;0;FH99;1;0
0114;;2017-03;H1000001;R00001;reserv;2010;1;barn;;;;1
0114;;2017-03;H1000002;19811218987;pnr;19x5;3;sambo;0;FH00;0;J
0114;;2017-03;H1000002;;pnr;;;;0;FH21/FH40;0;
""",
    "eb_avslut": """\
kommun_kod;stadsdel_kod;period;hushall_id;avslutsorsak_kod;avslut_datum
0114;;2017-03;H1000002;AO3;2017-02-28
0114;;2017-03;H1000003;AO0;2017-02-30
0114;;2017-03;H1000004;;okänt
0114;;2017-03;H1000005;AO9;
""",
}
IN_ALFA = {
    "eb_hushall": """\
Månad;Ärende;Hushållstyp;Antal barn;Utrikes född;Beviljat belopp;Distrikt;Kommun
201703;H1000001;8;2;1;12\u00a0345,50;;0114
201703;H1000002;3;0;0;1\u00a0234\u00a0567,00;;0114
201703;H1000003;X;två;;845,05;;0114
201703;H1000004;2;0;0;okänt;;0114
201703;H1000005;;0;0;-500,00;;0114
201703;H1000006;9;0;0;;;0114
""",
    "eb_person": """\
Månad;Ärende;Personnr;Idslag;Kön;Födelseår;Roll;Född utomlands;Försörjningshinder;Arbetsmarknadsinsats;\
Skyddad identitet;Distrikt;Kommun
201703;H1000001;198112189876;P;;;S;0;FH11;0;N;;0114
201703;H1000001;198112789873;S;K;1981;M;0;FH99;1;N;;0114
201703;H1000001;R00001;R;M;2010;B;;;;J;;0114
201703;H1000002;19811218987;P;3;19x5;sambo;0;FH00;0;Ja;;0114
201703;H1000002;;P;;;;0;FH21/FH40;0;;;0114
""",
    "eb_avslut": """\
Månad;Ärende;Avslutsdatum;Orsak;Distrikt;Kommun
201703;H1000002;28.02.2017;AO3;;0114
201703;H1000003;30.02.2017;AO0;;0114
201703;H1000004;okänt;;;0114
201703;H1000005;;AO9;;0114
""",
}
IN_BETA = {
    "eb_hushall": """\
KOMMUN\tSTADSDEL\tPERIOD\tHUSHALL\tTYP\tBARN\tUTRFODD\tBELOPP
0114\t\t2017/03\tH1000001\tH8\t2\t1\t12345.50
0114\t\t2017/03\tH1000002\tH3\t0\t0\t1234567.00
0114\t\t2017/03\tH1000003\tX\ttvå\t\t845.05
0114\t\t2017/03\tH1000004\t2\t0\t0\tokänt
0114\t\t2017/03\tH1000005\t\t0\t0\t-500.00
0114\t\t2017/03\tH1000006\tH9\t0\t0\t
""",
    "eb_person": """\
KOMMUN\tSTADSDEL\tPERIOD\tHUSHALL\tROLL\tID\tID_TYP\tFODELSEAR\tKON\tFODD_UTRIKES\tHINDER\tINSATS\tSKYDD\t\
HANDLAGGARENHET
0114\t\t2017/03\tH1000001\tsokande\t19811218-9876\tpnr\t\t\t0\tFH11\t0\t0\tE10
0114\t\t2017/03\tH1000001\tmedsokande\t19811278-9873\tsamordning\t1981\t2\t0\tFH99\t1\t0\tE10
0114\t\t2017/03\tH1000001\tbarn\tR00001\treserv\t2010\t1\t\t\t\t1\tE10
0114\t\t2017/03\tH1000002\tsambo\t19811218987\tpnr\t19x5\t3\t0\tFH00\t0\tJ\tE11
0114\t\t2017/03\tH1000002\t\t\tpnr\t\t\t0\tFH21/FH40\t0\t\tE11
""",
    "eb_avslut": """\
KOMMUN\tSTADSDEL\tPERIOD\tHUSHALL\tDATUM\tORSAK
0114\t\t2017/03\tH1000002\t20170228\tAO3
0114\t\t2017/03\tH1000003\t20170230\tAO0
0114\t\t2017/03\tH1000004\tokänt\t
0114\t\t2017/03\tH1000005\t\tAO9
""",
}
IN_GAMMA = {
    "eb_hushall": """\
"belopp";"utrikes";"antal_barn";"hushallstyp";"hushallsnummer";"avser_manad";"stadsdel";"kommun"
"12.345,50";"1";"2";"8";"H1000001";"03-2017";"";"0114"
"1.234.567,00";"0";"0";"3";"H1000002";"03-2017";"";"0114"
"845,05";"";"två";"X";"H1000003";"03-2017";"";"0114"
"okänt";"0";"0";"2";"H1000004";"03-2017";"";"0114"
"-500,00";"0";"0";"";"H1000005";"03-2017";"";"0114"
"";"0";"0";"9";"H1000006";"03-2017";"";"0114"
""",
    "eb_person": """\
"skyddad";"insats";"hinder";"fodd_utomlands";"roll";"kon";"fodelsear";"idtyp";"idnummer";"hushallsnummer";\
"avser_manad";"stadsdel";"kommun"
"0";"0";"111";"0";"1";"";"";"1";"198112189876";"H1000001";"03-2017";"";"0114"
"0";"1";"199";"0";"2";"2";"1981";"2";"198112789873";"H1000001";"03-2017";"";"0114"
"1";"";"";"";"3";"1";"2010";"3";"R00001";"H1000001";"03-2017";"";"0114"
"J";"0";"FH00";"0";"sambo";"3";"19x5";"1";"19811218987";"H1000002";"03-2017";"";"0114"
"";"0";"121/140";"0";"";"";"";"1";"";"H1000002";"03-2017";"";"0114"
""",
    "eb_avslut": """\
"datum";"orsak";"hushallsnummer";"avser_manad";"stadsdel";"kommun"
"2017-02-28";"A3";"H1000002";"03-2017";"";"0114"
"2017-02-30";"AO0";"H1000003";"03-2017";"";"0114"
"okänt";"";"H1000004";"03-2017";"";"0114"
"";"A9";"H1000005";"03-2017";"";"0114"
""",
}
BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize("dataset", sorted(CANONICAL))
@pytest.mark.parametrize(
    ("profil", "expected", "encoding", "mark"),
    [
        (KANONISK, CANONICAL, "utf-8", b""),
        (replace(KANONISK, teckenkodning="cp1252"), CANONICAL, "cp1252", b""),
        (replace(KANONISK, teckenkodning="utf-8-sig"), CANONICAL, "utf-8", BOM),
        (ALFA, IN_ALFA, "cp1252", b""),
        (BETA, IN_BETA, "utf-8", BOM),
        (GAMMA, IN_GAMMA, "utf-8", b""),
    ],
    ids=["kanonisk", "kanonisk-cp1252", "kanonisk-bom", "alfa", "beta", "gamma"],
)
def test_a_system_writes_its_files_as_described(
    profil: Profil, expected: dict[str, str], encoding: str, mark: bytes, dataset: str
) -> None:
    fil = render(sample(), Avsandare("0114", "0115", "1.0", profil))[dataset][0]
    assert fil.innehall == mark + expected[dataset].encode(encoding)
    assert fil.rader == expected[dataset].count("\n") - 1


def test_every_other_alfa_system_groups_thousands_by_a_plain_space() -> None:
    fil = render(sample(), Avsandare("0114", "0115", "1.0", replace(ALFA, tusental=" ")))["eb_hushall"][0]
    assert fil.innehall == IN_ALFA["eb_hushall"].replace("\u00a0", " ").encode("cp1252")


def test_the_files_of_several_packages_are_cut_where_the_package_ends() -> None:
    two = (Paket(2, 1, "eb_2017-03", 0), Paket(3, 1, "eb_2017-04", 0), Paket(4, 1, "eb_2017-05", 0))
    rows = [hushall("H1000001", 100), hushall("H1000002", 200), hushall("H1000001", 300, pkg=2, t=4)]
    found = render(leveranser(hushall=rows, paket=two), Avsandare("0114", "0115", "1.0", BETA))["eb_hushall"]
    assert [f.rader for f in found] == [2, 0, 1]
    head = BOM + IN_BETA["eb_hushall"].splitlines(keepends=True)[0].encode()
    assert all(f.innehall.startswith(head) for f in found)
    assert found[1].innehall == head
    assert found[2].innehall == head + b"0114\t\t2017/05\tH1000001\tH3\t0\t0\t3.00\n"


def tampered(profil: Profil, brist: str, dataset: str) -> tuple[list[str], list[dict[str, str]]]:
    """Names and canonical rows of a package something was done to, by the plain reader."""
    lev = sample(paket=(Paket(2, 1, "eb_2017-03", 0, brist),))
    fil = render(lev, Avsandare("0114", "0115", "1.0", profil))[dataset][0]
    header, lines = systemfiler.cells(profil.namn, profil.teckenkodning, fil.innehall)
    assert len(lines) == fil.rader
    return header, [systemfiler.canonical(profil.namn, dataset, header, line) for line in lines]


@pytest.mark.parametrize("profil", PROFILER.values(), ids=lambda p: p.namn)
def test_what_is_done_to_a_package_shows_in_every_system(profil: Profil) -> None:
    _, rows = tampered(profil, "frammande", "eb_hushall")
    assert [r["kommun_kod"] for r in rows] == ["0115"] * 3 + ["0114"] * 3
    _, rows = tampered(profil, "period", "eb_person")
    assert [r["period"] for r in rows] == ["2017-03"] * 3 + ["2017-02"] * 2
    names = list(systemfiler.names(profil.namn, "eb_person").items())
    header, rows = tampered(profil, "kolumn_saknas", "eb_person")
    assert header == [name for name, column in names if column != "skyddad"]
    assert all("skyddad" not in r for r in rows)
    header, rows = tampered(profil, "kolumn_okand", "eb_hushall")
    assert header == [*systemfiler.names(profil.namn, "eb_hushall"), "handlaggare_kod"]
    _, whole = tampered(profil, "", "eb_hushall")
    assert rows == whole


def test_the_manifest_names_the_system_and_the_encoding(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "staging").mkdir()
    for brist, declared in (("", True), (UNDECLARED, False)):
        paket = Paket(2, 1, f"eb_2017-03{brist}", 1_500_000_000, brist, mapp=True)
        sender = Avsandare("0114", "0115", "1.0", BETA)
        files = {dataset: found[0] for dataset, found in render(sample(), sender).items()}
        write_package(tmp_path / "inbox", tmp_path / "staging", paket, files, True, sender)
        manifest = json.loads((tmp_path / "inbox" / paket.namn / "manifest.json").read_text(encoding="utf-8"))
        assert (manifest["profil"], manifest["skyddade_deklarerade"]) == ("pahittad_beta", declared)
        assert [(f["teckenkodning"], f["antal_rader"]) for f in manifest["filer"]] == [
            ("utf-8-sig", n) for n in (6, 5, 4)
        ]


def test_systems_are_shared_out_as_the_parameters_say_and_stockholm_is_canonical() -> None:
    codes = dict(enumerate(read_reference().kommuner))
    for fro in range(20):
        found = assign(codes, fro, parametrar())
        assert set(found) == set(codes)
        assert next(found[k].namn for k, code in codes.items() if code == "0180") == "kanonisk"
        count = Counter(p.namn for p in found.values())
        assert {n: count[n] for n in PROFILER if n != "kanonisk"} == {
            "pahittad_alfa": 52,
            "pahittad_beta": 41,
            "pahittad_gamma": 29,
        }
        thousands = Counter(p.tusental for p in found.values() if p.namn == "pahittad_alfa")
        assert thousands == {"\u00a0": 26, " ": 26}
        encodings = Counter(p.teckenkodning for p in found.values() if p.namn == "kanonisk")
        assert encodings["cp1252"] == encodings["utf-8-sig"] == 13


@pytest.mark.parametrize("count", [4, 7, 12])
def test_a_few_municipalities_have_every_system_between_them(count: int) -> None:
    codes = {k: f"{1000 + k}" for k in range(count)}
    assert all({p.namn for p in assign(codes, fro, parametrar()).values()} == set(PROFILER) for fro in range(20))


def test_a_lone_municipality_delivers_canonically() -> None:
    assert {p.namn for p in assign({0: "1001"}, 1, parametrar()).values()} == {"kanonisk"}


def test_text_near_the_limit_is_at_the_limit_in_characters() -> None:
    assert len(FRITEXT_NARA[0]) == 64
    assert len(FRITEXT_NARA[0].encode()) > 64

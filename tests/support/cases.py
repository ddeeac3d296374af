"""Row rules as pairs of small deliveries: one that breaks the rule, and its twin that does not.

Belongs here: one pair per sentence, with the findings worked out by hand. Does not belong here: any use of the
product's code, and what is asked of the pairs (tests/unit/test_landing_rules.py, test_landing_profiles.py).

The twin of a case is the same delivery with the same cells set right. The household of the cases is Q, of the unknown
type 9, which no rule on types speaks of; the cases that need another say so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.delivery import Delivery, Parcel, Row, avslut, barn, hushall, number, person, reserv

Found = tuple[str, int, str, str]


@dataclass(frozen=True)
class Case:
    """`broken` gives exactly the findings `found` (dataset, line, column, rule); `twin` gives none."""

    sentence: str
    broken: Parcel
    found: set[Found]
    twin: Parcel
    twin_found: set[Found] = field(default_factory=set)


def h(line: int, rule: str, column: str) -> Found:
    return "eb_hushall", line, column, rule


def p(line: int, rule: str, column: str) -> Found:
    return "eb_person", line, column, rule


def a(line: int, rule: str, column: str) -> Found:
    return "eb_avslut", line, column, rule


def follows(*lines: int) -> set[Found]:
    """Person rows that fall with their household."""
    return {p(line, "EB-14", "hushall_id") for line in lines}


def whole(rows: list[Row] | None = None, hushall_rows: list[Row] | None = None, **fields: object) -> Delivery:
    """Household F (a woman alone, faultless) first, then Q with the given person rows."""
    ours = [person("Q", 50)] if rows is None else rows
    household = [hushall("Q", "9", sum(r["roll_kod"] == "barn" for r in ours))]
    return Delivery(
        hushall=[hushall("F", "5"), *(household if hushall_rows is None else hushall_rows)],
        person=[person("F", 0), *ours],
        **fields,  # type: ignore[arg-type]
    )


def cell(sentence: str, rule: str, column: str, bad: str, good: str, **others: str) -> Case:
    """One cell of Q's adult row (line 3)."""
    return Case(
        f"{rule}: {sentence}",
        whole([person("Q", 50, **{**others, column: bad})]),
        {p(3, rule, column)},
        whole([person("Q", 50, **{**others, column: good})]),
    )


def household_cell(sentence: str, rule: str, column: str, bad: str, good: str) -> Case:
    """One cell of Q's household row (line 3); its person falls with it."""
    broken, twin = ([hushall("Q", "9", 0) | {column: value}] for value in (bad, good))
    found = {h(3, rule, column), *follows(3)}
    return Case(f"{rule}: {sentence}", whole(hushall_rows=broken), found, whole(hushall_rows=twin))


def closing(sentence: str, rule: str, column: str, bad: str, good: str) -> Case:
    """One cell of the second closing row (line 3)."""
    broken, twin = (whole(avslut=[avslut("F8"), avslut("Q", **{column: value})]) for value in (bad, good))
    return Case(f"{rule}: {sentence}", broken, {a(3, rule, column)}, twin)


RIGHT = number(50)
IDENTITIES = [
    cell("the check digit is wrong", "GEN-10", "personnummer", RIGHT[:-1] + str((int(RIGHT[-1]) + 1) % 10), RIGHT),
    cell("there is no thirteenth month", "GEN-10", "personnummer", "19801301" + "9801", RIGHT),
    cell("ten digits are two short", "GEN-10", "personnummer", RIGHT[2:], RIGHT),
    cell("a hyphen is not a digit", "GEN-10", "personnummer", f"{RIGHT[:8]}-{RIGHT[8:]}", RIGHT),
    cell("a letter is not a digit", "GEN-10", "personnummer", RIGHT[:8] + "T" + RIGHT[9:], RIGHT),
    cell(
        "29 February exists in leap years only",
        "GEN-10",
        "personnummer",
        "19810229" + "9806",
        number(0, born="1980-02-29"),
    ),
    Case(
        "GEN-10: a coordination number is not a personnummer",
        whole([person("Q", personnummer=number(50, coordination=True))]),
        {p(3, "GEN-10", "personnummer")},
        whole([person("Q", personnummer=number(50, coordination=True), id_typ="samordning")]),
    ),
    Case(
        "GEN-10: a personnummer is not a coordination number",
        whole([person("Q", personnummer=RIGHT, id_typ="samordning")]),
        {p(3, "GEN-10", "personnummer")},
        whole([person("Q", personnummer=RIGHT)]),
    ),
    Case(
        "GEN-10: a reservnummer has no checksum to fail",
        whole([person("Q", personnummer="2017-TF-0012")]),
        {p(3, "GEN-10", "personnummer")},
        whole([reserv("Q", "2017-TF-0012")]),
    ),
]
KEYS = [
    Case(
        "GEN-12: both rows of a household that stands twice are set aside, and its persons with them",
        whole(hushall_rows=[hushall("Q", "9"), hushall("Q", "9", belopp_kr="1,00")]),
        {h(3, "GEN-12", "hushall_id"), h(4, "GEN-12", "hushall_id"), *follows(3)},
        whole([person("Q", 50), person("Q2", 51)], [hushall("Q", "9"), hushall("Q2", "9")]),
    ),
    Case(
        "GEN-12: a person twice in a household is set aside twice, whatever else differs",
        whole([person("Q", 50), person("Q", 51), person("Q", 50, fodd_utrikes="1")]),
        {p(3, "GEN-12", "personnummer"), p(5, "GEN-12", "personnummer")},
        whole([person("Q", 50), person("Q", 51), person("Q", 52, fodd_utrikes="1")]),
    ),
    Case(
        "GEN-12: a row that is broken in itself still makes its double a double",
        whole([person("Q", 50), person("Q", 50, fodd_utrikes="7")]),
        {p(3, "GEN-12", "personnummer"), p(4, "GEN-12", "personnummer"), p(4, "GEN-14", "fodd_utrikes")},
        whole([person("Q", 50), person("Q", 51)]),
    ),
    Case(
        "GEN-12: one person in two households, or one text under two id types, is no double",
        whole([reserv("Q", "R1"), reserv("Q", "R1")]),
        {p(3, "GEN-12", "personnummer"), p(4, "GEN-12", "personnummer")},
        whole(
            [reserv("Q", RIGHT), person("Q", 50), person("Q2", 50)],
            [hushall("Q", "9"), hushall("Q2", "9")],
        ),
        {p(4, "EB-08", "hushall_id"), p(5, "EB-08", "hushall_id")},
    ),
    Case(
        "GEN-12: a closing twice on the same day is set aside twice",
        whole(avslut=[avslut("F8"), avslut("X"), avslut("X", avslutsorsak_kod="AO2")]),
        {a(3, "GEN-12", "avslut_datum"), a(4, "GEN-12", "avslut_datum")},
        whole(avslut=[avslut("F8"), avslut("X"), avslut("X", avslut_datum="2019-02-27")]),
    ),
    Case(
        "GEN-12: rows without a key part are not each other's doubles (R6)",
        whole([person("Q", personnummer=""), person("Q", personnummer="")]),
        {p(3, "GEN-25", "personnummer"), p(4, "GEN-25", "personnummer")},
        whole([person("Q", 50), person("Q", 51)]),
    ),
]
CODES = [
    household_cell("utrikes_fodd_kod", "GEN-14", "utrikes_fodd_kod", "3", "2"),
    cell("id_typ", "GEN-14", "id_typ", "passport", "pnr"),
    cell("kon_kod", "GEN-14", "kon_kod", "3", "2"),
    cell("roll_kod", "GEN-14", "roll_kod", "granne", "medsokande"),
    cell("fodd_utrikes", "GEN-14", "fodd_utrikes", "2", "9"),
    cell("forsorjningshinder_kod", "GEN-14", "forsorjningshinder_kod", "FH98", "FH99"),
    cell("a code is not trimmed", "GEN-14", "forsorjningshinder_kod", "fh11", "FH11"),
    cell("arbetsmarknadsinsats_kod", "GEN-14", "arbetsmarknadsinsats_kod", "2", "9"),
    cell("skyddad", "GEN-14", "skyddad", "2", "0"),
    closing("avslutsorsak_kod", "GEN-14", "avslutsorsak_kod", "AO0", "AO9"),
    *(
        Case(
            f"GEN-14: {column} is empty for a child (R2)",
            whole([barn("Q", **{column: code})]),
            {p(3, "GEN-14", column)},
            whole([barn("Q")]),
        )
        for column, code in (
            ("fodd_utrikes", "0"),
            ("forsorjningshinder_kod", "FH11"),
            ("arbetsmarknadsinsats_kod", "0"),
        )
    ),
    Case(
        "GEN-14: an adult may leave the three columns empty (R2)",
        whole([person("Q", 50, fodd_utrikes="x")]),
        {p(3, "GEN-14", "fodd_utrikes")},
        whole([person("Q", 50, fodd_utrikes="", forsorjningshinder_kod="", arbetsmarknadsinsats_kod="")]),
    ),
]
HOUSEHOLD_VALUES = [
    *(household_cell(f"belopp_kr '{v}'", "GEN-25", "belopp_kr", v, "10,5") for v in ("", "abc", "10.5", "1 000,00")),
    *(household_cell(f"belopp_kr '{v}'", "GEN-25", "belopp_kr", v, "12345,9") for v in ("1,234", "12345678901")),
    *(household_cell(f"antal_barn '{v}'", "GEN-25", "antal_barn", v, "0") for v in ("", "-1", "1,0", "två")),
    household_cell("utrikes_fodd_kod is mandatory", "GEN-25", "utrikes_fodd_kod", "", "1"),
    Case(
        "GEN-25: hushall_id is mandatory; a row without one is nobody's household",
        whole([person("Q", 50)], [hushall("", "9"), hushall("Q", "9")]),
        {h(3, "GEN-25", "hushall_id")},
        whole([person("Q", 50), person("Q2", 51)], [hushall("Q2", "9"), hushall("Q", "9")]),
    ),
    Case(
        "GEN-25: hushall_id has at most forty signs",
        whole([person("Q" * 41, 50)], [hushall("Q" * 41, "9")]),
        {h(3, "GEN-25", "hushall_id"), p(3, "GEN-25", "hushall_id"), *follows(3)},
        whole([person("Q" * 40, 50)], [hushall("Q" * 40, "9")]),
    ),
]
PERSON_VALUES = [
    *(cell(f"{c} is mandatory", "GEN-25", c, "", g) for c, g in (("roll_kod", "sokande"), ("skyddad", "0"))),
    cell("an empty number is no GEN-10 (R7)", "GEN-25", "personnummer", "", RIGHT),
    Case(
        "GEN-25: id_typ is mandatory, and without it the number is not judged",
        whole([person("Q", personnummer="12", id_typ="")]),
        {p(3, "GEN-25", "id_typ")},
        whole([person("Q", 50)]),
    ),
    cell("fodelsear is a whole number also where it is not needed", "GEN-25", "fodelsear", "okänt", "1980"),
    *(
        Case(
            f"GEN-25: a reservnummer needs {column}, not '{bad}'",
            whole([reserv("Q", "R1", **{column: bad})]),
            {p(3, "GEN-25", column)},
            whole([reserv("Q", "R1", **{column: good})]),
        )
        for column, bad, good in (
            ("fodelsear", "", "1900"),
            ("fodelsear", "1899", "1900"),
            ("fodelsear", "70", "1970"),
            ("kon_kod", "", "2"),
        )
    ),
    *(
        closing(f"avslut_datum '{v}'", "GEN-25", "avslut_datum", v, "2019-01-31")
        for v in ("", "2019-02-29", "20190228", "2019-2-28", "2019-02-28 00:00")
    ),
    closing("avslutsorsak_kod is mandatory", "GEN-25", "avslutsorsak_kod", "", "AO1"),
]
# received 2019-04-10 22:30 UTC is the 11th in Sweden: the 12th may stand, the 13th not
LATE = {"mottagen": "2019-04-10T22:30:00"}
DATES = [
    Case(
        "GEN-16: before 1900 no case was closed",
        whole(avslut=[avslut("X", avslut_datum="1899-12-31")]),
        {a(2, "GEN-16", "avslut_datum"), a(2, "EB-10", "avslut_datum")},
        whole(avslut=[avslut("X", avslut_datum="1900-01-01")]),
        {a(2, "EB-10", "avslut_datum")},
    ),
    Case(
        "GEN-16: at most one day after the Swedish day of arrival (R10)",
        whole(avslut=[avslut("X", avslut_datum="2019-04-13")], **LATE),
        {a(2, "GEN-16", "avslut_datum")},
        whole(avslut=[avslut("X", avslut_datum="2019-04-12")], **LATE),
    ),
]
ADULTS = {"1": 0, "3": 1, "4": 1, "5": 1, "6": 1, "7": 2, "8": 2}
CHILDREN = {"1": 1, "3": 0, "4": 1, "5": 0, "6": 1, "7": 0, "8": 1}


def family(typ: str, adults: int, children: int, antal_barn: int | None = None) -> Delivery:
    """Household Q of a type with so many person rows; antal_barn is theirs unless given."""
    roles = ["sokande", *["medsokande"] * (adults - 1)][:adults]
    rows = [person("Q", 50 + i, roll_kod=role) for i, role in enumerate(roles)]
    rows += [barn("Q", i) for i in range(children)]
    return whole(rows, [hushall("Q", typ, children if antal_barn is None else antal_barn)])


def lines(count: int) -> set[Found]:
    return follows(*range(3, 3 + count))


HOUSEHOLD_TYPES = [
    *(
        household_cell(f"'{v}' is no household type", "EB-01", "hushallstyp_kod", v, "9")
        for v in ("2", "0", "10", "03", "", "x")
    ),
    *(
        Case(
            f"EB-02: type {typ} and antal_barn contradict each other",
            family(typ, ADULTS[typ], 1 - CHILDREN[typ]),
            {h(3, "EB-02", "antal_barn"), *lines(ADULTS[typ] + 1 - CHILDREN[typ])},
            family(typ, ADULTS[typ], CHILDREN[typ]),
        )
        for typ in ADULTS
    ),
    *(
        Case(
            f"EB-03: type {typ} has not {wrong} adult rows",
            family(typ, wrong, CHILDREN[typ]),
            {h(3, "EB-03", "hushallstyp_kod"), *lines(wrong + CHILDREN[typ])},
            family(typ, ADULTS[typ], CHILDREN[typ]),
        )
        for typ, wrong in [*((t, 2) for t in "3456"), *((t, 0) for t in "46"), ("7", 1), ("8", 1), ("1", 1)]
    ),
    Case(
        "EB-03: couples have two adult rows or more",
        family("7", 1, 0),
        {h(3, "EB-03", "hushallstyp_kod"), *lines(1)},
        family("7", 3, 0),
    ),
    Case(
        "EB-03: broken adult rows are counted too",
        whole([person("Q", personnummer="", roll_kod="sokande")], [hushall("Q", "7")]),
        {h(3, "EB-03", "hushallstyp_kod"), p(3, "GEN-25", "personnummer"), *lines(1)},
        whole([person("Q", 50), person("Q", roll_kod="medsokande", personnummer="")], [hushall("Q", "7")]),
        {p(4, "GEN-25", "personnummer")},
    ),
    Case(
        "EB-15: antal_barn is not the number of child rows; the row is loaded all the same",
        family("9", 1, 2, antal_barn=3),
        {h(3, "EB-15", "antal_barn")},
        family("9", 1, 2),
    ),
    Case(
        "R5: a household row with a broken type or number of children is not compared with its persons",
        whole([person("Q", 50), person("Q", 51)], [hushall("Q", "2", 0) | {"antal_barn": "x"}]),
        {h(3, "EB-01", "hushallstyp_kod"), h(3, "GEN-25", "antal_barn"), *lines(2)},
        family("7", 2, 0),
    ),
]
AMOUNTS = [
    household_cell("an amount is not negative", "EB-04", "belopp_kr", "-0,01", "0,01"),
    household_cell("zero is no aid in an ordinary delivery", "EB-04", "belopp_kr", "0", "0,01"),
    Case(
        "EB-04: a correction may take a month back with zero, but no delivery is negative",
        whole(hushall_rows=[hushall("Q", "9", belopp_kr="-1")], version=2),
        {h(3, "EB-04", "belopp_kr"), *follows(3)},
        whole(hushall_rows=[hushall("Q", "9", belopp_kr="0,00")], version=2),
    ),
]
PERSON_RULES = [
    *(
        cell(f"more than one hinder, by '{sign}' (R3)", "EB-06", "forsorjningshinder_kod", f"FH11{sign}FH40", "FH40")
        for sign in ",/+ |"
    ),
    Case(
        "EB-13: an applicant is eighteen on the first day of the period",
        whole([person("Q", personnummer=number(born="2001-03-02"))]),
        {p(3, "EB-13", "roll_kod")},
        whole([person("Q", personnummer=number(born="2001-03-01"))]),
    ),
    Case(
        "EB-13: only applicants must be eighteen",
        whole([person("Q", personnummer=number(born="2003-01-01"))]),
        {p(3, "EB-13", "roll_kod")},
        whole([person("Q", personnummer=number(born="2003-01-01"), roll_kod="medsokande"), barn("Q")]),
    ),
    Case(
        "EB-13: of a reservnummer only the year counts (R8)",
        whole([reserv("Q", fodelsear="2002")]),
        {p(3, "EB-13", "roll_kod")},
        whole([reserv("Q", fodelsear="2001")]),
    ),
    Case(
        "EB-13: is not judged where the number is broken (R8)",
        whole([person("Q", personnummer="201001019801", fodelsear="2010")]),
        {p(3, "GEN-10", "personnummer")},
        whole([person("Q", 50, fodelsear="2010")]),
        {p(3, "GEN-11", "fodelsear")},
    ),
]
CASCADE = [
    Case(
        "EB-14: a person without household in the package is set aside",
        whole([person("Q", 50), person("Z", 51)]),
        {p(4, "EB-14", "hushall_id")},
        whole([person("Q", 50), person("Z", 51)], [hushall("Q", "9"), hushall("Z", "9")]),
    ),
    Case(
        "EB-14: a household set aside takes its persons and closings, and no one else's",
        whole(hushall_rows=[hushall("Q", "2")], avslut=[avslut("F"), avslut("Q")]),
        {h(3, "EB-01", "hushallstyp_kod"), *follows(3), a(3, "EB-14", "hushall_id")},
        whole(hushall_rows=[hushall("Q", "9")], avslut=[avslut("F"), avslut("Q")]),
    ),
    Case(
        "EB-14: a person set aside does not take its household or its closing with it",
        whole([person("Q", personnummer="x")], avslut=[avslut("Q")]),
        {p(3, "GEN-10", "personnummer")},
        whole(avslut=[avslut("Q")]),
    ),
    Case(
        "EB-14: is recorded also on a person row that fell on another rule (R9)",
        whole([person("Z", personnummer="x")], []),
        {p(3, "GEN-10", "personnummer"), p(3, "EB-14", "hushall_id")},
        whole([person("Z", 50)], [hushall("Z", "9")]),
    ),
    Case(
        "EB-14: a closing needs no household in the package",
        whole(avslut=[avslut("Z", avslutsorsak_kod="")]),
        {a(2, "GEN-25", "avslutsorsak_kod")},
        whole(avslut=[avslut("Z")]),
    ),
]


def adult(place: int = 50, **cells: str) -> Delivery:
    """One adult in Q."""
    return whole([person("Q", place, **cells)])


CONTRADICTED = [
    Case("GEN-11: kön is the number's", adult(kon_kod="1"), {p(3, "GEN-11", "kon_kod")}, adult(kon_kod="2")),
    Case(
        "GEN-11: the birth year is the number's",
        adult(fodelsear="1981"),
        {p(3, "GEN-11", "fodelsear")},
        adult(fodelsear="1980"),
    ),
    Case(
        "GEN-11: a row that is wrong in both is flagged once",
        adult(fodelsear="1981", kon_kod="1"),
        {p(3, "GEN-11", "fodelsear")},
        adult(fodelsear="1980", kon_kod="2"),
    ),
    Case(
        "GEN-11: a coordination number tells too",
        adult(personnummer=number(50, coordination=True), id_typ="samordning", kon_kod="1"),
        {p(3, "GEN-11", "kon_kod")},
        adult(personnummer=number(50, coordination=True), id_typ="samordning"),
    ),
    Case(
        "GEN-11: what is no code and what is no year contradict nothing",
        adult(kon_kod="3", fodelsear="19x0"),
        {p(3, "GEN-14", "kon_kod"), p(3, "GEN-25", "fodelsear")},
        whole([reserv("Q", number(50), fodelsear="1970", kon_kod="1")]),
    ),
    Case(
        "GEN-11: a broken number contradicts nothing",
        adult(personnummer=number(50)[:-1], fodelsear="1970", kon_kod="1"),
        {p(3, "GEN-10", "personnummer")},
        adult(),
    ),
]


def both(place: int = 50, household: str = "Q", **cells: str) -> Delivery:
    """A woman of 1980 with a reservnummer as sökande in Q, beside one with a number."""
    rows = [reserv("Q", "R1", fodelsear="1980", kon_kod="2"), person(household, place, **cells)]
    return whole(rows, [hushall("Q", "9"), hushall("Q2", "9")])


TWICE = {p(3, "GEN-13", "personnummer")}
SAME_PERSON = [
    Case("GEN-13: not when the year is another", both(), TWICE, both(personnummer=number(50, born="1981-01-01"))),
    Case("GEN-13: not when the sex is another", both(), TWICE, both(personnummer=number(50, sex="1"))),
    Case("GEN-13: not when the role is another", both(), TWICE, both(roll_kod="medsokande")),
    Case("GEN-13: not when the household is another", both(), TWICE, both(household="Q2")),
    Case(
        "GEN-13: a coordination number may be the same person too",
        both(personnummer=number(50, coordination=True), id_typ="samordning"),
        TWICE,
        whole([reserv("Q", "R1", fodelsear="1980", kon_kod="2"), reserv("Q", "R2", fodelsear="1980", kon_kod="2")]),
    ),
    Case(
        "GEN-13: a broken number is nobody, but a row broken otherwise counts",
        both(fodd_utrikes="7"),
        {*TWICE, p(4, "GEN-14", "fodd_utrikes")},
        both(personnummer=number(50)[:-1]),
        twin_found={p(4, "GEN-10", "personnummer")},
    ),
    Case(
        "GEN-13: without kön or year there is nothing to compare",
        both(),
        TWICE,
        whole([reserv("Q", "R1", fodelsear="", kon_kod="2"), reserv("Q", "R2", kon_kod=""), person("Q", 50)]),
        twin_found={p(3, "GEN-25", "fodelsear"), p(4, "GEN-25", "kon_kod")},
    ),
]


def aid(amount: str) -> Delivery:
    return whole(hushall_rows=[hushall("Q", "9", belopp_kr=amount)])


def moved(*rows: Row) -> Delivery:
    """Person rows over the households Q and Q2."""
    return whole(list(rows), [hushall("Q", "9"), hushall("Q2", "9")])


def child(born: str, **cells: str) -> Delivery:
    return whole([barn("Q", personnummer=number(born=born), **cells)])


def reserve_child(year: str) -> Delivery:
    return whole([barn("Q", personnummer="R7", id_typ="reserv", fodelsear=year, kon_kod="1")])


def closed(day: str) -> Delivery:
    return whole(avslut=[avslut("F8"), avslut("X", avslut_datum=day)])


IN_BOTH = {p(3, "EB-08", "hushall_id"), p(4, "EB-08", "hushall_id")}
BELIEVABLE = [
    Case("EB-05: sixty thousand is the most", aid("60000,01"), {h(3, "EB-05", "belopp_kr")}, aid("60000,00")),
    Case(
        "EB-08: a person in two households is flagged in both",
        moved(person("Q", 50), person("Q2", 50)),
        IN_BOTH,
        moved(person("Q", 50), person("Q2", 51)),
    ),
    Case(
        "EB-08: a reservnummer is one person too, a number of another kind another",
        moved(reserv("Q", "R1"), reserv("Q2", "R1")),
        IN_BOTH,
        moved(reserv("Q", number(50)), person("Q2", 50)),
    ),
    Case(
        "EB-08: rows set aside are counted too",
        moved(person("Q", 50), person("Q2", 50, fodd_utrikes="7")),
        {*IN_BOTH, p(4, "GEN-14", "fodd_utrikes")},
        moved(person("Q", 50), person("Q2", 51, fodd_utrikes="7")),
        twin_found={p(4, "GEN-14", "fodd_utrikes")},
    ),
    Case(
        "EB-08: a number that is broken is nobody",
        moved(person("Q", 50), person("Q2", 50)),
        IN_BOTH,
        moved(person("Q", personnummer="fel"), person("Q2", personnummer="fel")),
        twin_found={p(3, "GEN-10", "personnummer"), p(4, "GEN-10", "personnummer")},
    ),
    Case(
        "EB-09: a child is under eighteen the whole month",
        child("2001-03-31"),
        {p(3, "EB-09", "roll_kod")},
        child("2001-04-01"),
    ),
    Case(
        "EB-09: only who stands as a child must be one",
        child("1990-01-01"),
        {p(3, "EB-09", "roll_kod")},
        adult(personnummer=number(born="1990-01-01")),
    ),
    Case(
        "EB-09: of a coordination number the day is sixty less",
        whole([barn("Q", personnummer=number(born="2001-03-31", coordination=True), id_typ="samordning")]),
        {p(3, "EB-09", "roll_kod")},
        whole([barn("Q", personnummer=number(born="2001-04-01", coordination=True), id_typ="samordning")]),
    ),
    Case(
        "EB-09: of a reservnummer only the year counts",
        reserve_child("2000"),
        {p(3, "EB-09", "roll_kod")},
        reserve_child("2001"),
    ),
    Case(
        "EB-10: a closing is reported within four months",
        closed("2018-10-31"),
        {a(3, "EB-10", "avslut_datum")},
        closed("2018-11-01"),
    ),
]
CASES = [
    *IDENTITIES,
    *KEYS,
    *CODES,
    *HOUSEHOLD_VALUES,
    *PERSON_VALUES,
    *DATES,
    *HOUSEHOLD_TYPES,
    *AMOUNTS,
    *PERSON_RULES,
    *CASCADE,
    *CONTRADICTED,
    *SAME_PERSON,
    *BELIEVABLE,
]

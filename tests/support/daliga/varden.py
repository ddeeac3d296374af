"""Single cells that are not what their column asks for.

Belongs here: values, each with the row and the rule it must fall on. Does not belong here: how a case is asked.
"""

from __future__ import annotations

from tests.support.daliga.bas import (
    MARKER,
    NUMBERS,
    A,
    Aside,
    Case,
    Delivery,
    End,
    H,
    P,
    Same,
    Stopped,
    aside,
    case,
    cell,
    gone,
    home,
)
from tests.support.delivery import number

WOMAN, _, MAN, CHILD, _ = NUMBERS


def person(value: str, rule: str | None, column: str = "personnummer", row: int = 2) -> End:
    return Same() if rule is None else aside((P, row, column, rule))


NUMBER_CASES = [
    case(f"a personnummer {name}", cell(P, 2, "personnummer", value), person(value, "GEN-10"), value)
    for name, value in {
        "of ten digits": WOMAN[2:],
        "of ten digits with a hyphen": f"{WOMAN[2:8]}-{WOMAN[8:]}",
        "of ten digits with a plus": f"{WOMAN[2:8]}+{WOMAN[8:]}",
        "of twelve digits with a hyphen": f"{WOMAN[:8]}-{WOMAN[8:]}",
        "with spaces": f"{WOMAN[:8]} {WOMAN[8:]}",
        "with a no-break space": f"{WOMAN[:8]}\u00a0{WOMAN[8:]}",
        "with a space after": f"{WOMAN} ",
        "with a wrong check digit": WOMAN[:-1] + str((int(WOMAN[-1]) + 1) % 10),
        "with two digits exchanged": WOMAN[:8] + WOMAN[9] + WOMAN[8] + WOMAN[10:],
        "of a thirteenth month": f"198013{WOMAN[6:]}",
        "of a day 32": f"19800132{WOMAN[8:]}",
        "of 29 February in a common year": f"19810229{WOMAN[8:]}",
        "of nothing but noughts": "0" * 12,
        "as a spreadsheet shows it": "1,98001E+11",
        "as a decimal number": f"{WOMAN}.0",
        "with an apostrophe": f"'{WOMAN}",
        "as a formula": f'="{WOMAN}"'.replace('"', ""),
        "with an O for a nought": WOMAN.replace("0", "O", 1),
        "in full-width digits": "".join(chr(ord(d) + 0xFEE0) for d in WOMAN),
        "in Arabic digits": "".join(chr(ord(d) + 0x630) for d in WOMAN),
        "of thirteen digits": f"{WOMAN}0",
        "with letters in it": f"{WOMAN[:8]}TF12",
    }.items()
]
IDENTITIES = [
    case("no personnummer at all", cell(P, 2, "personnummer", ""), person("", "GEN-25")),
    case("a coordination number called pnr", cell(P, 7, "id_typ", "pnr"), person("", "GEN-10", row=7)),
    case("a personnummer called samordning", cell(P, 2, "id_typ", "samordning"), person("", "GEN-10")),
    case(
        "a personnummer of the wrong century",
        cell(P, 2, "personnummer", f"20{WOMAN[2:]}"),
        aside((P, 2, "personnummer", "GEN-10"), (P, 2, "roll_kod", "EB-13")),
    ),
    case(
        "a personnummer of a century to come",
        cell(P, 4, "personnummer", f"90{MAN[2:]}"),
        aside((P, 4, "personnummer", "GEN-10")),
    ),
    case(
        "a second adult who is not born yet",
        cell(P, 4, "personnummer", f"20{MAN[2:]}"),
        aside((P, 4, "personnummer", "GEN-10")),
    ),
    case(
        "a personnummer of the century before",
        cell(P, 2, "personnummer", f"18{WOMAN[2:]}"),
        Same(cell(P, 2, "personnummer", f"18{WOMAN[2:]}")),
    ),
    case(
        "a child of a hundred years ago",
        cell(P, 5, "personnummer", f"19{CHILD[2:]}"),
        person("", "EB-09", "roll_kod", 5),
    ),
    case(
        "29 February in a leap year",
        cell(P, 2, "personnummer", number(born="1980-02-29")),
        Same(cell(P, 2, "personnummer", number(born="1980-02-29"))),
    ),
    case(
        "a child of 29 February 2000, a leap year",
        cell(P, 4, "personnummer", number(born="2000-02-29")),
        Same(cell(P, 4, "personnummer", number(born="2000-02-29"))),
    ),
    case("29 February 1900, no leap year", cell(P, 2, "personnummer", "190002299802"), person("", "GEN-10")),
    case("a reservnummer called pnr", cell(P, 6, "id_typ", "pnr"), person("", "GEN-10", row=6)),
    case(
        "a reservnummer with a hyphen needs no checksum",
        cell(P, 6, "personnummer", "2017-TF-0012"),
        Same(cell(P, 6, "personnummer", "2017-TF-0012")),
    ),
    case("a reservnummer of twenty-one signs", cell(P, 6, "personnummer", "R" * 21), person("", "GEN-25", row=6)),
    case(
        "a reservnummer with SQL",
        cell(P, 6, "personnummer", "'; drop table p;--".replace(";", "")),
        Same(cell(P, 6, "personnummer", "' drop table p--")),
    ),
    *(
        case(
            f"a reservnummer with birth year '{year}'",
            cell(P, 6, "fodelsear", year),
            person("", "GEN-25", "fodelsear", 6),
        )
        for year in ("", "70", "1899", "1970.0", "1970-01-01", "19 70", "ca 1970", "１９７０")
    ),
    case(
        "a reservnummer born as a spreadsheet counts days",
        cell(P, 6, "fodelsear", "25569"),
        person("", "EB-13", "roll_kod", 6),
    ),
    case("a reservnummer without kön", cell(P, 6, "kon_kod", ""), person("", "GEN-25", "kon_kod", 6)),
    case("kön as a letter", cell(P, 6, "kon_kod", "M"), person("", "GEN-14", "kon_kod", 6)),
    case("kön against the number", cell(P, 2, "kon_kod", "1"), person("", "GEN-11", "kon_kod")),
    case("birth year against the number", cell(P, 2, "fodelsear", "1981"), person("", "GEN-11", "fodelsear")),
]
AMOUNTS = [
    case(f"an amount written {name}", cell(H, 2, "belopp_kr", value), gone(2, "belopp_kr", rule))
    for name, value, rule in (
        ("with a decimal point", "5000.50", "GEN-25"),
        ("with a space for thousands", "5 000,50", "GEN-25"),
        ("with a no-break space for thousands", "5\u00a0000,50", "GEN-25"),
        ("with a narrow no-break space for thousands", "5\u202f000,50", "GEN-25"),
        ("with a point for thousands", "5.000,50", "GEN-25"),
        ("with a comma for thousands", "5,000.50", "GEN-25"),
        ("with an apostrophe for thousands", "5'000,50", "GEN-25"),
        ("with three decimals", "5000,505", "GEN-25"),
        ("with a comma and nothing after", "5000,", "GEN-25"),
        ("with a comma and nothing before", ",50", "GEN-25"),
        ("with a currency", "5000 kr", "GEN-25"),
        ("with a colon and a hyphen", "5000:-", "GEN-25"),
        ("with an exponent", "5,0E+03", "GEN-25"),
        ("as NaN", "NaN", "GEN-25"),
        ("as infinity", "inf", "GEN-25"),
        ("as NULL", "NULL", "GEN-25"),
        ("in hexadecimal", "0x1388", "GEN-25"),
        ("with a plus", "+5000", "GEN-25"),
        ("with a Unicode minus", "−5000", "GEN-25"),
        ("with a minus after", "5000-", "GEN-25"),
        ("as a formula", "=5000+0", "GEN-25"),
        ("in Arabic digits", "٥٠٠٠", "GEN-25"),
        ("with an O for a nought", "5O00", "GEN-25"),
        ("too large to be one", "9" * 11, "GEN-25"),
        ("of a hundred thousand digits", "9" * 100_000, "GEN-25"),
        ("with a space before", " 5000", "GEN-25"),
        ("as nothing", "", "GEN-25"),
        ("below nought", "-0,01", "EB-04"),
        ("as nought", "0,00", "EB-04"),
    )
]
MORE_AMOUNTS = [
    case("an amount above what is believed", cell(H, 2, "belopp_kr", "60000,01"), aside((H, 2, "belopp_kr", "EB-05"))),
    case("an amount with noughts before", cell(H, 2, "belopp_kr", "0005000,50"), Same()),
    case("an amount with one decimal", cell(H, 4, "belopp_kr", "7000,50"), Same()),
    *(
        case(
            f"a number of children written {value or 'as nothing'}",
            cell(H, 4, "antal_barn", value),
            gone(4, "antal_barn", "GEN-25"),
        )
        for value in ("", "-1", "0,0", "0.0", "O", "noll", "1E+0", "9999999999")
    ),
    case("a number of children with a nought before", cell(H, 3, "antal_barn", "01"), Same()),
]
DAYS = [
    case(
        f"a day written {value or 'as nothing'}"[:60],
        cell(A, 3, "avslut_datum", value),
        aside(*((A, 3, "avslut_datum", r) for r in rules.split())),
    )
    for value, rules in (
        ("43524", "GEN-25"),
        ("43524.0", "GEN-25"),
        ("28/02/2019", "GEN-25"),
        ("02/28/2019", "GEN-25"),
        ("28.02.2019", "GEN-25"),
        ("20190228", "GEN-25"),
        ("2019/02/28", "GEN-25"),
        ("2019-2-28", "GEN-25"),
        ("19-02-28", "GEN-25"),
        ("28 februari 2019", "GEN-25"),
        ("2019-02-28T00:00:00", "GEN-25"),
        ("2019-02-28 00:00", "GEN-25"),
        ("2019-02-28 ", "GEN-25"),
        ("2019‑02‑28", "GEN-25"),
        ("2019-02-29", "GEN-25"),
        ("2019-02-30", "GEN-25"),
        ("2019-13-01", "GEN-25"),
        ("2019-00-00", "GEN-25"),
        ("0000-00-00", "GEN-25"),
        ("1900-02-29", "GEN-25"),
        ("today", "GEN-25"),
        ("epoch", "GEN-25"),
        ("infinity", "GEN-25"),
        ("", "GEN-25"),
        ("2019-04-12", "GEN-16"),
        ("2091-02-28", "GEN-16"),
        ("9999-12-31", "GEN-16"),
        ("1899-12-31", "GEN-16 EB-10"),
        ("1019-02-28", "GEN-16 EB-10"),
        ("1900-01-01", "EB-10"),
        ("2018-10-31", "EB-10"),
    )
]
MORE_DAYS = [
    case(
        "29 February of a leap year", cell(A, 3, "avslut_datum", "2016-02-29"), aside((A, 3, "avslut_datum", "EB-10"))
    ),
    case(
        "the day after arrival",
        cell(A, 3, "avslut_datum", "2019-04-11"),
        Same(cell(A, 3, "avslut_datum", "2019-04-11")),
    ),
]
NO_WOMAN = ((H, 2, "hushallstyp_kod", "EB-03"), (P, 2, "hushall_id", "EB-14"))
CODES = [
    *(
        case(
            f"a household type written {value or 'as nothing'}",
            cell(H, 2, "hushallstyp_kod", value),
            gone(2, "hushallstyp_kod", "EB-01"),
        )
        for value in ("2", "05", "5.0", "5 ", "٥", "five", "", "=5", "<script>alert(1)</script>"[:20])
    ),
    case(
        "a foreign-born code that is none", cell(H, 2, "utrikes_fodd_kod", "nej"), gone(2, "utrikes_fodd_kod", "GEN-14")
    ),
    case("a formula for a code", cell(H, 2, "utrikes_fodd_kod", "=1+1"), gone(2, "utrikes_fodd_kod", "GEN-14")),
    case(
        "a command for a code", cell(H, 2, "utrikes_fodd_kod", "@SUM(1+1)*cmd"), gone(2, "utrikes_fodd_kod", "GEN-14")
    ),
    *(
        case(
            f"a hinder written {value}",
            cell(P, 2, "forsorjningshinder_kod", value),
            person("", rule, "forsorjningshinder_kod"),
        )
        for value, rule in (
            ("fh11", "GEN-14"),
            ("FH1l", "GEN-14"),
            ("FH11 ", "EB-06"),
            ("FH11,FH40", "EB-06"),
            ("FH11+FH40", "EB-06"),
            ("11", "GEN-14"),
        )
    ),
    case(
        "a hinder that is not told",
        cell(P, 2, "forsorjningshinder_kod", ""),
        Same(cell(P, 2, "forsorjningshinder_kod", "")),
    ),
    case("SQL for a role", cell(P, 2, "roll_kod", "x' or 1=1--"), aside((P, 2, "roll_kod", "GEN-14"), *NO_WOMAN)),
    case("a role in capitals", cell(P, 2, "roll_kod", "SOKANDE"), aside((P, 2, "roll_kod", "GEN-14"), *NO_WOMAN)),
    case("a role with its letters", cell(P, 2, "roll_kod", "sökande"), aside((P, 2, "roll_kod", "GEN-14"), *NO_WOMAN)),
    case(
        "what only adults have, for a child", cell(P, 5, "fodd_utrikes", "0"), person("", "GEN-14", "fodd_utrikes", 5)
    ),
    case("a mark of protection as a word", cell(P, 2, "skyddad", "ja"), person("", "GEN-14", "skyddad")),
    case("no mark of protection", cell(P, 2, "skyddad", ""), person("", "GEN-25", "skyddad")),
    case(
        "a protected person in a package that has none",
        lambda d: cell(P, 2, "skyddad", "1")(d.but(manifest={"skyddade_deklarerade": False})),
        Aside(frozenset({(P, 2, "skyddad", "GEN-09")})),
    ),
    case("a reason that is none", cell(A, 3, "avslutsorsak_kod", "AO0"), aside((A, 3, "avslutsorsak_kod", "GEN-14"))),
    case(
        "a reason with letters for digits",
        cell(A, 3, "avslutsorsak_kod", "A01"),
        aside((A, 3, "avslutsorsak_kod", "GEN-14")),
    ),
]


def kept(name: str, value: str) -> Case:
    """Text that is dangerous elsewhere and is an identifier like any other here: kept as it is."""
    return case(f"{name} for an identifier", home(value), Same(home(value)))


def told(name: str, value: str) -> Case:
    """Text that may give someone away: the package is refused, and is kept nowhere."""
    return case(f"{name} for an identifier", home(value), Stopped("GEN-08", (H, "hushall_id", "2")), value)


TEXTS = [
    kept("a formula", "=1+1"),
    kept("a plus", "+1-1"),
    kept("a minus", "-2"),
    kept("an at-sign", "@A1"),
    kept("SQL", "x') drop table leverans--"),
    kept("a comment of SQL", "/* x */ --"),
    kept("a path", "../../../etc/passwd"),
    kept("a glob", "*.csv?[a-z]"),
    kept("HTML", "<b onload=x>&amp"),
    kept("a template", "{{ 7*7 }}{% raw %}"),
    kept("a format", "%s%n{0}"),
    kept("a word that means nothing", "NULL"),
    kept("an escape", "\\N\\x00\\u0000"),
    kept("signs beyond the plane", "😀𝔘"),
    kept("forty signs", "H" * 40),
    case(
        "forty-one signs for an identifier",
        home("H" * 41),
        aside((H, 2, "hushall_id", "GEN-25"), (P, 2, "hushall_id", "GEN-25"), (P, 2, "hushall_id", "EB-14")),
    ),
    told("sixty-five signs", f"{MARKER} " * 8 + "x"),
    told("a hundred thousand signs", MARKER * 14_286),
    told("a personnummer", MAN),
    told("a personnummer with a hyphen", f"{MAN[2:8]}-{MAN[8:]}"),
    told("an address of e-mail", "kanarie@example.se"),
    told("a telephone number", "070-174 06 05"),
    case(
        "no identifier at all",
        home(""),
        aside(
            (H, 2, "hushall_id", "GEN-25"),
            (H, 2, "hushallstyp_kod", "EB-03"),
            (P, 2, "hushall_id", "GEN-25"),
            (P, 2, "hushall_id", "EB-14"),
        ),
    ),
]


def doubled(dataset: str, row: int) -> Case:
    def change(delivery: Delivery) -> Delivery:
        name = dataset.removeprefix("eb_")
        rows = getattr(delivery, name)
        return delivery.but(**{name: [*rows, rows[row - 2]]})

    last = {H: 6, P: 8, A: 4}[dataset]
    key = {H: "hushall_id", P: "personnummer", A: "avslut_datum"}[dataset]
    found = {(dataset, row, key, "GEN-12"), (dataset, last, key, "GEN-12")}
    if dataset == H:
        found |= {(P, 2, "hushall_id", "EB-14")}
    if dataset == P:
        found |= {(H, 2, "hushallstyp_kod", "EB-03")} | {(P, i, "hushall_id", "EB-14") for i in (2, last)}
    return case(f"a row of {dataset} twice", change, Aside(frozenset(found), {dataset: 1}))


DOUBLES = [doubled(H, 2), doubled(P, 2), doubled(A, 2)]
CASES: list[Case] = [
    *NUMBER_CASES,
    *IDENTITIES,
    *AMOUNTS,
    *MORE_AMOUNTS,
    *DAYS,
    *MORE_DAYS,
    *CODES,
    *TEXTS,
    *DOUBLES,
]

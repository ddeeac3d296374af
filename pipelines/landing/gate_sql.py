"""The gate's SQL, rendered from a contract: typed cells and one bit per broken (rule, column).

Belongs here: turning columns and rules of a contract into DuckDB expressions. Does not belong here: what other rows
say of a row (`gate_rows.py`), running it (`gate.py`) and any rule of its own: what a row must keep stands in
`data_contracts/`.

Tables the SQL expects: `paket` (one row per package), `r_<dataset>` (text rows with their keys' numbers),
`f_<dataset>` (those of them that share a key), `identitet_nu` (the batch's identities).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.contracts.changes import Spans, code_spans, column_spans
from pipelines.contracts.mappings import UNKNOWN
from pipelines.contracts.model import Column, Contracts, Dataset, Rule
from pipelines.contracts.periods import Calendar
from pipelines.landing.gate_keys import key

PATTERNS = {
    "integer": "-?[0-9]{1,9}",
    "number": "-?[0-9]{1,10}(,[0-9]{1,2})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
# in an identifier: what cannot be read or translated, or cannot be seen and would make two of one
UNSEEN = (
    rf"^ | $|[{UNKNOWN}\pC\pM\x{{A0}}\x{{1680}}\x{{2000}}-\x{{200A}}\x{{2028}}\x{{2029}}\x{{202F}}\x{{205F}}\x{{3000}}]"
)
OF_THE_PACKAGE = ("avsandare", "stadsdel", "period")
WRITTEN_OUT = 50
FROM_NUMBER = ("fodelsear", "kon_kod")


@dataclass(frozen=True)
class Check:
    """One bit of a row's fault mask: the rule, the column it speaks of and when it falls."""

    bit: int
    rule: Rule
    column: str | None
    condition: str

    @property
    def mask(self) -> int:
        return 1 << self.bit


def quote(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def typed(column: Column, source: str) -> str:
    """The column's value in its declared type, NULL where the text is not such a value."""
    if column.logical_type == "string":
        return source
    plain = f"replace({source}, ',', '.')" if column.logical_type == "number" else source
    cast = f"try_cast({plain} as {column.physical_type})"
    keeps = f"regexp_full_match({source}, {quote(PATTERNS[column.logical_type])})"
    if column.minimum is not None:
        keeps += f" and {cast} >= {column.minimum}"
    return f"case when {keeps} then {cast} end"


def foreign(calendar: Calendar) -> str:
    """Whether the row r is not of its package's sender (GEN-02), or not of its period (GEN-03): of a year of a monthly
    source, of none of its months.
    """
    own = "r.kommun_kod is not distinct from p.kommun_kod and r.stadsdel_kod is not distinct from p.stadsdel_kod"
    period = "r.period = p.period"
    if not calendar.yearly:
        month = "regexp_full_match(r.period, '[0-9]{4}-(0[1-9]|1[0-2])')"
        period = f"case when length(p.period) = 7 then {period} else substr(r.period, 1, 4) = p.period and {month} end"
    return f"not coalesce({own}, false) as ar_annans, not coalesce({period}, false) as ar_annan_period"


def period_bounds(calendar: Calendar) -> str:
    """The first and the last day of the row's period."""
    start = f"try_cast(r.period || '{'-01-01' if calendar.yearly else '-01'}' as date)"
    length = "1 year" if calendar.yearly else "1 month"
    start = f"coalesce(p.period_start, {start})"
    return f"{start} as period_start, cast({start} + interval {length} - interval 1 day as date) as period_slut"


def none_of(source: str, codes: Iterable[str]) -> str:
    """A condition: text that is none of the codes; NULL where there is none. Some are written out, which costs less
    among other conditions; of hundreds (the municipalities) that costs fifteen times NOT IN.
    """
    quoted = [quote(code) for code in codes]
    if len(quoted) > WRITTEN_OUT:
        return f"({source} not in ({', '.join(quoted)}))"
    return f"({' and '.join(f'{source} <> {code}' for code in quoted)})"


def in_years(spans: Spans) -> str:
    """A condition: the row's period lies in one of the spans of years."""
    year, parts = "substr(period, 1, 4)", []
    for start, end in spans:
        since, until = f"{year} >= '{start:04}'", f"{year} < '{end:04}'" if end else ""
        parts.append(" and ".join(filter(None, (since if start else "", until))))
    return f"({' or '.join(parts)})" if parts else "false"


def _codes(column: Column, contracts: Contracts, dataset: Dataset) -> tuple[list[str], dict[str, str]]:
    """The column's codes: those that every form of the table takes, and by condition those that only some do."""
    known = contracts.codes[str(column.kodlista)]
    spans = code_spans(dataset, str(column.kodlista), known)
    return [code for code in known if code not in spans], {code: in_years(spans[code]) for code in spans}


def key_hash(delivery: str, dataset: str, alias: str, names: Iterable[str]) -> str:
    """A row's key as a hash, made with its delivery's id: told to who has the key, and to no one else."""
    cells = ", ".join(f"cast({alias}.{name} as varchar)" for name in names)
    return f"md5(concat_ws('|', {delivery}, {quote(dataset)}, {cells}))"


def luhn_holds(ten: str) -> str:
    """A condition on ten digits: the last is the check digit of the others (Luhn). NULL where they are no digits."""
    digits = [f"try_cast(substr({ten}, {i}, 1) as integer)" for i in range(1, 11)]
    doubled = " + ".join(f"({d} * 2 - case when {d} > 4 then 9 else 0 end)" for d in digits[::2])
    return f"({doubled} + {' + '.join(digits[1::2])}) % 10 = 0"


def may_hide(column: Column) -> bool:
    """Whether a cell may have what cannot be seen: asked once of each different one (`<column>__osynligt`)."""
    return column.logical_type == "string" and not column.kodlista and column.kontroll not in OF_THE_PACKAGE


def _value_fault(column: Column) -> str | None:
    """GEN-25: empty where it may not be, not of its type, or too long."""
    text = f"{column.name}__text" if column.logical_type != "string" else column.name
    parts = []
    if column.required and not column.kodregel:
        parts.append(f"{text} is null")
    if column.obligatorisk_nar:
        parts.append(f"({text} is null and ({column.obligatorisk_nar}))")
    if column.logical_type != "string":
        parts.append(f"({text} is not null and {column.name} is null)")
    if column.max_length:
        parts.append(f"length({text}) > {column.max_length}")
    if may_hide(column):
        # of real numbers GEN-10 says so
        only = "id_typ = 'reserv' and " if column.kontroll == "personidentitet" else ""
        parts.append(f"({only}{text}__osynligt)")
    return " or ".join(parts) or None


def _code_fault(column: Column, contracts: Contracts, dataset: Dataset) -> str:
    always, some = _codes(column, contracts, dataset)
    fault = none_of(column.name, always) if always else f"{column.name} is not null"
    fault += "".join(f" and ({column.name} <> {quote(code)} or not {years})" for code, years in some.items())
    if column.kodregel:
        fault += f" or {column.name} is null"
    if column.foretrade:
        before = next(r for r in dataset.rules if r.id == column.foretrade)
        fault = f"({fault}) and not coalesce({before.brott}, false)"
    if column.tom_nar:
        fault = f"({fault}) or ({column.name} is not null and ({column.tom_nar}))"
    return fault


def _listed(column: Column, contracts: Contracts, dataset: Dataset) -> str:
    """… and the code is one of the list in the row's form, for a column that has one."""
    if column.kodlista is None:
        return ""
    always, some = _codes(column, contracts, dataset)
    parts = [f"{column.name} in ({', '.join(map(quote, always))})"] if always else []
    parts += [f"({column.name} = {quote(code)} and {years})" for code, years in some.items()]
    return f" and {parts[0]}" if len(parts) == 1 else f" and ({' or '.join(parts)})"


def _special_faults(column: Column, contracts: Contracts, dataset: Dataset) -> list[tuple[str, str]]:
    if column.kontroll == "planerat_datum":
        return [("GEN-25", f"{column.name} > paket_datum + interval 25 year")]
    if column.kontroll == "handelsedatum":
        late = f"{column.name} > paket_datum + interval 1 day"
        return [("GEN-16", f"{column.name} < date '1900-01-01' or {late}")]
    if column.kontroll == "personidentitet":
        valid = "coalesce(identitet_giltig and fodelsedatum <= paket_datum, false)"
        false = f"id_typ in ('pnr', 'samordning') and {column.name} is not null and not {valid}"
        return [("GEN-10", false), *([("GEN-13", "ar_kanske_dubbel")] if dataset.same_person else [])]
    if column.name in FROM_NUMBER and dataset.identity_column:
        return [("GEN-11", f"{column.name} <> {column.name}__nummer{_listed(column, contracts, dataset)}")]
    if dataset.protection and column.name == dataset.protection.kolumn:
        return [("GEN-09", f"{column.name} = {quote(dataset.protection.varde)} and not skyddade_deklarerade")]
    return []


def _column_faults(column: Column, contracts: Contracts, dataset: Dataset) -> list[tuple[str, str]]:
    if column.kontroll in OF_THE_PACKAGE:
        return []
    value = _value_fault(column)
    faults = [("GEN-25", value)] if value else []
    if column.kodlista and column.kodregel not in {rule.id for rule in dataset.rules}:
        faults.append((column.kodregel or "GEN-14", _code_fault(column, contracts, dataset)))
    elif column.tom_nar:
        faults.append(("GEN-14", f"{column.name} is not null and ({column.tom_nar})"))
    if column.inte_fore:
        faults.append(("GEN-15", f"{column.name} < {column.inte_fore}"))
    return faults + _special_faults(column, contracts, dataset)


def _rule_fault(rule: Rule, dataset: Dataset) -> str:
    """When a rule of the contract falls. One that stops the package is not tried on a key that is broken itself."""
    if not rule.stops:
        return str(rule.brott)
    looked = (u for u in dataset.lookups if any(name in str(rule.brott) for name in u.names))
    keys = {name for lookup in looked for name in lookup.nyckel}
    broken = [fault for c in dataset.columns if c.name in keys and not c.kontroll and (fault := _value_fault(c))]
    return f"({rule.brott}) and not coalesce({' or '.join(broken)}, false)"


def checks(dataset: Dataset, contracts: Contracts) -> list[Check]:
    """Every check of a dataset's rows, in the order of its columns, then its own rules, key and cascade.

    The codes of a column whose `kodregel` is one of those own rules are that rule's to try. What is asked of a column
    is asked in the years whose form has it.

    Bit 0 is kept for lines that could not be split into the contract's columns.
    """
    found: list[tuple[str, str | None, str]] = [("GEN-25", None, "false")]
    for column in dataset.columns:
        found += [(r, column.name, sql) for r, sql in _column_faults(column, contracts, dataset)]
    found += [(rule.id, rule.kolumn, _rule_fault(rule, dataset)) for rule in dataset.rules]
    found.append(("GEN-12", dataset.key[-1], "ar_dubblett"))
    if dataset.cascade:
        found.append((dataset.cascade.regel, dataset.cascade.nyckel[-1], "foralder_fattas"))
    some = {name: in_years(spans) for name, spans in column_spans(dataset).items()}
    return [
        Check(i, contracts.rules[r], column, f"{some[column]} and ({sql})" if column in some else sql)
        for i, (r, column, sql) in enumerate(found)
    ]


def fault_mask(found: list[Check]) -> str:
    """The row's fault mask as one expression."""
    return " + ".join(f"(case when {c.condition} then {c.mask} else 0 end)" for c in found)


def mask_type(found: list[Check]) -> str:
    """The narrowest type that holds every bit: the wide one costs more, and only a long form needs it."""
    return "bigint" if len(found) < 64 else "hugeint"


def faults(found: list[Check]) -> str:
    """A judged row's fault mask: Arrow holds a wide one as a decimal of the same bits."""
    return f"cast(fel as {mask_type(found)})"


def blocking_mask(found: list[Check]) -> int:
    """The bits that set a row aside."""
    return sum(c.mask for c in found if c.rule.allvar == "ERROR_RAD")


def on(left: str, right: str, names: Iterable[str]) -> str:
    """A join condition over the package and the named columns: by the key's number."""
    return f"{left}.{key(names)} = {right}.{key(names)}"


def same_persons(dataset: Dataset, contracts: Contracts) -> str:
    """CREATE `m_<dataset>`: rows with a reservnummer, where a real number in the package may be the same person.

    The reservnummer are few: only rows of their own households are compared with them.
    """
    if not dataset.same_person:
        return f"create or replace temp table m_{dataset.id} (paket integer, radnr integer)"
    names = dataset.same_person
    listed = "".join(_listed(dataset.column(name), contracts, dataset) for name in (*names, "kon_kod"))
    born = typed(dataset.column("fodelsear"), "fodelsear")
    return f"""
        create or replace temp table m_{dataset.id} as
        with reserv as (
            select paket, radnr, {key(names)}, kon_kod, {born} as fodelsear
            from r_{dataset.id} where id_typ = 'reserv'{listed}
        ),
        nummer as (
            select distinct n.{key(names)}, i.kon_kod, i.fodelsear
            from r_{dataset.id} as n
            semi join reserv as r on {on("n", "r", names)}
            join identitet_nu as i on i.identitet_nr = n.identitet_nr and i.giltig and i.id_typ <> 'reserv'
        )
        select distinct r.paket, r.radnr from reserv as r
        join nummer as n on {on("r", "n", names)}{"".join(f" and r.{name} = n.{name}" for name in FROM_NUMBER)}
    """


def landed_columns(dataset: Dataset) -> dict[str, str]:
    """The columns that leave the gate and their types: identities replaced, protection marks gone."""
    kept = {}
    for column in dataset.columns:
        if column.classification == "direkt_identifierare":
            kept["person_id"] = "bigint"
        elif column.classification != "skyddsuppgift":
            kept[column.name] = column.physical_type
    return kept


def no_rows(dataset: Dataset) -> str:
    """What leaves the gate, in its types, when there is none of it."""
    kept = {"leverans_id": "varchar", "rad_nr": "bigint", **landed_columns(dataset)}
    return f"select {', '.join(f'cast(null as {kind}) as {name}' for name, kind in kept.items())} where false"

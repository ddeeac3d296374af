"""GEN-08: text that can give a person away, in any column of text but the identity's own.

Belongs here: which cells hold it, over one batch in the gate's memory. Does not belong here: what follows (a package
that breaks the rule is never written: `reception.py`) and the rule's words (`data_contracts/`).

A batch has few different cells outside its numbers, and few of them can hold any of it: each is looked at once, and
dates and check digits are tried on those few alone. Also columns that a mapping leaves out are searched, and lines that
would not split: their bytes are in the file too. A line of a table with an identity's own column is not: a number in it
may stand where it should.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.mappings import SEPARATORS, UNKNOWN
from pipelines.contracts.model import Contracts, Dataset
from pipelines.landing.gate_sql import luhn_holds, quote

RULE = "GEN-08"
NO_COLUMN = ""
ANY_SEPARATOR = f"[{''.join(SEPARATORS)}]"
MAX_LENGTH = 64
MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
ABROAD = r"\+46 ?-?(?:\(0\))? ?-?[0-9](?:[ -]?[0-9]){4,}"
PHONE = r"(?:^|[^0-9A-Za-z])0[0-9]{1,3} ?[-/ ] ?[0-9](?: ?[0-9]){4,7}(?:$|[^0-9])"
OWN_SERIAL = "[-/ ] ?[0-9]+"  # after the sender's own kommunkod: a running number of theirs, not a telephone
MOBILE = r"07[02369][0-9]{7}"
TWELVE = r"(?:^|[^0-9])((?:18|19|20)[0-9]{6}(?:[-+][-+])?[0-9]{4})(?:$|[^0-9])"
TEN = r"(?:^|[^0-9])([0-9]{6}[-+][-+][0-9]{4})(?:$|[^0-9])"
MAYBE = r"@|\+46|(?:^|[^0-9A-Za-z])0[0-9]{1,3} ?[-/ ] ?[0-9]|[0-9]{6}[-+]?[0-9]{4}"


def left_out_table(dataset: Dataset) -> str:
    """CREATE the table of suspect cells in columns that a mapping leaves out; the loader fills it."""
    return (
        f"create or replace temp table utelamnat_{dataset.id} "
        "(paket integer, radnr integer, kolumn varchar, cell varchar)"
    )


def suspect(source: str) -> str:
    """A condition that is true for every cell that may hold such text, and for few others.

    What is searched at all has ten signs, or eight with something between its digits, or six with an at-sign; that is
    asked of the bytes, which costs nothing.
    """
    parted = " or ".join(f"contains({source}, {quote(sign)})" for sign in "-/ +")
    long = f"strlen({source}) >= 10 or contains({source}, '@') or (strlen({source}) >= 8 and ({parted}))"
    text = f"length({source}) > {MAX_LENGTH} or regexp_matches({source}, {quote(MAYBE)})"
    return f"strlen({source}) >= 6 and ({long}) and ({text})"


def _cells(dataset: Dataset, contracts: Contracts, rows: pa.Table) -> pa.Table:
    """The cells that may be searched as (kolumn, cell), each once: they are far fewer than the rows. A code is none."""
    found = [pa.schema([("kolumn", pa.string()), ("cell", pa.string())]).empty_table()]
    for column in dataset.columns:
        if column.logical_type == "string" and column.name != dataset.identity_column:
            cells = pc.unique(rows.column(column.name))
            if column.kodlista:
                codes = pa.array(contracts.codes[column.kodlista], pa.string())
                cells = cells.filter(pc.invert(pc.is_in(cells, value_set=codes)))
            found.append(pa.table({"kolumn": pa.repeat(column.name, len(cells)), "cell": cells}))
    return pa.concat_tables(found)


def find(db: duckdb.DuckDBPyConnection, dataset: Dataset, contracts: Contracts, rows: pa.Table) -> None:
    """Fill `fritext_<dataset>` with (paket, radnr, kolumn) of every cell of `r_<dataset>`, whose rows are `rows`, that
    breaks the rule.
    """
    cells = [f"select paket, radnr, kolumn, cell from utelamnat_{dataset.id}"]
    db.register("inkommet", _cells(dataset, contracts, rows))
    db.execute(f"create or replace temp table misstankt_cell as from inkommet where {suspect('cell')}")
    db.unregister("inkommet")
    for (name,) in db.execute("select distinct kolumn from misstankt_cell order by 1").fetchall():
        held = f"{name} in (select cell from misstankt_cell where kolumn = {quote(name)})"
        cells.append(
            f"select paket, radnr, {quote(name)} as kolumn, ltrim({name}, {quote(UNKNOWN)}) as cell "
            f"from r_{dataset.id} where {held}"
        )
    if dataset.identity_column is None:
        # the few that may break it are picked out of the list: a line of millions of cells is carried along with each
        divided = f"regexp_split_to_array(rad, {quote(ANY_SEPARATOR)})"
        cells.append(
            f"select paket, radnr, {quote(NO_COLUMN)} as kolumn, "
            f"unnest(list_filter({divided}, lambda cell: {suspect('cell')})) as cell from trasig_{dataset.id}"
        )
    (found,) = db.execute("create or replace temp table misstankt as " + " union all ".join(cells)).fetchone() or (0,)
    none = "select paket, radnr, kolumn from misstankt"
    db.execute(f"create or replace temp table fritext_{dataset.id} as {_breaking() if found else none}")
    db.execute("drop table misstankt; drop table misstankt_cell")


def _breaking() -> str:
    """Suspect cells that break the rule; ten bare digits only where most of a column's such values are numbers."""
    return f"""
        with cell as (
            select distinct m.paket, p.kommun_kod, m.kolumn, m.cell
            from misstankt as m join paket as p on p.paket = m.paket
        ),
        nummer as (
            -- every sign that is no digit stands twice, so that two numbers beside each other both have their borders
            select paket, kolumn, cell, unnest(
                regexp_extract_all(dubbel, {quote(TWELVE)}, 1) || regexp_extract_all(dubbel, {quote(TEN)}, 1)
            ) as traff
            from (select *, regexp_replace(cell, '([^0-9])', '\\1\\1', 'g') as dubbel from cell)
        ),
        tio as (
            select paket, kolumn, cell, {_is_number("cell")} as haller
            from cell where regexp_full_match(cell, '[0-9]{{10}}')
        ),
        mest_nummer as (
            select paket, kolumn from tio group by paket, kolumn
            having 2 * count(case when haller then 1 end) > count(*)
        ),
        brott as (
            select paket, kolumn, cell from cell
            where {_is_text()}
            union
            select paket, kolumn, cell from (select *, translate(traff, '-+', '') as siffror from nummer)
            where case when length(siffror) = 12 then {_is_number("substr(siffror, 3)", "substr(siffror, 1, 2)")}
                else {_is_number("siffror")} end
            union
            select t.paket, t.kolumn, t.cell from tio as t
            join mest_nummer as m on m.paket = t.paket and m.kolumn = t.kolumn
            where t.haller
        )
        select m.paket, m.radnr, m.kolumn from misstankt as m
        join brott as b on b.paket = m.paket and b.kolumn = m.kolumn and b.cell = m.cell
    """


def _is_text() -> str:
    """Too long, an e-mail address or a telephone number; a sender's code with a running number is none."""
    own = f"left(cell, 4) = kommun_kod and regexp_full_match(substr(cell, 5), {quote(OWN_SERIAL)})"
    found = [f"regexp_matches(cell, {quote(pattern)})" for pattern in (MAIL, ABROAD)]
    found.append(f"(regexp_matches(cell, {quote(PHONE)}) and not ({own}))")
    long = f"(length(cell) > {MAX_LENGTH} and kolumn <> {quote(NO_COLUMN)})"  # what is no cell has no length to keep
    return " or ".join([long, *found, f"regexp_full_match(cell, {quote(MOBILE)})"])


def _is_number(ten: str, century: str | None = None) -> str:
    """Ten digits whose date exists (a day may be sixty more) and whose check digit holds (Luhn)."""
    day = f"try_cast(substr({ten}, 5, 2) as integer)"
    rest = (
        f"substr({ten}, 1, 2) || '-' || substr({ten}, 3, 2) || '-' || "
        f"lpad(cast({day} - case when {day} > 60 then 60 else 0 end as varchar), 2, '0')"
    )
    centuries = [century] if century else ["'19'", "'20'"]
    dates = ", ".join(f"try_cast({c} || {rest} as date)" for c in centuries)
    return f"(coalesce({dates}) is not null and {luhn_holds(ten)})"

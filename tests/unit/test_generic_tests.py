"""The dbt project's own kinds of test find what they say, and name it.

Belongs here: each kind over a small table with one fault. Does not belong here: which tables are tried (their yml).
"""

from __future__ import annotations

import duckdb
import pytest
from jinja2 import Environment

from tests.support.repo import DBT

GENERIC = DBT / "tests" / "generic"
WHOLE = "values ('a', 1, 'x'), ('b', 1, 'y'), ('b', 2, null)"


def found(kind: str, arguments: str, rows: str) -> set[tuple[object, ...]]:
    """What a kind of test, called with some arguments, finds in the table t (kod, nr, text)."""
    text = (GENERIC / f"{kind}.sql").read_text(encoding="utf-8")
    macro = text.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    query = Environment(autoescape=False).from_string(f"{macro}{{{{ {kind}('t', {arguments}) }}}}").render()
    with duckdb.connect() as db:
        db.execute(f"create table t as select * from ({rows}) as v (kod, nr, text)")
        return set(db.execute(query).fetchall())


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (WHOLE, set()),
        (f"{WHOLE}, (null, 3, 'z')", {("kod", "tom", 1)}),
        (f"{WHOLE}, ('a', 1, 'z'), ('a', 1, 'w')", {("kod, nr", "dubblett", 3)}),
        (f"{WHOLE}, ('c', null, 'x')", {("nr", "tom", 1), ("text", "dubblett", 2)}),
    ],
)
def test_a_table_of_codes_with_a_gap_or_a_double_is_told_by_its_columns(
    rows: str, faults: set[tuple[object, ...]]
) -> None:
    assert found("ifyllda_och_unika", "ifyllda=['kod', 'nr'], unika=[['kod', 'nr'], 'text']", rows) == faults


def test_rows_of_one_grain_are_found() -> None:
    assert found("unik_kombination", "kolumner=['kod', 'nr']", WHOLE) == set()
    assert found("unik_kombination", "kolumner=['kod']", WHOLE) == {("b",)}

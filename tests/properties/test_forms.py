"""Forms of any history: written forward year by year, and read backward from the contract and its changes.

Belongs here: what holds for any columns and codes that come and go. Does not belong here: single files and their faults
(tests/unit/test_contracts_changes.py).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import lru_cache

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.changes import Change, code_spans, column_spans, form, form_codes, widest
from pipelines.contracts.model import Column, Dataset, get_contracts
from pipelines.landing.gate_sql import in_years

NAMES, CODES = ("a", "b", "c"), ("x", "y", "z")
YEARS = range(2010, 2020)
History = dict[int, tuple[frozenset[str], frozenset[str]]]
HISTORIES = st.dictionaries(
    st.sampled_from([0, *YEARS[1:]]),
    st.tuples(st.frozensets(st.sampled_from(NAMES)), st.frozensets(st.sampled_from(CODES))),
    min_size=1,
    max_size=5,
)


@lru_cache(maxsize=1)
def plain() -> Dataset:
    return get_contracts().datasets["eb_avslut"]


def column(name: str) -> Column:
    return replace(plain().column("avslutsorsak_kod"), name=name, kodlista="lista")


def written(history: History) -> Dataset:
    """The contract after the whole history, with a change for every year in which something came or went."""
    years = sorted(history)
    changes = []
    for before, year in itertools.pairwise(years):
        (was, had), (names, codes) = history[before], history[year]
        removed = tuple(column(name) for name in sorted(was - names))
        came, went = {"lista": tuple(sorted(codes - had))}, {"lista": tuple(sorted(had - codes))}
        changes.append(Change("", year, "", "", tuple(sorted(names - was)), removed, came, went))
    columns = (*plain().columns, *map(column, sorted(history[years[-1]][0])))
    return replace(plain(), columns=columns, changes=tuple(changes))


def then(history: History, year: int) -> tuple[frozenset[str], frozenset[str]]:
    """What there was a year, told forward; before the first year what the first one had."""
    told = [y for y in sorted(history) if y <= year] or [min(history)]
    return history[told[-1]]


def known(history: History) -> tuple[str, ...]:
    """A list keeps every code it has had."""
    return tuple(sorted({code for _, codes in history.values() for code in codes}))


@settings(max_examples=60, deadline=None)
@given(HISTORIES)
def test_every_year_is_read_back_as_it_was_written(history: History) -> None:
    dataset, fixed = written(history), {c.name for c in plain().columns}
    for year in YEARS:
        names, codes = then(history, year)
        for table in (dataset, widest(dataset)):
            assert {c.name for c in form(table, year).columns} - fixed == names
        assert set(form_codes(dataset, "lista", known(history), year)) == codes


@settings(max_examples=30, deadline=None)
@given(HISTORIES)
def test_the_gates_condition_holds_in_exactly_the_years_that_have_it(history: History) -> None:
    dataset, codes = widest(written(history)), known(history)
    spans = column_spans(dataset) | code_spans(dataset, "lista", codes)
    rows = ", ".join(f"('{year}-03')" for year in YEARS)
    for i, names in ((0, NAMES), (1, codes)):
        for name in names:
            has = {year for year in YEARS if name in then(history, year)[i]}
            if name in spans:
                query = f"select period from (values {rows}) as r (period) where {in_years(spans[name])}"
                assert {int(period[:4]) for (period,) in duckdb.sql(query).fetchall()} == has
            else:
                assert has in ({*YEARS}, set())

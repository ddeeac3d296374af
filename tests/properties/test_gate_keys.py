"""The numbers of keys and identities, of any rows: the same where the texts are; an empty part is like nothing.

Belongs here: numbering, and what is told of rows by their place. Does not belong here: what rules make of it
(tests/properties/test_gate.py).
"""

from __future__ import annotations

from itertools import product
from random import Random
from unittest.mock import patch

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import get_contracts
from pipelines.landing import gate_keys, gate_load
from pipelines.landing.gate_keys import Numbering

DATASETS = [get_contracts().datasets[name] for name in ("eb_hushall", "eb_person")]
HOUSEHOLD, OWN = ("period", "hushall_id"), DATASETS[1].key
CELL = {
    "paket": st.sampled_from([0, 1, 2]),
    "period": st.sampled_from(["2019-01", "2019-02", "2018-12", "", None]),
    "hushall_id": st.sampled_from(["a", "b", "", None]),
    "id_typ": st.sampled_from(["pnr", "reserv", "annat", None]),
    "personnummer": st.sampled_from(["1", "2", None]),
}
SENDERS = ["0114", "0115", "0114"]
PACKAGES = pa.table({"kommun_kod": SENDERS})
Row = dict[str, str | int | None]


def rows_of(*names: str) -> st.SearchStrategy[list[Row]]:
    return st.lists(st.fixed_dictionaries({name: CELL[name] for name in names}), max_size=7)


def table(rows: list[Row], *names: str) -> pa.Table:
    kinds = {name: pa.int32() if name == "paket" else pa.string() for name in names}
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in kinds.items()})


def texts(row: Row, names: tuple[str, ...]) -> tuple[object, ...] | None:
    """A row's key, or None where a part of it is empty."""
    cells = (row["paket"], *(row[name] for name in names))
    return None if None in cells else cells


@settings(max_examples=150, deadline=None)
@given(rows_of("paket", *HOUSEHOLD), rows_of("paket", *OWN), st.sampled_from([1, 5, gate_keys.MOST]))
def test_two_rows_have_the_same_number_when_their_texts_are_the_same(
    households: list[Row], persons: list[Row], most: int
) -> None:
    rows = {"eb_hushall": table(households, "paket", *HOUSEHOLD), "eb_person": table(persons, "paket", *OWN)}
    with patch.object(gate_keys, "MOST", most):
        numbering = Numbering(DATASETS, rows, PACKAGES)
        of_households, of_persons = (numbering.key(d, HOUSEHOLD).to_pylist() for d in DATASETS)
        repeated = numbering.repeated(DATASETS[1], OWN).to_pylist()
    for (i, a), (j, b) in product(enumerate(households), enumerate(persons)):
        same = of_households[i] is not None and of_households[i] == of_persons[j]
        assert same == (texts(a, HOUSEHOLD) is not None and texts(a, HOUSEHOLD) == texts(b, HOUSEHOLD))
    own = [texts(row, OWN) for row in persons]
    assert repeated == [key is not None and own.count(key) > 1 for key in own]


@settings(max_examples=150, deadline=None)
@given(rows_of("paket", *HOUSEHOLD), rows_of("paket", *OWN))
def test_an_identity_is_a_municipalitys_number_and_of_a_reservnummer_a_years(
    households: list[Row], persons: list[Row]
) -> None:
    rows = {"eb_hushall": table(households, "paket", *HOUSEHOLD), "eb_person": table(persons, "paket", *OWN)}
    by_table, identities = Numbering(DATASETS, rows, PACKAGES).identities()
    assert by_table["eb_hushall"].null_count == len(households)
    known = {row["identitet_nr"]: row for row in identities.to_pylist()}
    assert len({tuple(row.items())[1:] for row in known.values()}) == len(known)
    for number, row in zip(by_table["eb_person"].to_pylist(), persons, strict=True):
        period = row["period"]
        ar = "" if row["id_typ"] != "reserv" else None if period is None else str(period)[:4]
        cells = {"kommun_kod": SENDERS[int(str(row["paket"]))], "id_typ": row["id_typ"], "nummer": row["personnummer"]}
        if None in (*cells.values(), ar):
            assert number is None
        else:
            assert known[number] == {"identitet_nr": number, **cells, "ar": ar}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(2, 9)), unique=True), st.randoms())
def test_what_is_told_of_rows_is_put_beside_the_row_it_is_told_of(places: list[tuple[int, int]], order: Random) -> None:
    mixed = order.sample(places, len(places))
    rows, told = (
        pa.table({"paket": pa.array([p for p, _ in at], pa.int32()), "radnr": pa.array([r for _, r in at], pa.int64())})
        for at in (places, mixed)
    )
    assert gate_load._in_order_of(rows, told) == rows
    if places:
        twice = pa.concat_tables([told.slice(1), told.slice(len(told) - 1)]) if len(told) > 1 else None
        assert gate_load._in_order_of(rows, told.slice(1)) is None
        assert twice is None or gate_load._in_order_of(rows, twice) is None

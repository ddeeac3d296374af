"""An indicator's meta is of one form, and what the machinery would misread is refused by name.

Belongs here: `pipelines/contracts/indicators.py`. Does not belong here: what an indicator counts (test_disclosure.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.contracts.indicators import whole
from pipelines.contracts.render import indicators
from tests.support.repo import DBT

MODELS = DBT / "models" / "indicators"
EB04: dict[str, Any] = next(meta for _, meta in indicators(MODELS) if meta["indikator_id"] == "EB04")


def test_what_is_left_out_is_neither_sensitive_pooled_nor_ranked() -> None:
    assert {"ar_kanslig", "pool", "rangordning"} & set(EB04) == set()
    found = whole(EB04)
    assert (found["ar_kanslig"], found["pool"], found["rangordning"]) == (False, False, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fonster": 2}, "okända nycklar: fonster"),
        ({"nivaer": ["kommun", "rss"]}, "nivaer"),
        ({"rangordning": "kanske"}, "rangordning"),
        ({"ar_kanslig": "ja"}, "ar_kanslig"),
        ({"matt": "median"}, "fordelning"),
        ({"fordelning": "_x"}, "fordelning"),
        ({"matt": "antal"}, "namnare: false"),
        ({"rangordning": "villkor"}, "uppfoljning uppfoljda"),
    ],
)
def test_a_meta_that_would_be_misread_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        whole(EB04 | change)


def test_a_meta_without_a_key_it_needs_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="EB04: meta saknar skattas"):
        whole({key: value for key, value in EB04.items() if key != "skattas"})

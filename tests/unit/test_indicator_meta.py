"""An indicator's meta is of one form, and what the machinery would misread is refused by name.

Belongs here: `pipelines/contracts/indicators.py`. Does not belong here: what an indicator counts (test_disclosure.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.contracts.indicators import codes, whole
from pipelines.contracts.render import distributions, indicators, scale_macro
from tests.support.repo import DBT

MODELS = DBT / "models" / "indicators"
MEAN = {"matt": "medel", "fordelning": "_x", "skattas": False}
ALL = indicators(MODELS)
EB04: dict[str, Any] = next(meta for _, meta in ALL if meta["indikator_id"] == "EB04")


def test_what_is_left_out_is_neither_sensitive_pooled_nor_ranked() -> None:
    assert {"ar_kanslig", "pool", "rangordning"} & set(EB04) == set()
    found = whole(EB04)
    assert (found["ar_kanslig"], found["pool"], found["rangordning"]) == (False, False, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fonster": 2}, "okända nycklar: fonster"),
        ({"nivaer": ["kommun", "stadsdel"]}, "nivaer"),
        ({"rangordning": "kanske"}, "rangordning"),
        ({"ar_kanslig": "ja"}, "ar_kanslig"),
        ({"matt": "median"}, "fordelning"),
        ({"fordelning": "_x"}, "fordelning"),
        ({"matt": "antal"}, "namnare: false"),
        ({"rangordning": "villkor"}, "uppfoljning uppfoljda"),
        ({"matt": "medel"}, "fordelning"),
        (MEAN, "medel_skala och medel_storsta"),
        (MEAN | {"medel_skala": 3, "medel_storsta": 0}, "medel_skala och medel_storsta"),
        (MEAN | {"medel_skala": 3, "medel_storsta": 9, "skattas": True}, "skattas"),
        (MEAN | {"medel_skala": 3, "medel_storsta": 9, "pool": True}, "pool"),
        (MEAN | {"medel_skala": 3, "medel_storsta": 9, "ar_kanslig": True}, "ar_kanslig"),
        ({"medel_skala": 3}, "hör bara till matt: medel"),
        ({"kommun_bara_pool": "ja"}, "kommun_bara_pool"),
        ({"kommun_bara_pool": True}, "behöver pool: true"),
        ({"forsta_ar": "2019"}, "forsta_ar"),
        ({"kallor": "fct_utredning, _utredning_barn"}, "inte _utredning_barn"),
    ],
)
def test_a_meta_that_would_be_misread_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        whole(EB04 | change)


def test_a_meta_without_a_key_it_needs_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="EB04: meta saknar skattas"):
        whole({key: value for key, value in EB04.items() if key != "skattas"})


def test_a_mean_an_rss_and_a_kommun_of_pools_only_are_described() -> None:
    mean = whole(EB04 | MEAN | {"medel_skala": 3, "medel_storsta": 9, "forsta_ar": 2019, "nivaer": ["kommun", "rss"]})
    assert (mean["medel_skala"], mean["forsta_ar"]) == (3, 2019)
    assert whole(EB04 | {"kommun_bara_pool": True, "pool": True})["kommun_bara_pool"]
    assert whole(EB04 | {"kommun_bara_pool": True, "nivaer": ["lan", "riket"]})["kommun_bara_pool"]


def test_what_is_rendered_of_a_mean_is_its_largest_change_and_its_distribution() -> None:
    mean = EB04 | MEAN | {"indikator_id": "M1", "medel_skala": 3, "medel_storsta": 9}
    assert "{'M1': 9}[indikator_id]" in scale_macro([("ind_x", mean), ("ind_y", EB04)])
    assert distributions([("ind_x", mean), ("ind_y", EB04)]).count("ref('_x')") == 1


def test_codes_of_several_parts_are_one_of_each_list() -> None:
    assert codes({"koder": ["T", "a_b"]}) == ["T", "a_b"]
    assert codes({"koder_av": [["a", "b"], ["1", "2"]]}) == ["a_1", "a_2", "b_1", "b_2"]
    written = {meta["indikator_id"]: [code for cells in meta["celler"] for code in codes(cells)] for _, meta in ALL}
    assert [len(written[name]) for name in ("BU20", "MB05", "MB15", "MB16", "MB17")] == [49, 15, 126, 309, 197]
    assert "CRA_ASI3_forbattrat" in written["MB16"]

"""The committed pages that are made from the contracts are what the contracts say now.

Belongs here: comparing what lies there with what would be written. Does not belong here: what such a page must say
(tests/unit).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.contracts.render import documents
from tests.support.repo import DBT, ROOT, kept


def stale(project: Path) -> list[str]:
    """Pages that `make docs` would write in another way, or that are not there."""
    pages = documents(ROOT)
    there = {path: project / path.relative_to(ROOT) for path in pages}
    return [
        str(path.relative_to(ROOT))
        for path, page in pages.items()
        if not there[path].exists() or there[path].read_text(encoding="utf-8") != page
    ]


def test_every_committed_page_that_is_rendered_is_up_to_date() -> None:
    assert stale(ROOT) == [], "make docs"
    assert {path.relative_to(ROOT) for path in documents(ROOT)} <= set(kept())


def test_a_page_that_is_not_would_be_seen(tmp_path: Path) -> None:
    for path, page in documents(ROOT).items():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(page.replace("Formernas", "Forms"), encoding="utf-8")
    assert stale(tmp_path) == ["docs/reference/formandringar.md"]


def test_what_dbt_parses_asks_nothing_of_the_environment() -> None:
    """One that did would be parsed anew, with all that reads it, in every home."""
    files = [p for folder in ("models", "macros", "tests", "seeds") for p in (DBT / folder).rglob("*") if p.is_file()]
    assert any("_generated" in path.parts for path in files)
    assert [str(path) for path in files if "env_var" in path.read_text(encoding="utf-8")] == []

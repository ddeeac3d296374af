"""How commands answer: a person in Swedish, or a program in JSON.

Belongs here: the consoles, the two ways of answering and what every command shows alike. Does not belong here: any
command.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

out, err = Console(), Console(stderr=True, highlight=False)
FRACTION = re.compile(r"( \d\d:\d\d:\d\d)\.\d+")
AsJson = Annotated[bool, typer.Option("--json", help="Svara med JSON.")]


def answer(as_json: bool, content: Any, shown: Any) -> None:
    """Print the content as JSON, or let `shown` say it to a person."""
    if as_json:
        print(json.dumps(content, ensure_ascii=False, indent=2, default=str))
    else:
        shown()


def number(value: float) -> str:
    """A whole number with spaces between thousands, as in Swedish."""
    return f"{value:,.0f}".replace(",", " ")


def show_rows(title: str, rows: list[dict[str, Any]]) -> None:
    """Rows as a table; the first row's names are the columns."""
    if not rows:
        out.print(f"[italic]{title}[/]: inget")
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name)
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    out.print(table)


def _cell(value: Any) -> str:
    """A value as it is shown; of a point of time, also as text, the whole seconds."""
    return "" if value is None else FRACTION.sub(r"\1", str(value))

"""`lager katalog`: the catalogue of definitions, without a run.

Belongs here: asking for it and saying where it lies. Does not belong here: its content and its looks (`contracts/`,
`publish/`).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.show import AsJson, answer, out

if TYPE_CHECKING:
    from pipelines.contracts.catalogue import Catalogue


def katalog(
    html: Annotated[Path | None, typer.Option(help="Skriv katalogen som en sida i denna fil.")] = None,
    as_json: AsJson = False,
) -> None:
    """Visa vad varje tal betyder: indikatorer, regler, kodlistor och tabeller."""
    from pipelines.contracts.catalogue import get_catalogue
    from pipelines.publish.catalogue import catalogue_page

    found = get_catalogue()
    if html:
        html.write_text(catalogue_page(found), encoding="utf-8")
    answer(as_json, asdict(found) if as_json else None, lambda: _show(found, html))


def _show(found: Catalogue, html: Path | None) -> None:
    for indicator in found.indicators:
        out.print(f"[bold]{indicator.meta['indikator_id']}[/] {indicator.meta['definition']}", soft_wrap=True)
    counts = (
        f"{len(found.rules)} regler, {len(found.code_lists)} kodlistor, {len(found.delivered)} tabeller som levereras, "
        f"{len(found.published)} som publiceras."
    )
    out.print(counts, soft_wrap=True)
    out.print(f"Skriven: {html}" if html else "Allt på en sida: lager katalog --html katalog.html", soft_wrap=True)

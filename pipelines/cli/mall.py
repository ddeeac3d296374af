"""`lager mall`: what senders fill in or validate by, rendered from a source's contracts.

Belongs here: asking for the templates and saying where they lie. Does not belong here: what is in them (`contracts/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.show import AsJson, answer, err, out


def templates(
    kalla: Annotated[str, typer.Argument(help="Källan, till exempel eb.")],
    ut: Annotated[Path, typer.Option(help="Mappen som mallarna skrivs i.")] = Path("mallar"),
    as_json: AsJson = False,
) -> None:
    """Skriv källans mallar: en Excel-arbetsbok och ett XML-schema (XSD) per datamängd."""
    from pipelines.contracts.forms import described_form
    from pipelines.contracts.model import get_contracts
    from pipelines.contracts.workbook import template

    contracts = get_contracts()
    if kalla not in contracts.sources:
        err.print(f"Källan finns inte. Källor: {', '.join(contracts.sources)}.")
        raise typer.Exit(2)
    ut.mkdir(parents=True, exist_ok=True)
    written = []
    for dataset in contracts.source(kalla):
        made = {"xlsx": template(contracts, dataset), "xsd": described_form(contracts, dataset).encode()}
        for ending, content in made.items():
            path = ut / f"{dataset.id}.{ending}"
            path.write_bytes(content)
            written.append(str(path))
    answer(as_json, {"mallar": written}, lambda: out.print("\n".join(written), soft_wrap=True))

"""`lager kvittera`: a municipality's open warnings, and the answer that the numbers are right all the same.

Belongs here: asking and showing. Does not belong here: what an acknowledgement is bound to and when it lapses
(landing/ledger/acknowledged.py).
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from pipelines.cli.nycklar import ledger
from pipelines.cli.show import AsJson, answer, err, out, show_rows
from pipelines.cli.warnings import key_of, open_warnings
from pipelines.contracts.model import get_contracts
from pipelines.settings import Settings, get_settings

STALE = "Kommunens leveranser har ändrats sedan utgåvan. Kör lager run först."
SHOWN = ("regel_id", "dataset", "period", "stadsdel_kod", "kolumn", "antal", "jamfort_med")


def _refuse(message: str, code: int = 1) -> typer.Exit:
    err.print(message)
    return typer.Exit(code)


def _open(engine: Engine, settings: Settings, kommun: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return open_warnings(connection, settings, get_contracts(), kommun)


def _show(kommun: str, rows: list[dict[str, Any]]) -> None:
    show_rows(f"Varningar att kvittera eller rätta, kommun {kommun}", [{n: row[n] for n in SHOWN} for row in rows])
    if any(row["ar_inaktuell"] for row in rows):
        out.print(f"De som gäller ett helt år i eb_person kommer ur utgåvan. {STALE}")


def _acknowledge(settings: Settings, kommun: str, wanted: dict[str, str | None], by: str, reason: str) -> list[Any]:
    """Acknowledge what is open and asked for, under the run's lock; what was acknowledged."""
    from pipelines.landing.runlock import hold
    from pipelines.landing.settle import acknowledge, settle

    engine = ledger(settings)
    with hold(settings):
        settle(engine, get_contracts(), settings)
        rows = [
            row
            for row in _open(engine, settings, kommun)
            if all(value is None or row[name] == value for name, value in wanted.items())
        ]
        if not rows:
            raise _refuse("Det finns ingen sådan varning som väntar på svar. Se lager kvittera --kommun.")
        if any(row["ar_inaktuell"] for row in rows):
            raise _refuse(STALE)
        acknowledge(engine, get_contracts(), settings, sorted({key_of(row) for row in rows}), by, reason)
    return rows


def kvittera(
    kommun: Annotated[str, typer.Option(help="Kommunens kod.")],
    regel: Annotated[str | None, typer.Option(help="Regeln, till exempel GEN-18.")] = None,
    period: Annotated[str | None, typer.Option(help="Månaden (ÅÅÅÅ-MM) eller året (ÅÅÅÅ).")] = None,
    datamangd: Annotated[str | None, typer.Option(help="Bara denna datamängd.")] = None,
    stadsdel: Annotated[str | None, typer.Option(help="Bara denna stadsdel.")] = None,
    av: Annotated[str | None, typer.Option(help="Vem som svarar för talen: en funktion, inte en person.")] = None,
    skal: Annotated[str | None, typer.Option(help="Varför talen stämmer. Inga personuppgifter.")] = None,
    as_json: AsJson = False,
) -> None:
    """Visa en kommuns varningar, eller kvittera dem: talen stämmer trots varningen."""
    from pipelines.landing.ledger.acknowledged import RefusedTextError, require_plain
    from pipelines.landing.runlock import BusyError

    settings = get_settings()
    if regel is period is av is skal is None:
        rows = _open(ledger(settings), settings, kommun)
        answer(as_json, rows, lambda: _show(kommun, rows))
        return
    if regel is None or period is None or av is None or skal is None:
        raise _refuse("För att kvittera behövs --regel, --period, --av och --skal.", 2)
    wanted = {"regel_id": regel, "period": period, "dataset": datamangd, "stadsdel_kod": stadsdel}
    try:
        require_plain("--av", av), require_plain("--skal", skal)
        rows = _acknowledge(settings, kommun, wanted, av, skal)
    except RefusedTextError as error:
        raise _refuse(str(error), 2) from None
    except BusyError as error:
        raise _refuse(str(error)) from None
    said = f"Kvitterade varningar: {len(rows)}. Kör lager run, så följer värdena med."
    answer(as_json, {"kvitterade": rows}, lambda: out.print(said))

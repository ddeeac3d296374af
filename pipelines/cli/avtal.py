"""`lager avtal`: the agreements between municipalities and the receiver, entered, ended and shown.

Belongs here: asking and answering. Does not belong here: what may be entered (`landing/ledger/agreements.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pipelines.cli.nycklar import ledger
from pipelines.cli.show import AsJson, answer, err, out, show_rows
from pipelines.contracts.model import get_contracts
from pipelines.settings import get_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipelines.landing.ledger.agreements import Agreement

avtal_app = typer.Typer(help="Avtal: kommunerna som lämnar lokala uppgifter, och från när.", no_args_is_help=True)
T = TypeVar("T")
ISO = ["%Y-%m-%d"]
Kommun = Annotated[str, typer.Option(help="Kommunens kod.")]
Andamal = Annotated[str, typer.Option(help="Ändamålet, som i källans kontrakt: kvalitetsuppfoljning.")]
Av = Annotated[str, typer.Option(help="Vem som skriver in det: en funktion, inte en person.")]
NEXT = "Kör lager run, så följer leveransstatus med."


@contextmanager
def _said_plainly() -> Iterator[None]:
    from pipelines.landing.ledger.acknowledged import RefusedTextError
    from pipelines.landing.ledger.agreements import AgreementError
    from pipelines.landing.runlock import BusyError

    try:
        yield
    except (AgreementError, RefusedTextError, BusyError) as error:
        err.print(str(error), soft_wrap=True)
        raise typer.Exit(1) from None


def _entered(work: Callable[[Connection], T]) -> T:
    """What is done to the ledger, under the run's lock and in one transaction."""
    from pipelines.landing.ledger.store import open_ledger
    from pipelines.landing.runlock import hold

    settings = get_settings()
    engine = open_ledger(settings.ledger_path)
    with hold(settings), engine.begin() as connection:
        return work(connection)


@avtal_app.command("visa")
def show(
    kommun: Annotated[str | None, typer.Option(help="Bara denna kommun.")] = None,
    alla: Annotated[bool, typer.Option("--alla", help="Varje inskrivning, med vem och när, också ersatta.")] = False,
    as_json: AsJson = False,
) -> None:
    """Visa avtalen som gäller någon dag."""
    from pipelines.landing.ledger.agreements import entries, holding

    with ledger(get_settings()).connect() as connection:
        rows: list[dict[str, Any]] = entries(connection) if alla else [asdict(a) for a in holding(connection)]
    found = [row for row in rows if kommun in (None, row["kommun_kod"])]
    answer(as_json, found, lambda: show_rows("Avtal", found))


@avtal_app.command("skapa")
def create(
    kommun: Kommun,
    andamal: Andamal,
    fran: Annotated[datetime, typer.Option(formats=ISO, help="Första dag som avtalet gäller.")],
    av: Av,
    till: Annotated[datetime | None, typer.Option(formats=ISO, help="Första dag som det inte längre gäller.")] = None,
    as_json: AsJson = False,
) -> None:
    """Skriv in ett avtal. Utan --till gäller det tills vidare."""
    from pipelines.landing.ledger.agreements import Agreement, enter

    wanted = Agreement(kommun, andamal, fran.date(), till.date() if till else None)
    with _said_plainly():
        new = _entered(lambda connection: enter(connection, get_contracts(), [wanted], av))
    said = f"Avtalet är inskrivet: {wanted}. {NEXT}" if new else f"Avtalet var redan inskrivet: {wanted}."
    answer(as_json, {"inskrivna": [asdict(a) for a in new]}, lambda: out.print(said, soft_wrap=True))


@avtal_app.command("avsluta")
def finish(
    kommun: Kommun,
    andamal: Andamal,
    till: Annotated[datetime, typer.Option(formats=ISO, help="Första dag som avtalet inte längre gäller.")],
    av: Av,
    as_json: AsJson = False,
) -> None:
    """Sätt när kommunens senaste avtal upphör. Avtalets egen första dag tar tillbaka det."""
    from pipelines.landing.ledger.agreements import end

    with _said_plainly():
        ended = _entered(lambda connection: end(connection, kommun, andamal, till.date(), av))
    said = f"Avtalet upphör: {ended}. Det som redan är mottaget står kvar tills det gallras. {NEXT}"
    answer(as_json, {"avslutat": asdict(ended)}, lambda: out.print(said, soft_wrap=True))


def enter_file(fil: Path, av: str) -> tuple[list[Agreement], int]:
    """Enter the agreements of a file, all or none: the new ones, and how many stood entered already."""
    from pipelines.landing.ledger.agreements import enter, read_file

    with _said_plainly():
        wanted = read_file(fil)
        new = _entered(lambda connection: enter(connection, get_contracts(), wanted, av))
    return new, len(wanted) - len(new)


@avtal_app.command("importera")
def read_in(
    fil: Annotated[Path, typer.Argument(help="CSV med kommun_kod;andamal_kod;giltig_fran;giltig_till.")],
    av: Av,
    as_json: AsJson = False,
) -> None:
    """Skriv in många avtal ur en fil: alla eller inget. De som redan står inskrivna rörs inte."""
    new, known = enter_file(fil, av)
    said = f"Inskrivna avtal: {len(new)}. Redan inskrivna: {known}. {NEXT}"
    found = {"inskrivna": [asdict(a) for a in new], "redan_inskrivna": known}
    answer(as_json, found, lambda: out.print(said, soft_wrap=True))

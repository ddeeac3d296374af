"""`lager check`, `lager status` and `lager release`: what would be said of a package, what has come, what is out.

Belongs here: questions that change nothing, and how their answers are shown. Does not belong here: finding them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipelines.cli.nycklar import ledger
from pipelines.cli.show import AsJson, answer, err, out, show_rows
from pipelines.cli.warnings import by_rule
from pipelines.contracts.model import get_contracts
from pipelines.settings import get_settings

SHOWN = 20
DIGITS = re.compile(r"\d{6,}(?:[-+ ]?\d{4})?")  # where a code or a package's name belongs: may be someone's number
release_app = typer.Typer(help="Utgåvan: visa den, eller pröva att den är hel.", no_args_is_help=True)


def _show_check(found: dict[str, Any]) -> None:
    out.print(f"[bold]{found['paket_namn']}[/]: {found['besked']}")
    for rows in found["datamangder"]:
        out.print(
            "  {dataset}: {mottagna} rader, {lasta} inlästa, {i_karantan} åt sidan, {skyddade} skyddade".format_map(
                rows
            )
        )
    for rule in found["regler"]:
        out.print(
            f"  [bold]{rule['regel']}[/] {rule.get('datamangd', '')}: {rule['antal_rader']} rader. {rule['innebord']}"
        )
        if "detalj" in rule:
            out.print(f"      {rule['detalj']}")
        places = ", ".join(f"rad {p['rad']} {p['kolumn'] or ''}".strip() for p in rule.get("exempel", [])[:5])
        out.print(f"      {places}{'. ' if places else ''}{rule['gor_sa_har']}")
    if "jamforelse" in found:
        _show_comparison(found["jamforelse"])
    for note in found["anmarkningar"]:
        out.print(f"  {note}")


def _show_comparison(found: dict[str, Any]) -> None:
    from pipelines.landing.receipt_page import percent, signed

    out.print(f"  [bold]Jämfört med {found['paket_namn']}[/]")
    for rows in found["datamangder"]:
        share = "" if rows["andring_procent"] is None else f" ({percent(rows['andring_procent'])})"
        out.print(f"  {rows['dataset']}: {rows['da']} rader då, {rows['nu']} nu, {signed(rows['andring'])}{share}")
        if "anmarkning" in rows:
            out.print(f"      {rows['anmarkning']}")
    for note in found["anmarkningar"]:
        out.print(f"  {note}")


def check(
    path: Annotated[Path, typer.Argument(help="Ett paket (zip eller mapp) eller en datafil.")],
    html: Annotated[Path | None, typer.Option(help="Skriv svaret också som en sida i denna fil.")] = None,
    forra: Annotated[Path | None, typer.Option(help="Det förra paketet: visa rader då och nu.")] = None,
    as_json: AsJson = False,
) -> None:
    """Pröva ett paket eller en fil som mottagningen skulle göra. Svarar 1 om leveransen skulle stoppas."""
    from pipelines.landing.precheck import UnknownFileError, check_path
    from pipelines.landing.receipt_page import receipt_page

    try:
        found = check_path(path, get_contracts(), forra)
    except UnknownFileError as error:
        err.print(str(error))
        raise typer.Exit(2) from None
    if html:
        html.write_text(receipt_page(found), encoding="utf-8")
    answer(as_json, found, lambda: _show_check(found))
    raise typer.Exit(1 if found["status"] == "stoppad" else 0)


def status(
    kommun: Annotated[str | None, typer.Option(help="Visa en kommuns leveranser.")] = None,
    as_json: AsJson = False,
) -> None:
    """Visa vem som har levererat vad."""
    from pipelines.landing.inbox import scan
    from pipelines.landing.ledger.summary import by_period, deliveries, missing, rule_totals, totals

    settings = get_settings()
    waiting = scan(settings.inbox)
    inbox = {"i_inkorgen": len(waiting.packages), "inte_paket": [DIGITS.sub("…", name) for name in waiting.other]}
    if not settings.ledger_path.exists() and any(inbox.values()):
        answer(as_json, inbox, lambda: _show_inbox(inbox))
        return
    with ledger(settings).connect() as connection:
        if kommun:
            rows = deliveries(connection, kommun)
            asked = escape(DIGITS.sub("…", kommun))
            answer(as_json, rows, lambda: show_rows(f"Leveranser från {asked}", rows))
            return
        periods = by_period(connection, get_contracts(), settings.asof)
        latest = {row["kalla"]: row["period"] for row in periods}
        names = missing(connection, get_contracts(), latest)
        found = {
            **inbox,
            **totals(connection, get_contracts()),
            "perioder": periods,
            "regler": rule_totals(connection),
            "varningar": by_rule(connection, settings, get_contracts()),
            "saknas_senaste_perioden": [{"kalla": k, "period": latest[k], "kommuner": names[k]} for k in names],
        }
    answer(as_json, found, lambda: _show_status(found))


def _show_status(found: dict[str, Any]) -> None:
    show_rows("Kommuner per period", found["perioder"])
    show_rows("Rader per regel", found["regler"])
    show_rows("Varningar ur historien och det som saknas", found["varningar"])
    _show_inbox(found)
    for row in found["saknas_senaste_perioden"]:
        names = row["kommuner"]
        more = f" och {len(names) - SHOWN} till (--json)" if len(names) > SHOWN else ""
        if names:
            said = f"{row['kalla']}, {row['period']}: {len(names)} kommuner saknas, {', '.join(names[:SHOWN])}{more}"
            out.print(said, soft_wrap=True)


def _show_inbox(found: dict[str, Any]) -> None:
    out.print(f"I inkorgen väntar {found['i_inkorgen']} paket.")
    if found["inte_paket"]:
        names = escape(", ".join(found["inte_paket"][:SHOWN]))
        out.print(f"Där ligger också det som inte är paket: {names}")


@release_app.command("show")
def release_show(as_json: AsJson = False) -> None:
    """Visa den aktuella utgåvan."""
    from pipelines.publish import current_release

    current = current_release(get_settings().release)
    if current is None:
        err.print("Det finns ingen utgåva ännu. Kör lager run.")
        raise typer.Exit(1)
    manifest = current.manifest

    def shown() -> None:
        out.print(f"[bold]{current.version}[/]  {current.path}")
        show_rows(
            "Filer", [{"fil": n, "byte": f["bytes"], "rader": f.get("rader")} for n, f in manifest["filer"].items()]
        )

    answer(as_json, {"mapp": str(current.path), **manifest}, shown)


@release_app.command("verify")
def release_verify(as_json: AsJson = False) -> None:
    """Pröva att utgåvans filer är de som manifestet säger. Svarar 1 om något är fel."""
    from pipelines.publish import verify_release

    problems = [str(p) for p in verify_release(get_settings().release)]
    answer(as_json, {"fel": problems}, lambda: out.print("\n".join(problems) or "Utgåvan är hel."))
    raise typer.Exit(1 if problems else 0)

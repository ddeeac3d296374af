"""`lager gallra`, `lager sakerhetskopia`, `lager aterstall` and `lager aterskapa`: what keeps the house over the years.

Belongs here: asking and answering. Does not belong here: the work (`pipelines/landing`). Each takes the run's lock.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.nycklar import Av, ledger, said_plainly
from pipelines.cli.show import AsJson, answer, err, number, out, show_rows
from pipelines.contracts.model import get_contracts
from pipelines.settings import Settings, get_settings

Torr = Annotated[bool, typer.Option("--torrkor", help="Räkna bara; ändra ingenting.")]
KINDS = {"paket": "paket i arkivet", "karantan": "filer i karantän", "landning": "landningsfiler"}


def _opened(settings: Settings) -> Any:
    """The ledger, when what a kill left half done has been gone through with."""
    from pipelines.landing.opening import finish

    engine = ledger(settings)
    finish(settings, engine)
    return engine


# -- retention -----------------------------------------------------------------------------------------------------


def retain(
    torrkor: Torr = False,
    protokoll: Annotated[bool, typer.Option("--protokoll", help="Visa protokollet; gallra inget.")] = False,
    av: Av = None,
    as_json: AsJson = False,
) -> None:
    """Förstör det som inte längre får sparas, med protokoll. Tiderna står i data_contracts/shared/gallring.yaml."""
    from pipelines.landing import retention
    from pipelines.landing.runlock import hold

    settings = get_settings()
    if protokoll:
        with said_plainly(), ledger(settings).connect() as connection:
            rows = retention.protocol(connection)
        answer(as_json, rows, lambda: show_rows("Gallrat", rows))
        return
    with said_plainly(), hold(settings):
        done = retention.retain(settings, _opened(settings), av, dry=torrkor)
    answer(as_json, vars(done), lambda: _show_retained(vars(done)))
    raise typer.Exit(1 if done.saknas else 0)


def _show_retained(done: dict[str, Any]) -> None:
    verb = "skulle gallras" if done["torrkorning"] else "gallrade"
    for slag, what in KINDS.items():
        rows = f"{number(done['rader'][slag])} rader"
        out.print(f"{number(done['antal'][slag])} {what} {verb} ({rows}).")
    if done["fullfoljda"]:
        out.print(f"{done['fullfoljda']} filer som redan stod i protokollet fanns kvar eller hade kommit igen.")
    if done["saknas"]:
        names = ", ".join(done["saknas"][:5])
        out.print(f"{len(done['saknas'])} paket saknas i arkivet utan att stå i protokollet: {names}", soft_wrap=True)


# -- backup and restore --------------------------------------------------------------------------------------------


def back_up(
    till: Annotated[Path, typer.Argument(help="Kopians mapp, på ett annat medium. Samma mapp nästa gång går fort.")],
    nycklar: Annotated[Path | None, typer.Option(help="Mapp för nyckelns kopia, på ett tredje ställe.")] = None,
    prova: Annotated[bool, typer.Option("--prova", help="Kopiera inget; läs igenom kopian som ligger där.")] = False,
    as_json: AsJson = False,
) -> None:
    """Säkerhetskopiera det som inte kan göras om. Svarar 1 om kopian inte blev av eller är skadad."""
    from pipelines.landing import backup
    from pipelines.landing.runlock import hold

    if prova:
        faults = backup.prove_backup(till.expanduser().absolute())
        answer(as_json, {"fel": faults}, lambda: out.print("\n".join(faults[:20]) or "Säkerhetskopian är hel."))
        raise typer.Exit(1 if faults else 0)
    settings = get_settings()
    with said_plainly(), hold(settings):
        engine = _opened(settings)
        key = backup.back_up_keys(settings, nycklar, till) if nycklar else None
        done = backup.back_up(settings, engine, till)
    found = {**vars(done), "nyckel": key and str(key)}
    if nycklar:
        found["samma_medium"] = backup.same_device(till.expanduser(), nycklar.expanduser())
    answer(as_json, found, lambda: _show_backed_up(found))


def _show_backed_up(found: dict[str, Any]) -> None:
    out.print(
        f"{number(found['filer'])} filer i kopian, {number(found['kopierade'])} kopierade "
        f"({number(found['byte'] / 1e6)} MB), {number(found['borttagna'])} borttagna."
    )
    if found["nyckel"]:
        out.print(f"Nyckelns kopia: {found['nyckel']}", soft_wrap=True)
    else:
        out.print("Nyckeln är inte med. Utan den går arkiv och karantän inte att öppna: --nycklar MAPP kopierar den.")
    if found.get("samma_medium"):
        err.print("[bold]Nyckeln och data ligger på samma medium.[/] Flytta nyckelns kopia till ett annat.")


def restore(
    fran: Annotated[Path, typer.Argument(help="Säkerhetskopians mapp.")],
    nycklar: Annotated[Path | None, typer.Option(help="Mapp med nyckelns kopia.")] = None,
    as_json: AsJson = False,
) -> None:
    """Återställ en säkerhetskopia till ett tomt LAGER_HOME. Allt prövas innan något skrivs."""
    from pipelines.landing import restore as room
    from pipelines.landing.runlock import hold

    settings = get_settings()
    with said_plainly(), hold(settings, restoring=True):
        files = room.restore(settings, get_contracts(), fran, nycklar)
    key = settings.master_key.exists()

    def shown() -> None:
        out.print(f"{number(files)} filer är återställda och prövade. Kör lager run för att bygga en utgåva.")
        if not key:
            out.print(f"Nyckelfilen saknas: lägg den i {settings.master_key} (0400) först.", soft_wrap=True)

    answer(as_json, {"filer": files, "nyckel_finns": key}, shown)


# -- rebuild -------------------------------------------------------------------------------------------------------


def rebuild(torrkor: Torr = False, av: Av = None, as_json: AsJson = False) -> None:
    """Gör om landning, karantän och utfall ur arkivet, och säg om allt blev som det var. Svarar 1 om något skiljer."""
    from pipelines.landing import rebuild as room
    from pipelines.landing.opening import open_keys
    from pipelines.landing.runlock import hold

    settings = get_settings()
    with said_plainly(), hold(settings), err.status("Återskapar …") as status:
        engine = _opened(settings)
        done = room.rebuild(
            settings,
            get_contracts(),
            open_keys(settings, engine),
            engine,
            av,
            dry=torrkor,
            progress=lambda n, total: status.update(f"Återskapar: {n} av {total} paket"),
        )
    answer(as_json, {**vars(done), "lika": done.lika}, lambda: _show_rebuilt(vars(done), same=done.lika))
    raise typer.Exit(0 if done.lika else 1)


def _show_rebuilt(done: dict[str, Any], *, same: bool) -> None:
    verb = "kan återskapas" if done["torrkorning"] else "är återskapade"
    out.print(
        f"{number(done['aterskapade'])} leveranser {verb}, {number(done['behallna'])} utan paket behåller sina rader."
    )
    show_rows("Landning", [{"datamangd": name, **entry} for name, entry in done["landning"].items()])
    changed = [{"tabell": name, "rader_som_skiljer": n} for name, n in done["huvudbok"].items() if n]
    if changed:
        show_rows("Huvudbok", changed)
    out.print("Allt blev som det var." if same else "Det återskapade skiljer sig från det som fanns.")
    if not done["torrkorning"]:
        out.print("Kör lager run.")

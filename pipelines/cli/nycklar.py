"""`lager nyckel`, `lager atkomst`, `lager karantan` and `lager arkiv`: the keys, and who has read what they open.

Belongs here: asking and answering. Does not belong here: the work (`pipelines/landing`). No answer holds a key or a
value from a row.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.show import AsJson, answer, err, out, show_rows
from pipelines.contracts.model import get_contracts
from pipelines.settings import Settings, get_settings

nyckel_app = typer.Typer(help="Huvudnyckeln: visa, skapa eller byt den.", no_args_is_help=True)
atkomst_app = typer.Typer(help="Åtkomstloggen: visa den, eller pröva att ingen rad är ändrad.", no_args_is_help=True)
Av = Annotated[str | None, typer.Option(help="Vem som gör det, till loggen. Kontot i operativsystemet står där ändå.")]
MustAv = Annotated[str, typer.Option("--av", help="Vem som läser, till åtkomstloggen.")]
Syfte = Annotated[str, typer.Option(help="Varför, till åtkomstloggen. Inga personuppgifter.")]
Till = Annotated[Path, typer.Option(help="Ny fil, utanför LAGER_HOME. Bara du kan läsa den.")]
LeveransId = Annotated[str, typer.Argument(help="Leveransens nummer, som i kvittensen.")]
SAFE = (
    "Kopiera filen till ett säkert ställe skilt från data och säkerhetskopior. Går den förlorad kan ingen öppna arkiv "
    "och karantän, och samma person får en ny pseudonym."
)


LABELS = {
    "fil": "Nyckelfil",
    "finns": "Finns",
    "rattighet": "Rättighet",
    "fingeravtryck": "Fingeravtryck",
    "i_bruk": "Pseudonymerna är gjorda med",
    "byte_pagar": "Ett byte är inte klart",
    "gamla": "Gamla nycklar som ligger kvar",
    "arkivets_filer": "Förseglade paket i arkivet",
    "karantanens_filer": "Förseglade filer i karantän",
    "oppnas_inte": "Går inte att öppna",
}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return (", ".join(value) if isinstance(value, list) else str(value or "")) or "–"


@contextmanager
def said_plainly() -> Iterator[None]:
    """Errors that are safe to show, as one line and the answer 1."""
    from pipelines.landing import access, backup, handout, keys, rebuild, retention, rewrite, runlock

    known = (
        *(access.AccessError, backup.BackupError, handout.HandoutError, keys.KeyFileError, keys.SealError),
        *(rebuild.RebuildError, retention.RetentionError, rewrite.LandingError, runlock.BusyError),
    )
    try:
        yield
    except known as error:
        err.print(str(error), soft_wrap=True)
        raise typer.Exit(1) from None
    except OSError as error:
        err.print(f"Filsystemet svarade {type(error).__name__} ({error.strerror}).", soft_wrap=True)
        raise typer.Exit(1) from None


def ledger(settings: Settings) -> Any:
    """The ledger of a home in which something has been received."""
    from pipelines.landing.ledger.store import open_ledger

    if not settings.ledger_path.exists():
        err.print("Här finns ingen huvudbok: inget är mottaget. Kontrollera LAGER_HOME.")
        raise typer.Exit(1)
    return open_ledger(settings.ledger_path)


# -- the key -------------------------------------------------------------------------------------------------------


@nyckel_app.command("visa")
def key_show(
    prova: Annotated[bool, typer.Option("--prova", help="Öppna allt förseglat och säg vad som inte går.")] = False,
    av: Av = None,
    as_json: AsJson = False,
) -> None:
    """Visa nyckelfilens läge och fingeravtryck och vad den öppnar, aldrig nyckeln. Svarar 1 om något inte öppnas."""
    settings = get_settings()
    with said_plainly():
        found = _described(settings)
        if prova:
            found |= _tried(settings, av)

    def shown() -> None:
        for name, value in found.items():
            out.print(f"{LABELS[name]}: {_said(value)}", soft_wrap=True)

    answer(as_json, found, shown)
    raise typer.Exit(1 if found.get("oppnas_inte") else 0)


def _described(settings: Settings) -> dict[str, Any]:
    from pipelines.landing.archive import Archive, Quarantine
    from pipelines.landing.ledger.store import open_ledger
    from pipelines.landing.opening import key_in_use, pending_key
    from pipelines.landing.retention import NO_KEYS

    path, used = settings.master_key, None
    if settings.ledger_path.exists():
        with open_ledger(settings.ledger_path).connect() as connection:
            used = key_in_use(connection)
    found: dict[str, Any] = {"fil": str(path), "finns": path.exists()}
    if path.exists():
        found |= {"rattighet": f"{stat.S_IMODE(path.stat().st_mode):04o}", "fingeravtryck": _fingerprint(path)}
    return found | {
        "i_bruk": used,
        "byte_pagar": pending_key(settings).exists(),
        "gamla": sorted(p.name for p in path.parent.glob(f"{path.name}.gammal-*")),
        "arkivets_filer": len(Archive(settings.archive, NO_KEYS).files()),
        "karantanens_filer": len(Quarantine(settings.quarantine, NO_KEYS).files()),
    }


def _fingerprint(path: Path) -> str:
    from pipelines.landing.keys import load_keys

    return load_keys(path).fingerprint


def _tried(settings: Settings, av: str | None) -> dict[str, Any]:
    from pipelines.landing.access import AccessLog
    from pipelines.landing.archive import Archive, Quarantine
    from pipelines.landing.opening import open_keys

    keys = open_keys(settings, ledger(settings))
    log, faults = AccessLog(settings.access_log, keys), []
    for store in (Archive(settings.archive, keys), Quarantine(settings.quarantine, keys)):
        ids = {store.leverans_id(path) for path in store.files()}
        if ids:
            faults += store.faults(log.reading(store.use, "prov av att allt förseglat går att öppna", ids, av))
    return {"oppnas_inte": faults}


@nyckel_app.command("skapa")
def key_create(as_json: AsJson = False) -> None:
    """Skapa en huvudnyckel (0400) där ingen finns. Skriver aldrig över."""
    from pipelines.landing.keys import KeyFileError, create_master_key, load_keys
    from pipelines.landing.opening import NO_NEW_KEY, something_sealed

    settings = get_settings()
    path = settings.master_key
    with said_plainly():
        if path.exists():
            raise KeyFileError(
                "Det finns redan en nyckelfil, och den skrivs aldrig över. lager nyckel rotera byter nyckel."
            )
        if something_sealed(settings) or _described(settings)["i_bruk"]:
            raise KeyFileError(NO_NEW_KEY)
        create_master_key(path)
        found = {"fil": str(path), "rattighet": "0400", "fingeravtryck": load_keys(path).fingerprint}

    def shown() -> None:
        out.print(f"Nyckeln ligger i {path} (fingeravtryck {found['fingeravtryck']}).", soft_wrap=True)
        out.print(SAFE, soft_wrap=True)

    answer(as_json, found, shown)


@nyckel_app.command("rotera")
def key_rotate(av: Av = None, as_json: AsJson = False) -> None:
    """Byt huvudnyckel: försegla allt på nytt och byt alla pseudonymer. Avbröts ett byte fortsätter det."""
    from pipelines.landing.opening import finish
    from pipelines.landing.rotation import rotate
    from pipelines.landing.runlock import hold

    settings = get_settings()
    with said_plainly(), hold(settings), err.status("Byter nyckel …") as status:
        engine = ledger(settings)
        finish(settings, engine)
        done = rotate(
            settings, get_contracts(), engine, av, lambda n, total: status.update(f"Förseglar på nytt: {n} av {total}")
        )

    def shown() -> None:
        out.print(
            f"Nyckeln är bytt: {done.arkiv} paket och {done.karantan} karantänfiler är förseglade med den nya "
            f"(fingeravtryck {done.till}), och {done.landningsfiler} landningsfiler har nya pseudonymer.",
            soft_wrap=True,
        )
        out.print(
            f"Den gamla ligger kvar som {done.gammal_nyckel}. Den öppnar bara säkerhetskopior från före bytet: förstör "
            "den när de inte längre behövs. Det som gallrats men finns i gamla kopior blir då oläsligt.",
            soft_wrap=True,
        )
        out.print("Kopiera den nya (lager sakerhetskopia --nycklar), och kör sedan lager run.", soft_wrap=True)

    answer(as_json, vars(done), shown)


# -- the access log ------------------------------------------------------------------------------------------------


@atkomst_app.command("visa")
def access_show(
    antal: Annotated[int, typer.Option(help="Hur många av de senaste raderna.")] = 50, as_json: AsJson = False
) -> None:
    """Visa åtkomstloggens senaste rader."""
    from pipelines.landing.access import entries

    found = entries(get_settings().access_log)[-antal:]
    names = ("nr", "tid", "konto", "av", "handelse", "lager", "antal", "leverans", "syfte")
    answer(as_json, found, lambda: show_rows("Åtkomst", [{n: e.get(n) for n in names} for e in found]))


@atkomst_app.command("prova")
def access_prove(
    huvud: Annotated[str | None, typer.Option(help="Ett huvud som antecknats förut: finns det kvar i loggen?")] = None,
    as_json: AsJson = False,
) -> None:
    """Pröva loggens kedja från första raden till sista. Svarar 1 om någon rad är ändrad, borttagen eller inskjuten."""
    from pipelines.landing.access import prove
    from pipelines.landing.opening import open_keys

    settings = get_settings()
    with said_plainly():
        keys = open_keys(settings, ledger(settings)) if settings.master_key.exists() else None
        proof = prove(settings.access_log, keys, huvud)
    found = {
        "rader": proof.huvud.rader,
        "huvud": proof.huvud.sha256,
        "intyg_provade": keys is not None,
        "fel": proof.fel,
    }

    def shown() -> None:
        out.print("\n".join(proof.fel[:20]) or f"Loggen är hel: {proof.huvud.rader} rader.", soft_wrap=True)
        out.print(f"Huvud att anteckna på annat ställe: {proof.huvud.sha256}", soft_wrap=True)
        if keys is None:
            out.print("Nyckelfilen saknas: bara kedjan är prövad, inte radernas intyg.", soft_wrap=True)

    answer(as_json, found, shown)
    raise typer.Exit(1 if proof.fel else 0)


# -- what lies sealed ----------------------------------------------------------------------------------------------


def quarantine(leverans_id: LeveransId, syfte: Syfte, av: MustAv, till: Till, as_json: AsJson = False) -> None:
    """Skriv en leverans rader i karantän till en fil (CSV), så att avsändaren kan få hjälp. Läsningen loggas."""
    from pipelines.landing.handout import hand_out_rows
    from pipelines.landing.opening import open_keys

    settings = get_settings()
    with said_plainly():
        engine = ledger(settings)
        keys = open_keys(settings, engine)
        rows = hand_out_rows(settings, get_contracts(), keys, engine, leverans_id, till, syfte=syfte, av=av)
    said = f"{rows} rader ligger i {till}. Filen innehåller personuppgifter: radera den när den har använts."
    answer(as_json, {"fil": str(till), "rader": rows}, lambda: out.print(said, soft_wrap=True))


def archive(leverans_id: LeveransId, syfte: Syfte, av: MustAv, till: Till, as_json: AsJson = False) -> None:
    """Skriv en leverans paket, som det kom, till en fil (zip). Läsningen loggas."""
    from pipelines.landing.handout import hand_out_package
    from pipelines.landing.opening import open_keys

    settings = get_settings()
    with said_plainly():
        engine = ledger(settings)
        size = hand_out_package(settings, open_keys(settings, engine), engine, leverans_id, till, syfte=syfte, av=av)
    said = f"Paketet ligger i {till}. Filen innehåller personuppgifter: radera den när den har använts."
    answer(as_json, {"fil": str(till), "byte": size}, lambda: out.print(said, soft_wrap=True))

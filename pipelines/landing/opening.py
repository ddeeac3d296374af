"""Opening a home: the right keys, and the end of what a kill left half done.

Belongs here: which key file counts, that it is the one the pseudonyms were made with, and going through with a change
of key that was decided. Does not belong here: the key file's form (`keys.py`) and the change itself (`rotation.py`).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, update

from pipelines.landing.access import AccessLog, account
from pipelines.landing.files import sync_folder, write_durably
from pipelines.landing.keys import KeyFileError, Keys, load_keys
from pipelines.landing.ledger import tables as t
from pipelines.landing.rebuild import finish_rebuild
from pipelines.settings import Settings

WRONG_KEY = (
    "Nyckelfilen är en annan än den som landningens pseudonymer är gjorda med (fingeravtryck {used}). "
    "Med den skulle samma personer få nya pseudonymer. Peka LAGER_KEY_FILE på rätt fil."
)
NO_NEW_KEY = (
    "Nyckelfilen saknas, och det som redan är taget emot är förseglat eller pseudonymiserat med den. "
    "Lägg tillbaka den ur kopian; LAGER_KEY_FILE säger var den ska ligga."
)


def pending_key(settings: Settings) -> Path:
    """Where the next key lies while one gives way to another."""
    return settings.master_key.with_name(f"{settings.master_key.name}.ny")


def key_in_use(connection: Connection) -> str | None:
    """Fingerprint of the key that landing's pseudonyms are made with; None before the first reception."""
    query = select(t.nyckel.c.fingeravtryck).order_by(t.nyckel.c.nr.desc()).limit(1)
    return connection.execute(query).scalar()


def take_into_use(connection: Connection, keys: Keys, av: str) -> None:
    """Enter the key that counts from now on: never the key, but what is derived from it for the protection."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    row = {"fingeravtryck": keys.fingerprint, "tagen_i_bruk": now, "av": av, "skyddsnyckel": keys.protection}
    connection.execute(insert(t.nyckel), [row])


def _complete(connection: Connection, keys: Keys) -> None:
    """Enter what an entry from before there was a column for it lacks."""
    lacking = (t.nyckel.c.fingeravtryck == keys.fingerprint) & t.nyckel.c.skyddsnyckel.is_(None)
    connection.execute(update(t.nyckel).where(lacking).values(skyddsnyckel=keys.protection))


def something_sealed(settings: Settings) -> bool:
    """Whether a new key would leave behind what only an old one opens."""
    return any(settings.archive.glob("*/*.lager")) or any(settings.quarantine.glob("*.lager"))


def open_keys(settings: Settings, ledger: Engine, *, create: bool = False) -> Keys:
    """The keys to work with; during a change of key they open what either has sealed.

    Raises KeyFileError when the file is not the one the pseudonyms were made with. `create`: a first key may be made
    where nothing depends on one.
    """
    with ledger.begin() as connection:
        used = key_in_use(connection)
        if not settings.master_key.exists() and (used or something_sealed(settings)):
            raise KeyFileError(NO_NEW_KEY)
        keys = load_keys(settings.master_key, create=create)
        fresh = load_keys(pending_key(settings)) if pending_key(settings).exists() else None
        if fresh is not None and used == fresh.fingerprint:
            return fresh.also_opening(keys)
        if used is None:
            take_into_use(connection, keys, account())
        elif used != keys.fingerprint:
            raise KeyFileError(WRONG_KEY.format(used=used))
        _complete(connection, keys)
    return keys.also_opening(fresh) if fresh is not None else keys


def finish(settings: Settings, ledger: Engine) -> None:
    """Go through with what was decided and not done when a process was killed, under the caller's lock."""
    finish_change(settings, ledger)
    finish_rebuild(settings, ledger)


def finish_change(settings: Settings, ledger: Engine, av: str | None = None) -> Path | None:
    """Let the key the ledger has taken into use be the key file, under the caller's lock; where the old one lies.

    None when no change was that far. Killed anywhere it can be done again.
    """
    path, pending = settings.master_key, pending_key(settings)
    if not pending.exists():
        return None
    fresh = load_keys(pending)
    with ledger.connect() as connection:
        if key_in_use(connection) != fresh.fingerprint:
            return None
    old = load_keys(path)
    kept = path.with_name(f"{path.name}.gammal-{settings.asof}-{old.fingerprint}")
    if old.fingerprint != fresh.fingerprint:
        write_durably(kept, old.text().encode(), 0o400)
        facts = {"fran": old.fingerprint, "till": fresh.fingerprint}
        AccessLog(settings.access_log, fresh).note("nyckel bytt", "byte av huvudnyckel", av, **facts)
    os.replace(pending, path)
    sync_folder(path.parent)
    return kept

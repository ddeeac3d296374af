"""Changing the master key: everything sealed is sealed anew, and every pseudonym gets its next link.

Belongs here: the order of the steps, so that a kill between any two loses nothing. Does not belong here: the key
file's form (`keys.py`) and which key counts (`opening.py`).

1. The new key lies beside the old one (`.ny`), on the disk, before anything is sealed with it.
2. Archive and quarantine, file by file; meanwhile both keys open.
3. Landing files with the new pseudonyms, under new names that the ledger does not know.
4. One transaction: the ledger names the new files and the new key. From here on the new key counts.
5. The old key file is kept as `.gammal-<date>-<fingerprint>`, and the new one takes its place.

Killed before 4, the old key counts and the next change goes on where this one ended. Killed after it, whoever opens
the home finds the new key and goes through with 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Engine

from pipelines.contracts.model import Contracts, Dataset
from pipelines.landing.access import AccessLog, account, words
from pipelines.landing.archive import Archive, Quarantine, Store
from pipelines.landing.files import remove_partial, sync_all
from pipelines.landing.keys import Keys, load_keys, write_key
from pipelines.landing.opening import finish_change, open_keys, pending_key, take_into_use
from pipelines.landing.pseudonyms import succeed
from pipelines.landing.rewrite import LandingFile, connect, named, new_name, rows_of, swap, whole, write
from pipelines.settings import Settings

Progress = Callable[[int, int], None]
PERSON = "person_id"


@dataclass(frozen=True)
class Changed:
    """What a change of key did."""

    fran: str
    till: str
    arkiv: int
    karantan: int
    landningsfiler: int
    gammal_nyckel: Path
    fortsatt: bool


def rotate(
    settings: Settings, contracts: Contracts, ledger: Engine, av: str | None = None, progress: Progress | None = None
) -> Changed:
    """Change the master key, or go on with a change that was interrupted, under the caller's lock.

    Raises KeyFileError, SealError (a damaged file) and LandingError; nothing counts then, and it can be run again.
    """
    finish_change(settings, ledger, av)
    old, path = open_keys(settings, ledger), pending_key(settings)
    resumed = path.exists()
    if not resumed:
        write_key(path, old.successor())
    fresh = load_keys(path)
    log = AccessLog(settings.access_log, old)
    stores: list[Store] = [Archive(settings.archive, old), Quarantine(settings.quarantine, old)]
    packages, aside = (_reseal(store, fresh, log, av, progress) for store in stores)
    for folder in (settings.archive, settings.quarantine, settings.landing):
        remove_partial(folder)
    files = _with_new_pseudonyms(settings, contracts, ledger, fresh)
    sync_all()
    with ledger.begin() as connection:
        swap(connection, [before for before, _ in files], [after for _, after in files])
        take_into_use(connection, fresh, f"{words(av, 'Namnet')} ({account()})" if av else account())
    kept = finish_change(settings, ledger, av)
    assert kept is not None  # noqa: S101  the ledger has just taken the new key into use
    for before, _ in files:
        before.path(settings.landing).unlink(missing_ok=True)
    return Changed(old.fingerprint, fresh.fingerprint, packages, aside, len(files), kept, resumed)


def _reseal(store: Store, fresh: Keys, log: AccessLog, av: str | None, progress: Progress | None) -> int:
    """Seal a store's files under the new key; how many there are."""
    files = store.files()
    if not files:
        return 0
    ids = {store.leverans_id(path) for path in files}
    access = log.reading(store.use, "byte av huvudnyckel: försegling på nytt", ids, av)
    for done, path in enumerate(files, 1):
        store.reseal(path, fresh, access)
        if progress and done % 100 == 0:
            progress(done, len(files))
    return len(files)


def _with_new_pseudonyms(
    settings: Settings, contracts: Contracts, ledger: Engine, fresh: Keys
) -> list[tuple[LandingFile, LandingFile]]:
    """(old, new) for every landing file with pseudonyms in it; the new ones are written and not yet named."""
    with ledger.connect() as connection:
        files = [(file, contracts.datasets[file.dataset]) for file in named(connection)]
    return [(f, _relinked(f, dataset, settings, fresh)) for f, dataset in files if dataset.identity_column]


def _relinked(file: LandingFile, dataset: Dataset, settings: Settings, fresh: Keys) -> LandingFile:
    rows = rows_of(whole(file, settings.landing))
    with connect() as db:
        query = f"select distinct kommun_kod, {PERSON} as fore from {rows} order by 1, 2"
        db.register("byte", _next_links(db.sql(query).to_arrow_table(), dataset, fresh))
        select = (
            f"select r.* replace (b.efter as {PERSON}) from {rows} as r "
            f"join byte as b on b.kommun_kod = r.kommun_kod and b.fore = r.{PERSON}"
        )
        made = write(db, select, settings.landing, file, new_name(file, fresh.fingerprint))
    if made.rader != file.rader:
        raise RuntimeError("a landing file lost rows when its pseudonyms were made anew")
    return made


def _next_links(people: pa.Table, dataset: Dataset, fresh: Keys) -> pa.Table:
    """The table with each pseudonym's next link, by municipality; rows come sorted by it."""
    kommuner, before = people.column("kommun_kod").to_pylist(), people.column("fore").to_pylist()
    after: list[int] = []
    start = 0
    for end in range(1, len(kommuner) + 1):
        if end == len(kommuner) or kommuner[end] != kommuner[start]:
            after += succeed(fresh, kommuner[start], dataset.andamal, before[start:end])
            start = end
    return people.append_column("efter", pa.array(after, pa.int64()))

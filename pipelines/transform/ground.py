"""What a build may stand on: the tables of the last one, when nothing but deliveries has changed since.

Belongs here: when the last build may be built on, and saying so when one is whole. Does not belong here: which parts of
a table are built again (the SQL asks `_andrad_manad`).

Whoever begins a build takes the ground away, and it is laid again when every model and test of it has passed: after a
kill or a fall there is none, and the next build starts from nothing. What the last build stood on must still be there:
the same meaning, and every landing file it read (retention and a change of key write others). Once a month all is built
from nothing, so that what has been replaced or destroyed does not stay in unused parts of the files.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import duckdb

from pipelines.contracts.files import digest_of, written_in
from pipelines.settings import Settings

MEANING = ("dbt_project", "data_contracts")


def _place(settings: Settings) -> Path:
    return settings.build_path.with_name("grund.json")


def _facts(settings: Settings) -> dict[str, str]:
    """What must be the same."""
    return {
        "betydelse": digest_of(written_in(MEANING)),
        "duckdb": duckdb.__version__,
        "manad": f"{settings.asof:%Y-%m}",
    }


def _landed(settings: Settings) -> list[str]:
    return sorted(p.relative_to(settings.landing).as_posix() for p in settings.landing.glob("*_*/*.parquet"))


def take(settings: Settings, kept: Collection[str]) -> bool:
    """Whether the build files that lie there may be built on. After this they may not, until `lay` says so again.

    If so they hold only the tables named in `kept`.
    """
    place = _place(settings)
    try:
        ground = json.loads(place.read_text(encoding="utf-8"))
        place.unlink()
        landed = set(ground.pop("landning"))
    except (OSError, ValueError, KeyError):
        return False
    files = (settings.build_path, settings.work_path)
    same = ground == _facts(settings) and landed <= set(_landed(settings))
    may = same and all(file.exists() for file in files)
    if may:
        for file in files:
            _clear(file, kept)
    return may


def _clear(file: Path, kept: Collection[str]) -> None:
    """Take out what is built anew every time, so that the new tables get the place of the old."""
    with duckdb.connect(str(file)) as db:
        views = db.execute("select 'view', schema_name, view_name from duckdb_views() where not internal").fetchall()
        tables = db.execute("select 'table', schema_name, table_name from duckdb_tables()").fetchall()
        for kind, schema, name in (*views, *tables):
            if name not in kept:
                db.execute(f'drop {kind} "{schema}"."{name}"')


def lay(settings: Settings) -> None:
    """The build files are whole: the next run may build on them."""
    content = json.dumps(_facts(settings) | {"landning": _landed(settings)})
    _place(settings).write_text(content, encoding="utf-8")


def forget(settings: Settings) -> None:
    """Let the next run build everything from nothing."""
    _place(settings).unlink(missing_ok=True)

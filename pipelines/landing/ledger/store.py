"""Reading and writing the ledger.

Belongs here: opening (with migrations) and the few statements the reception needs. Does not belong here: deciding
anything; the judgement is `judge.py`, the tables and their constraints are `tables.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, and_, bindparam, create_engine, event, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pipelines.landing.history import Warned
from pipelines.landing.judge import Delivered, Judgement
from pipelines.landing.ledger import tables as t

MIGRATIONS = Path(__file__).parent / "migrations"
Rows = Sequence[Mapping[str, Any]]


def _on_connect(connection: Any, _: Any) -> None:
    for pragma in ("foreign_keys=on", "journal_mode=wal", "synchronous=full", "busy_timeout=5000"):
        connection.execute(f"pragma {pragma}")


def open_ledger(path: Path) -> Engine:
    """The ledger at `path`, created or migrated to the newest form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        form = MigrationContext.configure(connection).get_current_revision()
    if form != ScriptDirectory.from_config(config).get_current_head():
        _migrate(engine, config)
    return engine


def _migrate(engine: Engine, config: Config) -> None:
    """All migrations or none, by one process while others wait: the driver begins no transaction before DDL."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("begin immediate")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql("commit")


def add_received(connection: Connection, rows: Rows) -> None:
    """Enter received packages; one already known keeps its earliest time of arrival."""
    if rows:
        entry = upsert(t.leverans)
        earlier = (entry.excluded.mottagen_tid < t.leverans.c.mottagen_tid) | t.leverans.c.mottagen_tid.is_(None)
        statement = entry.on_conflict_do_update(
            index_elements=["leverans_id"],
            set_={
                "mottagen_tid": entry.excluded.mottagen_tid,
                "mottagen_lokal": entry.excluded.mottagen_lokal,
                "paket_namn": entry.excluded.paket_namn,
            },
            where=earlier,
        )
        connection.execute(statement, [dict(row) for row in rows])


def add_outcomes(connection: Connection, outcomes: Mapping[str, Rows]) -> None:
    """Enter what the gate found: rows per ledger table, by the table's name."""
    for name, rows in outcomes.items():
        _add(connection, t.metadata.tables[name], rows)


def _add(connection: Connection, table: Table, rows: Rows) -> None:
    """Rows of texts, numbers and flags, as the driver takes them: SQLAlchemy's look at each cell costs more than the
    insert.
    """
    if rows:
        names = [table.c[name].name for name in rows[0]]
        values = ", ".join(f":{name}" for name in names)
        connection.exec_driver_sql(f"insert into {table.name} ({', '.join(names)}) values ({values})", list(rows))


def withdraw_rule(connection: Connection, regel_id: str, ids: Iterable[str]) -> None:
    """Take a rule that speaks of the whole package back: an earlier arrival has shown that it does not hold."""
    wanted = sorted(set(ids))
    if wanted:
        of_package = t.regelutfall.c.dataset.is_(None) & (t.regelutfall.c.regel_id == regel_id)
        connection.execute(
            t.regelutfall.delete().where(of_package, t.regelutfall.c.leverans_id == bindparam("b_id")),
            [{"b_id": i} for i in wanted],
        )


def set_gate_results(connection: Connection, rows: Rows) -> None:
    """Mark deliveries as tried at the gate, with the rule that stopped them there, if any."""
    if rows:
        statement = (
            update(t.leverans)
            .where(t.leverans.c.leverans_id == bindparam("b_id"))
            .values(provad=True, gate_regel=bindparam("b_regel"), **{c: bindparam(f"b_{c}") for c in MANIFEST_COLUMNS})
        )
        connection.execute(statement, [dict(row) for row in rows])


MANIFEST_COLUMNS = ("leveranstyp", "profil", "system", "system_version")


def untried(connection: Connection) -> list[Any]:
    """Deliveries that are archived but have not been through the gate."""
    query = select(t.leverans).where(t.leverans.c.provad.is_(False)).order_by(t.leverans.c.leverans_id)
    return list(connection.execute(query))


def known_files(connection: Connection) -> set[str]:
    """Names of the landing files the ledger answers for."""
    return set(connection.execute(select(t.landningsfil.c.namn)).scalars())


def set_aside(connection: Connection) -> set[tuple[str, str]]:
    """(delivery, dataset) of every delivery that has rows in quarantine, whatever was judged of it later."""
    query = select(t.leverans_dataset.c.leverans_id, t.leverans_dataset.c.dataset)
    rows = connection.execute(query.where(t.leverans_dataset.c.i_karantan > 0))
    return {(row.leverans_id, row.dataset) for row in rows}


def tried(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Which of the deliveries have been through the gate already."""
    query = select(t.leverans.c.leverans_id).where(t.leverans.c.provad)
    return set(connection.execute(query).scalars()) & set(ids)


def sources(connection: Connection) -> list[str]:
    """The sources deliveries have been tried for, also those that no contract knows."""
    query = select(t.leverans.c.kalla).distinct().where(t.leverans.c.provad).order_by(t.leverans.c.kalla)
    return list(connection.execute(query).scalars())


def parts(connection: Connection) -> dict[tuple[str, str], set[str]]:
    """(municipality, year) → its named parts that have sent anything of the year, to whatever source."""
    found: dict[tuple[str, str], set[str]] = {}
    c = t.leverans.c
    for row in connection.execute(select(c.kommun_kod, c.period, c.stadsdel_kod).where(c.provad, c.stadsdel_kod != "")):
        found.setdefault((row.kommun_kod, row.period[:4]), set()).add(row.stadsdel_kod)
    return found


def delivered(connection: Connection, kalla: str) -> list[Delivered]:
    """Everything of a source that has been through the gate."""
    months: dict[str, dict[tuple[str, str], tuple[int, bool]]] = {}
    m = t.leverans_manad.c
    own = select(m.leverans_id, m.dataset, m.period, m.mottagna, m.ar_nolleverans)
    own = own.join(t.leverans).where(t.leverans.c.kalla == kalla)
    for row in connection.execute(own):
        months.setdefault(row.leverans_id, {})[row.dataset, row.period] = (row.mottagna, row.ar_nolleverans)
    query = select(t.leverans).where(t.leverans.c.kalla == kalla, t.leverans.c.provad)
    return [
        Delivered(
            row.leverans_id,
            (row.kommun_kod, row.stadsdel_kod, row.kalla),
            row.period,
            row.version,
            row.mottagen_tid.isoformat(),
            row.sha256,
            row.gate_regel,
            months.get(row.leverans_id, {}),
        )
        for row in connection.execute(query)
    ]


def enter_judgement(connection: Connection, kalla: str, judgement: Judgement) -> list[str]:
    """Write the verdicts and what is in force of a source; the deliveries whose status changed."""
    c = t.leverans.c
    query = select(c.leverans_id, c.status, c.stoppande_regel).where(c.kalla == kalla)
    before = {row.leverans_id: (row.status, row.stoppande_regel) for row in connection.execute(query)}
    after = {k: ("stoppad" if rule else "godkand", rule) for k, rule in judgement.verdicts.items()}
    changed = [k for k, value in after.items() if before.get(k) != value]
    if changed:
        statement = (
            update(t.leverans)
            .where(t.leverans.c.leverans_id == bindparam("b_id"))
            .values(status=bindparam("b_status"), stoppande_regel=bindparam("b_regel"))
        )
        rows = [{"b_id": k, "b_status": after[k][0], "b_regel": after[k][1]} for k in changed]
        connection.execute(statement, rows)
    _enter_in_force(connection, kalla, judgement)
    return changed


def _enter_in_force(connection: Connection, kalla: str, judgement: Judgement) -> None:
    """Let the table say what is in force of a source, by what has changed: mostly little of all that stands."""
    keys = [c.name for c in t.i_kraft.primary_key]
    standing = {tuple(row) for row in connection.execute(select(t.i_kraft).where(t.i_kraft.c.kalla == kalla))}
    wanted: set[tuple[Any, ...]] = {(*key, leverans_id) for key, leverans_id in judgement.in_force.items()}
    if gone := standing - wanted:
        own = and_(*(t.i_kraft.c[name] == bindparam(f"b_{name}") for name in keys))
        rows = [{f"b_{name}": value for name, value in zip(keys, row, strict=False)} for row in gone]
        connection.execute(t.i_kraft.delete().where(own), rows)
    _add(connection, t.i_kraft, [dict(zip(t.i_kraft.c.keys(), row, strict=True)) for row in wanted - standing])


def enter_warnings(connection: Connection, kalla: str, warned: Iterable[Warned]) -> None:
    """Replace the warnings that stand on a source's deliveries."""
    of_source = select(t.leverans.c.leverans_id).where(t.leverans.c.kalla == kalla)
    connection.execute(t.varning.delete().where(t.varning.c.leverans_id.in_(of_source)))
    _add(connection, t.varning, [vars(warning) for warning in warned])

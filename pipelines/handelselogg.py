"""Dagster's event log in SQLite, with its connections kept open.

Belongs here: how the log's files are opened. Does not belong here: what is logged, and where Dagster's home is.

Dagster's own class makes an engine for every event and closes the file after it; SQLite then writes its journal back
and syncs, thousands of times in a run. Here each file is opened once in a process, and a table that has been seen is
not looked for again. The log is not the ledger: what the last moments before a power cut said of a run may be lost,
never damaged, and Dagster's monitoring then ends the run.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

MAX_OPEN = 16


class Handelselogg(SqliteEventLogStorage):
    """The same files and tables as `SqliteEventLogStorage`; only the opening differs. For `dagster.yaml`."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._open: OrderedDict[tuple[int, str], Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        """The shard's engine, opened on first use; the one used longest ago is closed when they are too many."""
        key = (os.getpid(), shard)  # a connection is never taken over a fork
        if key in self._open and not os.path.exists(self.path_for_shard(shard)):
            self._open.pop(key).dispose()
        if key not in self._open:
            self._open[key] = _opened(self.conn_string_for_shard(shard))
            self._initdb(self._open[key])
        self._open.move_to_end(key)
        while len(self._open) > MAX_OPEN:
            self._open.popitem(last=False)[1].dispose()
        return self._open[key]

    def has_table(self, table_name: str) -> bool:
        """Asked before every check that is stored. A table that has been seen stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        self._close()
        super().wipe()

    def dispose(self) -> None:
        super().dispose()
        self._close()

    def _close(self) -> None:
        while self._open:
            self._open.popitem()[1].dispose()


def _opened(address: str) -> Engine:
    engine = create_engine(
        address,
        poolclass=StaticPool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _journal(connection: Any, _: Any) -> None:
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=normal")

    return engine

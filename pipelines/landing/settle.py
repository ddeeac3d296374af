"""Settling: judge the whole ledger, look back over it and tell the senders, in one transaction.

Belongs here: what must hold after every reception and before every build, also when a run was killed in between.
Does not belong here: the judgement (`judge.py`), the look back (`history.py`, `landed.py`) and the receipts
(`receipts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine

from pipelines.contracts.geography import population
from pipelines.contracts.model import Contracts
from pipelines.landing.files import sync_all
from pipelines.landing.history import NONE, look_back
from pipelines.landing.judge import judge
from pipelines.landing.landed import of_ledger
from pipelines.landing.ledger import acknowledged, store
from pipelines.landing.receipts import write_receipts
from pipelines.landing.rewrite import write_empty
from pipelines.settings import Settings


def settle(ledger: Engine, contracts: Contracts, settings: Settings, touched: Iterable[str] = ()) -> set[str]:
    """Enter the judgement and the warnings of every source; receipts for the touched and for those that changed.

    Every dataset has a table then, whether or not a reception has met it. Settling twice changes nothing. The receipts
    are written before the commit: a judgement that stands has its receipts, or is judged again.
    """
    concerned = set(touched)
    write_empty(settings.landing, contracts.datasets.values())
    with ledger.begin() as connection:
        before, parts = acknowledged.standing(connection), store.parts(connection)
        for kalla in store.sources(connection):
            datasets = tuple(sorted(d.id for d in contracts.source(kalla)))
            calendar = contracts.calendar(kalla)
            delivered = store.delivered(connection, kalla)
            landed = of_ledger(connection, settings.landing, contracts.source(kalla))
            judgement = judge(delivered, datasets, calendar, landed.left_out(delivered))
            concerned |= set(store.enter_judgement(connection, kalla, judgement))
            elsewhere = parts if calendar.yearly else NONE
            warned = look_back(delivered, judgement, population(), elsewhere) | landed.warned(judgement.in_force)
            store.enter_warnings(connection, kalla, warned)
        concerned |= {warning.leverans_id for warning in before ^ acknowledged.standing(connection)}
        _tell(connection, contracts, settings, concerned)
    return concerned


def acknowledge(
    ledger: Engine, contracts: Contracts, settings: Settings, keys: Sequence[acknowledged.Key], by: str, reason: str
) -> None:
    """Enter acknowledgements of warnings that stand, and write the receipts they are shown on."""
    with ledger.begin() as connection:
        before = acknowledged.standing(connection)
        acknowledged.acknowledge(connection, keys, by, reason)
        answered = {warning.leverans_id for warning in before ^ acknowledged.standing(connection)}
        _tell(connection, contracts, settings, answered)


def _tell(connection: Connection, contracts: Contracts, settings: Settings, concerned: Iterable[str]) -> None:
    """The receipts, on the disk before the commit that makes them final."""
    if write_receipts(connection, contracts, settings, concerned):
        sync_all()

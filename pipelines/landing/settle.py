"""Settling: judge the whole ledger and tell the senders, in one transaction.

Belongs here: what must hold after every reception and before every build, also when a run was killed in between.
Does not belong here: the judgement (`judge.py`) and the receipts' content (`receipts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine

from pipelines.contracts.model import Contracts
from pipelines.landing.judge import judge
from pipelines.landing.ledger import store
from pipelines.landing.receipts import write_receipts
from pipelines.settings import Settings


def settle(ledger: Engine, contracts: Contracts, settings: Settings, touched: Iterable[str] = ()) -> set[str]:
    """Enter the judgement of every source; receipts for the touched deliveries and those whose status changed.

    Settling twice changes nothing. The receipts are written before the commit: a judgement that stands has its
    receipts, or is judged again.
    """
    concerned = set(touched)
    with ledger.begin() as connection:
        for kalla in store.sources(connection):
            datasets = tuple(sorted(d.id for d in contracts.source(kalla)))
            judgement = judge(store.delivered(connection, kalla), datasets)
            concerned |= set(store.enter_judgement(connection, kalla, judgement))
        write_receipts(connection, contracts, settings.outbox, concerned)
    return concerned

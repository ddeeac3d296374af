"""Identities: each distinct number checked and pseudonymised once per reception, in the gate's memory.

Belongs here: the table `identitet` of the gate's connection. Does not belong here: keys (`keys.py`), the HMAC
(`pseudonyms.py`) and which rule an invalid number breaks (the contract).
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from pipelines.contracts.model import Dataset
from pipelines.landing.gate_sql import identity_text
from pipelines.landing.keys import Keys
from pipelines.landing.pseudonyms import checksums_hold, pseudonymise


class Identities:
    """The identities met so far in a reception, by municipality."""

    def __init__(self, db: duckdb.DuckDBPyConnection, keys: Keys) -> None:
        self._db, self._keys = db, keys
        db.execute(
            "create table identitet (kommun_kod varchar, identitet varchar, giltig boolean, fodelsedatum date, "
            "fodelsear integer, kon_kod varchar, person_id bigint)"
        )

    def learn(self, dataset: Dataset) -> None:
        """Check and pseudonymise the dataset's identities that have not been met before."""
        for kommun_kod, found in self._new(dataset):
            self._store(dataset.andamal, kommun_kod, found)

    def _new(self, dataset: Dataset) -> Iterator[tuple[str, pa.Table]]:
        """The new ones, one table per municipality; `fodd` is set where a number holds a real date."""
        day = "cast(substr(nummer, 7, 2) as integer) - case when id_typ = 'samordning' then 60 else 0 end"
        born = f"substr(nummer, 1, 4) || '-' || substr(nummer, 5, 2) || '-' || lpad(cast({day} as varchar), 2, '0')"
        found = self._db.sql(
            f"""
            with ny as (
                select distinct p.kommun_kod, r.id_typ, r.{dataset.identity_column} as nummer,
                    {identity_text(dataset, "r")} as identitet
                from r_{dataset.id} as r join paket as p on p.paket = r.paket
                where r.id_typ in ('pnr', 'samordning', 'reserv') and r.{dataset.identity_column} is not null
            )
            select n.kommun_kod, n.nummer, n.identitet, n.id_typ = 'reserv' as reserv,
                case when n.id_typ <> 'reserv' and regexp_full_match(n.nummer, '(18|19|20)[0-9]{{10}}')
                    then try_cast({born} as date) end as fodd
            from ny as n
            anti join identitet as i on i.kommun_kod = n.kommun_kod and i.identitet = n.identitet
            order by n.kommun_kod, n.identitet
            """
        ).to_arrow_table()
        kommuner, start = found.column("kommun_kod").to_pylist(), 0
        for end in range(1, len(kommuner) + 1):
            if end == len(kommuner) or kommuner[end] != kommuner[start]:
                yield kommuner[start], found.slice(start, end - start)
                start = end

    def _store(self, andamal: str, kommun_kod: str, found: pa.Table) -> None:
        numbers, born = found.column("nummer").to_pylist(), found.column("fodd").to_pylist()
        dated = [i for i, day in enumerate(born) if day is not None]
        held = checksums_hold(numbers[i] for i in dated)
        whole = {i for i, holds in zip(dated, held, strict=True) if holds}
        valid = [r or i in whole for i, r in enumerate(found.column("reserv").to_pylist())]
        ids = pseudonymise(self._keys, kommun_kod, andamal, found.column("identitet").to_pylist())
        table = pa.table(
            {
                "kommun_kod": found.column("kommun_kod"),
                "identitet": found.column("identitet"),
                "giltig": valid,
                "fodd": pa.array([d if i in whole else None for i, d in enumerate(born)], pa.date32()),
                "kon_kod": pa.array([_sex(n) if i in whole else None for i, n in enumerate(numbers)], pa.string()),
                "person_id": pa.array([p if v else None for p, v in zip(ids, valid, strict=True)], pa.int64()),
            }
        )
        self._db.register("inkommet", table)
        self._db.execute(
            "insert into identitet select kommun_kod, identitet, giltig, fodd, year(fodd), kon_kod, person_id "
            "from inkommet"
        )
        self._db.unregister("inkommet")


def _sex(number: str) -> str:
    """The last digit but one of a number: odd for a man, even for a woman."""
    return "1" if int(number[-2]) % 2 else "2"

"""Identities: each distinct number checked and pseudonymised once per reception, in the gate's memory.

Belongs here: the table `identitet` of the gate's connection. Does not belong here: keys (`keys.py`), the HMAC
(`pseudonyms.py`) and which rule an invalid number breaks (the contract).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.landing.gate_sql import luhn_holds
from pipelines.landing.keys import Keys
from pipelines.landing.pseudonyms import pseudonymise

SAME = "i.kommun_kod = n.kommun_kod and i.id_typ = n.id_typ and i.nummer = n.nummer and i.ar = n.ar"


class Identities:
    """The identities of the municipalities that the batch is of, as met so far in the reception."""

    def __init__(self, db: duckdb.DuckDBPyConnection, keys: Keys) -> None:
        self._db, self._keys = db, keys
        db.execute(
            "create temp table identitet (kommun_kod varchar, id_typ varchar, nummer varchar, ar varchar, "
            "giltig boolean, fodelsedatum date, fodelsear integer, kon_kod varchar, person_id bigint)"
        )

    def learn(self, andamal: str, different: pa.Table) -> None:
        """Check and pseudonymise a batch's different identities where they are new, and forget who has left; then
        `identitet_nu` has what is known of each, by its number in the batch.
        """
        self._db.execute(
            "create or replace temp table identitet as select i.* from identitet as i "
            "semi join paket as p on p.kommun_kod = i.kommun_kod"
        )
        self._db.register("inkommen_identitet", different)
        self._store(andamal, self._new())
        self._db.execute(
            "create or replace temp table identitet_nu as select n.identitet_nr, i.* "
            f"from inkommen_identitet as n join identitet as i on {SAME}"
        )
        self._db.unregister("inkommen_identitet")

    def _new(self) -> pa.Table:
        """The new ones, municipality by municipality; of a number that holds also the date and the sex (next to last
        digit: odd for a man).
        """
        day = "cast(substr(nummer, 7, 2) as integer) - case when id_typ = 'samordning' then 60 else 0 end"
        born = f"substr(nummer, 1, 4) || '-' || substr(nummer, 5, 2) || '-' || lpad(cast({day} as varchar), 2, '0')"
        return self._db.sql(
            f"""
            with provad as (
                select n.*, case
                        when n.id_typ <> 'reserv' and regexp_full_match(n.nummer, '(18|19|20)[0-9]{{10}}')
                            and {luhn_holds("substr(n.nummer, 3)")} then try_cast({born} as date)
                    end as fodelsedatum
                from inkommen_identitet as n anti join identitet as i on {SAME}
                where n.id_typ in ('pnr', 'samordning', 'reserv')
            )
            select kommun_kod, id_typ, nummer, ar, id_typ = 'reserv' or fodelsedatum is not null as giltig,
                fodelsedatum, cast(year(fodelsedatum) as integer) as fodelsear,
                case when fodelsedatum is not null
                    then case when cast(substr(nummer, 11, 1) as integer) % 2 = 1 then '1' else '2' end end as kon_kod,
                id_typ || '|' || nummer || case when ar <> '' then '|' || ar else '' end as identitet
            from provad order by kommun_kod, id_typ, nummer, ar
            """
        ).to_arrow_table()

    def _store(self, andamal: str, found: pa.Table) -> None:
        """All in one insert: one for each municipality cost more than their pseudonyms."""
        ids: list[int] = []
        for kommun_kod, own in groupby(_rows(found), itemgetter(0)):
            ids += pseudonymise(self._keys, kommun_kod, andamal, (identity for _, identity in own))
        known = pc.if_else(found.column("giltig"), pa.array(ids, pa.int64()), None)
        self._db.register("inkommet", found.drop_columns("identitet").append_column("person_id", known))
        self._db.execute("insert into identitet select * from inkommet")
        self._db.unregister("inkommet")


def _rows(found: pa.Table) -> Iterator[tuple[str, str]]:
    """(municipality, identity) in the table's order."""
    return zip(found.column("kommun_kod").to_pylist(), found.column("identitet").to_pylist(), strict=True)

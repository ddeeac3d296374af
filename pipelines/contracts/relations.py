"""What a contract says of a row beside its own cells: other rows of the package, and the years before.

Belongs here: the customProperties of a table (`uppslag`, `par`, `kaskad`, `skydd`, `historik`, `andelar` and so on) as
small frozen objects. Does not belong here: columns and rules (`model.py`), and SQL (`landing/`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Lookup:
    """What all received rows of a dataset of the same package, its own or another, say of a row's key.

    `matt` are 0 where no row has the key, `varden` are empty. With `flera` only keys that stand on more than one row
    are looked up. With `typat` the rows are read in their types, with what is derived of them and, of a valid number,
    `fodelsedatum`; without it they are text.
    """

    tabell: str
    nyckel: tuple[str, ...]
    matt: dict[str, str]
    varden: dict[str, str] = field(default_factory=dict)
    flera: bool = False
    typat: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What a rule may call what was found."""
        return (*self.matt, *self.varden)


@dataclass(frozen=True)
class Pairs:
    """What a row's pairs with the other rows of its table with the same key say of it.

    `rader` says which rows are paired (default all). `per_par` is said of each pair, of the row `a` and the other `b`;
    `matt` (0 where there is no pair) and `varden` (else empty) gather it for `a`.
    """

    nyckel: tuple[str, ...]
    per_par: dict[str, str]
    matt: dict[str, str] = field(default_factory=dict)
    varden: dict[str, str] = field(default_factory=dict)
    rader: str = "true"


@dataclass(frozen=True)
class Cascade:
    """A row follows its parent row in the same package; `kravs` says whether a missing parent is a fault."""

    regel: str
    tabell: str
    nyckel: tuple[str, ...]
    kravs: bool


@dataclass(frozen=True)
class Protection:
    """Rows whose `kolumn` = `varde` keep everything with the same `nyckel` in the package at the gate."""

    kolumn: str
    varde: str
    nyckel: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """Rows for which `nar` holds one year must come again the next year, or the rule stops that year's delivery."""

    regel: str
    nar: str


@dataclass(frozen=True)
class Unchanged:
    """Rows for which `nar` holds one year have the same `kolumner` if they come again the next; else a warning."""

    regel: str
    nar: str
    kolumner: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """Rules on landed rows with the same key in a sender's deliveries of two years after each other.

    `nar` reads a landed row's columns and `period_slut`, the last day of its year.
    """

    nyckel: tuple[str, ...]
    kvarstar: Kept
    oforandrad: Unchanged

    @property
    def rules(self) -> tuple[str, str]:
        """The rules that fall here."""
        return self.kvarstar.regel, self.oforandrad.regel


@dataclass(frozen=True)
class Share:
    """A warning on a municipality's year: among at least `minst` rows in force (`bland`), more than `over` are `av`."""

    regel: str
    bland: str
    av: str
    minst: int
    over: float


def _lookups(entries: list[dict[str, Any]]) -> tuple[Lookup, ...]:
    return tuple(Lookup(**{"matt": {}, **entry, "nyckel": tuple(entry["nyckel"])}) for entry in entries)


def _history(entry: dict[str, Any]) -> History:
    unchanged = entry["oforandrad"]
    return History(
        tuple(entry["nyckel"]),
        Kept(**entry["kvarstar"]),
        Unchanged(**{**unchanged, "kolumner": tuple(unchanged["kolumner"])}),
    )


def relations(extra: dict[str, Any]) -> dict[str, Any]:
    """The fields of a dataset that its table's customProperties give; a name that one misspells is refused."""
    cascade, protection, history = (extra.get(name) for name in ("kaskad", "skydd", "historik"))
    return {
        "lookups": _lookups(extra.get("uppslag", [])),
        "derived": dict(extra.get("harlett", {})),
        "pairs": tuple(Pairs(**{**entry, "nyckel": tuple(entry["nyckel"])}) for entry in extra.get("par", [])),
        "cascade": cascade and Cascade(**{**cascade, "nyckel": tuple(cascade["nyckel"])}),
        "protection": protection and Protection(**{**protection, "nyckel": tuple(protection["nyckel"])}),
        "same_person": tuple(extra.get("samma_person", ())),
        "history": history and _history(history),
        "shares": tuple(Share(**entry) for entry in extra.get("andelar", [])),
    }

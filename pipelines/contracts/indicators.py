"""The form of an indicator's meta: which keys it has, what they may say, and what holds when one is left out.

Belongs here: refusing a description that the machinery would misread. Does not belong here: what a kind of record costs
to protect (`protection.py`), and what is made of the meta (`render.py`). The guide is `docs/how-to/ny_kalla.md`.
"""

from __future__ import annotations

from itertools import product
from typing import Any

REQUIRED = frozenset({
    *("indikator_id", "version", "namn", "omrade", "definition", "taljare", "namnare", "typ", "matt", "enhet"),
    *("polaritet", "nivaer", "perioder", "fonster_ar", "datamangder", "skattas", "ar_personuppgift"),
    *("taljare_slag", "namnare_slag", "celler", "kallor", "additiv_over", "extern_id"),
})  # fmt: skip
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("ar_kanslig", "pool", "kommun_bara_pool"), False),
    **dict.fromkeys(("rangordning", "fordelning", "forsta_ar", "medel_skala", "medel_storsta")),
}
LEVELS = ("kommun", "kommungrupp", "rss", "lan", "riket")
PERIODS = ("ar", "manad")
ALLOWED: dict[str, tuple[Any, ...]] = {
    "typ": ("volym", "kvalitet", "process", "resultat", "struktur"),
    "matt": ("andel", "kvot", "median", "medel", "antal"),
    "polaritet": ("hog", "lag", "neutral"),
    "nivaer": LEVELS,
    "perioder": PERIODS,
    "rangordning": (None, "nej", "ja", "villkor"),
    "additiv_over": ("ingen", "kommun"),
    **dict.fromkeys(("skattas", "ar_personuppgift", "ar_kanslig", "pool", "kommun_bara_pool"), (True, False)),
}
FOLLOWED = ("uppfoljning", "uppfoljda")
MEASURED = ("median", "medel")


def codes(cells: dict[str, Any]) -> list[str]:
    """The codes of a block of cells: as they stand (`koder`), or put together of one from each list (`koder_av`)."""
    return ["_".join(parts) for parts in product(*cells["koder_av"])] if "koder_av" in cells else cells["koder"]


def whole(meta: dict[str, Any]) -> dict[str, Any]:
    """The meta with what it leaves out. Raises ValueError where it is not of the form."""
    name = meta["indikator_id"]
    if lacking := sorted(REQUIRED - set(meta)):
        raise ValueError(f"{name}: meta saknar {', '.join(lacking)}")
    if unknown := sorted(set(meta) - REQUIRED - set(DEFAULTS)):
        raise ValueError(f"{name}: meta har okända nycklar: {', '.join(unknown)}")
    found = DEFAULTS | meta
    for key, allowed in ALLOWED.items():
        values = found[key] if isinstance(found[key], list) else [found[key]]
        if wrong := [value for value in values if value not in allowed]:
            raise ValueError(f"{name}: {key} ska vara något av {', '.join(map(str, allowed))}; {wrong}")
    _require_parts(name, found)
    return found


def _require_parts(name: str, meta: dict[str, Any]) -> None:
    if (meta["matt"] in MEASURED) is not (meta["fordelning"] is not None):
        raise ValueError(f"{name}: median och medel, och bara de, säger i fordelning vilken modell som har värdena")
    if meta["matt"] == "antal" and any(cell.get("namnare", True) for cell in meta["celler"]):
        raise ValueError(f"{name}: ett antal har ingen nämnare: celler ska ha namnare: false")
    followed = any((cell["uppdelning"], code) == FOLLOWED for cell in meta["celler"] for code in codes(cell))
    if meta["rangordning"] == "villkor" and not followed:
        raise ValueError(f"{name}: rangordning villkor behöver cellen {' '.join(FOLLOWED)}")
    if meta["kommun_bara_pool"] and "kommun" in meta["nivaer"] and not meta["pool"]:
        raise ValueError(f"{name}: kommun_bara_pool med nivån kommun behöver pool: true, annars visas inget av den")
    if private := [table for table in meta["kallor"].split(", ") if table.startswith("_")]:
        raise ValueError(f"{name}: kallor ska vara tabeller som ges ut, inte {', '.join(private)}")
    if not isinstance(meta["forsta_ar"], int | None):
        raise ValueError(f"{name}: forsta_ar ska vara ett årtal")
    _require_mean(name, meta)


def _require_mean(name: str, meta: dict[str, Any]) -> None:
    """A mean is protected by the scale of what it is of; its spread is known for one year's own numbers only."""
    scale = [meta["medel_skala"], meta["medel_storsta"]]
    if meta["matt"] != "medel" and scale != [None, None]:
        raise ValueError(f"{name}: medel_skala och medel_storsta hör bara till matt: medel")
    if meta["matt"] == "medel" and not all(isinstance(value, int) and value > 0 for value in scale):
        raise ValueError(f"{name}: ett medel säger medel_skala och medel_storsta, hela tal över noll")
    if meta["matt"] == "medel" and (meta["pool"] or meta["skattas"] or meta["ar_kanslig"]):
        raise ValueError(f"{name}: ett medel har varken pool, skattas eller ar_kanslig: dess summa är inget antal")

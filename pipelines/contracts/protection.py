"""The protection of what is published, as its output contract promises it.

Belongs here: reading the `skydd` property of the indicator values' contract, for whoever renders, generates or attacks.
Does not belong here: what the numbers do; that stands in SQL (`macros/skydd.sql`) and in `disclosure`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.contracts.files import read_yaml
from pipelines.settings import PROJECT_ROOT

CONTRACT = Path("data_contracts") / "outputs" / "indikatorvarde.odcs.yaml"
# What an indicator may count. Counts are protected by the keys of the records behind (a `mangd`, counted by its sender,
# has the key of its row), kronor by those and by rules of their own; population and deliveries are public. `slag` in
# the SQL.
COUNTED = ("person", "hushall", "avslutad_period", "personmanad", "hushallsmanad", "handelse", "vardygn", "mangd")
PUBLIC = ("befolkning", "leverans")
KINDS = (*COUNTED, "kronor", *PUBLIC)


def protection(project: Path = PROJECT_ROOT) -> dict[str, Any]:
    """Method and parameters, by name. `sista_klass` follows from them: from it on, every count is treated alike."""
    contract = read_yaml(project / CONTRACT)
    (value,) = (p["value"] for p in contract["customProperties"] if p["property"] == "skydd")
    return {**value, "sista_klass": value["hogsta_som_aldrig_visas"] + value["storsta_avvikelse"] + 1}


def require_kinds(meta: dict[str, Any]) -> None:
    """Refuse an indicator that does not say what its numerator and denominator count. Raises ValueError."""
    name, kinds = meta["indikator_id"], [meta.get("taljare_slag"), meta.get("namnare_slag")]
    if unknown := [str(kind) for kind in kinds if kind not in KINDS]:
        raise ValueError(f"{name}: taljare_slag och namnare_slag ska vara något av {', '.join(KINDS)}; {unknown}")
    if kinds[1] == "kronor":
        raise ValueError(f"{name}: kronor kan inte vara nämnare; skyddet av belopp gäller täljaren")
    if bool(meta["ar_personuppgift"]) is not any(kind not in PUBLIC for kind in kinds):
        raise ValueError(f"{name}: ar_personuppgift säger emot vad täljare och nämnare räknar")

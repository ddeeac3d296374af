"""Two changes of form, of the tables of ekonomiskt bistånd, in a copy of the project's contracts.

Belongs here: the changes and where they are written. Does not belong here: what should follow of them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.support.repo import ROOT

FOLDER = "sources/eb"
OLD = {
    "name": "boende_kod",
    "logicalType": "string",
    "physicalType": "varchar",
    "required": True,
    "description": "Om hushållet har eget boende.",
    "customProperties": [{"property": "kodlista", "value": "ja_nej"}],
}
HUSHALL_2018 = {
    "tabell": "eb_hushall",
    "ar": 2018,
    "kalla": "egen",
    "tillkomna_kolumner": ["utrikes_fodd_kod"],
    "borttagna_kolumner": [OLD],
    "tillkomna_koder": {"hushallstyp": ["9"]},
    "anmarkning": "Ett prov.",
}
AVSLUT_2016 = {
    "tabell": "eb_avslut",
    "ar": 2016,
    "kalla": "egen",
    "borttagna_koder": {"avslutsorsak": ["AO8"]},
    "anmarkning": "Ett prov.",
}


def changed_contracts(folder: Path) -> Path:
    """The root of a copy with both changes."""
    root = Path(shutil.copytree(ROOT / "data_contracts", folder / "data_contracts"))
    write(root, "hushall.2018", HUSHALL_2018)
    write(root, "avslut.2016", AVSLUT_2016)
    return root


def write(root: Path, name: str, content: dict[str, Any]) -> None:
    """One change, as the file `<name>.diff.yaml`."""
    text = yaml.safe_dump(content, allow_unicode=True)
    (root / FOLDER / f"{name}.diff.yaml").write_text(text, encoding="utf-8")

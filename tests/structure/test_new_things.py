"""What a new thing takes: in a copy of the repository, a new source table, a change of its form and a new indicator are
their own files only.

Belongs here: adding one of each and seeing it picked up. Does not belong here: that what is there is right.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.repo import copy_to

pytestmark = pytest.mark.xdist_group("new_things")  # one fixture for the whole module
CONTRACT = "data_contracts/sources/eb/beslut.odcs.yaml"
FORM = "data_contracts/sources/eb/beslut.2018.diff.yaml"
STAGING = "dbt_project/models/staging/stg_eb__beslut.sql"
INDICATOR = "dbt_project/models/indicators/ind_eb__prov"
PROBE = """
import json
from datetime import date
from pipelines.contracts.model import PROJECT_ROOT, get_contracts
from pipelines.contracts import render
from pipelines.landing.assets import landing_assets
from pipelines.landing.gate import Gate
from pipelines.landing.gate_load import Delivery
from pipelines.landing.keys import Keys
from pipelines.landing.readers.body import Body

render.main()
contracts = get_contracts()
gate = Gate(contracts, "eb", Keys(bytes(32)))
rows = b"0114;;2019-03;H1;1\\n0114;;2019-03;H2;7\\n0114;;2019-03;;1\\n0114;;2019-03;H3;1\\n0114;;2019-03;H3;1\\n"
body = Body("eb_beslut", ("kommun_kod", "stadsdel_kod", "period", "hushall_id", "beslut_kod"), rows, 5)
(outcome,) = gate.run([Delivery("x", "0114", "", "2019-03", "ordinarie", date(2019, 4, 1), (body,))])
positions = [vars(p) for p in gate.positions()]
body = Body(body.dataset, body.columns, b"0114;;2017-03;H1;0\\n0114;;2017-03;H2;1\\n", 2)
gate.run([Delivery("y", "0114", "", "2017-03", "ordinarie", date(2017, 4, 1), (body,))])
print(json.dumps({
    "root": str(PROJECT_ROOT),
    "rows": positions,
    "earlier": [vars(p) for p in gate.positions()],
    "changelog": render.form_changes(contracts),
    "loaded": outcome.datasets["eb_beslut"].lasta,
    "assets": sorted("/".join(k.path) for a in landing_assets() for k in a.keys),
}))
"""


def tree(root: Path) -> dict[str, str]:
    """Every file but what is rendered, by its hash."""
    skip = {"_generated", "__pycache__"}
    files = [p for p in root.rglob("*") if p.is_file() and not skip & set(p.parts)]
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def new_contract(root: Path) -> str:
    """A contract of the smallest kind, made from that of the closings."""
    contract: dict[str, Any] = yaml.safe_load((root / "data_contracts/sources/eb/avslut.odcs.yaml").read_text())
    contract["id"] = "eb_beslut"
    (table,) = contract["schema"]
    table |= {"name": "eb_beslut", "physicalName": "eb_beslut.csv", "customProperties": [], "quality": []}
    properties = [p for p in table["properties"] if p["name"] not in ("avslutsorsak_kod", "avslut_datum")]
    code = {"name": "beslut_kod", "logicalType": "string", "physicalType": "varchar", "required": True}
    code["customProperties"] = [{"property": "kodlista", "value": "ja_nej"}]
    table["properties"] = [*properties, code]
    return yaml.safe_dump(contract, allow_unicode=True)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, Any]]:
    """A copy with one new source table that has had another form, and one new indicator, rendered and tried."""
    root = copy_to(tmp_path_factory.mktemp("kopia"), "pipelines", "data_contracts", "dbt_project", "expectations")
    before = tree(root)
    (root / CONTRACT).write_text(new_contract(root))
    change = {"tabell": "eb_beslut", "ar": 2018, "kalla": "egen", "anmarkning": "Ett prov."}
    change["tillkomna_koder"] = {"ja_nej": ["1"]}  # type: ignore[assignment]
    (root / FORM).write_text(yaml.safe_dump(change))
    (root / STAGING).write_text("select leverans_id, beslut_kod\nfrom {{ parquet('landing', 'eb_beslut') }}\n")
    for suffix in (".sql", ".yml"):
        model = (root / f"dbt_project/models/indicators/ind_eb__bistandsmottagare{suffix}").read_text()
        changed = model.replace("ind_eb__bistandsmottagare", "ind_eb__prov").replace("EB01", "EB99")
        (root / f"{INDICATOR}{suffix}").write_text(changed)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "LAGER_HOME": str(root / "var")}
    command = [sys.executable, "-c", PROBE]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return root, before, json.loads(done.stdout)


def test_a_new_source_table_and_a_new_indicator_change_no_other_file(
    grown: tuple[Path, dict[str, str], dict[str, Any]],
) -> None:
    root, before, found = grown
    assert found["root"] == str(root), "the copy was not what ran"
    after = tree(root)
    assert {name for name in after if after[name] != before.get(name)} == {
        CONTRACT,
        FORM,
        STAGING,
        f"{INDICATOR}.sql",
        f"{INDICATOR}.yml",
    }


def test_a_new_source_table_gets_its_gate_its_dbt_source_and_its_asset(
    grown: tuple[Path, dict[str, str], dict[str, Any]],
) -> None:
    root, _, found = grown
    assert {(p["rad_nr"], p["kolumn"], p["regel_id"]) for p in found["rows"]} == {
        (3, "beslut_kod", "GEN-14"),
        (4, "hushall_id", "GEN-25"),
        (5, "hushall_id", "GEN-12"),
        (6, "hushall_id", "GEN-12"),
    }
    assert found["loaded"] == 1
    assert "landing/eb_beslut" in found["assets"]
    sources = yaml.safe_load((root / "dbt_project/models/staging/_generated/sources.yml").read_text())
    landing = next(s for s in sources["sources"] if s["name"] == "landing")
    assert "eb_beslut" in {table["name"] for table in landing["tables"]}


def test_a_change_of_form_gets_its_years_in_the_gate_and_its_place_in_the_changelog(
    grown: tuple[Path, dict[str, str], dict[str, Any]],
) -> None:
    _, _, found = grown
    assert [(p["rad_nr"], p["kolumn"], p["regel_id"]) for p in found["earlier"]] == [(3, "beslut_kod", "GEN-14")]
    assert "- Tillkomna koder i `ja_nej`: `1`" in found["changelog"].split("### eb_beslut:")[1].split("###")[0]


def test_a_new_indicator_is_in_the_union_the_catalogue_and_the_cells(
    grown: tuple[Path, dict[str, str], dict[str, Any]],
) -> None:
    root, _, _ = grown
    union = (root / "dbt_project/models/indicators/_generated/ind_alla.sql").read_text()
    assert "'EB99' as indikator_id" in union
    assert "{{ ref('ind_eb__prov') }}" in union
    macros = (root / "dbt_project/macros/_generated/indikatorer.sql").read_text()
    for table in ("indikator_rader", "indikator_dataset_rader", "indikatorcell_rader"):
        body = macros.split(f"macro {table}()")[1].split("endmacro")[0]
        assert "'EB99'" in body, table
        assert body.count("'EB99'") == body.count("'EB01'"), table

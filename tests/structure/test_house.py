"""The house: every file lies where HOUSE says, and Python keeps to its sizes and directions.

Belongs here: what can be seen of the files. Does not belong here: dbt's layers (test_dbt.py) and what a new thing takes
(test_new_things.py).
"""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from stdnum import luhn

from tests.support.repo import DBT, ROOT, kept

TOP = {
    *("pipelines", "data_contracts", "expectations", "dbt_project", "tests", "docs", "benchmarks"),
    *("README.md", "pyproject.toml", "uv.lock", "workspace.yaml", "Makefile", "CHANGELOG.md", "LICENSE"),
    *(".ci", ".gitignore", ".pre-commit-config.yaml", ".github", ".python-version", ".editorconfig"),
    *(".gitattributes", ".sqlfluff", ".importlinter"),
}
ROOMS = ("pipelines", "data_contracts", "expectations", "dbt_project", "tests", "docs", "benchmarks")
PYTHON = [path for path in kept() if path.suffix == ".py"]
PIPELINES = [path for path in PYTHON if path.parts[0] == "pipelines"]
WRITTEN = {".py", ".sql", ".yml", ".yaml", ".md", ".toml", ".txt", ".csv", ".json", ".mako", ""}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(ast.parse(text(path))) if isinstance(node, Function)]


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_every_top_level_name_is_one_the_house_knows() -> None:
    assert {path.parts[0] for path in kept()} <= TOP


def test_no_room_has_an_empty_folder() -> None:
    ignored = ("__pycache__", "_generated", "target", "logs", "dbt_packages")
    folders = [f for room in ROOMS for f in (ROOT / room).rglob("*") if f.is_dir() and not set(f.parts) & {*ignored}]
    filled = {parent for path in kept() for parent in (ROOT / path).parents}
    assert [str(folder.relative_to(ROOT)) for folder in folders if folder not in filled] == []


def test_no_room_of_pipelines_is_only_a_name() -> None:
    rooms = {path.parent for path in PIPELINES if path.name == "__init__.py"}
    empty = [str(room) for room in rooms if not any(p.parent == room and p.name != "__init__.py" for p in kept())]
    assert [room for room in empty if room != "pipelines"] == []


@pytest.mark.parametrize("path", PIPELINES, ids=str)
def test_modules_and_functions_keep_their_size(path: Path) -> None:
    """Migrations are left out: each is a record of what was, never edited again."""
    assert len(text(path).splitlines()) <= 400
    assert [f"{f.name}: {length(f)}" for f in functions(path) if length(f) > 40] == []


def test_the_median_function_is_short() -> None:
    assert statistics.median(length(f) for path in PIPELINES for f in functions(path)) <= 10


def test_every_module_says_what_belongs_in_it() -> None:
    modules = [p for p in PIPELINES if p.name != "__init__.py" and "migrations" not in p.parts]
    docstrings = {str(p): (ast.get_docstring(ast.parse(text(p))) or "").lower() for p in modules}
    assert [name for name, words in docstrings.items() if not re.search(r"belongs|nothing else", words)] == []


@pytest.mark.parametrize("path", [p for p in kept() if p.suffix == ".sql"], ids=str)
def test_sql_keeps_its_size(path: Path) -> None:
    assert len(text(path).splitlines()) <= 150


def test_only_the_settings_read_the_environment() -> None:
    """Others may pass an environment on, or set what a library asks for."""
    reads = re.compile(r"getenv|environ\.get|environ\[[^]]*\](?!\s*=[^=])|environb")
    assert [str(path) for path in PIPELINES if reads.search(text(path))] == []
    allowed = {
        "pipelines/cli/run.py",
        "pipelines/checks/gx.py",
        "pipelines/transform/assets.py",
        "pipelines/settings.py",
    }
    touching = {str(path) for path in PIPELINES if re.search(r"\bos\.environ\b|BaseSettings", text(path))}
    assert touching <= allowed


def test_nothing_imports_upward_or_sideways() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_product_code_never_reads_the_library_of_the_project() -> None:
    assert [str(path) for path in PIPELINES if "shared/domain" in text(path) or "shared/data" in text(path)] == []


def test_no_file_names_a_place_on_someones_machine() -> None:
    place = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work)/[a-z]")
    here = "tests/structure/test_house.py"
    found = [str(p) for p in kept() if p.suffix in WRITTEN and str(p) != here and place.search(text(p))]
    assert found == []


def _is_someones(digits: str) -> bool:
    """A real date and a check digit that holds, but neither of the test series nor Skatteverket's test numbers."""
    day = int(digits[6:8])
    try:
        date(int(digits[:4]), int(digits[4:6]), day - 60 if day > 60 else day)
    except ValueError:
        return False
    return luhn.checksum(digits[2:]) == 0 and int(digits[8:11]) not in {238, 239, *range(980, 1000)}


def test_every_personnummer_in_the_repository_is_of_the_test_series() -> None:
    number = re.compile(r"(?<![0-9a-fA-F])(?:19|20)\d{6}-?\d{4}(?![0-9a-fA-F])")
    found = [
        str(path)
        for path in kept()
        if path.suffix in WRITTEN - {".lock"} and path.name != "uv.lock"
        for digits in number.findall(text(path))
        if _is_someones(digits.replace("-", ""))
    ]
    assert found == []


def test_definitions_load_with_an_empty_environment() -> None:
    if not (DBT / "target" / "manifest.json").exists():
        pytest.skip("the dbt project is not parsed: make setup")
    code = (
        "from pipelines.definitions import defs; graph = defs.resolve_asset_graph(); "
        "print(len(graph.get_all_asset_keys()), sorted(s.name for s in defs.sensors))"
    )
    command = ["env", "-i", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 40
    assert "inkorg" in done.stdout

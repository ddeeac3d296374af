"""Nothing in pipelines/ is there for nobody: each name is used by the product, described, and where a guide says it is.

Belongs here: what can be read of the syntax trees together. Does not belong here: sizes and rooms (test_house.py).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.test_house import PIPELINES, text
from tests.support.repo import DBT, ROOT, kept

WALK = Path("docs/explanation/en_leverans_genom_koden.md")
# HOUSE section 2 gives the attacks that must fail their room beside what they attack; only tests may make them
ATTACKS = Path("pipelines/disclosure/attack.py")
TREES = {path: ast.parse(text(path)) for path in PIPELINES if "migrations" not in path.parts}
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def uses(tree: ast.AST) -> Iterator[str]:
    """Names that are read; texts too, since a table of the ledger, a template or YAML may name what it wants."""
    lists = (node for node in getattr(tree, "body", []) if isinstance(node, ast.Assign))
    exported = {id(n) for a in lists if ast.unparse(a.targets[0]) == "__all__" for n in ast.walk(a)}
    for node in (n for n in ast.walk(tree) if id(n) not in exported):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from [node.value] if node.value.isidentifier() else re.findall(r"^ *class: (\w+)$", node.value, re.M)


def defined(tree: ast.Module) -> Iterator[str]:
    """Functions, classes, constants and methods; not those that a decorator or a base from outside calls by itself."""
    for node in tree.body:
        if isinstance(node, Defined) and not node.decorator_list:
            yield node.name
        if isinstance(node, ast.ClassDef):
            inherits = any(from_outside(ast.unparse(base)) for base in node.bases)
            methods = [m for m in node.body if isinstance(m, ast.FunctionDef) and not inherits]
            yield from (m.name for m in methods if not m.name.startswith("__") and not validates(m))
        yield from assigned(node)


def from_outside(base: str) -> bool:
    return base.startswith(("dg.", "DagsterDbt")) or base == "SqliteEventLogStorage"


def validates(method: ast.FunctionDef) -> bool:
    return any("validator" in ast.unparse(decorator) for decorator in method.decorator_list)


def assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        names = (name.id for name in ast.walk(target) if isinstance(name, ast.Name))
        yield from (name for name in names if name != "__all__")


def dead(trees: dict[Path, ast.Module]) -> list[str]:
    """Names that nobody reads, in any of the trees."""
    used = Counter(name for tree in trees.values() for name in uses(tree))
    return [f"{path}: {name}" for path, tree in trees.items() for name in defined(tree) if not used[name]]


def test_every_function_class_and_constant_is_used_by_the_product_and_not_only_by_tests() -> None:
    assert dead({path: tree for path, tree in TREES.items() if path != ATTACKS}) == []


def test_a_name_that_nobody_reads_would_be_seen() -> None:
    written = (
        "LIMIT = 1\nclass A:\n    def used(self): return self.used()\n    def idle(self): pass\ndef f(): return A()"
    )
    assert dead({Path("a.py"): ast.parse(written)}) == ["a.py: LIMIT", "a.py: idle", "a.py: f"]


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    silent = [
        f"{path}: {node.name}"
        for path, tree in TREES.items()
        for node in tree.body
        if isinstance(node, Defined) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_seed_has_one_yml_of_its_own() -> None:
    seeds = [path for path in kept() if path.suffix == ".csv" and path.parts[:2] == ("dbt_project", "seeds")]
    assert [str(path) for path in seeds if not (ROOT / path).with_suffix(".yml").exists()] == []
    named = {path: re.findall(r"^ {2}- name: (\w+)$", text(path.with_suffix(".yml")), flags=re.M) for path in seeds}
    assert {str(path): names for path, names in named.items() if names != [path.stem]} == {}


def places(words: str) -> list[tuple[str, str | None]]:
    """(file, function) of every place that a guide names as `file.py:function`, `file.py` or another file."""
    found = re.findall(r"`([\w./-]+\.(?:py|sql|yml|yaml|md|csv|j2))(?::([\w.]+))?`", words)
    return [(file, function or None) for file, function in found]


def holds(file: Path, function: str) -> bool:
    """Whether a Python file defines a function, a class or `Class.method`."""
    here: list[ast.stmt] = ast.parse(file.read_text(encoding="utf-8")).body
    for name in function.split("."):
        found = [node for node in here if isinstance(node, Defined) and node.name == name]
        if not found:
            return False
        here = found[0].body
    return True


def lies(file: str) -> Path | None:
    return next((room / file for room in (ROOT, ROOT / "pipelines", DBT) if (room / file).is_file()), None)


def test_the_walk_through_the_code_names_what_is_there() -> None:
    named = places(text(WALK))
    assert len(named) > 25
    assert [file for file, _ in named if lies(file) is None] == []
    assert [(f, name) for f, name in named if name and not holds(lies(f) or WALK, name)] == []
    assert len(text(WALK).splitlines()) <= 60


@pytest.mark.parametrize("wrong", ["`landing/borta.py`", "`landing/inbox.py:borta`", "`landing/gate.py:Gate.borta`"])
def test_a_place_that_is_not_there_would_be_seen(wrong: str) -> None:
    ((file, function),) = places(wrong)
    path = lies(file)
    assert path is None or not holds(path, function or "")
    assert holds(ROOT / "pipelines/landing/gate.py", "Gate.run")


def test_the_walk_can_be_found() -> None:
    for path in (Path("README.md"), Path("docs/explanation/arkitektur.md")):
        assert WALK.name in text(path), path

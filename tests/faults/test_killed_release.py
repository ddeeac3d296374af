"""A release survives SIGKILL at any step: CURRENT is whole, and the next run finishes.

A child forks one builder per kill point, so that the heavy imports are paid once; an audit hook counts the file
operations under the release folder and kills before the chosen one. Timers kill inside DuckDB's own writes too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.unit.test_publish import make_build

PROJECT_ROOT = Path(__file__).resolve().parents[2]
_KILLER = """
import json, os, shutil, signal, sys
from pathlib import Path
from dataclasses import replace
sys.path[:0] = [{project!r}, {here!r}]
from tests.unit.test_publish import PROVENANCE
from pipelines.publish import build_release, verify_release, current_release
from pipelines.publish.manifest import VERSION_PATTERN
from pipelines.publish.catalogue import catalogue_page
from pipelines.contracts.catalogue import get_catalogue
import pyarrow.parquet, duckdb
catalogue_page(get_catalogue())  # read once, here, and not in every child

build, root = Path({build!r}), Path({root!r})
WATCHED = ("open", "os.mkdir", "os.rename", "os.symlink", "os.chmod", "os.remove", "os.rmdir")

def in_child(work):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work() or 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]

def run(provenance, kill_at=None, alarm=None, keep=5):
    seen = [0]
    def hook(event, args):
        if event in WATCHED and str(root) in str(args[0]):
            seen[0] += 1
            if seen[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
    def work():
        sys.addaudithook(hook)
        if alarm:
            signal.setitimer(signal.ITIMER_REAL, alarm)
        build_release(build, root, provenance, keep)
        (root.parent / "antal").write_text(str(seen[0]))
    return in_child(work)

def state():
    current = current_release(root)
    return [current and current.version, verify_release(root)]

assert run(PROVENANCE) == 0
first = state()[0]
new = replace(PROVENANCE, underlag="ny")
assert run(new) == 0
second, steps = state()[0], int((root.parent / "antal").read_text())
out = dict(first=first, second=second, steps=steps, kills=[])

def back_to_first():
    (root / "CURRENT").unlink()
    (root / "CURRENT").symlink_to(first)
    shutil.rmtree(root / second)

for point in sorted(set(range(1, steps, max(1, steps // 7))) | set(range(steps - 4, steps + 1))):
    back_to_first()
    status = run(new, kill_at=point)
    killed, after = os.WIFSIGNALED(status), state()
    out["kills"].append([point, killed, after, run(new), state()])
for delay in (0.02, 0.06):
    back_to_first()
    status = run(new, alarm=delay)
    out["kills"].append([delay, True, state(), run(new), state()])
def versions():
    return [p.name for p in root.iterdir() if VERSION_PATTERN.fullmatch(p.name)]

out["prunes"] = []
total = 10 ** 9
for before_end in (None, 0, 3, 9, 25):
    if before_end is not None:
        assert [run(old) for old in (PROVENANCE, new)] == [0, 0]
    third = replace(PROVENANCE, underlag="tredje " + str(before_end))
    status = run(third, kill_at=None if before_end is None else total - before_end, keep=1)
    if before_end is None:
        total = int((root.parent / "antal").read_text())
        continue
    whole = [verify_release(root, name) for name in versions()]
    out["prunes"].append([os.WIFSIGNALED(status), state()[1], whole, run(third, keep=1), versions() == [state()[0]]])
out["left"] = [p.name for p in root.glob(".bygger-*")]
print(json.dumps(out))
"""


def test_killed_anywhere_current_verifies_and_one_more_run_gives_the_same_version(tmp_path: Path) -> None:
    build, root = make_build(tmp_path / "lager.duckdb"), tmp_path / "release"
    script = textwrap.dedent(_KILLER).format(
        project=str(PROJECT_ROOT), here=str(Path(__file__).parent), build=str(build), root=str(root)
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    out = json.loads(done.stdout.splitlines()[-1])
    assert sum(killed for _, killed, *_ in out["kills"]) >= 12
    for point, _, (version, problems), rerun, after in out["kills"]:
        assert version in (out["first"], out["second"]), f"killed at {point}"
        assert problems == [], f"killed at {point}"
        assert (rerun, after) == (0, [out["second"], []]), f"after a kill at {point}"
    for killed, problems, every, rerun, alone in out["prunes"]:
        assert (killed, problems, rerun, alone) == (True, [], 0, True)
        assert not any(every), "a release that is half removed still has its name"
    assert out["left"] == []

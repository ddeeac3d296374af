"""dbt in the build's folder, in a process that ends with the run that started it.

Belongs here: the command `lager-dbt`: dbt's own command line, where it works, and the watch on its parent. Does not
belong here: which command it is given (`assets.py`). Killed alone, a run would leave its dbt working for a minute more,
and that would write into the build file and the results of the next run, which the run's lock no longer keeps out.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from importlib.metadata import version

WATCH_SECONDS = 0.2


def end_with_parent() -> None:
    """From now on this process is killed when its parent is gone."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """dbt, as its own command would run it. Only its version is told without loading it: every run asks for that."""
    if sys.argv[1:] == ["--version"]:
        print(f"Core:\n  - installed: {version('dbt-core')}")
        return
    end_with_parent()  # before anything that takes time is loaded: what is orphaned earlier has nobody to watch
    from dbt.cli.main import cli

    from pipelines.settings import forget_the_rest, get_settings

    forget_the_rest()
    os.chdir(get_settings().build_path.parent)

    cli()

"""The repository as files: what is kept under version control, and copies to change at will.

Belongs here: finding files. Does not belong here: what they must hold.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DBT = ROOT / "dbt_project"
LIBRARY = ROOT.parent / "shared"


@lru_cache(maxsize=1)
def kept() -> tuple[Path, ...]:
    """Files under version control, or on their way into it, relative to the root."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(sorted({Path(line) for line in done.stdout.splitlines() if (ROOT / line).is_file()}))


def copy_to(folder: Path, *rooms: str) -> Path:
    """A copy of some rooms' kept files."""
    for path in kept():
        if path.parts[0] in rooms:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)
    return folder

"""The project's own YAML, read once and fast.

Belongs here: reading. Does not belong here: what the files must hold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# libyaml does the same as PyYAML's own parser in a tenth of the time; a wheel without it still works
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """A YAML file's content. Raises yaml.YAMLError and OSError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a safe loader

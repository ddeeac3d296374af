"""Settings: what the process of dbt knows of the environment.

Belongs here: pipelines/settings.py by itself. Does not belong here: what the settings lead to.
"""

from __future__ import annotations

import os
import subprocess
import sys

ASK = "import os; from pipelines.settings import forget_the_rest; forget_the_rest(); print(*sorted(os.environ))"


def test_dbt_is_left_what_it_needs_of_the_environment_and_no_secret_of_others() -> None:
    ours = {"LAGER_HOME": "a", "DBT_TARGET_PATH": "b", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    others = {"PGPASSWORD": "hemlig", "AWS_SECRET_ACCESS_KEY": "hemlig", "XPATH": "x"}
    done = subprocess.run([sys.executable, "-c", ASK], env=ours | others, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) >= set(ours)
    assert not set(done.stdout.split()) & set(others)

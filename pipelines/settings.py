"""Settings: where everything lies and what day it is.

Belongs here: the one frozen settings object and the paths derived from it. It is the only place that reads the
environment. Does not belong here: anything that opens, creates or checks those paths.
"""

from __future__ import annotations

import os
import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
# what our own settings, dbt, Dagster and Python ask for, and what a process needs to live
NEEDED = re.compile(r"PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|(?:LAGER|DBT|DAGSTER|PYTHON)\w*")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
# the umask: others may pass through our folders, to a release's public half, but list none and read no file
CLOSED_TO_OTHERS = 0o026


def today() -> date:
    """Today's date in Sweden."""
    return datetime.now(STOCKHOLM).date()


class Settings(BaseSettings):
    """Environment: LAGER_HOME (all that is written), LAGER_ASOF (today), LAGER_KEY_FILE (master key),
    LAGER_MINNE (DuckDB's memory limit while building), LAGER_KONTAKT (whom a receipt names for questions)."""

    model_config = SettingsConfigDict(env_prefix="LAGER_", frozen=True, extra="ignore")

    home: Path = Path("var")
    asof: date = Field(default_factory=today)
    key_file: Path | None = None
    minne: str = "2500MB"
    kontakt: str | None = None

    @field_validator("home", "key_file")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value and value.expanduser().absolute()

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def ledger_path(self) -> Path:
        return self.home / "ledger.sqlite"

    @property
    def build_path(self) -> Path:
        return self.home / "build" / "lager.duckdb"

    @property
    def work_path(self) -> Path:
        """Beside the build file: what is never released."""
        return self.build_path.with_name("arbete.duckdb")

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @property
    def release(self) -> Path:
        return self.home / "release"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def access_log(self) -> Path:
        return self.home / "atkomstlogg" / "atkomst.jsonl"

    @property
    def master_key(self) -> Path:
        return self.key_file or self.home / "nycklar" / "huvudnyckel"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings, read once."""
    return Settings()


def forget_the_rest() -> None:
    """Take out of this process's environment what nothing here needs. dbt looks all of it through for secrets at every
    line it logs, and what it does not have it cannot write."""
    for name in [name for name in os.environ if not NEEDED.fullmatch(name)]:
        os.environ.pop(name)

"""The command `lager`: the same code path as Dagster's, for a terminal.

Belongs here: which commands there are. Does not belong here: what they do (the modules beside) and the work itself (the
rooms). Every command takes `--json`.
"""

from __future__ import annotations

import logging
import os

import typer

from pipelines.cli import avtal, drift, katalog, kvittera, mall, nycklar, report, run
from pipelines.settings import CLOSED_TO_OTHERS

app = typer.Typer(
    help="Socialtjänstlagret: från leveranser till indikatorer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (run.demo, run.run, run.ui, report.check, report.status, kvittera.kvittera, katalog.katalog):
    app.command()(command)
app.command("gallra")(drift.retain)
app.command("sakerhetskopia")(drift.back_up)
app.command("aterstall")(drift.restore)
app.command("aterskapa")(drift.rebuild)
app.command("mall")(mall.templates)
app.command("karantan")(nycklar.quarantine)
app.command("arkiv")(nycklar.archive)
app.add_typer(report.release_app, name="release")
app.add_typer(avtal.avtal_app, name="avtal")
app.add_typer(nycklar.nyckel_app, name="nyckel")
app.add_typer(nycklar.atkomst_app, name="atkomst")


def main() -> None:
    """Entry of the command."""
    os.umask(CLOSED_TO_OTHERS)  # also of what `lager ui` becomes
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app()

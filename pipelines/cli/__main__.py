"""`python -m pipelines.cli`: the command without its script. Nothing else belongs here."""

from pipelines.cli import main

main()

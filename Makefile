# Everything a newcomer needs. Works on a machine with Python 3.11-3.13 (venv, make) and a package index.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
DEMO_ASOF := 2020-04-01

.PHONY: run setup docs test test-all check style bench ui clean

run: setup  ## the demo from deliveries to release; a second run finds nothing to do
	@LAGER_ASOF=$${LAGER_ASOF:-$(DEMO_ASOF)} $(BIN)/lager demo --om-tomt
	@LAGER_ASOF=$${LAGER_ASOF:-$(DEMO_ASOF)} $(BIN)/lager run

setup: .venv/.ready  ## the locked environment, renderings and the parsed dbt project
	@$(BIN)/python -m pipelines.transform.prepare

.venv/.ready: uv.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --quiet --compile-bytecode
	@touch $@

docs: .venv/.ready  ## the committed pages that are made from the contracts
	@$(BIN)/python -m pipelines.contracts.render

test: setup  ## what CI runs
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not slow"

test-all: setup  ## all of it
	@$(BIN)/pytest -n 2 --dist loadgroup

check: style  ## style, types, structure, contracts
	@$(BIN)/pytest -q tests/structure tests/contracts

style: setup  ## of check, what is no test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

bench: setup  ## what a run costs beside plain scripts over the same content; about an hour, on a quiet machine
	@$(BIN)/python -m benchmarks.bench

ui: setup  ## Dagster's UI on 127.0.0.1:3000
	@LAGER_ASOF=$${LAGER_ASOF:-$(DEMO_ASOF)} $(BIN)/lager ui

clean:  ## everything a run has made
	rm -rf var

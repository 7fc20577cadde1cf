# Every target that needs .venv builds it from the lock files first: requirements.lock is enough to
# run labelbot, requirements-dev.lock has the rest.

PYTHON ?= python3
BIN := .venv/bin
RUNNABLE := .venv/runnable
READY := .venv/ready
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
COMPILE_PACKAGES := $(BIN)/python -m compileall -q -j 0 .venv/lib  # pip does it with one core

# Compile once for all processes that the tests start, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

# One worker more than cores: tests also wait for servers and browsers.
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# Extras that running from a checkout needs, of those that pyproject.toml has.
RUN_EXTRAS := $(foreach extra,sandbox build,$(if $(shell grep '^$(extra) = \[' pyproject.toml),--extra $(extra)))

COMPILE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header
UPGRADE :=

# Tests that start processes, wait in real time, test the sandbox or the source code, or use much
# random data. Single ones elsewhere are marked as slow.
SLOW_TESTS := benchmarks cli faults fuzz journeys mutants sandbox quality/agreement \
	services/test_random_histories.py slack/outbox/test_outbox.py storage/queries/test_upsert.py \
	storage/test_schema_upgrade.py \
	test_architecture.py test_background_bot.py test_benchmarks.py test_http_connections.py \
	test_lazy_module.py test_names.py test_url_download.py test_wheel.py

STATISTICS := .venv-statistics
DATASETS := .venv-datasets
PEERS := .venv-peers

.PHONY: help audit demo test test-fast check lint check-api api-reference check-datasets check-statistics format coverage \
	faults mutants schedules bench bench-large bench-peers several-bots wheel lock lock-upgrade clean

help:  ## list all targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(RUNNABLE)  ## try the product without a Slack account
	$(BIN)/labelbot demo

test: $(READY)  ## run all tests, on SQLite and on a PostgreSQL server that they start
	$(BIN)/python -m compileall -q bot handlers storage
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

test-fast: $(READY)  ## run the tests that need no PostgreSQL, browser or other process
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -k "not postgresql" -m "not slow" \
		$(addprefix --ignore tests/,$(SLOW_TESTS))

check: $(READY)  ## run what continuous integration runs: lint beside test, which often waits
	$(MAKE) --jobs 2 --output-sync=target lint test

lint: $(READY)  ## check format, style, types and the layers of the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The published implementations are no dependencies, so they have an environment of their own.
check-statistics: $(STATISTICS)/ready  ## compare the statistics with others, and simulate intervals
	$(STATISTICS)/bin/python -m pytest -c tests/statistics/pytest.ini --numprocesses auto tests/statistics

$(STATISTICS)/ready: tests/statistics/requirements.txt
	$(PYTHON) -m venv $(STATISTICS)
	$(STATISTICS)/bin/python -m pip install --quiet --requirement tests/statistics/requirements.txt
	@touch $(STATISTICS)/ready

# Trainers and loaders are no dependencies either. Nothing is downloaded while the checks run.
check-datasets: $(DATASETS)/ready  ## load exports with other programs, and train two steps on them
	HF_HUB_OFFLINE=1 $(DATASETS)/bin/python -m pytest -c tests/datasets/pytest.ini tests/datasets

$(DATASETS)/ready: tests/datasets/requirements.txt tests/datasets/trainers.txt
	$(PYTHON) -m venv $(DATASETS)
	$(DATASETS)/bin/python -m pip install --quiet --requirement tests/datasets/requirements.txt
	$(DATASETS)/bin/python -m pip install --quiet --no-deps --requirement tests/datasets/trainers.txt
	rm -rf $(DATASETS)/lib/python*/site-packages/tests  # OpenRLHF installs a package that hides ours
	@touch $(DATASETS)/ready

check-api: $(READY)  ## send generated requests to every route of the HTTP API
	$(BIN)/python -m pytest -W ignore tests/api/check_document.py

api-reference: $(READY)  ## write docs/api-reference.md from the OpenAPI document
	$(BIN)/python -m bot.api.reference > docs/api-reference.md

format: $(READY)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: $(READY)  ## run all tests and say which lines they ran, in htmlcov/index.html
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal \
		--cov bot --cov handlers --cov storage --cov-report term:skip-covered --cov-report html

faults: $(READY)  ## run every fault of Slack, databases, disks and clocks, and 200 runs with kills
	$(BIN)/python -m compileall -q bot handlers storage
	$(BIN)/python -m pytest tests/faults --all-faults --numprocesses $(WORKERS) --dist worksteal

schedules: $(READY)  ## compare schedules in every time zone with plain enumeration
	$(BIN)/python -m tests.cron_enumeration

mutants: $(READY)  ## change thirteen modules in small ways, and count the changes that their tests notice
	$(BIN)/python -m tests.mutants $(MODULES)

bench: $(READY)  ## run the benchmarks and write docs/performance.md
	$(BIN)/python -m tests.benchmarks

bench-large: $(READY)  ## the benchmarks of millions of rows (needs 10 GB), in docs/performance-large.md
	$(BIN)/python -m tests.benchmarks.large

# Label Studio is no dependency: it has an environment of its own.
bench-peers: $(READY) $(PEERS)/ready  ## compare imports with Label Studio, in docs/performance-peers.md
	$(BIN)/python -m tests.benchmarks.peers $(PEERS)/bin/label-studio

$(PEERS)/ready: tests/benchmarks/peers/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --requirement tests/benchmarks/peers/requirements.txt
	@touch $(PEERS)/ready

# Needs an online service, so it is no part of `make check`.
audit:  ## report known vulnerabilities of the locked dependencies
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet pip-audit
	.venv-audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock
	.venv-audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements-dev.lock

several-bots: $(READY)  ## put three bots on one PostgreSQL under load, and kill one every 20 seconds
	$(BIN)/python -m tests.scaling

wheel: $(RUNNABLE)  ## build the wheel in dist
	$(BIN)/python -m hatchling build --target wheel

lock:  ## update both lock files from pyproject.toml, and keep the versions that still fit
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet uv
	$(COMPILE) $(RUN_EXTRAS) --extra dev $(UPGRADE) --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) $(RUN_EXTRAS) --constraint requirements-dev.lock --upgrade \
		--output-file requirements.lock pyproject.toml
	rm -rf .venv-lock

lock-upgrade: UPGRADE := --upgrade
lock-upgrade: lock  ## update both lock files to the newest versions

$(RUNNABLE): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "labelbot needs Python 3.11 or newer. Set its path: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) --require-hashes --requirement requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	$(COMPILE_PACKAGES)
	@touch $(RUNNABLE)

$(READY): $(RUNNABLE) requirements-dev.lock
	$(PIP_INSTALL) --require-hashes --requirement requirements-dev.lock
	$(COMPILE_PACKAGES)
	@touch $(READY)

clean:  ## remove build results
	rm -rf .venv .venv-audit .mutants $(STATISTICS) $(DATASETS) dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

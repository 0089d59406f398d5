# make warehouse: the whole house, from demo logs to a published warehouse.
# make test: everything that must hold. Both install what they need into .venv first.

PYTHON ?= python3
export WAREHOUSE_HOME ?= $(CURDIR)/data
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Neither dbt nor Dagster reports home, whoever runs them from here.
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1

.PHONY: warehouse test lint lock install clean

warehouse: .venv/installed
	@warehouse main

test: .venv/installed
	@python -m pytest $(PYTEST_ARGS)

lint: .venv/installed
	ruff check . && ruff format --check .
	sqlfluff lint --disable-progress-bar models tests

install: .venv/installed

lock: .venv/installed
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	  --upgrade -o requirements.lock

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
	  f"Python 3.11 to 3.13 is needed, {sys.executable} is {v[0]}.{v[1]}: make PYTHON=python3.13")'
	@echo "Installing into .venv (once; a few minutes at most)"
	@test -x .venv/bin/uv || { $(PYTHON) -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check uv; }
	@VIRTUAL_ENV=$(CURDIR)/.venv uv pip install --quiet --no-deps --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/.venv uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv data target logs .pytest_cache .ruff_cache

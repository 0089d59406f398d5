# make warehouse: the whole house, from demo logs to a published warehouse.
# make test: everything that must hold. All targets install what they need into .venv first.

PYTHON ?= python3
export WAREHOUSE_HOME ?= $(CURDIR)/data
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Neither dbt nor Dagster reports home, whoever runs them from here.
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1

.PHONY: warehouse test law lint lint-sql bench bench-large pictures docs lock install clean

warehouse: .venv/installed
	@warehouse refresh

# Two at a time, the longest first; a file's tests stay together and share what they built.
# They start Python some hundred times: where the shell forbids to keep bytecode, as containers like
# to, half of each start would be compiling.
test: export PYTHONDONTWRITEBYTECODE :=
# Each model of each build waits for the disk: in memory, where it has room for the 3 GB, none does.
test: export TMPDIR := $(or $(shell df -k /dev/shm 2>&1 | awk 'NR == 2 && $$4 > 8000000 { print $$6 }'),$(TMPDIR),/tmp)
test: .venv/installed
	@python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# The law of docs/builds.md on more random logs than `make test` tries: make law LAW_CASES=2000
law: export LAW_CASES ?= 200
law: export LAW_KILLS ?= 30
law: .venv/installed
	@python -m pytest tests/law $(PYTEST_ARGS)

lint: .venv/installed lint-sql
	@ruff check . && ruff format --check .

# The dbt templater compiles the project: in a home of its own, so that no warehouse is touched.
lint-sql: export WAREHOUSE_HOME = $(CURDIR)/target/lint
lint-sql: export DBT_TARGET_PATH = $(CURDIR)/target/lint
lint-sql: .venv/installed
	@mkdir -p target/lint && sqlfluff lint --disable-progress-bar models tests/assertions

# The export that docs/performance.md shows is the larger one: make bench BENCH_EXPORT_ROWS=10000000
bench: BENCH_EXPORT_ROWS ?= 1000000
bench: .venv/installed
	@python -m benchmarks.demo
	@python -m benchmarks.incremental $(BENCH_ARGS)
	@python -m benchmarks.pull
	@python -m benchmarks.serving
	@python -m benchmarks.exporting --rows $(BENCH_EXPORT_ROWS)

# Twenty million events: make bench-large BENCH_ARGS="--events 20000000 100000000"
bench-large: .venv/installed
	@nice python -m benchmarks.large $(BENCH_ARGS)

pictures: .venv/installed
	@python docs/pictures/draw.py

# The documentation that dbt makes of the models, as one page.
docs: export DBT_TARGET_PATH = $(WAREHOUSE_HOME)/dbt/docs
docs: export DBT_LOG_PATH = $(WAREHOUSE_HOME)/dbt/logs
docs: .venv/installed
	@test -f $(WAREHOUSE_HOME)/warehouse.duckdb || { echo "Nothing is built yet. Run: make warehouse"; exit 1; }
	@dbt docs generate --static --quiet && echo "Open $(DBT_TARGET_PATH)/static_index.html"

install: .venv/installed

lock: .venv/installed
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	  --upgrade -o requirements.lock
	uv pip compile tests/serving/sdk/requirements.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	  --upgrade -o tests/serving/sdk/requirements.lock

# Compiled once here: where Python may not write beside its sources, as in many containers, each
# start of dbt and of Dagster compiled them anew.
.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
	  f"Python 3.11 to 3.13 is needed, {sys.executable} is {v[0]}.{v[1]}: make PYTHON=python3.13")'
	@echo "Installing into .venv (once; a few minutes at most)"
	@test -x .venv/bin/uv || { $(PYTHON) -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check uv; }
	@VIRTUAL_ENV=$(CURDIR)/.venv uv pip install --quiet --no-deps --require-hashes --compile-bytecode \
	  -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/.venv uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv .venv-dtlpy* data target logs .pytest_cache .ruff_cache

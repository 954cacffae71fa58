# Préau in a few words: `make` lists them. Each sets up what it needs, and does nothing twice.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export UV_PYTHON_DOWNLOADS := never
# Python keeps what it compiled, whatever it was told: without, each process takes a second more to start.
unexport PYTHONDONTWRITEBYTECODE

PYTHON := .venv/bin/python
LOCKS := requirements.lock requirements-dev.lock requirements-uv.lock
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
NODE := $(patsubst %/package-lock.json,%/node_modules/.package-lock.json,$(wildcard tests/*/package-lock.json tests/*/*/package-lock.json))
COMPILE := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: help install demo demo-reset test unit browser lint faults replay bench test-deploy format messages lock clean

help: ## List these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/runtime.stamp $(CATALOGUES) ## What an instance needs to run: see README.md

demo: .venv/runtime.stamp $(CATALOGUES) ## Three neighbouring houses on this machine, to try (Ctrl-C stops them, their data stays)
	@PREAU_DEVELOPMENT=1 $(PYTHON) manage.py demo

demo-reset: .venv/runtime.stamp $(CATALOGUES) ## The same, begun anew
	@PREAU_DEVELOPMENT=1 $(PYTHON) manage.py demo --reset

test: .venv/dev.stamp $(CATALOGUES) debian $(NODE) ## Everything: lint, types, contracts, tests on SQLite and PostgreSQL, browser, neighbours
	@$(PYTHON) -m tests.stages

unit: .venv/dev.stamp $(CATALOGUES) ## The quick tests, on SQLite; choose some with ARGS="-k follow"
	@$(PYTHON) -m pytest -m "not postgres and not browser and not peer and not slow" $(ARGS)

browser: .venv/dev.stamp $(CATALOGUES) debian $(NODE) ## The tests that drive a browser; choose some with ARGS="-k follow"
	@$(PYTHON) -m pytest -m browser $(ARGS)

lint: .venv/dev.stamp ## Format, lint, templates, types and import contracts
	@$(PYTHON) -m tests.stages format lint django templates types contracts

faults: .venv/dev.stamp $(CATALOGUES) debian ## A storm of kills over two houses and three neighbours: nothing lost, nothing twice (20 minutes; ARGS="--quick")
	@$(PYTHON) -m tests.faults $(ARGS)

replay: .venv/dev.stamp $(CATALOGUES) ## Deliver recorded documents (PREAU_CORPUS) and write docs/federation/payloads.md
	@$(PYTHON) -m tests.replay $(ARGS)

bench: .venv/dev.stamp debian ## The benchmarks, one after the other (docs/performance.md); each alone: python -m benchmarks.inbox
	@for each in inbox fanout timeline memory streaming; do $(PYTHON) -m benchmarks.$$each || exit 1; done

test-deploy: .venv/dev.stamp ## Installs, upgrades, shares and moves houses in bare Debian roots, as root (40 minutes; ARGS="meet" for a part)
	@$(PYTHON) -m tests.deploy $(ARGS)

format: .venv/dev.stamp ## Put the code in form
	@ruff check --fix-only --quiet .
	@ruff format --quiet .
	@git ls-files -z '*.py' ':!:*/migrations/*' | xargs -0 django-upgrade --target-version 5.2 --exit-zero-even-if-changed

messages: .venv/dev.stamp ## Bring the catalogues of translations up to date with code and templates
	@PREAU_DEVELOPMENT=1 $(PYTHON) manage.py translations

lock: .venv/dev.stamp ## Resolve the dependencies again (UPGRADE=1 takes the newest)
	@echo uv | $(COMPILE) $(if $(UPGRADE),--upgrade) - -o requirements-uv.lock
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.lock
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -c requirements.lock --group dev -o requirements-dev.lock

clean: ## Remove what was made: environment, caches, demo data
	@rm -rf .venv .demo .test .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf $(dir $(NODE)) $(CATALOGUES)

.PHONY: debian
debian:
	@tests/prepare.sh

.venv/runtime.stamp: $(LOCKS) deploy/environment.sh
	@deploy/environment.sh runtime
	@touch $@

.venv/dev.stamp: $(LOCKS) deploy/environment.sh
	@deploy/environment.sh dev
	@touch .venv/runtime.stamp $@

%.mo: %.po | .venv/runtime.stamp
	@$(PYTHON) -m babel.messages.frontend -q compile -i $< -o $@.part
	@mv $@.part $@

%/node_modules/.package-lock.json: %/package-lock.json | .venv/dev.stamp
	@echo "Installing the Node packages of $* ..."
	@cd $* && npm ci --silent --no-audit --no-fund
	@touch $@

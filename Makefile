# The two commands are `make demo` and `make test`. Each sets up what it needs, once; stamp files remember it.
# Longer steps are scripts in .ci/. Everything is installed inside this folder, except what `make test` takes
# from apt when it runs as root.

.DEFAULT_GOAL := help
.PHONY: help setup assets demo test lint format proof fresh bench conformance lock clean
SHELL := /bin/bash

BIN := .venv/bin
INSTALLED := .venv/.installed
WITH_TESTS := .venv/.with-tests
BUILT := api/static/.built
ASSETS := $(shell find api/assets -type f 2>/dev/null) $(wildcard forms/templates/*.css)
CHECKED := engine forms processes api

help:  ## say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

setup: $(INSTALLED)  ## make .venv with bihuan in it

assets: $(BUILT)  ## build the browser code and styles

demo: $(INSTALLED) $(BUILT)  ## serve a demonstration city on http://127.0.0.1:8000 (RESET=1 begins anew)
	@exec $(BIN)/bihuan demo $(if $(RESET),--reset)

test: $(WITH_TESTS) $(BUILT)  ## check and test everything (ARGS= goes to pytest)
	@.ci/tests $(ARGS)

lint: $(WITH_TESTS)  ## style, types and import rules
	@.ci/lint

format: $(WITH_TESTS)  ## put Python code into the project's form
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

proof: $(WITH_TESTS) $(BUILT)  ## the long tests: chaos, 500 kills, long random histories (ARGS= goes to pytest)
	@.ci/proof $(ARGS)

fresh:  ## clone HEAD into an empty environment and run both commands there
	@.ci/fresh

bench: $(WITH_TESTS)  ## measure (PEERS=FOLDER runs other engines on the same job; ARGS= such as "-n 200")
	@$(BIN)/python -m tests.bench.run $(if $(PEERS),--peers $(PEERS)) $(ARGS)

conformance: $(WITH_TESTS)  ## measure against the standards' own suites (SUITES=FOLDER)
	@.ci/conformance $(SUITES)

lock:  ## renew the lock files (maintainers; needs uv and npm)
	@.ci/lock

clean:  ## throw away what was built and installed, never data
	rm -rf .venv node_modules api/static

$(INSTALLED): requirements.lock pyproject.toml
	@.ci/setup requirements.lock
	@touch $@

$(WITH_TESTS): requirements-dev.lock $(INSTALLED)
	@.ci/setup requirements-dev.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json package.json
	@.ci/modules
	@touch $@

$(BUILT): node_modules/.package-lock.json $(ASSETS)
	@node api/assets/build.mjs
	@touch $@

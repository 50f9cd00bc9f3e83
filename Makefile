# Jeongsan in one command each. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
WORKERS ?= 2
OPENAPI := $(PYTHON) manage.py spectacular --format openapi-json --fail-on-warn

.PHONY: help setup demo run test e2e lint docs bench reset

help: ## list what can be made
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## prepare .venv and the system libraries (fast when done)
	@bin/setup

demo: setup ## a whole settlement month, then the console to look at it
	@$(PYTHON) manage.py demo

run: setup ## database, broker, web, worker and beat until Ctrl-C
	@$(PYTHON) -m config.runtime serve

test: setup ## every test: units, contract, crash, browser
	@bin/setup browser
	@$(PYTHON) -m pytest --numprocesses=$(WORKERS) --dist=worksteal $(ARGS)

e2e: setup ## only the browser tests
	@bin/setup browser
	@$(PYTHON) -m pytest tests/e2e $(ARGS)

lint: setup ## style, types, import directions, missing migrations, stale API document
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(OPENAPI) | cmp --silent - docs/openapi.json || { echo "docs/openapi.json is old: make docs"; exit 1; }

docs: setup ## write docs/openapi.json and the compiled English catalog anew
	@$(OPENAPI) >docs/openapi.json
	@.venv/bin/pybabel --quiet compile --domain django --directory templates/locale

bench: setup ## ratios, not pass or fail
	@$(PYTHON) -m tests.bench $(ARGS)

reset: setup ## delete this folder's database, files and mail, for good
	@$(PYTHON) -m config.runtime remove

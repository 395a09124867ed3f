# C-Bot. On a fresh machine: `make run` (sets up, trains if needed, serves) and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help setup run test test-slow lint types bench bench-nlu bench-publish train format

# No step downloads a Python of its own: the one of .python-version must be there.
export UV_PYTHON_DOWNLOADS := never
STAMP := .venv/.complete

help: ## show the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: $(STAMP) ## make the environment .venv from uv.lock

$(STAMP): uv.lock pyproject.toml scripts/setup
	@scripts/setup
	@touch $@

run: $(STAMP) ## set up, train if needed, serve; prints the addresses
	@exec .venv/bin/cbot run

train: $(STAMP) ## train a model from data/, config.yml and domain.yml
	@.venv/bin/cbot train

lint: $(STAMP) ## style, imports between the layers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache

types: $(STAMP) ## types
	.venv/bin/mypy

format: $(STAMP) ## put the code in order
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

test: lint types ## lint, types, unit and integration tests; needs no service
	.venv/bin/pytest -m "not slow" -n 3 --dist loadscope

test-slow: $(STAMP) ## PostgreSQL, browser, crashes, training from nothing, long conversations
	.venv/bin/pytest -m slow -n 2 --dist loadscope

bench: $(STAMP) ## the figures: this engine beside a stock Rasa bot, in the same run
	.venv/bin/python -m tests.bench

bench-nlu: $(STAMP) ## the understanding beside the pipelines people use (SHARE=0.1 of the messages)
	.venv/bin/python -m tests.bench.nlu --share $(or $(SHARE),0.1)

bench-publish: $(STAMP) ## the longest wait while a model is published under 5 turns a second
	.venv/bin/python -m tests.bench.publishing

# Everything a newcomer needs: `make run`, `make test`. See `make help`.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first Python on this machine that is recent enough and can make virtual environments.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.12 python3.11 python3.13 python; do \
	"$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
		2>/dev/null && { command -v "$$name"; break; }; done)
endif
VENV := .venv/bin/python
FLASK := $(VENV) -m flask --app app

# Where the training data lies (see the cards in models/).
DATA ?= ../shared/data

.PHONY: help run admin test lint format train evaluate bench screenshots messages install install-dev

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: install  ## Serve the platform on this machine, with one worker
	@$(VENV) app.py

admin: install  ## Make an account an admin: make admin EMAIL=you@example.org
	@test -n "$(EMAIL)" || { echo "Say who: make admin EMAIL=you@example.org"; exit 2; }
	@ENVIRONMENT="$${ENVIRONMENT:-local}" $(FLASK) users grant "$(EMAIL)" admin

test: install-dev lint  ## Check the style and run every test
	@$(VENV) -m tests.browser.chromium
	$(VENV) -m pytest $(PYTEST)

lint: install-dev  ## Check the style only
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .

format: install-dev  ## Bring the code into shape
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .

train: install-dev  ## Train the models: make train DATA=folder
	$(FLASK) train text --data "$(DATA)"
	$(FLASK) train speech --data "$(DATA)"
	$(FLASK) train faces --data "$(DATA)"

evaluate: install  ## Score the shipped models: make evaluate DATA=folder
	$(FLASK) evaluate text --data "$(DATA)"
	$(FLASK) evaluate speech --data "$(DATA)"
	$(FLASK) evaluate faces --data "$(DATA)"

bench: install  ## Measure the summary page with 100,000 candidates
	$(FLASK) bench peers

screenshots: install-dev  ## Take the pictures of the documentation from the running product
	$(VENV) -m tests.browser.screenshots

messages: install  ## Collect the visible strings into interview/translations/messages.pot
	$(VENV) tools/messages.py

install:
	@test -n "$(PYTHON)" || { echo "Needs Python 3.11 or newer with the venv module \
	(on Debian and Ubuntu: apt install python3-venv)."; exit 2; }
	@"$(PYTHON)" tools/install.py requirements.txt

install-dev: install
	@"$(PYTHON)" tools/install.py requirements-dev.txt

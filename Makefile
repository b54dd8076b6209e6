# deedbox. A bare `make` says what can be done here.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PATH := $(CURDIR)/.tools/bin:$(if $(CARGO_HOME),$(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE := 1

BINARY := target/release/deedbox
PAGES := web/dist/sign.html
PAGE_SOURCES = $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
NPM := npm --prefix web

.PHONY: help
help: ## this list
	@echo "deedbox: signing and a vault for authoritative copies, in one server"
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{ printf "  make %-9s %s\n", $$1, $$2 }'
	@echo
	@echo "First time here: \`make run\` builds everything, does the main job once and stays up."

.PHONY: setup
setup: ## install what building and testing need and is missing (Debian, Ubuntu)
	@scripts/setup test

.PHONY: setup-build
setup-build:
	@scripts/setup build

$(PAGES): $(PAGE_SOURCES) | setup-build
	$(NPM) run build
	@touch $@

.PHONY: pages
pages: $(PAGES)

.PHONY: build
build: setup-build $(PAGES) ## build target/release/deedbox with the web pages inside
	cargo build --release --locked --package deedbox
	@ls -lh $(BINARY) | awk '{ print "built $(BINARY), " $$5 }'

.PHONY: run
run: build ## build, do the main job once on a real contract, and leave the server up
	$(BINARY) demo --keep

.PHONY: test
test: setup $(PAGES) ## every test: pages, crates, doc tests, both databases, outside validators
	@scripts/test all

.PHONY: check
check: $(PAGES) ## lints and unit tests, about a minute when warm
	@scripts/check
	@scripts/test unit

.PHONY: dev
dev: setup-build ## server and pages with reload on every change
	@scripts/dev

.PHONY: bench
bench: build ## measure, and print beside the goals
	@bench/run

.PHONY: fuzz
fuzz: ## feed damaged PDFs and requests to what reads them (FUZZ_SECONDS=60)
	@scripts/fuzz

.PHONY: clean
clean: ## remove what was built and installed in this folder; data/ stays
	cargo clean
	rm -rf web/dist web/node_modules .venv .tools

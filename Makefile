# What can be done here. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
CARGO ?= cargo
LISTEN ?= 127.0.0.1:8080
SEED ?=
FROM ?=
HOURS ?= 10000
FILE ?=
FIGURES ?=
DATA ?= data
# Two for each core: most of the time tests wait for a server, which keeps no core busy.
TEST_THREADS ?= $(shell echo $$(( 2 * $$(nproc) )))
# By the lock file, which stays as it is. `npm ci` would ask for the tools of platforms that a registry may not carry.
NPM_INSTALL := npm install --no-save --no-audit --no-fund --silent

.PHONY: help run dev test lint test-rust test-web test-browser simulate fuzz bench audit protocol web size package clean

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: web/dist ## Build everything and start the server; prints the address to open
	$(CARGO) build --release --locked --package attune-server
	target/release/attune serve --listen $(LISTEN) --data $(DATA)

dev: web/node_modules ## Start server and pages, both reloading on change
	node web/scripts/dev.mjs

test: lint test-rust test-web test-browser ## Run every check and every test

lint: web/node_modules tests/browser/node_modules ## Check form, types, lints and docs, warnings denied
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked --document-private-items
	cd web && npm run --silent check
	cd tests/browser && npm run --silent check

test-rust: web/dist ## Run the tests of the core, the stores and the server
	RUST_TEST_THREADS=$(TEST_THREADS) $(CARGO) test --workspace --locked

test-web: web/dist ## Run the tests of the web client and hold its size
	cd web && npm run --silent test
	cd web && npm run --silent size

test-browser: web/dist tests/browser/node_modules ## Run whole sessions in Chromium
	$(CARGO) build --package attune-tests --bin stage --locked
	cd tests/browser && npm run --silent test

simulate: ## Simulate more hours of sessions (HOURS=10000, worlds FROM=0 on), or replay the world of one SEED with its story
	ATTUNE_WORLD=$(SEED) ATTUNE_WORLD_HOURS=$(HOURS) ATTUNE_WORLD_FROM=$(FROM) $(CARGO) test --locked --package attune-server --lib -- \
		--nocapture sim_2_a_thousand_hours_of_sessions_keep_every_rule

fuzz: ## Fuzz everything that is read from outside for SECONDS=600, or replay one FILE
	ATTUNE_FUZZ_SECONDS=$(SECONDS) ATTUNE_FUZZ_FILE=$(abspath $(FILE)) $(CARGO) test --locked --package attune-server --lib -- \
		--nocapture fuzz_

bench: web/dist ## Measure, as ratios to a yardstick in the same run; some figures alone by FIGURES="storm idle"
	$(CARGO) build --release --locked --package attune-server --package attune-bench
	$${CARGO_TARGET_DIR:-target}/release/attune-bench $(FIGURES)

audit: web/node_modules ## Check licences, sources and known faults of what we depend on
	command -v cargo-deny > /dev/null || $(CARGO) install cargo-deny --locked
	cargo deny --workspace check
	cd web && npm audit --audit-level=high
	cd tests/browser && npm audit --audit-level=high

protocol: ## Write web/src/protocol.ts from the protocol crate
	WRITE_PROTOCOL=1 $(CARGO) test --quiet --package attune-protocol --test typescript

web: web/dist ## Build the web client

size: web/dist ## Show what the first page load weighs
	cd web && npm run --silent size

package: web/dist ## Build the Debian package into target/
	$(CARGO) build --release --locked --package attune-server
	server/packaging/build-deb target/release/attune target

clean: ## Remove what was built, not the data
	$(CARGO) clean
	rm -rf web/dist web/node_modules tests/browser/node_modules

WEB_SOURCES := $(shell find web/src web/scripts protocol/src/methods -type f 2> /dev/null) web/index.html web/vite.config.ts

web/dist: web/node_modules $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch web/dist

web/node_modules: web/package.json web/package-lock.json
	cd web && $(NPM_INSTALL)
	@touch web/node_modules

tests/browser/node_modules: tests/browser/package.json tests/browser/package-lock.json
	cd tests/browser && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 $(NPM_INSTALL)
	tests/browser/install-chromium
	@touch tests/browser/node_modules

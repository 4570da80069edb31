# Each target is a script of the same name in scripts/.
.PHONY: help run test soak bench lint watch setup

help: ## What there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build in release and serve http://127.0.0.1:3000, data in ./data
	@scripts/run.sh

test: ## Run everything: Rust on SQLite and PostgreSQL, examples, a real browser
	@scripts/test.sh

soak: ## The faults of the tests in full: hours
	@scripts/soak.sh

bench: ## Measure beside a yardstick and print the table of targets
	@scripts/bench.sh

lint: ## Format, lints, types, the list of rules
	@scripts/lint.sh

watch: ## Serve, and build again when a file changes
	@scripts/watch.sh

setup: ## Only install what the others need
	@scripts/setup-tests.sh

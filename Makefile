PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
JOBS ?= 2
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check format bench screenshots clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no $(PYTHON) on this machine." >&2; exit 1; }
	@$(PYTHON) tools/setup

setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no $(PYTHON) on this machine." >&2; exit 1; }
	@$(PYTHON) tools/setup --dev

run: setup ## Run the whole contest here (PORT=8000, HOST=127.0.0.1); data stays in var/
	@$(BIN)/contest run --host $(HOST) --port $(PORT)

test: setup-dev ## Run every test that this machine can run, saying what it skipped
	@$(BIN)/python -m pytest -q -rs -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup-dev ## Check style, types, safety, templates and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -ll -c pyproject.toml -r contest question_bank tools
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m tools.migrations

format: setup-dev ## Write the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev ## Measure the hot paths beside their yardsticks (ARGS="--rounds 3 --only save")
	@$(BIN)/python -m bench.run $(ARGS)

screenshots: setup-dev ## Photograph every page at 360 and 1280 pixels into screenshots/
	@$(BIN)/python -m tools.screenshots $(ARGS)

clean: ## Remove what was built; var/ (the data) stays
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

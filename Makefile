# One word each: `make help` lists them.
PY := .venv/bin/python
.DEFAULT_GOAL := help

check: ## ruff, mypy and the architecture tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -q tests/architecture

.PHONY: check

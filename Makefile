# One word each: `make help` lists them.
PY := .venv/bin/python
WORKERS ?= 2
ARGS ?=
COVER ?= --cov --cov-report=
.DEFAULT_GOAL := help
# Each process would compile the whole of our code again.
export PYTHONDONTWRITEBYTECODE :=

install: ## install what running needs: PostgreSQL with PostGIS, fonts, .venv
	@scripts/install.sh

install-test: ## install what tests and benchmarks need as well: Chromium, wrk, development tools
	@scripts/install.sh --tests

demo: install ## a register of example addresses with plates, served on port 8000 (ARGS="--port 8001")
	@$(PY) -m service demo $(ARGS)

check: sbom ## ruff, mypy, the architecture tests (with a scan for secrets), known vulnerabilities, SBOM
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -q tests/architecture
	$(PY) -m scripts.audit_dependencies

sbom: ## the packages of an installation as a CycloneDX document: artefacts/sbom.cdx.json
	@mkdir -p artefacts
	@.venv/bin/uv export --frozen --no-dev --format cyclonedx1.5 --preview-features sbom-export \
		-q -o artefacts/sbom.cdx.json && echo artefacts/sbom.cdx.json

test: install-test check ## install-test and check, then all tests on two processes
	$(PY) -m pytest -q -n $(WORKERS) --ignore=tests/architecture $(COVER) $(ARGS)

bench: install-test ## print the figures and ratios of benchmarks/
	@for file in $$(ls benchmarks/[a-z]*.py) wear; do \
		name=$$(basename $$file .py); echo "== $$name"; \
		$(PY) -m benchmarks.$$name $(ARGS) || exit 1; \
	done

drill: install-test ## volume, kills, fuzz and soak: up to an hour
	$(PY) -m pytest -q -m drill $(ARGS)

vendor: ## fetch the browser libraries of service/static/vendor again, as scripts/vendor.py names them
	@$(PY) -m scripts.vendor

clean: ## delete the homes of demo, tests and benchmarks (never yours)
	@if [ -x $(PY) ]; then $(PY) -m scripts.clean; fi
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis artefacts

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

.NOTPARALLEL:
.PHONY: install install-test demo check sbom test bench drill vendor clean help

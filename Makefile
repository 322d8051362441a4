# Two commands matter: `make demo` and `make test`. Both set up what they need.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
EASYOCR := .venv/.easyocr
DEMO := demo
PRESIDIO := .venv-presidio
PACKAGES := dcmtk dicom3tools tesseract-ocr chromium fonts-dejavu
BENCH_PACKAGES := tesseract-ocr fonts-dejavu fonts-liberation fonts-terminus-otb hershey-fonts-data fonts-hack fonts-roboto-unhinted \
	fonts-open-sans fonts-lato fonts-inconsolata fonts-3270 fonts-b612 fonts-noto-mono xfonts-base

.DEFAULT_GOAL := help
.PHONY: help demo test easyocr lint bench bench-frames bench-tags bench-pixels clean debian bench-debian

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 15

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The gateway needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP) ## make sample studies, run the gateway on them, say where the results are
	@$(BIN)/python samples/demo.py $(DEMO)

test: $(STAMP) $(if $(REQUIRE_ALL),$(EASYOCR)) debian lint ## run lint and the tests, with coverage (LONG=1: the long ones too)
	$(BIN)/python tests/run.py

easyocr: $(EASYOCR) ## install the second reader of text, on torch (0.8 GB; with torch built for CUDA, as PyPI has it, 3 GB)

$(EASYOCR): requirements-easyocr.lock $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock -r requirements-easyocr.lock
	@touch $@

lint: $(STAMP) ## ruff and mypy strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP) ## speed beside dicognito and plain pydicom, and of one frame stage by stage (ARGS=--frames: that alone)
	$(BIN)/python benchmarks/speed.py $(ARGS)

bench-frames: $(STAMP) ## what a cine costs beside one frame of it, and the memory of a large one (ARGS="--megabytes 2048")
	$(BIN)/python benchmarks/frames.py $(ARGS)

bench-tags: $(STAMP) ## how well texts and files are cleaned: held-out texts in real headers, ten actions
	@failed=0; for table in tags ten_actions; do $(BIN)/python benchmarks/$$table.py || failed=1; done; exit $$failed

bench-pixels: $(STAMP) bench-debian $(PRESIDIO)/.installed ## how well burned-in text is masked: ours beside three peers (ARGS="--lists dev --only ours")
	$(BIN)/python benchmarks/pixels.py $(ARGS)

# Presidio has an environment of its own: it wants other versions than the gateway. Without it the others are still compared.
$(PRESIDIO)/.installed:
	$(PYTHON) -m venv $(PRESIDIO)
	-$(PRESIDIO)/bin/python -m pip install --quiet --disable-pip-version-check presidio-image-redactor==0.0.62 && touch $@

# Tools and fonts of `make bench-pixels`; without the rights to install them it says what it lacks.
bench-debian:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! dpkg -s $(BENCH_PACKAGES) >/dev/null 2>&1; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(BENCH_PACKAGES) >/dev/null; \
	fi

# Real tools that tests hold the results against. Elsewhere the tests that need them are skipped, and the summary names them.
debian:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! dpkg -s $(PACKAGES) >/dev/null 2>&1; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(PACKAGES) >/dev/null; \
	fi

clean: ## remove what was made here, the virtual environment included
	rm -rf .venv $(PRESIDIO) $(DEMO) .coverage* htmlcov .mypy_cache .ruff_cache .pytest_cache

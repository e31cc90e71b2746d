# Short targets. The first call makes .venv from hashed requirements; later calls find it ready.
#   make demo    the main job            make test    what CI runs            make help    the rest

PYTHON  ?= python3
VENV    := .venv
CUDA_VENV := .venv-cuda
HAS_CUDA  := $(filter Linux,$(shell uname -s))
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all:
# Three on two cores: many tests wait for another process or a page.
WORKERS ?= 3

# The compiled suite, then the same model uncompiled, where coverage sees every branch of the kernels.
PYTEST        := $(BIN)/python -m pytest
COMPILED      := -n $(WORKERS) --dist loadfile -m "not slow"
JIT_OFF       := -n $(WORKERS) -m jit_off --cov --cov-branch --cov-report=term-missing:skip-covered \
                 --cov-fail-under=100

.DEFAULT_GOAL := help
.PHONY: demo studio test test-fast test-compiled test-jit-off test-cuda lint format bench bench-peers bench-ceilings bench-cuda \
        golden verify-long \
        verify verify-fresh verify-mutants verify-kills verify-audit verify-calibration verify-lives evidence sensitivity \
        explain-numbers screens studio-assets reference requirements clean help
.DELETE_ON_ERROR:

## The same million citizens under as-reported and as-documented: a summary here, a report in demo/.
demo: $(VENV)/core.stamp
	@$(BIN)/python -m glasshouse.views.demo

## A page on this machine: see a society change, meet one citizen, live a year yourself.
studio: $(VENV)/studio.stamp
	@$(BIN)/glasshouse studio

## Everything CI runs: lint, the compiled suite with the CUDA kernels simulated, the uncompiled model with full branch coverage.
test: lint test-compiled test-jit-off
	@echo "glasshouse: all tests passed"

## The quick part of the suite while you work: no slow and no browser tests.
test-fast: $(VENV)/dev.stamp
	@echo "glasshouse: quick tests"
	@$(PYTEST) -n $(WORKERS) -m "not slow and not browser"

## The compiled suite alone.
test-compiled: $(VENV)/dev.stamp
	@echo "glasshouse: compiling the kernels, once for each version of them"
	@$(BIN)/python -m glasshouse.model.warm
	@echo "glasshouse: the compiled suite"
	@OMP_WAIT_POLICY=passive $(PYTEST) $(COMPILED)

## The model without compilation, 100 % of its branches.
test-jit-off: $(VENV)/dev.stamp
	@echo "glasshouse: the model uncompiled, every branch of it"
	@NUMBA_DISABLE_JIT=1 $(PYTEST) $(JIT_OFF)

## The CUDA kernels also compiled to PTX, with numba-cuda in an environment of its own (800 MB); needs no device.
test-cuda: $(if $(HAS_CUDA),$(CUDA_VENV)/cuda.stamp)
	@echo "glasshouse: the CUDA kernels, simulated and compiled"
	@$(if $(HAS_CUDA),$(CUDA_VENV)/bin/python -m pytest -n $(WORKERS) tests/device,echo "left out: numba-cuda is for Linux")

## Style, formatting, import order, types.
lint: $(VENV)/dev.stamp
	@echo "glasshouse: style, formatting, import order, types"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports
	@$(BIN)/ty check --quiet

## Put the sources into the house format and mend what can be mended.
format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

## Citizen-days per second and bytes per citizen on this machine.
bench: $(VENV)/core.stamp
	@$(BIN)/glasshouse bench

## The reference workload in Glasshouse, six peers and C, side by side, in environments of their own; some minutes.
bench-peers: $(VENV)/core.stamp
	@$(BIN)/python benchmarks/peers/run.py --python $(PYTHON)

## What this machine can do at most, and how near each phase of a day comes to it.
bench-ceilings: $(VENV)/core.stamp
	@$(BIN)/python benchmarks/ceilings.py

## What a CUDA device does: citizen-days per second, share of its bandwidth, the digest beside the processor's.
bench-cuda: $(CUDA_VENV)/cuda.stamp
	@$(CUDA_VENV)/bin/python benchmarks/device.py $(OPTIONS)

## Write the golden digests and messages anew. Another digest needs a "Results change" line in CHANGELOG.md.
golden: $(VENV)/dev.stamp
	@echo "glasshouse: writing golden files anew"
	@GLASSHOUSE_UPDATE=1 $(PYTEST) -p no:cacheprovider tests/golden tests/scenario/test_messages.py
	@echo "glasshouse: done; look at the difference, and add a 'Results change' line where a digest moved"

## Every check against a formula or another run, some minutes: a row for each, a page and docs/evidence.md.
verify: $(VENV)/core.stamp
	@$(BIN)/python -m verification.analytic $(CHECKS)
	@$(BIN)/python tools/evidence.py

## The same checks with five fresh seeds in a row; nothing is kept.
verify-fresh: $(VENV)/core.stamp
	@for k in 1 2 3 4 5; do $(BIN)/python -m verification.analytic --fresh || exit; done

## Faults planted in the program: each must be noticed by the checks that should; some minutes.
verify-mutants: $(VENV)/core.stamp
	@$(BIN)/python -m verification.mutants

## Write docs/evidence.md from the last results of verify and verify-mutants.
evidence: $(VENV)/core.stamp
	@$(BIN)/python tools/evidence.py

## The long checks, an hour or more: every combination of every preset, and 1,000 examples of each property.
verify-long: $(VENV)/dev.stamp
	@echo "glasshouse: long verification"
	@$(PYTEST) -n $(WORKERS) verification
	@$(PYTEST) -n $(WORKERS) -m slow
	@HYPOTHESIS_PROFILE=long $(PYTEST) -n $(WORKERS) -m hypothesis

## Five hundred kills: before every step on the disk and at random moments; about twenty minutes.
verify-kills: $(VENV)/dev.stamp
	@echo "glasshouse: killing runs"
	@$(PYTEST) -n $(WORKERS) verification/test_kills.py

## The error audit over a thousand seeds of a detector whose truth is known; some minutes.
verify-audit: $(VENV)/dev.stamp
	@echo "glasshouse: the audit's intervals over 1,000 seeds"
	@$(PYTEST) verification/test_audit.py

## Two hundred calibrations of a town whose numbers are known: intervals hold the truth as often as they say; minutes.
verify-calibration: $(VENV)/dev.stamp
	@echo "glasshouse: the intervals of 200 calibrations"
	@$(PYTEST) -n 0 -s verification/test_calibration.py

## The most influential assumptions of every preset, found anew and shown in docs/presets.md; some minutes.
sensitivity: $(VENV)/core.stamp
	@$(BIN)/python tools/assumptions.py --live

## The numbers of the guided tour, found anew, and the teacher's page written from them; some minutes.
explain-numbers: $(VENV)/core.stamp
	@$(BIN)/python tools/explain.py --live

## A thousand lives of a run of ten million, told from its log, against the kernels' rows on every day.
verify-lives: $(VENV)/dev.stamp
	@echo "glasshouse: lives of ten million"
	@$(PYTEST) -n 0 verification/test_lives.py

## The pictures of every screen of the studio, as the tests open them: docs/img/studio-1280.png and studio-390.png; minutes.
screens: $(VENV)/dev.stamp
	@rm -rf build/screens
	@GLASSHOUSE_SCREENSHOTS=$(CURDIR)/build/screens $(PYTEST) -q -n 2 --dist loadfile -k "fits or keyboard or axe or tour" tests/studio
	@$(BIN)/python tools/screens.py build/screens "$$(command -v chromium || command -v google-chrome)"

## Build the studio's page anew (needs node) and say where it is not what is committed.
studio-assets:
	@cd studio && npm ci --silent && npm run --silent check && npm run --silent build
	@git diff --exit-code --stat -- src/glasshouse/views/studio/assets
	@echo "glasshouse: the studio's page is what its sources give"

## Write the pages of docs/ that are made from the program: options, scenario, measures, diagnostics.
reference: $(VENV)/core.stamp
	@$(BIN)/python tools/reference.py

## Choose versions anew and write their hashes (needs uv on the PATH).
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-header --upgrade
STUDIO  := --extra figures pyproject.toml requirements/core.in --extra studio -c requirements/core.txt
requirements:
	@command -v uv >/dev/null || { echo "glasshouse: this target needs uv (pip install uv)" >&2; exit 1; }
	@$(COMPILE) --extra figures pyproject.toml requirements/core.in -o requirements/core.txt
	@$(COMPILE) $(STUDIO) -o requirements/studio.txt
	@$(COMPILE) $(STUDIO) requirements/dev.in -c requirements/studio.txt -o requirements/dev.txt
	@$(COMPILE) --extra cuda pyproject.toml requirements/core.in requirements/cuda.in -o requirements/cuda.txt
	@echo "glasshouse: wrote the requirements: core, studio, dev, cuda"

## Remove .venv, caches and the demo's output. Runs of your own stay.
clean:
	@rm -rf $(VENV) $(CUDA_VENV) benchmarks/peers/.envs demo .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.* dist build
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "glasshouse: clean"

## This list.
help:
	@awk '/^## /{about=substr($$0, 4)} /^[a-z-]+:/{if (about) {split($$0, part, ":"); \
	  printf "  make %-14s %s\n", part[1], about}; about=""}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- the environment

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	  || { echo "glasshouse: needs Python 3.11 to 3.14 (set PYTHON=...)" >&2; exit 1; }
	@echo "glasshouse: making $(VENV) (only once)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "glasshouse: no venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/core.stamp: requirements/core.txt pyproject.toml | $(BIN)/python
	@echo "glasshouse: installing the packages it needs, some minutes on a first visit"
	@$(INSTALL) -r requirements/core.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@echo "glasshouse: compiling its kernels, a minute or two"
	@$(BIN)/python -m glasshouse.model.warm
	@touch $@

$(VENV)/studio.stamp: requirements/studio.txt $(VENV)/core.stamp
	@echo "glasshouse: installing the packages of the studio"
	@$(INSTALL) -r requirements/studio.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/core.stamp
	@echo "glasshouse: installing the packages its tests need"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

$(CUDA_VENV)/cuda.stamp: requirements/cuda.txt pyproject.toml
	@echo "glasshouse: making $(CUDA_VENV) with numba-cuda, which wants a NumPy of its own (only once)"
	@$(PYTHON) -m venv $(CUDA_VENV)
	@$(CUDA_VENV)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes \
	  --only-binary :all: -r requirements/cuda.txt
	@$(CUDA_VENV)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-deps \
	  --no-build-isolation -e .
	@touch $@

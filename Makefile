# What CI runs and what a person runs are the same: these targets. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo lab lecture gallery site test quick check build prove bench release verify lock clean

PYTHON ?= python3
CHAPTERS ?=
PY := .venv/bin/python
RUN := $(PY) -m autograder
export OPENBLAS_NUM_THREADS ?= 1
export JUPYTER_PLATFORM_DIRS := 1

help:            ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

setup:           ## make .venv and install what the lock names (every other target does this first)
	@$(PYTHON) .ci/setup.py

demo: setup      ## build, prove, grade a class with known marks in every chapter, check every mark (CHAPTERS=01_graphs: that one)
	@$(RUN) demo $(CHAPTERS)

lab: setup build ## open the course in JupyterLab
	@$(PY) -m jupyterlab --ServerApp.root_dir=course --LabApp.default_url=/lab/tree/index.ipynb

lecture: setup build ## present a lecture as slides with live demos (CHAPTER=01_graphs; docs/presenting.md)
	@$(RUN) lecture $(CHAPTER)

gallery: setup   ## all demos live, one address each, without code (Voila)
	@$(RUN) gallery

site: setup build ## demos and handouts as pages for a web server or a USB stick, in build/site
	@$(RUN) site

test: check      ## every test but the exhaustive ones (under 20 minutes on two cores)
	@$(PY) -m pytest -n 2 --dist loadgroup -m "not exhaustive" -q

quick: setup     ## the fast tests (under a minute)
	@$(PY) -m pytest -n 2 -m "not slow and not exhaustive and not browser" -q

check: setup     ## lint, format, and course/ up to date with solutions/
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(RUN) build --check

build: setup     ## solutions/ -> course/ and build/nbgrader/
	@$(RUN) build

prove: setup build ## test the tests: every mistake caught, every alternative accepted
	@$(RUN) prove

bench: setup     ## speed against peers in the same run, tables and build/bench/*.json
	@for script in benchmarks/*.py; do echo "== $$script"; $(PY) $$script || exit 1; done

release: setup build ## write the students' repository to build/release
	@$(RUN) release --all --out build/release --force

verify: setup    ## everything, exhaustive runs included
	@$(PY) -m pytest -n 2 --dist loadgroup -q

lock: setup      ## resolve both lock files again from pyproject.toml
	@$(PY) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade -o requirements.lock
	@$(PY) -m uv pip compile pyproject.toml --extra student --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade -o requirements-student.lock

clean:           ## remove build products (not .venv, not course/)
	@rm -rf build

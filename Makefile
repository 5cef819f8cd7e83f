# What people type; `make help` lists it. Make installs `.venv` and hands over what is typed: `python -m iucresearch`
# does the rest, and knows what is up to date.

ifeq ($(wildcard tools/install.py),)
$(error run make in the project's own folder, the one with pyproject.toml)
endif
# pip takes ` #` for the beginning of a comment, and `:` separates the folders in lists such as PATH.
comment := $() \#
ifneq ($(findstring :,$(CURDIR))$(findstring $(comment),$(CURDIR)),)
$(error Nothing can be installed in a folder with ":" or "$(comment)" in its path. Rename or move $(CURDIR))
endif

# Refuse mistyped variables (VARIENT=lac). What users type is text: `value` takes it as it is, `export` hands it on.
PYTHON ?= python3
GIVEN := VARIANT LOCALE SURVEY SOURCE N SEED ONLY EXHIBIT SCHEDULER PYTHON UPGRADE
typed := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
ifneq ($(filter-out $(GIVEN),$(typed)),)
$(error Unknown variable $(firstword $(filter-out $(GIVEN),$(typed))). Expected one of $(GIVEN))
endif
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name))))
export $(GIVEN)
# Nothing of the caller's Python, Jupyter or matplotlib leaks in.
unexport PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONOPTIMIZE PYTHONWARNINGS \
	PYTHONINSPECT PYTHONUTF8 PYTHONIOENCODING JUPYTER_PATH JUPYTER_CONFIG_PATH JUPYTER_PREFER_ENV_PATH MPLBACKEND MATPLOTLIBRC

BIN := .venv/bin
run := exec env PYTHONHASHSEED=0 TZ=UTC LC_ALL=C.UTF-8 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 SOURCE_DATE_EPOCH=0 \
	$(BIN)/python -m iucresearch
build := --variant="$$VARIANT" --survey="$$SURVEY" --locale="$$LOCALE"
# `make -n`: the option --dry-run, with which the program says what it would run; `+` before a line lets Make start it.
dry := $(if $(findstring n,$(filter-out --%,$(firstword $(MAKEFLAGS)))),$(if $(wildcard $(BIN)/python),--dry-run))

.PHONY: help install lock moved report pdf briefs site lab test test-browser test-faults lint record catalogues checksums \
	metadata audit draws trace review publish archive bench clean FORCE
.NOTPARALLEL: # One program runs at a time and has the machine to itself: -j changes nothing.
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16
	@echo "reports/...     a single file of a build, such as reports/figures/figure-6.svg"
install: .venv/installed ## set up .venv (PYTHON=python3.12 names the Python to make it with)
report: .venv/installed ## build the report: reports/index.html (VARIANT=name, SURVEY=file, LOCALE=es or pt: others)
	$(if $(dry),+)@$(run) report $(build) $(dry)
pdf: .venv/installed ## the report on paper, tagged for screen readers: reports/report.pdf (VARIANT, SURVEY, LOCALE)
	@$(run) pdf $(build)
briefs: .venv/installed ## a page for every pairing and country: reports/briefs/ (ONLY=slug, SCHEDULER=tcp://host:8786)
	@$(run) briefs $(build) --only="$$ONLY" --scheduler="$$SCHEDULER"
site: .venv/installed ## the report in every language, for a static host or a ZIP: reports/site/
	@$(run) site
lab: .venv/installed ## open JupyterLab on copies of the notebooks: lab/explore.ipynb
	@$(run) lab
review: .venv/installed ## build everything twice and compare with what was published: reports/review.html (EXHIBIT=figure-6)
	@$(run) review --exhibit="$$EXHIBIT"
publish: .venv/installed ## let the report that is built here be what reruns are compared with: reports/published
	@$(run) publish $(build)
trace: .venv/installed ## find every printed string of the ledger in SOURCE=report.pdf (or .txt)
	@$(run) trace -- "$$SOURCE"
draws: .venv/installed ## write N=100 synthetic datasets that satisfy the report, from SEED=1
	@$(run) draws --n="$${N:-100}" --seed="$${SEED:-1}"
archive: .venv/installed ## put the package and its wheels into one file, to build without a network
	@$(run) archive
record: .venv/installed ## record the notebooks' reference outputs again
	@$(run) record
catalogues: .venv/installed ## update the catalogues of translations from the sources
	@$(run) catalogues
checksums: .venv/installed ## update the checksums of data/raw
	@$(run) checksums
metadata: .venv/installed ## write CITATION.cff from the edition's metadata
	@$(run) metadata
test: .venv/installed ## run all tests
	@exec $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
test-browser: .venv/installed ## run the tests that need Chromium
	@exec $(BIN)/python -m pytest -m browser
test-faults: .venv/installed ## run the trials of faults, ten times as many, and count them
	@IUCRESEARCH_TRIALS=10 exec $(BIN)/python -m pytest -n 2 --dist load -m faults
lint: .venv/installed ## check style, types, who may import whom, and words that are not plain
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --cache-dir .cache/import-linter
	@! grep -rnwiE "told|said|anew|lies|stands|nobody|whoever" --include=*.py --include=*.md src tools tests docs *.md
audit: .venv/installed ## known vulnerabilities of requirements.lock
	@exec $(BIN)/pip-audit --requirement requirements.lock --disable-pip --no-deps
bench: .venv/installed ## time what readers wait for (ONLY=row for one)
	@exec $(BIN)/python -m benchmarks --only="$$ONLY"
lock: .venv/installed ## write the locks and environment.yml from pyproject.toml (UPGRADE=1: newest versions)
	@exec $(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)
clean: ## remove everything that a build makes; data/raw stays
	@test ! -x $(BIN)/python || $(run) clean

# A single file of a build, such as reports/figures/figure-6.svg.
reports/% data/processed/%: export PRODUCT = $@
reports/% data/processed/%: FORCE | .venv/installed
	$(if $(dry),+)@$(run) report $(build) $(dry) -- "$$PRODUCT"

# `.venv` cannot be moved with its folder, and is useless without its Python. tools/install.py writes its place to place.mk.
-include .venv/place.mk
ifneq ($(if $(wildcard $(BIN)/python),$(INSTALLED_AT)),$(CURDIR))
.venv/installed: moved
endif
.venv/installed: requirements.lock pyproject.toml tools/install.py src/reissue/build/kernels/kernelspec/kernel.json
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || { echo "$$PYTHON does not run or" \
		"is far too old. Install Python $$(sed -n 's/^requires-python = "\(.*\)"$$/\1/p' pyproject.toml) (Debian, Ubuntu:" \
		"apt install python3 python3-venv; macOS: brew install python) or name it: make PYTHON=/path/to/python3." >&2; exit 2; }
	@exec "$$PYTHON" tools/install.py

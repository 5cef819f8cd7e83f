# What people type. `make help` lists it.

include mk/environment.mk
include notebooks/order.mk

VARIANT ?=
ifneq ($(findstring /,$(VARIANT))$(findstring .,$(VARIANT))$(word 2,$(VARIANT)),)
$(error VARIANT=$(VARIANT) is no name of a variant: expected small letters, digits and hyphens)
endif

STEMS := $(patsubst NEEDS_%,%,$(sort $(filter NEEDS_%,$(.VARIABLES))))
BUILD := reports$(if $(VARIANT),/builds/$(VARIANT))
PROCESSED := $(if $(VARIANT),$(BUILD)/processed,data/processed)
EXECUTED := $(STEMS:%=$(BUILD)/executed/%.ipynb)
PAGES := $(STEMS:%=$(BUILD)/html/%.html)
PARAMS := $(if $(VARIANT),$(wildcard params/$(VARIANT).yaml))

ALL_SOURCE := $(wildcard src/iucresearch/*.py src/iucresearch/*/*.py src/iucresearch/*/*.* src/iucresearch/*/*/*.*)
PAGE_SOURCE := $(filter src/iucresearch/pipeline/% src/iucresearch/templates/page.html,$(ALL_SOURCE))
SOURCE := $(filter-out $(PAGE_SOURCE),$(ALL_SOURCE)) src/iucresearch/pipeline/run.py
RAW := $(wildcard data/raw/* data/raw/*/*)

# Make marks what is stale; one process then runs it all, in order.
RUN_STALE = $(BIN)/python -m iucresearch.pipeline $(if $(VARIANT),--variant $(VARIANT)) --run $(STALE) --export $(EXPORT)
# A marked target that was itself asked for runs at once.
run_if_asked = $(if $(filter $@,$(MAKECMDGOALS)),$(RUN_STALE),@:)

.DEFAULT_GOAL := help
.PHONY: help report test lab lint record checksums clean test-browser
# The last good report stays when a run is interrupted: files are replaced whole, never half-written.
.PRECIOUS: $(BUILD)/% $(PROCESSED)/%

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

report: .venv/installed $(BUILD)/index.html ## build the report: reports/index.html (VARIANT=name reads params/name.yaml)
	@$(if $(BUILT),echo "The report is ready: $(BUILD)/index.html",echo "Nothing to do: $(BUILD)/index.html is up to date.")

$(BUILD)/index.html: $(PAGES) $(PAGE_SOURCE)
	@$(RUN_STALE)
	$(eval BUILT := yes)

$(BUILD)/html/%.html: $(BUILD)/executed/%.ipynb $(PAGE_SOURCE)
	$(eval EXPORT += $*)$(run_if_asked)

$(BUILD)/executed/%.ipynb: notebooks/%.ipynb $(SOURCE) $(PARAMS) notebooks/order.mk | .venv/installed
	$(eval STALE += $*)$(run_if_asked)

$(foreach stem,$(STEMS),$(eval $(BUILD)/executed/$(stem).ipynb: $(NEEDS_$(stem):%=$(BUILD)/executed/%.ipynb)))
$(BUILD)/executed/01_clean.ipynb: $(RAW)

# A single product: made, or made again, by running the notebook that it comes from.
made_by = $(BIN)/python -m iucresearch.pipeline $(if $(VARIANT),--variant $(VARIANT)) --run $(sort $(STALE) $(1))

$(PROCESSED)/%: $(BUILD)/executed/01_clean.ipynb
	@$(call made_by,01_clean)

test: .venv/installed ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-browser: .venv/installed ## run the tests that need Chromium
	@$(BIN)/python -m pytest -m browser

lab: .venv/installed ## open JupyterLab
	@$(BIN)/jupyter lab --notebook-dir "$(CURDIR)"

lint: .venv/installed ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

record: .venv/installed ## record the notebooks' reference outputs again
	@$(BIN)/python -m iucresearch.record

checksums: .venv/installed ## renew the checksums of data/raw
	@$(BIN)/python -m iucresearch.checksums

clean: ## remove everything that a build makes; data/raw stays
	@rm -rf data/processed reports/executed reports/html reports/figures reports/tables reports/builds
	@rm -f reports/index.html reports/build.json
	@echo "Removed what builds make. The next make report makes it again."

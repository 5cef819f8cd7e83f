# What people type. `make help` lists it.

ifeq ($(wildcard mk/environment.mk),)
$(error run make in the project's own folder, the one with pyproject.toml)
endif
include mk/environment.mk
include notebooks/order.mk

# What users give is text. Make expands none of it, not even for the recipes that it hands the variables to, and
# programs get it by the shell's own: a name is never read as a command.
GIVEN := VARIANT LOCALE SURVEY SOURCE N SEED ONLY EXHIBIT SCHEDULER
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name))))
export $(GIVEN)

small := a b c d e f g h i j k l m n o p q r s t u v w x y z
in_names := $(small) 0 1 2 3 4 5 6 7 8 9 -
in_paths := $(in_names) A B C D E F G H I J K L M N O P Q R S T U V W X Y Z . _ /
# What is left of a text without some signs.
others = $(if $(2),$(call others,$(subst $(firstword $(2)),,$(1)),$(wordlist 2,99,$(2))),$(1))

# A mistyped variable would build something else than was asked for, without a word.
KNOWN := $(GIVEN) PYTHON UPGRADE
typed = $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
unknown := $(firstword $(filter-out $(KNOWN),$(typed)))
nearest = $(if $(call others,$(1),$(in_paths)),,$(shell python3 -c 'import difflib, sys; \
	print(*difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2:], 1))' $(1) $(KNOWN) 2>/dev/null))
ifneq ($(unknown),)
$(error Unknown variable $(unknown).$(foreach name,$(call nearest,$(unknown)), Did you mean $(name)?) Expected one of $(KNOWN))
endif

ifneq ($(call others,$(VARIANT),$(in_names)),)
$(error VARIANT=$(VARIANT) is no name of a variant: expected small letters, digits and hyphens)
endif

# The language of a build; the runner knows which there are.
override LOCALE := $(or $(LOCALE),en)
ifneq ($(call others,$(LOCALE),$(small)),)
$(error LOCALE=$(LOCALE) is no name of a language: expected en, es or pt)
endif

# A build from true answers lies apart from all others, and is made anew each time.
NAME := $(if $(SURVEY),answers$(if $(VARIANT),-))$(VARIANT)
NAME := $(if $(filter-out en,$(LOCALE)),$(or $(NAME),published)-$(LOCALE),$(NAME))
BUILD := reports$(if $(NAME),/builds/$(NAME))
PROCESSED := $(if $(NAME),$(BUILD)/processed,data/processed)
STEMS := $(patsubst NEEDS_%,%,$(sort $(filter NEEDS_%,$(.VARIABLES))))
RUNS := $(STEMS:%=$(BUILD)/.made/%.mk)
EXECUTED := $(STEMS:%=$(BUILD)/executed/%.ipynb)
PAGES := $(STEMS:%=$(BUILD)/html/%.html)

NOTEBOOKS := $(STEMS:%=notebooks/%.ipynb)
# Names that Make would read as more than a name, as a command even, are not those of files that the report is made from:
# the descriptor has none.
signs := $$ ; : \# % = | \ & ( ) * ? [ ] ~ ' " `
plain = $(foreach file,$(1),$(if $(strip $(foreach sign,$(signs),$(findstring $(sign),$(file)))),,$(file)))
# The folder stands among its files: it is newer than a build when a file was taken away.
RAW := data/raw $(wildcard $(call plain,$(filter data/raw/%,$(wildcard data/raw/* data/raw/*/*))))
LOCK := requirements.lock
PARAMS := $(if $(VARIANT),params/$(VARIANT).yaml)
FOUND := $(wildcard src/*/*.* src/*/*/*.* src/*/*/*/*.*)
CODE := $(foreach file,$(FOUND),$(if $(findstring __pycache__,$(file)),,$(file)))
PAGE_CODE := $(filter src/reissue/build/% src/reissue/exhibits/origins.py src/reissue/exhibits/status.py src/reissue/templates/page.html src/reissue/templates/page/%,$(CODE))
RUN_CODE := $(filter-out $(PAGE_CODE),$(CODE)) src/reissue/build/run.py

# A clock that was set back, or an archive from another time zone, leaves files of the future: what builds made would seem
# newer than every change. What people wrote is of now then, the environment last; what builds made is made again.
future = $(shell find $(1) -path reports/published -prune -o -newermt "1 minute" -exec touch $(2) {} + -print 2>/dev/null)
ifneq ($(call future,Makefile mk tools src notebooks params data/raw *.toml *.lock .venv/place.mk .venv/installed)$(call future,reports data/processed,-t 197001020000),)
$(info Files were of the future, as when a clock is set back: they are of now, and what builds made is made again.)
endif

.DEFAULT_GOAL := help
.PHONY: help report pdf briefs archive test lab lint record catalogues bench checksums metadata audit clean draws trace publish review test-browser test-faults FORCE
# One process runs what is stale and has the machine to itself: -j changes nothing.
.NOTPARALLEL:

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

report: .venv/installed $(BUILD)/index.html ## build the report: reports/index.html (VARIANT=name, SURVEY=file, LOCALE=es or pt: others)
	@$(if $(BUILT),echo "The report is ready: $(BUILD)/index.html",echo "Nothing to do: $(BUILD)/index.html is up to date.")

# What is stale. The recipes of this part run nothing: they note which notebooks to run and which pages to write.
# A run leaves the list of its files, FILES_stem, in .made/stem.mk, and gives the list and the files the time at which
# it began: what is newer was changed since. A file spelt with /./ is the one on the disk, whoever wrote it; spelt
# plainly, it is the one that the next part makes.
STALE :=
UNPAGED :=
BUILT :=
on_disk = $(patsubst data/%,data/./%,$(patsubst reports/%,reports/./%,$(1)))
-include $(wildcard $(call on_disk,$(RUNS) $(BUILD)/.made/briefs.mk))

$(RUNS): $(BUILD)/.made/%.mk: notebooks/%.ipynb notebooks/order.mk $(LOCK) $(PARAMS) $(RUN_CODE)
	$(eval STALE += $*)
# Notebooks that need no other read the raw files.
$(foreach stem,$(STEMS),$(if $(NEEDS_$(stem)),,$(eval $(BUILD)/.made/$(stem).mk: $$(RAW))))
$(ANALYSIS:%=$(BUILD)/.made/%.mk): params/questionnaire.csv $(if $(SURVEY),FORCE)

made_from = $(BUILD)/.made/$(1).mk: $(NEEDS_$(1):%=$(BUILD)/.made/%.mk) $(call on_disk,$(BUILD)/executed/$(1).ipynb $(FILES_$(1)))
$(foreach stem,$(STEMS),$(eval $(call made_from,$(stem))))

# Pages show a hash of everything that the build is made from, and what the analysis says of their exhibits.
$(call on_disk,$(PAGES)): $(call on_disk,$(BUILD)/html/%.html): $(BUILD)/.made/%.mk $(ANALYSIS:%=$(BUILD)/.made/%.mk) $(CODE) $(RAW) $(NOTEBOOKS)
	$(eval UNPAGED += $*)

# The whole report is newer than none of them; a build ends with the crate, the workflow in it first, and build.json.
$(call on_disk,$(BUILD)/index.html): $(call on_disk,$(PAGES))
	$(eval UNPAGED += $(STEMS))
$(call on_disk,$(BUILD)/ro-crate-metadata.json): $(call on_disk,$(BUILD)/index.html $(BUILD)/order.mk)
	$(eval UNPAGED += $(STEMS))
$(call on_disk,$(BUILD)/build.json): $(call on_disk,$(BUILD)/ro-crate-metadata.json)
	$(eval UNPAGED += $(STEMS))

# The PDF is made from the whole report.
OLD_PDF :=
$(call on_disk,$(BUILD)/report.pdf): $(call on_disk,$(BUILD)/index.html)
	$(eval OLD_PDF := old)

# Briefs read the processed tables; their list is older than none of their pages.
OLD_BRIEFS := $(if $(FILES_briefs),,none)$(SCHEDULER)$(ONLY)
$(BUILD)/.made/briefs.mk: $(ANALYSIS:%=$(BUILD)/.made/%.mk) notebooks/brief.ipynb $(LOCK) $(CODE) $(RAW) $(call on_disk,$(FILES_briefs))
	$(eval OLD_BRIEFS += old)

# What is not there is stale, and the runner says it where it cannot be made.
$(sort $(call on_disk,$(BUILD)/order.mk $(EXECUTED) $(foreach stem,$(STEMS) briefs,$(FILES_$(stem))))): ;
$(NOTEBOOKS) $(PARAMS) params/questionnaire.csv notebooks/brief.ipynb: ;

# A notebook is stale, too, where one that it needs is.
is_stale = $(strip $(filter $(1),$(STALE)) $(foreach need,$(NEEDS_$(1)),$(call is_stale,$(need))))
with_needs = $(foreach need,$(NEEDS_$(1)),$(call with_needs,$(need))) $(1)
stale = $(filter-out $(BUILT),$(sort $(foreach stem,$(1),$(if $(call is_stale,$(stem)),$(stem)))))

# Making: $(1) the notebooks to run, $(2) the pages to write besides theirs; nothing where there are none.
build = $(if $(strip $(1)$(2)),exec $(BIN)/python -m iucresearch report $(if $(VARIANT),--variant=$(VARIANT)) $(if $(SURVEY),--survey="$$SURVEY") --locale $(LOCALE) --run "$(strip $(1))" --export "$(strip $(2))"\
$(eval BUILT += $(or $(1),$(2))))

$(BUILD)/index.html: $(call on_disk,$(BUILD)/build.json) FORCE | .venv/installed
	@$(call build,$(call stale,$(STEMS)),$(if $(STALE)$(UNPAGED),$(STEMS)))

$(PAGES): $(BUILD)/html/%.html: $(call on_disk,$(BUILD)/html/%.html) FORCE | .venv/installed
	@$(call build,$(call stale,$(call with_needs,$*) $(call with_needs,$(ANALYSIS))),$(filter $*,$(UNPAGED)))

$(EXECUTED): $(BUILD)/executed/%.ipynb: $(BUILD)/.made/%.mk FORCE | .venv/installed
	@$(call build,$(call stale,$(call with_needs,$*)))

$(BUILD)/report.pdf: $(BUILD)/index.html $(call on_disk,$(BUILD)/report.pdf) FORCE | .venv/installed
	@$(if $(OLD_PDF)$(BUILT),exec $(BIN)/python -m iucresearch pdf --build="$(NAME)" --locale $(LOCALE))

pdf: $(BUILD)/report.pdf ## the report on paper, tagged for screen readers: reports/report.pdf (VARIANT, SURVEY, LOCALE as for report)
	@$(if $(OLD_PDF)$(BUILT),echo "The PDF is ready: $(BUILD)/report.pdf",echo "Nothing to do: $(BUILD)/report.pdf is up to date.")

briefs: $(BUILD)/.made/briefs.mk FORCE | .venv/installed ## a page for every pairing and country: reports/briefs/ (ONLY=slug, SCHEDULER=tcp://host:8786)
	@$(call build,$(call stale,$(call with_needs,$(ANALYSIS))))
	@$(if $(OLD_BRIEFS)$(filter $(ANALYSIS),$(BUILT)),exec $(BIN)/python -m iucresearch briefs --build="$(NAME)" --locale $(LOCALE) --scheduler="$$SCHEDULER" --only="$$ONLY",\
	echo "Nothing to do: $(BUILD)/briefs/index.html is up to date.")

# A single figure, table or data set, by the notebook that shows or makes it; what is typed is no command for the shell.
named = $(if $(call others,$(1),$(in_paths)),$(error $(1) is no name of a product: expected letters, digits, dots, hyphens and slashes),$(1))
shown_in = $(or $(basename $(notdir $(shell grep -l 'show.\\"$(basename $(notdir $(call named,$(1))))\\"' $(NOTEBOOKS)))),\
$(error $(1): no notebook shows it. Expected the name of an exhibit in src/iucresearch/exhibits.py))
define one
@$(call build,$(call stale,$(call with_needs,$(1))))
@$(if $(BUILT),,echo "Nothing to do: $@ is up to date.")
@test -e "$(call named,$@)" || { echo "$@: $(1) makes no such file. Choose one of those that it lists in $(BUILD)/.made/$(1).mk." >&2; exit 2; }
endef
.SECONDEXPANSION:

$(BUILD)/figures/%: $$(BUILD)/.made/$$(call shown_in,$$@).mk FORCE | .venv/installed
	$(call one,$(call shown_in,$@))

$(BUILD)/tables/%: $$(BUILD)/.made/$$(call shown_in,$$@).mk FORCE | .venv/installed
	$(call one,$(call shown_in,$@))

$(BUILD)/survey/sensitivity.csv: $(BUILD)/.made/08_readings.mk FORCE | .venv/installed
	$(call one,08_readings)

$(BUILD)/survey/%: $(BUILD)/.made/04_survey.mk FORCE | .venv/installed
	$(call one,04_survey)

$(BUILD)/claims.csv: $(BUILD)/.made/06_claims.mk FORCE | .venv/installed
	$(call one,06_claims)

# Cleaned tables and those of the analysis share a folder.
$(PROCESSED)/%: $(ANALYSIS:%=$(BUILD)/.made/%.mk) FORCE | .venv/installed
	$(call one,$(ANALYSIS))

ifneq ($(NAME),)
reports/figures/% reports/tables/% reports/survey/% reports/html/%: FORCE
	@echo "$@ is the published build's. With VARIANT, SURVEY or LOCALE ask for $(@:reports/%=$(BUILD)/%)." >&2; exit 2
endif

# An interrupted recipe deletes nothing: files are replaced whole, never half-written.
.PRECIOUS: $(BUILD)/index.html $(BUILD)/report.pdf $(PAGES) $(EXECUTED) $(BUILD)/figures/% $(BUILD)/tables/% $(BUILD)/survey/% $(PROCESSED)/%

test: .venv/installed ## run all tests
	@exec $(BIN)/python -m pytest -n 2 --dist load

test-faults: .venv/installed ## run the trials of faults, ten times as many, and count them
	@IUCRESEARCH_TRIALS=10 exec $(BIN)/python -m pytest -n 2 --dist load -m faults

test-browser: .venv/installed ## run the tests that need Chromium
	@exec $(BIN)/python -m pytest -m browser

lab: .venv/installed ## open JupyterLab on copies of the notebooks: lab/explore.ipynb
	@exec $(BIN)/python -m iucresearch lab

lint: .venv/installed ## check style, types and who may import whom
	@exec $(BIN)/ruff check .
	@exec $(BIN)/ruff format --check .
	@exec $(BIN)/mypy
	@exec $(BIN)/lint-imports --cache-dir .cache/import-linter

record: .venv/installed ## record the notebooks' reference outputs again
	@exec $(BIN)/python -m iucresearch record

catalogues: .venv/installed ## bring the catalogues of translations in step with the sources
	@exec $(BIN)/python -m iucresearch catalogues

checksums: .venv/installed ## renew the checksums of data/raw
	@exec $(BIN)/python -m iucresearch checksums

audit: .venv/installed ## known vulnerabilities of requirements.lock
	@exec $(BIN)/pip-audit --requirement requirements.lock --disable-pip --no-deps

metadata: .venv/installed ## renew CITATION.cff and the data package from the edition's metadata
	@exec $(BIN)/python -m iucresearch metadata

bench: .venv/installed ## time what readers wait for (ONLY=row for one)
	@exec $(BIN)/python -m benchmarks $(if $(ONLY),--only="$$ONLY")

draws: .venv/installed ## write N=100 synthetic datasets that satisfy the report, from SEED=1
	@exec $(BIN)/python -m iucresearch draws $(if $(N),--n="$$N") $(if $(SEED),--seed="$$SEED")

trace: .venv/installed ## find every printed string of the ledger in SOURCE=report.pdf (or .txt)
	@$(if $(SOURCE),,echo "SOURCE is missing: make trace SOURCE=report.pdf, a copy of the published report" >&2; exit 2)
	@exec $(BIN)/python -m iucresearch trace -- "$$SOURCE"

review: .venv/installed ## build everything anew, twice, and compare with what was published: reports/review.html (EXHIBIT=figure-6)
	@exec $(BIN)/python -m iucresearch review --exhibit="$$EXHIBIT"

publish: $(if $(NAME),,report) ## let the report that is built here be what reruns are compared with: reports/published
	@$(if $(NAME),echo "make publish is for the published configuration: leave out VARIANT and SURVEY and LOCALE" >&2; exit 2)
	@exec $(BIN)/python -m iucresearch publish

archive: .venv/installed ## the package with its wheels, to build without a network: reports/archive/
	@exec $(BIN)/python -m iucresearch archive

clean: ## remove everything that a build makes; data/raw stays
	@rm -rf data/processed reports/.made reports/executed reports/html reports/figures reports/tables reports/survey reports/briefs reports/builds \
	reports/index.html reports/claims.csv reports/report.pdf reports/order.mk reports/ro-crate-metadata.json reports/build.json reports/review.html reports/review.json reports/codecheck.yml \
	2>/dev/null || { echo "Not everything could be removed: change the permissions of reports/ and data/." >&2; exit 2; }
	@echo "Removed what builds make. The next make report makes it again."

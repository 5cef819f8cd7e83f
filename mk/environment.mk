# The environment: which Python, what every recipe sees of the caller's variables, and `.venv` from the locks.
# Nothing here starts a program unless there is something to install. GNU Make 3.81 will do.

ifeq ($(wildcard tools/install.py),)
$(error run make in the project's own folder, the one with pyproject.toml)
endif

# pip takes ` #` for the beginning of a comment, and `:` separates the folders in lists such as PATH.
empty :=
comment := $(empty) \#
ifneq ($(findstring :,$(CURDIR))$(findstring $(comment),$(CURDIR)),)
$(error Nothing can be installed in a folder with ":" or "$(comment)" in its path. Rename or move $(CURDIR))
endif

# The Python to make .venv with; another of the supported ones is taken from PATH if it does not fit.
# Like all that users give it is text, for the shell too.
PYTHON ?= python3
override PYTHON := $(value PYTHON)
export PYTHON
BIN := .venv/bin

# One cache folder for all that programs write on the side. The caller's own cache folder is kept for pip and uv,
# whose downloads serve other projects too; an outer make has put it into CALLERS_CACHE_HOME.
ifeq ($(origin CALLERS_CACHE_HOME),undefined)
CALLERS_CACHE_HOME := $(XDG_CACHE_HOME)
endif
export CALLERS_CACHE_HOME
cache := $(CURDIR)/.cache
export XDG_CACHE_HOME := $(cache)/xdg
export MPLCONFIGDIR := $(cache)/matplotlib
export IPYTHONDIR := $(cache)/ipython
export JUPYTER_CONFIG_DIR := $(cache)/jupyter/config
export JUPYTER_DATA_DIR := $(cache)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(cache)/jupyter/runtime
export RUFF_CACHE_DIR := $(cache)/ruff
export MYPY_CACHE_DIR := $(cache)/mypy
export HYPOTHESIS_STORAGE_DIRECTORY := $(cache)/hypothesis

# Two runs give the same bytes.
export PYTHONHASHSEED := 0
export TZ := UTC
export LC_ALL := C.UTF-8
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export SOURCE_DATE_EPOCH := 0

# Nothing of the caller's Python, Jupyter or matplotlib leaks in, and bytecode is written.
unexport PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONOPTIMIZE
unexport PYTHONWARNINGS PYTHONINSPECT PYTHONUTF8 PYTHONIOENCODING
unexport JUPYTER_PATH JUPYTER_CONFIG_PATH JUPYTER_PREFER_ENV_PATH MPLBACKEND MATPLOTLIBRC

.PHONY: install lock moved

install: .venv/installed ## set up .venv (PYTHON=python3.12 names the Python to make it with)

# `.venv` does not bear being moved with its folder, and is useless once its Python is gone.
-include .venv/place.mk
ifneq ($(INSTALLED_AT),$(CURDIR))
.venv/installed: moved
endif
ifeq ($(wildcard $(BIN)/python),)
.venv/installed: moved
endif

.venv/installed: requirements.lock requirements-uv.lock pyproject.toml tools/install.py \
		src/reissue/build/kernels/kernelspec/kernel.json
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || { echo "$$PYTHON does not run or" \
		"is far too old. Install Python $$(sed -n 's/^requires-python = "\(.*\)"$$/\1/p' pyproject.toml) (Debian, Ubuntu:" \
		"apt install python3 python3-venv; macOS: brew install python) or name it: make PYTHON=/path/to/python3." >&2; exit 2; }
	@XDG_CACHE_HOME="$$CALLERS_CACHE_HOME" exec "$$PYTHON" tools/install.py

# The locks and environment.yml from pyproject.toml; UPGRADE=1 takes the newest versions.
lock: .venv/installed ## write the locks and environment.yml from pyproject.toml (UPGRADE=1: newest versions)
	@test -x .cache/uv/bin/uv || XDG_CACHE_HOME="$$CALLERS_CACHE_HOME" "$$PYTHON" tools/install.py
	@XDG_CACHE_HOME="$$CALLERS_CACHE_HOME" exec $(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

"""The folders of a project, and the names of builds."""

from __future__ import annotations

import os
from pathlib import Path

from reissue.core.errors import InputError
from reissue.core.language import languages
from reissue.core.vocabulary import ENGLISH

#: A file by which the folder of a project is recognised.
MARKER = "notebooks/order.toml"


def _find_root(start: Path) -> Path:
    """Return the nearest project folder, from a folder upwards; the folder itself if there is none."""
    return next((folder for folder in (start, *start.parents) if (folder / MARKER).is_file()), start)


def check_project() -> None:
    """Raise InputError unless this program was started in a project."""
    if not (_find_root(Path.cwd()) / MARKER).is_file():
        raise InputError(
            "there is no project in this folder or above it",
            where="the working directory",
            expected=f"a folder with {MARKER}",
            remedy="change to the project's folder",
        )


#: The project in which this program was started, wherever this package is installed.
ROOT = _find_root(Path.cwd())
RAW = ROOT / "data" / "raw"
NOTEBOOKS = ROOT / "notebooks"
PARAMS = ROOT / "params"
CACHE = ROOT / ".cache"

#: Set by the runner: the folder into which a notebook's figures, tables and processed data go.
OUTPUT_VARIABLE = "REISSUE_OUTPUT"
#: Set by the runner: the processed tables that a notebook reads.
PROCESSED_VARIABLE = "REISSUE_PROCESSED"
#: Set by the runner: the raw files that a notebook reads, if they are not the project's.
RAW_VARIABLE = "REISSUE_RAW"
#: Set by the runner: the table of counts from which a build from true answers is made.
COUNTS_VARIABLE = "REISSUE_COUNTS"
#: Set by the runner if the answers from which a build is made are synthetic.
SYNTHETIC_VARIABLE = "REISSUE_SYNTHETIC"
#: The word that marks such builds and the files from which they are made.
SYNTHETIC = "SYNTHETIC"
#: Which header of an export is which question, and which label is which option; users edit it.
MAPPING = PARAMS / "questionnaire.csv"
#: The first part of the names of builds from true answers.
ANSWERS = "answers"
#: The name of a build of published parameters, where it needs one.
PUBLISHED = "published"


def cache_variables(cache: Path) -> dict[str, str]:
    """Return the environment variables with which Jupyter, matplotlib and fontconfig write into one cache folder."""
    return {
        "JUPYTER_RUNTIME_DIR": str(cache / "jupyter" / "runtime"),
        "JUPYTER_CONFIG_DIR": str(cache / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(cache / "jupyter" / "data"),
        "IPYTHONDIR": str(cache / "ipython"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "XDG_CACHE_HOME": str(cache / "xdg"),
    }


def keep_to_own_cache(cache: Path = CACHE) -> None:
    """Let Jupyter and matplotlib write only into the project's cache."""
    os.environ.update(cache_variables(cache))
    os.makedirs(os.environ["JUPYTER_RUNTIME_DIR"], exist_ok=True)


def build_folder(variant: str = "") -> Path:
    """Return the folder of a build: `reports` itself, or `reports/builds/VARIANT`."""
    return ROOT / "reports" / "builds" / variant if variant else ROOT / "reports"


def build_name(variant: str, from_answers: bool, locale: str = ENGLISH) -> str:
    """Return the name of a build: its variant and language; `answers` comes first if it is made from true answers."""
    name = "-".join(filter(None, [ANSWERS if from_answers else "", variant]))
    return name if locale == ENGLISH else f"{name or PUBLISHED}-{locale}"


def variant_of(build: str) -> str:
    """Return the variant of a build, empty for published parameters."""
    name, _, locale = build.rpartition("-")
    name = name if locale in languages() else build
    first, _, rest = name.partition("-")
    return rest if first == ANSWERS else "" if name == PUBLISHED else name


def params_of(build: str) -> Path | None:
    """Return the file of parameters of a build, None for published ones."""
    variant = variant_of(build)
    return PARAMS / f"{variant}.yaml" if variant else None


def processed_of(variant: str = "") -> Path:
    """Return the folder of a build's processed tables."""
    return build_folder(variant) / "processed" if variant else ROOT / "data" / "processed"


def processed_folder() -> Path:
    """Return the processed tables that this process reads."""
    return Path(os.environ.get(PROCESSED_VARIABLE) or processed_of())


def raw_folder() -> Path:
    """Return the raw files that this process reads."""
    return Path(os.environ.get(RAW_VARIABLE) or RAW)


def output_folder() -> Path | None:
    """Return where this process saves exhibits, or None if it saves none (JupyterLab)."""
    folder = os.environ.get(OUTPUT_VARIABLE)
    return Path(folder) if folder else None


def display_path(path: Path) -> str:
    """Return a path as a message shows it: relative to the project if it is inside."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.as_posix()


def name_of(file: str) -> str:
    """Return a file's name as text, even if its bytes are not UTF-8."""
    return os.fsencode(Path(file).name).decode(errors="backslashreplace")

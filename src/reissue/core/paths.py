"""The folders of a project: no other module knows them."""

from __future__ import annotations

import os
from pathlib import Path

from reissue.core.errors import InputError
from reissue.core.language import languages
from reissue.core.vocabulary import ENGLISH

#: What the folder of a project holds.
MARKER = "notebooks/order.toml"


def find_root(start: Path) -> Path:
    """Return the nearest folder, from a folder upwards, that holds a project; the folder itself if none does."""
    return next((folder for folder in (start, *start.parents) if (folder / MARKER).is_file()), start)


def check_project() -> None:
    """Check that this program was started in a project.

    Raises
    ------
    InputError
        If no folder from the working directory upwards holds one.
    """
    if not (find_root(Path.cwd()) / MARKER).is_file():
        raise InputError(
            "there is no project in this folder or above it",
            where="the working directory",
            expected=f"a folder with {MARKER}",
            remedy="change to the project's folder",
        )


#: Programs work on the project that they are started in, wherever this package is installed.
ROOT = find_root(Path.cwd())
RAW = ROOT / "data" / "raw"
NOTEBOOKS = ROOT / "notebooks"
PARAMS = ROOT / "params"
CACHE = ROOT / ".cache"

#: Set by the runner: the folder into which a notebook's figures, tables and processed data go.
OUTPUT_VARIABLE = "REISSUE_OUTPUT"
#: Set by the runner: the processed tables that a notebook reads.
PROCESSED_VARIABLE = "REISSUE_PROCESSED"
#: Set by the runner: the raw files that a notebook reads, where they are not the project's.
RAW_VARIABLE = "REISSUE_RAW"
#: Set by the runner: the table of counts that a build from true answers is made from.
COUNTS_VARIABLE = "REISSUE_COUNTS"
#: Set by the runner where nobody gave the answers that a build is made from.
SYNTHETIC_VARIABLE = "REISSUE_SYNTHETIC"
#: The word that such builds, and the files they are made from, carry everywhere.
SYNTHETIC = "SYNTHETIC"
#: Which header of an export is which question, and which label is which option; to be edited.
MAPPING = PARAMS / "questionnaire.csv"
#: What the names of builds from true answers begin with.
ANSWERS = "answers"
#: What the name of a build of published parameters is, where it needs one.
PUBLISHED = "published"


def cache_variables(cache: Path) -> dict[str, str]:
    """Return the variables by which programs keep what they write on the side to one cache folder."""
    return {
        "JUPYTER_RUNTIME_DIR": str(cache / "jupyter" / "runtime"),
        "JUPYTER_CONFIG_DIR": str(cache / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(cache / "jupyter" / "data"),
        "IPYTHONDIR": str(cache / "ipython"),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "XDG_CACHE_HOME": str(cache / "xdg"),
    }


def keep_to_own_cache(cache: Path = CACHE) -> None:
    """Let Jupyter and matplotlib write into one cache only, the project's."""
    os.environ.update(cache_variables(cache))
    os.makedirs(os.environ["JUPYTER_RUNTIME_DIR"], exist_ok=True)


def build_folder(variant: str = "") -> Path:
    """Return the folder of a build: `reports` itself, or `reports/builds/VARIANT`."""
    return ROOT / "reports" / "builds" / variant if variant else ROOT / "reports"


def build_name(variant: str, from_answers: bool, locale: str = ENGLISH) -> str:
    """Return the name of a build: of its variant and language; apart if made from true answers."""
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
    """Return where this process saves exhibits, or None where nobody asked for files (JupyterLab)."""
    folder = os.environ.get(OUTPUT_VARIABLE)
    return Path(folder) if folder else None


def display_path(path: Path) -> str:
    """Return a path as a message shows it: relative to the project where it lies inside."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.as_posix()


def name_of(file: str) -> str:
    """Return a file's name as text: the bytes of a name need not be UTF-8."""
    return os.fsencode(Path(file).name).decode(errors="backslashreplace")

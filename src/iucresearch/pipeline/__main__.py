"""The one entry of the pipeline: `python -m iucresearch.pipeline`.

Make says which notebooks are stale; without any named, all are run.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from iucresearch import paths
from iucresearch.errors import InputError
from iucresearch.pipeline.order import read_order
from iucresearch.pipeline.params import read_variant

FAILED, NOT_RUN = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run and export notebooks; return 0, or 2 with one line where that was not possible."""
    options = _options(arguments)
    _keep_to_own_cache()
    try:
        build(options.variant, options.run, options.export)
    except InputError as error:
        print(f"iucresearch: {error}", file=sys.stderr)
        return NOT_RUN
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"iucresearch: {where}{error.strerror}. Make room or change the permissions.", file=sys.stderr)
        return NOT_RUN
    except KeyboardInterrupt:
        print("iucresearch: interrupted; the last finished report is untouched.", file=sys.stderr)
        return 130
    return 0


def build(variant: str, run: list[str] | None, export: list[str] | None) -> None:
    """Run the named notebooks in order, export them and those named for export, and the whole page.

    Raises
    ------
    InputError
        If a parameter, a file or a cell's input is wrong, or a cell failed.
    """
    parameters = read_variant(variant)
    order = read_order()
    chosen = order.sorted(list(order.needs) if run is None and export is None else run or [])
    with _alone():
        from iucresearch.pipeline.export import export_index, export_notebook
        from iucresearch.pipeline.run import NotebookFailed, run_notebook

        _warn_of_stale_checksums()
        for stem in chosen:
            started = time.monotonic()
            try:
                run_notebook(stem, variant, parameters)
            except InputError as error:
                raise InputError(str(error), where=stem) from None
            except NotebookFailed as error:
                raise InputError(str(error), remedy=f"open it with make lab: notebooks/{stem}.ipynb") from None
            export_notebook(stem, variant)
            print(f"  {stem:<14} {time.monotonic() - started:5.1f} s", flush=True)
        for stem in order.sorted(export or []):
            if stem not in chosen:
                export_notebook(stem, variant)
        missing = [s for s in order.page if not (paths.build_folder(variant) / "executed" / f"{s}.ipynb").exists()]
        if not missing:
            export_index(order.page, variant)


def _keep_to_own_cache() -> None:
    """Let Jupyter and matplotlib write into the project's cache only, also when Make has not said so."""
    for variable, folder in (
        ("JUPYTER_RUNTIME_DIR", "jupyter/runtime"),
        ("JUPYTER_CONFIG_DIR", "jupyter/config"),
        ("JUPYTER_DATA_DIR", "jupyter/data"),
        ("IPYTHONDIR", "ipython"),
        ("MPLCONFIGDIR", "matplotlib"),
    ):
        os.environ.setdefault(variable, str(paths.CACHE / folder))


@contextmanager
def _alone() -> Iterator[None]:
    """Let one build at a time write; a second one says that it waits."""
    paths.CACHE.mkdir(exist_ok=True)
    with (paths.CACHE / "build.lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:  # Windows: no advisory locks; two builds at once are the user's care
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another build is running; waiting for it to end.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _warn_of_stale_checksums() -> None:
    from iucresearch.validate import stale_checksums

    for name in stale_checksums(paths.RAW):
        print(
            f"Warning: data/raw/{name} is not the file that its checksum was taken of; "
            "if the change is meant, run make checksums.",
            file=sys.stderr,
        )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m iucresearch.pipeline", description=__doc__)
    parser.add_argument("--variant", default="", metavar="NAME", help="reads params/NAME.yaml")
    parser.add_argument("--run", nargs="*", metavar="STEM", help="notebooks to run")
    parser.add_argument("--export", nargs="*", metavar="STEM", help="notebooks to export again")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

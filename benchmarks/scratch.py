"""A copy of the project to build and spoil, and what its builds and the stock ways have made."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.timing import Refused
from reissue.core import paths
from reissue.review.checkout import CommandError, Copy
from reissue.review.compare import read_files

#: What `reports` holds apart from what the notebooks' cells saved.
_NOT_SAVED = {
    *(".made", "bench.json", "build.json", "builds", "executed", "html", "index.html", "making.html", "site"),
    *("order.toml", "ro-crate-metadata.json"),
}


class Scratch(Copy):
    """A copy of the project `source` in a folder of its own, `root`, which is made."""

    def __init__(self, root: Path, source: Path = paths.ROOT) -> None:
        super().__init__(root, source)
        # Rows run programs of this folder in the copy.
        shutil.copytree(Path(__file__).parent, self.root / "benchmarks", ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, *command: str, **variables: str) -> str:
        """Run a program in the copy's folder; return what it prints, or raise `Refused` if it fails."""
        try:
            return super().run(*command, **variables)
        except CommandError as reason:
            raise Refused(str(reason)) from None

    def stock(self, made: Path, *arguments: str, **variables: str) -> str:
        """Run this Python the stock way: kernels are ordinary ones, and cells save into `made`."""
        own = {paths.OUTPUT_VARIABLE: str(made), paths.PROCESSED_VARIABLE: str(made / "processed")}
        return self.python(*arguments, **(own | variables))

    def unbuild(self) -> None:
        """Remove everything that a build makes."""
        shutil.rmtree(self.root / "reports", ignore_errors=True)
        shutil.rmtree(self.processed, ignore_errors=True)

    def empty(self, name: str, *inside: str) -> Path:
        """Return a folder of the copy with nothing in it, but for empty folders of these names."""
        folder = self.root / name
        shutil.rmtree(folder, ignore_errors=True)
        for one in (".", *inside):
            (folder / one).mkdir(parents=True, exist_ok=True)
        return folder

    def saved(self) -> dict[str, bytes]:
        """Return what the cells of the copy's build have saved, by the name that the cells gave it."""
        files = read_files(self.root / "reports")
        found = {name: content for name, content in files.items() if name.split("/")[0] not in _NOT_SAVED}
        return found | {f"processed/{name}": content for name, content in read_files(self.processed).items()}

    def pages(self) -> dict[str, bytes]:
        """Return the pages of the copy's build."""
        files = read_files(self.root / "reports")
        return {
            name: content for name, content in files.items() if name.startswith(("html/", "index.html", "making.html"))
        }

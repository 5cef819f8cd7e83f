"""A small project for what Make and the runner do: three quick notebooks, two exhibits, the real pipeline."""

import re
import shutil
from pathlib import Path

import nbformat

from tests.conftest import P, Project

ORDER = """page = ["04_survey", "05_outlook", "01_clean"]
[needs]
01_clean = []
04_survey = ["01_clean"]
05_outlook = ["01_clean"]
"""

#: Code of the small notebooks' one import: what `show` and `save_tables` do, without pandas and matplotlib.
MODULE = """
import base64, hashlib, json, os
from pathlib import Path

RAW = Path("../data/raw")
OUT = Path(os.environ.get("REISSUE_OUTPUT", "."))


def save():
    folder = OUT / "processed"
    folder.mkdir()
    raw = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(RAW.glob("*.csv")))).hexdigest()
    (folder / "values.csv").write_text(f"name,value\\npairings,20\\nraw,{raw}\\n")
    (folder / "pairings.csv").write_text("id\\na\\n")
    for name in ("claims", "survey", "survey_counts", "questions", "options", "swot"):
        (folder / f"{name}.csv").write_text("id,section,page,question,group,exhibit\\n1,3.1,17,1,motivation,\\n")
    listed = [(path.stem, path.name) for path in sorted(folder.glob("*.csv"))]
    tables = [{"name": name, "path": path, "schema": {"fields": []}} for name, path in listed]
    (folder / "datapackage.json").write_text(json.dumps({"resources": tables}))


class Shown:
    def __init__(self, name, html):
        self.name, self.html = name, html

    def _repr_mimebundle_(self, **_):
        about = {"exhibit": self.name, "function": "", "counts": {"shown": 1, "fixed": 1, "bounded": 1}}
        return {"text/html": self.html, "text/plain": self.name}, {"reissue": about}


def show(name, folder, *kinds):
    values = Path(os.environ["REISSUE_PROCESSED"], "values.csv").read_text()
    (OUT / folder).mkdir(exist_ok=True)
    for kind in kinds:
        (OUT / folder / f"{name}.{kind}").write_text(f"{kind}: {values}")
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/><!--{values}--></svg>'
    picture = base64.b64encode(drawn.encode()).decode()
    source = f"data:image/svg+xml;base64,{picture}"
    return Shown(name, f'<section id="{name}"><h3>{name}</h3><img src="{source}" alt="A picture"></section>')
"""

CELLS = {
    "01_clean": ("# Cleaning", 'rounding: str = "up_or_down"', "import mini\nmini.save()"),
    "04_survey": (
        "# Survey of {pairings}",
        'side: str = "all"',
        "from mini import show",
        'show("figure-6", "figures", "svg", "png", "csv")',
        "print(side)",
    ),
    "05_outlook": ("# Outlook", "from mini import show", 'show("table-2", "tables", "csv", "html")'),
}


#: What the parent of kernels imports here: not what real cells use, which takes seconds to import.
KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "tornado.platform.asyncio",
    "psutil",
)


class Mini(Project):
    """A copy of the project whose notebooks take half a second each."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        shutil.rmtree(root / "notebooks")
        (root / "notebooks").mkdir()
        (root / "notebooks" / "order.toml").write_text(ORDER)
        (root / "src" / "mini.py").write_text(MODULE)
        with (root / "src" / "iucresearch" / "exhibits.py").open("a") as registry:
            # Without their messages, whose values this project does not compute.
            kept = 'tuple(replace(e, message="") for e in EXHIBITS if e.id in ("figure-6", "table-2"))'
            registry.write(f"\n\nfrom dataclasses import replace\n\nEXHIBITS = {kept}\n")
        for stem, cells in CELLS.items():
            self.write(stem, *cells)
        path = root / "src" / "reissue" / "build" / "kernels" / "parent.py"
        text, replaced = re.subn(r"^PRELOADED = \([^)]*\)", f"PRELOADED = {KERNEL!r}", path.read_text(), flags=re.M)
        assert replaced == 1
        path.write_text(text)

    def write(self, stem: str, *cells: str) -> None:
        """Write a notebook: `# ...` is a markdown cell, `name: type = ...` the one of parameters."""
        notebook = nbformat.v4.new_notebook()
        for number, source in enumerate(cells):
            new = nbformat.v4.new_markdown_cell if source.startswith("# ") else nbformat.v4.new_code_cell
            tags = {"tags": ["parameters"]} if ": str = " in source else {}
            notebook.cells.append(new(source, id=f"{stem[:2]}-{number:02}", metadata=tags))
        nbformat.write(notebook, self.root / "notebooks" / f"{stem}.ipynb")

    def add(self, stem: str, cell: str) -> None:
        """Put a code cell at a notebook's end."""
        path = self.root / "notebooks" / f"{stem}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(cell, id="added"))
        nbformat.write(notebook, path)


def copied(project: P, root: Path, *, built: bool = True) -> P:
    """Return a copy of a project, with or without what was built, times of files included.

    Of the caches it has matplotlib's alone, which takes a second to make.
    """
    left = (".venv", "build.lock", "jupyter", "ipython", *(() if built else ("reports", "processed")))
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns(*left))
    copy = object.__new__(type(project))
    copy.root = root
    copy.link_environment()
    return copy


def tree(root: Path) -> dict[str, bytes]:
    """Return all files that a build made, by path, except `build.json`, which differs in every build."""
    folders = (root / "reports", root / "data" / "processed")
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.name != "build.json"}


def assert_same(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    """Fail with the names of the files that only one tree has, or that differ."""
    assert sorted(one) == sorted(other), f"only in one: {sorted(set(one) ^ set(other))}"
    assert [name for name in one if one[name] != other[name]] == []


def ran(output: str) -> list[str]:
    """Return the notebooks that a build's progress lines name, sorted: their order is chance."""
    return sorted(re.findall(r"^  (\w+) +[0-9.]+ s  ", output, re.MULTILINE))

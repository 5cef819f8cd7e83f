from __future__ import annotations

import json
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from iucresearch.labels import CHOICES
from reissue.build import params
from reissue.build.order import read_order
from reissue.build.params import ANSWERS, check_parameters, read_declared, read_variant
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.survey.rounding import ROUNDINGS
from tests.conftest import Project
from tests.corpus import MARK, PATHS, YAML

#: What the one line says of each file of parameters, besides the file's name.
SAID = {
    "unknown": ("no notebook declares parameter 'colour'", "expected one of reading, rounding, side"),
    "misspelt": ("no notebook declares parameter 'Side'", "mend the name"),
    "dashed": ("'si-de' is no name of a parameter", "expected an identifier"),
    "newline in the name": ("is no name of a parameter", "mend it"),
    "code for a name": ("is no name of a parameter", "mend it"),
    "look-alike for a name": ("no notebook declares parameter 'ſide'", "mend the name"),
    "number for a name": ("1 is no name of a parameter", "mend it"),
    "truth for a name": ("False is no name of a parameter", "mend it"),
    "NO": ("parameter 'side' is False, a bool", "quote text in YAML"),
    "010": ("parameter 'side' is 8, a int", "quote text in YAML"),
    "time": ("parameter 'side' is 45045, a int", "quote text in YAML"),
    "3": ("parameter 'rounding' is 3, a int", "expected a str"),
    "nothing": ("parameter 'side' is None", "expected a str"),
    "date": ("parameter 'side' is datetime.date(2020, 1, 1)", "expected a str"),
    "list": ("parameter 'side' is ['EU'], a list", "expected a str"),
    "bytes": ("parameter 'side' is b'EU', a bytes", "quote text in YAML"),
    "set": ("parameter 'side' is {'EU'}, a set", "quote text in YAML"),
    "no choice": ("parameter 'side' is 'US'", "expected one of all, EU, LAC"),
    "small letters": ("parameter 'side' is 'eu'", "choose one of these"),
    "direction": ("parameter 'side' is '\\u202eEU'", "choose one of these"),
    "code for a value": ("parameter 'side' is \"EU", "choose one of these"),
    "template for a value": ("parameter 'side' is '{{ 7 * 7 }} {x.__class__}'", "choose one of these"),
    "rounding": ("parameter 'rounding' is 'up'", "up_or_down, half_up"),
    "twice": ("'side' is there twice", "write `name: value` lines"),
    "twice the same": ("'side' is there twice", "write `name: value` lines"),
    "object": ("python/object/apply:os.system", "write `name: value`"),
    "new object": ("python/object/new:os.system", "write `name: value` lines"),
    "object for all": ("python/object:os.stat", "write `name: value` lines"),
    "object for a name": ("python/object/apply:os.system", "write `name: value` lines"),
    "name tag": ("python/name:os.getcwd", "write `name: value` lines"),
    "module tag": ("python/module:os", "write `name: value` lines"),
    "open quote": ("not YAML", "write `name: value` lines"),
    "two documents": ("not YAML", "write `name: value` lines"),
    "list for a name": ("not YAML", "write `name: value` lines"),
    "itself": ("not YAML", "write `name: value` lines"),
    "itself for a value": ("parameter 'side' is [", "quote text in YAML"),
    "merged": ("not YAML", "write `name: value` lines"),
    "deep": ("not YAML", "write `name: value` lines"),
    "a billion of laughs": ("no notebook declares parameter 'a0'", "mend the name"),
    "a billion of laughs for a value": ("parameter 'side' is {", "quote text in YAML"),
    "a billion of laughs for a name": ("not YAML", "write `name: value` lines"),
    "no such day": ("not YAML", "write `name: value` lines"),
    "zero byte": ("null bytes are not allowed", "UTF-8"),
    "escaped zero byte": ("parameter 'side' is 'EU\\x00'", "choose one of these"),
    "Latin-1": ("not UTF-8", "expected UTF-8"),
    "UTF-16": ("not UTF-8", "expected UTF-8"),
    "a list": ("there are no parameters", "expected `name: value` lines"),
    "a word": ("there are no parameters", "expected `name: value` lines"),
    "a comment": ("there are no parameters", "expected `name: value` lines"),
    "empty": ("the file is empty", "write `name: value` lines"),
    "blank": ("the file is empty", "write `name: value` lines"),
}
BAD = {name: (content, *SAID[name]) for name, content in YAML.items()}
NO_NAMES = [value for name, value in PATHS.items() if name != "long option"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "PARAMS", tmp_path)
    return tmp_path


def line_of(error: pytest.ExceptionInfo[InputError]) -> str:
    """Return the message, which must be one line that a terminal shows as it is."""
    line = str(error.value)
    assert line.isprintable()
    return line


class TestReadVariant:
    def test_the_published_configuration_has_none(self) -> None:
        assert read_variant(EDITION, "") == {}

    def test_values_are_read(self, folder: Path) -> None:
        (folder / "a-1.yaml").write_text("# A comment\nside: EU\nrounding: half_even\n")
        assert read_variant(EDITION, "a-1") == {"side": "EU", "rounding": "half_even"}

    def test_a_byte_order_mark_is_no_complaint(self, folder: Path) -> None:
        (folder / "bom.yaml").write_bytes(b"\xef\xbb\xbfside: LAC\r\n")
        assert read_variant(EDITION, "bom") == {"side": "LAC"}

    @pytest.mark.parametrize(("content", "what", "remedy"), BAD.values(), ids=BAD)
    def test_a_fault_is_one_line_with_file_and_remedy(
        self, folder: Path, content: bytes, what: str, remedy: str
    ) -> None:
        (folder / "bad.yaml").write_bytes(content)
        with pytest.raises(InputError) as error:
            read_variant(EDITION, "bad")
        line = line_of(error)
        assert len(line) < 1_000
        assert not Path(MARK).exists()
        assert f"{folder.as_posix()}/bad.yaml" in line
        assert what in line
        assert remedy in line

    def test_a_file_that_is_not_there_names_those_that_are(self, folder: Path) -> None:
        for name in ("eu", "lac"):
            (folder / f"{name}.yaml").write_text("side: EU\n")
        with pytest.raises(InputError) as error:
            read_variant(EDITION, "us")
        assert "/us.yaml: there is no such file" in line_of(error)
        assert "choose another variant: eu, lac" in line_of(error)

    def test_a_folder_is_no_file(self, folder: Path) -> None:
        (folder / "dir.yaml").mkdir()
        with pytest.raises(InputError, match=r"/dir.yaml: cannot be read: Is a directory"):
            read_variant(EDITION, "dir")

    @pytest.mark.parametrize("name", NO_NAMES)
    def test_a_name_outside_the_letters_is_refused_before_any_file_is_opened(self, folder: Path, name: str) -> None:
        # Were it read, the file would be found and accepted.
        beside = folder / f"{name}.yaml"
        if "/" not in name:
            beside.write_text("side: EU\n")
        with pytest.raises(InputError) as error:
            read_variant(EDITION, name)
        assert line_of(error).startswith(f"VARIANT: {name!r} is no name of a variant".replace("\n", r"\n"))
        assert "small letters, digits and hyphens" in line_of(error)

    def test_the_projects_own_variants_are_in_order(self) -> None:
        names = [path.stem for path in paths.PARAMS.glob("*.yaml")]
        assert "lac" in names
        assert all(read_variant(EDITION, name) for name in names)


class TestDeclared:
    def test_notebooks_declare_what_there_is_to_choose(self) -> None:
        declared: dict[str, str] = {}
        for stem in read_order().needs:
            declared |= read_declared(paths.NOTEBOOKS / f"{stem}.ipynb")
        assert declared == dict.fromkeys([*CHOICES, ANSWERS], "str")
        choices = {"side": ("all", "EU", "LAC"), "rounding": tuple(ROUNDINGS), "reading": ("literal", "tight")}
        assert choices == {name: tuple(values) for name, values in CHOICES.items()}

    def test_defaults_are_among_the_choices(self) -> None:
        for stem in read_order().needs:
            for cell in json.loads((paths.NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]:
                if "parameters" in cell["metadata"].get("tags", []):
                    values: dict[str, object] = {}
                    exec("".join(cell["source"]), values)
                    own = {name: values[name] for name in CHOICES if name in values}
                    assert own
                    assert check_parameters(EDITION, own, "defaults") == own

    def test_a_cell_that_is_no_python_is_one_line(self, tmp_path: Path) -> None:
        cell = {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": "side: str = ("}
        cell |= {"outputs": [], "execution_count": None}
        path = tmp_path / "x.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
        with pytest.raises(InputError, match="the parameters' cell is not Python") as error:
            read_declared(path)
        assert "/x.ipynb: " in line_of(error)

    def test_only_the_tagged_cell_declares(self) -> None:
        assert params.read_declared(paths.NOTEBOOKS / "05_outlook.ipynb") == {}


class TestCommandLine:
    """A fault is told before a kernel starts and before anything is written."""

    @pytest.mark.parametrize("fault", ["newline in the name"])
    def test_a_fault_is_one_line_and_2(self, project: Project, fault: str) -> None:
        content, what, remedy = BAD[fault]
        (project.root / "params" / "bad.yaml").write_bytes(content)
        self.assert_refused(project, "bad", "params/bad.yaml", what, remedy)

    @pytest.mark.parametrize("name", ["no-such"])
    def test_a_name_is_one_line_and_2(self, project: Project, name: str) -> None:
        (project.root / "x.yaml").write_text("side: EU\n")
        self.assert_refused(project, name, name)

    def assert_refused(self, project: Project, name: str, *said: str) -> None:
        # The kernel runs this Python: one that is started leaves a trace.
        site = project.root / "src" / "sitecustomize.py"
        site.write_text(
            "import sys\nif any('ipykernel' in a for a in sys.orig_argv): open('../kernel-started', 'w').close()\n"
        )
        before = listing(project)
        done = project.pipeline("--variant", name)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("iucresearch: ")
        assert len(done.stderr.splitlines()) == 1
        for words in said:
            assert words in done.stderr
        assert listing(project) == before


def listing(project: Project) -> dict[str, int]:
    """Return every file of a project with its time, but for compiled Python."""
    found = [path for path in project.root.rglob("*") if path.is_file()]
    found = [path for path in found if not {"__pycache__", ".cache"} & set(path.parts)]
    return {path.relative_to(project.root).as_posix(): path.stat().st_mtime_ns for path in found}

from pathlib import Path

import nbformat
import pytest

from iucresearch.edition import EDITION
from iucresearch.labels import CHOICES
from reissue.build.order import read_order
from reissue.build.params import ANSWERS, read_declared, read_variant
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.survey.rounding import ROUNDINGS
from tests.corpus import MARK, PATHS, YAML

#: What the line on each file of parameters contains, besides the file's name.
LINES = {
    ("no notebook declares parameter", "Correct the name"): (
        "unknown; misspelt; look-alike for a name; a billion of laughs"
    ),
    ("invalid parameter name", "Correct it"): (
        "dashed; newline in the name; code for a name; number for a name; truth for a name"
    ),
    ("parameter 'side' is ", "Quote text in YAML: NO and 010 are not text"): (
        "NO; 010; time; nothing; date; list; bytes; set; itself for a value; a billion of laughs for a value"
    ),
    ("parameter 'rounding' is 3, a int", "Expected a str"): "3",
    ("parameter 'side' is '", "Expected one of all, EU, LAC. Choose one of these"): (
        "no choice; small letters; direction; template for a value; escaped zero byte"
    ),
    ("parameter 'side' is \"EU", "Choose one of these"): "code for a value",
    ("parameter 'rounding' is 'up'", "up_or_down, half_up"): "rounding",
    ("duplicate key 'side'", "Write `name: value` lines"): "twice; twice the same",
    ("tag:yaml.org,2002:python/", "Write `name: value` lines"): (
        "object; new object; object for all; object for a name; name tag; module tag"
    ),
    ("not YAML", "Write `name: value` lines"): (
        "open quote; two documents; list for a name; itself; merged; deep; a billion of laughs for a name; no such day"
    ),
    ("not UTF-8", "Expected UTF-8"): "Latin-1; UTF-16",
    ("null byte", "UTF-8"): "zero byte",
    ("there are no parameters", "Expected `name: value` lines"): "a list; a word; a comment",
    ("the file is empty", "Write `name: value` lines"): "empty; blank",
}
BAD = {name: (YAML[name], *line) for line, names in LINES.items() for name in names.split("; ")}
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
    def test_values_are_read(self, folder: Path) -> None:
        (folder / "a-1.yaml").write_text("# A comment\nside: EU\nrounding: half_even\n")
        assert read_variant(EDITION, "a-1") == {"side": "EU", "rounding": "half_even"}
        (folder / "bom.yaml").write_bytes(b"\xef\xbb\xbfside: LAC\r\n")
        assert read_variant(EDITION, "bom") == {"side": "LAC"}
        assert read_variant(EDITION, "") == {}

    @pytest.mark.parametrize(("content", "what", "remedy"), BAD.values(), ids=BAD)
    def test_a_fault_is_one_line_with_file_and_remedy(
        self, folder: Path, content: bytes, what: str, remedy: str
    ) -> None:
        assert set(BAD) == set(YAML), "every file of the corpus is tried"
        (folder / "bad.yaml").write_bytes(content)
        with pytest.raises(InputError) as error:
            read_variant(EDITION, "bad")
        line = line_of(error)
        assert len(line) < 1_000
        assert not Path(MARK).exists()
        assert f"{folder.as_posix()}/bad.yaml" in line
        assert what in line
        assert remedy in line

    @pytest.mark.parametrize("name", ["answers", "answers-eu", "published", "eu-es"])
    def test_a_name_of_another_build_is_refused(self, folder: Path, name: str) -> None:
        (folder / f"{name}.yaml").write_text("side: EU\n")
        with pytest.raises(InputError, match="is reserved"):
            read_variant(EDITION, name)

    def test_a_missing_file_a_folder_and_the_file_of_answers_are_one_line(self, folder: Path) -> None:
        (folder / "eu.yaml").write_text("side: EU\n")
        (folder / "other.yaml").write_text("answers: file.xlsx\n")
        with pytest.raises(InputError, match=r"/us.yaml: there is no such file.*choose another variant: eu, other"):
            read_variant(EDITION, "us")
        with pytest.raises(InputError, match="Type SURVEY=file"):
            read_variant(EDITION, "other")
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
        assert line_of(error).startswith(f"VARIANT: invalid variant name {name!r}".replace("\n", r"\n"))
        assert "lower-case letters, digits and hyphens" in line_of(error)

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

    def test_a_cell_that_is_no_python_is_one_line(self, tmp_path: Path) -> None:
        cell = nbformat.v4.new_code_cell("side: str = (", id="a", metadata={"tags": ["parameters"]})
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "x.ipynb")
        with pytest.raises(InputError, match=r"/x\.ipynb: .*the parameters' cell is not Python") as error:
            read_declared(tmp_path / "x.ipynb")
        assert line_of(error)

    def test_only_the_tagged_cell_declares(self) -> None:
        assert read_declared(paths.NOTEBOOKS / "05_outlook.ipynb") == {}

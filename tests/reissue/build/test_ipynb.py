from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from reissue.build.ipynb import read_notebook
from reissue.core.errors import InputError


def test_cells_of_an_older_format_get_the_same_ids_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Á"), nbformat.v4.new_code_cell("b")])
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    nbformat.write(notebook, path)
    assert [(cell.id, cell.source) for cell in read_notebook(path).cells] == [("cell-0", "# Á"), ("cell-1", "b")]
    assert nbformat.writes(read_notebook(path)) == nbformat.writes(read_notebook(path))


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "{}", "3", "null", '"text"', '{"a', '{"nbformat": 4}', '{"nbformat": "x"}', '{"nbformat": 9}'),
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {}}',
        '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}}',
        "<<<<<<< HEAD\n{}",
    ],
)
def test_a_damaged_notebook_is_one_line(tmp_path: Path, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(InputError, match=r"/a\.ipynb: not a whole notebook\. Do this") as error:
        read_notebook(path, "do this")
    assert str(error.value).isprintable()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("content", "what"), [(None, "no such file"), (b"", "empty"), (b"\xff", "not UTF-8")])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | None, what: str) -> None:
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=what):
        read_notebook(path)

"""The provenance of pages: hashes that change with every input, versions, parameters."""

from __future__ import annotations

import re

import nbformat

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build.provenance_panel import build_panel, list_checks
from reissue.core import paths
from tests.reissue.build.mini import Mini
from tests.reissue.build.trials import inside


def read_panel(build: str = "", content_hash: str = "") -> dict[str, str]:
    return dict(build_panel(EDITION, build, content_hash))


def test_the_panel_shows_configuration_parameters_and_hash() -> None:
    assert "Content hash" not in read_panel()
    assert read_panel("lac", "0123")["Content hash"] == "0123"
    assert read_panel()["Configuration"] == "published"
    assert read_panel()["Parameters"] == "reading: literal, rounding: up_or_down, side: all"
    assert read_panel("lac")["Configuration"] == "lac"
    assert read_panel("lac")["Parameters"] == "reading: literal, rounding: up_or_down, side: LAC"
    assert str(paths.ROOT) not in str(read_panel())


def test_the_panel_counts_the_raw_files_that_match_their_checksums(ready: Mini) -> None:
    with inside(ready):
        before = read_panel()["Raw data"]
        files, matching = re.match(r"(\d+) files, (\d+) as", before).groups()
        assert files == matching
        with (ready.root / "data" / "raw" / "swot.csv").open("a") as changed:
            changed.write(" ")
        after = read_panel()["Raw data"]
    assert after.startswith(f"{files} files, {int(matching) - 1} as")
    assert after[-16:] != before[-16:]


def test_checks_count_what_was_run_and_shown() -> None:
    v4 = nbformat.v4
    cells = [v4.new_code_cell("1", execution_count=1), v4.new_code_cell("2"), v4.new_markdown_cell("text")]
    checks = list_checks(EDITION, [v4.new_notebook(cells=cells)], ["figure-1"])
    assert any("1 of 2 cells" in check for check in checks)
    own = [item for item in EXHIBITS if not item.is_added]
    assert any(f"1 of {len(own)} exhibits" in check for check in checks)

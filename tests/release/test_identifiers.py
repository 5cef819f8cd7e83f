"""Who answered is found again wherever it may stand, and however it is written."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest

from iucresearch.intake.mapping import default_mapping
from iucresearch.release.identifiers import Identifiers

FREE_TEXT = "Wir „hätten“ gern mehr Zeit & Geld. Mein Büro in Görlitz war geschlossen, Grüße von Frau Zschäpitz"
MAIL = "t.zschaepitz@example.org"
ROW = ["Latin America", "Science park", "Sharing and learning", "Has a strategy", "Very familiar"]


@pytest.fixture(scope="module")
def identifiers(tmp_path_factory: pytest.TempPathFactory, raw: dict[str, pd.DataFrame]) -> Identifiers:
    path = tmp_path_factory.mktemp("house") / "results of the poll.csv"
    columns = {
        "Respondents by side": ["Latin America", "European Union (w.other@example.org)"],
        "Remarks": [FREE_TEXT, "no"],
        "Age": ["61", "58"],
        "Contribution ID": ["a1b2-c3d4", "Anonymous"],
        "User name": [MAIL, "Frau Weiß"],
        "Creation date": ["2019-04-17 11:52:03", "2019-04-18"],
        "Languages": ["DE", "Quux"],
    }
    path.write_text(pd.DataFrame(columns).to_csv(index=False), encoding="utf-8")
    return Identifiers.of(path, default_mapping(raw["questions"], raw["options"]))


def notebook(text: str) -> bytes:
    lines = [f"<p>{html.escape(text)}</p>\n", "<p>more</p>"]
    cell = {"cell_type": "code", "outputs": [{"data": {"text/html": lines}}], "source": []}
    return json.dumps({"cells": [cell]}).encode()


def embedded(text: str) -> bytes:
    picture = base64.b64encode(f"<svg><title>{text}</title></svg>".encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{picture}" alt="A picture">'.encode()


PLACES = {
    "page.html": lambda text: f"<p>{html.escape(text)}</p>".encode(),
    "tags.html": lambda text: f"<p>{'</b><b>'.join(text.partition(' '))}</p>".encode(),
    "data.csv": lambda text: f'id,remark\n1,"{text.upper()}"\n'.encode(),
    "chapter.ipynb": notebook,
    "crate.json": lambda text: json.dumps({"name": text}).encode(),
    "picture.svg": lambda text: f"<svg><!-- {text} --></svg>".encode(),
    "inside.html": embedded,
    "link.html": lambda text: f'<a href="?q={quote(text)}">more</a>'.encode(),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("text", "what"),
    [
        (FREE_TEXT, "'Remarks'"),
        ("mein büro in  Görlitz war geschlossen", "'Remarks'"),
        (MAIL, "e-mail address"),
        ("w.other@example.org", "e-mail address"),
        ("Quux", "'Languages'"),
        ("a1b2-c3d4", "'Contribution ID'"),
        ("2019-04-17 11:52:03", "'Creation date'"),
        ("Frau Weiß", "'User name'"),
        ("results of the poll.csv", "survey's file"),
        ("results of the poll", "survey's file"),
    ],
)
def test_it_is_found(identifiers: Identifiers, place: str, text: str, what: str) -> None:
    (found, *_) = identifiers.found_in(place, PLACES[place](text))
    assert found.startswith(f"{place}: ")
    assert any(what in line for line in identifiers.found_in(place, PLACES[place](text)))
    assert "schäpitz" not in found, "it is not told again"


def test_behind_a_link_the_files_own_place_is_found_too(tmp_path: Path, raw: dict[str, pd.DataFrame]) -> None:
    house, link = tmp_path / "the house" / "who answered.csv", tmp_path / "answers of the poll.csv"
    house.parent.mkdir()
    house.write_text("Respondents by side\nLatin America\n", encoding="utf-8")
    link.symlink_to(house)
    identifiers = Identifiers.of(link, default_mapping(raw["questions"], raw["options"]))
    assert identifiers.found_in("page.html", str(house).encode()) == [
        "page.html: the name or place of the survey's file"
    ]


def test_a_file_may_not_be_named_after_it(identifiers: Identifiers) -> None:
    assert identifiers.found_in("a1b2-c3d4.svg", b"<svg></svg>")


@pytest.mark.parametrize(
    "content",
    [
        ",".join(ROW),
        ",".join(ROW[:4]),
        "2;" + ";".join(ROW) + ";5",
        "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in ROW) + "</tr></table>",
        json.dumps(ROW),
    ],
)
def test_a_row_of_answers_is_found(identifiers: Identifiers, content: str) -> None:
    assert identifiers.found_in("table.html", content.encode()) == ["table.html: a row of somebody's answers"]


@pytest.mark.parametrize(
    "text",
    [
        "Anonymous, 61, no, DE and EN: short and common values tell nobody",
        "a1b2-c3d45 and xa1b2-c3d4 are other ids",
        "Very familiar,Broadly familiar,Vaguely familiar,Did not know it",
        "Has a strategy or aims to elaborate one,all,32,30,32,30;31;32",
        "Chile;Mexico;Brazil;Colombia;Peru;Argentina",
    ],
)
def test_what_tells_nobody_is_let_through(identifiers: Identifiers, text: str) -> None:
    assert identifiers.found_in("page.html", text.encode()) == []

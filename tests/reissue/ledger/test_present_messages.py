"""Messages on the page: numbers filled in, evidence with links, and what a message is in tension with."""

import pandas as pd
from bs4 import BeautifulSoup

from reissue.ledger.present_messages import MessageList

TABLES = {
    "messages": pd.DataFrame(
        [
            ("m-a", "3.1", 17, "finding", "people", 2, "{n} <b>people</b> answered.", "p17-a;figure-1", "stated once"),
            ("m-b", "Annex", 33, "next-step", "people", 1, "They go on.", "p17-b;q:a:all", "in tension: p17-c"),
            ("m-c", "4", 20, "challenge", "money", None, "Money is short.", "p17-a", "the report's word"),
        ],
        columns=["id", "section", "page", "kind", "theme", "main", "message", "rests_on", "strength"],
    ),
    "claims": pd.DataFrame(
        [("p17-a", "Number of people", "stated-once"), ("p17-b", "All go on", "matched"), ("p17-c", "Some", "matched")],
        columns=["id", "statement", "verdict"],
    ),
    "values": pd.DataFrame({"name": ["n"], "value": [32]}),
    "discrepancies": pd.DataFrame(
        [
            ("t-all", "p17-b", "p17-c", "substance", "All, but some."),
            ("t-slip", "p17-b", "p17-a", "editorial", "A slip."),
        ],
        columns=["id", "first", "second", "weight", "why"],
    ),
}
LIST = MessageList(TABLES, {"figure-1": "Figure 1", "q:a:all": "Topic: Apples, all: 3"})


def test_main_points_are_in_their_order_with_numbers_filled_in_as_text():
    points = BeautifulSoup(LIST.list_main_points().html, "html.parser").select("ol > li")
    assert [point.p.get_text() for point in points] == ["They go on.", "32 <b>people</b> answered."]


def test_evidence_is_linked_and_a_tension_is_explained():
    going_on, people = BeautifulSoup(LIST.list_main_points().html, "html.parser").select("ol > li")
    assert [link["href"] for link in people.select("ul a")] == ["#claim-p17-a", "#figure-1"]
    assert "Section 3.1, page 17" in people.get_text()
    assert "All, but some." in going_on.get_text()
    assert "A slip." not in going_on.get_text(), "it is not of substance"
    assert going_on.find("a", href="#discrepancy-t-all")
    assert "Topic: Apples, all: 3" in going_on.get_text()


def test_each_message_is_listed_once_below_its_theme():
    page = BeautifulSoup(LIST.list_by_theme({"money": "Money", "people": "People"}).html, "html.parser")
    assert [heading.get_text() for heading in page.select("h3")] == ["Money", "People"]
    assert [item["id"] for item in page.select("ul.messages > li")] == ["message-m-c", "message-m-a", "message-m-b"]

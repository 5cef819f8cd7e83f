"""The registry: every exhibit of the report once."""

from reissue.exhibits.registry import Exhibit

SOURCE = "Visitors' survey of the library"
_SURVEY = ("survey", "survey_counts", "questions", "options")

EXHIBITS = (
    Exhibit("table-1", "Books by shelf", "1", 2, "Count of the library", "2_results", ("shelves",), "exact"),
    Exhibit(
        "figure-1",
        "How often visitors borrow a book",
        "2",
        3,
        SOURCE,
        "2_results",
        _SURVEY,
        "counted",
        about="frequency",
        is_picture=True,
    ),
    Exhibit(
        "result-places",
        "Where visitors read",
        "2",
        3,
        SOURCE,
        "2_results",
        _SURVEY,
        "counted",
        about="places",
        is_picture=True,
    ),
)

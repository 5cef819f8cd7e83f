"""The languages of the pages, and what groups and columns are called on them."""

from reissue.core.language import N_
from reissue.core.vocabulary import Vocabulary

GROUP_NAMES = {"all": N_("All visitors"), "Students": N_("Students"), "Staff": N_("Staff"), "Guests": N_("Guests")}
VOCABULARY = Vocabulary(
    languages={"en": "English", "es": "Español"},
    headings={"books": N_("Books"), "shelf": N_("Shelf"), "side": N_("Group")},
    words=frozenset({"shelf"}),
    tables=("options", "questions", "shelves"),
)

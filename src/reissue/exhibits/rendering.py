"""The templates of this package, filled: every value is text unless it says that it is markup."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reissue.core import language


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("reissue"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    made.globals |= {"_": language._, "ngettext": language.ngettext, "locale": language.current}
    return made


def rendered(template: str, **values: Any) -> Markup:
    """Return a template of this package filled with values; they are escaped unless they are Markup."""
    return Markup(_environment().get_template(template).render(**values))

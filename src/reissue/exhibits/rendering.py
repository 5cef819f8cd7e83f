"""The templates of the machinery and of the report, filled: every value is text unless it says that it is markup."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reissue.core import language, report


@cache
def _environment(package: str) -> Environment:
    own = [PackageLoader(package)] if package and report.resource("templates").is_dir() else []
    made = Environment(
        loader=ChoiceLoader([*own, PackageLoader("reissue")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    made.globals |= {"_": language._, "ngettext": language.ngettext, "locale": language.current_language}
    return made


def render_template(template: str, **values: Any) -> Markup:
    """Return a template filled with values; they are escaped unless they are Markup."""
    return Markup(_environment(report.package).get_template(template).render(**values))

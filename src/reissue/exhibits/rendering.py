"""Fill the templates of the machinery and of the report: every value is escaped unless it is Markup."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reissue.core import language, report


@cache
def _environment(package: str) -> Environment:
    own = [PackageLoader(package)] if package and report.resource("templates").is_dir() else []
    environment = Environment(
        loader=ChoiceLoader([*own, PackageLoader("reissue")]),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.globals |= {"_": language._, "ngettext": language.ngettext, "locale": language.current_language}
    return environment


def render_template(template: str, **values: Any) -> Markup:
    """Return a template filled with values."""
    return Markup(_environment(report.package).get_template(template).render(**values))

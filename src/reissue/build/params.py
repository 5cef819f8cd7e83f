"""Declared, typed parameters: what a variant may choose, checked before any kernel starts."""

from __future__ import annotations

import ast
import re
import reprlib
from pathlib import Path
from typing import Any

import yaml

from reissue.build.ipynb import read_notebook
from reissue.build.order import read_order
from reissue.core import paths
from reissue.core.datapackage import read_text
from reissue.core.errors import InputError
from reissue.core.language import _, languages
from reissue.exhibits.edition import Edition

#: The parameter that names the file of true answers.
ANSWERS = "answers"

_NAME = re.compile(r"[a-z0-9-]+")
#: The beginnings of the names of builds that are no variants.
_RESERVED = (paths.ANSWERS, paths.PUBLISHED)
_LINES = "`name: value` lines"


def read_variant(edition: Edition, name: str) -> dict[str, Any]:
    """Return the parameters of `params/NAME.yaml`, none without a name; raise InputError for a mistake."""
    if not name:
        return {}
    if not _NAME.fullmatch(name):
        raise InputError(
            f"invalid variant name {name!r}",
            where="VARIANT",
            expected="lower-case letters, digits and hyphens",
            remedy="rename it",
        )
    parts = name.split("-")
    if parts[0] in _RESERVED or parts[-1] in languages():
        raise InputError(
            f"the variant name {name!r} is reserved",
            where="VARIANT",
            expected=f"a name that begins with none of {', '.join(_RESERVED)} and ends with no language",
            remedy="rename it",
        )
    path = paths.PARAMS / f"{name}.yaml"
    known = ", ".join(sorted(p.stem for p in paths.PARAMS.glob("*.yaml"))) or "none"
    text = read_text(path, f"write {_LINES}, or choose another variant: {known}")
    try:
        content = yaml.load(text, _UniqueKeys)  # a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"not YAML: {getattr(error, 'problem', None) or error}",
            where=paths.display_path(path) + (f", line {mark.line + 1}" if mark else ""),
            remedy=f"write {_LINES}",
        ) from None
    return check_parameters(edition, content, paths.display_path(path))


def describe_variant(edition: Edition, name: str) -> str:
    """Return a variant's choices in words of the language of this build; empty for the published configuration."""
    chosen, choices = read_variant(edition, name), edition.choices
    words = [_(choices[key][value]) if key in choices else f"{key}: {value}" for key, value in sorted(chosen.items())]
    return "; ".join(words)


def check_parameters(edition: Edition, parameters: object, where: str) -> dict[str, Any]:
    """Return the parameters; raise InputError if one is not declared by a notebook, typed and among its choices."""
    if not isinstance(parameters, dict):
        raise InputError("there are no parameters", where=where, expected=_LINES, remedy="write them")
    declared: dict[str, str] = {}
    for stem in read_order().needs:
        declared |= read_declared(paths.NOTEBOOKS / f"{stem}.ipynb")
    for name, value in parameters.items():
        what, expected, remedy = _find_fault(edition, declared, name, value)
        if what:
            raise InputError(what, where=where, expected=expected, remedy=remedy)
    return parameters


def _find_fault(edition: Edition, declared: dict[str, str], name: object, value: object) -> tuple[str, str, str]:
    """Return what is wrong with a parameter, what was expected, and the remedy; all empty if it is right."""
    if not isinstance(name, str) or not name.isidentifier():
        return f"invalid parameter name {_format_value(name)}", "an identifier", "correct it"
    if name == ANSWERS:
        return "a variant cannot choose the file of answers", "", "type SURVEY=file"
    if name not in declared:
        known = ", ".join(sorted(set(declared) - {ANSWERS}))
        return f"no notebook declares parameter {_format_value(name)}", f"one of {known}", "correct the name"
    what = f"parameter {name!r} is {_format_value(value)}"
    if type(value).__name__ != declared[name]:
        remedy = "quote text in YAML: NO and 010 are not text"
        return f"{what}, a {type(value).__name__}", f"a {declared[name]}", remedy
    if name in edition.choices and value not in edition.choices[name]:
        return what, f"one of {', '.join(edition.choices[name])}", "choose one of these"
    return "", "", ""


def _format_value(value: object) -> str:
    """Return the beginning of a value: a few lines of YAML can make an endless one."""
    short = reprlib.Repr()
    short.maxlevel, short.maxstring, short.maxother = 2, 60, 60
    return short.repr(value)


def read_defaults() -> dict[str, Any]:
    """Return the default of every parameter that a chapter declares, except the file of answers."""
    found: dict[str, Any] = {}
    for stem in read_order().needs:
        for node in _find_declarations(paths.NOTEBOOKS / f"{stem}.ipynb"):
            found[node.target.id] = ast.literal_eval(node.value) if node.value else None  # type: ignore[union-attr]
    found.pop(ANSWERS, None)
    return found


def read_declared(notebook: Path) -> dict[str, str]:
    """Return the names and types that a notebook's cell tagged `parameters` declares."""
    return {node.target.id: ast.unparse(node.annotation) for node in _find_declarations(notebook)}  # type: ignore[union-attr]


def _find_declarations(notebook: Path) -> list[ast.AnnAssign]:
    tagged = [cell.source for cell in read_notebook(notebook).cells if "parameters" in cell.metadata.get("tags", [])]
    try:
        nodes = [node for source in tagged for node in ast.parse(source).body]
    except SyntaxError as error:
        raise InputError(
            f"the parameters' cell is not Python: {error.msg}",
            where=paths.display_path(notebook),
            expected='lines like `side: str = "all"`',
            remedy="correct it",
        ) from None
    return [node for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]


class _UniqueKeys(yaml.SafeLoader):
    """YAML without code and without duplicate keys."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        # Keys that are no words are refused later, and not read here: they may be endless.
        words = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        keys = [self.construct_object(key) for key in words]
        duplicates = [key for key in keys if keys.count(key) > 1]
        if duplicates:
            raise yaml.YAMLError(f"duplicate key {duplicates[0]!r}")
        return super().construct_mapping(node, deep)

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
from reissue.core.language import _, join_words, languages
from reissue.exhibits.edition import Edition

#: The parameter that names the file of true answers.
ANSWERS = "answers"

_NAME = re.compile(r"[a-z0-9-]+")
#: What names of builds begin with that are no variants.
_RESERVED = (paths.ANSWERS, paths.PUBLISHED)


def read_variant(edition: Edition, name: str) -> dict[str, Any]:
    """Return the parameters of `params/NAME.yaml`; none for the published configuration.

    Raises
    ------
    InputError
        If the name is not of small letters, digits and hyphens, the file is missing or no mapping,
        or a parameter is unknown, of the wrong type or not among its choices.
    """
    if not name:
        return {}
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is no name of a variant",
            where="VARIANT",
            expected="small letters, digits and hyphens",
            remedy="rename it",
        )
    parts = name.split("-")
    if parts[0] in _RESERVED or parts[-1] in languages():
        raise InputError(
            f"{name!r} would be the name of another build",
            where="VARIANT",
            expected=f"none that begins with {join_words(_RESERVED, last='or', english=True)}, or ends with a language",
            remedy="rename it",
        )
    path = paths.PARAMS / f"{name}.yaml"
    known = ", ".join(sorted(p.stem for p in paths.PARAMS.glob("*.yaml"))) or "none"
    text = read_text(path, f"write `name: value` lines, or choose another variant: {known}")
    try:
        content = yaml.load(text, _UniqueKeys)  # a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"not YAML: {getattr(error, 'problem', None) or error}",
            where=paths.display_path(path) + (f", line {mark.line + 1}" if mark else ""),
            remedy="write `name: value` lines",
        ) from None
    return check_parameters(edition, content, paths.display_path(path))


def describe_variant(edition: Edition, name: str) -> str:
    """Return what a variant chooses, in words of the language of this build; empty for the published configuration."""
    chosen, choices = read_variant(edition, name), edition.choices
    words = [_(choices[key][value]) if key in choices else f"{key}: {value}" for key, value in sorted(chosen.items())]
    return "; ".join(words)


def check_parameters(edition: Edition, parameters: object, where: str) -> dict[str, Any]:
    """Return the parameters once every one is declared by a notebook, typed and among its choices.

    Raises
    ------
    InputError
        For the first that is not.
    """
    if not isinstance(parameters, dict):
        raise InputError("there are no parameters", where=where, expected="`name: value` lines", remedy="write them")
    chapters = [paths.NOTEBOOKS / f"{stem}.ipynb" for stem in read_order().needs]
    declared = {name: kind for own in map(read_declared, chapters) for name, kind in own.items()}
    for name, value in parameters.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise InputError(
                f"{_format_value(name)} is no name of a parameter",
                where=where,
                expected="an identifier",
                remedy="mend it",
            )
        if name == ANSWERS:
            raise InputError("a variant cannot choose the file of answers", where=where, remedy="type SURVEY=file")
        if name not in declared:
            known = ", ".join(sorted(set(declared) - {ANSWERS}))
            raise InputError(
                f"no notebook declares parameter {_format_value(name)}",
                where=where,
                expected=f"one of {known}",
                remedy="mend the name",
            )
        if type(value).__name__ != declared[name]:
            raise InputError(
                f"parameter {name!r} is {_format_value(value)}, a {type(value).__name__}",
                where=where,
                expected=f"a {declared[name]}",
                remedy="quote text in YAML: NO and 010 are not text",
            )
        if name in edition.choices and value not in edition.choices[name]:
            choices = ", ".join(edition.choices[name])
            raise InputError(
                f"parameter {name!r} is {_format_value(value)}",
                where=where,
                expected=f"one of {choices}",
                remedy="choose one of these",
            )
    return parameters


def _format_value(value: object) -> str:
    """Return a value as a message shows it: its beginning, however much a few lines of YAML make of it."""
    short = reprlib.Repr()
    short.maxlevel, short.maxstring, short.maxother = 2, 60, 60
    return short.repr(value)


def read_defaults() -> dict[str, Any]:
    """Return every parameter that a chapter declares, but for the file of answers, with its default."""
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
            remedy="mend it",
        ) from None
    return [node for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]


class _UniqueKeys(yaml.SafeLoader):
    """YAML without code, where a name that is there twice is a mistake."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        # A name is a word; what is more is refused further on, and not looked into: it may be endless.
        words = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        keys = [self.construct_object(key) for key in words]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.YAMLError(f"{twice[0]!r} is there twice")
        return super().construct_mapping(node, deep)

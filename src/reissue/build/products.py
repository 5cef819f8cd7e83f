"""The files of a build: which notebook makes each, what is stale, and why."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from reissue.build.build import find_stale, run_needed, write_report
from reissue.build.configuration import Build
from reissue.build.order import read_order
from reissue.build.pages import STEP, find_page_reasons
from reissue.build.records import read_record
from reissue.core import paths
from reissue.core.errors import InputError

#: What is made together with the pages of the whole report.
_PAGES = ("html", "executed", "index.html", "making.html", "order.toml", "ro-crate-metadata.json")
_EXHIBITS = ("figures", "tables")


def make_products(build: Build, products: Sequence[str]) -> None:
    """Build the report, or only some of its files; print what is ready, or was up to date."""
    for product in products:
        stems = find_notebooks(build, product)
        done = run_needed(build, stems) if stems else write_report(build)
        if not (paths.ROOT / product).is_file():
            raise _unknown(build, product)
        print(f"Ready: {product}" if done else f"Nothing to do: {product} is up to date.")
    if not products:
        place = paths.display_path(paths.build_folder(build.name) / "index.html")
        print(f"The report is ready: {place}" if write_report(build) else f"Nothing to do: {place} is up to date.")


def find_notebooks(build: Build, product: str) -> list[str]:
    """Return the notebooks to run for a product; none if it needs all pages. Raise InputError if nothing makes it."""
    folder, processed = paths.build_folder(build.name), paths.processed_of(build.name)
    path = paths.ROOT / product
    inside = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    if ".." in path.parts or not (inside or path.is_relative_to(processed)) or inside[:1] == ("builds",):
        raise InputError(
            "this file does not belong to the requested build",
            where=product,
            expected=f"a path in {paths.display_path(folder)} or {paths.display_path(processed)}",
            remedy="correct the path, or give VARIANT, SURVEY and LOCALE of its build",
        )
    order = read_order()
    records = {stem: record for stem in order.needs if (record := read_record(build.name, stem))}
    makers = [stem for stem, record in records.items() if product in record.products]
    if makers or not inside:
        return makers or [*order.needs]
    if inside[0] in _PAGES:
        return []
    if inside[0] in _EXHIBITS:
        notebooks = {item.id: item.notebook for item in build.edition.exhibits}
        if path.stem not in notebooks:
            nearest = get_close_matches(path.stem, notebooks, n=3, cutoff=0.0)
            raise InputError(
                f"there is no exhibit {path.stem!r}",
                where=product,
                expected="the id of one in the registry",
                remedy=f"choose one of the nearest: {', '.join(nearest)}",
            )
        return [notebooks[path.stem]]
    if len(records) < len(order.needs):
        return [*order.needs]
    raise _unknown(build, product)


def _unknown(build: Build, product: str) -> InputError:
    records = f"{paths.display_path(paths.build_folder(build.name))}/.made/*.json"
    return InputError(
        "no notebook makes this file", where=product, expected=f"a file that {records} list", remedy="correct the path"
    )


def print_plan(build: Build, products: Sequence[str]) -> None:
    """Print which notebooks and pages of a build are stale, and why; only what some products need, if any are given."""
    order = read_order()
    stems = [stem for product in products for stem in find_notebooks(build, product)]
    stale = find_stale(build, order.with_needs(stems) if stems else [*order.needs])
    if not stems and (reasons := find_page_reasons(build)):
        stale[STEP] = reasons
    for step, reasons in stale.items():
        print(f"  {step}: {'; '.join(reasons[:3])}{'; ...' if len(reasons) > 3 else ''}")
    print("What reads changed tables runs too." if stale else "Nothing is stale.")


def explain(build: Build, stem: str) -> int:
    """Print what a notebook, or the pages, were last made from, and what makes them stale; return 0."""
    if stem != STEP:
        read_order().with_needs([stem])
    record = read_record(build.name, stem)
    if record is None:
        print(f"{stem} was not made yet.")
        return 0
    reasons = find_stale(build, [stem]).get(stem, []) if stem != STEP else find_page_reasons(build)
    print(f"{stem} is {'stale: ' + '; '.join(reasons) if reasons else 'up to date.'}")
    settings = [name if name.startswith("notebook ") else f"{name}: {value}" for name, value in record.settings.items()]
    files = [place if was else f"{place} (missing)" for place, was in record.files.items()]
    folders = [f"the names in {folder}/" for folder in record.folders]
    tables = [f"table {name}" for name in record.tables]
    texts = [f"{len(record.texts)} translations"] if record.texts else []
    print("It was made from", *settings, *files, *folders, *tables, *texts, sep="\n  ")
    return 0

"""`make review`: check this checkout, build everything twice, compare it with the baseline, and write the review."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reissue.build import provenance
from reissue.build.export import build_page
from reissue.build.links import REVIEW
from reissue.build.order import read_order
from reissue.core import datapackage, files, paths
from reissue.core.errors import InputError
from reissue.core.language import join_words
from reissue.core.unlisted import check_listed
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import Exhibit, find_exhibit
from reissue.exhibits.rendering import render_template
from reissue.review import verdicts
from reissue.review.baseline import Snapshot, read_baseline
from reissue.review.compare import IDENTICAL, MISSING, VERDICTS, Comparison, Difference, find_worst
from reissue.review.environment import check_environment
from reissue.review.rerun import CONDITIONS, Run, open_review_folder, rerun
from reissue.review.sandbox import find_sandbox

#: The entries of a page on the raw data, and on all sources of the build.
_RAW, _CONTENT = "Raw data", "Content hash"
#: Lines that the terminal shows of a list, and the page for each exhibit; `review.json` has all.
_MAX_LINES, _MAX_SHOWN = 20, 40
#: The style of each verdict.
_BADGES = {verdict: "exact" if verdict in verdicts.ACCEPTED else "not" for verdict in VERDICTS}


def run_review(edition: Edition, only: str = "", reports: Path = paths.ROOT / "reports") -> int:
    """Review this checkout, or only one exhibit of it; return 0 if it is reproduced, 1 if not.

    The folder `reports` has the baseline, and gets `review.html` and `review.json`.
    """
    if only:
        find_exhibit(edition.exhibits, only)
    check_listed(paths.RAW)
    for resource in datapackage.read_descriptor(paths.RAW, datapackage.RESTORE)["resources"]:
        if not (paths.RAW / resource["path"]).is_file():
            raise InputError("there is no such file", where=f"data/raw/{resource['path']}", remedy=datapackage.RESTORE)
    baseline = read_baseline(reports / "published")
    machine = provenance.describe_machine()
    before = {
        "environment": asdict(check_environment()),
        "commit": provenance.read_commit(paths.ROOT),
        "machine": machine | {"processor": provenance.describe_processor() or machine["processor"]},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    runs = []
    with open_review_folder() as root:
        sandbox = find_sandbox()
        print(f"Sandbox: {sandbox.description}.", flush=True)
        for conditions in CONDITIONS:
            print(f"The {conditions.name} run: {conditions.description} ...", flush=True)
            runs.append(rerun(edition, root, conditions, sandbox, only))
            print(f"  {runs[-1].seconds:.1f} s{', ' * bool(runs[-1].error)}{runs[-1].error}", flush=True)
    review = {**compare_runs(edition, baseline, runs, only), **before, "sandbox": asdict(sandbox)}
    review["again"] = is_reproduced(review)
    files.write_text(reports / "review.json", json.dumps(review, ensure_ascii=False, indent=2) + "\n")
    files.write_text(reports / "review.html", build_review_page(edition, review))
    print("\n".join(list_results(review)))
    print(f"The review is written: {paths.display_path(reports / 'review.html')}")
    return 0 if review["again"] else 1


def build_review_page(edition: Edition, review: dict[str, Any]) -> str:
    """Return the page of a review, given as `review.json` has it."""
    body = render_template("review.html", review=review, badges=_BADGES, shown=_MAX_SHOWN)
    sources = list(review["made_from"]["rebuilt"].items())
    return build_page(edition, "Review of the rebuilt report", Markup(body), sources, read_order(), REVIEW)


def is_reproduced(review: dict[str, Any]) -> bool:
    """Return whether values and raw data are as published, and both runs made the same bytes."""
    return review["verdict"] in verdicts.ACCEPTED and not review["runs_differ"]["files"] and not review["raw"]["faults"]


def compare_runs(edition: Edition, baseline: Snapshot, runs: Sequence[Run], only: str = "") -> dict[str, Any]:
    """Return what `review.json` has of the comparison: verdicts, summary, differences between the runs."""
    builds = [run.build for run in runs]
    exhibits = verdicts.judge_exhibits(edition.exhibits, baseline, builds, only)
    tables = [] if only else verdicts.judge_tables(baseline, builds)
    unlike = verdicts.find_run_differences(*builds)
    rebuilt = builds[0].about
    stale = datapackage.find_stale_checksums(paths.RAW)
    faults = [f"data/raw/{name} is not the file that its checksum was taken of" for name in stale]
    if not stale and baseline.about.get(_RAW) != rebuilt.get(_RAW):
        here = f"{baseline.about.get(_RAW)} published, {rebuilt.get(_RAW)} here"
        faults = [f"data/raw is not what was published: {here}"]
    return {
        "package": {name: edition.metadata[name] for name in ("name", "version")},
        "made_from": {"published": dict(baseline.about), "rebuilt": dict(rebuilt)},
        "verdict": find_worst(one.verdict for one in [*exhibits, *tables]),
        "summary": summarise(edition.exhibits, exhibits, tables, [run.error for run in runs]),
        "exhibits": [asdict(one) for one in exhibits],
        "tables": [asdict(one) for one in tables],
        "runs": [{name: value for name, value in vars(run).items() if name != "build"} for run in runs],
        "raw": {"faults": faults},
        "runs_differ": {"files": unlike, "summary": _summarise_runs(unlike, runs)},
        "pages": _compare_pages(baseline, builds[0], bool(only)),
    }


def summarise(
    registry: Sequence[Exhibit], exhibits: Sequence[Comparison], tables: Sequence[Comparison], errors: Sequence[str]
) -> str:
    """Return the result of a review in a sentence or two."""
    added = {item.id for item in registry if item.is_added}
    rebuilt = [one.id in added for one in exhibits if one.verdict != MISSING]
    text = f"{rebuilt.count(False)} of {len(registry) - len(added)} exhibits "
    if added:
        text += f"and {rebuilt.count(True)} of {len(added)} that this edition adds "
    counts = Counter(one.verdict for one in exhibits)
    counted = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
    text += f"rebuilt twice and compared with what was published: {join_words(counted, english=True)}."
    unlike = [one.name for one in tables if one.verdict not in verdicts.ACCEPTED]
    text += f" Tables that are not as published: {', '.join(unlike)}." if unlike else ""
    return "".join(f"The build stopped: {error} " for error in dict.fromkeys(errors) if error) + text


def _summarise_runs(unlike: Sequence[str], runs: Sequence[Run]) -> str:
    if any(run.error for run in runs):
        return "A run stopped before its end, so the two cannot be compared."
    number = len({place for run in runs for place in run.build.hashes})
    if not unlike:
        return f"Both runs made the same {number} files, byte for byte."
    return f"The runs are not byte-identical: {len(unlike)} of {number} files differ."


def _compare_pages(baseline: Snapshot, rebuilt: Snapshot, is_partial: bool) -> dict[str, Any]:
    """Compare the bytes of pages and executed notebooks, which show what they are made from."""
    published, ours = (one.about.get(_CONTENT) for one in (baseline, rebuilt))
    pages = dict.fromkeys([*baseline.pages, *rebuilt.pages])
    unlike = [place for place in pages if baseline.hashes.get(place) != rebuilt.hashes.get(place)]
    if is_partial:
        unlike, summary = [], "Not compared, because one exhibit alone was rebuilt."
    elif published != ours:
        unlike, summary = [], f"Not compared, because their content hash is not the published one: {published}, {ours}."
        summary += " Source, notebooks, data or lock have changed; exhibits and tables are compared all the same."
    elif unlike:
        summary = f"{len(unlike)} of {len(pages)} pages and executed notebooks have other bytes: {', '.join(unlike)}."
    else:
        summary = f"All {len(pages)} pages and executed notebooks have the published bytes."
    return {"unlike": unlike, "summary": summary}


def list_results(review: dict[str, Any]) -> list[str]:
    """Return what the terminal shows: values that differ, then all that is not identical, then the summary."""
    items = review["exhibits"] + review["tables"]
    stopped = any(run["error"] for run in review["runs"])
    differences = [(one["name"], Difference(**each)) for one in items for each in one["differences"]]
    # A run that stopped lacks values: that says nothing about them.
    lines = _shorten([f"{name}, {each}" for name, each in differences if each.rebuilt is not None or not stopped])
    for one in items:
        if one["verdict"] != IDENTICAL:
            lines.append(f"{one['name']}: {', '.join(filter(None, [one['verdict'], one['note']]))}")
    lines += _shorten([f"{fault}." for fault in [*review["raw"]["faults"], *review["environment"]["faults"]]])
    return [*lines, review["runs_differ"]["summary"], review["pages"]["summary"], review["summary"]]


def _shorten(lines: list[str]) -> list[str]:
    more = len(lines) - _MAX_LINES
    return [*lines[:_MAX_LINES], f"... and {more} more."] if more > 0 else lines

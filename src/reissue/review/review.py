"""`make review`: look at what is here, build it anew twice, compare, and write the review."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reissue.build import provenance
from reissue.core import datapackage, files, paths
from reissue.core.language import join_words
from reissue.core.unlisted import check_listed
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import Exhibit, find_exhibit
from reissue.review import verdicts
from reissue.review.baseline import Made, is_kept, read
from reissue.review.codecheck import codecheck
from reissue.review.compare import IDENTICAL, MISSING, VERDICTS, Difference
from reissue.review.environment import check_environment
from reissue.review.page import review_page
from reissue.review.rerun import WAYS, Run, open_review_folder, rerun
from reissue.review.sandbox import Network, close_network

AGAIN, NOT_AGAIN = 0, 1
_HASH = "Content hash"
#: Differences that the terminal shows of all; page and JSON have more.
_TOLD = 20
#: Exhibits and tables that a list names.
_NAMED = 4


def run_review(edition: Edition, only: str = "", reports: Path = paths.ROOT / "reports") -> int:
    """Review this checkout; return 0 where all came out again, 1 where not.

    Parameters
    ----------
    edition
        Of which report.
    only
        The id of one exhibit; empty for the whole report.
    reports
        Where `review.html`, `review.json` and `codecheck.yml` go; `published` lies there.

    Raises
    ------
    InputError
        If there is no such exhibit, nothing was published, the lock cannot be read, or a raw file is not listed.
    """
    if only:
        find_exhibit(edition.exhibits, only)
    check_listed(paths.RAW)
    published = read(reports / "published")
    before = {"environment": check_environment().as_json(), "raw": _raw(), "commit": provenance.read_commit(paths.ROOT)}
    closed = close_network()
    print(f"Network: {closed.told}.", flush=True)
    runs = []
    with open_review_folder() as root:
        for way in WAYS:
            print(f"The {way.name} run: {way.told} ...", flush=True)
            runs.append(rerun(edition, root, way, closed, only))
            print(f"  {runs[-1].seconds:.1f} s{', ' * bool(runs[-1].error)}{runs[-1].error}", flush=True)
    found = {**_compared(edition, published, runs, only), **before, **_how(closed, runs)}
    found["again"] = _is_reproduced(found)
    _write(edition, found, published, reports)
    _tell(found, reports)
    return AGAIN if found["again"] else NOT_AGAIN


def _is_reproduced(found: dict[str, Any]) -> bool:
    """Return whether all came out as published, both runs made the same bytes, and the raw data are the known ones."""
    return found["verdict"] in verdicts.WELL and not found["runs_differ"]["files"] and not found["raw"]["unlike"]


def _raw() -> dict[str, Any]:
    """Return the raw files that are not as their checksums say; one that is missing is among them."""
    resources = datapackage.read_descriptor(paths.RAW, datapackage.RESTORE)["resources"]
    lacking = [item["path"] for item in resources if not (paths.RAW / item["path"]).is_file()]
    unlike = lacking or datapackage.find_stale_checksums(paths.RAW)
    return {"checked": len(resources), "unlike": unlike}


def _compared(edition: Edition, published: Made, runs: Sequence[Run], only: str) -> dict[str, Any]:
    """Return the verdicts, what they add up to, and what was compared."""
    made = [run.made for run in runs]
    shown = verdicts.judge_exhibits(edition.exhibits, published, made, only)
    tables = [] if only else verdicts.judge_tables(published, made)
    between = verdicts.find_run_differences(*made)
    verdict = verdicts.combine_verdicts([*shown, *tables])
    rebuilt = dict(made[0].about)
    return {
        "package": {name: edition.metadata[name] for name in ("name", "version")},
        "made_from": {"published": dict(published.about), "rebuilt": rebuilt},
        "verdict": verdict,
        "summary": _summary(edition.exhibits, shown, tables, runs),
        "exhibits": [one.as_json() for one in shown],
        "tables": [one.as_json() for one in tables],
        "claims": verdicts.list_changed_claims(tables),
        "runs_differ": {"files": between, "told": _between(between, runs)},
        "pages": _pages(published, made[0], bool(only)),
    }


def _how(closed: Network, runs: Sequence[Run]) -> dict[str, Any]:
    not_available = [] if closed.closed else [f"The network: {closed.told}"]
    return {
        "runs": [run.as_json() for run in runs],
        "network": {"closed": closed.closed, "told": closed.told},
        "machine": _machine(),
        "not_available": not_available,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _summary(
    registry: Sequence[Exhibit],
    shown: Sequence[verdicts.Verdict],
    tables: Sequence[verdicts.Verdict],
    runs: Sequence[Run],
) -> str:
    """Say in a sentence or two what came out."""
    of = Counter(one.verdict for one in shown)
    parts = [f"{of[verdict]} {verdict}" for verdict in VERDICTS if of[verdict]]
    added = {item.id for item in registry if item.is_added}
    rebuilt = [one.id for one in shown if one.verdict != MISSING]
    own, ours = (sum((name in added) == is_added for name in rebuilt) for is_added in (False, True))
    told = f"{own} of {len(registry) - len(added)} exhibits "
    told += f"and {ours} of {len(added)} that this edition adds " if added else ""
    told += "rebuilt twice and compared with what was published: "
    told += f"{join_words(parts, english=True)}."
    off = [one.name for one in tables if not verdicts.well([one])]
    told += f" Not as published, besides: {_some(off)}." if off else ""
    errors = dict.fromkeys(run.error for run in runs if run.error)
    return "".join(f"The build stopped: {error} " for error in errors) + told


def _some(names: Sequence[str]) -> str:
    """Return names as a list, the first of them where they are many."""
    left = len(names) - _NAMED
    return join_words([*names[:_NAMED], f"{left} more"] if left > 1 else names, english=True)


def _between(differing: Sequence[str], runs: Sequence[Run]) -> str:
    if any(run.error for run in runs):
        return "A run stopped before its end: whether both make the same is not known."
    number = len({place for run in runs for place in run.made.hashes})
    if not differing:
        return f"Both runs made the same {number} files, byte for byte."
    return f"The runs are not byte-identical: {len(differing)} of {number} files differ."


def _pages(published: Made, rebuilt: Made, partly: bool) -> dict[str, Any]:
    """Say whether pages and executed notebooks have the published bytes; only what is made of the same can."""
    if partly:
        return {"compared": False, "unlike": [], "told": "Of one exhibit alone no page is compared."}
    if published.about.get(_HASH) != rebuilt.about.get(_HASH):
        told = (
            f"Not compared: published was content {published.about.get(_HASH)}, this is {rebuilt.about.get(_HASH)}. "
            "Source, notebooks, data or lock have changed since; exhibits and tables are compared all the same."
        )
        return {"compared": False, "unlike": [], "told": told}
    pages = dict.fromkeys([*published.pages, *rebuilt.pages])
    unlike = [place for place in pages if published.hashes.get(place) != rebuilt.hashes.get(place)]
    told = f"All {len(pages)} pages and executed notebooks have the published bytes."
    if unlike:
        told = f"{len(unlike)} of {len(pages)} pages and executed notebooks have other bytes: {', '.join(unlike)}."
    return {"compared": True, "unlike": unlike, "told": told}


def _machine() -> dict[str, Any]:
    about = provenance.describe_machine()
    return {**about, "processor": provenance.describe_processor() or about["processor"], "memory": _memory()}


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf, macOS not this name
        return "unknown"
    return f"{total / 2**30:.1f} GiB"


def _write(edition: Edition, found: dict[str, Any], published: Made, reports: Path) -> None:
    places = [place for place in published.hashes if is_kept(place)]
    shown = [verdicts.Verdict(one["id"], one["name"], one["verdict"]) for one in found["exhibits"]]
    texts = {
        "review.json": json.dumps(found, ensure_ascii=False, indent=2) + "\n",
        "codecheck.yml": codecheck(edition.metadata, shown, places, found["summary"], found["date"][:10]),
        "review.html": review_page(edition, found),
    }
    for name, text in texts.items():
        files.write_text(reports / name, text)


def _tell(found: dict[str, Any], reports: Path) -> None:
    """Print what came out: values that differ by name, then the page."""
    items = found["exhibits"] + found["tables"]
    # Of a run that stopped, values that are not there say no more than that.
    stopped = any(run["error"] for run in found["runs"])
    differences = [(one["name"], Difference(**each)) for one in items for each in one["differences"]]
    lines = [f"{name}, {each}" for name, each in differences if each.rebuilt is not None or not stopped]
    for line in lines[:_TOLD]:
        print(line)
    if len(lines) > _TOLD:
        print(f"... and {len(lines) - _TOLD} more.")
    for one in items:
        if one["verdict"] != IDENTICAL:
            print(f"{one['name']}: {one['verdict']}{', ' * bool(one['note'])}{one['note']}")
    for name in found["raw"]["unlike"]:
        print(f"data/raw/{name} is not the file that its checksum was taken of.")
    for one in found["environment"]["unlike"]:
        print(f"{one['name']} is {one['installed'] or 'not installed'}; the lock has {one['locked']}.")
    print(found["runs_differ"]["told"])
    print(found["pages"]["told"])
    print(found["summary"])
    print(f"The review is written: {paths.display_path(reports / 'review.html')}")

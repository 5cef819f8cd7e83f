"""A release from beginning to end: decide, build from what is released alone, audit, only then put it into place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from iucresearch import language, paths
from iucresearch.clean import questionnaire
from iucresearch.data import load_raw
from iucresearch.intake.counts import cell_counts, read_answers
from iucresearch.intake.mapping import read_mapping
from iucresearch.pipeline.alone import locked
from iucresearch.pipeline.params import defaults, read_variant
from iucresearch.release.audit import small_groups_told, stated_wrongly
from iucresearch.release.choice import Attacker, choose
from iucresearch.release.counts import Released
from iucresearch.release.identifiers import Identifiers
from iucresearch.release.remade import Remade, differing
from iucresearch.release.units import units
from iucresearch.survey.informed import Informed
from iucresearch.survey.statements import Reading
from iucresearch.titles import question_titles

FAILED = 1
#: So many findings of the audit are told.
_SHOWN = 12
#: Folders and files of a build that stay here: notes for Make, and what tells of this machine and moment.
_STAYS = (".made", "build.json")

#: Variables in which Make, or a build from answers, says where they lie.
_TELLING = frozenset({"SURVEY", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", paths.SURVEY_VARIABLE})


class BuildFailed(Exception):
    """A program that makes the release has failed, and has said why; its status is passed on."""


def release(survey: Path, smallest: int, locale: str) -> int:
    """Make a release of the answers in a file; return 0, or 1 where the audit found something in it.

    Parameters
    ----------
    survey
        A respondent-level export.
    smallest
        The size from which a group is not small.
    locale
        The language of the pages.

    Raises
    ------
    InputError
        If the file cannot be read, or does not fit the mapping.
    BuildFailed
        If a build failed.
    """
    # What is wrong with the file is said before anything is made.
    answers, raw = read_answers(survey), load_raw()
    identifiers = Identifiers.of(survey, read_mapping(paths.MAPPING, raw["questions"], raw["options"]))
    variants = ["", *sorted(path.stem for path in paths.PARAMS.glob("*.yaml"))]
    roundings = {variant: str({**defaults(), **read_variant(variant)}["rounding"]) for variant in variants}
    builds = {variant: paths.build_name(variant, "", locale, released="yes") for variant in variants}
    target = paths.build_folder() / builds[""]
    work = paths.CACHE / "release"
    with locked("release.lock", "Another release is being made"), _swept(work, builds.values()):
        shutil.rmtree(target, ignore_errors=True)
        print("Working out what may be released.", flush=True)
        report = questionnaire(raw)
        readings = [Reading(rounding, tight) for rounding in sorted({*roundings.values()}) for tight in (False, True)]
        attacker = Attacker(report, readings, smallest)
        # Tables are the same in every language.
        with language.speaking(language.ENGLISH):
            titles = question_titles(raw["questions"])
        released = choose(attacker, cell_counts(report, answers), titles, synthetic=bool(answers.attrs["synthetic"]))
        released.write(work)
        for variant in variants:
            _run(survey, "report", "--released", str(work), "--variant", variant, "--locale", locale)
        _run(survey, "briefs", "--build", builds[""], "--locale", locale)
        print("Looking through what was made.", flush=True)
        findings = _audited(attacker, released, identifiers, builds, roundings)
        if findings:
            for line in findings[:_SHOWN]:
                print(f"iucresearch: {line}", file=sys.stderr)
            more = f" and {len(findings) - _SHOWN} more" if len(findings) > _SHOWN else ""
            print(f"iucresearch: nothing is released: the audit found this{more}.", file=sys.stderr)
            return FAILED
        _put(work / "bundle", target, released, builds)
    held = len(released.held_back)
    print(f"Released: {len(released.counts)} counts; held back: {held} of {len(units(report))} tables of counts.")
    print(f"The release is ready: {paths.shown(target / 'index.html')}; what may leave is {paths.shown(target)}/.")
    return 0


def _audited(
    attacker: Attacker,
    released: Released,
    identifiers: Identifiers,
    builds: dict[str, str],
    roundings: dict[str, str],
) -> list[str]:
    """Return what is wrong with the builds of a release."""
    groups = small_groups_told(attacker, Informed(attacker.report, released.counts))
    found = [f"what is released: a small group of {one.question}, {one.side}, can be inferred" for one in groups]
    raw = load_raw()
    remade = {rounding: Remade.of(raw, released, rounding) for rounding in sorted({*roundings.values()})}
    for variant, build in builds.items():
        own = remade[roundings[variant]]
        files = dict(contents(paths.build_folder(build)))
        lines = stated_wrongly(files, own.allowed, is_synthetic=released.synthetic)
        lines += differing(build, own, released.notice)
        lines += [line for name, content in files.items() for line in identifiers.found_in(name, content)]
        found += [f"{build}/{line}" for line in dict.fromkeys(lines)]
    return found


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Return the files of a build that a release has, by name."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] not in _STAYS:
            yield inside.as_posix(), path.read_bytes()


def _put(bundle: Path, target: Path, released: Released, builds: dict[str, str]) -> None:
    """Put the builds together beside their place, then all at once into it."""
    for variant, build in builds.items():
        folder = bundle / "variants" / variant if variant else bundle
        for name, content in contents(paths.build_folder(build)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    released.write(bundle)
    target.parent.mkdir(exist_ok=True)
    os.rename(bundle, target)


def _run(survey: Path, verb: str, *arguments: str) -> None:
    """Run a program that is not told where the answers lie, nor anybody whom it starts.

    Raises
    ------
    BuildFailed
        If it fails; it says itself why.
    """
    told = {
        name: text for name, text in os.environ.items() if name not in _TELLING and str(survey.resolve()) not in text
    }
    command = [sys.executable, "-m", "iucresearch", verb, *arguments]
    status = subprocess.run(command, env={**told, language.VARIABLE: language.current()}, check=False).returncode
    if status:
        raise BuildFailed(status)


@contextmanager
def _swept(work: Path, builds: Iterable[str]) -> Iterator[None]:
    """Begin without, and leave nothing of, what a release is made in."""
    folders = [work, *map(paths.build_folder, builds)]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)

"""`make site`: the report in every language, with its data, as one folder for any static host or a ZIP.

The folder has the same layout as the project, so that pages are the same bytes and their links lead to the same files.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reissue.build.briefs import write_briefs
from reissue.build.configuration import Build
from reissue.build.links import HOME, MAKING, REVIEW, find_broken_links
from reissue.build.lock import TEMPORARY_PREFIX, lock_build
from reissue.build.pdf import write_pdf
from reissue.build.records import FOLDER, read_record
from reissue.core import language, paths
from reissue.core.errors import InputError
from reissue.core.files import write_bytes
from reissue.core.language import _
from reissue.exhibits.edition import Edition
from reissue.exhibits.rendering import render_template

NAME = "site"


def write_site(edition: Edition) -> int:
    """Build the report, its PDF and its briefs in every language, and write the site; return 0, or 1 if a brief fails.

    Raises
    ------
    InputError
        If a link of a page leads nowhere.
    """
    builds = []
    for code in language.languages():
        # Kernels take the language from the environment.
        os.environ[language.VARIABLE] = code
        build = Build(edition, locale=code)
        write_pdf(build)
        if edition.briefs and (failed := write_briefs(build, [])):
            return failed
        builds.append(build)
    os.environ.pop(language.VARIABLE)
    with lock_build(""):
        files = {place: (paths.ROOT / place).read_bytes() for place in list_places(builds)}
        files[HOME] = build_site_index(edition, builds, files).encode()
        if broken := find_broken_links(files):
            raise InputError(
                f"{len(broken)} links lead nowhere, such as {broken[0]}", remedy="correct what writes them"
            )
        _replace_folder(paths.build_folder() / NAME, files)
    size = sum(map(len, files.values())) / 1e6
    where = paths.display_path(paths.build_folder() / NAME / HOME)
    print(f"The site is ready: {where} ({len(files)} files, {size:.0f} MB; its folder can be copied or zipped)")
    return 0


def list_places(builds: list[Build]) -> list[str]:
    """Return the files of a site, as paths in the project: products of builds, raw data, a review if there is one."""
    found = [path.relative_to(paths.ROOT).as_posix() for path in paths.RAW.rglob("*") if path.is_file()]
    for build in builds:
        folder = paths.build_folder(build.name)
        for path in (folder / FOLDER).glob("*.json"):
            record = read_record(build.name, path.stem)
            found += [place for place in record.products if f"/{FOLDER}/" not in place] if record else []
    review = paths.build_folder() / REVIEW
    found += [review.relative_to(paths.ROOT).as_posix()] if review.is_file() else []
    return sorted({*found})


def build_site_index(edition: Edition, builds: list[Build], files: Mapping[str, bytes]) -> str:
    """Return the first page of a site: a plain list of what it has."""
    reports = [_describe_report(build) for build in builds]
    raw = [place for place in files if place.startswith(f"{_place(paths.RAW)}/")]
    review = f"{_place(paths.build_folder())}/{REVIEW}"
    body = render_template(
        "site.html",
        reports=reports,
        briefs=bool(edition.briefs),
        raw=raw,
        making=MAKING,
        review=review if review in files else "",
    )
    return str(render_template("document.html", title=edition.metadata["title"], body=body))


def _describe_report(build: Build) -> dict[str, str]:
    """Return what the first page shows of the report in one language, in this language."""
    with language.use_language(build.locale):
        return {
            "code": build.locale,
            "name": language.languages()[build.locale],
            "folder": _place(paths.build_folder(build.name)),
            "briefs": _("Briefs by country"),
            "making": _("How this edition was made"),
        }


def _place(path: Path) -> str:
    return path.relative_to(paths.ROOT).as_posix()


def _replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder by one with these files: the old one stays until the new one is complete."""
    with tempfile.TemporaryDirectory(dir=paths.CACHE, prefix=f"{TEMPORARY_PREFIX}site-") as temporary:
        new, old = Path(temporary, "new"), Path(temporary, "old")
        for place, content in files.items():
            write_bytes(new / place, content)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise

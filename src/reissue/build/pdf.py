"""`make pdf`: the report on paper, a tagged PDF of the page that readers open in a browser.

The page is the only source. WeasyPrint makes the PDF, with a print style and the fonts of matplotlib. It therefore
has the same look and the same bytes on every machine.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import Any

from reissue.build import pages
from reissue.build.build import write_report
from reissue.build.configuration import Build
from reissue.build.fingerprints import digest, module_sources, package_data, place_of
from reissue.build.lock import lock_build
from reissue.build.print_html import prepare_for_print
from reissue.build.records import LOCK, Record, Snapshot, read_record
from reissue.core import paths, report
from reissue.core.datapackage import read_text
from reissue.core.errors import InputError
from reissue.core.files import write_bytes
from reissue.exhibits.pictures import restore_images

NAME = "report.pdf"
#: The standard for accessible PDF that WeasyPrint declares; the PDF is not certified.
VARIANT = "pdf/ua-1"

STEP = "pdf"
#: The font of pictures, which the style takes from matplotlib.
_FONT = "Print Sans"
_STYLE = Path(__file__).parents[1] / "templates" / "page" / "print.css"
_LIBRARIES = (
    "on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
    "on macOS: brew install pango"
)


def write_pdf(build: Build) -> int:
    """Write the PDF of a build, and the report before it, where they are stale; return 0."""
    write_report(build)
    path = paths.build_folder(build.name) / NAME
    record, report_pages = read_record(build.name, STEP), read_record(build.name, pages.STEP)
    settings = {"pages": report_pages and report_pages.key}
    snapshot = Snapshot(paths.processed_of(build.name))
    if record and not snapshot.differences(record, settings):
        print(f"Nothing to do: {paths.display_path(path)} is up to date.")
        return 0
    data = package_data("reissue") | package_data(build.edition.package)
    places = module_sources([__name__], ["reissue"]) | data | {LOCK}
    with lock_build(build.name):
        content = render_pdf(read_text(path.with_name("index.html"), "run make report"))
        write_bytes(path, content)
        products = {place_of(path): digest(content)}
        Record(files=snapshot.files(places), settings=settings, products=products).write(build.name, STEP)
    print(f"The PDF is ready: {paths.display_path(path)}")
    return 0


def render_pdf(page: str) -> bytes:
    """Return the page of a report as a tagged PDF; the same page gives the same bytes.

    InputError is raised if WeasyPrint or a library that it needs is missing, or if the page refers to anything outside
    of it, to a picture that cannot be drawn, or to a picture without an alternative text.
    """
    # Fonts contain a date.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    # Imported after the commands have set its cache folder.
    import matplotlib

    weasyprint = _import_weasyprint()
    fonts = weasyprint.text.fonts.FontConfiguration()
    log, errors = logging.getLogger("weasyprint"), BufferingHandler(sys.maxsize)
    # Warnings about CSS that WeasyPrint does not know do not matter.
    errors.setLevel(logging.ERROR)
    log.addHandler(errors)
    try:
        # The page may load only what it contains; the style, which is ours, may load the fonts.
        style = weasyprint.CSS(
            string=_STYLE.read_text(encoding="utf-8") + report.style(_STYLE.name),
            base_url=Path(matplotlib.get_data_path(), "fonts", "ttf").as_uri() + "/",
            url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols=("file",)),
            font_config=fonts,
        )
        document = weasyprint.HTML(
            string=restore_images(page, _FONT), url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols=("data",))
        )
        prepare_for_print(document)
        content: bytes = document.write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, finisher=_set_header_scopes
        )
    finally:
        log.removeHandler(errors)
    if errors.buffer:
        what, expected = errors.buffer[0].getMessage(), "a page that contains all that it shows"
        raise InputError(what, where="index.html", expected=expected)
    return content


def _set_header_scopes(_document: Any, pdf: Any) -> None:
    """Give header cells a scope in place of WeasyPrint's lists of headers, which are wrong where cells span rows."""
    cells = [one for one in pdf.objects if isinstance(one, dict) and one.get("S") in ("/TH", "/TD") and "A" in one]
    data_rows = {cell["P"] for cell in cells if cell["S"] == "/TD"}
    for cell in cells:
        cell["A"].pop("Headers", None)
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row" if cell["P"] in data_rows else "/Column"


def _import_weasyprint() -> Any:
    """Return the module. Only `make pdf` needs it; the import takes a second."""
    try:
        # It prints some paragraphs about a missing library before it raises.
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            import weasyprint
    except ImportError as error:
        remedy = "run make install, or pip install weasyprint"
        raise InputError(f"the package {error.name} is not installed", where=NAME, remedy=remedy) from None
    except OSError as error:
        reason = f"a library that WeasyPrint needs is missing: {str(error).splitlines()[0]}"
        raise InputError(reason, where=NAME, remedy=_LIBRARIES) from None
    return weasyprint

"""`make pdf`: the report on paper, a tagged PDF of the same page that readers open in a browser.

The page is the one source. Paper has nothing to unfold, so what is folded there is left out here and said to be on
the page, but for the contents and the ledger. WeasyPrint makes the PDF, with a style of its own and matplotlib's fonts,
so that it looks alike, and has the same bytes, whatever fonts a machine has.
"""

from __future__ import annotations

import io
import logging
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from reissue.build.build import write_report
from reissue.build.configuration import Build
from reissue.build.fingerprints import digest, module_sources, package_data, place_of
from reissue.build.lock import lock_build
from reissue.build.pages import page_key
from reissue.build.print_html import prepare_for_print
from reissue.build.records import LOCK, Record, Snapshot, read_record
from reissue.core import paths, report
from reissue.core.datapackage import read_text
from reissue.core.errors import InputError
from reissue.core.files import write_bytes

NAME = "report.pdf"
#: What WeasyPrint writes of its wish to be accessible: nobody has certified it.
VARIANT = "pdf/ua-1"

STEP = "pdf"
_STYLE = Path(__file__).parents[1] / "templates" / "page" / "print.css"
#: The version that the tags, and what may be fetched, were tried with.
_OLDEST = 70
_LIBRARIES = (
    "on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
    "on macOS: brew install pango"
)


def write_pdf(build: Build) -> int:
    """Write the PDF of a build, and the report before it, where they are stale; return 0.

    Raises
    ------
    InputError
        If the report cannot be built, or WeasyPrint or a library is missing.
    """
    # Fonts carry a date.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    write_report(build)
    path = paths.build_folder(build.name) / NAME
    record, settings = read_record(build.name, STEP), {"pages": page_key(build)}
    snapshot = Snapshot(paths.processed_of(build.name))
    if record and not snapshot.differences(record, settings):
        print(f"Nothing to do: {paths.display_path(path)} is up to date.")
        return 0
    data = package_data("reissue") | package_data(build.edition.package)
    places = module_sources([__name__], ["reissue"]) | data | {LOCK}
    with lock_build(build.name):
        page = read_text(path.with_name("index.html"), "run make report")
        content = render_pdf(prepare_for_print(build.edition.metadata, page))
        write_bytes(path, content)
        made = {place_of(path): digest(content)}
        Record(files=snapshot.files(places), settings=settings, products=made).write(build.name, STEP)
    print(f"The PDF is ready: {paths.display_path(path)}")
    return 0


def render_pdf(page: str) -> bytes:
    """Return a page as a tagged PDF; the same page, the same bytes.

    Parameters
    ----------
    page
        HTML that `for_print` returned. It loads nothing but what it carries.

    Raises
    ------
    InputError
        If WeasyPrint or a library of the system that it needs is missing, or if the page refers to something
        outside of itself, or to a picture that cannot be drawn.
    """
    # Imported once its cache is the project's own.
    import matplotlib

    weasyprint = _weasyprint()
    fonts = weasyprint.text.fonts.FontConfiguration()
    faults = _Faults()
    log = logging.getLogger("weasyprint")
    log.addHandler(faults)
    try:
        # The page gets what it carries itself; the style, which is ours, the fonts in that folder.
        style = weasyprint.CSS(
            string=_STYLE.read_text(encoding="utf-8") + report.style(_STYLE.name),
            base_url=Path(matplotlib.get_data_path(), "fonts", "ttf").as_uri() + "/",
            url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols=("file",)),
            font_config=fonts,
        )
        document = weasyprint.HTML(string=page, url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols=("data",)))
        made: bytes = document.write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, finisher=_say_what_headers_head
        )
    finally:
        log.removeHandler(faults)
    if faults.found:
        raise InputError(faults.found[0], where="index.html", expected="a page that carries all it shows")
    return made


def _say_what_headers_head(_document: Any, made: Any) -> None:
    """Tell of each header cell whether it heads its row or its column, which WeasyPrint leaves to the reader.

    Of each other cell it lists the headers; where cells span rows it lists wrong ones, and no list is better.
    """
    items: list[Any] = [one for one in made.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"]
    elements = {one.reference: one for one in items}
    cells = [one for one in items if one["S"] in ("/TH", "/TD") and "A" in one]
    rows = {cell["P"] for cell in cells if cell["S"] == "/TD"}

    def table(cell: Any) -> bytes:
        place: bytes = cell["P"]
        while elements[place]["S"] != "/Table":
            place = elements[place]["P"]
        return place

    spanned = {table(cell) for cell in cells if "RowSpan" in cell["A"]}
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Row" if cell["P"] in rows else "/Column"
        elif table(cell) in spanned:
            cell["A"].pop("Headers", None)


class _Faults(logging.Handler):
    """Keeps what WeasyPrint could not do; what it does not know of CSS is nobody's concern."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())


def _weasyprint() -> Any:
    """Return the module, imported only here: it is an extra, and takes a second.

    Raises
    ------
    InputError
        If it, or a library of the system that it needs, is missing.
    """
    said = io.StringIO()
    remedy = "run make install, or pip install weasyprint"
    try:
        # Where a library is missing, it prints some paragraphs before it raises.
        with redirect_stdout(said), redirect_stderr(said):
            import weasyprint
    except ImportError as error:
        missing = error.name or "weasyprint"
        raise InputError(f"the package {missing} is not installed", where=NAME, remedy=remedy) from None
    except OSError as error:
        first = str(error).splitlines()[0]
        raise InputError(
            f"a library that WeasyPrint needs is missing: {first}", where=NAME, remedy=_LIBRARIES
        ) from None
    if int(weasyprint.__version__.split(".")[0]) < _OLDEST:
        raise InputError(
            f"WeasyPrint is of version {weasyprint.__version__}",
            where=NAME,
            expected=f"{_OLDEST} or newer",
            remedy=remedy,
        )
    return weasyprint

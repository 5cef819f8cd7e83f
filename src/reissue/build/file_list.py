"""The list of the files of a build, as a page shows it."""

from pathlib import Path
from typing import NamedTuple

from reissue.build.configuration import Build
from reissue.build.crate import NAME, WORKFLOW
from reissue.build.links import HOME, relative_address
from reissue.build.order import read_order
from reissue.build.records import FOLDER, read_record
from reissue.core import datapackage, paths
from reissue.core.language import N_, _

#: The headings of the folders that notebooks write to; files in none of them hold statements and messages.
_FOLDERS = {
    "figures": N_("Figures: pictures and plotted data"),
    "tables": N_("Tables of the report"),
    "survey": N_("What the report allows for each count"),
}


class FileGroup(NamedTuple):
    """Files of one kind: their heading, and name and address of each."""

    heading: str
    files: list[tuple[str, str]]


def list_files(build: Build) -> list[FileGroup]:
    """Return the files that the notebooks of a build made, with their addresses from its pages."""
    folder, processed = paths.build_folder(build.name), paths.processed_of(build.name)
    stems = read_order().needs
    records = [record for stem in stems if (record := read_record(build.name, stem))]
    products = sorted(paths.ROOT / place for record in records for place in record.products)
    groups: dict[str, list[str]] = {}
    for path in products:
        if path.is_relative_to(folder) and FOLDER not in path.parts:
            place = path.relative_to(folder)
            groups.setdefault(place.parts[0] if len(place.parts) > 1 else "", []).append(place.as_posix())
    tables = [item["path"] for item in datapackage.read_resources(processed, "run make report")]
    descriptors = sorted(path.name for path in processed.glob("datapackage*.json"))
    named = {_(heading): groups.get(name, []) for name, heading in _FOLDERS.items()} | {
        _("Statements and messages"): groups.get("", []),
        _("Processed tables and their dictionaries"): [
            relative_address(str(processed / name), str(folder / HOME)) for name in [*tables, *descriptors]
        ],
        _("Notebooks as they ran"): [f"executed/{stem}.ipynb" for stem in stems],
        _("Description of the build for other programs"): [NAME, WORKFLOW],
    }
    return [FileGroup(heading, [(Path(one).name, one) for one in files]) for heading, files in named.items() if files]

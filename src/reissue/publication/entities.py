"""Entities of an RO-Crate: files that it holds, and what it tells of besides."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.publication.metadata import Metadata, original_year

#: The version of RO-Crate that the profiles of runs are of.
VERSION = "1.1"
#: It has no term for a checksum; the vocabulary of runs does.
_TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
#: Not the machine's own table of types, which differs from one to the next.
_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".lock": "text/plain",
    ".mk": "text/x-makefile",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".yaml": "application/yaml",
}


class Entities:
    """The entities of one crate; each is added once, and told of by others through what adding returns.

    Properties that are empty are left out, and a list of one is that one, as RO-Crate recommends.

    Parameters
    ----------
    folder
        The crate's root.
    about
        Metadata of the edition.
    """

    def __init__(self, folder: Path, about: Metadata) -> None:
        # It takes 0.2 s to import, which only whole builds pay.
        from rocrate.rocrate import ROCrate

        self.crate = ROCrate(version=VERSION)
        self.crate.metadata.extra_terms.update(_TERMS)
        self._folder, self._about = folder, about

    def tell(self, id_: str, kind: str, **properties: Any) -> Any:
        """Add what the crate does not hold, and return it."""
        from rocrate.model.contextentity import ContextEntity

        return self.crate.add(ContextEntity(self.crate, id_, {"@type": kind, **_compact(properties)}))

    def outside(self, path: Path, kind: str = "CreativeWork", **properties: Any) -> Any:
        """Add a file of the project that lies outside the crate: told of by path and checksum."""
        place, content = path.relative_to(paths.ROOT).as_posix(), _bytes(path)
        own = {"name": place, "encodingFormat": _type(path), "sha256": hashlib.sha256(content).hexdigest()}
        return self.tell(f"#{place}", kind, **{**own, **properties})

    def hold(self, path: Path, **properties: Any) -> Any:
        """Add a file that lies in the crate, and return it."""
        place, own = self._own(path)
        return self.crate.add_file(path, place, properties=_compact({**own, **properties}))

    def run(self, path: Path, language: tuple[str, str], **properties: Any) -> Any:
        """Add the workflow, a file that lies in the crate and is what the crate is about; return it.

        Parameters
        ----------
        path
            The file.
        language
            Address and name of the language that it is written in.
        **properties
            What else is to be said of it.
        """
        from rocrate.model.computerlanguage import ComputerLanguage

        address, name = language
        written_in = self.crate.add(ComputerLanguage(self.crate, address, {"name": name, "url": address}))
        place, own = self._own(path)
        return self.crate.add_workflow(
            path, place, main=True, lang=written_in, properties=_compact({**own, **properties})
        )

    def describe(self, **properties: Any) -> dict[str, Any]:
        """Return the crate as JSON-LD, with these properties of the whole."""
        for name, value in _compact(properties).items():
            self.crate.root_dataset[name] = value
        made: dict[str, Any] = self.crate.metadata.generate()
        return made

    @cached_property
    def licences(self) -> dict[str, Any]:
        """Licences by their SPDX ids."""
        return {
            one["id"]: self.tell(one["address"], "CreativeWork", name=one["name"], identifier=one["id"])
            for one in self._about["licences"].values()
        }

    def licence(self, of: str) -> Any:
        """Return the licence of `code` or `data`."""
        return self.licences[self._about["licences"][of]["id"]]

    @cached_property
    def creators(self) -> list[Any]:
        """Those who made this edition."""
        found = enumerate(self._about["creators"], start=1)
        return [self.tell(f"#creator-{number}", "Organization", **one) for number, one in found]

    @cached_property
    def report(self) -> Any:
        """The report that this is an edition of."""
        original = self._about["original"]
        authors = [
            self.tell(
                f"#author-{number}",
                "Person",
                name=f"{one['given']} {one['family']}",
                familyName=one["family"],
                givenName=one["given"],
            )
            for number, one in enumerate(original["author"], start=1)
        ]
        return self.tell(
            f"https://doi.org/{original['DOI']}" if "DOI" in original else "#report",
            "Report",
            name=original["title"],
            author=authors,
            datePublished=str(original_year(self._about)),
            publisher=self.tell("#publisher", "Organization", name=original["publisher"]),
            reportNumber=original.get("number"),
        )

    def _own(self, path: Path) -> tuple[str, dict[str, Any]]:
        """Return a file's place in the crate, and what it says of itself."""
        place, content = path.relative_to(self._folder).as_posix(), _bytes(path)
        return place, {
            "name": place,
            "encodingFormat": _type(path),
            "contentSize": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def _compact(properties: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in properties.items() if value not in ("", [], None)}
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in given.items()}


def _type(path: Path) -> str:
    return _TYPES.get(path.suffix, "application/octet-stream")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=paths.display_path(path), remedy="run make report"
        ) from None

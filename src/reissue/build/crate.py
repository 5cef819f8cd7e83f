"""The build for other programs: inputs, workflow and products, as a Workflow Run RO-Crate.

The crate holds the files in the folder of the build. Its inputs (`data/raw`, notebooks, lock) are elsewhere in the
project, and a path to them would break when the folder is moved. They are contextual entities: the id is `#` and the
path in the project, and the SHA-256 identifies the content. The workflow must be in the crate: a copy of `order.toml`.

The same inputs give the same crate: only `build.json` says who made a build and when, so the action has neither.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from functools import cached_property
from pathlib import Path
from typing import Any

from reissue.build.configuration import Build
from reissue.build.ipynb import find_exhibit_outputs
from reissue.build.links import HOME, MAKING
from reissue.build.order import read_order
from reissue.build.params import read_defaults
from reissue.build.records import FOLDER, LOCK, read_record
from reissue.core import datapackage, language, paths
from reissue.core.language import _
from reissue.exhibits.registry import WORDS
from reissue.exhibits.status import compute_status
from reissue.publication.metadata import describe_original, edition_title

NAME = "ro-crate-metadata.json"
#: The workflow: which notebooks there are, and what each needs.
WORKFLOW = "order.toml"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}

_DATATYPES = {str: "Text", int: "Integer", float: "Float", bool: "Boolean"}
#: The types that Python knows by itself: `mimetypes.guess_type` reads the tables of the machine, which differ.
_MEDIA_TYPES = mimetypes.MimeTypes()
_MEDIA_TYPES.add_type("application/x-ipynb+json", ".ipynb")


def describe_crate(build: Build, content_hash: str) -> str:
    """Return the RO-Crate metadata of a complete build as JSON text: all products and pages exist."""
    about, found = build.edition.metadata, _Crate(build)
    properties = {
        "name": edition_title(about),
        "description": f"{_(about['description'])} {build.notice}".strip(),
        "datePublished": about["released"],
        "version": about["version"],
        "identifier": content_hash,
        "inLanguage": language.current_language(),
        "keywords": about["keywords"],
        "license": found.terms,
        "author": found.creators,
        "citation": found.report,
        "mentions": found.add_run(),
        "conformsTo": [
            found.add(address, "CreativeWork", name=name, version=address.rpartition("/")[2])
            for address, name in PROFILES.items()
        ],
    }
    for name, value in properties.items():
        found.crate.root_dataset[name] = value
    content = found.crate.metadata.generate()
    for entity in content["@graph"]:
        # RO-Crate recommends a single value, not a list of one.
        entity |= {name: value[0] for name, value in entity.items() if isinstance(value, list) and len(value) == 1}
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


class _Crate:
    """The crate of one build."""

    def __init__(self, build: Build) -> None:
        # The import takes 0.2 s, which only whole builds need.
        from rocrate.rocrate import ROCrate

        self.build, self.about, self.folder = build, build.edition.metadata, paths.build_folder(build.name)
        # The profiles of runs extend this version, which has no term for a checksum.
        self.crate = ROCrate(version="1.1")
        self.crate.metadata.extra_terms["sha256"] = "https://w3id.org/ro/terms/workflow-run#sha256"
        licences = self.about["licences"].values()
        self.licences = {
            one["id"]: self.add(one["address"], "CreativeWork", name=one["name"], identifier=one["id"])
            for one in licences
        }
        self.code, self.data = (self.licences[self.about["licences"][part]["id"]] for part in ("code", "data"))
        self.terms = build.notice or self.data
        creators = enumerate(self.about["creators"], start=1)
        self.creators = [self.add(f"#creator-{number}", "Organization", **one) for number, one in creators]

    def add(self, id_: str, kind: str, **properties: Any) -> Any:
        return self.crate.add_jsonld({"@id": id_, "@type": kind, **properties})

    def describe_file(self, path: Path) -> dict[str, Any]:
        root, content = self.folder if path.is_relative_to(self.folder) else paths.ROOT, path.read_bytes()
        return {
            "name": path.relative_to(root).as_posix(),
            "encodingFormat": _MEDIA_TYPES.guess_type(path.name)[0] or "application/octet-stream",
            "contentSize": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
        }

    def add_file(self, path: Path, kind: str = "CreativeWork", **properties: Any) -> Any:
        """Add a file: one of the build as a part of the crate, one of the project as a contextual entity of `kind`."""
        own = self.describe_file(path)
        if path.is_relative_to(self.folder):
            return self.crate.add_file(path, own["name"], properties=own | properties)
        return self.add(f"#{own['name']}", kind, **own | properties)

    @cached_property
    def report(self) -> Any:
        """The report that this is an edition of."""
        about = describe_original(self.about)
        publisher = self.add("#publisher", about["publisher"].pop("@type"), **about.pop("publisher"))
        authors = [
            self.add(f"#author-{number}", one.pop("@type"), name=f"{one['givenName']} {one['familyName']}", **one)
            for number, one in enumerate(about.pop("author"), start=1)
        ]
        kind, address = about.pop("@type"), about.pop("sameAs", "#report")
        return self.add(address, kind, author=authors, publisher=publisher, **about)

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The raw files by name, each with its licence and source."""
        descriptor = datapackage.read_descriptor(paths.RAW, datapackage.RESTORE)
        found = {}
        for item in descriptor["resources"]:
            sources, licences = item.get("sources", []), item.get("licenses", [])
            titles = ", ".join(source["title"] for source in sources)
            of_report = any(source in descriptor.get("sources", []) for source in sources)
            found[item["name"]] = self.add_file(
                paths.RAW / item["path"],
                description=f"{item['title']}. {item['description']}. Source: {titles}",
                encodingFormat=item["mediatype"],
                license=[self.licences.get(one["name"], one["title"]) for one in licences],
                **({"isBasedOn": self.report} if of_report else {}),
            )
        return found

    @cached_property
    def notebooks(self) -> dict[str, Any]:
        """The sources of the notebooks by stem: the parts of the workflow."""
        address = "https://www.python.org/"
        python = self.add(address, "ComputerLanguage", name="Python", url=address)
        own = {"license": [self.code, self.data], "programmingLanguage": python, "version": self.about["version"]}
        return {
            stem: self.add_file(paths.NOTEBOOKS / f"{stem}.ipynb", "SoftwareSourceCode", **own)
            for stem in read_order().needs
        }

    def add_run(self) -> Any:
        """Add the action that made the build, with all its inputs and products."""
        parameters, values = self.add_parameters()
        inputs = [*self.raw.values(), self.add_file(paths.RAW / datapackage.DESCRIPTOR, license=self.data), *values]
        if variant := paths.params_of(self.build.name):
            inputs.append(self.add_file(variant, license=self.code))
        if answers := self.build.answers:
            # Without a checksum: a reader could use it to check a guess about the content.
            inputs.append(self.add("#answers", "CreativeWork", name=answers.file, description=self.build.notice))
        about = {
            "name": f"Build of the report, configuration {self.build.name or paths.PUBLISHED}",
            "description": "Each notebook ran in its own process, after those that it needs; then the pages were made",
        }
        return self.crate.add_action(self.add_workflow(parameters), "#run", inputs, self.add_products(), about)

    def add_parameters(self) -> tuple[list[Any], list[Any]]:
        """Add the parameters: as they are declared, and the values that the build used."""
        formal, values = [], []
        for name, default in sorted(read_defaults().items()):
            choices = self.build.edition.choices.get(name, ())
            own = {"defaultValue": default, "workExample": {"@id": f"#value-{name}"}}
            description = f"One of {', '.join(choices)}" if choices else None
            kind, id_ = _DATATYPES[type(default)], f"#parameter-{name}"
            formal.append(self.crate.add_formal_parameter(name, kind, id_, description, properties=own))
            used = {"name": name, "value": self.build.parameters.get(name, default), "exampleOfWork": formal[-1]}
            values.append(self.add(f"#value-{name}", "PropertyValue", **used))
        return formal, values

    def add_workflow(self, parameters: list[Any]) -> Any:
        """Add the order of the notebooks as the workflow, with its parts and parameters."""
        from rocrate.model.computerlanguage import ComputerLanguage

        address = "https://toml.io/"
        toml = self.crate.add(ComputerLanguage(self.crate, address, {"name": "TOML", "url": address}))
        path = self.folder / WORKFLOW
        properties = self.describe_file(path) | {
            "name": "The report's notebooks, and what each needs",
            "version": self.about["version"],
            "creator": self.creators,
            "license": self.code,
            "hasPart": list(self.notebooks.values()),
            "input": parameters,
            "conformsTo": {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"},
        }
        lock = paths.ROOT / LOCK
        if lock.is_file():
            properties["softwareRequirements"] = self.add_file(lock)
        return self.crate.add_workflow(path, WORKFLOW, properties=properties, main=True, lang=toml)

    def add_products(self) -> list[Any]:
        """Add the files that the notebooks and the build made; processed tables may be outside the build."""
        tables = datapackage.read_resources(paths.processed_of(self.build.name), datapackage.RESTORE)
        own: dict[str, dict[str, Any]] = {
            item["path"]: {"name": item.get("title", item["path"]), "description": item.get("description", "")}
            for item in tables
        }
        found = []
        for stem, source in self.notebooks.items():
            own |= self.describe_exhibits(stem)
            record = read_record(self.build.name, stem)
            made = [paths.ROOT / place for place in (record.products if record else ())]
            products = [path for path in made if path.parent.name != FOLDER]
            for path in (*products, self.folder / f"executed/{stem}.ipynb"):
                about = own.get(path.name) or own.get(path.stem, {})
                found.append(self.add_file(path, license=self.terms, **{"isBasedOn": source} | about))
        pages: dict[str, tuple[str, ...]] = {f"html/{stem}.html": (stem,) for stem in self.notebooks}
        pages |= {HOME: read_order().page, MAKING: tuple(self.notebooks)}
        for place, stems in pages.items():
            executed = [{"@id": f"executed/{stem}.ipynb"} for stem in stems]
            found.append(self.add_file(self.folder / place, license=self.terms, isBasedOn=executed))
        return found

    def describe_exhibits(self, stem: str) -> dict[str, dict[str, Any]]:
        """Return the properties of the exhibits that a notebook shows, by id: how far each could be reproduced."""
        notebook = json.loads((self.folder / f"executed/{stem}.ipynb").read_text(encoding="utf-8"))
        counts = {about["exhibit"]: about["counts"] for _output, about in find_exhibit_outputs(notebook)}
        found = {}
        for item in (item for item in self.build.edition.exhibits if item.id in counts):
            state = compute_status(item, counts[item.id])
            found[item.id] = {
                "name": item.heading,
                "description": f"{_(WORDS[state.word])}. {state.reason}".strip(),
                "isBasedOn": [self.raw[table] for table in item.tables if table in self.raw],
            }
        return found

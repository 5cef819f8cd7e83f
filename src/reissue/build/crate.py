"""The build for machines: what was run on which inputs, and what came out, as a Workflow Run RO-Crate.

The crate's root is the build's folder: a crate holds what lies beside its metadata, and products lie there. What a
build is made from lies outside it (`data/raw`, notebooks, source, lock), and a path that leaves the root would lead
nowhere once the folder is taken elsewhere. So it is told of and not held: contextual entities whose ids are `#` and
the path in the project, each with its SHA-256, so that a checkout can be held against them. The profile wants the
workflow itself in the crate. That is `notebooks/order.toml`, which the runner reads; a build has a copy of it.

A crate is a function of the inputs. Who made a build, when and on what stands in `build.json` alone: the action has
no agent and no times, which the profile only recommends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reissue.build.configuration import Build
from reissue.build.ipynb import find_exhibit_outputs
from reissue.build.order import read_order
from reissue.build.params import read_defaults, read_variant
from reissue.build.records import FOLDER, LOCK, read_record
from reissue.core import datapackage, language, paths
from reissue.core.errors import InputError
from reissue.core.language import _
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import WORDS, Exhibit
from reissue.exhibits.status import compute_status
from reissue.publication.entities import Entities
from reissue.publication.metadata import Metadata

NAME = "ro-crate-metadata.json"
#: The workflow: which notebooks there are, and what each needs.
WORKFLOW = "order.toml"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}

_BIOSCHEMAS = "https://bioschemas.org/profiles"
_TOML = ("https://toml.io/", "TOML")
_PYTHON = ("https://www.python.org/", "Python")
_DATATYPES = {"str": "Text", "int": "Integer", "float": "Float", "bool": "Boolean"}
_REMEDY = "run make report"


def describe_crate(build: Build, content_hash: str) -> str:
    """Return a build's crate as JSON text; all its products and pages are there, and the copy of the workflow.

    Raises
    ------
    InputError
        If a product is missing.
    """
    answers = build.answers.file if build.answers else ""
    crate = build_crate(build.edition, build.name, content_hash, build.notice, answers)
    return json.dumps(crate, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def build_crate(edition: Edition, build: str, content_hash: str, notice: str = "", answers: str = "") -> dict[str, Any]:
    """Return a build's crate as JSON-LD.

    Parameters
    ----------
    build
        Name of the build; all its products and pages are there, and the copy of the workflow.
    content_hash
        Of all that it is made from.
    notice
        What stands at the top of every page. Of what is not for release, it takes the place of the products' licence.
    answers
        The name of the file of true answers, where the build is made from them.

    Raises
    ------
    InputError
        If a product is missing.
    """
    about = edition.metadata
    crate = Entities(paths.build_folder(build), about)
    terms = notice or crate.licence("data")
    raw, parameters = _describe_raw_files(crate, about), _describe_parameters(edition, crate, build)
    notebooks = _describe_notebooks(crate, about["version"])
    workflow = _describe_workflow(edition, crate, build, notebooks, [formal for formal, _value in parameters])
    action = crate.tell(
        "#run",
        "CreateAction",
        name=f"Build of the report, configuration {build or paths.PUBLISHED}",
        description="Each notebook was run in a process of its own, after those that it needs; then pages were made",
        instrument=workflow,
        object=[
            *raw.values(),
            *_describe_choices(crate, build, notice, answers),
            *(value for _formal, value in parameters),
        ],
        result=_describe_products(edition, crate, build, terms, notebooks, raw),
    )
    return crate.describe(
        name=f"{about['title']}: {_(about['subtitle']).lower()}",
        description=f"{_(about['description'])} {notice}".strip(),
        datePublished=about["released"],
        version=about["version"],
        identifier=content_hash,
        inLanguage=language.current_language(),
        keywords=about["keywords"],
        license=terms,
        author=crate.creators,
        citation=crate.report,
        mentions=action,
        conformsTo=[
            crate.tell(address, "CreativeWork", name=name, version=address.rpartition("/")[2])
            for address, name in PROFILES.items()
        ],
    )


def _describe_workflow(
    edition: Edition, crate: Entities, build: str, notebooks: dict[str, Any], parameters: list[Any]
) -> Any:
    """Hold the workflow, which is the order of the notebooks, with its parts and what it takes."""
    lock = paths.ROOT / LOCK
    return crate.run(
        paths.build_folder(build) / WORKFLOW,
        _TOML,
        name="The report's notebooks, and what each needs",
        version=edition.metadata["version"],
        creator=crate.creators,
        license=crate.licence("code"),
        hasPart=[*notebooks.values(), *_describe_packages(edition, crate)],
        input=parameters,
        softwareRequirements=crate.outside(lock) if lock.is_file() else None,
        conformsTo={"@id": f"{_BIOSCHEMAS}/ComputationalWorkflow/1.0-RELEASE"},
    )


def _describe_raw_files(crate: Entities, about: Metadata) -> dict[str, Any]:
    """Tell of the raw files, each with its licence and source, and of their descriptor; by name."""
    found = {}
    descriptor = datapackage.read_descriptor(paths.RAW, datapackage.RESTORE)
    for item in descriptor["resources"]:
        sources, licences = item.get("sources", []), item.get("licenses", [])
        of_report = any(source in descriptor.get("sources", []) for source in sources)
        found[item["name"]] = crate.outside(
            paths.RAW / item["path"],
            description=f"{item['title']}. {item['description']}. Source: {', '.join(s['title'] for s in sources)}",
            encodingFormat=item["mediatype"],
            license=[crate.licences.get(one["name"], one["title"]) for one in licences],
            isBasedOn=crate.report if of_report else None,
        )
    found[datapackage.DESCRIPTOR] = crate.outside(paths.RAW / datapackage.DESCRIPTOR, license=crate.licence("data"))
    return found


def _describe_choices(crate: Entities, build: str, notice: str, answers: str) -> list[Any]:
    """Tell of the files that make a build another than the published one: parameters, and true answers."""
    parameters = paths.params_of(build)
    found = [] if parameters is None else [crate.outside(parameters, license=crate.licence("code"))]
    if answers:
        # By name alone: whoever guesses what is in the file could check the guess against its checksum.
        found.append(crate.tell("#answers", "CreativeWork", name=answers, description=notice))
    return found


def _describe_parameters(edition: Edition, crate: Entities, build: str) -> list[tuple[Any, Any]]:
    """Tell of the parameters as they are declared, each with the value that held."""
    declared = read_defaults()
    chosen = {**declared, **read_variant(edition, paths.variant_of(build))}
    return [
        (
            crate.tell(
                f"#parameter-{name}",
                "FormalParameter",
                name=name,
                description=f"One of {', '.join(edition.choices[name])}" if name in edition.choices else "",
                additionalType=_DATATYPES[type(declared[name]).__name__],
                defaultValue=declared[name],
                valueRequired=False,
                workExample={"@id": f"#value-{name}"},
                conformsTo={"@id": f"{_BIOSCHEMAS}/FormalParameter/1.0-RELEASE"},
            ),
            crate.tell(
                f"#value-{name}", "PropertyValue", name=name, value=value, exampleOfWork={"@id": f"#parameter-{name}"}
            ),
        )
        for name, value in sorted(chosen.items())
    ]


def _describe_notebooks(crate: Entities, version: str) -> dict[str, Any]:
    """Tell of the notebooks' sources, by stem: the parts of the workflow."""
    python = crate.tell(_PYTHON[0], "ComputerLanguage", name=_PYTHON[1], url=_PYTHON[0])
    return {
        stem: crate.outside(
            paths.NOTEBOOKS / f"{stem}.ipynb",
            "SoftwareSourceCode",
            license=[crate.licence("code"), crate.licence("data")],
            programmingLanguage=python,
            version=version,
        )
        for stem in read_order().needs
    }


def _describe_packages(edition: Edition, crate: Entities) -> list[Any]:
    """Tell of the two packages: what the notebooks import, and what runs them."""
    told = {
        edition.package: "What the notebooks import; the crate's identifier is a hash that covers it",
        "reissue": "What runs the notebooks; the crate's identifier is a hash that covers it",
    }
    return [
        crate.tell(
            f"#src/{package}",
            "SoftwareSourceCode",
            name=package,
            description=description,
            license=crate.licence("code"),
            programmingLanguage={"@id": _PYTHON[0]},
            version=edition.metadata["version"],
        )
        for package, description in told.items()
    ]


def _describe_products(
    edition: Edition, crate: Entities, build: str, terms: Any, notebooks: dict[str, Any], raw: dict[str, Any]
) -> list[Any]:
    """Hold what came out: what each notebook made, and the pages; processed tables may lie elsewhere."""
    folder, processed = paths.build_folder(build), paths.processed_of(build)
    titles = {item["path"]: item for item in datapackage.read_resources(processed, _REMEDY)}
    shown: dict[str, dict[str, Any]] = {}
    found: list[Any] = []
    for stem, source in notebooks.items():
        shown |= _describe_exhibits(folder / "executed" / f"{stem}.ipynb", raw, edition.exhibits)
        for path in _list_products(build, stem):
            about = {"license": terms, "isBasedOn": source}
            if path.is_relative_to(processed):
                item = titles.get(path.name, {})
                about |= {"name": item.get("title") or path.name, "description": item.get("description")}
            elif path.parent.name in ("figures", "tables"):
                about |= shown.get(path.stem, {})
            found.append(crate.hold(path, **about) if path.is_relative_to(folder) else crate.outside(path, **about))
    missing = [item for item in edition.exhibits if item.id not in shown]
    if missing:
        raise InputError(f"{missing[0].heading} was not shown by any notebook", remedy=_REMEDY)
    pages = [folder / "html" / f"{stem}.html" for stem in notebooks]
    found += [crate.hold(page, license=terms, isBasedOn={"@id": f"executed/{page.stem}.ipynb"}) for page in pages]
    order = [{"@id": f"executed/{stem}.ipynb"} for stem in read_order().page]
    return [crate.hold(folder / "index.html", name=edition.metadata["title"], license=terms, isBasedOn=order), *found]


def _list_products(build: str, stem: str) -> list[Path]:
    """Return the files that a notebook made, and itself as the build completed it."""
    record = read_record(build, stem)
    if record is None:
        raise InputError("this notebook was not run", where=f"notebooks/{stem}.ipynb", remedy=_REMEDY)
    folder = paths.build_folder(build)
    found = [paths.ROOT / place for place in record.products]
    return [*(path for path in found if path.parent.name != FOLDER), folder / "executed" / f"{stem}.ipynb"]


def _describe_exhibits(executed: Path, raw: dict[str, Any], exhibits: Iterable[Exhibit]) -> dict[str, dict[str, Any]]:
    """Return what is said of the exhibits that a notebook has shown, by id: how far each could be reproduced."""
    notebook = json.loads(datapackage.read_text(executed, _REMEDY))
    counts = {about["exhibit"]: about["counts"] for _output, about in find_exhibit_outputs(notebook)}
    states = {item: compute_status(item, counts[item.id]) for item in exhibits if item.id in counts}
    return {
        item.id: {
            "name": item.heading,
            "description": f"{_(WORDS[state.word])}. {state.reason}".strip(),
            "isBasedOn": [raw[table] for table in item.tables if table in raw],
        }
        for item, state in states.items()
    }

"""A scenario as it stands in its file: the document, what is given to a run of it, and what is expected of that.

Decides what may be written, and tells each mistake with its place. What answers mean is read by the simulation, since
the steps that they are for must be known; what becomes of an expectation is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.reading.nodes import type_name
from arazzo_engine.reporting.outcomes import RunStatus
from arazzo_engine.scenarios.options import problems_of_options

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.values import JsonValue

VERSION: Final = 1
_CODE: Final = "scenario-invalid"
_OUTCOMES: Final = tuple(each.value for each in RunStatus if each is not RunStatus.PAUSED)
# the fields of each object, with the type of each
_FIELDS: Final[dict[str, tuple[type, ...]]] = {
    "scenario": (int,),
    "name": (str,),
    "document": (str,),
    "workflow": (str,),
    "inputs": (dict,),
    "options": (dict,),
    "answers": (dict,),
    "expect": (dict,),
}
_EXPECTED: Final[dict[str, tuple[type, ...]]] = {
    "outcome": (str,),
    "path": (list,),
    "requests": (dict,),
    "outputs": (dict,),
}
_REQUEST: Final[dict[str, tuple[type, ...]]] = {
    "method": (str,),
    "url": (str,),
    "path": (dict,),
    "query": (dict,),
    "headers": (dict,),
    "body": (object,),
}
REQUEST_FIELDS: Final = tuple(_REQUEST)


class Scenario(Struct, frozen=True):
    """A scenario; ``at`` is the place of the whole, ``expect`` what is expected, as it is written.

    ``options`` are those of a run, by their names on the command line, and the ``clock``.
    """

    at: Place
    name: str
    document: str
    workflow: str | None
    inputs: dict[str, JsonValue]
    options: dict[str, JsonValue]
    answers: Place | None
    expect: dict[str, JsonValue]


def read_scenario(document: Document, name: str) -> Scenario:
    """Return the scenario in a document; ``name`` is its own when it has none.

    Raises ``ArazzoError`` (``scenario-invalid``) with everything that is wrong.
    """
    at = document.root()
    problems = tuple(_problems(at))
    if problems:
        raise ArazzoError(*problems)
    value = as_mapping(document.value)
    return Scenario(
        at,
        str(value.get("name", name)),
        str(value["document"]),
        str(value["workflow"]) if "workflow" in value else None,
        as_mapping(value.get("inputs")),
        as_mapping(value.get("options")),
        at.child("answers") if "answers" in value else None,
        as_mapping(value.get("expect")),
    )


def check_steps(scenario: Scenario, known: Collection[str]) -> None:
    """Raise ``ArazzoError`` (``scenario-invalid``) for requests of steps that no workflow has: none is ever sent."""
    requests = scenario.at.child("expect", "requests")
    problems = [
        diagnose(
            _CODE,
            f"no workflow that is run has a step `{step}`",
            requests.child(step).key_location(),
            fix=did_you_mean(step, known) or "name a step by its id, or as `WORKFLOW.STEP`",
        )
        for step in as_mapping(scenario.expect.get("requests"))
        if step not in known
    ]
    if problems:
        raise ArazzoError(*problems)


def _problems(at: Place) -> Iterator[Diagnostic]:
    value = at.document.value
    if not isinstance(value, dict):
        yield _refused(
            f"a scenario must be an object, not {type_name(value)}", at, "`arazzo schema scenario` has its form"
        )
        return
    if "arazzo" in value and "scenario" not in value:
        fix = "`arazzo test --init` writes first scenarios for a document, and `arazzo validate` checks it"
        yield _refused("this is an Arazzo document, and no scenario", at.child("arazzo"), fix)
        return
    yield from _of_fields(at, _FIELDS, "a scenario")
    yield from _of_version(at, value.get("scenario"))
    yield from problems_of_options(at.child("options"))
    if "://" in str(value.get("document")):
        fix = "write the path of a copy of it from here"
        yield _refused("`document` must be a path, not a URL: nothing is fetched", at.child("document"), fix)
    elif not isinstance(value.get("document"), str):
        yield _refused("a scenario must name its `document`", at, "write the path of the Arazzo document from here")
    expect = at.child("expect")
    if value.get("expect") == {}:
        message = "nothing is expected, so that whatever is done would be right"
        yield _refused(message, expect, "write at least `expect: { outcome: succeeded }`")
    elif isinstance(value.get("expect"), dict):
        yield from _of_expectations(expect)
    else:
        yield _refused("a scenario must say what to `expect`", at, "write at least `expect: { outcome: succeeded }`")


def _of_version(at: Place, version: Any) -> Iterator[Diagnostic]:  # noqa: ANN401 - whatever is written there
    if version is None:
        yield _refused("the version of the format is missing", at, f"write `scenario: {VERSION}` first")
    elif isinstance(version, int) and version != VERSION:
        message = f"this scenario is of version {version}, and this engine reads {VERSION}"
        yield _refused(message, at.child("scenario"), f"write it as version {VERSION}, or use a newer engine")


def _of_fields(at: Place, fields: dict[str, tuple[type, ...]], what: str) -> Iterator[Diagnostic]:
    for name, each in as_mapping(value_at(at)).items():
        here = at.child(name)
        if name not in fields:
            fix = did_you_mean(name, fields) or f"{what} has {', '.join(f'`{known}`' for known in fields)}"
            yield diagnose(_CODE, f"{what} has no field `{name}`", here.key_location(), fix=fix)
        elif not isinstance(each, fields[name]) or (isinstance(each, bool) and fields[name] != (object,)):
            message = f"`{name}` must be {_NAMES[fields[name][0]]}, not {type_name(each)}"
            yield _refused(message, here, "`arazzo schema scenario` has its form")


_NAMES: Final = {int: "a number", str: "a text", dict: "an object", list: "a list", object: "a value"}


def _of_expectations(at: Place) -> Iterator[Diagnostic]:
    yield from _of_fields(at, _EXPECTED, "what is expected")
    value = as_mapping(value_at(at))
    outcome = value.get("outcome")
    if isinstance(outcome, str) and outcome not in _OUTCOMES:
        fix = did_you_mean(outcome, _OUTCOMES) or f"write one of {', '.join(f'`{each}`' for each in _OUTCOMES)}"
        yield _refused(f"no run ends as `{outcome}`", at.child("outcome"), fix)
    for name in ("requests", "outputs"):
        if value.get(name) == {}:
            yield _refused(f"`{name}` names nothing that is expected", at.child(name), "leave it out, or name some")
    for step, wanted in as_mapping(value.get("requests")).items():
        listed = list(enumerate(wanted)) if isinstance(wanted, list) else [(None, wanted)]
        for index, each in listed:
            here = at.child("requests", step) if index is None else at.child("requests", step, index)
            if isinstance(each, dict):
                yield from _of_fields(here, _REQUEST, "a request")
            else:
                yield _refused(
                    f"a request must be an object, not {type_name(each)}", here, "write the parts that matter"
                )


def _refused(message: str, at: Place, fix: str) -> Diagnostic:
    return diagnose(_CODE, message, at.location(), fix=fix)

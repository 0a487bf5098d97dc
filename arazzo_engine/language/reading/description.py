"""Reading an Arazzo Description: from a document's JSON value to the objects of the language.

Decides what is well-formed and finds every mistake of form in one reading: fields, types, ids, expressions,
conditions. What a name refers to (operations, sources, steps) is decided later, by linking and checking.
1.0.x documents are read into the 1.1 objects; Reusable Objects are replaced by what they refer to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose, nearest
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language import fixed_fields as fields
from arazzo_engine.language.objects import ArazzoDescription, Info, SourceDescription, SourceType, Workflow
from arazzo_engine.language.reading.actions import read_components
from arazzo_engine.language.reading.limits import check_counts
from arazzo_engine.language.reading.nodes import Node, Reading, type_name
from arazzo_engine.language.reading.reusables import read_list
from arazzo_engine.language.reading.steps import read_step
from arazzo_engine.language.reading.values import read_outputs
from arazzo_engine.language.repairs.repairing import read_repaired
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.reading.actions import Shelves

# "The `major`.`minor` portion of the version string […] SHALL designate the Arazzo feature set. […] The patch version
# SHOULD NOT be considered by tooling"
_VERSION: Final = lazy_pattern(r"1\.([01])\.\d+(-.+)?")
# RFC 3986, appendix A: the characters that stand nowhere in a URI-reference
_NO_URI: Final = lazy_pattern(r"[\x00-\x20\x7f<>\"{}|\\^`]")


class DescriptionReading(Struct, frozen=True):
    """What reading a document gave: the description as far as it could be read, and every problem of form."""

    description: ArazzoDescription
    problems: tuple[Diagnostic, ...]


def read_description(document: Document) -> DescriptionReading:
    """Read an Arazzo document.

    Raises ``ArazzoError`` when it is no Arazzo document at all (``not-arazzo``) or its version is unknown
    (``version-unsupported``); any other problem is in the result, which must not be run when one is an error.
    """
    _check_is_arazzo(document)
    check_counts(document)
    document, repairs = read_repaired(document)
    version = _read_version(document)
    reading = Reading(version_1_1=version.startswith("1.1"), problems=[*document.flaws, *repairs])
    root = Node(document.value, document.root(), fields.ARAZZO, reading)
    root.check_fields()
    components, shelves = read_components(root)
    description = ArazzoDescription(
        at=root.at,
        version=version,
        info=_read_info(root),
        source_descriptions=tuple(
            _read_source(node)
            for node in root.nodes("sourceDescriptions", fields.SOURCE_DESCRIPTION, at_least_one=True)
        ),
        workflows=tuple(
            _read_workflow(node, shelves) for node in root.nodes("workflows", fields.WORKFLOW, at_least_one=True)
        ),
        components=components,
        self_uri=_read_self(root),
    )
    sources = ((each.name, each.at.child("name")) for each in description.source_descriptions)
    _note_duplicates(root, "source description", sources)
    workflows = ((each.workflow_id, each.at.child("workflowId")) for each in description.workflows)
    _note_duplicates(root, "workflow", workflows)
    return DescriptionReading(description, tuple(reading.problems))


def _check_is_arazzo(document: Document) -> None:
    if not isinstance(document.value, dict) or "arazzo" not in document.value:
        raise ArazzoError(_not_arazzo(document.value, document.root()))


def _read_version(document: Document) -> str:
    root = document.root()
    version = document.value["arazzo"]
    if not isinstance(version, str):
        at = root.child("arazzo").location()
        message = f"`arazzo` must be a string, not {type_name(version)}"
        raise ArazzoError(diagnose("field-type", message, at, fix=f"put the version in quotes: `'{version}.0'`"))
    if not _VERSION.fullmatch(version):
        at = root.child("arazzo").location()
        message = f"the document is Arazzo `{version}`; this engine reads 1.0.x and 1.1.x"
        raise ArazzoError(diagnose("version-unsupported", message, at, fix="use `arazzo: 1.1.0`"))
    return version


def _not_arazzo(value: JsonValue, root: Place) -> Diagnostic:
    if not isinstance(value, dict):
        message = "the document is empty" if value is None else f"the document is {type_name(value)}, not an object"
        return diagnose("not-arazzo", message, root.location(), fix="name an Arazzo Description")
    for other in ("openapi", "swagger", "asyncapi"):
        if other in value:
            message = f"the document is a description of an API (it has `{other}`), not an Arazzo Description"
            fix = "name the Arazzo document that lists this one in its `sourceDescriptions`"
            return diagnose("not-arazzo", message, root.child(other).key_location(), fix=fix)
    message = "the document has no `arazzo` field"
    like = nearest("arazzo", value)
    if like is not None:
        return diagnose("not-arazzo", message, root.child(like).key_location(), fix=f"rename `{like}` to `arazzo`")
    return diagnose("not-arazzo", message, root.location(), fix="add `arazzo: 1.1.0` if this is an Arazzo Description")


def _read_self(root: Node) -> str | None:
    if not root.reading.version_1_1:
        return None
    self_uri = root.optional_text("$self")
    # "The `$self` URI MUST NOT contain a fragment identifier."
    if self_uri is not None and "#" in self_uri:
        root.problem("field-value", "`$self` has a fragment", "$self", fix=f"use `{self_uri.split('#')[0]}`")
    # "This string MUST be in the form of a URI-reference as defined by RFC3986"
    elif self_uri is not None and _NO_URI.search(self_uri):
        root.problem("field-value", "`$self` has characters that no URI has", "$self", fix="percent-encode them")
    return self_uri


def _read_info(root: Node) -> Info:
    node = root.child("info", fields.INFO)
    if node is None:
        return Info(at=root.at.child("info"), title="", version="")
    return Info(
        at=node.at,
        title=node.text("title"),
        version=node.text("version"),
        summary=node.text("summary"),
        description=node.text("description"),
    )


def _read_source(node: Node) -> SourceDescription:
    # "SHOULD conform to the regular expression `[A-Za-z0-9_\-]+`": a warning, since a source can be used without
    # being named in an expression
    name = node.identifier("name")
    types = tuple(SourceType)
    if not node.reading.version_1_1:
        # 1.0.1: "Possible values are `"openapi"` or `"arazzo"`."
        is_later = node.value.get("type") == SourceType.ASYNCAPI
        types = types if is_later else (SourceType.OPENAPI, SourceType.ARAZZO)
        if is_later:
            node.note_later("type", SourceType.ASYNCAPI)
    return SourceDescription(
        at=node.at, name=name, url=node.filled_text("url"), type=node.choice("type", SourceType, types)
    )


def _read_workflow(node: Node, shelves: Shelves) -> Workflow:
    workflow = Workflow(
        at=node.at,
        workflow_id=node.identifier("workflowId"),
        steps=tuple(read_step(each, shelves) for each in node.nodes("steps", fields.STEP, at_least_one=True)),
        summary=node.text("summary"),
        description=node.text("description"),
        inputs=_read_inputs(node),
        depends_on=tuple(text for text, _ in node.distinct_texts("dependsOn")),
        success_actions=read_list(node, "successActions", shelves.success_actions),
        failure_actions=read_list(node, "failureActions", shelves.failure_actions),
        parameters=read_list(node, "parameters", shelves.parameters),
        outputs=read_outputs(node),
    )
    _note_duplicates(node, "step", ((each.step_id, each.at.child("stepId")) for each in workflow.steps))
    unread = node.unread("steps", "inputs", "parameters", "successActions", "failureActions", "outputs")
    return replace(workflow, unread=unread | ({"steps"} if "steps" not in node.value else frozenset()))


def _read_inputs(node: Node) -> JsonValue:
    value = node.raw("inputs")
    if value is ABSENT or isinstance(value, dict | bool):
        return None if value is ABSENT else value
    node.note_type(node.at.child("inputs"), "`inputs`", "a JSON Schema", value)
    return None


def _note_duplicates(node: Node, what: str, named: Iterable[tuple[str, Place]]) -> None:
    first: dict[str, Place] = {}
    for name, at in named:
        if name and name in first:
            related = (Related("the first one", first[name]),)
            message = f"two {what}s are called `{name}`"
            node.reading.problems.append(
                diagnose("id-duplicate", message, at.location(), fix="rename one of them", related=related)
            )
        first.setdefault(name, at)

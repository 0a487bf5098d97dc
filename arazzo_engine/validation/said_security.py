"""`security` of a step or workflow, which is a field of OpenAPI: whether it says what the API description says already.

Decides it by the names of the schemes. What changes nothing is a warning; what would change the request is an error,
since nothing does it: a credential comes from the user, by what the operation asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import Diagnostic, Severity, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.reading.extensions import SECURITY, is_security

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import Value

# alternatives, each the names of the schemes that it wants together
_Wanted: TypeAlias = frozenset[frozenset[str]]
_NONE: Final[_Wanted] = frozenset({frozenset()})
_UNREAD: Final = "`security` is a field of OpenAPI, and is not read here"


def check_said_security(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each `security` of a workflow and of its steps."""
    own = [(step, _said_at(step.step.at)) for step in workflow.steps]
    yield from (_of_step(step, said) for step, said in own if said is not None)
    of_all = _said_at(workflow.workflow.at)
    if of_all is not None:
        at = workflow.workflow.at
        yield _of_workflow(at, [_compared(step, of_all, at) for step, said in own if said is None])


def _said_at(at: Place) -> _Wanted | None:
    said: Value = as_mapping(value_at(at)).get(SECURITY)
    if not is_security(said):
        return None
    return frozenset(frozenset(map(str, as_mapping(each))) for each in said) or _NONE


def _of_step(step: LinkedStep, said: _Wanted) -> Diagnostic:
    found = _compared(step, said, step.step.at)
    if found is not None:
        return found
    message = f"step `{step.step.step_id}` calls a workflow: {_UNREAD}"
    return _told(message, step.step.at, "remove it: the steps that send say what they need").as_warning()


def _of_workflow(at: Place, found: Iterable[Diagnostic | None]) -> Diagnostic:
    """Return the first of what would change a request, else the first of what changes nothing."""
    told = sorted(filter(None, found), key=lambda each: each.severity is not Severity.ERROR)
    return told[0] if told else _told(_UNREAD, at, "remove it: it changes nothing").as_warning()


def _compared(step: LinkedStep, said: _Wanted, at: Place) -> Diagnostic | None:
    """Return what is to be told of what is said of a step, nothing for one that sends nothing itself."""
    operation = step.target
    if not isinstance(operation, Operation):
        return None
    asked = _asked(operation)
    step_id = step.step.step_id
    if said == asked:
        message = f"{_UNREAD}: operation `{operation.label}` asks for {_words(asked)} without it"
        return _told(message, at, "remove it: it changes nothing").as_warning()
    message = (
        f"step `{step_id}` asks for {_words(said)}, and operation `{operation.label}` for {_words(asked)}: {_UNREAD}"
    )
    problem = _told(message, at, _fix(said, asked, operation))
    return problem.as_warning() if said < asked else problem


def _asked(operation: Operation) -> _Wanted:
    if operation.is_open:
        return _NONE
    return frozenset(frozenset(each.scheme.name for each in together) for together in operation.security) or _NONE


def _fix(said: _Wanted, asked: _Wanted, operation: Operation) -> str:
    if said == _NONE:
        return "write `x-arazzo-engine-security: none` in the step in its place, to send it without a credential"
    if said < asked:
        name = min(min(said, key=sorted, default=()), default="")
        return f"remove it, and give the credential that is meant with `--auth {operation.source}.{name}=…`"
    return (
        f"describe it as the `security` of operation `{operation.label}` in the API description, or write a parameter"
        " for the header or query that carries the credential"
    )


def _words(wanted: _Wanted) -> str:
    listed = [" with ".join(f"`{name}`" for name in sorted(each)) or "no credential" for each in wanted]
    return " or ".join(sorted(listed))


def _told(message: str, at: Place, fix: str) -> Diagnostic:
    return diagnose("field-unknown", message, at.child(SECURITY).key_location(), fix=fix)

"""`security` of a step or workflow, which is a field of OpenAPI: whether it says what the API description says already.

Decides it by the names of the schemes. What changes nothing is a warning; what would change the request is an error,
since nothing does it: a credential comes from the user, by what the operation asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import Diagnostic, Severity, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.reading.extensions import SECURITY, is_security
from arazzo_engine.secret_names import is_secret_cookie, is_secret_header, is_secret_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import Value

# alternatives, each the names of the schemes that it wants together
_Wanted: TypeAlias = frozenset[frozenset[str]]
_NONE: Final[_Wanted] = frozenset({frozenset()})
_OPEN_STEPS: Final = (
    "remove it, and write `x-arazzo-engine-security: none` in each step that is to be sent without a credential"
)
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
    if asked == _NONE and _sends_credential(step):
        fix = "remove it: what the step gives is sent as it is"
        return _told(message, at, fix).as_warning()
    if said == _NONE and at != step.step.at:
        return _told(message, at, _OPEN_STEPS)
    problem = _told(message, at, _fix(said, asked, operation))
    return problem.as_warning() if said < asked else problem


def _sends_credential(step: LinkedStep) -> bool:
    """Whether a step gives a parameter that carries a credential itself."""
    of_place = {In.HEADER: is_secret_header, In.QUERY: is_secret_query, In.COOKIE: is_secret_cookie}
    return any(each.location in of_place and of_place[In(each.location)](each.name) for each in step.parameters)


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
    needed = (
        f"describe it as the `security` of operation `{operation.label}` in the API description, or write a parameter"
        " for the header or query that carries the credential"
    )
    return f"remove it; if the API wants the credential all the same, {needed}" if asked == _NONE else needed


def _words(wanted: _Wanted) -> str:
    listed = [" with ".join(f"`{name}`" for name in sorted(each)) or "no credential" for each in wanted]
    return " or ".join(sorted(listed))


def _told(message: str, at: Place, fix: str) -> Diagnostic:
    return diagnose("field-unknown", message, at.child(SECURITY).key_location(), fix=fix)

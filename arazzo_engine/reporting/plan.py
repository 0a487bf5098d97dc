"""What a run would do: its steps with what they call, and the first request that would be sent. Nothing is sent for it.

Decides how a plan looks as text and as JSON, with every secret masked.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from arazzo_engine.apis.wire_forms.body_texts import body_text
from arazzo_engine.diagnostics import Diagnostic
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.language.messages.exchange import Request, header
from arazzo_engine.printable import printable
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.messages.json_forms import request_form
from arazzo_engine.reporting.messages.named_secrets import named_secrets
from arazzo_engine.reporting.report_json import written
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.typed import Reticent


class PlannedStep(Struct, frozen=True):
    """A step, and what it calls: an operation's method and URL, or ``workflow`` and its id.

    ``steps`` are those of the workflow that it calls; a workflow that is called again is not written out again.
    """

    step_id: str
    method: str
    target: str
    steps: tuple[PlannedStep, ...] = ()


class PlannedWorkflow(Struct, frozen=True):
    """A workflow that a run may come to otherwise than by a call: one it depends on, or one that an action names."""

    workflow_id: str
    steps: tuple[PlannedStep, ...]


class Plan(Reticent, frozen=True):
    """What a run would do; ``request`` is the first that it would send, ``report`` that of a run that sends none.

    ``secrets`` are values that must never be shown, ``findings`` what the first request has wrong, ``others`` the
    workflows that it may come to otherwise than by a call.
    """

    workflow_id: str
    steps: tuple[PlannedStep, ...]
    request: Request | None = None
    report: RunReport | None = None
    secrets: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    others: tuple[PlannedWorkflow, ...] = ()

    def _shown(self) -> str:
        return f"{self.workflow_id}, {len(self.steps)} steps"

    def to_text(self, masker: Masker | None = None) -> str:
        """Return the plan for a person; a ``masker`` may know of more secrets than the plan itself."""
        masker = self._with_own(masker).of_messages()
        lines = [f"plan of {self.workflow_id}:", *_listed(self.steps, "  ")]
        for each in self.others:
            lines += ["", f"may run, too: {each.workflow_id}", *_listed(each.steps, "  ")]
        first = ["no request would be sent"] if self.request is None else _first(self.request, masker)
        return printable("\n".join([*map(masker.name, lines), "", masker.text("\n".join(first))]))

    def to_json(self, masker: Masker | None = None) -> JsonValue:
        """Return the plan as ``--dry-run --format json`` prints it."""
        masker = self._with_own(masker)
        first = request_form(self.request)
        request = None if first is None else written(first, masker)
        told: dict[str, JsonValue] = {"workflowId": self.workflow_id, "steps": _as_json(self.steps, masker)}
        others = [{"workflowId": each.workflow_id, "steps": _as_json(each.steps, masker)} for each in self.others]
        return {**told, **({"others": others} if others else {}), "firstRequest": request}

    def _with_own(self, masker: Masker | None) -> Masker:
        masker = masker or Masker()
        masker.learn(self.secrets)
        masker.learn_named(named_secrets(self.request))
        return masker


def _listed(steps: tuple[PlannedStep, ...], margin: str) -> Iterator[str]:
    for number, step in enumerate(steps, start=1):
        yield f"{margin}{number}. {step.step_id}: {step.method} {step.target}"
        yield from _listed(step.steps, f"{margin}   ")


def _as_json(steps: tuple[PlannedStep, ...], masker: Masker) -> JsonValue:
    told: list[JsonValue] = []
    for each in steps:
        step: dict[str, JsonValue] = {"stepId": each.step_id, "method": each.method, "target": masker.name(each.target)}
        told.append({**step, "steps": _as_json(each.steps, masker)} if each.steps else step)
    return told


def _first(request: Request, masker: Masker) -> list[str]:
    lines = ["first request:", f"  {request.method} {request.url}"]
    lines += [f"  {name}: {value}" for name, value in request.headers]
    # a secret of several lines is known by them as they are
    body = [f"  {line}" for line in masker.text(_body(request)).splitlines()] if request.content else []
    return [*lines, *([""] if body else []), *body]


def _body(request: Request) -> str:
    return body_text(request.content, _content_type(request))


def _content_type(request: Request) -> str:
    return header(request.headers, "content-type") or ""

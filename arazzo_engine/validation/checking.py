"""Checking a linked description: every rule over every workflow that the run can reach, all findings at once.

Decides whether a run may start. Everything that can be known is checked before the first request; a rule is a function
from a workflow to what is wrong with it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec.structs import replace

from arazzo_engine.diagnostics import Severity
from arazzo_engine.documents.watch import go_on
from arazzo_engine.validation.access import check_access, check_given_out, check_undefined
from arazzo_engine.validation.bodies import check_bodies
from arazzo_engine.validation.criteria import check_criteria
from arazzo_engine.validation.expressions import check_expressions
from arazzo_engine.validation.flow.checking import check_flow
from arazzo_engine.validation.flow.targets import (
    check_dependencies,
    check_order,
    check_step_dependencies,
    check_targets,
)
from arazzo_engine.validation.inputs.given import check_components, check_input_schema
from arazzo_engine.validation.inputs.idle_parts import check_idle_components, check_idle_parts
from arazzo_engine.validation.inputs.required import check_nested_defaults, check_required_inputs
from arazzo_engine.validation.literals.own_headers import check_own_headers
from arazzo_engine.validation.literals.payload_pointers import check_payload_pointers
from arazzo_engine.validation.literals.references import check_references
from arazzo_engine.validation.literals.requests import check_literals
from arazzo_engine.validation.literals.unencoded import check_unencoded
from arazzo_engine.validation.literals.workflow_calls import check_literal_inputs
from arazzo_engine.validation.origins import check_names, check_origins
from arazzo_engine.validation.parameters import check_locations
from arazzo_engine.validation.requests import check_requests
from arazzo_engine.validation.said_security import check_said_security
from arazzo_engine.validation.texts.checking import check_texts
from arazzo_engine.validation.texts.defaults import check_component_defaults, check_defaults
from arazzo_engine.validation.texts.own_ids import check_own_ids
from arazzo_engine.validation.texts.selectors import check_selectors
from arazzo_engine.validation.texts.written_numbers import check_written_numbers
from arazzo_engine.validation.types.checking import check_types
from arazzo_engine.validation.workflow_calls import check_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.diagnostics import Diagnostic, Location

Rule: TypeAlias = "Callable[[LinkedWorkflow, LinkedDescription], Iterable[Diagnostic]]"

# what tells a text with its meaning, and what tells one that another engine would replace
_TEXTS: Final = frozenset({"expression-as-text", "quotes-sent", "extension-ignored"})
_REPLACED: Final = "extension-ignored"
_REFUSED: Final = "literal-refused"

RULES: Final[tuple[Rule, ...]] = (
    lambda workflow, _linked: check_input_schema(workflow),
    check_required_inputs,
    check_nested_defaults,
    lambda workflow, _linked: check_idle_parts(workflow),
    check_targets,
    check_locations,
    check_dependencies,
    check_order,
    check_calls,
    check_expressions,
    check_requests,
    check_bodies,
    check_own_headers,
    check_said_security,
    check_unencoded,
    check_criteria,
    check_texts,
    check_own_ids,
    lambda workflow, _linked: check_defaults(workflow),
    check_written_numbers,
    check_selectors,
    check_literals,
    check_references,
    check_literal_inputs,
    check_payload_pointers,
)

# what is asked of everything at once
WHOLE_RULES: Final[tuple[Callable[[LinkedDescription], Iterable[Diagnostic]], ...]] = (
    check_step_dependencies,
    check_flow,
    check_types,
    lambda linked: (problem for each in linked.descriptions() for problem in check_components(each, linked.resolver)),
    lambda linked: (problem for each in linked.descriptions() for problem in check_idle_components(each)),
    lambda linked: (problem for each in linked.descriptions() for problem in check_component_defaults(each)),
)


def check(workflows: Iterable[LinkedWorkflow], linked: LinkedDescription) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the workflows, in the order of the rules, each finding once."""
    found = (problem for workflow in workflows for problem in _check_workflow(workflow, linked))
    of_all = (problem for rule in WHOLE_RULES for problem in rule(linked))
    return told_once(distinct(chain(found, of_all)))


def _check_workflow(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    for rule in RULES:
        go_on()
        yield from rule(workflow, linked)


def check_accesses(workflows: Iterable[LinkedWorkflow], access: Access) -> tuple[Diagnostic, ...]:
    """Return what the user still has to give, so that the workflows can reach their APIs, and what gets there."""
    reached = tuple(workflows)
    found = (problem for workflow in reached for problem in check_access(workflow, access))
    unsent = chain(check_undefined(reached, access), check_given_out(reached, access))
    return tuple(distinct(chain(found, unsent, check_names(reached, access), check_origins(reached, access))))


def distinct(problems: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield each problem once: an action or parameter of a workflow stands in each of its steps."""
    seen = set()
    for problem in problems:
        key = (problem.code, problem.message, problem.location)
        if key not in seen:
            seen.add(key)
            yield problem


def told_once(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the problems with one of each two that are about a text which was meant as something else.

    Its operation refuses it as a text: an error says that, with what to write; else the text says it all.
    """
    found = tuple(problems)
    texts = {each.location: each for each in found if each.code in _TEXTS and each.fix}
    refused = {each.location for each in found if _is_refused(each) and each.location in texts}
    told = (each for each in found if each.location not in texts or not _is_told_by(each, refused))
    return tuple(
        replace(each, fix=_meaning(texts[each.location])) if _is_refused(each) and each.location in refused else each
        for each in told
    )


def _meaning(text: Diagnostic) -> str:
    """Return the fix of a text, with what is not done for it where another engine would do that."""
    undone = text.message.rpartition(", and ")[2]
    return f"{undone}: {text.fix}" if text.code == _REPLACED else text.fix


def _is_refused(problem: Diagnostic) -> bool:
    return problem.code == _REFUSED and problem.severity is Severity.ERROR


def _is_told_by(problem: Diagnostic, refused: Container[Location | None]) -> bool:
    """Whether another problem tells one: the refusal tells the text where it is an error, and else the other way."""
    return problem.code in (_TEXTS if problem.location in refused else {_REFUSED})

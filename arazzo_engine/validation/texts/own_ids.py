"""Ids with a word spelled otherwise than in what stands beside them, as `stepId: ilstRuns` of operation `listRuns`.

Decides it for ids and inputs that nothing refers to, since a reference that misses one tells it already. The words
beside a step are those of its description and of what it calls, beside a workflow those of its summary and its
description, and beside an input those that describe it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.linking.uses import uses_in
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.documents.uris import path_of
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.spelling import end_otherwise, is_inner_slip
from arazzo_engine.validation.types.meant.handed_on import SPELL_ALIKE
from arazzo_engine.words import are_other_deeds, first_words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place

_Words: TypeAlias = tuple[str, ...]
_NAMING: Final = frozenset({Root.STEPS, Root.WORKFLOWS, Root.INPUTS})
# of a longer text the beginning says what is meant, and a longer name is none that a person reads
_MOST_WORDS: Final = 400
_MOST_OF_A_NAME: Final = 12


def check_own_ids(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each name that nothing refers to and that is one slip away from the words beside it."""
    apart = [(name, at, pair) for name, at, texts in _ids(workflow) for pair in _apart(name, texts)]
    referred = {_letters(each) for one in linked.workflows.values() for each in _referred(one)} if apart else set()
    for name, at, (words, meant) in apart:
        own = _letters(name)
        if referred.isdisjoint((own, own.replace("".join(words), "".join(meant)))):
            message = (
                f"`{name}` has `{' '.join(words)}`, and what stands beside it has `{' '.join(meant)}`,"
                " which is spelled nearly alike"
            )
            is_key = at.pointer[-1] == name
            yield diagnose("name-misspelt", message, at.key_location() if is_key else at.location(), fix=SPELL_ALIKE)


def _letters(name: str) -> str:
    return "".join(words_of(name))


def _ids(workflow: LinkedWorkflow) -> Iterator[tuple[str, Place, tuple[str, ...]]]:
    """Yield each id and each input with its place, and what stands beside it."""
    whole = workflow.workflow
    yield whole.workflow_id, whole.at.child("workflowId"), (whole.summary, whole.description, *_names_of(workflow))
    for each in workflow.steps:
        yield each.step.step_id, each.step.at.child("stepId"), _beside(each)
    for name, schema in as_mapping(as_mapping(whole.inputs).get("properties")).items():
        said = (as_mapping(schema).get("title"), as_mapping(schema).get("description"))
        yield name, whole.at.child("inputs", "properties", name), tuple(each for each in said if isinstance(each, str))


def _names_of(workflow: LinkedWorkflow) -> tuple[str, ...]:
    """Return how a document is called that has this workflow alone."""
    description = workflow.description
    return (path_of(description.at.document.uri).rpartition("/")[2],) if len(description.workflows) == 1 else ()


def _beside(step: LinkedStep) -> tuple[str, ...]:
    said = (step.step.description, step.step.operation_id or "", step.step.operation_path or "")
    match step.target:
        case Operation() as called:
            return (*said, called.path, called.summary)
        case WorkflowKey() as called:
            return (*said, called.workflow_id)
        case _:
            return said


def _referred(workflow: LinkedWorkflow) -> Iterator[str]:
    """Yield the ids that a workflow names: in expressions, in actions, as what it depends on or calls."""
    readings = (reading for use in uses_in(workflow) for reading in use.readings)
    yield from (each.names[0] for each in readings if each.root in _NAMING)
    yield from workflow.workflow.depends_on
    yield from workflow.references
    for step in workflow.steps:
        yield from (each.step_id for each in step.step.depends_on)
        yield from (name for each in step.actions for name in (each.step_id, each.workflow_id) if name)
        yield step.step.workflow_id or ""


def _apart(name: str, texts: Iterable[str]) -> Iterator[tuple[_Words, _Words]]:
    """Yield each word of a name that no text has, or else the whole name, with what a text has in its stead."""
    said, words = [first_words(text, _MOST_WORDS) for text in texts], words_of(name)
    beside = {word for each in said for word in each}
    if not beside or len(words) > _MOST_OF_A_NAME:
        return
    unsaid = [word for word in words if word not in beside]
    found = [((word,), (each,)) for word in unsaid for each in sorted(beside) if _are_near(word, each)]
    yield from found or (_apart_as_a_whole(words, said) if unsaid else ())


def _apart_as_a_whole(words: _Words, texts: Iterable[_Words]) -> Iterator[tuple[_Words, _Words]]:
    """Yield the words of a name with those of a text that are nearly these when all are one: `edzt-cleanup`."""
    whole, sizes = "".join(words), range(max(len(words) - 1, 1), len(words) + 2)
    windows = {text[at : at + size] for text in texts for size in sizes for at in range(len(text) - size + 1)}
    for each in sorted(windows):
        if _are_near(whole, "".join(each)) and not _are_in_other_forms(words, each):
            yield words, each


def _are_near(one: str, other: str) -> bool:
    # most are of another length; what has a letter more in front is a word of its own, in this language or another
    if abs(len(one) - len(other)) > 1 or one[1:] == other or other[1:] == one:
        return False
    return is_inner_slip(one, other)


def _are_in_other_forms(words: _Words, others: _Words) -> bool:
    """Whether two names say another deed, or one word in another form, as `create users` and `creates users` do."""
    is_form = any(end_otherwise(*pair) for pair in zip(words, others, strict=False) if pair[0] != pair[1])
    return are_other_deeds("-".join(words), "-".join(others)) or (is_form and len(words) == len(others))

"""Which inputs a workflow takes together: those of what was made up that its schema wants, and no others.

Decides it by asking the schema, one or two names away from what was made up. What their values are is decided
elsewhere.
"""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING, Final

from arazzo_engine.validation.inputs.given import takes_inputs
from arazzo_engine.validation.inputs.schemas import declared_inputs, required_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue

# a choice among many inputs is for whoever knows them
_MOST_CHOICES: Final = 100


def taken_together(
    workflow: LinkedWorkflow,
    known: Mapping[str, JsonValue],
    made: dict[str, JsonValue],
    make: Callable[[str], JsonValue],
) -> dict[str, JsonValue]:
    """Return what was made up without what the schema of a workflow refuses beside it, or with what it then wants.

    ``known`` are the inputs that stay as they are; ``make`` makes another one up. As it was where no choice fits.
    """
    if takes_inputs(workflow, {**known, **made}):
        return made
    choices = islice(_choices(workflow, known, made, make), _MOST_CHOICES)
    return next((each for each in choices if takes_inputs(workflow, {**known, **each})), made)


def _choices(
    workflow: LinkedWorkflow,
    known: Mapping[str, JsonValue],
    made: dict[str, JsonValue],
    make: Callable[[str], JsonValue],
) -> Iterator[dict[str, JsonValue]]:
    kept = known.keys() | required_inputs(workflow)
    optional = [name for name in made if name not in kept]
    others = sorted(declared_inputs(workflow) - known.keys() - made.keys())
    for count in (1, 2):
        for names in combinations(others, count):
            yield {**made, **{name: make(name) for name in names}}
        for names in combinations(optional, count):
            yield {name: value for name, value in made.items() if name not in names}

"""The rules of other linters for Arazzo documents: what each finds, what we find there, and a document that shows it.

A case is an edit of the shop's document that the rule is about, and the code of ours that it leads to. A rule without a
case is a matter of taste, or of something that is no part of a document; then ``answer`` says why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

Edit: TypeAlias = tuple[str, str]
Case: TypeAlias = "tuple[str, tuple[Edit, ...]]"


@dataclass(frozen=True)
class Rule:
    """One rule of another linter; ``note`` says where ours differs, ``answer`` why there is nothing of ours."""

    name: str
    finds: str
    cases: tuple[Case, ...] = ()
    note: str = ""
    answer: str = ""


def case(code: str, old: str, new: str, *more: Edit) -> Case:
    """Return a case of one edit or more."""
    return (code, ((old, new), *more))


FIND: Final = "  - stepId: find\n"
CHARGE: Final = "  - stepId: charge\n"
ITEM: Final = "    - name: item\n      in: path\n      value: $inputs.item\n"
CALLS: Final = f"operationId: findItem\n    parameters:\n{ITEM}"
RETRY: Final = "      type: retry\n      retryAfter: 0\n      retryLimit: 1\n"
CRITERION: Final = "- condition: $statusCode == 201"
NOTE: Final = "note: { type: string }"
SOURCES: Final = "  type: openapi\nworkflows"
PAYLOAD: Final = "        note: $inputs.note\n"
OUTPUTS: Final = "    outputs:\n      receipt"
END: Final = "  outputs:\n    receipt: $steps.charge.outputs.receipt\n"
OTHER: Final = (
    END,
    (
        f"{END}- workflowId: other\n  inputs: {{ type: object, properties: {{ who: {{ type: string }} }} }}\n"
        "  steps:\n  - stepId: find\n    operationId: findItem\n    parameters:\n"
        "    - { name: item, in: path, value: $inputs.who }\n"
    ),
)
COMPONENT: Final = (END, f"{END}components:\n  parameters:\n    item: {{ name: item, in: path, value: book }}\n")
MORE: Final = "  - stepId: more\n    workflowId: other\n    parameters:\n"
NOWHERE: Final = "$sourceDescriptions.nowhere.order"
TITLE: Final = "  title: Order a thing\n"
SECURITY: Final = "    x-security:\n    - schemeName: token\n      values: { token: $inputs.token }\n"

SECURITY_NOTE: Final = (
    "`x-security` is an extension of that tool, which nothing here reads: it is told wherever it stands"
)
ABOUT_PEOPLE: Final = "what people are told of a workflow changes nothing that is sent; a team asks for it in review"

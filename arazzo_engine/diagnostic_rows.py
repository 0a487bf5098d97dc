"""A row of the table of diagnostic codes, and rows on texts meant as something else and on how much a run may make.

``why`` is one sentence; ``clause`` names the text it rests on. ``kind`` says whose problem it is: the ``document``
(exit 3), the ``usage`` (exit 2) or the ``run`` (exit 4).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["document", "usage", "run"]


class Code(Struct, frozen=True):
    """One row: what the code stands for, why it is a problem, and the clause that says so."""

    summary: str
    why: str
    clause: str = ""
    severity: Literal["error", "warning"] = "error"
    kind: Kind = "document"


OF_VALUES: Final[dict[str, Code]] = {
    "expression-as-text": Code(
        "a text holds the name of an input, an output or a source, and is no expression",
        "what is not written as an expression is text, and a text that names something that exists was meant as one",
        "Arazzo 1.1.0, Runtime Expressions",
        severity="warning",
    ),
    "extension-ignored": Code(
        "an extension that other engines know would change what is sent, and nothing is done by it",
        "nothing that a document says about its requests is passed over in silence",
        "Arazzo 1.1.0, Specification Extensions",
        severity="warning",
    ),
    "input-file-unread": Code(
        "an input names a file that is not read",
        "a file is read only where the schema of the input asks for one; any other text is sent as it is",
        "docs/http.md, Files",
        severity="warning",
        kind="usage",
    ),
    "literal-refused": Code(
        "a value that a step writes out is not what its operation accepts",
        "a request that the API refuses is known before anything is sent; what may be left out is a warning",
        "OpenAPI, Schema Object",
    ),
    "name-undescribed": Code(
        "a member or parameter that an operation does not describe is nearly one that it does",
        "the API may pass it over without a word, and what was meant is not sent",
        "OpenAPI, Schema Object; Parameter Object",
        severity="warning",
    ),
    "pattern-delimited": Code(
        "a pattern stands between slashes, as JavaScript writes one",
        "a pattern has neither slashes around it nor flags, so these would have to be in the text",
        "Arazzo 1.1.0, Criterion Object",
        severity="warning",
    ),
    "pointer-nowhere": Code(
        "a JSON Pointer leads into a list by a name, or into a text",
        "elements are named by their index and a text has no parts, so the value is absent whatever comes",
        "RFC 6901, section 4",
        severity="warning",
    ),
    "report-too-large": Code(
        "what a run has to tell is larger than the limit",
        "what is kept until the report is written is bounded so that no loop can use up the memory",
        kind="run",
    ),
    "status-impossible": Code(
        "a condition compares `$statusCode` with what is no status of an answer",
        "statuses are numbers from 100 to 599, so the comparison says the same whatever comes",
        "RFC 9110, section 15",
        severity="warning",
    ),
    "value-too-large": Code(
        "a value that is made of others is larger than the limit, or nests deeper",
        "what is made is bounded so that no value that grows from step to step can use up the memory",
        kind="run",
    ),
}

"""What the page of a diagnostic code says: what it stands for, why, an example, what to do, and whether that is safe.

**How a code is added.** One entry in the table ``RULES`` of the module of its kind, in its place by the alphabet; a new
module is listed in ``table``. Every part is a field, so a page that lacks one is an error of types. Then:

1. ``diagnose("the-code", …)`` where it is found;
2. a row of that name in ``tests/cli/mistakes.py`` with the edit of the shop's documents that contains ``wrong``; the
   test runs both parts of the example, so ``right`` in its place must be free of the code;
3. ``UPDATE_GOLDEN=1 pytest tests/docs/test_diagnostics_page.py tests/cli/test_mistakes.py``.

The parts are fields of a value, and no sections of a docstring: nothing parses them, none can be forgotten, and they
are there under ``python -OO`` too. A module for each kind keeps what is alike together, and each file short.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from arazzo_engine.edits import Applicability

Kind: TypeAlias = Literal["document", "usage", "run"]

SAFETY: Final[dict[Applicability, str]] = {
    Applicability.SAFE: "safe: the document then says what it is read as; `arazzo fix` writes it",
    Applicability.UNSAFE: "unsafe: where one reading is far likelier, `arazzo fix --unsafe` writes it",
    Applicability.SHOWN: "shown: no command writes it, for a person has to decide",
}


class Home(StrEnum):
    """Where the part of an example stands: in one shop's documents, a command, an answer of its server."""

    DOCUMENT = "in the Arazzo document"
    DESCRIPTION = "in the API description"
    INPUTS = "in the file"
    COMMAND = "in the command"
    ANSWER = "in what the server answers"
    STATUS = "in the status of the answer"
    PROGRAM = "in the Python program"
    KEPT = "in the command on a kept run"
    RECORDED = "in the command on a recorded run"
    BATCH = "in the command of a batch"


class Example(Struct, frozen=True):
    """A part that leads to the diagnostic, and what stands in its place otherwise."""

    home: Home
    wrong: str
    right: str


class Code(Struct, frozen=True, kw_only=True):
    """The page of one code: ``summary``, ``why`` and ``fix`` are one sentence each, without a full stop.

    ``clause`` names the text that the reason rests on, if there is one. ``safety`` is that of the fix. ``kind`` says
    whose problem it is: the ``document`` (exit 3), the ``usage`` (exit 2) or the ``run`` (exit 4). ``example`` is
    ``None`` only where nothing that anybody writes leads to the code.
    """

    summary: str
    why: str
    fix: str
    example: Example | None
    clause: str = ""
    safety: Applicability = Applicability.SHOWN
    severity: Literal["error", "warning"] = "error"
    kind: Kind = "document"

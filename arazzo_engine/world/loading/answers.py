"""Reading the answers that a rehearsal is given: a file, stdin, or the object that a program has made.

It decides where they come from; what may be written in them is decided by the simulation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import JsonValue

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document

AnswersSource: TypeAlias = Mapping[str, JsonValue] | str | PathLike[str]
_CODE: Final = "answer-invalid"
_OF_A_PROGRAM: Final = "<answers>"


def load_answers(given: AnswersSource) -> Document:
    """Return the document with the answers: of a JSON or YAML file, ``-`` for stdin, or of an object.

    Raises ``ArazzoError`` (``answer-invalid``).
    """
    if not isinstance(given, Mapping | str | PathLike):
        raise TypeError(f"`answers` must be a path or an object, not {type(given).__name__}")
    try:
        if isinstance(given, Mapping):
            text = json.dumps(given, indent=2, ensure_ascii=False, allow_nan=False)
            return read_document(text, _OF_A_PROGRAM)
        name = "<stdin>" if given == "-" else fspath(given)
        source = sys.stdin.buffer.read() if given == "-" else Path(given).read_bytes()
        return read_document(source, Path(name).absolute().as_uri(), name)
    except (TypeError, ValueError, RecursionError) as error:
        message = f"the answers are no JSON value: {error}"
        raise ArazzoError(diagnose(_CODE, message, fix="use objects, lists, texts and numbers")) from error
    except OSError as error:
        message = f"the answers cannot be read: {given}: {error.strerror}"
        raise ArazzoError(diagnose(_CODE, message, fix="name an existing file")) from error
    except ArazzoError as error:
        # whoever gives answers is told of answers, not of documents
        raise ArazzoError(*map(_of_answers, error.diagnostics)) from error


def _of_answers(problem: Diagnostic) -> Diagnostic:
    return diagnose(_CODE, f"the answers cannot be read: {problem.message}", problem.location, fix=problem.fix)

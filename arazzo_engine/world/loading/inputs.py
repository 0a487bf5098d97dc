"""Reading the inputs of a run from a file or from stdin.

It decides where they come from; whether they fit the workflow is decided by the checks. Which of them are secret is
not known yet, so no part of their text is ever shown.
"""

from __future__ import annotations

import sys
from pathlib import Path

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.secret_texts import read_secret_document
from arazzo_engine.language.reading.nodes import type_name
from arazzo_engine.validation.inputs.given import GivenInputs


def read_inputs(location: str) -> GivenInputs:
    """Return the inputs in a JSON or YAML file, ``-`` for stdin.

    Raises ``ArazzoError`` (``inputs-unreadable``).
    """
    name = "<stdin>" if location == "-" else location
    try:
        document = read_secret_document(_read(location), Path(name).absolute().as_uri(), name)
    except OSError as error:
        message = f"the inputs cannot be read: {name}: {error.strerror}"
        raise ArazzoError(diagnose("inputs-unreadable", message, fix="name an existing file")) from error
    except ArazzoError as error:
        # whoever gives inputs is told of inputs, not of documents
        raise ArazzoError(*(_of_inputs(each) for each in error.diagnostics)) from error
    if not isinstance(document.value, dict):
        message = f"the inputs must be an object, not {type_name(document.value)}: {name}"
        raise ArazzoError(diagnose("inputs-unreadable", message, fix="write one member for each input"))
    return GivenInputs(document.value, document.root())


def _of_inputs(problem: Diagnostic) -> Diagnostic:
    return diagnose(
        "inputs-unreadable", f"the inputs cannot be read: {problem.message}", problem.location, fix=problem.fix
    )


def _read(location: str) -> bytes:
    return sys.stdin.buffer.read() if location == "-" else Path(location).read_bytes()

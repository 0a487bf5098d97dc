"""Repairing a document when it is read: most documents are sound, and for those the table is not even loaded.

It decides nothing about mistakes: what is sound is told by ``soundness``, what is done about the rest by
``table`` and ``corrections``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arazzo_engine.language.repairs.names import entries
from arazzo_engine.language.repairs.output_names import unfit_names
from arazzo_engine.language.repairs.shapes.neighbours import continuing, requirements
from arazzo_engine.language.repairs.shapes.places import shapes
from arazzo_engine.language.repairs.shapes.schemas import schemas_by_expression
from arazzo_engine.language.repairs.sites import sites, unnamed_actions
from arazzo_engine.language.repairs.soundness import is_sound
from arazzo_engine.language.repairs.undeclared_inputs import declare_inputs

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.values import JsonValue


def read_repaired(document: Document) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Return the document with its mistakes corrected, and a warning for each place that was."""
    if _is_whole_sound(document.value):
        return document, ()
    from arazzo_engine.language.repairs.corrections import repair  # noqa: PLC0415 - its patterns take time to compile

    repaired = repair(document)
    return repaired.document, repaired.problems


def _is_whole_sound(value: JsonValue) -> bool:
    # what most documents lack comes first, and what takes longest last
    return (
        next(shapes(value), None) is None
        and all(is_sound(site) for site in sites(value))
        and next(schemas_by_expression(value), None) is None
        and next(requirements(value), None) is None
        and next(continuing(value), None) is None
        and next(unnamed_actions(value), None) is None
        and next(unfit_names(value), None) is None
        and all(map(partial(_declares_inputs, value), entries(value, "workflows")))
    )


def _declares_inputs(document: JsonValue, workflow: JsonValue) -> bool:
    return not isinstance(workflow, dict) or ("inputs" in workflow and declare_inputs(workflow, document) is None)

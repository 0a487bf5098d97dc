"""What a repair has put elsewhere is told where it stands in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair
from arazzo_engine.language.repairs.shapes.moves import moves

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer

_TEXT = """\
arazzo: 1.0.1
workflows:
  - workflowId: w
    inputs: {type: object}
    steps:
      - stepId: s
        operationId: o
        parameters:
          - name: a
            in: body
            value: $steps.none.outputs.a
          - name: b
            in: body
            value: [1, {c: $steps.none.outputs.b}]
          - name: q
            in: query
            value: 1
"""
_STEP = ("workflows", "0", "steps", "0")


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        (("requestBody", "payload", "a"), 11),
        (("requestBody", "payload", "b"), 14),
        (("requestBody", "payload", "b", "1", "c"), 14),
        (("parameters", "0"), 15),
        (("parameters", "0", "value"), 17),
    ],
)
def test_a_place_in_a_repaired_document_is_that_of_its_text(pointer: Pointer, line: int) -> None:
    document = repair(read_document(_TEXT, "file:///w.yaml")).document
    assert document.root().child(*_STEP, *pointer).location().line == line


@pytest.mark.parametrize(
    ("found", "written", "moved"),
    [
        # nothing stands elsewhere
        ({"a": 1, "b": "x"}, {"a": 1, "b": "x"}, {}),
        ({"a": "x"}, {"a": "y"}, {}),
        # equal values keep their order, where each has a place
        ([{"v": "x"}, {"v": "x"}], {"one": "x", "two": "x"}, {("one",): ("0", "v"), ("two",): ("1", "v")}),
        ([{"v": "x"}, {"v": "x"}], {"one": "x"}, {}),
    ],
)
def test_only_what_is_sure_to_be_the_same_has_moved(
    found: object, written: object, moved: dict[Pointer, Pointer]
) -> None:
    assert moves(found, written) == moved

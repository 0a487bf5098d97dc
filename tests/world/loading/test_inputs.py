"""Inputs from a file: what is wrong with one is told by its place, never by its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripted import document, make_workflows_ready, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.validation.inputs.given import check_inputs, unknown_inputs
from arazzo_engine.world.loading.inputs import read_inputs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("i.yaml", "a: *s3cret"),
        ("i.yaml", "a: !!int s3cret"),
        ("i.yaml", 'a: "s3cret\\q"'),
        ("i.yaml", "s3cret: a\ns3cret: b"),
        ("i.json", '{"a": "s3cret", "a": "s3cret"}'),
        ("i.json", '{"a": s3cret}'),
        ("i.json", '{"a": NaN, "b": "s3cret"}'),
        ("i.json", "[" * 300),
        ("i.yaml", "- s3cret"),
        ("i.yaml", "s3cret"),
    ],
)
def test_of_inputs_that_cannot_be_read_nothing_but_the_place_is_told(name: str, written: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(written)
    with pytest.raises(ArazzoError) as caught:
        read_inputs(str(tmp_path / name))
    assert caught.value.diagnostics
    assert "s3cret" not in repr(caught.value.diagnostics)


def test_of_inputs_that_do_not_fit_the_place_is_told_without_its_line(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"k": {"type": "string"}, "pin": {"type": "integer"}}}
    ready = make_workflows_ready(document(workflow(step("a"), inputs=schema)))
    linked = ready.linked.workflows[ready.calls[0].key]
    path = tmp_path / "i.json"
    path.write_text('{"k": 5,\n "pin": "s3cret", "pni": "s3cret"}')
    given = read_inputs(str(path))
    with pytest.raises(ArazzoError) as caught:
        check_inputs(linked, given)
    found = (*caught.value.diagnostics, *unknown_inputs(linked, given))
    assert [str(each.location).removeprefix(str(path)) for each in found if each.location] == [":1:7", ":2:10", ":2:20"]
    assert "s3cret" not in repr(found)

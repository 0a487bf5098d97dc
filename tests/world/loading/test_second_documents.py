"""A text with a second document of YAML is refused, and what is wrong with the first one is told as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

_API: Final = """\
openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: https://shop.example.com}]
paths: {/a: {get: {operationId: a, parameters: [{name: n, in: query, schema: {type: integer}}], responses: {}}}}
"""
_FIRST: Final = """\
arazzo: 1.0.1
info: {title: t, version: "1"}
sourceDescriptions: [{name: api, url: api.yaml, type: openapi}]
workflows:
- workflowId: w
  inputs: {type: object}
  steps: [{stepId: s, operationId: OPERATION, parameters: [{name: n, in: query, value: VALUE}]}]
"""
_SECOND: Final = "---\nw: {n: 1}\n"


def _written(folder: Path, text: str) -> Path:
    (folder / "api.yaml").write_text(_API)
    path = folder / "two.arazzo.yaml"
    path.write_text(text)
    return path


def _text(operation: str = "a", value: str = "1") -> str:
    return _FIRST.replace("OPERATION", operation).replace("VALUE", value) + _SECOND


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (_text(), ["yaml-feature"]),
        (_text(operation="gone"), ["yaml-feature", "operation-not-found"]),
        (_text(value="many"), ["yaml-feature", "literal-refused"]),
        # the first is no Arazzo Description, is empty, or has a key twice
        ("a: 1\n" + _SECOND, ["yaml-feature"]),
        ("---\n" + _SECOND, ["yaml-feature"]),
        (_text().replace("info:", "arazzo: 1.0.1\ninfo:"), ["yaml-feature"]),
    ],
)
@pytest.mark.parametrize("of_text", [False, True])
def test_what_is_wrong_with_the_first_document_is_told_as_well(
    tmp_path: Path, text: str, codes: list[str], *, of_text: bool
) -> None:
    path = _written(tmp_path, text)
    with Engine() as engine:
        found = engine.validate(text, base=path) if of_text else engine.validate(path)
    assert [each.code for each in found] == codes
    assert found[0].is_error
    assert (found[0].message, found[0].fix) == (
        "the text holds a second YAML document",
        "keep one document, and remove the `---`",
    )


def test_nothing_of_such_a_text_is_run_or_written(tmp_path: Path) -> None:
    path = _written(tmp_path, _text())
    with Engine() as engine:
        for act in (lambda: engine.load(path), lambda: engine.load(path, workflow="w"), lambda: engine.fix(path)):
            with pytest.raises(ArazzoError) as refused:
                act()
            assert [each.code for each in refused.value.diagnostics] == ["yaml-feature"]

"""Of alternatives that a member tells apart, an answer has the one that is read or wanted, with its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, thing, written

import arazzo_engine
from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_AT: Final = "#/components/schemas/"
_MAPPED: Final = {"propertyName": "kind", "mapping": {"kitty": f"{_AT}Cat", "doggo": "Dog"}}
_KIND: Final = "$response.body#/kind"


def _rehearsed(folder: Path, kinds: dict[str, Any], discriminator: Any, **step: Any) -> list[Any]:
    refs = [{"$ref": f"{_AT}{name}"} for name in ("Cat", "Dog")]
    schema = {"oneOf": refs, "discriminator": discriminator}
    document = written(folder, [{"stepId": "a", "operationId": "a", **step}], {"a": answers(schema)})
    api = json.loads((folder / "api.json").read_text())
    members = {"Cat": thing(kind=kinds["Cat"], meow=_TEXT), "Dog": thing(kind=kinds["Dog"], bark=_TEXT)}
    api["components"] = {"schemas": {name: {**each, "required": ["kind"]} for name, each in members.items()}}
    (folder / "api.json").write_text(json.dumps(api))
    report = arazzo_engine.rehearse(document, "w")
    assert report.status is RunStatus.SUCCEEDED
    assert not report.steps[0].notes
    return bodies(report)


@pytest.mark.parametrize(
    ("kinds", "discriminator", "name"),
    [
        ({"Cat": _TEXT, "Dog": _TEXT}, {"propertyName": "kind"}, "Dog"),
        ({"Cat": _TEXT, "Dog": _TEXT}, _MAPPED, "doggo"),
        ({"Cat": {"const": "c"}, "Dog": {"const": "d"}}, {"propertyName": "kind"}, "d"),
        ({"Cat": _TEXT, "Dog": _TEXT}, None, "sample"),
    ],
)
def test_the_alternative_that_is_read_has_its_name(
    kinds: dict[str, Any], discriminator: Any, name: str, tmp_path: Path
) -> None:
    outputs = {"bark": "$response.body#/bark"}
    assert _rehearsed(tmp_path, kinds, discriminator, outputs=outputs) == [{"kind": name, "bark": "sample"}]


@pytest.mark.parametrize(
    ("kinds", "discriminator", "name"),
    [
        ({"Cat": {"enum": ["c"]}, "Dog": {"enum": ["d"]}}, None, "d"),
        ({"Cat": _TEXT, "Dog": _TEXT}, _MAPPED, "doggo"),
    ],
)
def test_the_alternative_that_has_the_name_which_is_wanted_is_answered(
    kinds: dict[str, Any], discriminator: Any, name: str, tmp_path: Path
) -> None:
    criteria = [{"condition": f"{_KIND} == '{name}'"}]
    (body,) = _rehearsed(tmp_path, kinds, discriminator, successCriteria=criteria)
    assert body == {"kind": name, "bark": "sample"}

"""A schema of inputs in `components/schemas`, where descriptions of APIs have theirs, is followed and told."""

from __future__ import annotations

from typing import Any, Final

from validated import Findings, validated

_SHELF: Final = {"C": {"type": "integer", "allOf": [{"$ref": "#/components/schemas/D"}]}, "D": {"minimum": 1}}


def _found(reference: str, components: dict[str, Any]) -> Findings:
    inputs = {"type": "object", "properties": {"sku": {"$ref": reference}}}
    return validated({}, workflow={"inputs": inputs}, arazzo_components=components)


def _texts(findings: Findings) -> list[str]:
    return [f"{each.severity.value} {each.code}: {each.message}; {each.fix}" for each in findings]


def test_it_is_followed_and_told_once() -> None:
    unknown, repaired = _texts(_found("#/components/schemas/C", {"schemas": _SHELF}))
    assert repaired == (
        "warning repaired: `#/components/schemas/C` is read as `#/components/inputs/C`: the schemas that inputs refer"
        " to stand in `components/inputs`; move what `components/schemas` has into `components/inputs`, and write"
        " `#/components/inputs/C`"
    )
    assert unknown.startswith("warning field-unknown: the Components Object has no field `schemas`; ")


def test_what_it_refers_to_is_followed_too() -> None:
    shelf = {"C": {"allOf": [{"$ref": "#/components/schemas/E"}]}}
    assert "`#/components/schemas/E` leads nowhere" in "\n".join(
        _texts(_found("#/components/schemas/C", {"schemas": shelf}))
    )


def test_one_that_is_not_there_leads_nowhere() -> None:
    found = _texts(_found("#/components/schemas/E", {"schemas": _SHELF}))
    assert "error reference-not-found: `#/components/schemas/E` leads nowhere; " in "\n".join(found)

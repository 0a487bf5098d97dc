"""The specification's own schemas and ours judge alike, but for what is listed here with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
import places
import pytest
import yaml
from changed import changed_documents

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.schema.document import VERSIONS, document_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHARED: Final = places.ROOT.parent / "shared"
_OFFICIAL: Final = _SHARED / "oai"
pytestmark = pytest.mark.skipif(not _OFFICIAL.is_dir(), reason="the specification's schemas are not on this machine")

# where ours refuses what theirs accepts: the end of the place in our schema, and why
_STRICTER: Final = {
    "minLength": "an empty id, name, url or condition names nothing",
    "propertyNames": "the keys of a map MUST match the regular expression, which their schema does not enforce",
    "reference/pattern": "a Reusable Object refers to a parameter or an action among the components",
    "context/pattern": "a context is a runtime expression",
    "timeout/minimum": "no step is over before it began",
    "step/allOf/2/not": "`requestBody` is passed to an operation, and a workflow has none",
    "then/required": "without a payload there is nothing in which to replace",
}


def _parsed(path: Path) -> dict[str, Any] | None:
    try:
        document = read_document(path.read_bytes(), str(path)).value
    except (ArazzoError, OSError):
        return None
    return document if isinstance(document, dict) and str(document.get("arazzo"))[:3] in VERSIONS else None


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    folders = (_OFFICIAL / "v1.1" / "pass", _OFFICIAL / "v1.1" / "fail", _OFFICIAL / "examples", _SHARED / "corpus")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".yaml", ".yml", ".json"} and (document := _parsed(path)) is not None:
                yield path.name, document


def _changed() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in (places.SHOP / "orders.arazzo.yaml", *sorted((places.ROOT / "specs").glob("*/arazzo/*.y*ml"))):
        document = _parsed(path)
        assert document is not None
        yield from ((f"{path.name}: {what}", each) for what, each in changed_documents(document, 150, seed=7))


def _without_ignored(value: Any) -> Any:
    """Leave out what a Reusable Object has beside its fields: "any properties added MUST be ignored"."""
    if isinstance(value, list):
        return [_without_ignored(each) for each in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("reference")).startswith("$components."):
        return {name: each for name, each in value.items() if name in {"reference", "value"}}
    return {name: _without_ignored(each) for name, each in value.items()}


def _schema(version: str) -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load((_OFFICIAL / f"v{version}" / "schema.yaml").read_text(encoding="utf-8"))
    return schema


@pytest.mark.parametrize("documents", [_documents, _changed])
def test_the_verdicts_are_the_same_but_for_what_is_listed(documents: Any) -> None:
    theirs = {version: jsonschema_rs.Draft202012Validator(_schema(version)) for version in VERSIONS}
    ours = {version: jsonschema_rs.Draft202012Validator(document_schema(version)) for version in VERSIONS}
    judged = 0
    for name, written in documents():
        version = str(written.get("arazzo"))[:3]
        if version not in VERSIONS:
            continue
        document = _without_ignored(written)
        refused = list(ours[version].iter_errors(document))
        judged += 1
        if theirs[version].is_valid(document):
            unlisted = [each for each in refused if not _is_listed(each)]
            assert not unlisted, f"{name}: {unlisted[0].message} at {unlisted[0].schema_path}"
        else:
            assert refused, f"{name} is refused by theirs alone"
    assert judged > 100


def _is_listed(error: jsonschema_rs.ValidationError) -> bool:
    path = "/".join(map(str, error.schema_path))
    return any(path.endswith(each) or f"/{each}/" in path for each in _STRICTER)

"""Reads cases and lays them out for an engine: the documents in a folder, with the server's address in them.

A case says ``http://server.invalid`` wherever the address of the scripted server belongs, in its documents, inputs,
answers and expectations. A case with ``mistakes`` is run once as it is, when it must be valid, and once for each of
them. What a result must be is compared elsewhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runner.pointers import edited
from runner.yaml_subset import Json, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
PLACEHOLDER: Final = "http://server.invalid"
_VERSION_LINE: Final = re.compile(r"^arazzo: .*$", re.MULTILINE)
_TEXTS: Final = frozenset({".yaml", ".yml", ".json", ".xml", ".txt"})


@dataclass(frozen=True, slots=True)
class Case:
    """One case for one version: ``key`` is its id, with ``@version`` when it names several, and ``/mistake``."""

    id: str
    key: str
    area: str
    version: str
    doc: str
    folder: Path
    content: dict[str, Json] = field(repr=False)
    mistake: str = ""

    @property
    def level(self) -> str:
        """How the specification says it: must, should, may or undefined, by the version where they differ."""
        level = self.content["level"]
        found: str = level[self.version] if isinstance(level, dict) else level
        return found

    @property
    def question(self) -> str:
        """The key of the question in ``questions.json`` that the specification leaves open, or nothing."""
        question: str = self.content.get("question", "")
        return question

    @property
    def entry(self) -> str:
        """The path of the document that is run or judged."""
        entry: str = self.content.get("entry", "arazzo.yaml")
        return entry

    @property
    def expected(self) -> list[dict[str, Json]]:
        """Every accepted result."""
        if self.mistake:
            return _of_mistake(self.content["mistakes"][self.mistake])
        expect = self.content.get("expect", {"valid": True})
        return expect if isinstance(expect, list) else [expect]

    @property
    def clauses(self) -> list[dict[str, str]]:
        """The clauses that the case rests on in its version: ``anchor``, the quotation ``clause``, and a ``field``."""
        spec = self.content["spec"]
        every = spec if isinstance(spec, list) else [spec]
        return [each for each in every if self.version in each.get("versions", [self.version])]

    @property
    def action(self) -> str:
        """What the engine is asked: ``run``, or ``validate`` when only the documents are judged."""
        return "run" if any("outcome" in each for each in self.expected) else "validate"


def _of_mistake(mistake: dict[str, Json]) -> list[dict[str, Json]]:
    """Return the accepted results of a mistake: it is told where it was made, or at one of the places in ``at``."""
    made = [*mistake.get("set", {}), *({"missing": each} for each in mistake.get("remove", []))]
    return [{"invalid": [each]} for each in mistake.get("at", made)]


def read_cases(root: Path = ROOT) -> list[Case]:
    """Return every case of the suite, once for each of its versions and mistakes, in the order of the folders."""
    return [case for path in sorted((root / "cases").glob("*/*/case.yaml")) for case in _read_case(path)]


def _read_case(path: Path) -> Iterator[Case]:
    content = read_yaml(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    versions = content["versions"]
    folder = path.parent
    if content["id"] != folder.name:
        raise ValueError(f"{path}: the id `{content['id']}` is not the folder's name")
    for version in versions:
        key = content["id"] if len(versions) == 1 else f"{content['id']}@{version}"
        case = Case(content["id"], key, folder.parent.name, version, content["doc"], folder, content)
        yield case
        for mistake in content.get("mistakes", ()):
            yield Case(case.id, f"{key}/{mistake}", case.area, version, case.doc, folder, content, mistake)


def lay_out(case: Case, base: str, target: Path) -> None:
    """Write the documents of a case to a folder, with the address of the server in them."""
    for name, content in documents(case).items():
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            destination.write_text(content.replace(PLACEHOLDER, base), encoding="utf-8")
        else:
            destination.write_bytes(content)


def documents(case: Case) -> dict[str, str | bytes]:
    """Return the documents of a case by their paths, with its version and its mistake in them."""
    found: dict[str, str | bytes] = {}
    for path, name in _files(case):
        if path.suffix in _TEXTS:
            found[name] = _text(case, name, path.read_text(encoding="utf-8"))
        else:
            found[name] = path.read_bytes()
    return found


def _files(case: Case) -> Iterator[tuple[Path, str]]:
    for name in case.content.get("apis", []):
        yield ROOT / "apis" / name, name
    for path in sorted(case.folder.rglob("*")):
        if path.is_file() and path.name != "case.yaml":
            yield path, path.relative_to(case.folder).as_posix()


def _text(case: Case, name: str, text: str) -> str:
    if "mistakes" in case.content and name == case.entry:
        return _with_mistake(case, text)
    several = len(case.content["versions"]) > 1
    return _VERSION_LINE.sub(f"arazzo: {case.version}", text, count=1) if several else text


def _with_mistake(case: Case, text: str) -> str:
    """Return a document, which is JSON because the runner changes it, in the case's version and with its mistake."""
    document = json.loads(text)
    document["arazzo"] = case.version
    mistake = case.content["mistakes"].get(case.mistake, {})
    for pointer in mistake.get("remove", []):
        document = edited(document, pointer)
    for pointer, value in mistake.get("set", {}).items():
        document = edited(document, pointer, value)
    return json.dumps(document, indent=2, ensure_ascii=False)


def with_base(value: Json, base: str) -> Json:
    """Return a value of a case with the address of the server in every text."""
    match value:
        case str():
            return value.replace(PLACEHOLDER, base)
        case list():
            return [with_base(each, base) for each in value]
        case dict():
            return {name: with_base(each, base) for name, each in value.items()}
        case _:
            return value

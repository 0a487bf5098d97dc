"""Reads cases and lays them out for an engine: the documents in a folder, with the server's address in them.

A case says ``http://server.invalid`` wherever the address of the scripted server belongs, in its documents, inputs,
answers and expectations. What a result must be is compared elsewhere.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runner.yaml_subset import Json, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
PLACEHOLDER: Final = "http://server.invalid"
_VERSION_LINE: Final = re.compile(r"^arazzo: .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One case for one version: ``key`` is its id, with ``@version`` when the case names several versions."""

    id: str
    key: str
    area: str
    version: str
    level: str
    doc: str
    folder: Path
    content: dict[str, Json] = field(repr=False)

    @property
    def expected(self) -> list[dict[str, Json]]:
        """Every accepted result."""
        expect = self.content["expect"]
        return expect if isinstance(expect, list) else [expect]

    @property
    def clauses(self) -> list[dict[str, str]]:
        """The clauses that the case rests on: ``anchor`` and the quotation ``clause`` of each."""
        spec = self.content["spec"]
        return spec if isinstance(spec, list) else [spec]

    @property
    def action(self) -> str:
        """What the engine is asked: ``run``, or ``validate`` when only the documents are judged."""
        return "run" if any("outcome" in each for each in self.expected) else "validate"


def read_cases(root: Path = ROOT) -> list[Case]:
    """Return every case of the suite, once for each of its versions, in the order of the folders."""
    return [case for path in sorted((root / "cases").glob("*/*/case.yaml")) for case in _read_case(path)]


def _read_case(path: Path) -> Iterator[Case]:
    content = read_yaml(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    versions = content["versions"]
    folder = path.parent
    if content["id"] != folder.name:
        raise ValueError(f"{path}: the id `{content['id']}` is not the folder's name")
    for version in versions:
        key = content["id"] if len(versions) == 1 else f"{content['id']}@{version}"
        yield Case(content["id"], key, folder.parent.name, version, content["level"], content["doc"], folder, content)


def lay_out(case: Case, base: str, target: Path) -> None:
    """Write the documents of a case to a folder, with the address of the server in them."""
    shared = [ROOT / "apis" / name for name in case.content.get("apis", [])]
    own = [path for path in sorted(case.folder.rglob("*")) if path.is_file() and path.name != "case.yaml"]
    named = [(each, Path(each.name)) for each in shared] + [(each, each.relative_to(case.folder)) for each in own]
    for path, name in named:
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in {".yaml", ".yml", ".json", ".xml", ".txt"}:
            text = path.read_text(encoding="utf-8").replace(PLACEHOLDER, base)
            if len(case.content["versions"]) > 1:
                text = _VERSION_LINE.sub(f"arazzo: {case.version}", text, count=1)
            destination.write_text(text, encoding="utf-8")
        else:
            shutil.copyfile(path, destination)


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

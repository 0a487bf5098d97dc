"""The page of the architecture shows the house as it is: each folder, in order, and the files that a run passes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places
import pytest
from architecture.layout import LAYOUT, PACKAGE_NAME
from loopback import RecordingServer, Reply

import arazzo_engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from types import FrameType

_PACKAGE: Final = places.ROOT / PACKAGE_NAME
_PAGE: Final = (places.ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
_SECTIONS: Final = dict(re.findall(r"^## (.+)\n((?:.*\n)+?)(?=^## |\Z)", _PAGE, re.MULTILINE))
_WALK: Final = re.findall(r"`([\w/]+\.py)`", _SECTIONS["One run, file by file"])
_DOCUMENT: Final = places.ROOT / "specs" / "viam" / "arazzo" / "viam-bill-customer-location-workflow.yml"
_SERVICE: Final = "/viam.app.v1.BillingService/"
_OPERATIONS: Final = (
    "GetLocationBillingOrganization",
    "UpdateLocationBillingOrganization",
    "GetCurrentMonthUsage",
    "CreateInvoiceAndChargeImmediately",
)


def folders_in_order() -> list[str]:
    """Return the stages that are folders, each before its wings and what is in them, in the order of the layout."""
    folders = []
    for stage in (each for each in LAYOUT.stages if (_PACKAGE / each.name).is_dir()):
        folders.append(stage.name)
        for wing in (room[:-1] for room in stage.rooms if room.endswith("/")):
            inside = sorted((_PACKAGE / stage.name / wing).glob("*/__init__.py"))
            folders += [f"{stage.name}/{wing}", *(f"{stage.name}/{wing}/{file.parent.name}" for file in inside)]
    return folders


def folders_drawn(picture: str) -> list[str]:
    """Return the folders of a tree that is drawn by indentation."""
    folders: list[str] = []
    for indentation, name in re.findall(r"^((?: {2})+)(\w+)/", picture, re.MULTILINE):
        around = folders[-1].split("/")[: len(indentation) // 2 - 1] if folders else []
        folders.append("/".join([*around, name]))
    return folders


def test_the_picture_shows_every_folder_in_order() -> None:
    picture = _SECTIONS["The house"].split("```")[1]
    assert folders_drawn(picture) == folders_in_order()


def test_the_line_is_drawn_beneath_the_last_pure_stage() -> None:
    above, _, below = _SECTIONS["The house"].split("```")[1].partition("  ──")
    pure = {stage.name for stage in LAYOUT.stages if stage.is_pure}
    assert {each for each in folders_drawn(above) if "/" not in each} <= pure
    assert not pure & set(folders_drawn(below))


def test_every_folder_of_the_package_has_its_paragraph() -> None:
    described = re.findall(r"^\*\*`([\w/]+)`\*\* \w", _SECTIONS["Room by room"], re.MULTILINE)
    assert described == folders_in_order()


def test_the_package_has_no_other_folders() -> None:
    found = {file.parent.relative_to(_PACKAGE).as_posix() for file in _PACKAGE.rglob("*.py")}
    assert found == {".", *folders_in_order()}


@pytest.mark.parametrize("path", re.findall(r"`((?:arazzo_engine|tests|docs)/[\w/.]+)`", _PAGE))
def test_every_path_on_the_page_exists(path: str) -> None:
    assert (places.ROOT / path).exists()


def files_named_beside(folder: str, paragraph: str) -> list[Path]:
    """Return the files that a paragraph names by their bare names."""
    return [_PACKAGE / folder / f"{name}.py" for name in re.findall(r"`([a-z_]+)`", paragraph)]


@pytest.mark.parametrize(("folder", "paragraph"), re.findall(r"^\*\*`([\w/]+)`\*\* ((?:.+\n)+)", _PAGE, re.MULTILINE))
def test_every_file_that_a_paragraph_names_stands_in_its_folder(folder: str, paragraph: str) -> None:
    assert [file.name for file in files_named_beside(folder, paragraph) if not file.exists()] == []


# --- the walk ---


def bill(server: RecordingServer, inputs: Path) -> None:
    for operation in _OPERATIONS:
        server.script("POST", _SERVICE + operation, Reply(body={}))
    assert run_command(["run", str(_DOCUMENT), "--inputs", str(inputs), "--server", server.url]) == 0


def test_a_run_passes_through_the_files_of_the_walk_in_its_order(server: RecordingServer, tmp_path: Path) -> None:
    """What is imported by the first of two runs is no part of the walk; the second is watched."""
    inputs = tmp_path / "inputs.json"
    given = {"apiKey": "a-key", "locationId": "l", "billingOrganizationId": "o", "amount": 12.5, "description": "May"}
    inputs.write_text(json.dumps(given))
    bill(server, inputs)
    passed: dict[str, None] = {}

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            passed.setdefault(frame.f_code.co_filename)

    sys.setprofile(watch)
    try:
        bill(server, inputs)
    finally:
        sys.setprofile(None)

    # what was installed is run, which need not be what stands beside the tests
    installed = Path(arazzo_engine.__file__).parent
    files = [name.removeprefix(f"{installed}/") for name in passed]
    assert [each for each in _WALK if each not in files] == []
    assert [each for each in files if each in _WALK] == _WALK

"""The picture in the README is what a terminal shows of that command; ``UPDATE_GOLDEN=1`` draws it anew."""

from __future__ import annotations

import os
import re
import shlex
from typing import Final
from xml.etree import ElementTree as ET

import places
from pictures import PaintedScreen, picture
from pseudo_terminal import Terminal

_PICTURE: Final = places.ROOT / "docs" / "run.svg"
_COLUMNS: Final = 100
_LINES: Final = 40
# a shell reads it as one command
_COMMAND: Final = """\
arazzo rehearse specs/viam/arazzo/viam-bill-customer-location-workflow.yml \\
    --inputs specs/viam/inputs.example.json --answers specs/viam/answers.example.yaml"""


def _drawn() -> str:
    terminal = Terminal(tuple(shlex.split(_COMMAND.replace("\\\n", ""))[1:]), (_COLUMNS, _LINES), cwd=places.ROOT)
    # a time in a column keeps its place, one in a sentence takes no more than it needs
    text = re.sub(r"(?<=, )\d+ ms\b", "0 ms", terminal.end())
    text = re.sub(r" +\d+ ms\b", lambda found: f"{' 0 ms':>{len(found[0])}}", text)
    return picture(_COMMAND, PaintedScreen(_COLUMNS, _LINES).painted(text), _COLUMNS)


def test_the_picture_is_what_a_terminal_shows() -> None:
    drawn = _drawn()
    if "UPDATE_GOLDEN" in os.environ:
        _PICTURE.write_text(drawn, encoding="utf-8")
    assert drawn == _PICTURE.read_text(encoding="utf-8")
    assert "docs/run.svg" in (places.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_picture_tells_the_failure_and_loads_nothing() -> None:
    root = ET.fromstring(_PICTURE.read_text(encoding="utf-8"))
    told = "\n".join(root.itertext())
    assert "402 is not 200" in told
    assert "the card was declined" in told
    assert "example-key" not in told
    assert not [each for each in root.iter() if "href" in " ".join(each.attrib)]

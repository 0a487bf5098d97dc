"""The page on a first workflow is executed from its first command to its last, against the shop of ``arazzo demo``."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places

from arazzo_engine.cli import run_command
from arazzo_engine.demo.shop import Shop

if TYPE_CHECKING:
    import pytest

_PAGE: Final = places.ROOT / "docs" / "first-workflow.md"
_TEXT: Final = _PAGE.read_text(encoding="utf-8")
_CONSOLE: Final = re.findall(r"(`{3,})console\n\$ (.+)\n((?:.*\n)*?)\1\n", _TEXT)
_ADDED: Final = re.findall(r"```yaml\n((?:.*\n)*?)```", _TEXT)
_WRITTEN: Final = "http://127.0.0.1:8123"
_KEY: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
# in a column, what stands before the number is a part of its width
_TIME: Final = re.compile(r"( {2,})?(?<![\d.])(\d+(?:\.\d+)?) (?:ms|s)\b")


def _told(command: str, shop: Shop, capsys: pytest.CaptureFixture[str]) -> str:
    run_command(shlex.split(command.replace(_WRITTEN, shop.url))[1:])
    told = capsys.readouterr()
    shown = (told.err + told.out).replace(shop.url, _WRITTEN).replace(shop.url.rpartition(":")[2], "8123")
    shown = _KEY.sub("6f1e4c6a-93ce-5b43-8f9d-2d2f2f3f7c11", shown)
    return _TIME.sub(lambda found: f"{'0':>{len(found[1]) + len(found[2]) - 1}} ms" if found[1] else "0 ms", shown)


def test_each_command_gives_the_output_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = _TEXT
    with Shop() as shop:
        for number, (fence, command, shown) in enumerate(_CONSOLE, start=1):
            if number == len(_CONSOLE):
                # what the page adds to the document before its last command
                document = Path("pay.arazzo.yaml")
                head, tail = document.read_text().rsplit("  outputs:\n", 1)
                document.write_text(f"{head}{_ADDED[0]}  outputs:\n{tail}")
            told = _told(command, shop, capsys)
            if "UPDATE_GOLDEN" not in os.environ:
                assert told == shown
            longer = "````" if "```" in told else "```"
            text = text.replace(
                f"{fence}console\n$ {command}\n{shown}{fence}", f"{longer}console\n$ {command}\n{told}{longer}"
            )
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(text, encoding="utf-8")

"""Every mistake ends in the exact text, the right exit code and no request that should not be sent."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import places
import pytest
from loopback import Reply
from mistakes import MISTAKES, Edit, Mistake

from arazzo_engine import Engine
from arazzo_engine.cli import run_command
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import Example, Home

if TYPE_CHECKING:
    from loopback import RecordingServer

_GOLDEN = places.GOLDEN
_UPDATE = "UPDATE_GOLDEN" in os.environ
_MADE_ELSEWHERE: Final = frozenset({Home.KEPT, Home.BATCH, Home.RECORDED})


def _edited(name: str, edits: tuple[Edit, ...]) -> str:
    text = (places.SHOP / name).read_text()
    for old, new in edits:
        assert old in text, f"the edit of {name} matches nothing: {old!r}"
        text = text.replace(old, new, 1)
    return text


def _others() -> dict[str, str]:
    """Return what stands beside the shop: another description like it, and a document that could be called."""
    names = (("findItem", "findOther"), ("chargeCustomer", "chargeOther"), ("shop-api.yaml", "other-api.yaml"))
    texts = {"other-api.yaml": "shop-api.yaml", "called.arazzo.yaml": "orders.arazzo.yaml"}
    for written, shop in texts.items():
        texts[written] = (places.SHOP / shop).read_text()
        for old, new in names:
            texts[written] = texts[written].replace(old, new)
    texts["rotating.yaml"] = "token: { client_id: shop, refresh_token: secret-token-0 }\n"
    texts["open.yaml"] = "token: secret-token-2\n"
    texts["project.toml"] = "[inputs]\nnote = 'of the project'\n\n[env.staging.limits]\nmax-steps = 10\n"
    texts["secrets.toml"] = "[inputs]\ntoken = 'secret-token-4'\n"
    rows = "item,amount,note\nbook,12.5,first\nbook,2,second\n"
    texts |= {"rows.csv": rows, "wide.csv": rows.replace("2,second", "2,5,second")}
    texts |= {"twice.csv": rows.replace("note", "item"), "open.csv": rows.replace("second", '"second')}
    return texts


def _write(texts: dict[str, str]) -> None:
    for name, text in texts.items():
        Path(name).write_text(text)
    # anybody may write into this one
    Path("open.yaml").chmod(0o666)


def _write_documents(mistake: Mistake) -> None:
    Path("orders.arazzo.yaml").write_text(_edited("orders.arazzo.yaml", mistake.edits))
    Path("shop-api.yaml").write_text(_edited("shop-api.yaml", mistake.api))
    _write(_others())
    for name in ("inputs.yaml", "inputs.json"):
        Path(name).write_text(_edited("inputs.yaml", mistake.inputs))


def _normalized(text: str, url: str) -> str:
    host = url.removeprefix("http://")
    text = text.replace(url, "http://SERVER").replace(host, "SERVER")
    text = re.sub(r"(?m)(shopApi|otherApi) :\d+", r"\1 :PORT", text)
    return re.sub(r" +\d+(?: ms|\.\d s)\b", " N ms", text)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_in_full(
    mistake: Mistake,
    server: RecordingServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_documents(mistake)
    server.script("GET", "/items/book", mistake.find)
    server.script("POST", "/charges", mistake.charge)

    exit_code = run_command(mistake.arguments.format(url=server.url).split())

    told = capsys.readouterr()
    text = _normalized(f"exit code {exit_code}\n--- stdout\n{told.out}--- stderr\n{told.err}", server.url)
    golden = _GOLDEN / f"{mistake.name}.txt"
    if _UPDATE:
        golden.write_text(text)
    assert text == golden.read_text()
    assert exit_code == mistake.exit_code
    assert len(server.requests) == mistake.sent
    assert "secret-token" not in told.out + told.err
    assert "Traceback" not in told.err


def test_every_diagnostic_code_is_told_by_a_mistake() -> None:
    told = {code for golden in _GOLDEN.glob("*.txt") for code in re.findall(r"\[([a-z-]+)\]:", golden.read_text())}
    # no document leads to a bug that is known: tests/cli/test_first_steps.py makes them; a function is of Python, and
    # tests/durability/test_examples_of_runs.py makes those of kept runs, tests/cli/batches/test_batches.py that
    # of two processes, and tests/recording those of recordings; no document fills a disk
    elsewhere = {code for code, page in CODES.items() if page.example and page.example.home in _MADE_ELSEWHERE}
    assert set(CODES) - told == {"engine-bug", "observer-bug", "recording-lost", "request-not-signed", *elsewhere}


def test_every_golden_text_belongs_to_a_mistake() -> None:
    assert {golden.stem for golden in _GOLDEN.glob("*.txt")} == {mistake.name for mistake in MISTAKES}


# --- the examples of `arazzo explain`: the wrong part leads to the code, the right one in its place does not ---

# the mistake that leads to a code, where it is not called like the code
_ROWS: Final = {
    "input-needed": "input-needed-in-a-path",
    "invalid-query": "invalid-query-pattern",
}
# the document of these has the mistake at several places, of which the example is one
_SEVERAL: Final = frozenset({"extension-ignored", "literal-refused", "operation-unqualified", "repaired"})
# what one mistake is told as besides: the step of which something lacks, or what the check said of it before the run
_WITH: Final = {"dependency-not-completed": {"step-left-out"}, "output-never-assigned": {"step-unreachable"}}
# what else a document that is put right has: the answer is no XML
_BESIDE: Final = {"contract-unchecked": {"repaired"}}
_FILES: Final = {
    Home.DOCUMENT: ("orders.arazzo.yaml",),
    Home.DESCRIPTION: ("shop-api.yaml",),
    Home.INPUTS: ("inputs.yaml", "inputs.json"),
}


# to the others leads a program, or a run that is kept: tests/world/test_examples_of_programs.py, and
# tests/durability/test_examples_of_runs.py
_EXAMPLES: Final = {
    code: page.example
    for code, page in CODES.items()
    if page.example and page.example.home not in {Home.PROGRAM, *_MADE_ELSEWHERE}
}


def _mistake(code: str) -> Mistake:
    return next(each for each in MISTAKES if each.name == _ROWS.get(code, code))


def _documents(mistake: Mistake) -> dict[str, str]:
    texts = {}
    rows = (("orders.arazzo.yaml", mistake.edits), ("shop-api.yaml", mistake.api), ("inputs.yaml", mistake.inputs))
    for name, edits in rows:
        texts[name] = (places.SHOP / name).read_text()
        for old, new in edits:
            texts[name] = texts[name].replace(old, new, 1)
    texts["inputs.json"] = texts["inputs.yaml"]
    return {**texts, **_others()}


def _put_right(text: str, wrong: str, right: str) -> str:
    """Return a text with a part of it put right, at the indentation that it has there."""
    for width in range(20):
        found = wrong.replace("\n", "\n" + " " * width)
        if match := re.search(re.escape(found) + r"(?![\w.])", text):
            start = match.start()
            column = width if "\n" in wrong else start - text.rfind("\n", 0, start) - 1
            return text[:start] + right.replace("\n", "\n" + " " * column) + text[match.end() :]
    raise AssertionError(f"the example is no part of the text: {wrong}")


def _corrected(example: Example, mistake: Mistake, texts: dict[str, str]) -> Mistake:
    match example.home:
        case Home.COMMAND:
            command = f"arazzo {mistake.arguments}"
            assert example.wrong in command
            return replace(mistake, arguments=command.replace(example.wrong, example.right, 1).removeprefix("arazzo "))
        case Home.ANSWER | Home.STATUS:
            return _answered(example.wrong, example.right, mistake)
        case _:
            for name in _FILES[example.home]:
                wrong = example.wrong.replace("[[[[…]]]]", "[" * 300 + "]" * 300)
                texts[name] = _put_right(texts[name], wrong, example.right)
            return mistake


def _answered(wrong: str, right: str, mistake: Mistake) -> Mistake:
    if wrong.isdecimal():
        assert mistake.find.status == int(wrong)
        return replace(mistake, find=replace(mistake.find, status=int(right)))
    name = "charge" if "receipt" in right else "find"
    reply = getattr(mistake, name)
    if wrong.startswith("{"):
        assert reply.body == json.loads(wrong)
    else:
        assert reply.closes or reply.interrupts
    body, status = json.loads(right), 201 if name == "charge" else 200
    return replace(mistake, **{name: replace(reply, status=status, body=body, closes=False, interrupts=False)})


def _told(mistake: Mistake, texts: dict[str, str], server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> str:
    _write(texts)
    server.script("GET", "/items/book", mistake.find)
    server.script("POST", "/charges", mistake.charge)
    arguments = mistake.arguments.format(url=server.url).split()
    # many findings of one kind are counted unless all are asked for
    has_all = arguments[0] in {"validate", "run", "rehearse", "show", "batch"}
    run_command([*arguments, *(["-v"] if has_all else [])])
    told = capsys.readouterr()
    return told.out + told.err


def _codes(told: str) -> Counter[str]:
    return Counter(re.findall(r"(?:error|warning)\[([a-z-]+)\]: ", told))


@pytest.mark.parametrize("code", _EXAMPLES)
def test_the_wrong_example_leads_to_the_code_alone_and_the_right_one_does_not(
    code: str,
    server: RecordingServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    mistake = _mistake(code)
    texts = _documents(mistake)
    Path("credentials.yaml").write_text("token: secret-token-2\n")
    before = _codes(_told(mistake, texts, server, capsys))
    assert before.keys() == {code, *_WITH.get(code, ())}
    corrected = _corrected(_EXAMPLES[code], mistake, texts)
    after = _codes(_told(corrected, texts, server, capsys))
    assert after[code] == (before[code] - 1 if code in _SEVERAL else 0)


_READ: Final = [code for code, each in _EXAMPLES.items() if each.home in {Home.DOCUMENT, Home.DESCRIPTION}]


def _found(texts: dict[str, str], folder: Path) -> set[str]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    with Engine() as engine:
        return {finding.code for finding in engine.validate(folder / "orders.arazzo.yaml")}


@pytest.mark.parametrize("code", _READ)
def test_the_right_example_leads_to_no_other_finding(code: str, tmp_path: Path) -> None:
    mistake = _mistake(code)
    texts = _documents(mistake)
    before = _found(texts, tmp_path)
    _corrected(_EXAMPLES[code], mistake, texts)
    assert _found(texts, tmp_path) <= before | _BESIDE.get(code, set())


def test_a_loop_of_pages_that_is_put_right_asks_for_each_page_and_is_told_nothing(
    server: RecordingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mistake = _mistake("page-repeated")
    texts = _documents(mistake)
    _corrected(_EXAMPLES["page-repeated"], mistake, texts)
    _write(texts)
    last = {"id": "item-1", "price": 3.5}
    server.script("GET", "/items/book", Reply(200, body={**last, "next_cursor": "p2"}), Reply(200, body=last))
    server.script("POST", "/charges", mistake.charge)
    assert run_command(mistake.arguments.format(url=server.url).split()) == 0
    assert not _codes(capsys.readouterr().err)
    assert [each.path for each in server.requests] == ["/items/book", "/items/book?cursor=p2", "/charges"]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_page_says_how_safe_it_is_to_write_what_a_finding_would(mistake: Mistake, tmp_path: Path) -> None:
    for name, text in _documents(mistake).items():
        (tmp_path / name).write_text(text)
    with Engine() as engine:
        for finding in engine.validate(tmp_path / "orders.arazzo.yaml"):
            written = {edit.applicability for edit in finding.edits}
            # each repair says for itself how sure it is: docs/repairs.md
            assert finding.code == "repaired" or written <= {CODES[finding.code].safety}


def test_the_examples_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "invalid-condition"]) == 0
    told = capsys.readouterr()
    shown = told.out + told.err
    assert "wrong, in the Arazzo document:\n    condition: $statusCode => 201\n" in shown
    assert "right:\n    condition: $statusCode == 201\n" in shown
    assert "  fix: write a comparison of the specification's grammar, such as `$statusCode == 200`\n" in shown
    assert "  safety: shown: no command writes it, for a person has to decide\n" in shown

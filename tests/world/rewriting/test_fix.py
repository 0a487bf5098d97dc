"""`arazzo fix`: what it shows, what it writes, and what it leaves alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import places
import pytest

import arazzo_engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("shop_documents")

_DOCUMENT = "orders.arazzo.yaml"
_EDITS = (
    ("$response.body#/id", "$response.body.id   # the id"),
    ("- condition: $statusCode == 200", '- condition: $response.headers.X == "a"'),
)
_DIFFERENCE = """\
--- orders.arazzo.yaml
+++ orders.arazzo.yaml
@@ -24,9 +24,9 @@
       in: path
       value: $inputs.item
     successCriteria:
-    - condition: $response.headers.X == "a"
+    - condition: $response.header.X == 'a'
     outputs:
-      id: $response.body.id   # the id
+      id: $response.body#/id   # the id
       price: $response.body#/price
   - stepId: charge
     operationId: chargeCustomer
"""


def _wrong() -> str:
    text = (places.SHOP / _DOCUMENT).read_text()
    for old, new in _EDITS:
        assert old in text
        text = text.replace(old, new, 1)
    Path(_DOCUMENT).write_text(text)
    return text


def test_without_a_flag_the_difference_is_shown_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    text = _wrong()
    for flags in ([], ["--diff"]):
        assert run_command(["fix", _DOCUMENT, *flags]) == 1
        told = capsys.readouterr()
        assert told.out == _DIFFERENCE
        assert told.err == "1 document: 2 repairs to write\n"
    assert Path(_DOCUMENT).read_text() == text


def test_what_is_written_has_no_repair_left(capsys: pytest.CaptureFixture[str]) -> None:
    text = _wrong()
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "1 document: 2 repairs written\n")
    assert Path(_DOCUMENT).read_text() == text.replace(
        '$response.headers.X == "a"', "$response.header.X == 'a'"
    ).replace("$response.body.id ", "$response.body#/id ")
    assert run_command(["validate", _DOCUMENT, "--fail-on", "warning"]) == 0
    before = Path(_DOCUMENT).stat().st_mtime_ns
    capsys.readouterr()
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    assert capsys.readouterr().err == "1 document: nothing to write\n"
    assert Path(_DOCUMENT).stat().st_mtime_ns == before


def test_of_several_documents_each_is_written_whatever_another_one_is(capsys: pytest.CaptureFixture[str]) -> None:
    _wrong()
    Path("other.arazzo.yaml").write_text(Path(_DOCUMENT).read_text())
    assert run_command(["fix", "--write", _DOCUMENT, "nowhere.yaml", "other.arazzo.yaml"]) == 3
    told = capsys.readouterr()
    assert told.err.startswith("error[source-not-found]: the document cannot be loaded: nowhere.yaml: no such file\n")
    assert told.err.endswith("\n2 documents: 4 repairs written\n")


def test_what_is_for_a_person_is_told_and_is_not_what_fails(capsys: pytest.CaptureFixture[str]) -> None:
    _wrong()
    path = Path(_DOCUMENT)
    path.write_text(path.read_text().replace("$inputs.amount", "$inputs.amoumt"))
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    told = capsys.readouterr()
    person, counted = told.err.splitlines()
    assert person.startswith("for a person: orders.arazzo.yaml:")
    assert person.endswith("; did you mean `amount`?")
    assert counted == "1 document: 2 repairs written, 1 finding for a person"


def test_what_is_only_likelier_than_anything_else_is_written_when_it_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = Path(_DOCUMENT)
    right = path.read_text()
    slips = (("operationId: findItem", "operationId: findItemm"), ("successCriteria", "succesCriteria"))
    wrong = right
    for old, new in slips:
        wrong = wrong.replace(old, new, 1)
    path.write_text(wrong)
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in told] == ["with --unsafe", "with --unsafe", "1 document"]
    assert told[-1] == "1 document: nothing to write, 2 more with `--unsafe`"
    assert path.read_text() == wrong
    assert run_command(["fix", _DOCUMENT, "--write", "--unsafe"]) == 0
    assert path.read_text() == right


def test_a_place_that_cannot_be_written_is_told_with_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    text = _wrong().replace("id: $response.body.id   # the id", "id: &id $response.body.id")
    text = text.replace("price: $response.body#/price", "price: $response.body#/price\n      x-y: *id")
    Path(_DOCUMENT).write_text(text.replace("x-y", "other"))
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    # both places mean the same
    assert "&id $response.body#/id\n" in Path(_DOCUMENT).read_text()
    assert "other: *id\n" in Path(_DOCUMENT).read_text()
    capsys.readouterr()
    Path(_DOCUMENT).write_text(text.replace("      x-y: *id\n", "    x-y: *id\n"))
    assert run_command(["fix", _DOCUMENT, "--write"]) == 1
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        (
            "not written: orders.arazzo.yaml:29:15: `$response.body.id` is read as `$response.body#/id`: "
            "a part of a value is named by a JSON Pointer; write `$response.body#/id`"
        ),
        "1 document: 1 repair written, 1 not written",
    ]
    assert "&id $response.body.id\n" in Path(_DOCUMENT).read_text()


@pytest.mark.parametrize(("mark", "encoding"), [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le")])
def test_rights_marks_and_line_ends_stay(mark: bytes, encoding: str) -> None:
    text = _wrong().replace("\n", "\r\n").replace("# the id", "# die Nümmer 🙂")
    path = Path(_DOCUMENT)
    path.write_bytes(mark + text.encode(encoding))
    path.chmod(0o640)
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    found = path.read_bytes()
    assert found.startswith(mark)
    written = found.removeprefix(mark).decode(encoding)
    assert written == text.replace('$response.headers.X == "a"', "$response.header.X == 'a'").replace(
        "$response.body.id ", "$response.body#/id "
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not [each for each in Path().iterdir() if each.name.startswith(".")]


def test_the_url_of_a_source_that_is_elsewhere_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    Path("arazzo.toml").touch()
    Path("apis").mkdir()
    Path("shop-api.yaml").rename("apis/shop-api.yaml")
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    assert "./apis/shop-api.yaml" in Path(_DOCUMENT).read_text()
    assert capsys.readouterr().err == "1 document: 1 repair written\n"


def _link_out(path: Path) -> None:
    outside = path.absolute().parent.parent / f"{path.absolute().parent.name}-outside.yaml"
    path.rename(outside)
    path.symlink_to(outside)


@pytest.mark.parametrize(("spoil", "why"), [(_link_out, "it is a link that leads out of its folder")])
def test_a_file_that_may_not_be_written_is_refused_and_stays(
    spoil: Callable[[Path], None], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = _wrong()
    spoil(Path(_DOCUMENT))
    assert run_command(["fix", _DOCUMENT, "--write"]) == 74
    told = capsys.readouterr()
    assert told.err.startswith("error[result-unwritten]: ")
    assert f"` was not written: {why}\n" in told.err
    assert Path(_DOCUMENT).read_text() == text


def test_a_link_within_its_folder_stays_a_link() -> None:
    _wrong()
    Path(_DOCUMENT).rename("real.yaml")
    Path(_DOCUMENT).symlink_to("real.yaml")
    assert run_command(["fix", _DOCUMENT, "--write"]) == 0
    assert Path(_DOCUMENT).is_symlink()
    assert "$response.body#/id" in Path("real.yaml").read_text()


def test_a_pipe_and_a_folder_are_no_documents(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe.yaml")
    Path("folder.yaml").mkdir()
    assert run_command(["fix", "--write", "pipe.yaml", "folder.yaml"]) == 3
    told = capsys.readouterr()
    assert "pipe.yaml: it is no regular file" in told.err
    assert "folder.yaml: it is a folder" in told.err


def test_an_output_is_written_by_the_name_that_it_is_read_by_and_so_is_what_names_it() -> None:
    text = """\
arazzo: 1.1.0
info: { title: Lists, version: 1.0.0 }
sourceDescriptions: [{ name: shop, url: shop.yaml, type: openapi }]
workflows:
- workflowId: lists
  inputs: true
  steps:
  - stepId: find
    operationId: findLists
    outputs:
      'lists[0].id': $response.body#/lists[0].id
"""
    with arazzo_engine.Engine() as engine:
        fixed = engine.fix(text, with_sources=False)
        assert engine.fix(fixed.text, with_sources=False).text == fixed.text
    renamed = text.replace("body#/lists[0].id", "body#/lists/0/id").replace("lists[0].id", "lists_0_.id")
    assert fixed.text == renamed.replace("'a b'", "'a_b'")


def test_what_names_an_output_is_written_with_it_or_not_at_all() -> None:
    text = """\
arazzo: 1.1.0
info: { title: Lists, version: 1.0.0 }
sourceDescriptions: [{ name: shop, url: shop.yaml, type: openapi }]
workflows:
- workflowId: lists
  inputs: true
  steps:
  - stepId: find
    operationId: findLists
    outputs: { 'a b': $response.body }
  - stepId: use
    operationId: use
    requestBody: { payload: [&named $steps.find.outputs.a b, $steps.find.outputs.a b] }
- workflowId: other
  inputs: true
  steps:
  - stepId: use
    operationId: use
    requestBody: { payload: *named }
"""
    with arazzo_engine.Engine() as engine:
        fixed = engine.fix(text, with_sources=False)
    assert fixed.text == text
    assert len(fixed.refused) == 3


def test_parameters_that_only_the_operation_can_say_are_written() -> None:
    text = """\
arazzo: 1.1.0
info: { title: Pets, version: 1.0.0 }
sourceDescriptions: [{ name: api, url: api.yaml, type: openapi }]
workflows:
- workflowId: pets
  steps:
  - stepId: find
    operationId: find
    parameters:
    - { name: pet_id, in: path, value: 1 }   # which
  - stepId: move
    operationId: find
    parameters: [{ name: petId, in: query, value: 1 }]
"""
    Path("api.yaml").write_text("""\
openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
servers: [{ url: https://pets.example.com }]
paths:
  /pets/{petId}:
    get:
      operationId: find
      parameters:
      - { name: petId, in: path, required: true, schema: { type: string } }
      - { name: X-Mode, in: header, required: true, schema: { enum: [fast] } }
      - { name: X-Kind, in: header, required: true, schema: { const: [1] } }
      responses: { '200': { description: it } }
""")
    Path("pets.yaml").write_text(text)
    assert run_command(["fix", "--write", "pets.yaml"]) == 0
    fixed = Path("pets.yaml").read_text()
    assert "- { name: petId, in: path, value: 1 }   # which\n" in fixed
    assert "{ name: petId, in: path, value: 1 }" in fixed.splitlines()[-1]
    assert fixed.count("X-Mode") == fixed.count("X-Kind") == 2
    assert run_command(["validate", "pets.yaml", "--fail-on", "warning"]) == 0
    assert run_command(["fix", "pets.yaml"]) == 0


def test_a_condition_that_never_holds_is_left_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    text = (places.SHOP / _DOCUMENT).read_text()
    Path(_DOCUMENT).write_text(
        text.replace("- condition: $statusCode == 200", "- condition: $statusCode == default", 1)
    )
    assert run_command(["fix", _DOCUMENT]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[1:] == [
        (
            "for a person: orders.arazzo.yaml:27:18: warning[status-impossible]: no answer has the status 'default', so"
            " that step `find` always fails; write a number from 100 to 599"
        ),
        "1 document: nothing to write, 2 findings for a person",
    ]

"""However many findings there are, a person sees a screen of them: in full, a line each, counted, errors before all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from arazzo_engine.cli.terminal.screen import fit
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import Diagnostic, Location, Related, diagnose
from arazzo_engine.edits import Applicability, Edit
from arazzo_engine.printable import plain
from arazzo_engine.reporting.findings.screen import SCREEN, Room, show_findings
from arazzo_engine.reporting.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Sequence

_POINTER: Final = "a part of a value is named by a JSON Pointer"


def _repaired(line: int, uri: str = "bill.yaml") -> Diagnostic:
    location = Location(uri, line, 9, "", "      a: $response.body.a", 15)
    message = f"`$response.body.a` is read as `$response.body#/a`: {_POINTER}"
    return diagnose("repaired", message, location, fix="write `$response.body#/a`", kind=_POINTER)


def _unknown(name: str, line: int, uri: str = "bill.yaml") -> Diagnostic:
    location = Location(uri, line, 18, "", f"    operationId: {name}", len(name))
    message = f"step `{name}` names operation `{name}`, which no source description defines"
    return diagnose("operation-not-found", message, location, fix="did you mean `other`?")


def _shown(findings: Sequence[Diagnostic], room: Room | None = None) -> list[str]:
    # the sign of counting, as a letter that is told apart
    return plain(show_findings(findings, room or Room()).text).replace("\u00d7", "x").split("\n")


class _Asked:
    """A place that says when its line was looked up."""

    def __init__(self, number: int, asked: set[int]) -> None:
        self._number, self._asked = number, asked

    def location(self) -> Location:
        self._asked.add(self._number)
        return Location("bill.yaml", self._number)


def test_what_there_is_no_line_for_is_not_written_in_full() -> None:
    asked: set[int] = set()
    related = [(Related("the other one", _Asked(number, asked)),) for number in range(SCREEN + 1)]
    lines = _shown([replace(_repaired(number), related=each) for number, each in enumerate(related)])
    assert lines[-1].startswith(f"  1  warning  repaired: {SCREEN} more x ")
    assert asked == {0}


def test_a_few_are_told_in_full_errors_first_each_by_its_line() -> None:
    lines = _shown([_repaired(40), _unknown("second", 9), _unknown("first", 3)])
    assert [line for line in lines if line.startswith(("error", "warning"))] == [
        "error[operation-not-found]: step `first` names operation `first`, which no source description defines",
        "error[operation-not-found]: step `second` names operation `second`, which no source description defines",
        f"warning[repaired]: `$response.body.a` is read as `$response.body#/a`: {_POINTER}",
    ]
    assert len(lines) == 3 * 7 + 2


def test_many_of_one_kind_are_counted_and_the_first_is_an_example() -> None:
    findings = [_repaired(line) for line in range(31, 43)]
    assert not show_findings(findings, Room()).is_whole
    assert _shown(findings) == [
        f"warning[repaired]: `$response.body.a` is read as `$response.body#/a`: {_POINTER}",
        "  --> bill.yaml:31:9",
        "   |",
        "31 |       a: $response.body.a",
        "   |         ^^^^^^^^^^^^^^^",
        f"   = why: {CODES['repaired'].why}",
        "   = fix: write `$response.body#/a`",
        "",
        "bill.yaml",
        "  32  warning  repaired: 11 more x a part of a value is named by a JSON Pointer, first at line 32",
    ]


def test_operations_without_their_source_are_counted_as_what_is_read_otherwise_is() -> None:
    code = "operation-unqualified"
    unqualified = [replace(_repaired(line), code=code, kind="", message=f"step `s{line}`") for line in range(31, 43)]
    other = replace(_repaired(50), code="output-constant", message="`a` is the output as it is")
    lines = _shown([*unqualified, other])
    summary = CODES[code].summary
    assert lines[-1] == f"  32  warning  operation-unqualified: 11 more x {summary}, first at line 32"
    assert any(line.startswith("warning[output-constant]") for line in lines)


def test_of_two_of_one_kind_the_second_has_its_own_line_below_the_first() -> None:
    assert _shown([_repaired(3), _repaired(9)], Room(11)) == [
        *_shown([_repaired(3)]),
        "",
        "bill.yaml",
        f"  9  warning  repaired: {_repaired(9).message}",
    ]


def test_what_can_be_written_by_itself_is_said_to_be() -> None:
    safe = Edit("bill.yaml", ("a",), '"b"', Applicability.SAFE)
    written = [replace(_repaired(line), edits=(safe,)) for line in range(31, 43)]
    assert _shown(written)[-1].endswith(", first at line 32; `arazzo fix` writes them")
    unsafe = replace(_repaired(50), edits=(replace(safe, applicability=Applicability.UNSAFE),))
    assert _shown([*written, unsafe])[-1].endswith(", first at line 32; `arazzo fix --unsafe` writes them")
    for other in (replace(unsafe, edits=(replace(safe, applicability=Applicability.SHOWN),)), _repaired(50)):
        assert _shown([*written, other])[-1].endswith(", first at line 32")


def test_two_of_one_kind_are_named_by_their_lines() -> None:
    findings = [_repaired(3), _repaired(9), *(_unknown(f"s{line}", line) for line in range(10, 15))]
    line = "   3  warning  repaired: 2 x a part of a value is named by a JSON Pointer, at lines 3 and 9"
    assert line in _shown(findings)


def test_each_error_has_its_line_and_its_fix_before_one_is_told_in_full() -> None:
    lines = _shown(
        [*(_unknown(f"step{line}", line) for line in range(10, 18)), *(_repaired(line) for line in (1, 2, 3))]
    )
    assert lines[-16:] == [
        text
        for line in range(10, 18)
        for text in (
            f"  {line}  error    operation-not-found: {_unknown(f'step{line}', line).message}",
            "      fix: did you mean `other`?",
        )
    ]
    assert lines[:2] == [
        "bill.yaml",
        "   1  warning  repaired: 3 x a part of a value is named by a JSON Pointer, at lines 1, 2 and 3",
    ]


def test_a_thousand_findings_are_a_screen() -> None:
    findings = [*map(_repaired, range(1, 900)), *(_unknown(f"s{line}", line) for line in range(900, 1008))]
    lines = _shown(findings)
    assert len(lines) <= SCREEN
    assert "    2  warning  repaired: 898 more x a part of a value is named by a JSON Pointer, first at line 2" in lines
    line = f"  901  error    operation-not-found: 107 more x {CODES['operation-not-found'].summary}, first at line 901"
    assert [each for each in lines if "operation-not-found: 107" in each] == [line]


def test_of_many_documents_each_has_a_line_and_the_rest_are_counted() -> None:
    findings = [_repaired(line, f"d{number:02}.yaml") for number in range(30) for line in range(1, 4)]
    findings.append(_unknown("charge", 7, "d29.yaml"))
    lines = _shown(findings)
    assert len(lines) <= SCREEN
    assert lines[0].startswith("d00.yaml: 0 errors, 3 warnings; first repaired at line 1: ")
    assert lines[-2].startswith("d29.yaml: 1 error, 3 warnings; first operation-not-found at line 7: step `charge`")
    assert lines[-1] == "… and 0 errors, 27 warnings more"


def test_what_a_line_says_is_masked_before_it_is_cut() -> None:
    masker = Masker()
    masker.learn(["a-long-secret-of-a-credential"])
    location = Location("bill.yaml", 3)
    findings = [
        diagnose("field-value", f"{number} holds a-long-secret-of-a-credential", location) for number in range(30)
    ]
    for columns in range(30, 90):
        shown = show_findings(findings, Room(columns=columns), masker)
        assert "a-long" not in shown.text


@pytest.mark.parametrize("columns", [60, 100, 160])
def test_on_a_terminal_a_line_of_a_list_is_one_line(columns: int) -> None:
    room = Room(columns=columns, lay_out=lambda text: fit(text, columns))
    name = "a-name-that-is-rather-long-for-the-width-of-a-terminal" * 2
    lines = _shown([_unknown(f"{name}{line}", line) for line in range(12)], room)
    assert len(lines) <= SCREEN
    assert all(len(line) <= columns for line in lines)
    assert columns == 160 or all(line.endswith("…") for line in lines if "operation-not-found" in line)


_FINDINGS = st.lists(
    st.one_of(
        st.builds(_repaired, st.integers(1, 2000), st.sampled_from(["a.yaml", "b.yaml", "c.yaml"])),
        st.builds(
            _unknown,
            st.sampled_from(["charge", "refund", "c" * 200]),
            st.integers(1, 2000),
            st.sampled_from(["a.yaml", "b.yaml", "c.yaml"]),
        ),
        st.builds(lambda code: diagnose(code, "of no place"), st.sampled_from(["option-invalid", "input-unknown"])),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(_FINDINGS, st.sampled_from([None, 60, 80, 160]))
def test_no_findings_take_more_than_a_screen_and_no_error_stays_behind_a_warning(
    findings: list[Diagnostic], columns: int | None
) -> None:
    room = Room() if columns is None else Room(columns=columns, lay_out=lambda text: fit(text, columns))
    shown = show_findings(findings, room)
    assert room.holds(shown.text)
    text = plain(shown.text)
    assert not any(finding.is_error for finding in findings) or "error" in text
    if shown.is_whole:
        assert all(finding.code in text for finding in findings)
    everything = plain(show_findings(findings, Room(lines=None)).text)
    assert everything.count(" = why: ") == len(findings)

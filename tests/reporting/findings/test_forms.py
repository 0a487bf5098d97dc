"""Findings for programs: each form is one well-formed text for all documents, with every secret masked.

``sarif-schema-2.1.0.json`` is the schema of the OASIS committee (``Schemata`` of the repository oasis-tcs/sarif-spec),
in the words of draft 7 of JSON Schema, as the npm package @datadog/datadog-ci-plugin-sarif 5.25.0 ships it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from xml.dom.minidom import parseString

import jsonschema
import pytest
from msgspec.structs import replace

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import Diagnostic, Location, Related, diagnose
from arazzo_engine.documents.reading import read_document
from arazzo_engine.edits import Applicability
from arazzo_engine.printable import plain
from arazzo_engine.reporting.findings.checks import CheckedDocument, Checks
from arazzo_engine.reporting.findings.explained import explained
from arazzo_engine.reporting.findings.forms import FORMS
from arazzo_engine.reporting.findings.rewrites import Rewrite, rewrites_of
from arazzo_engine.reporting.findings.screen import Room, show_findings
from arazzo_engine.reporting.masking import Masker

_SARIF: Final = jsonschema.Draft7Validator(
    json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text()),
    format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER,
)


_HERE: Final = Location("bill.yaml", 7, 5, "/workflows/0", "    a: b", 1)


def _finding(message: str = "no such thing", at: Location = _HERE, code: str = "operation-not-found") -> Diagnostic:
    other = (Related("declared here", Location("api.yaml", 2, 3)),)
    return diagnose(code, message, at, fix="b", related=other)


def _checks(*findings: Diagnostic, root: str = "/project", masker: Masker | None = None) -> Checks:
    documents = (CheckedDocument("bill.yaml", findings), CheckedDocument("other.yaml", ()))
    return Checks(documents, root, masker or Masker())


def _sarif(checks: Checks) -> Any:
    log = json.loads(FORMS["sarif"](checks))
    _SARIF.validate(log)
    (run,) = log["runs"]
    return run


def test_sarif_names_the_rule_the_place_and_what_belongs_to_it() -> None:
    run = _sarif(_checks(_finding()))
    (rule,), (result,) = run["tool"]["driver"]["rules"], run["results"]
    assert (rule["id"], rule["defaultConfiguration"]) == ("operation-not-found", {"level": "error"})
    assert CODES["operation-not-found"].why in rule["help"]["text"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("operation-not-found", 0, "error")
    assert result["message"]["text"] == "no such thing\nFix: b"
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "bill.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 6},
    }
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "api.yaml"
    assert related["message"]["text"] == "declared here"


@pytest.mark.parametrize("code", CODES)
def test_a_rule_of_sarif_has_all_that_code_scanning_shows(code: str) -> None:
    # GitHub Docs, SARIF support for code scanning: what is required of a rule and of a result, and at most 1,024
    # characters of a description
    run = _sarif(_checks(diagnose(code, "what is wrong")))
    (rule,), (result,) = run["tool"]["driver"]["rules"], run["results"]
    assert all(0 < len(rule[each]["text"]) <= 1024 for each in ("shortDescription", "fullDescription"))
    assert rule["properties"] == {"problem.severity": CODES[code].severity, "tags": ["arazzo", CODES[code].kind]}
    # no address has the page of a code: it is in the rule
    assert "helpUri" not in rule
    assert rule["help"]["markdown"] == explained(code)
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("bill.yaml", 1)


def test_a_column_of_sarif_counts_code_units_of_utf_16() -> None:
    source = "a: '\U0001f600\U0001f600é' # x"
    run = _sarif(_checks(_finding(at=Location("bill.yaml", 1, 5, "", source, 3))))
    assert run["columnKind"] == "utf16CodeUnits"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (5, 10)


@pytest.mark.parametrize(
    ("name", "artifact"),
    [
        ("docs/a b.yaml", {"uri": "docs/a%20b.yaml", "uriBaseId": "%SRCROOT%"}),
        ("./docs/x.yaml", {"uri": "docs/x.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/project/x:y.yaml", {"uri": "x%3Ay.yaml", "uriBaseId": "%SRCROOT%"}),
        ("../x.yaml", {"uri": "file:///x.yaml"}),
        ("/elsewhere/x.yaml", {"uri": "file:///elsewhere/x.yaml"}),
        ("https://example.com/x.yaml?k=v", {"uri": "https://example.com/x.yaml?k=v"}),
        ("https://me:secret@example.com/x", {"uri": "https://***@example.com/x"}),
        ("<stdin>", {"uri": "stdin", "description": {"text": "the document from stdin"}}),
    ],
)
def test_a_file_of_sarif_is_relative_to_the_folder_of_the_command(name: str, artifact: dict[str, str]) -> None:
    run = _sarif(_checks(_finding(at=Location(name))))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_a_fingerprint_of_sarif_stays_when_lines_move_and_tells_repetitions_apart() -> None:
    def prints(*findings: Diagnostic) -> list[str]:
        return [each["partialFingerprints"]["arazzoFinding/v1"] for each in _sarif(_checks(*findings))["results"]]

    first, other, second = prints(
        _finding(at=Location("bill.yaml", 7)), _finding("another"), _finding(at=Location("bill.yaml", 9))
    )
    assert len({first, second, other}) == 3
    assert prints(_finding(at=Location("bill.yaml", 70)), _finding(at=Location("bill.yaml", 90))) == [first, second]


def test_no_findings_are_a_log_without_results() -> None:
    assert _sarif(_checks())["results"] == []


def test_a_finding_without_a_place_is_in_each_form() -> None:
    finding = diagnose("option-invalid", "no such option")
    (place,) = _sarif(_checks(finding))["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "bill.yaml"
    assert FORMS["github"](_checks(finding)) == "::error title=option-invalid::no such option"
    assert "no such option" in FORMS["junit"](_checks(finding))


def test_junit_has_a_suite_for_each_document_and_a_case_for_each_finding() -> None:
    warning = _finding("a <b> & \x1b \ud800 c", Location("bill.yaml", 2, 1), "operation-unqualified")
    report = parseString(FORMS["junit"](_checks(_finding(), warning)).encode())
    first, second = report.getElementsByTagName("testsuite")
    assert [first.getAttribute(name) for name in ("name", "tests", "failures")] == ["bill.yaml", "2", "1"]
    assert [second.getAttribute(name) for name in ("name", "tests", "failures")] == ["other.yaml", "1", "0"]
    told, failed = first.getElementsByTagName("testcase")
    assert told.getAttribute("name") == "operation-unqualified at bill.yaml:2:1"
    (said,) = told.getElementsByTagName("system-out")
    assert said.firstChild is not None
    assert str(said.firstChild.nodeValue).startswith("warning[operation-unqualified]: a <b> & \\x1b \ufffd c")
    (failure,) = failed.getElementsByTagName("failure")
    assert (failure.getAttribute("type"), failure.getAttribute("message")) == ("operation-not-found", "no such thing")


def test_what_several_documents_share_is_told_once() -> None:
    shared = _finding(at=Location("api.yaml", 3))
    checks = Checks((CheckedDocument("a.yaml", (shared,)), CheckedDocument("b.yaml", (shared, _finding()))))
    assert checks.findings == (shared, _finding())
    assert len(json.loads(FORMS["json"](checks))["diagnostics"]) == 2


@pytest.mark.parametrize("form", FORMS)
def test_secrets_are_masked_in_each_form(form: str) -> None:
    masker = Masker()
    masker.learn(["hunter2-hunter2"])
    at = Location("https://me:pass-word@example.com/hunter2-hunter2.yaml", 1, 1, "/a", "a: hunter2-hunter2", 5)
    related = (Related("see hunter2-hunter2", at),)
    finding = diagnose("field-value", "it is hunter2-hunter2", at, fix="not hunter2-hunter2", related=related)
    text = FORMS[form](_checks(finding, masker=masker))
    assert "field-value" in text
    assert "hunter2" not in text
    assert "pass-word" not in text


def test_sarif_has_what_a_finding_would_write_where_it_is_written() -> None:
    text = (
        "arazzo: 1.0.1\nworkflows:\n- steps:\n  - summary: x  # it\n"
        "    outputs: {a: '\U0001f600', b: $response.body.id}\n"
    )
    document = read_document(text, "file:///project/bill.yaml", "bill.yaml")
    at = document.root().child("workflows", 0, "steps", 0, "outputs", "b")
    sure = diagnose("repaired", "m", at.location(), fix="write it", edits=[at.written("$response.body#/id")])
    likely = diagnose("repaired", "n", at.location(), fix="f", edits=[at.written("x", Applicability.UNSAFE)])
    findings = (_finding(), sure, likely)
    checked = CheckedDocument("bill.yaml", findings, rewrites=rewrites_of(document, findings))
    results = _sarif(Checks((checked,), "/project"))["results"]
    assert "fixes" not in results[2]
    (fix,) = results[0]["fixes"]
    assert fix["description"] == {"text": "write it"}
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "bill.yaml"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 5, "startColumn": 41, "endLine": 5, "endColumn": 42},
            "insertedContent": {"text": "#/"},
        }
    ]
    assert results[1]["fixes"][0]["description"]["text"] == "f (likely, and for a person to decide)"


def test_a_text_that_is_secret_or_very_large_has_no_fixes() -> None:
    document = read_document("a: 1\n", "file:///bill.yaml")
    finding = diagnose("repaired", "m", _HERE, edits=[document.root().child("a").written(2)])
    assert rewrites_of(document, [finding])[0] == Rewrite((1, 4), (1, 5), "2")
    assert rewrites_of(replace(document, is_secret=True), [finding]) == {}
    large = read_document("a: 1\n" + "# x\n" * 60_000, "file:///bill.yaml")
    assert rewrites_of(large, [finding]) == {}


def test_findings_are_told_by_their_line_whatever_their_severity() -> None:
    late, early = _finding(at=Location("bill.yaml", 9)), _finding("other", at=Location("bill.yaml", 7)).as_warning()
    nowhere = diagnose("input-unknown", "of no place")
    checks = _checks(nowhere, late, early)
    assert checks.findings == (early, late, nowhere)
    heads = [line for line in plain(show_findings(checks.findings, Room(None)).text).splitlines() if "]: " in line]
    assert [line.partition("[")[0] for line in heads] == ["warning", "error", "warning"]

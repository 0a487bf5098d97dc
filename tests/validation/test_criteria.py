"""What a criterion says: its status is one that there is, and its pattern no literal of JavaScript."""

from __future__ import annotations

import pytest
from validated import validated

IMPOSSIBLE = (
    ("$statusCode == 20", "20"),
    ("2000 == $statusCode", "2000"),
    ("$statusCode == 200 || $statusCode == 'created'", "'created'"),
    ("!($statusCode != true)", "true"),
    ("$statusCode == 200.5", "200.5"),
    ("$statusCode == 099", None),
)


@pytest.mark.parametrize(("condition", "shown"), IMPOSSIBLE)
def test_what_is_no_status_is_told(condition: str, shown: str | None) -> None:
    for step in (
        {"successCriteria": [{"condition": condition}]},
        {"onFailure": [{"name": "n", "type": "end", "criteria": [{"condition": condition}]}]},
    ):
        (finding,) = (each for each in validated(step) if each.code != "action-never-chosen")
        if shown is not None:
            assert (finding.severity.value, finding.code) == ("warning", "status-impossible")
            assert finding.message == f"no answer has the status {shown}"
            assert finding.location is not None
            assert finding.location.source[finding.location.column - 1 :].startswith(shown)


@pytest.mark.parametrize(
    "condition",
    [
        "$statusCode == 200",
        "$statusCode == '200'",
        "$statusCode == 599",
        "$statusCode == null",
        "$statusCode >= 200 && $statusCode < 600",
        "$statusCode == $inputs.count",
        "$response.body#/statusCode == 20",
    ],
)
def test_what_may_be_a_status_is_not_told(condition: str) -> None:
    answers = {"responses": {"default": {"description": "any"}}}
    assert validated({"successCriteria": [{"condition": condition}]}, answers) == ()


DELIMITED = (
    ("/paid/i", "write `paid`, and letters of either case as `[aA]`: a pattern has no flags"),
    ("/^paid$/", "write `^paid$`"),
    (r"/^a\/b/gm", r"write `^a\/b`, and letters of either case as `[aA]`: a pattern has no flags"),
)


@pytest.mark.parametrize(("pattern", "fix"), DELIMITED)
def test_a_pattern_between_slashes_is_told(pattern: str, fix: str) -> None:
    criterion = {"context": "$response.body#/a", "type": "regex", "condition": pattern}
    (finding,) = validated({"successCriteria": [criterion]})
    assert (finding.severity.value, finding.code, finding.fix) == ("warning", "pattern-delimited", fix)


@pytest.mark.parametrize("pattern", ["/users/", "^/users/$", "/users/1/items", "/a/b", "paid", "/[a-z]+/", "/^a", "//"])
def test_a_pattern_with_slashes_of_its_own_is_not_told(pattern: str) -> None:
    criterion = {"context": "$response.body#/a", "type": "regex", "condition": pattern}
    assert validated({"successCriteria": [criterion]}) == ()


def test_a_query_of_another_language_is_no_pattern() -> None:
    criterion = {"context": "$response.body", "type": "xpath", "condition": "/a/i"}
    assert validated({"successCriteria": [criterion]}) == ()

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
            assert finding.message.startswith(f"no answer has the status {shown}")
            assert finding.location is not None
            assert finding.location.source[finding.location.column - 1 :].startswith(shown)


def test_a_step_that_fails_by_it_is_told_so() -> None:
    (found,) = validated({"successCriteria": [{"condition": "$statusCode == 20"}]})
    assert found.message == "no answer has the status 20, so that step `tried` always fails"
    assert found.fix == "write a number from 100 to 599"
    (found,) = validated({"successCriteria": [{"condition": "$statusCode != 20"}]})
    assert (found.message, found.fix) == ("no answer has the status 20", "write a number from 100 to 599, such as 200")


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


WIDE = (
    ("20*", "302 matches, too", r"write `^20\d$`"),
    ("2*", "300 matches, too", r"write `^2\d\d$`"),
    ("2.*", "302 matches, too", "write `^2.*`"),
    (r"2\d|30\d", "421 matches, too", r"write `^(?:2\d|30\d)`"),
)


def _of_status(pattern: str) -> dict[str, str]:
    return {"context": "$statusCode", "type": "regex", "condition": pattern}


@pytest.mark.parametrize(("pattern", "message", "fix"), WIDE)
def test_a_pattern_that_other_statuses_match_is_told(pattern: str, message: str, fix: str) -> None:
    (finding,) = validated({"successCriteria": [_of_status(pattern)]})
    assert (finding.severity.value, finding.code, finding.fix) == ("warning", "pattern-unanchored", fix)
    assert finding.message == f"`{pattern}` is looked for anywhere, and {message}"


@pytest.mark.parametrize("pattern", ["^2", r"2\d\d", "2..", "200|201", "^(2|3)", r"\d+", ".*", "[^5]..", "2(?!00)"])
def test_a_pattern_of_certain_statuses_is_not_told(pattern: str) -> None:
    assert validated({"successCriteria": [_of_status(pattern)]}) == ()


def test_a_pattern_that_no_status_matches_is_told() -> None:
    (finding,) = validated({"successCriteria": [_of_status("^6..$")]})
    assert (finding.code, finding.message) == ("status-impossible", "no answer has a status that `^6..$` matches")


ALONE = (
    ("$statusCode != 404 || 500", "`500` is compared with nothing, and always holds", "$statusCode != 500", "warning"),
    ("$response.body#/a == 'x' && $statusCode == 200 || 201", "`201` is compared", "$statusCode == 201", "warning"),
    ("$statusCode == 200 && 0", "`0` is compared with nothing, and never holds", "$statusCode == 0", "error"),
)


@pytest.mark.parametrize(("condition", "message", "instead", "severity"), ALONE)
def test_a_value_that_is_compared_with_nothing_is_told(
    condition: str, message: str, instead: str, severity: str
) -> None:
    finding, *_ = validated({"successCriteria": [{"condition": condition}]})
    assert (finding.severity.value, finding.code) == (severity, "comparison-decided")
    assert finding.message.startswith(message)
    assert finding.fix == f"write `{instead}` in its place"


_ANY = "; if any answer will do, say so by `$statusCode >= 100`"
LONE = (
    ("'ok'", "compare it: write `$response.body#/<part> == 'ok'`"),
    ("1", "compare it: write `$response.body#/<part> == 1`"),
    ("true", f"write what must hold, such as `$statusCode == 200`{_ANY}"),
    ("$statusCode", "compare it: write `$statusCode == 200`"),
    ("$method", "compare it: write `$method == '…'`"),
)


@pytest.mark.parametrize(("condition", "fix"), LONE)
def test_a_condition_that_is_a_value_alone_is_told(condition: str, fix: str) -> None:
    (finding,) = validated({"successCriteria": [{"condition": condition}]})
    assert (finding.severity.value, finding.code) == ("warning", "comparison-decided")
    assert finding.message == f"`{condition}` is compared with nothing, and always holds"
    assert finding.fix == fix


@pytest.mark.parametrize("condition", ["$response.body", "$response.body#/a", "$response.header.ETag"])
def test_a_condition_that_asks_whether_something_is_there_is_not_told(condition: str) -> None:
    assert not [each for each in validated({"successCriteria": [{"condition": condition}]}) if "decided" in each.code]


@pytest.mark.parametrize(("condition", "is_told"), [("'ok'", True), ("true", False), ("$statusCode", False)])
def test_of_an_action_a_text_alone_is_told(condition: str, *, is_told: bool) -> None:
    action = {"name": "stop", "type": "end", "criteria": [{"condition": condition}]}
    found = validated({"successCriteria": [{"condition": "$statusCode == 200"}], "onFailure": [action]})
    assert [each.code for each in found] == ["comparison-decided"] * is_told


@pytest.mark.parametrize(("sign", "says"), [("==", "never"), ("!=", "always")])
def test_a_value_that_is_denied_before_it_is_compared_is_told(sign: str, says: str) -> None:
    (finding,) = validated({"successCriteria": [{"condition": f"!$response.body#/a {sign} null"}]})
    assert (finding.severity.value, finding.code) == ("error", "comparison-decided")
    assert finding.message == f"`!$response.body#/a` is `true` or `false`, so the comparison {says} holds"
    assert finding.fix == f"write `!($response.body#/a {sign} null)` if the comparison is denied"


@pytest.mark.parametrize(
    "condition",
    [
        "$response.body#/a != 'x' || $response.body#/a != 'y'",
        "$statusCode != 200 || $statusCode != 201",
        "$response.body#/a == 'x' || $response.body#/a != 'x'",
        "$statusCode >= 200 || $statusCode < 500",
    ],
)
def test_comparisons_of_which_one_is_always_so_are_told(condition: str) -> None:
    (finding,) = validated({"successCriteria": [{"condition": condition}]})
    assert (finding.severity.value, finding.code) == ("warning", "comparison-decided")
    assert finding.message == f"`{condition}` always holds"
    assert finding.fix == "join them by `&&` if all of them must be so"


@pytest.mark.parametrize(
    "condition",
    [
        "$response.body#/a == 'x' || $response.body#/a == 'y'",
        "$response.body#/a != 'x' || $response.body#/b != 'y'",
        "$statusCode >= 200 && $statusCode < 500 || $statusCode == 503",
        "$response.body#/a > 3 || $response.body#/a <= 2",
    ],
)
def test_comparisons_that_may_all_fail_are_not_told(condition: str) -> None:
    assert validated({"successCriteria": [{"condition": condition}]}) == ()


@pytest.mark.parametrize("condition", ["!($response.body#/a == null)", "!$response.body#/a == true"])
def test_a_comparison_that_is_denied_is_not_told(condition: str) -> None:
    assert validated({"successCriteria": [{"condition": condition}]}) == ()


SEVERAL = (
    ("$..name == 'x'", "$..[?@.name == 'x']"),
    ('$.items[*].id == "3"', "$.items[?@.id == '3']"),
    ("$.items[*].owner.id > 3", "$.items[?@.owner.id > 3]"),
    ("$.items[*] != 3", "$.items[?@ != 3]"),
    ("$.items[*].name contains 'x'", "$.items[?search(@.name, 'x')]"),
    ("$.items[*].tags[*].name == 'x'", "$.items[*].tags[?@.name == 'x']"),
)


@pytest.mark.parametrize(("condition", "written"), SEVERAL)
def test_a_comparison_of_several_nodes_is_told_as_the_query_it_may_be(condition: str, written: str) -> None:
    criterion = {"context": "$response.body", "type": "jsonpath"}
    (finding,) = validated({"successCriteria": [{**criterion, "condition": condition}]})
    assert (finding.code, finding.fix) == (
        "invalid-query",
        f"write `{written}`, which passes where one of them is so",
    )
    assert validated({"successCriteria": [{**criterion, "condition": written}]}) == ()


def test_comparisons_of_several_nodes_are_criteria_of_their_own() -> None:
    criterion = {"context": "$response.body", "type": "jsonpath", "condition": "$.a[*].id == 3 && $.state == 'x'"}
    (finding,) = validated({"successCriteria": [criterion]})
    assert finding.fix == "write each comparison as a criterion of its own"

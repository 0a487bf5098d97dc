"""Conditions on a status name one that an answer can have."""

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
        (finding,) = validated(step)
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
    assert validated({"successCriteria": [{"condition": condition}]}) == ()

"""Files that do not say what they decide, and excuses without a reason."""

from __future__ import annotations

from typing import Final

from architecture.cases.case import DOCUMENTED, Case, early
from architecture.rules.words import (
    ONE_SENTENCE_UP_TO,
    gives_a_reason_for_each_excuse,
    has_a_name_that_says_something,
    says_what_it_decides,
)

_LONG: Final = "x = 1\n" * ONE_SENTENCE_UP_TO
_NOQA: Final = "# no" + "qa"  # written apart: a linter would take it for its own
_TYPE: Final = "# type" + ": ignore"

CASES: Final = (
    Case(says_what_it_decides, early("x = 1"), early('"""It is one."""')),
    Case(says_what_it_decides, early('"""It is one."""\n' + _LONG), early(DOCUMENTED + _LONG)),
    Case(has_a_name_that_says_something, {"early/http_utils.py": ""}, {"early/servers.py": ""}),
    Case(has_a_name_that_says_something, {"common/reading.py": ""}, {"early/reading.py": ""}),
    Case(
        gives_a_reason_for_each_excuse,
        early(f"x = 1  {_NOQA}: E501, B008"),
        early(f"x = 1  {_NOQA}: E501, B008 - a row is a line"),
    ),
    Case(gives_a_reason_for_each_excuse, early(f"x = 1  {_NOQA}"), early(f"x = '{_NOQA}'")),
    Case(
        gives_a_reason_for_each_excuse,
        early(f"x = 1  {_TYPE}[arg-type]"),
        early(f"x = 1  {_TYPE}[arg-type]  # it was made so"),
    ),
    Case(gives_a_reason_for_each_excuse, early(f"x = 1  {_TYPE}"), early("x = 1  # the types of these: ignored")),
    Case(
        gives_a_reason_for_each_excuse,
        early(f"x = 1  {_TYPE}[arg-type]  {_NOQA}: E501 - a row is a line"),
        early(f"x = 1  {_TYPE}[arg-type]  # it was made so  {_NOQA}: E501 - a row is a line"),
    ),
)

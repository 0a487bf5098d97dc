"""Whether conditions can hold together: certain where it says that they cannot, and silent otherwise."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.language.conditions.condition import judge
from arazzo_engine.language.conditions.contradictions import Circumstances, Opaque, can_hold
from arazzo_engine.language.conditions.grammar import parse_condition, parse_own_condition
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.scope import Scope

if TYPE_CHECKING:
    from arazzo_engine.language.conditions.contradictions import Claim

_ANSWERED: Final = Circumstances(is_answered=True)
_NO_ANSWER: Final = Circumstances(frozenset({Root.STATUS_CODE, Root.RESPONSE}))


def _claims(*conditions: str) -> list[Claim]:
    return [parse_condition(each).node for each in conditions]


_CANNOT: Final[list[tuple[str, ...]]] = [
    ("1 == 2",),
    ("false",),
    ("'a' == 'b'",),
    ("$statusCode == 200 && $statusCode == 404",),
    ("$statusCode == 200", "$statusCode == 404"),
    ("$statusCode == 200", "$statusCode != 200"),
    ("$statusCode == 200", "!($statusCode == 200)"),
    ("$statusCode > 200", "$statusCode < 201"),
    ("$statusCode >= 400", "$statusCode < 300 || $statusCode == 304"),
    ("$statusCode < 100", "$statusCode > 99"),
    ("$response.body#/status == 'done'", "$response.body#/status == 'failed'"),
    ("$response.body#/status == 'done'", "$response.body.status == 'failed'"),
    ("$response.body#/status == 'done'", "$response.body#/status == null"),
    ("$response.body#/count > 5", "$response.body#/count <= 5"),
    ("$response.body#/count > 5", "$response.body#/count == null"),
    ("$response.body#/ok == true", "$response.body#/ok == false"),
    ("$response.body#/ok", "$response.body#/ok == false"),
    ("$response.body#/name", "$response.body#/name == ''"),
    ("$response.body#/n == 1", "$response.body#/n == '2'"),
    ("$response.body#/n == '1'", "$response.body#/n == 2"),
    ("$response.body#/a == $inputs.a", "!($response.body#/a == $inputs.a)"),
    ("$inputs.a == 1 && $statusCode == 200", "$statusCode == 404 && $inputs.b == 2"),
]
_CAN: Final[list[tuple[str, ...]]] = [
    (),
    ("true",),
    ("1 == 1.0",),
    ("'a' == 'A'",),
    ("$statusCode == 200 || $statusCode == 404",),
    ("$statusCode > 200", "$statusCode < 202"),
    ("$statusCode >= 200", "$statusCode <= 200"),
    # a text that is a number is one when it meets a number
    ("$response.body#/n == 1", "$response.body#/n == '1.0'"),
    ("$response.body#/n == 1", "$response.body#/n != '1'"),
    ("$response.body#/n == '1'", "$response.body#/n == '1.0'"),
    ("$response.header.x > 5", "$response.header.x < 6"),
    ("$response.header.x == ' 5'", "$response.header.x == 5"),
    # texts have no case
    ("$response.body#/status == 'done'", "$response.body#/status == 'DONE'"),
    ("$response.body#/status != 'done'", "$response.body#/status != 'failed'"),
    ("$response.body#/status != null", "$response.body#/status != 'failed'"),
    ("!$response.body#/ok", "$response.body#/ok != false"),
    ("$response.body#/a", "$response.body#/a != true"),
    # texts have an order, of which nothing is said
    ("$response.body#/a > 'a'", "$response.body#/a < 'a'"),
    ("$response.body#/n > 9007199254740992", "$response.body#/n < 9007199254740994"),
    # different operands
    ("$response.body#/a == 1", "$response.body#/b == 2"),
    ("$response.body#/a == $inputs.a", "$response.body#/a != $inputs.b"),
    ("$inputs.x == 'user-{$inputs.y}'", "$inputs.x == 'other-{$inputs.y}'"),
]


@pytest.mark.parametrize("conditions", _CANNOT)
def test_what_excludes_each_other_cannot_hold(conditions: tuple[str, ...]) -> None:
    assert not can_hold(_claims(*conditions))


@pytest.mark.parametrize("conditions", _CAN)
def test_what_does_not_exclude_each_other_may_hold(conditions: tuple[str, ...]) -> None:
    assert can_hold(_claims(*conditions))


@pytest.mark.parametrize(
    ("wanted", "unless", "can"),
    [
        ("$statusCode == 200", ["$statusCode == 200"], False),
        ("$statusCode == 200", ["$statusCode < 300"], False),
        ("$statusCode == 200", ["$statusCode < 300", "$response.body#/ok"], True),
        ("$statusCode < 300", ["$statusCode == 200"], True),
        ("$statusCode == 200 && $response.body#/ok", ["$statusCode == 200", "$response.body#/ok"], True),
        ("$response.body#/ok", ["$statusCode >= 100", "$response.body#/ok"], False),
        ("true", ["$statusCode >= 100"], False),
        ("true", ["1 == 1"], False),
        ("$response.body#/a == $inputs.a", ["$response.body#/a == $inputs.a"], False),
        ("$response.body#/a == $inputs.a", ["$response.body#/b == $inputs.a"], True),
        # an order that is asked of a text fails, and so does its opposite
        ("true", ["$response.body#/n > 5 || $response.body#/n <= 5"], True),
    ],
)
def test_a_group_that_holds_whenever_something_does_excludes_it(wanted: str, unless: list[str], can: bool) -> None:
    assert can_hold(_claims(wanted), [_claims(*unless)], _ANSWERED) is can


def test_several_groups_exclude_what_none_of_them_does_alone() -> None:
    groups = [_claims("$statusCode < 300"), _claims("$statusCode >= 300")]
    assert not can_hold((), groups, _ANSWERED)
    # without an answer there is no status that could be ordered
    assert can_hold((), groups)


def test_a_group_without_claims_excludes_everything() -> None:
    assert not can_hold((), [()])


def test_without_an_answer_nothing_of_one_has_a_value() -> None:
    assert not can_hold(_claims("$statusCode == 401"), circumstances=_NO_ANSWER)
    assert not can_hold(_claims("$response.body#/error == 'x'"), circumstances=_NO_ANSWER)
    assert can_hold(_claims("$statusCode != 401"), circumstances=_NO_ANSWER)
    assert can_hold(_claims("$statusCode == null"), circumstances=_NO_ANSWER)
    assert not can_hold(_claims("!$statusCode"), circumstances=_ANSWERED)


def test_a_query_is_the_same_wherever_it_is_asked() -> None:
    assert not can_hold([Opaque("a")], [[Opaque("a")]])
    assert can_hold([Opaque("a")], [[Opaque("b")]])


def _own_claims(*conditions: str) -> list[Claim]:
    return [parse_own_condition(each).node for each in conditions]


@pytest.mark.parametrize("value", ["{}", "[]", '{"a": [1, true]}'])
def test_a_comparison_with_a_whole_value_is_known_to_be_the_same_one_alone(value: str) -> None:
    asked = f"$response.body == {value}"
    assert can_hold(_own_claims(asked, "$statusCode == 200"))
    assert can_hold(_own_claims(asked), [_own_claims("$response.body == [2]")])
    assert not can_hold(_own_claims(asked), [_own_claims(asked)])


def test_whole_values_are_told_apart_by_what_is_in_them() -> None:
    assert can_hold(_own_claims("$response.body == [1]"), [_own_claims("$response.body == [true]")])


def test_very_many_conditions_are_let_be() -> None:
    many = " || ".join(f"$inputs.n == {number}" for number in range(10_000))
    assert can_hold(_claims(many, "$inputs.n == -1"))


_LITERALS: Final = ("1", "2", "'1'", "'1.0'", "'a'", "''", "null", "true", "false", "0")
_VALUES: Final[list[Any]] = [
    *(None, True, False, 0, 1, 2, 3, 1.5, -1, 0.5, "1", "1.0", "A", "a", "b", "", "0", "2e0", "1.5", {}, [], [1]),
]


@pytest.mark.parametrize("operators", [*product(("==", "!=", "<", ">="), repeat=2)])
def test_what_holds_for_some_value_is_never_excluded(operators: tuple[str, str]) -> None:
    for literals in product(_LITERALS, repeat=2):
        pair = [f"$inputs.x {sign} {literal}" for sign, literal in zip(operators, literals, strict=True)]
        conditions = [parse_condition(each) for each in pair]
        scopes = [Scope(inputs={"x": value}) for value in _VALUES]
        holds = any(all(judge(each, scope).passed for each in conditions) for scope in scopes)
        only_first = any(
            judge(conditions[0], scope).passed and not judge(conditions[1], scope).passed for scope in scopes
        )
        assert can_hold([each.node for each in conditions]) or not holds, pair
        assert can_hold([conditions[0].node], [[conditions[1].node]]) or not only_first, pair


def test_a_media_type_with_parameters_is_one_without_them_too() -> None:
    name = "$response.header.Content-Type"
    both = [parse_own_condition(f"{name} == '{each}'").node for each in ("application/json", "application/json; v=1")]
    assert can_hold(both)
    # texts are compared as they are
    assert not can_hold([parse_condition(f"{name} == '{each}'").node for each in ("a/b", "a/b; v=1")])

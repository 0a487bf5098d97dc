"""The package keeps every rule of the house, and every rule is seen to find what breaks it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import places
import pytest

from architecture.allowances import ALLOWANCES, Allowances
from architecture.cases import CASES
from architecture.house import House
from architecture.layout import BESIDE_THE_PACKAGE, LAYOUT, PACKAGE_NAME
from architecture.rules import RULES
from architecture.rules.budgets import keeps_folders_small
from architecture.rules.words import gives_a_reason_for_each_excuse
from architecture.source import Module, read_modules

if TYPE_CHECKING:
    from architecture.cases.case import Case
    from architecture.house import Rule


@cache
def package() -> House:
    return House(read_modules(places.ROOT / PACKAGE_NAME))


@cache
def beside_the_package() -> House:
    modules = (
        Module(f"{folder}/{module.path}", module.text)
        for folder in BESIDE_THE_PACKAGE
        for module in read_modules(places.ROOT / folder)
    )
    return House(tuple(modules), allowed=Allowances())


def name_of(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_the_package_keeps_the_rule(rule: Rule) -> None:
    findings = list(rule(package()))
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("rule", [keeps_folders_small, gives_a_reason_for_each_excuse], ids=name_of)
def test_what_stands_beside_the_package_keeps_the_rule(rule: Rule) -> None:
    findings = list(rule(beside_the_package()))
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: name_of(case.rule))
def test_a_rule_finds_what_breaks_it_and_nothing_else(case: Case) -> None:
    assert len(case.findings()) == 1
    assert not case.false_findings()


def test_every_rule_is_shown_to_fail() -> None:
    assert {case.rule for case in CASES} >= set(RULES)


def test_the_stages_are_read_from_the_package() -> None:
    stages = {package().stage_of(module) for module in package().modules}
    assert set(LAYOUT.stages) < stages


def test_the_tests_mirror_the_house() -> None:
    """A folder of tests below a stage's name is a wing of that stage."""
    wings = {module.folder for module in package().modules}
    stages = {stage.name for stage in LAYOUT.stages}
    folders = {module.folder.removeprefix("tests/") for module in beside_the_package().modules}
    assert {each for each in folders if each.partition("/")[0] in stages} <= wings


def test_every_allowance_has_a_reason() -> None:
    reasons = (ALLOWANCES.circles, ALLOWANCES.broad_catches, ALLOWANCES.many_parameters)
    assert all(len(reason.split()) > 2 for listed in reasons for reason in listed.values())

"""What is private to a third party is used in listed places only, under bounds that the project declares."""

from __future__ import annotations

import tomllib

import places
import pytest

from architecture.house import House
from architecture.private_names import PRIVATE_NAMES
from architecture.rules.privacy import (
    lists_only_private_names_that_are_used,
    lists_the_private_names_it_uses,
    unbounded,
)
from architecture.test_house import beside_the_package, package


def test_the_private_names_that_are_used_beside_the_package_are_listed_too() -> None:
    findings = list(lists_the_private_names_it_uses(House(beside_the_package().modules)))
    assert not findings, "\n".join(findings)


def test_every_listed_private_name_is_used() -> None:
    everything = House((*package().modules, *beside_the_package().modules))
    findings = list(lists_only_private_names_that_are_used(everything))
    assert not findings, "\n".join(findings)


def test_every_library_with_a_listed_private_name_is_bounded() -> None:
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = {bound for bound, _ in PRIVATE_NAMES.values()}
    assert not list(unbounded(wanted, [*project["dependencies"], *(each for extra in extras for each in extra)]))


@pytest.mark.parametrize(
    ("requirements", "missing"),
    [
        (["a>=1,<2", "b"], []),
        (["a>=1"], ["a<2"]),
        (["a>=1,<20"], ["a<2"]),
        (["a>=1,<2", "a>=1"], ["a<2"]),
        (["a-b>=1,<2"], ["a<2"]),
        ([], ["a<2"]),
    ],
)
def test_a_library_without_its_bound_is_found(requirements: list[str], missing: list[str]) -> None:
    assert list(unbounded({"a<2"}, requirements)) == missing

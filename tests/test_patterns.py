"""The regular expressions of modules: the same as compiled ones, from their first use on."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
from copy import deepcopy

import pytest

import arazzo_engine
from arazzo_engine.patterns import LazyPattern, lazy_pattern


def test_a_pattern_is_compiled_at_its_first_use() -> None:
    wrong = lazy_pattern("(")
    with pytest.raises(re.error):
        wrong.match("")


def test_a_pattern_has_all_that_a_compiled_one_has() -> None:
    lazy, compiled = lazy_pattern("(?P<first>a)b", re.IGNORECASE), re.compile("(?P<first>a)b", re.IGNORECASE)
    assert lazy.groupindex == compiled.groupindex
    assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)
    assert lazy.sub(r"\g<first>", "AB ab") == compiled.sub(r"\g<first>", "AB ab") == "A a"


def test_a_pattern_may_be_one_of_bytes() -> None:
    assert lazy_pattern(b"[0-9]+").findall(b"1 and 23") == [b"1", b"23"]


def test_a_copy_of_a_pattern_is_one() -> None:
    assert deepcopy(lazy_pattern("a")).fullmatch("a")


# of a library with two lines of releases, only one is installed
_EITHER = ("jsonpath.library_1", "jsonpath.library_2")


def test_every_pattern_of_the_package_can_be_compiled() -> None:
    for module in pkgutil.walk_packages(arazzo_engine.__path__, "arazzo_engine."):
        if not module.name.endswith(("__main__", *_EITHER)):
            importlib.import_module(module.name)
    named = [each for each in gc.get_objects() if type(each) is LazyPattern]
    assert named
    for each in named:
        assert each.groups >= 0

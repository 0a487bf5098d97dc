"""How long functions and files may be, how many files a folder holds, how many parameters a function takes.

What is longer is two things. The lines of a function count from its ``def``, without its docstring.
"""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING, Final

from architecture.source import size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from architecture.house import House, Rule
    from architecture.source import Function

MEDIAN_FUNCTION: Final = 8
LONG_FUNCTION: Final = 25  # one in twenty may be longer
LONGEST_FUNCTION: Final = 45
LONGEST_FILE: Final = 500
LARGEST_FOLDER: Final = 15
MOST_PARAMETERS: Final = 4


def keeps_functions_short(house: House) -> Iterator[str]:
    for module, name, function in house.functions():
        if size(function) > LONGEST_FUNCTION:
            yield module.finding(function, f"`{name}` has {size(function)} lines, more than {LONGEST_FUNCTION}")


def keeps_most_functions_very_short(house: House) -> Iterator[str]:
    sizes = [size(function) for _, _, function in house.functions()]
    if len(sizes) > 1 and statistics.median(sizes) > MEDIAN_FUNCTION:
        yield f"half of the functions have {statistics.median(sizes)} lines or more, more than {MEDIAN_FUNCTION}"
    if len(sizes) > 1 and (long := statistics.quantiles(sizes, n=20, method="inclusive")[-1]) > LONG_FUNCTION:
        yield f"one function in twenty has {long} lines or more, more than {LONG_FUNCTION}"


def keeps_files_short(house: House) -> Iterator[str]:
    for module in house.modules:
        lines = len(module.text.splitlines())
        if lines > LONGEST_FILE:
            yield f"{module.path}:{LONGEST_FILE}: the file has {lines} lines, more than {LONGEST_FILE}"


def keeps_folders_small(house: House) -> Iterator[str]:
    folders = Counter(module.folder for module in house.modules if not module.is_init)
    for folder, files in sorted(folders.items()):
        if files > LARGEST_FOLDER:
            yield f"{folder}: the folder has {files} files, more than {LARGEST_FOLDER}"


def takes_few_parameters(house: House) -> Iterator[str]:
    for module, name, function in house.functions():
        count = parameters(function)
        if count > MOST_PARAMETERS and (module.path, name) not in house.allowed.many_parameters:
            yield module.finding(function, f"`{name}` has {count} parameters, and MANY_PARAMETERS does not list it")


def lists_only_parameters_that_are_many(house: House) -> Iterator[str]:
    found = {(module.path, name) for module, name, each in house.functions() if parameters(each) > MOST_PARAMETERS}
    for path, name in sorted(set(house.allowed.many_parameters) - found):
        yield f"{path}: MANY_PARAMETERS lists `{name}`, which has {MOST_PARAMETERS} or fewer, or does not exist"


def parameters(function: Function) -> int:
    """Return how many named parameters it has, without ``self`` and ``cls``."""
    arguments = function.args
    named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return sum(each.arg not in {"self", "cls"} for each in named)


RULES: Final[tuple[Rule, ...]] = (
    keeps_functions_short,
    keeps_most_functions_very_short,
    keeps_files_short,
    keeps_folders_small,
    takes_few_parameters,
    lists_only_parameters_that_are_many,
)

"""Pure stages that touch the world, text that is run as code, libraries in the wrong place."""

from __future__ import annotations

from typing import Final

from architecture.allowances import Allowances
from architecture.cases.case import Case, early, loading, world
from architecture.rules.purity import (
    asks_of_any_name_what_stands_there,
    asks_the_disk_by_noted_questions,
    calls_no_io_above_the_line,
    evaluates_no_text_as_code,
    imports_no_io_above_the_line,
    leaves_each_library_to_its_modules,
    lists_only_importers_that_import,
)

_ONE_IMPORTER: Final = Allowances(only_importers={"httpx": ("world/example.py",)})

_BELOW: Final = """
@question
def below(path):
    return look(path)
def look(path):
    return os.scandir(path)
"""

CASES: Final = (
    Case(imports_no_io_above_the_line, early("import os.path"), early("import posixpath")),
    Case(imports_no_io_above_the_line, early("from urllib import request"), early("from urllib.parse import quote")),
    Case(imports_no_io_above_the_line, early("def f():\n    import time"), early("import timeit")),
    Case(imports_no_io_above_the_line, early("import logging"), world("import logging")),
    Case(imports_no_io_above_the_line, {"late.py": "import sys"}, {"__main__.py": "import sys"}),
    Case(calls_no_io_above_the_line, early("print('x')"), early("report.print('x')")),
    Case(calls_no_io_above_the_line, early("moment = datetime.now()"), early("moment = run.now")),
    Case(calls_no_io_above_the_line, early("text = open('x').read()"), world("text = open('x').read()")),
    Case(
        asks_the_disk_by_noted_questions,
        loading("def size(path):\n    return path.stat().st_size"),
        loading("@question\ndef size(path):\n    return path.stat().st_size"),
    ),
    Case(
        asks_the_disk_by_noted_questions,
        loading(_BELOW + "def other(path):\n    return look(path)"),
        loading(_BELOW),
    ),
    Case(asks_of_any_name_what_stands_there, world("Path(name).exists()"), world("is_taken(Path(name))")),
    Case(
        asks_of_any_name_what_stands_there,
        world("for each in names:\n    Path(each).is_dir()"),
        world("try:\n    Path(name).is_dir()\nexcept OSError:\n    pass"),
    ),
    Case(evaluates_no_text_as_code, world("eval('1')"), world("ast.literal_eval('1')")),
    Case(evaluates_no_text_as_code, early("compile(text, '', 'exec')"), early("re.compile(text)")),
    Case(evaluates_no_text_as_code, world("from pickle import loads"), world("from json import loads")),
    Case(
        leaves_each_library_to_its_modules,
        {"world/other.py": "import httpx"},
        world("import httpx") | {"world/other.py": "import httpx_sse"},
        allowed=_ONE_IMPORTER,
    ),
    Case(
        lists_only_importers_that_import, world("import json"), world("from httpx import Client"), allowed=_ONE_IMPORTER
    ),
)

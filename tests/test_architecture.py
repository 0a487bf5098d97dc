"""The rules of the house, enforced from the package's own syntax trees.

Each rule is a function from a parsed module to its findings; ``RULES`` lists them all. Every rule is shown a source
that breaks it and one that keeps it, so that none of them can pass by finding nothing ever.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from arazzo_engine.diagnostic_codes import CODES

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = ROOT / "arazzo_engine"
OUTSIDE: Final = ("tests/", "benchmarks/", "conformance/", "scripts/")

# each stage imports only itself and what stands before it
STAGES: Final = (
    "diagnostic_codes",
    "diagnostics",
    "documents",
    "language",
    "apis",
    "validation",
    "machine",
    "world",
    "cli",
    "front",  # `__init__` and `__main__`: they show the stages to the outside
)
LAST_PURE_STAGE: Final = "machine"

BANNED_ABOVE_THE_LINE: Final = (
    *("os", "sys", "io", "pathlib", "tempfile", "shutil", "subprocess", "importlib"),
    *("socket", "httpx", "requests", "urllib.request", "http.client"),
    *("time", "random", "secrets", "uuid"),
    *("asyncio", "threading"),
    *("logging", "click", "rich"),
)
BANNED_CALLS_ABOVE_THE_LINE: Final = frozenset({"open", "print", "input"})
CLOCK_CALLS: Final = frozenset({"now", "utcnow", "today"})
BANNED_EVERYWHERE: Final = frozenset({"pickle", "marshal", "shelve"})
BANNED_CALLS_EVERYWHERE: Final = frozenset({"eval", "exec", "compile", "__import__"})
ONLY_IMPORTER: Final = {"httpx": "world/transport.py", "openapi_core": "world/contract.py"}

MEDIAN_FUNCTION: Final = 8
LONG_FUNCTION: Final = 40  # one in twenty may be longer
LONGEST_FUNCTION: Final = 60
LONGEST_FILE: Final = 600
ONE_SENTENCE_UP_TO: Final = 30
VAGUE_WORDS: Final = ("util", "helper", "manager", "handler", "common")
VAGUE_NAMES: Final = frozenset({*VAGUE_WORDS, *(f"{word}s" for word in VAGUE_WORDS)})
MUTABLE_DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS: Final = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"})

# the only places that may catch everything, and why
BROAD_CATCHES: Final[dict[tuple[str, str], str]] = {
    ("cli/commands.py", "run_command"): "a bug in the engine is told as one and must not look like a document's fault",
    ("world/contract.py", "_Checking.findings"): "what was sent has happened: no schema of others may lose its report",
    ("cli/running.py", "_drive"): "what was sent has happened: no bug of the engine may lose its report",
    ("cli/running.py", "observer.observe"): "a run that has sent a request must not end because it cannot be told",
}

# the modules within a library that its documentation names; all others are its own affair
DOCUMENTED_MODULES: Final = frozenset(
    {
        *("defusedxml.ElementTree", "defusedxml.minidom"),
        "elementpath.datatypes",
        *("h2.config", "h2.connection", "h2.events"),
        "hypothesis.strategies",
        *("jsonpath_ng.ext", "jsonpath_ng.jsonpath"),
        *("jsonschema.exceptions", "jsonschema.validators"),
        "msgspec.structs",
        *("rich.console", "rich.status", "rich.text"),
        "werkzeug.datastructures",
    }
)
# every private name of a third party that is used: where and which, the bound in pyproject.toml, and why.
# Private are names with an underscore and modules that no documentation names.
PRIVATE_IMPORTS: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("language/draft_json_paths.py", "jsonpath_ng.exceptions"): ("jsonpath-ng<2", "what a parser raises"),
    ("language/draft_json_paths.py", "jsonpath_ng.ext.filter"): ("jsonpath-ng<2", "which parts are those of the draft"),
    ("language/draft_json_paths.py", "jsonpath_ng.ext.string"): (
        "jsonpath-ng<2",
        "what a parser raises too",
    ),
    ("language/jsonpath_library_1.py", "jsonpath_rfc9535.filter_expressions"): (
        "jsonpath-rfc9535<2.1",
        "a filter has no other place where its work could be counted",
    ),
    ("language/jsonpath_library_1.py", "jsonpath_rfc9535.function_extensions"): (
        "jsonpath-rfc9535<2.1",
        "a function is taken for one only when it has this base",
    ),
    ("language/jsonpath_library_1.py", "jsonpath_rfc9535.selectors"): ("jsonpath-rfc9535<2.1", "where filters are"),
    ("language/jsonpath_library_2.py", "jsonpath_rfc9535._ast"): ("jsonpath-rfc9535<2.1", "where filters are"),
    ("language/jsonpath_library_2.py", "jsonpath_rfc9535._resolve_standard"): (
        "jsonpath-rfc9535<2.1",
        "a query has no other place where its work could be counted",
    ),
    ("language/xpaths.py", "elementpath.tdop"): (
        "elementpath<5.2",
        "parses without evaluating, which may never end",
    ),
    ("language/xpaths.py", "elementpath.xpath30"): ("elementpath<5.2", "XPath 3.0 has no other name"),
    ("language/xpaths.py", "elementpath.xpath31"): ("elementpath<5.2", "XPath 3.1 has no other name"),
    ("world/contract.py", "openapi_core.datatypes"): (
        "openapi-core<0.24",
        "its protocol of a request asks for it",
    ),
    ("world/contract.py", "openapi_core.templating.responses.exceptions"): (
        "openapi-core<0.24",
        "a status that is not documented is told by no other error",
    ),
    ("world/transport.py", "httpx._main"): ("httpx<0.29", "is kept from being imported: it costs 50 ms"),
    ("world/transport.py", "transport._pool"): ("httpx<0.29", "httpx takes no network backend itself"),
    ("tests/apis/test_serialization.py", "openapi_core.deserializing.styles"): (
        "openapi-core<0.24",
        "reads back what the engine writes",
    ),
}

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A source file; ``path`` is relative to the package, with slashes."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return parse(self.text)

    @property
    def stage(self) -> str:
        first = self.path.removesuffix(".py").partition("/")[0]
        return "front" if first.startswith("__") else first

    @property
    def is_pure(self) -> bool:
        return STAGES.index(self.stage) <= STAGES.index(LAST_PURE_STAGE)

    @property
    def is_of_the_package(self) -> bool:
        return not self.path.startswith(OUTSIDE)

    def finding(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


Rule: TypeAlias = Callable[[Module], Iterator[str]]


@cache
def parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def package() -> tuple[Module, ...]:
    files = sorted(PACKAGE.rglob("*.py"))
    return tuple(Module(file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8")) for file in files)


@cache
def outside() -> tuple[Module, ...]:
    """Return what is not of the package; ``path`` is relative to the project."""
    files = sorted(file for folder in OUTSIDE for file in (ROOT / folder).rglob("*.py"))
    return tuple(Module(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files)


# --- what a tree holds ---


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each imported name with its dots: ``from a import b`` is ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ((node, f"{start}.{alias.name}") for alias in node.names)


def is_within(name: str, package_name: str) -> bool:
    return name == package_name or name.startswith(f"{package_name}.")


def stage_of_import(name: str) -> str | None:
    if not is_within(name, "arazzo_engine"):
        return None
    part = (*name.split("."), "front")[1]
    return part if part in STAGES else "front"


def calls_of_names(tree: ast.AST, names: Iterable[str]) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node, node.func.id


def functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, Function]]:
    """Yield each function and method with its qualified name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{inside}{node.name}", node
        yield from functions(node, within(node, inside))


def within(node: ast.AST, inside: str) -> str:
    """Return how the qualified names begin of what stands in a node."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return f"{inside}{node.name}."
    return inside


def size(function: Function) -> int:
    """Return its lines, from ``def`` to its end, without decorators and docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def names_in(node: ast.AST | None) -> set[str]:
    if node is None:
        return set()
    return {
        each.id if isinstance(each, ast.Name) else each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Name | ast.Attribute)
    }


# --- the rules ---


def imports_only_earlier_stages(module: Module) -> Iterator[str]:
    for node, name in imports(module.tree):
        if name.startswith("."):
            yield module.finding(node, f"imports `{name}` relatively; write the whole name")
        stage = stage_of_import(name)
        if stage is not None and STAGES.index(stage) > STAGES.index(module.stage):
            yield module.finding(node, f"`{module.stage}` imports `{name}`, of a later stage")


def the_front_imports_the_world_lazily(module: Module) -> Iterator[str]:
    if module.path != "__init__.py":
        return
    for statement in (each for each in module.tree.body if not is_lazy(each)):
        for node, name in imports(statement):
            if stage_of_import(name) in {"world", "cli"}:
                yield module.finding(node, f"imports `{name}` when the package is imported")


def is_lazy(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        return names_in(statement.test) == {"TYPE_CHECKING"}
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)


def imports_no_io_above_the_line(module: Module) -> Iterator[str]:
    for node, name in imports(module.tree):
        if module.is_pure and any(is_within(name, banned) for banned in BANNED_ABOVE_THE_LINE):
            yield module.finding(node, f"`{module.stage}` is pure and imports `{name}`")


def calls_no_io_above_the_line(module: Module) -> Iterator[str]:
    if not module.is_pure:
        return
    for node, name in calls_of_names(module.tree, BANNED_CALLS_ABOVE_THE_LINE):
        yield module.finding(node, f"`{module.stage}` is pure and calls `{name}`")
    for each in ast.walk(module.tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in CLOCK_CALLS:
            yield module.finding(each, f"`{module.stage}` is pure and asks the clock: `{each.func.attr}`")


def evaluates_no_text_as_code(module: Module) -> Iterator[str]:
    for node, name in calls_of_names(module.tree, BANNED_CALLS_EVERYWHERE):
        yield module.finding(node, f"calls `{name}`")
    for statement, name in imports(module.tree):
        if any(is_within(name, banned) for banned in BANNED_EVERYWHERE):
            yield module.finding(statement, f"imports `{name}`, which runs what it reads")


def leaves_each_library_to_its_one_module(module: Module) -> Iterator[str]:
    for node, name in imports(module.tree):
        for library, path in ONLY_IMPORTER.items():
            if is_within(name, library) and module.path != path:
                yield module.finding(node, f"imports `{name}`, which only {path} may")


def keeps_functions_short(module: Module) -> Iterator[str]:
    for name, function in functions(module.tree):
        if size(function) > LONGEST_FUNCTION:
            yield module.finding(function, f"`{name}` has {size(function)} lines, more than {LONGEST_FUNCTION}")


def keeps_files_short(module: Module) -> Iterator[str]:
    lines = len(module.text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{module.path}:{LONGEST_FILE}: the file has {lines} lines, more than {LONGEST_FILE}"


def catches_broadly_only_where_listed(module: Module) -> Iterator[str]:
    for name, node in broad_catches(module.tree):
        if (module.path, name) not in BROAD_CATCHES:
            yield module.finding(node, f"`{name}` catches everything, and BROAD_CATCHES does not list it")


def broad_catches(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or is_broad(node.type)):
            yield inside.rstrip("."), node
        if isinstance(node, ast.Call) and "suppress" in names_in(node.func) and any(map(is_broad, node.args)):
            yield inside.rstrip("."), node
        yield from broad_catches(node, within(node, inside))


def is_broad(node: ast.expr) -> bool:
    return bool(names_in(node) & {"Exception", "BaseException"})


def says_what_it_decides(module: Module) -> Iterator[str]:
    text = ast.get_docstring(module.tree) or ""
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    if not text.strip():
        yield f"{module.path}:1: the module has no docstring"
    elif len(module.text.splitlines()) > ONE_SENTENCE_UP_TO and sentences < 2:
        yield f"{module.path}:1: the docstring of a module of this size has two sentences or more"


def has_a_name_that_says_something(module: Module) -> Iterator[str]:
    words = set(re.split(r"[/_]", module.path.removesuffix(".py")))
    for word in sorted(words & VAGUE_NAMES):
        yield f"{module.path}:1: `{word}` says nothing about what the module decides"


def keeps_no_mutable_state(module: Module) -> Iterator[str]:
    for node in module.tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        is_final = isinstance(node, ast.AnnAssign) and "Final" in names_in(node.annotation)
        if is_mutable(value) and not is_final:
            yield module.finding(node, "a module-level list, dict or set that is not annotated `Final`")
    for each in ast.walk(module.tree):
        if isinstance(each, ast.Global):
            yield module.finding(each, f"`global {', '.join(each.names)}`: the state of a module changes")


def is_mutable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return bool(names_in(value.func) & MUTABLE_CALLS)
    return isinstance(value, MUTABLE_DISPLAYS)


def takes_booleans_by_name(module: Module) -> Iterator[str]:
    for name, function in functions(module.tree):
        for parameter in (*function.args.posonlyargs, *function.args.args):
            if is_boolean(parameter.annotation):
                yield module.finding(parameter, f"`{name}` takes the boolean `{parameter.arg}` by position")


def is_boolean(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.BinOp):
        return is_boolean(annotation.left) or is_boolean(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "bool"


def lists_the_private_names_it_uses(module: Module) -> Iterator[str]:
    for node, name in private_names(module):
        if (module.path, name) not in PRIVATE_IMPORTS:
            yield module.finding(node, f"uses `{name}`, which is private, and PRIVATE_IMPORTS does not list it")


def private_names(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield each private name of a third party: an import, an attribute, or a module that a text names."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import():
                found = {private_module(alias.name) for alias in node.names}
            case ast.ImportFrom(module=str(source), level=0):
                found = {private_module(source) or private_member(source, alias.name) for alias in node.names}
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if module.is_of_the_package and is_private(name):
                found = {f"{owner}.{name}" if is_of_others(owner) else ""}
            case ast.Constant(value=str(text)) if module.is_of_the_package and re.fullmatch(r"\w+(\.\w+)*\._\w+", text):
                found = {private_module(text)}
            case _:
                found = set()
        yield from ((node, name) for name in sorted(found - {""}))


def private_module(name: str) -> str:
    """Return the name of a third party's module when it, or a module around it, is private; nothing otherwise."""
    parts = name.split(".")
    around = [".".join(parts[:count]) for count in range(2, len(parts) + 1)]
    is_documented = all(each in DOCUMENTED_MODULES for each in around)
    return name if is_of_others(parts[0]) and not is_documented else ""


def private_member(source: str, name: str) -> str:
    whole = f"{source}.{name}"
    return whole if is_of_others(source.partition(".")[0]) and (is_private(name) or is_hidden(whole)) else ""


def is_of_others(name: str) -> bool:
    return name not in sys.stdlib_module_names | names_of_our_own() | {"self", "cls"}


def is_hidden(whole: str) -> bool:
    return whole not in DOCUMENTED_MODULES and is_a_module(whole)


def is_private(part: str) -> bool:
    return part.startswith("_") and not part.startswith("__")


@cache
def is_a_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@cache
def names_of_our_own() -> frozenset[str]:
    places = (ROOT, ROOT / "tests", ROOT / "conformance", ROOT / "scripts")
    return frozenset(each.stem for place in places for each in place.iterdir() if each.suffix in {"", ".py"})


RULES: Final[tuple[Rule, ...]] = (
    imports_only_earlier_stages,
    the_front_imports_the_world_lazily,
    imports_no_io_above_the_line,
    calls_no_io_above_the_line,
    evaluates_no_text_as_code,
    leaves_each_library_to_its_one_module,
    keeps_functions_short,
    keeps_files_short,
    catches_broadly_only_where_listed,
    says_what_it_decides,
    has_a_name_that_says_something,
    keeps_no_mutable_state,
    takes_booleans_by_name,
    lists_the_private_names_it_uses,
)


def name_of(rule: Rule) -> str:
    return rule.__name__


# --- the package keeps them ---


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    findings = [finding for module in package() for finding in rule(module)]
    assert not findings, "\n".join(findings)


def test_every_module_belongs_to_a_stage() -> None:
    assert {module.stage for module in package()} <= set(STAGES)


def test_most_functions_are_short() -> None:
    sizes = [size(function) for module in package() for _, function in functions(module.tree)]
    assert statistics.median(sizes) <= MEDIAN_FUNCTION
    assert statistics.quantiles(sizes, n=20)[-1] <= LONG_FUNCTION


def test_every_listed_broad_catch_exists() -> None:
    found = {(module.path, name) for module in package() for name, _ in broad_catches(module.tree)}
    assert set(BROAD_CATCHES) <= found


def test_the_private_names_that_are_used_outside_the_package_are_listed_too() -> None:
    findings = [finding for module in outside() for finding in lists_the_private_names_it_uses(module)]
    assert not findings, "\n".join(findings)


def test_every_listed_private_name_is_used() -> None:
    used = {(module.path, name) for module in (*package(), *outside()) for _, name in private_names(module)}
    assert set(PRIVATE_IMPORTS) <= used


def test_every_library_with_a_listed_private_name_is_bounded() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = {bound for bound, _ in PRIVATE_IMPORTS.values()}
    assert not list(unbounded(wanted, [*project["dependencies"], *(each for extra in extras for each in extra)]))


def unbounded(wanted: Iterable[str], requirements: list[str]) -> Iterator[str]:
    """Yield each wanted bound, such as ``httpx<0.29``, that the requirements of that library do not all have."""
    for bound in sorted(wanted):
        library, _, below = bound.partition("<")
        of_library = [each for each in requirements if re.match(r"[\w-]+", each.replace("_", "-"))[0] == library]  # type: ignore[index]
        if not of_library or not all(f"<{below}" in re.split(r"[\s,;]+", each) for each in of_library):
            yield bound


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


# --- the rules can fail ---

DOCUMENTED: Final = '"""It decides one thing. It knows nothing else."""\n'


@dataclass(frozen=True)
class Case:
    """A source that breaks a rule, and the nearest one that keeps it."""

    rule: Rule
    broken: str
    kept: str
    path: str = "machine/example.py"
    kept_path: str = ""


CASES: Final = (
    Case(
        imports_only_earlier_stages,
        "from arazzo_engine.world import live",
        "from arazzo_engine.validation import order",
    ),
    Case(imports_only_earlier_stages, "def f():\n    import arazzo_engine.cli", "import arazzo_engine.diagnostics"),
    Case(imports_only_earlier_stages, "from arazzo_engine import world", "from arazzo_engine import apis"),
    Case(imports_only_earlier_stages, "from . import effects", "from arazzo_engine.machine import effects"),
    Case(
        imports_only_earlier_stages,
        "from arazzo_engine.documents.values import Value",
        "from arazzo_engine.diagnostic_codes import CODES",
        path="diagnostics.py",
    ),
    Case(
        the_front_imports_the_world_lazily,
        "from arazzo_engine.world.runner import run",
        "def __getattr__(name):\n    from arazzo_engine.world.runner import run",
        path="__init__.py",
    ),
    Case(
        the_front_imports_the_world_lazily,
        "if FAST:\n    import arazzo_engine.cli",
        "if TYPE_CHECKING:\n    import arazzo_engine.cli",
        path="__init__.py",
    ),
    Case(imports_no_io_above_the_line, "import os.path", "import posixpath"),
    Case(imports_no_io_above_the_line, "from urllib import request", "from urllib.parse import quote"),
    Case(imports_no_io_above_the_line, "def f():\n    import time", "import timeit"),
    Case(imports_no_io_above_the_line, "import logging", "import logging", kept_path="world/example.py"),
    Case(imports_no_io_above_the_line, "import sys", "import sys", path="diagnostics.py", kept_path="cli/example.py"),
    Case(calls_no_io_above_the_line, "print('x')", "report.print('x')"),
    Case(calls_no_io_above_the_line, "moment = datetime.now()", "moment = run.now"),
    Case(
        calls_no_io_above_the_line, "text = open('x').read()", "text = open('x').read()", kept_path="world/example.py"
    ),
    Case(evaluates_no_text_as_code, "eval('1')", "ast.literal_eval('1')", path="cli/example.py"),
    Case(evaluates_no_text_as_code, "compile(text, '', 'exec')", "re.compile(text)"),
    Case(evaluates_no_text_as_code, "from pickle import loads", "from json import loads", path="world/example.py"),
    Case(
        leaves_each_library_to_its_one_module,
        "import httpx",
        "import httpx",
        path="world/live.py",
        kept_path="world/transport.py",
    ),
    Case(
        keeps_functions_short,
        "def f():\n" + "    pass\n" * LONGEST_FUNCTION,
        '@cached\ndef f():\n    """One.\n\n    Two.\n    """\n' + "    pass\n" * (LONGEST_FUNCTION - 1),
    ),
    Case(keeps_files_short, "pass\n" * (LONGEST_FILE + 1), "pass\n" * LONGEST_FILE),
    Case(
        catches_broadly_only_where_listed,
        "def f():\n    try:\n        pass\n    except Exception:\n        pass",
        "def f():\n    try:\n        pass\n    except ValueError:\n        pass",
    ),
    Case(
        catches_broadly_only_where_listed,
        "try:\n    pass\nexcept (OSError, BaseException):\n    pass",
        "try:\n    pass\nexcept (OSError, ValueError):\n    pass",
    ),
    Case(
        catches_broadly_only_where_listed,
        "with contextlib.suppress(Exception):\n    pass",
        "with contextlib.suppress(OSError):\n    pass",
    ),
    Case(catches_broadly_only_where_listed, "try:\n    pass\nexcept:\n    pass", "try:\n    pass\nfinally:\n    pass"),
    Case(says_what_it_decides, "x = 1", '"""It is one."""'),
    Case(says_what_it_decides, '"""It is one."""\n' + "x = 1\n" * 30, DOCUMENTED + "x = 1\n" * 30),
    Case(has_a_name_that_says_something, "", "", path="apis/http_utils.py", kept_path="apis/servers.py"),
    Case(has_a_name_that_says_something, "", "", path="common/reading.py", kept_path="documents/reading.py"),
    Case(keeps_no_mutable_state, "known = {}", "KNOWN: Final = {}"),
    Case(keeps_no_mutable_state, "known: list[str] = []", "KNOWN: tuple[str, ...] = ()"),
    Case(keeps_no_mutable_state, "known = defaultdict(list)", "KNOWN: Final[dict[str, int]] = dict(a=1)"),
    Case(keeps_no_mutable_state, "def f():\n    global known", "def f():\n    known = []"),
    Case(takes_booleans_by_name, "def f(x: int, loud: bool = False): ...", "def f(x: int, *, loud: bool = False): ..."),
    Case(
        takes_booleans_by_name,
        "class A:\n    def f(self, loud: bool | None): ...",
        "@dataclass\nclass A:\n    loud: bool\n\n    def f(self, loud: Callable[[], bool]): ...",
    ),
    Case(lists_the_private_names_it_uses, "from httpx._client import Client", "from httpx import Client"),
    Case(lists_the_private_names_it_uses, "from httpx import _main", "from _thread import lock"),
    Case(lists_the_private_names_it_uses, "import httpx._main", "import httpx"),
    Case(lists_the_private_names_it_uses, "sys.modules['httpx._main'] = None", "sys.modules['httpx'] = None"),
    Case(lists_the_private_names_it_uses, "from yaml.events import Event", "from yaml import Event"),
    Case(lists_the_private_names_it_uses, "from yaml import events", "from msgspec import structs"),
    Case(lists_the_private_names_it_uses, "import rich.status, rich.cells", "import rich.status, xml.dom.minidom"),
    Case(lists_the_private_names_it_uses, "pool = transport._pool", "pool = self._pool"),
    Case(
        lists_the_private_names_it_uses,
        "from jsonpath_rfc9535.selectors import FilterSelector",
        "from jsonpath_rfc9535.selectors import FilterSelector",
        kept_path="language/jsonpath_library_1.py",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: name_of(case.rule))
def test_a_rule_finds_what_breaks_it_and_nothing_else(case: Case) -> None:
    assert len(list(case.rule(Module(case.path, case.broken)))) == 1
    assert not list(case.rule(Module(case.kept_path or case.path, case.kept)))


def test_every_rule_is_shown_to_fail() -> None:
    assert {case.rule for case in CASES} == set(RULES)


# --- the table of codes ---


def problems_of_code(code: str, why: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
        yield f"`{code}` is not kebab-case"
    if not why.strip() or why.endswith(".") or re.search(r"[.!?] +[A-Z]", why):
        yield f"`{code}`: why is one sentence without a full stop: {why}"


def written_codes(text: str) -> list[str]:
    """Return the keys of the table as they are written, a repeated one twice."""
    tables = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "CODES"
    ]
    return [ast.literal_eval(key) for table in tables if isinstance(table, ast.Dict) for key in table.keys if key]


def test_codes_are_sorted_and_unique() -> None:
    codes = written_codes((PACKAGE / "diagnostic_codes.py").read_text(encoding="utf-8"))
    assert codes == sorted(set(codes))
    assert codes == list(CODES)


def test_each_code_is_kebab_case_and_has_a_reason_of_one_sentence() -> None:
    problems = [problem for code, entry in CODES.items() for problem in problems_of_code(code, entry.why)]
    assert not problems, "\n".join(problems)


def test_each_code_is_used_by_the_engine() -> None:
    used = {text for module in package() if module.stage != "diagnostic_codes" for text in strings_in(module.tree)}
    assert not set(CODES) - used


def strings_in(tree: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_a_code_within_a_longer_text_is_no_use_of_it() -> None:
    assert "step-limit" not in strings_in(ast.parse("x = 'step-limits'  # step-limit"))


@pytest.mark.parametrize(
    ("code", "why"), [("Not-kebab", "x"), ("a_b", "x"), ("a", ""), ("a", "it is so."), ("a", "it is so. That is why")]
)
def test_a_malformed_code_is_noticed(code: str, why: str) -> None:
    assert list(problems_of_code(code, why))


def test_a_repeated_code_is_noticed() -> None:
    assert written_codes("CODES: Final = {'a': 1, 'b': 2, 'a': 3}") == ["a", "b", "a"]

"""The rules of the house, enforced from the package's own syntax trees.

Each rule is a function from a parsed module to its findings; ``RULES`` lists them all. Every rule is shown a source
that breaks it and one that keeps it, so that none of them can pass by finding nothing ever.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from arazzo_engine.diagnostic_codes import CODES

PACKAGE: Final = Path(__file__).parent.parent / "arazzo_engine"

# each stage imports only itself and what stands before it
STAGES: Final = (
    "printable",
    "typed",
    "diagnostic_codes",
    "diagnostics",
    "documents",
    "language",
    "apis",
    "validation",
    "machine",
    "simulation",
    "reporting",
    "world",
    "cli",
    "front",  # `__init__` and `__main__`: they show the stages to the outside
)
LAST_PURE_STAGE: Final = "reporting"

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
ONLY_IMPORTER: Final = {"httpx": "world/http/transport.py", "openapi_core": "world/contracts/checking.py"}

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
    ("cli/group.py", "run_command"): "a bug in the engine is told as one and must not look like a document's fault",
    (
        "world/contracts/checking.py",
        "_Checking.findings",
    ): "what was sent has happened: no schema of others may lose its report",
    ("cli/running.py", "_drive"): "what was sent has happened: no bug of the engine may lose its report",
    ("cli/running.py", "observer.observe"): "a run that has sent a request must not end because it cannot be told",
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
        "from arazzo_engine.world.drivers.driving import run",
        "def __getattr__(name):\n    from arazzo_engine.world.drivers.driving import run",
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
        path="world/drivers/live.py",
        kept_path="world/http/transport.py",
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
    Case(has_a_name_that_says_something, "", "", path="apis/http_utils.py", kept_path="apis/descriptions/servers.py"),
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

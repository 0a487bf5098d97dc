"""Private names of third parties that no list knows, and lists that know names which nobody uses."""

from __future__ import annotations

from typing import Final

from architecture.allowances import Allowances
from architecture.cases.case import Case, early
from architecture.rules.privacy import lists_only_private_names_that_are_used, lists_the_private_names_it_uses

_ONE_NAME: Final = Allowances(private_names={("early/first.py", "httpx._client"): ("httpx<0.29", "no other place")})

CASES: Final = (
    Case(
        lists_the_private_names_it_uses,
        early("from httpx._client import Client"),
        early("from httpx import Client"),
    ),
    Case(lists_the_private_names_it_uses, early("from httpx import _main"), early("from _thread import lock")),
    Case(lists_the_private_names_it_uses, early("import httpx._main"), early("import httpx")),
    Case(
        lists_the_private_names_it_uses,
        early("sys.modules['httpx._main'] = None"),
        early("sys.modules['httpx'] = None"),
    ),
    Case(lists_the_private_names_it_uses, early("from yaml.events import Event"), early("from yaml import Event")),
    Case(lists_the_private_names_it_uses, early("from yaml import events"), early("from msgspec import structs")),
    Case(
        lists_the_private_names_it_uses,
        early("import rich.console, rich.cells"),
        early("import rich.console, xml.dom.minidom"),
    ),
    Case(lists_the_private_names_it_uses, early("pool = transport._pool"), early("pool = self._pool")),
    Case(
        lists_the_private_names_it_uses,
        {"late.py": "from httpx._client import Client"},
        early("from httpx._client import Client"),
        allowed=_ONE_NAME,
    ),
    Case(
        lists_only_private_names_that_are_used,
        early("from httpx import Client"),
        early("from httpx._client import Client"),
        allowed=_ONE_NAME,
    ),
)

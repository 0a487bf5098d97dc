"""The documents of the OAuth tests, two steps over an API that an OAuth server protects, and a browser."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from oauth_server import OAuthServer

# a browser has its own settings
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_FLOWS: Final = ("clientCredentials", "password")


def write_documents(oauth: OAuthServer, *, scopes: tuple[str, str] = ("read", "read"), **scheme: Any) -> None:
    """Write a workflow of two steps, ``a`` and ``b``, that both need a token of these scopes."""
    flows = {name: {"tokenUrl": f"{oauth.url}/token", "scopes": {}} for name in _FLOWS}
    operations: dict[str, Any] = {
        f"/{name}": {method: {"operationId": name, "security": [{"OAuth": [scope]}], "responses": {}}}
        for name, method, scope in zip("ab", ("get", "post"), scopes, strict=True)
    }
    api = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": oauth.url}],
        "paths": operations,
        "components": {"securitySchemes": {"OAuth": {"type": "oauth2", "flows": flows, **scheme}}},
    }
    body = {"contentType": "application/json", "payload": {"amount": 1}}
    steps = [{"stepId": "a", "operationId": "a"}, {"stepId": "b", "operationId": "b", "requestBody": body}]
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "x", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": steps}],
    }
    Path("api.json").write_text(json.dumps(api))
    Path("main.json").write_text(json.dumps(document))


def run(client: Mapping[str, Any], *options: str) -> int:
    """Run the workflow with what is in a file for the scheme."""
    Path("auth.json").write_text(json.dumps({"OAuth": client}))
    return run_command(["run", "main.json", "--auth-file", "auth.json", *options])


class Browser:
    """Opens pages and follows where they lead, as a person would; before that, it visits ``strays``."""

    def __init__(self, before: Callable[[str], object] = str) -> None:
        self.before = before  # what is done with the page that the login leads to, before it does
        self.pages: list[str] = []
        self.ends: list[tuple[int, str]] = []
        self.strays: list[str] = []
        self._followed = threading.Semaphore(0)

    def open(self, page: str) -> bool:
        self.pages.append(page)
        self.follow(page)
        self._followed.release()
        return True

    def wait(self) -> str:
        """Return the one page that was opened, once the browser has come to its end."""
        assert self._followed.acquire(timeout=120)
        (page,) = self.pages
        return page

    def follow(self, page: str) -> None:
        """Go where a page leads, and note what is there."""
        callback = dict(parse_qsl(urlsplit(page).query)).get("redirect_uri", "")
        self.before(callback)
        for url in (*(f"{callback}{stray}" for stray in self.strays), page):
            try:
                with _OPENER.open(url) as response:
                    self.ends.append((response.status, response.read().decode()))
            except urllib.error.HTTPError as error:
                with error:
                    self.ends.append((error.code, error.read().decode()))

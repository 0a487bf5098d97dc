"""Ask other programs how they write requests, and keep what they say as test data.

    python scripts/oracles.py

Needs ``node`` and ``npm``. Installs the versions below into a temporary folder, writes every combination with them,
and stores the results in ``tests/oracles/``, where ``test_oracles.py`` compares them with what the engine writes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any, Final

SWAGGER_CLIENT: Final = "3.39.0"
STRIPE: Final = "16.1.0"
FOLDER: Final = Path(__file__).parent.parent / "tests" / "oracles"
# place, style, explode
STYLES: Final = (
    *product(["path"], ["simple", "label", "matrix"], [False, True]),
    *product(["query"], ["form", "spaceDelimited", "pipeDelimited"], [False, True]),
    ("query", "deepObject", True),
    *product(["header"], ["simple"], [False, True]),
    *product(["cookie"], ["form"], [False, True]),
)
TEXTS: Final = (
    *("blue", "", "a b", "a,b", "a|b", "a/b", "a?b", "a#b", "a&b=c", "a;b", "a.b", "..", "50%", "a%20b", "a+b", "é"),
    *("[x]", '"q"', "~-_.", ":/?#[]@!$&'()*+,;="),
)
VALUES: Final[tuple[Any, ...]] = (
    *TEXTS,
    *(None, True, 0, 10, -1.5, 0.1, 1e-7, 1e21),
    *(
        [],
        ["blue"],
        ["blue", "black", "brown"],
        ["a b", "c"],
        ["a,b", "c"],
        ["a|b"],
        [1, None, True],
        [["x"], {"y": 1}],
    ),
    *({}, {"R": 100, "G": 200, "B": 150}, {"a b": "c d"}, {"a": "b,c"}, {"a": {"b": ["c"]}}, {"a": None}),
)
FORMS: Final[tuple[dict[str, Any], ...]] = (
    {"amount": 2000, "currency": "eur", "confirm": True, "capture": False},
    {"payment_method_types": ["card", "ideal"], "metadata": {"order": "6735", "é": "ü & co"}},
    {"line_items": [{"price": "price_1", "quantity": 2, "tax_rates": ["a", "b"]}], "mode": "payment"},
    {"shipping": {"name": "A B", "address": {"line1": "1 X St", "city": "Y"}}, "expand": ["customer", "charges.data"]},
    {"email": "a+b@example.com", "description": "", "balance": -5, "created": {"gte": 1, "lt": 2}},
    {"items": [], "metadata": {}, "phases": [{"items": [{"price": "p"}], "iterations": 1}, {"trial": True}]},
    {
        "amount": 2000,
        "currency": "eur",
        "automatic_payment_methods": {"enabled": True},
        "expand": ["customer", "latest_charge"],
        "metadata": {"order": "6735"},
        "description": "1 & 2",
    },
    {"url": "https://example.com/?a=b&c=[d]", "percent": 7.5, "tiers": [[1, 2], [3]]},
)
_ASK: Final = """
const Client = require("swagger-client").default || require("swagger-client");
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const ask = ({ place, style, explode, allowReserved, value }) => {
  const parameter = { name: "color", in: place, style, explode, allowReserved, required: place === "path", schema: {} };
  const operation = { operationId: "op", parameters: [parameter], responses: {} };
  const paths = { [place === "path" ? "/{color}" : "/"]: { get: operation } };
  const spec = { openapi: "3.0.3", info: { title: "t", version: "1" }, servers: [{ url: "http://h" }], paths };
  const request = Client.buildRequest({ spec, operationId: "op", parameters: { color: value } });
  const headers = place === "cookie" ? request.headers.Cookie : request.headers.color;
  const found = place === "path" || place === "query" ? request.url.slice("http://h/".length) : headers;
  return found === undefined ? null : found.replace(/^[?]/, "");
};
console.log(JSON.stringify(rows.map((row) => ask(row))));
"""
_ENCODE: Final = """
import json, sys
from urllib.parse import urlencode
from stripe._encode import _api_encode
print(json.dumps([urlencode(list(_api_encode(each))) for each in json.load(sys.stdin)]))
"""


def rows() -> list[dict[str, Any]]:
    """Return every combination of a place, a style, ``explode``, ``allowReserved`` and a value."""
    return [
        {"place": place, "style": style, "explode": explode, "allowReserved": reserved, "value": value}
        for (place, style, explode), reserved, value in product(STYLES, [False, True], VALUES)
    ]


def _run(*command: str | Path, given: str = "", folder: Path | None = None) -> str:
    return subprocess.run(command, input=given, cwd=folder, check=True, capture_output=True, text=True).stdout


def _ask_swagger_client(folder: Path) -> list[str | None]:
    _run(
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        f"swagger-client@{SWAGGER_CLIENT}",
        folder=folder,
    )
    (folder / "ask.cjs").write_text(_ASK)
    found: list[str | None] = json.loads(_run("node", "ask.cjs", given=json.dumps(rows()), folder=folder))
    return found


def _ask_stripe(folder: Path) -> list[str]:
    _run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    _run(python, "-m", "pip", "install", "-q", f"stripe=={STRIPE}")
    found: list[str] = json.loads(_run(python, "-c", _ENCODE, given=json.dumps(FORMS)))
    return found


def _write(name: str, program: str, rows: list[Any]) -> None:
    lines = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in rows)
    text = f'{{\n  "program": {json.dumps(program)},\n  "rows": [\n{lines}\n  ]\n}}\n'
    (FOLDER / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Write the data."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sent = _ask_swagger_client(folder)
        asked = [{**row, "sent": each} for row, each in zip(rows(), sent, strict=True)]
        _write("swagger_client.json", f"swagger-client {SWAGGER_CLIENT}", asked)
        forms = [{"form": form, "sent": each} for form, each in zip(FORMS, _ask_stripe(folder), strict=True)]
        _write("stripe.json", f"stripe-python {STRIPE}", forms)
    print(f"{len(asked)} rows of swagger-client, {len(forms)} of stripe-python")


if __name__ == "__main__":
    main()

"""The shop: a server on loopback that answers as its API descriptions say, and remembers what it was asked.

Decides when it is busy, when a card is declined and when a job is done. It knows nothing of workflows.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, Self

from arazzo_engine.demo.documents import DOCUMENTS, ENTRY

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_PRICE: Final = 1250
# cents, beyond which the card is declined
_LIMIT: Final = 100 * _PRICE
# so often a job is asked for until it is done, and so often the payments are busy with each key
_ASKED, _BUSY = 4, 1
_LARGEST: Final = 100_000
_Answer = tuple[int, "JsonValue"]


class Shop:
    """The shop, running from ``with`` to its end. ``charges`` are the orders that were charged, in their order."""

    def __init__(self, port: int = 0) -> None:
        """Bind a port of the loopback address, a free one when it is 0. Raises ``OSError`` when it is taken."""
        self.charges: list[str] = []
        self._numbers = count(1)
        self._asked: dict[str, int] = {}
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where the shop is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def document(self) -> str:
        """Where its workflow is."""
        return f"{self.url}/{ENTRY}"

    def answer(self, request: tuple[str, str], key: str, body: dict[str, JsonValue]) -> _Answer:
        """Answer a request: its method and path, its idempotency key and its body."""
        with self._lock:
            match request:
                case ("POST", "/orders/"):
                    quantity = body.get("quantity")
                    amount = _PRICE * (quantity if isinstance(quantity, int) else 1)
                    return 201, {"id": f"order-{next(self._numbers)}", "amount": amount}
                case ("POST", "/payments/charges"):
                    return self._charge(key, body)
                case ("POST", "/jobs/"):
                    return 202, {"id": f"job-{next(self._numbers)}", "status": "running"}
                case ("GET", path) if path.startswith("/jobs/job-"):
                    return self._job(path.removeprefix("/jobs/"))
                case _:
                    return 404, {"error": "not_found", "message": "the shop has no such thing"}

    def _charge(self, key: str, body: dict[str, JsonValue]) -> _Answer:
        amount, order = body.get("amount"), str(body.get("orderId"))
        if isinstance(amount, int) and amount > _LIMIT:
            return 402, {"error": "card_declined", "message": "the card was declined"}
        if self._count(f"charge {key}") <= _BUSY:
            return 503, {"error": "busy", "message": "ask again in a moment"}
        # a second request with one key is answered and charged once
        self.charges += [] if order in self.charges else [order]
        return 201, {"id": f"charge-{self.charges.index(order) + 1}"}

    def _job(self, job: str) -> _Answer:
        if self._count(job) < _ASKED:
            return 200, {"id": job, "status": "running"}
        return 200, {"id": job, "status": "done", "parcel": job.replace("job", "parcel")}

    def _count(self, what: str) -> int:
        self._asked[what] = self._asked.get(what, 0) + 1
        return self._asked[what]


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # an answer leaves in one piece, for whose end nobody has to wait
        wbufsize = -1

        def do_GET(self) -> None:
            text = DOCUMENTS.get(self.path.removeprefix("/"))
            if text is not None:
                self._send(200, text, "application/yaml")
            else:
                self._answer({})

        def do_POST(self) -> None:
            try:
                size = min(int(self.headers.get("Content-Length") or 0), _LARGEST)
                body = json.loads(self.rfile.read(size))
            except ValueError:
                body = None
            if isinstance(body, dict):
                self._answer(body)
            else:
                self._send(400, json.dumps({"error": "no_json", "message": "the body must be a JSON object"}))

        def _answer(self, body: dict[str, JsonValue]) -> None:
            request = (self.command, self.path)
            status, value = shop.answer(request, self.headers.get("Idempotency-Key") or "", body)
            self._send(status, json.dumps(value))

        def _send(self, status: int, text: str, media_type: str = "application/json") -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Tell nothing: what was asked is told by the engine."""

    return Handler

"""The headers of a made-up answer: those that are read are there, and hold what a criterion wants of them.

Decides it header by header; a value is a text there, and what is given of an answer stays as it is. What is read and
wanted is decided elsewhere, and so is the content type of a body that is described.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.simulation.answers import header_text
from arazzo_engine.simulation.fitting.meeting import targets_of
from arazzo_engine.simulation.queries.jsonpath import EXISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.messages.exchange import Headers
    from arazzo_engine.simulation.answers import Draft
    from arazzo_engine.simulation.fitting.meeting import Target
    from arazzo_engine.simulation.putting import Putter
    from arazzo_engine.simulation.queries.jsonpath import Demand
    from arazzo_engine.simulation.reading.reads import Read

_OF_BODY: Final = "content-type"


class MadeHeaders(Struct):
    """Headers that are changed; ``beyond`` are the names that the description does not have, with what needs each."""

    draft: Draft
    putter: Putter
    headers: Headers
    beyond: dict[str, str] = field(default_factory=dict)

    def let_be_read(self, reads: Mapping[str, list[Read]]) -> None:
        """Let each header that is read be there, fit where it goes, and hold what is wanted."""
        for name, of_it in reads.items():
            self._let_exist(name, of_it[0].by)
            self._let_fit(name, targets_of(of_it), of_it[0].by)
            for read in of_it:
                for demand in read.demands:
                    self.let_hold(name, demand, read.by)

    def let_be_secret(self, name: str) -> None:
        """Let what is made up for a header be a text that nothing else has."""
        value, schema = header(self.headers, name), self._schema(name.lower())
        if value is not None and schema is not None and self._is_free(name.lower()):
            made = self.putter.let_be_secret(value, schema, (), name)
            if isinstance(made, str) and made != value:
                self._put(name.lower(), made, "")

    def let_hold(self, name: str, demand: Demand, by: str) -> None:
        """Let a demand be true of a header, as far as one can be made."""
        if demand.operator == EXISTS or (demand.operator, demand.value) == ("!=", None):
            self._let_exist(name, by)
        elif self._is_free(name) and not demand.path:
            now = header(self.headers, name)
            made = self.putter.let_hold(ABSENT if now is None else now, self._schema(name), demand, by)
            # what is null is no header
            text = None if made is ABSENT or made is None else header_text(made)
            if text != now:
                self._put(name, text, by)

    def _let_exist(self, name: str, by: str) -> None:
        if self._is_free(name) and header(self.headers, name) is None:
            self._put(name, f"sample-{name}", by)

    def _let_fit(self, name: str, targets: tuple[Target, ...], by: str) -> None:
        value, schema = self._value(name, header(self.headers, name)), self._schema(name)
        if self._is_free(name) and value is not ABSENT and self.putter.is_made_up(value, schema, ()):
            fitted = self.putter.let_fit(value, schema, (), targets)
            if fitted is not value and fitted is not ABSENT:
                self._put(name, header_text(fitted), by)

    def _value(self, name: str, text: str | None) -> Value:
        """Return the value that a header stands for, where it is the one that was made from its schema."""
        schema = self._schema(name)
        made = ABSENT if schema is None else self.putter.ways.sample(schema)
        return made if made is not ABSENT and header_text(made) == text else ABSENT if text is None else text

    def _put(self, name: str, text: str | None, by: str) -> None:
        if header(self.headers, name) is None and name not in self.draft.header_schemas:
            self.beyond.setdefault(name, by)
        written = next((each for each, _ in self.headers if each.lower() == name), name)
        others = tuple(each for each in self.headers if each[0].lower() != name)
        self.headers = others if text is None else (*others, (written, text))

    def _schema(self, name: str) -> Schema | None:
        return self.draft.header_schemas.get(name)

    def _is_free(self, name: str) -> bool:
        """Whether a header may be made up: not the type of a body that is described, and not what somebody gave."""
        is_of_body = name == _OF_BODY and bool(self.draft.content_type)
        return not is_of_body and name not in self.draft.given_headers

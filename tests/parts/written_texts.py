"""Texts in every manner in which people write YAML and JSON: odd quotes, comments, anchors, line ends."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import random

_WORDS: Final = (
    *(
        "a",
        "item",
        "$response.body#/id",
        "it's",
        'say "x"',
        "x: y",
        "a #b",
        "",
        " ",
        "yes",
        "12:30",
        "1",
        "null",
        "- a",
    ),
    *(
        "{$inputs.a}",
        "é",
        "日本語 🙂",
        "two words",
        "two\nlines",
        "end\n",
        "a\n\nb\n",
        " lead",
        "tab\there",
        "\\d+",
        "%",
    ),
    *("a, b", "[x]", "&a", "*a", "!t", "|", "?", "k:", "$statusCode == 200 && x", "\u2028", "\x07", "#"),
)
_NAMES: Final = ("a", "b", "name", "$ref", "x y", "1", "é", "it's", "k: v", "workflows", "steps", "true")


def any_value(draw: random.Random, depth: int = 3) -> Any:
    """Return a JSON value."""
    kind = draw.random()
    if depth and kind < 0.3:
        return {name: any_value(draw, depth - 1) for name in draw.sample(_NAMES, draw.randint(0, 4))}
    if depth and kind < 0.5:
        return [any_value(draw, depth - 1) for _ in range(draw.randint(0, 4))]
    return draw.choice((*_WORDS, *_WORDS, 0, -1, 1.5, 200, True, False, None))


def any_document(draw: random.Random) -> dict[str, Any]:
    """Return a JSON object with members."""
    return {name: any_value(draw) for name in draw.sample(_NAMES, draw.randint(1, 5))}


class Scribe:
    """Writes values as a person with many habits would."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.anchors: list[tuple[str, Any]] = []
        self.count = 0

    def yaml(self, value: dict[str, Any]) -> str:
        """Return a YAML text."""
        head = self.draw.choice(("", "", "---\n", "# first\n\n", "%YAML 1.2\n---\n"))
        text = head + self._block(value, 0) + self.draw.choice(("", "", "# last\n", "\n\n", "...\n"))
        return text.replace("\n", "\r\n") if self.draw.random() < 0.2 else text

    def json(self, value: Any) -> str:
        """Return a JSON text."""
        indent = self.draw.choice((None, 0, 1, 2, 4, "\t"))
        separators = self.draw.choice(((",", ":"), (", ", ": "), (" , ", " : ")))
        text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=self.draw.random() < 0.5)
        return text.replace("\n", self.draw.choice(("\n", "\r\n"))) + self.draw.choice(("", "\n", "\n\n"))

    def _noise(self, indent: int) -> str:
        return self.draw.choice(
            ("", "", "", "\n", f"{' ' * indent}# {self.draw.choice(('note', 'é', 'a: b', '- x'))}\n")
        )

    def _tail(self) -> str:
        return self.draw.choice(("", "", "", " # why", "   ", "  #")) + "\n"

    def _block(self, value: Any, indent: int) -> str:
        pad = " " * indent
        if isinstance(value, dict):
            parts = (
                self._noise(indent) + f"{pad}{self._scalar(name)}:{self._after(each, indent, 'map')}"
                for name, each in value.items()
            )
        else:
            parts = (self._noise(indent) + f"{pad}-{self._after(each, indent, 'seq')}" for each in value)
        return "".join(parts)

    def _after(self, value: Any, indent: int, within: str) -> str:
        known = [name for name, each in self.anchors if json.dumps(each) == json.dumps(value)]
        if known and self.draw.random() < 0.7:
            return f" *{known[-1]}{self._tail()}"
        anchor = ""
        if self.draw.random() < 0.3:
            self.count += 1
            name = f"n{self.count}"
            anchor = f" &{name}"
        text = self._unanchored(value, indent, within, anchor)
        if anchor:
            self.anchors.append((anchor[2:], value))
        return text

    def _unanchored(self, value: Any, indent: int, within: str, anchor: str) -> str:
        if isinstance(value, dict | list) and value and self.draw.random() < 0.7:
            step = self.draw.choice((1, 2, 4))
            if within == "seq" and not anchor and self.draw.random() < 0.7:
                # the first line of the collection stands behind the dash
                inner = self._block(value, indent + 2)
                if inner.startswith(" " * (indent + 2)) and inner[indent + 2] not in "#\n ":
                    return " " + inner[indent + 2 :]
                return f"\n{inner}"
            zero = isinstance(value, list) and within == "map" and self.draw.random() < 0.4
            return f"{anchor}{self._tail()}{self._block(value, indent if zero else indent + step)}"
        if isinstance(value, dict | list):
            return f"{anchor} {self._flow(value, indent)}{self._tail()}"
        if isinstance(value, str) and _fits_block(value) and self.draw.random() < 0.5:
            return f"{anchor} {self._literal(value, indent)}"
        text = self._scalar(value)
        if value is None and self.draw.random() < 0.5:
            text = ""
        return f"{anchor} {text}{self._tail()}" if text else f"{anchor}{self._tail()}"

    def _literal(self, value: str, indent: int) -> str:
        pad = "\n" + " " * (indent + self.draw.choice((1, 2, 3)))
        sign = "|" if value.endswith("\n") else "|-"
        lines = value.rstrip("\n").split("\n")
        return (
            sign + self.draw.choice(("", " # block")) + "".join(pad + each if each else "\n" for each in lines) + "\n"
        )

    def _flow(self, value: Any, indent: int) -> str:
        comma = self.draw.choice((",", ", ", " , ", ",\n" + " " * (indent + 3)))
        if isinstance(value, dict):
            inner = comma.join(f"{self._quoted(name)}: {self._flow(each, indent)}" for name, each in value.items())
            return "{" + self.draw.choice(("", " ")) + inner + "}"
        if isinstance(value, list):
            return "[" + comma.join(self._flow(each, indent) for each in value) + self.draw.choice(("", " ")) + "]"
        return self._quoted(value) if isinstance(value, str) else json.dumps(value)

    def _scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return self.draw.choice((json.dumps(value), "~")) if value is None else json.dumps(value)
        is_word = value.isalpha() and value not in {"null", "true"}
        if (
            (is_word or (value.startswith("$") and "#" not in value[:1]))
            and ": " not in value
            and self.draw.random() < 0.7
        ):
            return value
        return self._quoted(value)

    def _quoted(self, value: str) -> str:
        if self.draw.random() < 0.5 and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        # YAML has no pairs of surrogates
        in_ascii = self.draw.random() < 0.5 and max(value, default="") <= "\uffff"
        return json.dumps(value, ensure_ascii=in_ascii).replace("\u2028", "\\u2028")


def _fits_block(value: str) -> bool:
    lines = value.split("\n")
    return (
        bool(value.strip())
        and value[0] not in " \n\t"
        and not value.endswith("\n\n")
        and all(each.isprintable() for each in lines)
    )


_TIME: Final = re.compile(r"( +)(\d+) ms")
# what this machine adds to seconds that an answer is said to take
_TENTHS: Final = re.compile(r"(\d+)\.\d s\b")


def without_times(text: str) -> str:
    """Return what a command tells, with 0 ms for every time, and whole seconds; a column of them keeps its width."""
    return _TENTHS.sub(r"\1.0 s", _TIME.sub(_no_time, text))


def _no_time(found: re.Match[str]) -> str:
    is_in_a_column = len(found[1]) > 1
    return f"{'0':>{len(found[1] + found[2]) if is_in_a_column else 2}} ms"

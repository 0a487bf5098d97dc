"""What stands in a recording for a secret: a text of the same length and kind, made of its number and never of it.

Decides how each character is replaced: a letter by a letter of its case, a digit by a digit, so that what is written
with the text, in whichever encoding, is as long and looks alike. What else stands in it, stays: a `:` still parts a
user from a password. Two secrets that are parts of each other have stand-ins that are, too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import string
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# a secret of one digit has nine others
_MOST_TRIES: Final = 200
_NUMBER: Final = lazy_pattern(r"-?(\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?", re.ASCII)
_HEXADECIMAL: Final = frozenset(string.hexdigits + "-")
_LEAST_HEXADECIMAL: Final = 8
_BASE64: Final = lazy_pattern(r"[A-Za-z0-9+/]{4,}={0,2}")
# what stands before a proof: its scheme, or the user that it is of
_BEFORE: Final = lazy_pattern(r"[A-Za-z][\w-]* |[^:\s]*:")
# Where a secret stands in a text, and what stands for it
Part: TypeAlias = tuple[int, int, str]
Parts: TypeAlias = "Callable[[str], Iterable[Part]]"
_MIDDLE_DOT: Final = "\xb7"


class StandIns(Struct):
    """The stand-ins of secrets, the same for the same secret; ``by_secret`` has them in the order of their making."""

    by_secret: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def make(self, secret: str, parts: Parts = lambda _: ()) -> str:
        """Return what stands for a secret; ``parts`` finds the secrets in a text, however they are written there."""
        if secret not in self.by_secret:
            made = self._part_of_another(secret) or self._in_base64(secret, parts) or self._new(secret, parts)
            self._taken.add(made)
            self.by_secret[secret] = made
        return self.by_secret[secret]

    def _part_of_another(self, secret: str) -> str:
        for whole, stand_in in self.by_secret.items():
            at = whole.find(secret) if len(whole) == len(stand_in) else -1
            if at >= 0 and stand_in[at : at + len(secret)] != secret:
                return stand_in[at : at + len(secret)]
        return ""

    def _in_base64(self, secret: str, parts: Parts) -> str:
        """Return the stand-in of the base64 of a text with secrets in it: a user and a password are sent so."""
        if not _BASE64.fullmatch(secret):
            return ""
        try:
            text = base64.b64decode(secret, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        made = self.by_secret.get(text) or _with_parts(text, text, parts(text))
        return "" if made == text else base64.b64encode(made.encode()).decode("ascii")

    def _new(self, secret: str, parts: Parts) -> str:
        known, made = tuple(parts(secret)), secret
        for turn in range(_MOST_TRIES):
            chance = _Chance(f"{len(self.by_secret)} {turn}", len(secret))
            made = _with_parts(secret, _alike(secret, chance), known)
            # of a secret of one digit there may be no other that is not somebody's secret, too
            is_free = made not in self.by_secret or turn > _MOST_TRIES // 2
            if made not in self._taken and made != secret and is_free:
                return made
        return made


def _with_parts(text: str, made: str, parts: Iterable[Part]) -> str:
    """Return what was made for a text, with the stand-ins of its parts where these are."""
    found, done, first = list(made), 0, len(text)
    for start, end, stand_in in parts:
        if start < done:
            continue
        first = min(first, start)
        # what is longer than what it stands for would move what follows
        found[start:end] = [stand_in, *[""] * (end - start - 1)]
        done = end
    # a scheme is no secret, and neither is a user whose password is one
    if done == len(text) and _BEFORE.fullmatch(text[:first]):
        found[:first] = text[:first]
    return "".join(found)


def _alike(secret: str, chance: _Chance) -> str:
    number = _NUMBER.fullmatch(secret)
    if number is not None:
        return secret[: number.start(1)] + _number(number[1], chance) + secret[number.end(1) :]
    is_hexadecimal = len(secret) >= _LEAST_HEXADECIMAL and _HEXADECIMAL.issuperset(secret)
    replace = _Hexadecimal(chance) if is_hexadecimal else _Any(chance)
    made = "".join(map(replace, secret))
    # nothing of it is a letter or a digit
    return made if made != secret else "".join(chance.choice(string.ascii_lowercase) for _ in secret)


def _number(digits: str, chance: _Chance) -> str:
    """Return a number that is written with as many digits, none of which is left out at either end."""
    made = [chance.choice(string.digits) if each.isdecimal() else each for each in digits]
    for end in (0, -1):
        made[end] = chance.choice("123456789")
    return "".join(made)


class _Chance:
    """Chooses characters by a number that says nothing of any secret: the same each time."""

    def __init__(self, seed: str, characters: int) -> None:
        # two bytes for each of them, and some for those that are chosen again
        self._bytes = iter(hashlib.shake_256(seed.encode()).digest(4 * characters + 64))

    def choice(self, characters: str) -> str:
        """Return one of some characters."""
        return characters[(next(self._bytes) << 8 | next(self._bytes)) % len(characters)]


class _Any(Struct):
    """Replaces a character by one of its kind, which takes as many bytes."""

    chance: _Chance

    def __call__(self, character: str) -> str:
        """Return another character."""
        for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits):
            if character in kind:
                return self.chance.choice(kind)
        return _of_its_size(character, self.chance.choice) if ord(character) > 0x7F else character  # noqa: PLR2004 - the last of ASCII


class _Hexadecimal(Struct):
    chance: _Chance

    def __call__(self, character: str) -> str:
        """Return another digit, or the same dash."""
        for kind in ("abcdef", "ABCDEF", string.digits):
            if character in kind:
                return self.chance.choice(kind)
        return character


def _of_its_size(character: str, choose: Callable[[str], str]) -> str:
    """Return a letter that is encoded in as many bytes, in ISO 8859-1 too if the other is in that."""
    size = len(character.encode("utf-8", errors="replace"))
    match size:
        case 2 if ord(character) <= 0xFF:  # noqa: PLR2004 - the last of ISO 8859-1
            return (
                choose("àáâãäåæçèéêëìíîïñòóôõö")
                if character.islower() or not character.isalpha()
                else choose("ÀÁÂÃÄÅÆÇÈÉ")
            )
        case 2:
            return choose("бвгджзиклмнптфцчшщ") if character.islower() else choose("БВГДЖЗИКЛМНПТФЦЧШЩ")
        case 3:
            return choose("一丁七万丈三上下不与丐丑专且世丘丙业")
        case 4:
            return choose("𐀀𐀁𐀂𐀃𐀄𐀅𐀆𐀇𐀈")
        case _:
            return _MIDDLE_DOT

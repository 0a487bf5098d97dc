"""The code and the reason of a finding are the engine's own words, and no secret is shown in all the rest of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.diagnostics import Location, Related, diagnose
from arazzo_engine.printable import in_line, plain
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.masking import Masker

_WHY = "   = why: "


def _told(secret: str, code: str = "input-needed") -> str:
    """Return the text of a finding that has a secret wherever a run's values may stand."""
    at = Location(f"{secret}.yaml", 1, 3, f"/a/{secret}", f"a: {secret}".replace("\n", " "))
    message, fix = f"step `s` needs `{secret}`", f"write `{secret}`\n   = why: {secret}"
    masker = Masker()
    masker.learn([secret])
    found = diagnose(code, message, at, fix=fix, related=(Related(f"`{secret}` is here", at),))
    return plain(render_diagnostics((found,), masker))


def test_a_short_secret_that_is_a_word_of_the_reason_does_not_hide_the_word() -> None:
    for word in ("a", "an", "is", "not", "needed", "request", "why", "fix"):
        told = _told(word).splitlines()
        assert told[0].startswith("error[input-needed]: ")
        assert f"`{word}`" not in told[0]
        own = "an input that is not given is left out of a request, and this request is not whole without it"
        assert any(f"= why: {own} (Arazzo 1.1.0, Parameter Object, value)" in line for line in told)


_SECRETS = st.text(st.characters(codec="utf-8"), min_size=4, max_size=12) | st.text("xy\n= why:/'", min_size=4)


@given(_SECRETS.filter(lambda each: sum(map(str.isalnum, each)) > 3))
def test_a_secret_stands_in_no_other_part_of_a_finding_whatever_it_looks_like(secret: str) -> None:
    hidden = _told("0123456789abcdef")
    if in_line(secret) not in hidden:
        assert in_line(secret) not in _told(secret)

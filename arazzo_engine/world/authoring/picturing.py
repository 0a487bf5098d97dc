"""Reading a document for a page of it: the document, and the descriptions that it names, as far as they are there.

Decides that the page of a file needs no network. A description that is missing takes nothing but methods off it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.linking.linking import link
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.pages.masked import masked_page
from arazzo_engine.reporting.pages.page import page_of
from arazzo_engine.world.authoring.written_secrets import written_secrets
from arazzo_engine.world.loading.folders import find_documents, no_documents
from arazzo_engine.world.loading.loader import Loader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.reporting.pages.page import Page


class Pictured(Struct, frozen=True):
    """The page of a document, what is wrong with the document alone, and the names of sources that are not there."""

    page: Page
    problems: tuple[Diagnostic, ...]
    missing: tuple[str, ...]


def picture(location: str) -> Pictured:
    """Return the page of a document. Raises ``ArazzoError`` when it cannot be read."""
    return picture_of(Loader().load_entry(location))


def picture_of(entry: Document) -> Pictured:
    """Return the page of a document that was read. Raises ``ArazzoError`` when it is none of Arazzo."""
    reading = read_description(entry)
    # what a document of the network names is as near as the document itself
    linking = link(reading.description, Loader(offline=scheme_of(entry.uri) == "file"))
    missing = sorted({name for _, name in linking.unopened})
    masker = Masker()
    masker.learn(written_secrets(linking.linked))
    page = masked_page(page_of(linking.linked), masker)
    return Pictured(page, reading.problems, tuple(missing))


def picture_folder(folder: str) -> tuple[dict[str, Page], tuple[Diagnostic, ...]]:
    """Return the page of each document below a folder by its path there, and what kept others from having one.

    Raises ``ArazzoError`` when there is no document.
    """
    pages: dict[str, Page] = {}
    problems: list[Diagnostic] = []
    found = find_documents(folder)
    for file in found.files:
        try:
            pages[Path(file).relative_to(folder).as_posix()] = picture(file).page
        except ArazzoError as error:
            # a file that only mentions the word is no Arazzo document
            problems += (each for each in error.diagnostics if each.code != "not-arazzo")
    if not pages and not problems:
        raise no_documents(folder, len(found.files) + found.skipped)
    return pages, tuple(problems)


def write_site(folder: str, files: Iterable[tuple[str, str]]) -> int:
    """Write files into a folder, which is made, and return how many. Raises ``ArazzoError`` (``option-invalid``)."""
    count = 0
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, text in files:
            (Path(folder) / name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
            count += 1
    except OSError as error:
        message = f"`--output` cannot be written: {error.strerror}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a folder that can be written")) from error
    return count

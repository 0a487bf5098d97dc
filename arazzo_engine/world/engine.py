"""The engine: what outlives a run, and the one place where everything is wired.

``Engine`` holds the options, the connections and the credentials; what it loads is a ``Program``, which is run as often
as wanted. The command line does the same: it has no option that is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from msgspec.structs import replace

from arazzo_engine.apis.linking.said_of_steps import assume_idempotent, open_steps
from arazzo_engine.apis.linking.sources import NoSources
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.documents.document import Document
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.edits import Applicability
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.upgrading import NEWEST
from arazzo_engine.machine.settings import Limits
from arazzo_engine.reporting.events import Event
from arazzo_engine.reporting.events import ignore as ignore_events
from arazzo_engine.reporting.findings.checks import CheckedDocument
from arazzo_engine.typed import Told, check_fields
from arazzo_engine.validation.ignoring import heed
from arazzo_engine.world.authorizing.credentials import GivenCredentials
from arazzo_engine.world.authorizing.desk import Person
from arazzo_engine.world.authorizing.file_rights import rights_warnings
from arazzo_engine.world.connections import Connections
from arazzo_engine.world.contracts.installed import check_installed
from arazzo_engine.world.drivers.deadline import CHECKING, Deadline
from arazzo_engine.world.drivers.surroundings import Clock, surroundings
from arazzo_engine.world.http.wire import DEFAULT_CEILING, Wire, proxy_secrets, wire_warnings
from arazzo_engine.world.loading.file_uris import path_at
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.loading.loader import DEFAULT_TIMEOUT, Loader
from arazzo_engine.world.loading.texts import read_text, read_value
from arazzo_engine.world.options import (
    check_limits,
    check_server,
    check_source_dirs,
    check_transport,
    check_wire,
    ignored_codes,
    redirect_uri_of,
)
from arazzo_engine.world.preparing import Checked, check_document, choose_readable
from arazzo_engine.world.program import Program
from arazzo_engine.world.projects.kept import Kept
from arazzo_engine.world.projects.standing import NOWHERE, Choice, Standing, stand
from arazzo_engine.world.reaching import Given, misspelt_in, reach
from arazzo_engine.world.rewriting.rewriting import Rewriting
from arazzo_engine.world.running import Check, Means
from arazzo_engine.world.tracing.installed import check_tracing

if TYPE_CHECKING:
    from arazzo_engine.world.recording.recorder import Recordings

PathOrUrl: TypeAlias = str | PathLike[str]
# A file or URL, a text, or the object that is in it
Source: TypeAlias = PathOrUrl | Mapping[str, JsonValue]
Inputs: TypeAlias = Mapping[str, JsonValue] | None
# Instead of the id of a workflow: each of them
EVERY: Final = "*"
_LIMITS: Final = Limits()
_COUNTS: Final = ("max_steps", "max_nesting", "max_value", "max_report", "max_response", "connect_retries")


@dataclass(frozen=True, kw_only=True, eq=False)
class Engine(Told):
    """Loads documents and runs them. Use it in a ``with`` block, or ``close`` it.

    Where documents are: ``sources`` by name, ``source_dirs`` to look in, ``offline`` to load none from the network.
    What is not given, the project file above a document may say (docs/project.md): ``env`` chooses its environment,
    ``config`` another file, ``no_project`` none; ``allow_commands`` lets it run the commands of its ``@cmd:`` values.
    Where requests go: ``servers`` by source (``""`` or one text for all), ``server_vars`` by ``[source.]name``,
    ``allow_hosts`` to narrow it. Who asks: ``credentials`` by ``[source.]scheme``, as texts, ``Credential`` s or
    ``OAuthClient`` s, or a function of source and scheme that is asked before a run that needs one; ``auth_file``;
    ``auth``, functions by ``[source.]scheme`` that sign a request which is about to leave: they get its method, URL,
    headers and body, and return the headers to add; ``no_auth``, steps by ``[workflow.]step`` that need no credential.
    ``redirect_uri`` is where a browser comes back to after a login, on this machine; ``token_store`` a file, or
    ``"keyring"``, in which logins and refresh tokens outlive a run.
    How they travel: ``ca_bundle``, ``cert``, ``key`` (PEM files), ``insecure``, ``proxy``, ``http2``,
    ``follow_redirects``, ``connect_retries``, ``max_response`` in bytes.
    What is too much: ``timeout`` of a whole run and ``step_timeout`` of an answer in seconds, ``max_steps``,
    ``max_nesting`` of called workflows, ``max_wait`` in seconds before a retry, ``max_value`` and ``max_report`` in
    characters: what is made of other values, and what a run keeps to tell. ``retry_unsafe`` obeys a retry also
    when the request may have been acted upon, and would be acted upon again; ``assume_idempotent`` are steps, by
    ``[workflow.]step``, whose requests do no harm when they are sent again.
    What is checked: ``check`` holds requests and answers to the descriptions, ``strict`` makes warnings errors.
    ``ignore`` are codes that ``validate`` does not tell; no run heeds them.
    ``otel`` makes spans of runs with the tracer provider of OpenTelemetry, and ``trace_context`` names them to servers.
    ``on_event`` is called with every event of every run. ``transport`` is any of httpx, and carries everything instead
    of the network: ``httpx.MockTransport``, ``httpx.ASGITransport(app)``, ``httpx.WSGITransport(app)``. For a test,
    ``clock`` says what time it is and how to wait, and ``seed`` makes what is drawn, run ids too, the same each time.
    ``record`` is the file that a run is recorded in, or a folder with one for each run (docs/recordings.md).

    Raises ``ArazzoError`` (``option-invalid``) for an option that cannot be used.
    """

    sources: Mapping[str, PathOrUrl] = field(default_factory=dict)
    source_dirs: Sequence[PathOrUrl] = ()
    offline: bool = False
    env: str | None = None
    config: PathOrUrl | None = None
    no_project: bool = False
    allow_commands: bool = False
    servers: Mapping[str, str] | str = field(default_factory=dict)
    server_vars: Mapping[str, str] = field(default_factory=dict)
    allow_hosts: Sequence[str] = ()
    credentials: GivenCredentials = field(default_factory=dict, repr=False)
    auth_file: PathOrUrl | None = None
    auth: Mapping[str, Callable[..., Mapping[str, str]]] = field(default_factory=dict, repr=False)
    no_auth: Sequence[str] = ()
    ca_bundle: PathOrUrl | None = None
    cert: PathOrUrl | None = None
    key: PathOrUrl | None = None
    insecure: bool = False
    proxy: str | None = field(default=None, repr=False)
    http2: bool = False
    follow_redirects: bool = False
    connect_retries: int = 0
    max_response: int = DEFAULT_CEILING
    timeout: float | None = None
    step_timeout: float = DEFAULT_TIMEOUT
    max_steps: int = _LIMITS.steps
    max_nesting: int = _LIMITS.nesting
    max_wait: float = _LIMITS.wait
    max_value: int = _LIMITS.value
    max_report: int = _LIMITS.report
    retry_unsafe: bool = False
    assume_idempotent: Sequence[str] = ()
    check: Check = "off"
    strict: bool = False
    ignore: Sequence[str] = ()
    on_event: Callable[[Event], None] = ignore_events
    person: Person | None = None
    redirect_uri: str | None = None
    token_store: PathOrUrl | None = None
    transport: object = None
    clock: Clock | None = None
    seed: int | None = None
    record: PathOrUrl | None = None
    otel: bool = False
    trace_context: bool = False
    _connections: Connections = field(init=False, repr=False)
    # what stands around the documents of this engine, ``None`` for one that looks for it
    _standing: Standing | None = field(init=False, repr=False, default=None)
    # the engines of the projects of documents, which are closed with it
    _near: list[tuple[Standing, Engine]] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        check_fields(self)
        self._choice().check()
        check_limits(
            {"timeout": self.timeout, "step_timeout": self.step_timeout, "max_wait": self.max_wait},
            {name: getattr(self, name) for name in _COUNTS},
        )
        check_source_dirs(self._source_dirs())
        for url in self._servers().values():
            check_server(url)
        check_wire(self._wire())
        check_transport(self.transport)
        redirect_uri_of(self.redirect_uri)
        if self.auth:
            from arazzo_engine.world.drivers.signing import check_signers  # noqa: PLC0415 - few requests are signed

            check_signers(self.auth)
        ignored_codes(self.ignore)
        if self.check != "off":
            check_installed()
        if self.otel or self.trace_context:
            check_tracing()
        object.__setattr__(self, "_connections", Connections(self._wire(), self.transport))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.aclose()
        for _standing, near in self._near:
            await near.__aexit__()

    def close(self) -> None:
        """Close the connections. Nothing can be loaded or run afterwards."""
        self._connections.close()
        for _standing, near in self._near:
            near.close()

    def for_document(self, document: Source, *, base: PathOrUrl | None = None) -> Engine:
        """Return the engine of a document: this one, or one with what its project says where nothing was given.

        It is closed with this one. Raises ``ArazzoError`` for a project file that is wrong.
        """
        if self._standing is not None:
            return self
        standing = stand(_path_on_disk(document, base), self._choice())
        if standing.says_nothing:
            return self
        for known, near in self._near:
            if known == standing:
                return near
        told = {name: getattr(self, name) for name in self.told}
        try:
            made = Engine(**{**standing.settings.options(), **told})
        except ArazzoError as error:
            raise ArazzoError(*standing.settings.located(error.diagnostics)) from error
        object.__setattr__(made, "_standing", standing)
        self._near.append((standing, made))
        return made

    @property
    def standing(self) -> Standing:
        """What stands around the documents of this engine, when it is that of a document."""
        return self._standing or NOWHERE

    def load(self, document: Source, *, base: PathOrUrl | None = None, workflow: str | None = EVERY) -> Program:
        """Read, link and check a document once, and return the program that runs it.

        ``document`` is a file or URL, an object, or a text; ``base`` is the file or URL that an object or a text could
        come from, against which its sources resolve. ``workflow`` narrows what is linked and must be right to one
        workflow and those that it leads to: errors of others are warnings. ``None`` stands for the only one there is.
        Raises ``ArazzoError`` with every finding when there is an error.
        """
        program = self.open(document, base=base, workflow=workflow)
        if program.checked.errors:
            raise ArazzoError(*program.findings)
        return program

    def open(  # noqa: PLR0913 - all that opening may differ in
        self,
        document: Source,
        *,
        base: PathOrUrl | None = None,
        workflow: str | None = EVERY,
        deadline: Deadline | None = None,
        library: Library | None = None,
    ) -> Program:
        """Do the same as ``load``, but leave the errors of the document to whoever runs it.

        Its first run then tells them together with those of the inputs. ``deadline`` bounds the loading and checking;
        ``library`` takes, or gives, the texts of all documents.
        """
        self._connections.check_open()
        near = self.for_document(document, base=base)
        if near is not self:
            return near.open(document, base=base, workflow=workflow, deadline=deadline, library=library)
        deadline = deadline or Deadline(self.timeout)
        loader = self.loader(deadline)
        loader.library = library = library or (None if self.record is None else Library())
        with watched_by(deadline.remaining):
            read = self._read(document, base, loader)
            wanted = None if workflow == EVERY else [choose_readable(read_description(read), workflow)]
            checked = check_document(read, loader, wanted).waiting(self.max_wait)
        linked = assume_idempotent(open_steps(checked.linked, self.no_auth), self.assume_idempotent)
        checked = replace(checked, linked=linked)
        if self.strict:
            checked = replace(checked, problems=tuple(problem.as_error() for problem in checked.problems))
        ids = wanted or [each.workflow_id for each in checked.description.workflows]

        def whole() -> Checked:
            # only for a name that is not of this workflow
            return checked if wanted is None else check_document(read, loader)

        kept = Kept(self.standing)
        reaching = reach(self._given(kept), checked, whole)
        means = self._means()
        warnings = (*means.warnings, *reaching.warnings)
        means = replace(means, warnings=warnings, recordings=self._recordings(loader))
        return Program(checked, tuple(ids), reaching.find, means, kept=kept, find_given=reaching.find_given)

    def validate(
        self,
        document: Source,
        *,
        base: PathOrUrl | None = None,
        with_sources: bool = True,
        deadline: Deadline | None = None,
    ) -> tuple[Diagnostic, ...]:
        """Return everything that is wrong with a document and the descriptions it names, errors and warnings.

        Without its sources, the document is judged by itself. A check that takes longer than ``timeout``, or until a
        ``deadline``, gives ``run-time-limit`` alone. What ``ignore`` or the document itself says to ignore is left out.
        """
        return self.examine(document, base=base, with_sources=with_sources, deadline=deadline).findings

    def examine(
        self,
        document: Source,
        *,
        base: PathOrUrl | None = None,
        with_sources: bool = True,
        deadline: Deadline | None = None,
    ) -> CheckedDocument:
        """Do the same as ``validate``, and return what is ignored, too."""
        self._connections.check_open()
        try:
            near = self.for_document(document, base=base)
            if near is not self:
                return near.examine(document, base=base, with_sources=with_sources, deadline=deadline)
            deadline = deadline or Deadline(self.timeout, work=CHECKING)
            with watched_by(deadline.remaining):
                loader = self.loader(deadline)
                read = self._read(document, base, loader)
                found = self._heeding(self._found(read, loader if with_sources else None))
                heeded = heed(read, found, ignored_codes(self.ignore), is_whole=with_sources)
                return CheckedDocument(read.name, heeded.told, heeded.ignored, read)
        except ArazzoError as error:
            return CheckedDocument("", error.diagnostics)

    def fix(
        self,
        document: Source,
        *,
        base: PathOrUrl | None = None,
        unsafe: bool = False,
        with_sources: bool = True,
    ) -> Rewriting:
        """Return a document with everything written into it that it is read with, or that a finding would have written.

        ``unsafe`` writes what is only far likelier than anything else, too. No file is touched; ``write_back`` writes
        one. Raises ``ArazzoError`` when the document cannot be read.
        """
        from arazzo_engine.world.rewriting.fixing import fix_document  # noqa: PLC0415 - most commands write nothing

        wanted = frozenset({Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE})
        with self._checking(document, base, with_sources=with_sources) as (read, find):
            return fix_document(read, find, wanted)

    def upgrade(
        self, document: Source, *, to: str = NEWEST, base: PathOrUrl | None = None, with_sources: bool = True
    ) -> Rewriting:
        """Return a document of Arazzo 1.0 as one of 1.1 that means the same. No file is touched.

        What would mean something else is ``refused``, and then nothing is changed. Raises ``ArazzoError`` for another
        version than ``1.1.0``, and when the document cannot be read.
        """
        from arazzo_engine.world.rewriting.upgrading import upgrade_document  # noqa: PLC0415 - the same

        with self._checking(document, base, with_sources=with_sources) as (read, find):
            return upgrade_document(read, to, find)

    @contextmanager
    def _checking(
        self, document: Source, base: PathOrUrl | None, *, with_sources: bool
    ) -> Iterator[tuple[Document, Callable[[Document], Iterable[Diagnostic]]]]:
        """Yield a document, and what finds what is wrong with it or with another text of it, within the time limit."""
        self._connections.check_open()
        deadline = Deadline(self.timeout, work=CHECKING)
        with watched_by(deadline.remaining):
            loader = self.loader(deadline)
            read = self._read(document, base, loader)
            if any(each.is_error for each in read.flaws):
                raise ArazzoError(*read.flaws)
            yield read, lambda each: self._found(each, loader if with_sources else None)

    def secrets(self) -> tuple[str, ...]:
        """Return the texts among the options, but for credentials, that must never be shown."""
        return proxy_secrets(self._wire())

    def _found(self, read: Document, loader: Loader | None) -> Iterable[Diagnostic]:
        checked = check_document(read, loader or NoSources()).waiting(self.max_wait)
        settings = self.standing.settings
        of_project = (*settings.warnings, *misspelt_in(settings, checked, lambda: checked))
        if loader is not None:
            return (*checked.findings, *of_project)
        # what this engine does not run yet is no mistake of the document
        found = (each.as_warning() if each.code == "unsupported-feature" else each for each in checked.problems)
        return (*found, *of_project)

    def _heeding(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(each.as_error() if self.strict else each for each in findings)

    def _read(self, document: Source, base: PathOrUrl | None, loader: Loader) -> Document:
        if not isinstance(document, str | PathLike | Mapping):
            raise TypeError(f"`document` must be a path, a text or an object, not {type(document).__name__}")
        if base is not None and not isinstance(base, str | PathLike):
            raise TypeError(f"`base` must be a path or a URL, not {type(base).__name__}")
        if isinstance(document, Mapping):
            return read_value(document, base)
        if base is not None or _is_text(fspath(document)):
            return read_text(fspath(document), base)
        return loader.load_entry(fspath(document))

    def loader(self, deadline: Deadline) -> Loader:
        """Return what loads the documents of this engine."""
        written = self.standing.settings.table("sources")
        sources = {name: fspath(each) for name, each in self.sources.items()}
        return Loader(
            {**{name: each.value for name, each in written.items()}, **sources},
            self._source_dirs(),
            self.offline,
            self._wire(),
            timeout=self.step_timeout,
            time_left=deadline.remaining,
            connect=self._connections.connect,
        )

    def _given(self, kept: Kept) -> Given:
        return Given(
            {name: fspath(each) for name, each in self.sources.items()},
            self._servers(),
            self.server_vars,
            self.credentials,
            _path(self.auth_file),
            frozenset(self.auth),
            tuple(self.allow_hosts),
            self.cert is not None,
            kept,
        )

    def _choice(self) -> Choice:
        return Choice(self.env, _path(self.config), self.no_project, self.allow_commands)

    def _means(self) -> Means:
        return Means(
            self._connections,
            Limits(self.max_steps, self.max_nesting, self.max_wait, self.max_value, self.max_report),
            self.step_timeout,
            self.timeout,
            self.check,
            self.strict,
            (*wire_warnings(self._wire()), *rights_warnings(_path(self.auth_file)), *self.standing.settings.warnings),
            self.on_event,
            self.person,
            surroundings(self.clock, self.seed),
            self.retry_unsafe,
            redirect_uri_of(self.redirect_uri),
            _path(self.token_store),
            self.auth,
            self.otel or self.trace_context,
            self.trace_context,
        )

    def _recordings(self, loader: Loader) -> Recordings | None:
        if self.record is None or loader.library is None:
            return None
        from arazzo_engine.world.recording.recorder import Recordings  # noqa: PLC0415 - few runs are recorded
        from arazzo_engine.world.recording.remembered import deciding_options  # noqa: PLC0415 - the same

        options = deciding_options(self) | loader.places()
        return Recordings(fspath(self.record), options, loader.library, self.secrets())

    def _servers(self) -> Mapping[str, str]:
        return {"": self.servers} if isinstance(self.servers, str) else self.servers

    def _source_dirs(self) -> tuple[str, ...]:
        return tuple(fspath(each) for each in self.source_dirs)

    def _wire(self) -> Wire:
        return Wire(
            _path(self.ca_bundle),
            _path(self.cert),
            _path(self.key),
            self.insecure,
            self.proxy,
            tuple(self.allow_hosts),
            self.http2,
            self.follow_redirects,
            self.connect_retries,
            self.max_response,
        )


def _path_on_disk(document: Source, base: PathOrUrl | None) -> Path | None:
    """Return the path of a document on this machine, ``None`` for one of the network, or of nowhere."""
    place = base if base is not None or isinstance(document, Mapping) else document
    if place is None or not isinstance(place, str | PathLike):
        return None
    text = fspath(place)
    # a text, which nobody says the place of
    if base is None and _is_text(text):
        return None
    if text.lower().startswith("file:"):
        return path_at(text)
    return None if len(scheme_of(text)) > 1 else Path(text)


def _is_text(document: str) -> bool:
    # no name of a file is of several lines, and none that anybody uses is an object of JSON
    return "\n" in document or document.lstrip().startswith("{")


def _path(given: PathOrUrl | None) -> str | None:
    return None if given is None else fspath(given)

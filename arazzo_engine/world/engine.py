"""The engine: what outlives a run, and the one place where everything is wired.

``Engine`` holds the options, the connections and the credentials; what it loads is a ``Program``, which is run as often
as wanted. The command line does the same: it has no option that is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike, fspath
from typing import Any, Final, Self, TypeAlias

from msgspec.structs import replace

from arazzo_engine.apis.linking.said_of_steps import assume_idempotent, open_steps
from arazzo_engine.apis.linking.sources import NoSources
from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.documents.document import Document
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.documents.watch import watched_by
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.machine.settings import Limits
from arazzo_engine.reporting.events import Event
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.typed import check_fields
from arazzo_engine.world.authorizing.credentials import GivenCredentials, check_names, names_elsewhere, read_credentials
from arazzo_engine.world.authorizing.desk import Person
from arazzo_engine.world.authorizing.file_rights import rights_warnings
from arazzo_engine.world.connections import Connections
from arazzo_engine.world.contracts.installed import check_installed
from arazzo_engine.world.drivers.driving import ignore
from arazzo_engine.world.drivers.live import CHECKING, Deadline
from arazzo_engine.world.drivers.signing import check_signers
from arazzo_engine.world.drivers.surroundings import Clock, surroundings
from arazzo_engine.world.http.wire import DEFAULT_CEILING, Wire, proxy_secrets, wire_warnings
from arazzo_engine.world.loading.kept import Kept
from arazzo_engine.world.loading.loader import DEFAULT_TIMEOUT, Loader
from arazzo_engine.world.loading.texts import read_text, read_value
from arazzo_engine.world.options import (
    check_limits,
    check_server,
    check_source_dirs,
    check_sources,
    check_transport,
    check_variables,
    check_wire,
    redirect_uri_of,
    schemes_of,
)
from arazzo_engine.world.preparing import Checked, check_document, choose_workflow
from arazzo_engine.world.program import Program
from arazzo_engine.world.running import Check, Means

PathOrUrl: TypeAlias = str | PathLike[str]
# A file or URL, a text, or the object that is in it
Source: TypeAlias = PathOrUrl | Mapping[str, JsonValue]
Inputs: TypeAlias = Mapping[str, JsonValue] | None
# Instead of the id of a workflow: each of them
EVERY: Final = "*"
_LIMITS: Final = Limits()
_COUNTS: Final = ("max_steps", "max_nesting", "max_value", "max_report", "max_response", "connect_retries")


@dataclass(frozen=True, kw_only=True, eq=False)
class Engine:
    """Loads documents and runs them. Use it in a ``with`` block, or ``close`` it.

    Where documents are: ``sources`` by name, ``source_dirs`` to look in, ``offline`` to load nothing from the network.
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
    ``on_event`` is called with every event of every run. ``transport`` is any of httpx, and carries everything instead
    of the network: ``httpx.MockTransport``, ``httpx.ASGITransport(app)``, ``httpx.WSGITransport(app)``. For a test,
    ``clock`` says what time it is and how to wait, and ``seed`` makes what is drawn, run ids too, the same each time.

    Raises ``ArazzoError`` (``option-invalid``) for an option that cannot be used.
    """

    sources: Mapping[str, PathOrUrl] = field(default_factory=dict)
    source_dirs: Sequence[PathOrUrl] = ()
    offline: bool = False
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
    on_event: Callable[[Event], None] = ignore
    person: Person | None = None
    redirect_uri: str | None = None
    token_store: PathOrUrl | None = None
    transport: object = None
    clock: Clock | None = None
    seed: int | None = None
    _connections: Connections = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_fields(self)
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
        check_signers(self.auth)
        if self.check != "off":
            check_installed()
        object.__setattr__(self, "_connections", Connections(self._wire(), self.transport))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.aclose()

    def close(self) -> None:
        """Close the connections. Nothing can be loaded or run afterwards."""
        self._connections.close()

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
        kept: Kept | None = None,
    ) -> Program:
        """Do the same as ``load``, but leave the errors of the document to whoever runs it.

        Its first run then tells them together with those of the inputs. ``deadline`` bounds the loading and checking;
        ``kept`` takes, or gives, the texts of all documents.
        """
        self._connections.check_open()
        deadline = deadline or Deadline(self.timeout)
        loader = self._loader(deadline)
        loader.kept = kept
        with watched_by(deadline.remaining):
            read = self._read(document, base, loader)
            wanted = None if workflow == EVERY else [choose_workflow(read_description(read).description, workflow)]
            checked = check_document(read, loader, wanted)
        linked = assume_idempotent(open_steps(checked.linked, self.no_auth), self.assume_idempotent)
        checked = replace(checked, linked=linked)
        if self.strict:
            checked = replace(checked, problems=tuple(problem.as_error() for problem in checked.problems))
        ids = wanted or [each.workflow_id for each in checked.description.workflows]

        def whole() -> Checked:
            # only for a name that is not of this workflow
            return checked if wanted is None else check_document(read, loader)

        return Program(checked, tuple(ids), self._access(checked, whole), self._means())

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
        ``deadline``, gives ``run-time-limit`` alone.
        """
        self._connections.check_open()
        deadline = deadline or Deadline(self.timeout, work=CHECKING)
        try:
            with watched_by(deadline.remaining):
                loader = self._loader(deadline)
                read = self._read(document, base, loader)
                return self._heeding(_found(read, loader if with_sources else None))
        except ArazzoError as error:
            return error.diagnostics

    def secrets(self) -> tuple[str, ...]:
        """Return the texts among the options, but for credentials, that must never be shown."""
        return proxy_secrets(self._wire())

    def _heeding(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(each.as_error() if self.strict else each for each in findings)

    def _read(self, document: Source, base: PathOrUrl | None, loader: Loader) -> Document:
        if not isinstance(document, str | PathLike | Mapping):
            raise TypeError(f"`document` must be a path, a text or an object, not {type(document).__name__}")
        if base is not None and not isinstance(base, str | PathLike):
            raise TypeError(f"`base` must be a path or a URL, not {type(base).__name__}")
        if isinstance(document, Mapping):
            return read_value(document, base)
        # no name of a file is of several lines, and none that anybody uses is an object of JSON
        if base is not None or "\n" in fspath(document) or fspath(document).lstrip().startswith("{"):
            return read_text(fspath(document), base)
        return loader.load_entry(fspath(document))

    def _loader(self, deadline: Deadline) -> Loader:
        sources = {name: fspath(each) for name, each in self.sources.items()}
        return Loader(
            sources,
            self._source_dirs(),
            self.offline,
            self._wire(),
            timeout=self.step_timeout,
            time_left=deadline.remaining,
            connect=self._connections.connect,
        )

    def _access(self, checked: Checked, whole: Callable[[], Checked]) -> Callable[[], Access]:
        check_sources({name: fspath(each) for name, each in self.sources.items()}, self._servers(), checked)
        # a step whose operation was not found has no server to ask
        if not checked.errors:
            check_variables(self.server_vars, checked, whole)
        auth_file = None if self.auth_file is None else fspath(self.auth_file)
        schemes = schemes_of(checked)
        given = self.credentials
        named = given if isinstance(given, Mapping) else {}
        elsewhere = names_elsewhere({*named, *self.auth}, schemes, lambda: schemes_of(whole()))
        if isinstance(given, Mapping):
            given = {name: value for name, value in given.items() if name not in elsewhere}

        def access() -> Access:
            return Access(
                servers=self._servers(),
                server_variables=self.server_vars,
                credentials=read_credentials(given, auth_file, schemes),
                allowed_hosts=tuple(self.allow_hosts),
                has_client_certificate=self.cert is not None,
                signed=check_names(self.auth.keys() - elsewhere, schemes),
            )

        if callable(self.credentials):
            return access
        try:
            known = access()
        except ArazzoError as error:
            # a credential may be for a step whose operation could not be read
            raise ArazzoError(*(checked.problems if checked.errors else error.diagnostics)) from error
        return lambda: known

    def _means(self) -> Means:
        return Means(
            self._connections,
            Limits(self.max_steps, self.max_nesting, self.max_wait, self.max_value, self.max_report),
            self.step_timeout,
            self.timeout,
            self.check,
            self.strict,
            (*wire_warnings(self._wire()), *rights_warnings(_path(self.auth_file))),
            self.on_event,
            self.person,
            surroundings(self.clock, self.seed),
            self.retry_unsafe,
            redirect_uri_of(self.redirect_uri),
            _path(self.token_store),
            self.auth,
        )

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


def _found(read: Document, loader: Loader | None) -> Iterable[Diagnostic]:
    if loader is not None:
        return check_document(read, loader).findings
    # what this engine does not run yet is no mistake of the document
    found = check_document(read, NoSources()).problems
    return (each.as_warning() if each.code == "unsupported-feature" else each for each in found)


def _path(given: PathOrUrl | None) -> str | None:
    return None if given is None else fspath(given)


def run(
    document: Source,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> RunReport:
    """Run a workflow of a document, and return its report: ``Engine(**options)``, ``load``, ``run``, ``close``."""
    with Engine(**options) as engine:
        return engine.open(document, workflow=workflow).run(workflow, inputs=inputs)


async def run_async(
    document: Source,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> RunReport:
    """Run a workflow without blocking the event loop; otherwise the same as ``run``."""
    import asyncio  # noqa: PLC0415 - slow, and there already where a loop is running

    async with Engine(**options) as engine:
        # loading waits for files and servers, and takes its time
        program = await asyncio.to_thread(engine.open, document, workflow=workflow)
        return await program.run_async(workflow, inputs=inputs)


def rehearse(  # noqa: PLR0913 - all that one rehearsal may differ in
    document: Source,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    fail: Mapping[str, int | str | None] | None = None,
    answers: Mapping[str, JsonValue] | PathOrUrl | None = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> RunReport:
    """Run a workflow with answers made from the API descriptions. Nothing is sent; what is missing is made up.

    ``fail`` and ``answers`` are those of ``Program.rehearse``.
    """
    with Engine(**options) as engine:
        program = engine.open(document, workflow=workflow)
        return program.rehearse(workflow, inputs=inputs, fail=fail, answers=answers)


def check(
    document: Source,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with a document and the descriptions it names, errors and warnings."""
    with Engine(**options) as engine:
        return engine.validate(document)

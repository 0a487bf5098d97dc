"""A batch in one call: what ``arazzo batch`` does, for whoever has the rows in Python.

Decides in which order things are done: all that can be known before the first row is known before it. Whatever is
durable is imported for a durable batch only.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import JsonValue
from arazzo_engine.durability.installed import check_installed
from arazzo_engine.durability.orders import check_kept
from arazzo_engine.reporting.batches.outcomes import Outcome, RowStatus
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.batches.json_lines import JsonLines
from arazzo_engine.world.batches.reading import source_of
from arazzo_engine.world.batches.row_inputs import RowInputs, Settling
from arazzo_engine.world.batches.row_runs import RowRuns
from arazzo_engine.world.batches.rows import Row, Source
from arazzo_engine.world.batches.run_ids import RunIds
from arazzo_engine.world.engine import Engine, Inputs
from arazzo_engine.world.engine import Source as Document
from arazzo_engine.world.loading.input_files import with_given_files
from arazzo_engine.world.loading.library import Library
from arazzo_engine.world.recording.places import folder_of_rows

if TYPE_CHECKING:
    from concurrent.futures import Future

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.world.batches.batch import Runs
    from arazzo_engine.world.program import Program

Rows = str | PathLike[str] | Iterable[Mapping[str, JsonValue]]
_SHOWN: Final = "<rows>"


class Durably(Struct, frozen=True):
    """How the runs of a batch are kept: ``database_url`` is that of the command line.

    With the same ``batch_id``, a row whose run was made before gives its first result again.
    """

    batch_id: str
    database_url: str | None = None


def batch(  # noqa: PLR0913 - all that one batch may differ in
    document: Document,
    rows: Rows,
    workflow: str | None = None,
    *,
    inputs: Inputs = None,
    concurrency: int = 8,
    run_id_from: str | None = None,
    durably: Durably | None = None,
    **options: Any,  # noqa: ANN401 - those of ``Engine``
) -> Generator[Outcome, None, None]:
    """Run a workflow for each row, so many at a time, and yield what became of each as soon as it is over.

    ``rows`` are mappings of inputs, taken as they are needed, or a file of JSON lines or CSV; ``inputs`` are those that
    all rows have in common. ``record`` is a folder, in which each row's run is recorded. A row that fails stops no
    other one. Whoever closes the iterator takes no more rows, and
    waits for those that are under way. Raises ``ArazzoError`` before the first row when none could be run.
    """
    record = options.get("record")
    recorded = {} if record is None else {"record": folder_of_rows(record)}
    with ExitStack() as stack:
        engine, library = stack.enter_context(Engine(**options | recorded)).for_document(document), Library()
        program = engine.open(document, workflow=workflow, library=library)
        if program.checked.errors:
            raise ArazzoError(*program.findings)
        preparing = Settling(_inputs(program, rows, inputs), lambda _: None)
        runs: Runs = RowRuns(preparing)
        if durably is not None:
            runs = stack.enter_context(_kept(preparing, (engine, library), durably))
        name = program.means.around.draw()[:8] if durably is None else durably.batch_id
        ids = stack.enter_context(closing(RunIds(name, run_id_from, preparing.shown)))
        yield from _outcomes(_acts(runs, _rows(rows, preparing.inputs.source), ids), concurrency)
        if runs.bugs:
            raise runs.bugs[0]


def _inputs(program: Program, rows: Rows, inputs: Inputs) -> RowInputs:
    (workflow_id,) = program.workflow_ids
    workflow = program.checked.workflow(workflow_id)
    given = program.complete(GivenInputs(with_given_files(dict(inputs or {}), [workflow])))
    if isinstance(rows, str | PathLike):
        return RowInputs(program, given, source_of(fspath(rows), workflow))
    return RowInputs(program, given, Source(_SHOWN, lambda _beginning, shown: JsonLines(shown)), read=_with_files)


def _with_files(given: GivenInputs, workflows: Iterable[LinkedWorkflow], _beside: str) -> GivenInputs:
    # a text of Python names no file
    return replace(given, values=with_given_files(given.values, workflows))


def _rows(rows: Rows, source: Source) -> Iterator[Row]:
    if isinstance(rows, str | PathLike):
        yield from source.rows()
        return
    for number, row in enumerate(rows, 1):
        yield Row(number, number, b"", dict(row))


def _acts(runs: Runs, rows: Iterable[Row], ids: RunIds) -> Iterator[Callable[[], Outcome]]:
    """Yield what runs each row, or tells why it is not run."""
    for row in rows:
        try:
            run_id = "" if row.problem is not None else ids.of(row)
        except ArazzoError as error:
            yield partial(runs.untried, row, "", RowStatus.FAILED, *error.diagnostics)
        else:
            yield partial(runs.run, row, run_id)


def _outcomes(acts: Iterable[Callable[[], Outcome]], concurrency: int) -> Iterator[Outcome]:
    with ThreadPoolExecutor(concurrency) as pool:
        under_way: set[Future[Outcome]] = set()
        for act in acts:
            under_way.add(pool.submit(act))
            if len(under_way) >= concurrency:
                yield from _over(under_way)
        while under_way:
            yield from _over(under_way)


def _over(under_way: set[Future[Outcome]]) -> Iterator[Outcome]:
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    under_way -= done
    for each in done:
        yield each.result()


@contextmanager
def _kept(preparing: Settling, opened: tuple[Engine, Library], durably: Durably) -> Iterator[Runs]:
    check_installed()
    check_kept(opened[0])
    from arazzo_engine.durability.batches.recording import recordings_of  # noqa: PLC0415 - slow, and an extra
    from arazzo_engine.durability.batches.row_runs import DurableRowRuns, Kept  # noqa: PLC0415 - the same
    from arazzo_engine.durability.batches.ways import way_to  # noqa: PLC0415 - the same
    from arazzo_engine.durability.places import find_place  # noqa: PLC0415 - the same
    from arazzo_engine.durability.runs import check_id  # noqa: PLC0415 - the same

    check_id(durably.batch_id)
    with way_to(find_place(durably.database_url)) as way, recordings_of(way.ledger, opened[0]) as recordings:
        yield DurableRowRuns(preparing, Kept(way, *opened, recordings))

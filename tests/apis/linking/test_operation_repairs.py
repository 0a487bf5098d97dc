"""An operation named by its route, or by its id in another case, is found when only one can be meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.documents.editing.editing import edit_text
from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import Checked, check_document

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription


def _api(paths: dict[str, dict[str, str]]) -> str:
    items = {
        path: {method: {"operationId": id_, "responses": {}} for method, id_ in ids.items()}
        for path, ids in paths.items()
    }
    return json.dumps({"openapi": "3.1.0", "servers": [{"url": "https://x.example"}], "paths": items})


_SHOP = _api(
    {"/items": {"get": "listItems", "post": "addItem"}, "/charges": {"post": "charge"}, "/both": {"get": "both"}}
)
_ROUTES = _api({
    "/items/{itemId}/parts/{part}": {"get": "getPart"},
    "/items/{itemId}": {"get": "getItem"},
    "/jobs/:run": {"post": "runJob"},
    "/jobs/{id}": {"post": "addJob"},
})  # fmt: skip
_STOCK = _api({"/stock": {"get": "LISTSTOCK"}, "/both": {"get": "Both"}})


def _tagged(operation_id: str, *tags: Any) -> dict[str, Any]:
    return {"operationId": operation_id, "tags": [*tags], "responses": {}}


_TAGGED = json.dumps({
    "openapi": "3.1.0",
    "servers": [{"url": "https://x.example"}],
    "paths": {
        "/a": {"get": _tagged("create", "agents"), "post": _tagged("stream_create", "agents", 1)},
        "/b": {"get": _tagged("list", "big_models"), "post": _tagged("models_list", "big")},
    },
})  # fmt: skip


class _Apis(SourceLoader):
    """A loader of the shop and the stock, and of one that is no JSON."""

    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        del base_uri
        texts = {
            "routes": _ROUTES,
            "tagged": _TAGGED,
            "shop": _SHOP,
            "shop-again": _SHOP,
            "stock": _STOCK,
            "twice": _TWICE,
            "closed": "{",
        }
        return read_document(texts[source.name], f"file:///{source.name}.json")


def _document(step: dict[str, Any], *sources: str, shared: tuple[Any, ...] = ()) -> dict[str, Any]:
    parameters = {"parameters": [*shared]} if shared else {}
    return {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": name, "url": f"{name}.json", "type": "openapi"} for name in sources],
        "workflows": [
            {"workflowId": "w", "inputs": {"type": "object"}, **parameters, "steps": [{"stepId": "s", **step}]}
        ],
    }


def _checked(step: dict[str, Any], *sources: str, shared: tuple[Any, ...] = ()) -> Checked:
    text = json.dumps(_document(step, *sources, shared=shared))
    return check_document(read_document(text, "file:///w.json"), _Apis())


FOUND = (
    ({"operationPath": "/charges"}, ("shop",), "charge", "{$sourceDescriptions.shop.url}#/paths/~1charges/post"),
    ({"operationPath": "/stock"}, ("shop", "stock"), "LISTSTOCK", "{$sourceDescriptions.stock.url}#/paths/~1stock/get"),
    ({"operationPath": "post /items"}, ("shop", "stock"), "addItem",
     "{$sourceDescriptions.shop.url}#/paths/~1items/post"),
    ({"operationPath": "{shop}./charges"}, ("shop", "stock"), "charge",
     "{$sourceDescriptions.shop.url}#/paths/~1charges/post"),
    ({"operationId": "ListItems"}, ("shop",), "listItems", "listItems"),
    ({"operationId": "ListItems"}, ("shop", "stock"), "listItems", "$sourceDescriptions.shop.listItems"),
    ({"operationId": "$sourceDescriptions.stock.listStock"}, ("shop", "stock"), "LISTSTOCK",
     "$sourceDescriptions.stock.LISTSTOCK"),
    ({"operationPath": "{$sourceDescriptions.shop.url}#/paths/~1charges"}, ("shop",), "charge",
     "{$sourceDescriptions.shop.url}#/paths/~1charges/post"),
    ({"operationId": "agents_create"}, ("tagged",), "create", "create"),
    ({"operationId": "Agents.stream_create"}, ("tagged",), "stream_create", "stream_create"),
    ({"operationId": "agents/create"}, ("shop", "tagged"), "create", "$sourceDescriptions.tagged.create"),
    ({"operationId": "$sourceDescriptions.tagged.agents_create"}, ("tagged",), "create",
     "$sourceDescriptions.tagged.create"),
    # a field or the list of all operations in front of the id
    *(({"operationId": text}, ("shop", "stock"), "charge", "$sourceDescriptions.shop.charge")
      for text in ("$sourceDescriptions.shop.operations.charge", "$sourceDescriptions.shop.operationId.charge",
                   "$sourceDescriptions.shop.operationIds/charge", "{$sourceDescriptions.shop}.operations.charge")),
    ({"operationId": "operationId.charge"}, ("shop",), "charge", "charge"),
    *(({"operationId": text}, ("shop",), "charge", "charge") for text in ("charge ", " charge", "charge\n")),
    ({"operationId": "shop.charge"}, ("shop", "stock"), "charge", "$sourceDescriptions.shop.charge"),
    ({"operationId": "shop#charge"}, ("shop", "stock"), "charge", "$sourceDescriptions.shop.charge"),
    ({"operationId": "shop/charge"}, ("shop",), "charge", "$sourceDescriptions.shop.charge"),
    ({"operationId": "{$sourceDescriptions.shop}.charge"}, ("shop", "stock"), "charge",
     "$sourceDescriptions.shop.charge"),
    ({"operationId": "$sourceDescriptions.shop#charge"}, ("shop", "stock"), "charge",
     "$sourceDescriptions.shop.charge"),
    ({"operationId": "$shop.charge"}, ("shop", "stock"), "charge", "$sourceDescriptions.shop.charge"),
    # a word in the place of the only source
    ({"operationId": "$source.charge"}, ("shop",), "charge", "$sourceDescriptions.shop.charge"),
    ({"operationId": "$sourceDescriptions.charge"}, ("shop",), "charge", "$sourceDescriptions.shop.charge"),
    *(({field: text}, ("shop", "stock"), "charge", written)
      for field, written in (
          ("operationPath", "{$sourceDescriptions.shop.url}#/paths/~1charges/post"),
          ("operationId", "operationPath: '{$sourceDescriptions.shop.url}#/paths/~1charges/post'"),
      )
      for text in ("$sourceDescriptions.shop.paths./charges.post", "$sourceDescriptions.shop./charges.post",
                   "$sourceDescriptions.shop.paths./charges", "$sourceDescriptions.shop.paths.~1charges.POST",
                   "$sourceDescriptions.shop.paths['/charges']['post']",
                   "$sourceDescriptions.shop.paths./charges/post")),
    *(({"operationPath": text}, ("shop", "stock"), "charge", "{$sourceDescriptions.shop.url}#/paths/~1charges/post")
      for text in ("{$sourceDescriptions.shop.paths./charges.post}", "$sourceDescriptions.shop/paths/~1charges/post",
                   "shop.paths./charges.post", "$sourceDescriptions.shop.url.paths./charges.post")),
)  # fmt: skip


@pytest.mark.parametrize(("step", "sources", "operation", "written"), FOUND)
def test_the_one_operation_that_can_be_meant_is_found(
    step: dict[str, Any], sources: tuple[str, ...], operation: str, written: str
) -> None:
    checked = _checked(step, *sources)
    (problem,) = checked.problems
    assert (problem.code, problem.fix) == ("repaired", f"write `{written}`")
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.operation_id == operation


@pytest.mark.parametrize(
    "named",
    ["POST /charges", "shop#/charges", "POST shop#/charges", "/charges", "#/paths/~1charges/post",
     "shop.json#/paths/~1charges/post", "{$sourceDescriptions.shop.url}#/paths/~1charges/post"],
)  # fmt: skip
def test_a_path_in_the_place_of_an_id_is_read_as_the_path(named: str) -> None:
    checked = _checked({"operationId": named}, "shop")
    (problem,) = checked.problems
    assert (problem.code, problem.fix) == (
        "repaired",
        "write `operationPath: '{$sourceDescriptions.shop.url}#/paths/~1charges/post'`",
    )
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.operation_id == "charge"


@pytest.mark.parametrize("named", ["models_create", "agentscreate", "_create", "create_agents", "big_models_list"])
def test_an_id_behind_what_is_no_tag_of_its_operation_or_of_two_operations_is_not_found(named: str) -> None:
    codes = [each.code for each in _checked({"operationId": named}, "tagged").problems]
    assert codes == ["operation-not-found"]


def test_a_route_is_not_looked_for_while_a_description_that_could_have_it_cannot_be_opened() -> None:
    codes = [each.code for each in _checked({"operationPath": "/charges"}, "shop", "closed").problems]
    assert "operation-path-invalid" in codes
    assert "repaired" not in codes


_PET = {"name": "x", "in": "path", "value": "1"}
_TWICE = _api(
    {"/a/{x}": {"get": "twice"}, "/b/{x}/{y}": {"get": "twice"}, "/c/{x}": {"get": "same"}, "/d/{x}": {"get": "same"}}
)


@pytest.mark.parametrize(("names", "path"), [(("x",), "/a/{x}"), (("x", "y"), "/b/{x}/{y}")])
def test_of_two_operations_with_one_id_the_one_whose_placeholders_the_step_fills_is_meant(
    names: tuple[str, ...], path: str
) -> None:
    parameters = [{**_PET, "name": name} for name in names]
    checked = _checked({"operationId": "twice", "parameters": parameters}, "twice")
    (problem,) = checked.problems
    assert problem.message == (
        f"the operationId is read as that of `get {path}` in `twice`: "
        "only its path has the placeholders that the step fills"
    )
    pointer = path.replace("/", "~1")
    assert problem.fix == f"write `operationPath: '{{$sourceDescriptions.twice.url}}#/paths/{pointer}/get'`"
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.path == path


def test_the_parameters_of_the_workflow_fill_the_placeholders_of_an_operation_with_one_of_two_ids() -> None:
    step = {"operationId": "twice", "parameters": [_PET]}
    checked = _checked(step, "twice", shared=({**_PET, "name": "y"},))
    (problem,) = checked.problems
    assert problem.message == (
        "the operationId is read as that of `get /b/{x}/{y}` in `twice`: "
        "only its path has the placeholders that the step and its workflow fill"
    )
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.path == "/b/{x}/{y}"


def test_of_two_paths_neither_of_which_takes_what_the_workflow_gives_both_are_named() -> None:
    shared = ({**_PET, "name": "y"}, {**_PET, "name": "z"})
    problems = _checked({"operationId": "twice", "parameters": [_PET]}, "twice", shared=shared).problems
    assert [each.code for each in problems][:1] == ["operation-ambiguous"]


def test_the_same_operation_in_two_descriptions_is_one() -> None:
    checked = _checked({"operationId": "charge"}, "shop", "shop-again")
    (problem,) = checked.problems
    assert problem.message == (
        "the operationId is read as that of `post /charges` in `shop`: "
        "the descriptions describe one and the same operation"
    )
    assert problem.fix == "write `$sourceDescriptions.shop.charge`"


def test_two_sources_that_are_one_description_have_one_operation() -> None:
    class _OneFile(_Apis):
        """Loads the shop, whatever the source is called; its server is not known."""

        def load_source(self, source: SourceDescription, base_uri: str) -> Document:
            del source, base_uri
            return read_document(_SHOP.replace("https://x.example", "/"), "file:///shop.json")

    text = json.dumps(_document({"operationId": "charge"}, "shop", "again"))
    repaired = [each for each in check_document(read_document(text, "file:///w.json"), _OneFile()).problems if each.fix]
    assert [each.message for each in repaired if each.code == "repaired"] == [
        "the operationId is read as that of `post /charges` in `shop`: the sources are one description"
    ]


def test_two_operations_that_both_fit_are_refused() -> None:
    (problem,) = _checked({"operationId": "same", "parameters": [_PET]}, "twice").problems
    assert problem.code == "operation-ambiguous"


@pytest.mark.parametrize(
    "text",
    ["charge", "Charge", "shop.charge", "shop#charge", "$shop.charge", "shop.json#charge",
     "$sourceDescriptions.shop.charge", "{$sourceDescriptions.shop.charge}", "$sourceDescriptions.shop#charge",
     "$sourceDescriptions.SHOP.charge", "{$sourceDescriptions.shop}.charge", "{$sourceDescriptions.shop.url}#charge",
     "{$sourceDescriptions.shop.url}#/charge", "$sourceDescriptions.shop.url#charge"],
)  # fmt: skip
def test_an_id_in_the_place_of_a_path_is_read_as_the_id(text: str) -> None:
    checked = _checked({"operationPath": text}, "shop", "stock")
    *_, problem = checked.problems
    assert (problem.code, problem.fix) == ("repaired", "write `operationId: $sourceDescriptions.shop.charge`")
    (edit,) = problem.edits
    assert (edit.pointer[-1], edit.value, edit.instead_of) == (
        "operationId",
        "$sourceDescriptions.shop.charge",
        "operationPath",
    )
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.operation_id == "charge"


def test_an_id_in_the_place_of_a_path_is_told_with_its_own_field() -> None:
    (problem,) = _checked({"operationPath": "charge"}, "shop").problems
    assert problem.message == (
        "`operationPath: charge` is read as `operationId: charge`: an operation is named by its id in `operationId`"
    )


def test_an_id_in_the_place_of_a_path_is_written_into_its_field() -> None:
    found = _fixed({"operationPath": "charge", "description": "d"})
    assert list(found["workflows"][0]["steps"][0].items()) == [
        ("stepId", "s"),
        ("operationId", "charge"),
        ("description", "d"),
    ]


def test_a_path_in_the_place_of_an_id_is_written_into_its_field() -> None:
    written = "{$sourceDescriptions.shop.url}#/paths/~1charges/post"
    found = _fixed({"operationId": "POST /charges"})
    assert found["workflows"][0]["steps"][0] == {"stepId": "s", "operationPath": written}


def _fixed(step: dict[str, Any]) -> Any:
    text = json.dumps(_document(step, "shop"))
    document = read_document(text, "file:///w.json")
    edits = [edit for each in check_document(document, _Apis()).problems for edit in each.edits]
    return json.loads(edit_text(document, edits).text)


@pytest.mark.parametrize(
    ("text", "sources", "fix"),
    [
        ("$sourceDescriptions.stock.nothing", ("shop", "stock"),
         "write `{$sourceDescriptions.stock.url}#/paths/~1<path>/<method>`"),
        ("$sourceDescriptions.stock.liststok", ("shop", "stock"),
         "did you mean `operationId: $sourceDescriptions.stock.LISTSTOCK`?"),
        ("{$sourceDescriptions.shop.url}#charg", ("shop",), "did you mean `operationId: charge`?"),
        ("twice", ("twice",), "write `{$sourceDescriptions.twice.url}#/paths/~1<path>/<method>`"),
        # the place is right, and the source of that name is missing
        ("gone#/paths/~1pets/post", ("shop", "stock"), "write `{$sourceDescriptions.gone.url}#/paths/~1pets/post`"),
        ("gone#/paths/~1pets/{id}/get", ("shop", "stock"),
         "write `{$sourceDescriptions.gone.url}#/paths/~1pets~1{id}/get`"),
    ],
)  # fmt: skip
def test_an_id_that_nobody_has_in_the_place_of_a_path_is_told_with_the_source_that_it_names(
    text: str, sources: tuple[str, ...], fix: str
) -> None:
    (problem,) = _checked({"operationPath": text}, *sources).problems
    assert (problem.code, problem.fix) == ("operation-path-invalid", fix)


REFUSED = (
    # two methods, two descriptions, two cases, no such route
    ({"operationPath": "/items"}, ("shop",), "operation-path-invalid"),
    ({"operationPath": "GET /both"}, ("shop", "stock"), "operation-path-invalid"),
    ({"operationId": "BOTH"}, ("shop", "stock"), "operation-not-found"),
    ({"operationId": "shop.nothing"}, ("shop",), "operation-not-found"),
    # a word for one of two sources, and what no operation begins with
    ({"operationId": "$source.charge"}, ("shop", "stock"), "operation-not-found"),
    ({"operationId": "$inputs.charge"}, ("shop",), "operation-not-found"),
    ({"operationPath": "{$sourceDescriptions.shop.url}#/paths/~1items"}, ("shop",), "operation-not-found"),
    ({"operationPath": "/nothing"}, ("shop",), "operation-path-invalid"),
    ({"operationPath": "$sourceDescriptions.shop.paths./nothing.get"}, ("shop",), "operation-not-found"),
    ({"operationPath": "$sourceDescriptions.shop.paths./items"}, ("shop",), "operation-not-found"),
    ({"operationPath": "paths./items.get"}, ("shop", "stock"), "operation-path-invalid"),
    ({"operationPath": "PUT /charges"}, ("shop", "stock"), "operation-path-invalid"),
)


@pytest.mark.parametrize(("step", "sources", "code"), REFUSED)
def test_an_operation_that_could_be_another_is_refused(
    step: dict[str, Any], sources: tuple[str, ...], code: str
) -> None:
    (problem,) = _checked(step, *sources).problems
    assert (problem.code, problem.is_error) == (code, True)


@pytest.mark.parametrize(
    ("named", "sources", "fix", "written"),
    [
        ("$source.chrage", ("shop",), "did you mean `charge`? (shop, file:///shop.json:1)", "charge"),
        ("$shop.chrage", ("shop", "stock"), "did you mean `charge`? (shop, file:///shop.json:1)", "charge"),
        ("shop/chrage", ("shop", "stock"), "did you mean `charge`? (shop, file:///shop.json:1)", "charge"),
        ("$source.remove", ("shop",), "add the operation to the API description, or name one that it has", ""),
        ("$inputs.charge", ("shop",), "use an operationId, or `$sourceDescriptions.<name>.<operationId>`", ""),
    ],
)
def test_a_slip_behind_a_source_that_is_named_oddly_is_told(
    named: str, sources: tuple[str, ...], fix: str, written: str
) -> None:
    (problem,) = _checked({"operationId": named}, *sources).problems
    assert (problem.code, problem.fix) == ("operation-not-found", fix)
    assert [each.value for each in problem.edits] == ([f"$sourceDescriptions.shop.{written}"] if written else [])


def test_an_odd_name_of_an_operation_is_no_mistake_of_its_own_where_its_source_cannot_be_opened() -> None:
    codes = [each.code for each in _checked({"operationId": "$source.charge"}, "closed").problems]
    assert "operation-not-found" not in codes


@pytest.mark.parametrize(
    ("route", "pointer"), [("/get/{id}", "/paths/~1get~1{id}/<method>"), ("/get", "/paths/~1get/<method>")]
)
def test_a_route_that_nobody_has_is_told_as_the_path_that_it_would_be(route: str, pointer: str) -> None:
    (problem,) = _checked({"operationPath": route}, "shop").problems
    assert problem.code == "operation-path-invalid"
    assert problem.fix == f"write `{{$sourceDescriptions.shop.url}}#{pointer}`"


@pytest.mark.parametrize(
    ("place", "fix"),
    [
        ("/paths/~1items/put", "did you mean `/paths/~1items/get`?"),
        ("/paths/~1item/post", "did you mean `/paths/~1items/post`?"),
        ("/paths/~1a~1b/put", "name a path that the description has"),
    ],
)
def test_the_place_of_no_operation_is_told_as_one_of_its_path_or_of_a_path_that_is_nearly_it(
    place: str, fix: str
) -> None:
    (problem,) = _checked({"operationPath": f"{{$sourceDescriptions.shop.url}}#{place}"}, "shop").problems
    assert (problem.code, problem.fix) == ("operation-not-found", fix)


_OF_PART = "{$sourceDescriptions.routes.url}#/paths/~1items~1{itemId}~1parts~1{part}/get"


@pytest.mark.parametrize(
    "written",
    ["GET /items/:itemId/parts/:part", "/items/:id/parts/:p", "routes#/items/:id/parts/:part/get",
     "routes#/paths/~1items~1:id~1parts~1:part/get", _OF_PART.replace("{itemId}", ":id").replace("{part}", ":p")],
)  # fmt: skip
def test_a_variable_of_a_path_as_routers_write_it_is_found_whatever_it_is_called(written: str) -> None:
    parameters = [{"name": name, "in": "path", "value": "a"} for name in ("itemId", "part")]
    checked = _checked({"operationPath": written, "parameters": parameters}, "routes")
    (problem,) = checked.problems
    assert (problem.code, problem.fix) == ("repaired", f"write `{_OF_PART}`")
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.operation_id == "getPart"


def test_a_colon_that_the_description_has_too_is_kept() -> None:
    target = _checked({"operationPath": "POST /jobs/:run"}, "routes").workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.operation_id == "runJob"


@pytest.mark.parametrize(
    "path", ["GET /items/:id/other", "GET /items/a:id", "DELETE /items/:id", "routes#/paths/~1items~1:id~1no/get"]
)
def test_a_route_with_colons_that_no_path_has_is_not_found(path: str) -> None:
    codes = [each.code for each in _checked({"operationPath": path}, "routes").problems]
    assert "operation-not-found" in codes

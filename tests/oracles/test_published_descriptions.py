"""A step for each of some published APIs: the body that their own libraries send, byte for byte.

The descriptions are not ours to keep here: the folder that ``ARAZZO_CORPUS`` names has them, or there is none.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from loopback import RecordingServer, Reply

from arazzo_engine import Engine

if TYPE_CHECKING:
    from loopback import Recorded

_CORPUS: Final = os.environ.get("ARAZZO_CORPUS")
_FORM, _JSON, _XML = "application/x-www-form-urlencoded", "application/json", "application/xml"
_XML_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_S3: Final = "amazon-s3/openapi/amazon-s3-rest-api-openapi.yml"
_S3_NAMESPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"

pytestmark = pytest.mark.skipif(_CORPUS is None, reason="ARAZZO_CORPUS names no folder of published descriptions")


def _call(folder: Path, server: RecordingServer, source: str, step: dict[str, Any]) -> Recorded:
    (description,) = Path(_CORPUS or "").rglob(f"*__{source}")
    authorization = {"name": "Authorization", "in": "header", "value": "Bearer none"}
    parameters = [authorization, *step.pop("parameters", [])]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "One", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": description.as_uri(), "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [{"stepId": "one", "parameters": parameters, **step}]}],
    }
    path = folder / "main.arazzo.json"
    path.write_text(json.dumps(document))
    with Engine(servers=server.url) as engine:
        engine.load(path).run()
    (request,) = server.requests
    return request


def _in_path(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "value": value} for name, value in values.items()]


def _in_header(**values: str) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", "-"), "in": "header", "value": value} for name, value in values.items()]


def _stripe_form() -> Any:
    data = json.loads((Path(__file__).parent / "stripe.json").read_text(encoding="utf-8"))
    return next(row for row in data["rows"] if "automatic_payment_methods" in row["form"])


@pytest.mark.parametrize(
    ("source", "step", "target", "content_type", "content"),
    [
        # stripe-python
        ("stripe/openapi/stripe-payment-intents-api-openapi.yml", {"operationId": "PostPaymentIntents", "requestBody": {"payload": _stripe_form()["form"]}}, "/v1/payment_intents", _FORM, _stripe_form()["sent"].encode()),
        # botocore writes the same elements, without a declaration
        (_S3, {"operationId": "DeleteObjects", "parameters": _in_path(Bucket="bkt"), "requestBody": {"payload": {"Object": [{"Key": "a&b"}, {"Key": "c", "VersionId": "1"}], "Quiet": True}}}, "/bkt?delete", _XML, _XML_HEAD + f'<Delete xmlns="{_S3_NAMESPACE}"><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>1</VersionId></Object><Quiet>true</Quiet></Delete>'.encode()),
        (_S3, {"operationId": "PutBucketVersioning", "parameters": _in_path(Bucket="bkt"), "requestBody": {"payload": {"Status": "Enabled"}}}, "/bkt?versioning", _XML, _XML_HEAD + f'<VersioningConfiguration xmlns="{_S3_NAMESPACE}"><Status>Enabled</Status></VersioningConfiguration>'.encode()),
        # JSON goes before the form; in the form, what is described as a text is one
        ("slack/openapi/_original/slack-chat-openapi.yml", {"operationId": "postChatPostmessage", "parameters": _in_header(token="none"), "requestBody": {"payload": {"channel": "C1", "text": "a & b"}}}, "/chat.postMessage", _JSON, b'{"channel":"C1","text":"a & b"}'),
        ("slack/openapi/_original/slack-chat-openapi.yml", {"operationId": "postChatPostmessage", "parameters": _in_header(token="none"), "requestBody": {"contentType": _FORM, "payload": {"channel": "C1", "blocks": [{"type": "divider"}]}}}, "/chat.postMessage", _FORM, b"channel=C1&blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D"),
        ("figma/openapi/_original/figma-rest-api-openapi.yml", {"operationId": "postComment", "parameters": _in_path(file_key="k"), "requestBody": {"payload": {"message": "é", "client_meta": {"x": 1.5, "y": 2}}}}, "/v1/files/k/comments", _JSON, '{"message":"é","client_meta":{"x":1.5,"y":2}}'.encode()),
        ("notion/openapi/_original/notion-openapi.yml", {"operationId": "search", "parameters": _in_header(Notion_Version="2022-06-28"), "requestBody": {"payload": {"query": "é", "sort": {"direction": "ascending", "timestamp": "last_edited_time"}, "page_size": 10}}}, "/search", _JSON, '{"query":"é","sort":{"direction":"ascending","timestamp":"last_edited_time"},"page_size":10}'.encode()),
        ("airtable/openapi/airtable-airtable-api-openapi.yml", {"operationId": "updateRecord", "parameters": _in_path(baseId="app1", tableIdOrName="T 1", recordId="rec1"), "requestBody": {"payload": {"fields": {"Name": "x", "n": 1.5}}}}, "/app1/T%201/rec1", _JSON, b'{"fields":{"Name":"x","n":1.5}}'),
        ("databricks/openapi/databricks-openapi.yml", {"operationId": "startCluster", "requestBody": {"payload": {"cluster_id": "1-2-x"}}}, "/2.0/clusters/start", _JSON, b'{"cluster_id":"1-2-x"}'),
        ("jenkins/openapi/_original/jenkins-openapi.yml", {"operationId": "triggerBuildWithParameters", "parameters": _in_path(jobName="a b"), "requestBody": {"payload": {"BRANCH": "feature/x y", "CLEAN": True}}}, "/job/a%20b/buildWithParameters", _FORM, b"BRANCH=feature%2Fx+y&CLEAN=true"),
    ],
)  # fmt: skip
def test_a_published_api_is_sent_what_its_library_sends(
    source: str,
    step: dict[str, Any],
    target: str,
    content_type: str,
    content: bytes,
    tmp_path: Path,
    server: RecordingServer,
) -> None:
    server.script("POST", target, Reply(200))
    sent = _call(tmp_path, server, source, dict(step))
    assert (sent.path, sent.header("content-type"), sent.body) == (target, content_type, content)

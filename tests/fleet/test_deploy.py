"""The files of ``deploy/`` are well-formed, and start a worker with options that there are."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
import yaml

from arazzo_engine.cli.commands.fleet.worker import command

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEPLOY: Final = places.ROOT / "deploy"
_NEEDED: Final = {"ARAZZO_STATE_KEY", "ARAZZO_DATABASE_URL"}


class _Unit(ConfigParser):
    """A unit of systemd: its names keep their case."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def _unit() -> ConfigParser:
    parser = _Unit(interpolation=None)
    parser.read(_DEPLOY / "arazzo-worker.service")
    return parser


def _pod() -> dict[str, Any]:
    *_, workers = yaml.safe_load_all((_DEPLOY / "kubernetes.yaml").read_text())
    pod: dict[str, Any] = workers["spec"]["template"]["spec"]
    return pod


def _compose() -> dict[str, Any]:
    worker: dict[str, Any] = yaml.safe_load((_DEPLOY / "compose.yaml").read_text())["services"]["worker"]
    return worker


def _commands() -> dict[str, tuple[Sequence[str], float]]:
    """Return what each file starts, and how many seconds it leaves a worker that is to end."""
    unit = _unit()["Service"]
    (container,) = _pod()["containers"]
    return {
        "systemd": (unit["ExecStart"].split()[1:], float(unit["TimeoutStopSec"])),
        "compose": (_compose()["command"], float(_compose()["stop_grace_period"].removesuffix("s"))),
        "kubernetes": (container["args"], float(_pod()["terminationGracePeriodSeconds"])),
    }


@pytest.mark.parametrize("kind", ["systemd", "compose", "kubernetes"])
def test_a_worker_is_started_and_has_time_to_end(kind: str) -> None:
    (name, *options), patience = _commands()[kind]
    assert name == "worker"
    parsed = command.make_context("worker", list(options)).params
    # one second is lost while it is told to end, and some while its runs are handed over
    assert parsed["grace"] + 5 < patience


def test_each_is_given_the_database_and_the_key() -> None:
    (container,) = _pod()["containers"]
    assert {each["name"] for each in container["env"]} >= _NEEDED
    assert _compose()["environment"].keys() >= _NEEDED
    text = (_DEPLOY / "arazzo-worker.service").read_text()
    assert set(re.findall(r"ARAZZO_\w+", text)) == _NEEDED


def test_what_the_files_name_is_there() -> None:
    compose = yaml.safe_load((_DEPLOY / "compose.yaml").read_text())
    assert (_DEPLOY / compose["services"]["worker"]["build"]["context"] / "deploy" / "Dockerfile").exists()
    service, workers = yaml.safe_load_all((_DEPLOY / "kubernetes.yaml").read_text())
    labels = workers["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == workers["spec"]["selector"]["matchLabels"] == labels
    assert workers["spec"]["serviceName"] == service["metadata"]["name"]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (_DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert all((places.ROOT / each).exists() for line in copied for each in line.split())


def test_the_image_has_only_what_was_built_and_runs_without_rights() -> None:
    text = (_DEPLOY / "Dockerfile").read_text()
    _, build, image = re.split(r"^FROM ", text, flags=re.MULTILINE)
    assert build.splitlines()[0].endswith(" AS build")
    assert re.findall(r"^COPY (.+)$", image, re.MULTILINE) == ["--from=build /opt/arazzo /opt/arazzo"]
    assert re.findall(r"^USER (\d+)$", image, re.MULTILINE) == ["10001"]
    extras = re.findall(r"\.\[(.+)\]", build)[0].split(",")
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras) <= set(project["optional-dependencies"])
    (service,) = (
        each for each in yaml.safe_load((_DEPLOY / "compose.yaml").read_text())["services"].values() if "build" in each
    )
    assert service["read_only"] is True

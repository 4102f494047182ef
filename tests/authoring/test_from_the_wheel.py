"""A plugin's whole way, with the built SDK alone: made, installed, listed, checked, tested, linted, typed, built, used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from instantreact_sdk.registry import KINDS, ComponentKind
from instantreact_sdk.testing import HttpFake
from instantreact_sdk.testing.conformance.catalogue import checks_of
from instantreact_sdk.testing.sandbox import Sandboxed

SCAFFOLDS: dict[str, tuple[ComponentKind, ...]] = {**{kind: (kind,) for kind in KINDS}, "all-five": KINDS}
WHERE = """
import json, sys, instantreact_opencv, instantreact_sdk
print(json.dumps([*sys.path, instantreact_opencv.__file__, instantreact_sdk.__file__]))
"""
OBSERVED = {
    "source": lambda line: line["source"] == "pictures" and line["kind"] == "detections",
    "detector": lambda line: line["by"] == "jacket" and line["data"]["boxes"],
    "captioner": lambda line: line["by"] == "describer" and "moves on the right" in line["data"]["text"],
    "recognizer": lambda line: line["by"] == "ear" and line["data"]["label"] == "tone",
}
"""What the example's results tell of a component that worked; a notifier is heard by the fake."""


@pytest.fixture
def enforceable(tmp_path) -> bool:
    """Whether this machine can tell all that a component does."""
    (tmp_path / "box").mkdir()
    with Sandboxed(
        "this", [], writable=tmp_path / "box", env=os.environ, cwd=tmp_path, stdout=subprocess.DEVNULL
    ) as box:
        return not box.why_not


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kinds", SCAFFOLDS.values(), ids=SCAFFOLDS)
def test_a_new_plugin_goes_all_the_way_to_being_used(author, enforceable, kinds):
    name = "acme-yard"
    told = author.run("instantreact-sdk", "new-plugin", name, *(f"--kind={kind}" for kind in kinds), "--yes")
    steps = [line.strip() for line in told.partition("Next:")[2].splitlines() if line.strip()]
    folder = steps[0].removeprefix("cd ")
    author.install("--editable", ".", "--group", "dev", into=folder)
    where = json.loads(author.run("python", "-c", WHERE, into=folder))
    assert [path for path in where if path and not is_of(path, author)] == []
    assert_listed(author, name, kinds)
    assert_checked(author, name, kinds, enforceable)

    author.run("pytest", into=folder)
    author.run("ruff", "format", "--check", into=folder)
    author.run("ruff", "check", into=folder)
    author.run("mypy", into=folder)

    author.run("python", "-m", "hatchling", "build", into=folder)
    (wheel,) = (author.folder / folder / "dist").glob("*.whl")
    assert_complete(wheel, name)
    author.install(
        "--no-cache", "--no-deps", "--reinstall", str(wheel)
    )  # in place of the editable one: it works as it is published
    assert_listed(author, name, kinds)
    use_example(author, folder, steps[steps.index("pytest") + 1 :], kinds)


def is_of(path, author):
    """Whether the author has a path: in the environment, the plugin, or of Python itself."""
    return Path(path).is_relative_to(author.folder) or Path(path).is_relative_to(sys.base_prefix)


def assert_listed(author, name, kinds):
    records = json.loads(author.run("instantreact-sdk", "plugins", "list", "--json"))
    (record,) = [record for record in records if record["plugin"] == name]
    assert (record["status"], record["warnings"]) == ("ok", [])
    assert [(offer["id"], offer["kind"], offer["cause"]) for offer in record["offers"]] == [
        (f"{name}/{kind}", kind, "") for kind in kinds
    ]


def assert_checked(author, name, kinds, enforceable):
    done = author.tries("instantreact-sdk", "plugins", "check", name, "--json")
    reports = json.loads(done.stdout)
    fine = {"passed", "skipped"} if enforceable else {"passed", "skipped", "not enforced"}
    assert [result for report in reports for result in report["results"] if result["status"] not in fine] == []
    assert [(report["kind"], report["passed"]) for report in reports] == [(kind, True) for kind in kinds]
    for report in reports:
        assert [result["check"] for result in report["results"]] == [check.name for check in checks_of(report["kind"])]
    assert (done.returncode, done.stderr) == (0, "")


def assert_complete(wheel, name):
    package = f"instantreact_{name.replace('-', '_')}"
    with ZipFile(wheel) as archive:
        files = {file.rpartition(".dist-info/")[2]: archive.read(file).decode() for file in archive.namelist()}
    assert f"{package}/py.typed" in files
    assert f"{name} = {package}.hooks" in files["entry_points.txt"]
    assert {"licenses/LICENSE", f"{package}/hooks.py"} <= set(files)
    assert not [file for file in files if file.startswith(("tests", "examples"))]
    metadata = message_from_bytes(files["METADATA"].encode())
    assert any(requirement.startswith("instantreact-sdk") for requirement in metadata.get_all("Requires-Dist"))


def use_example(author, folder, trial, kinds):
    """Do what `new-plugin` said to do for a trial, and look at what came of it."""
    with HttpFake() as fake:
        more = (
            "--observations" if "source" in kinds else "--deliver"
        )  # each command has one that is usual, and one that is not
        lines = "\n".join(trial).replace("https://example.org/hook", fake.url)
        author.run("bash", "-e", "-c", f"{lines} {more}", into=folder)
    examples = author.folder / folder / "examples"
    observed, events, alerts = (
        [json.loads(line) for line in (examples / "yard-out" / f"{name}.jsonl").read_text().splitlines()]
        for name in ("observations", "events", "alerts")
    )
    for kind in set(OBSERVED) & set(kinds):
        assert any(OBSERVED[kind](line) for line in observed)
    rules = yaml.safe_load((examples / "pipeline.yaml").read_text())["rules"]
    assert {event["rule"] for event in events} == {alert["rule"] for alert in alerts} == set(rules)
    told = [request.json() for request in fake.requests]
    assert {message["alert"] for message in told} == (
        {alert["id"] for alert in alerts} if "notifier" in kinds else set()
    )

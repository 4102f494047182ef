"""``instantreact-sdk plugins``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner
from zoo import HEALTHY, LOAD_TIME, Animal, settle, wheel

from instantreact_sdk import InstantReactError
from instantreact_sdk.cli.plugins import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def zoo(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, InstantReactError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    with pytest.raises(InstantReactError) as caught:
        run(*arguments)
    return str(caught.value)


def test_list_shows_what_works_and_what_does_not_with_cause_and_fix(zoo):
    settle(zoo, HEALTHY)
    settle(zoo, LOAD_TIME["misspelled-hook"])
    shown = run("list")
    assert "detector healthy/detector" in shown
    assert "zoo_misspelled_hook.hooks has an unknown hook 'instantreact_regster'." in shown
    assert "Did you mean 'instantreact_register'?" in shown


def test_list_as_json_holds_the_records(zoo):
    settle(zoo, HEALTHY)
    settle(zoo, LOAD_TIME["raises-at-import"])
    records = {record["plugin"]: record for record in json.loads(run("list", "--json"))}
    assert records["healthy"]["status"] == "ok"
    assert records["healthy"]["offers"][0]["options"]["properties"]["after"]["default"] == 0
    assert records["raises-at-import"]["status"] == "broken"


def test_info_shows_options_with_defaults_and_descriptions(zoo):
    settle(zoo, HEALTHY)
    shown = run("info", "healthy")
    assert "zoo-healthy 1.0  ok" in shown
    assert "needs: nothing but computing" in shown
    assert "after   integer  0        Calls that go well first." in shown
    assert run("info", "zoo-healthy") == shown


def test_info_of_a_component_leaves_out_the_others(zoo):
    settle(zoo, LOAD_TIME["raises-at-import"])
    [record] = json.loads(run("info", "sdk/console", "--json"))
    assert [offer["id"] for offer in record["offers"]] == ["sdk/console"]
    assert {offer["id"] for offer in json.loads(run("info", "sdk", "--json"))[0]["offers"]} > {"sdk/console"}
    assert refused("info", "sdk/consol").endswith("Did you mean 'sdk/console'?")
    assert "ZeroDivisionError" in run("info", "raises-at-import/detector")


def test_info_shows_warnings(zoo):
    settle(zoo, LOAD_TIME["heavy-hooks"])
    assert "imports torch" in run("info", "heavy-hooks")


def test_an_unknown_name_gets_the_nearest(zoo):
    settle(zoo, HEALTHY)
    expected = "IR2015: No plugin, component or distribution is called 'healthi'. Did you mean 'healthy'?"
    for command in ("info", "block", "uninstall"):
        assert refused(command, "healthi") == expected


def test_a_blocked_plugin_stays_blocked_until_it_is_unblocked(zoo):
    settle(zoo, LOAD_TIME["raises-at-import"])
    assert run("block", "raises-at-import") == "raises-at-import is blocked.\n"
    [record] = json.loads(run("info", "raises-at-import", "--json"))
    assert record["status"] == "blocked"
    assert refused("unblock", "raises") == "IR2016: raises is not blocked. Blocked are: raises-at-import."
    assert run("unblock", "raises-at-import") == "raises-at-import is not blocked any more.\n"
    [record] = json.loads(run("info", "raises-at-import", "--json"))
    assert record["status"] == "broken"


def test_doctor_exits_with_1_where_a_plugin_is_broken(zoo):
    settle(zoo, LOAD_TIME["raises-at-import"])
    findings = json.loads(run("doctor", "--json", code=1))
    [finding] = [finding for finding in findings if finding["what"] == "plugin raises-at-import"]
    assert finding["state"] == "wrong"
    assert "ZeroDivisionError" in finding["found"]
    assert finding["fix"]


def test_doctor_finds_a_requirement_that_is_not_met(zoo):
    settle(zoo, HEALTHY)
    metadata = zoo / "zoo_healthy-1.0.dist-info" / "METADATA"
    wanted = "Requires-Dist: typer>=9999\nRequires-Dist: no-such-distribution\nRequires-Dist: ignored; extra == 'x'\n"
    metadata.write_text(metadata.read_text().replace("\n\n", f"\n{wanted}\n", 1))
    findings = json.loads(run("doctor", "--json", code=1))
    found = [finding["found"] for finding in findings if finding["what"] == "zoo-healthy"]
    assert found[0].startswith("it needs typer>=9999; ")
    assert found[1] == "it needs no-such-distribution; that is not installed"
    assert len(found) == 2


def test_doctor_finds_a_home_that_cannot_be_written(zoo, monkeypatch):
    (zoo / "file").write_text("")
    monkeypatch.setenv("INSTANTREACT_HOME", str(zoo / "file"))
    findings = json.loads(run("doctor", "--json", code=1))
    assert next(finding for finding in findings if finding["what"] == "home folder")["state"] == "wrong"


def test_the_sdk_itself_is_not_uninstalled():
    assert refused("uninstall", "sdk").startswith("IR2018: instantreact-sdk is the SDK itself.")


def imported_by(program: str, *folders: Path) -> set[str]:
    """Top-level modules that a program leaves in ``sys.modules``."""
    shown = "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [*folders, ROOT]))}
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\n{shown}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stdout.split())


def test_listing_imports_no_plugin_and_nothing_heavy(zoo):
    settle(zoo, HEALTHY)
    run("list")
    command = "from instantreact_sdk.cli.plugins import app\ntry: app(['list'])\nexcept SystemExit: pass"
    assert not imported_by(command, zoo) & {"zoo_healthy", "numpy", "cv2", "instantreact_opencv", "sqlalchemy", "yaml"}
    assert "pydantic" not in imported_by("from instantreact_sdk.registry import discover\ndiscover().records", zoo)


@pytest.fixture
def environment(tmp_path):
    """A virtual environment that sees what this one has installed, and whose own packages may come and go."""
    place = tmp_path / "venv"
    subprocess.run(
        [sys.executable, "-m", "venv", *(["--without-pip"] if shutil.which("uv") else []), place], check=True
    )
    [site] = place.glob("lib/python*/site-packages")
    installed = Path(pytest.__file__).parents[1]
    site.joinpath("outer.pth").write_text(f"{ROOT}\n{installed}\n")

    program = """
import sys
from instantreact_sdk import InstantReactError
from instantreact_sdk.cli.plugins import app
try:
    app()
except InstantReactError as error:
    sys.exit(str(error))
"""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [place / "bin/python", "-c", program, *arguments],
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_broken_plugin_is_installed_shown_and_uninstalled_without_importing_it(environment, tmp_path):
    made = environment("install", str(wheel(tmp_path, LOAD_TIME["raises-at-import"])), "--json")
    assert made.returncode == 0, made.stderr
    [record] = json.loads(made.stdout)
    assert (record["plugin"], record["status"]) == ("raises-at-import", "broken")
    gone = environment("uninstall", "raises-at-import")
    assert gone.stdout == "zoo-raises-at-import is uninstalled.\n", gone.stderr
    assert "raises-at-import" not in environment("list").stdout


def test_what_brings_no_plugin_is_said_so(environment, tmp_path):
    stranger = Animal("stranger", {"hooks.py": ""}, group="someone.else")
    ended = environment("install", str(wheel(tmp_path, stranger)))
    assert ended.stderr.splitlines()[-1] == (
        f"IR2020: {tmp_path}/zoo_stranger-1.0-py3-none-any.whl was installed, but it brings no plugin. "
        "Check its name; a plugin has an entry point in the group `instantreact_sdk.v1`."
    )


def test_an_installer_that_fails_is_named_with_its_exit_code(environment, tmp_path):
    ended = environment("install", str(tmp_path / "nowhere-1.0-py3-none-any.whl"))
    assert ended.stderr.splitlines()[-1].startswith("IR2017: ")
    assert "exit code" in ended.stderr


def test_where_there_is_no_installer_it_is_said_so(zoo, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(zoo / "bin/python"))
    monkeypatch.setenv("PATH", str(zoo))
    monkeypatch.setitem(sys.modules, "pip", None)
    assert refused("install", "healthy").startswith(
        f"IR2024: There is neither uv on the PATH nor pip in the environment of {zoo}/bin/python. "
    )


def test_what_lies_outside_of_the_environment_is_not_claimed_to_be_gone(environment, tmp_path):
    settle(tmp_path, HEALTHY)
    ended = environment("uninstall", "healthy", PYTHONPATH=str(tmp_path))
    assert ended.stderr.splitlines()[-1] == (
        f"IR2023: zoo-healthy is still there, in {tmp_path}. Remove it the way that it was put there."
    )

"""The command line as a program: exit codes, one sentence for each error, nothing loaded too early."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from golden import same_as_golden
from zoo import Animal, settle

from instantreact_sdk.cli.table import COMMANDS
from instantreact_sdk.version import __version__

HERE = Path(__file__).parent

HOOKS = """
from instantreact_sdk import CommandSpec, hookimpl

@hookimpl
def instantreact_register():
    return [CommandSpec(name="greet", summary="Say something.", app="zoo_greeter.app:app")]
"""
APP = """
import os
import typer
from instantreact_sdk import InstantReactError

app = typer.Typer()

@app.command()
def hello(name: str = "you"):
    \"\"\"Greet.\"\"\"
    print(f"Hello {name}.")

@app.command()
def fail(how: str):
    match how:
        case "bug": {}["sesame"]
        case "mistake": raise InstantReactError("IR1001", path="lobby.yaml")
        case "work": raise InstantReactError("IR5004", url="here")
        case "exit": raise typer.Exit(7)
        case "interrupt": raise KeyboardInterrupt
        case "returns": return "something"

@app.command()
def wait():
    print("ready", flush=True)
    import time
    time.sleep(60)

@app.command()
def talk():
    while True:
        print("Much to say. " * 100)
"""
GREETER = Animal("greeter", {"hooks.py": HOOKS, "app.py": APP})


@pytest.fixture
def zoo(tmp_path, monkeypatch, own_home, known_plugins):
    shutil.copytree(known_plugins, own_home, dirs_exist_ok=True)
    settle(tmp_path / "zoo", GREETER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "zoo"))
    return tmp_path / "zoo"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from instantreact_sdk.cli import main; main()", *arguments]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"} | variables
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, timeout=120, env=environment
    )


def modules(*arguments: str) -> set[str]:
    """What was imported in the end."""
    code = f"""
import json, sys
sys.argv = ["instantreact-sdk", *{arguments!r}]
from instantreact_sdk.cli import main
try:
    main()
except SystemExit:
    print("\\n" + json.dumps(list(sys.modules)))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(told.stdout.splitlines()[-1]))


def test_the_commands_in_help_are_those_of_the_golden_file():
    """From the first panel of commands on: how options are drawn is typer's business, and changes."""
    told = run("--help", COLUMNS="80")
    assert (told.returncode, told.stderr) == (0, "")
    same_as_golden(HERE / "help.golden", told.stdout[told.stdout.index("╭─ Watch") :])


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--bogus"]])
def test_help_imports_no_command_and_nothing_heavy(arguments, zoo):
    run("plugins", "list")  # now there is something to list from the cache
    run("--help")
    loaded = modules(*arguments)
    ours = {name for name in loaded if name.startswith("instantreact_sdk.cli.")}
    assert ours == {f"instantreact_sdk.cli.{name}" for name in ("added", "ending", "root", "table")}
    assert not loaded & {"numpy", "pydantic", "pluggy", "yaml", "sqlalchemy", "jinja2", "zoo_greeter"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there(name):
    told = run(name, "--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert f"instantreact-sdk {name}" in told.stdout


def test_every_line_of_help_fits_a_narrow_terminal():
    assert max(map(len, run("--help", COLUMNS="50").stdout.splitlines())) <= 50


def test_without_arguments_help_is_printed():
    told = run()
    assert told.returncode == 2
    assert "analyze" in told.stdout + told.stderr
    assert "IR6" not in told.stderr


def test_the_version_is_printed():
    assert run("--version").stdout == f"instantreact-sdk {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analise"], "IR6004: There is no command 'analise'. Did you mean `instantreact-sdk analyze`?"),
        (["xyzzy"], "IR6004: There is no command 'xyzzy'. See `instantreact-sdk --help`."),
        (["gret"], "IR6004: There is no command 'gret'. Did you mean `instantreact-sdk greet`?"),
        (["config", "ini"], "IR6003: No such command 'ini'. Did you mean 'init'? See `instantreact-sdk config --help`."),
        (["--bogus"], "IR6003: No such option: --bogus. See `instantreact-sdk --help`."),
        (["config", "init", "--bogus"], "IR6003: No such option: --bogus"),
        (["notifiers", "test"], "IR6003: Missing argument"),
        (["config", "check", "a", "b"], "IR6003: Got unexpected extra argument"),
        (["analyze", "a.mp4", "--out", ""], "IR6003: Invalid value for '--out' / '-o': it is empty; name a folder"),
        (["run", "--out", " "], "IR6003: Invalid value for '--out' / '-o': it is empty; name a folder"),
        (["run"], "IR1001: There is no pipeline file instantreact.yaml."),
        (["config", "check", "none.yaml"], "IR1001: There is no pipeline file none.yaml."),
    ],
)  # fmt: skip
def test_the_callers_mistake_is_one_sentence_and_exit_2(zoo, arguments, message):
    told = run(*arguments)
    assert told.stderr.startswith(message)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("mistake", 2, "IR1001: There is no pipeline file lobby.yaml."),
        ("work", 1, "IR5004: The store here is read-only."),
        ("bug", 1, "IR6002: Something went wrong inside the SDK: KeyError in app.py, line 16."),
        ("exit", 7, ""),
        ("returns", 0, ""),
        ("interrupt", 130, ""),
    ],
)
def test_how_a_command_ends_is_its_exit_code(zoo, how, code, message):
    told = run("greet", "fail", how)
    assert told.returncode == code, told.stderr
    assert told.stderr.startswith(message)
    assert told.stderr.count("\n") == bool(message)
    assert "sesame" not in told.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--debug", "greet", "fail", "bug"], ["greet", "--debug", "fail", "bug"], ["greet", "fail", "bug", "--debug"]],
)
def test_debug_shows_the_traceback_wherever_it_stands(zoo, arguments):
    told = run(*arguments)
    assert told.returncode == 1
    assert "Traceback (most recent call last)" in told.stderr
    assert "KeyError: 'sesame'" in told.stderr
    assert "IR6002" in told.stderr.splitlines()[-1]


def test_what_stands_behind_two_dashes_belongs_to_the_command(zoo):
    assert "There is no command '--debug'" in run("--", "--debug").stderr or run("--", "--debug").returncode == 2
    assert run("greet", "hello", "--name", "x", "--debug").stdout == "Hello x.\n"


def test_a_plugins_command_is_listed_once_it_was_probed_and_runs(zoo):
    assert "greet" not in run("--help").stdout
    assert run("greet", "hello", "--name", "Anna").stdout == "Hello Anna.\n"
    help_text = run("--help").stdout
    assert "Added by plugins" in help_text
    assert "Say something." in help_text


def test_a_blocked_or_uninstalled_plugins_command_is_listed_no_more(zoo, tmp_path):
    run("greet", "hello")
    assert "Say something." in run("--help").stdout
    assert run("plugins", "block", "greeter").returncode == 0
    assert "Say something." not in run("--help").stdout
    assert run("greet", "hello").returncode == 2
    assert run("plugins", "unblock", "greeter").returncode == 0
    assert "Say something." in run("--help").stdout
    assert "Say something." not in run("--help", PYTHONPATH="").stdout


def test_a_plugin_cannot_take_a_command_of_the_sdk(tmp_path, monkeypatch):
    hooks = HOOKS.replace('"greet"', '"config"')
    settle(tmp_path / "zoo", Animal("greeter", {"hooks.py": hooks, "app.py": APP}))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "zoo"))
    run("plugins", "list")
    assert "Say something." not in run("--help").stdout
    assert "schema" in run("config", "--help").stdout


def test_a_broken_command_of_a_plugin_breaks_nothing_else(tmp_path, monkeypatch):
    settle(tmp_path / "zoo", Animal("greeter", {"hooks.py": HOOKS, "app.py": "raise SystemExit(3)"}))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "zoo"))
    told = run("greet", "hello")
    assert told.returncode in (1, 2)
    assert told.stderr.startswith("IR")
    assert "Traceback" not in told.stderr
    assert run("--help").returncode == 0


def test_an_interrupt_ends_it_quietly_with_130(zoo):
    run("plugins", "list")
    process = subprocess.Popen(command("greet", "wait"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "IR" not in errors


def test_a_reader_that_went_away_is_no_error(zoo):
    run("plugins", "list")
    process = subprocess.Popen(command("greet", "talk"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 1


def completions(*words: str) -> str:
    told = run(_INSTANTREACT_SDK_COMPLETE="complete_bash", COMP_WORDS=" ".join(words), COMP_CWORD=str(len(words) - 1))
    assert told.stderr == ""
    return told.stdout


def test_commands_and_their_options_complete(zoo):
    run("plugins", "list")
    assert "analyze" in completions("instantreact-sdk", "an")
    assert "greet" in completions("instantreact-sdk", "gr")
    assert "schema" in completions("instantreact-sdk", "config", "sch")
    assert "--schema" in completions("instantreact-sdk", "config", "init", "--sch")
    assert completions("instantreact-sdk", "nonsense", "x").strip() == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_a_component_is_checked_whatever_is_closed(closed, tmp_path):
    (tmp_path / "blob.py").write_text(
        "from instantreact_sdk import Detections, Detector\n\n\n"
        "class Blob(Detector):\n"
        "    labels = ('blob',)\n\n"
        "    def detect(self, frames):\n"
        "        return [Detections.empty() for _ in frames]\n"
    )
    check = command("plugins", "check", "./blob.py:Blob", "--only", "answers", "--junit", "found.xml")
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *check], cwd=tmp_path, check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert 'failures="0"' in (tmp_path / "found.xml").read_text()


def test_a_closed_stdout_is_no_error():
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command("--version")], stderr=subprocess.PIPE, text=True, check=False
    )
    assert (closed.returncode, closed.stderr) == (0, "")


def test_a_terminal_without_lines_gets_question_marks():
    told = run("--help", PYTHONIOENCODING="ascii")
    assert (told.returncode, told.stderr) == (0, "")
    assert "analyze" in told.stdout


def test_it_works_without_a_home_that_can_be_written(tmp_path):
    """The home is below a file, so that it can neither be read nor made, not even by root."""
    (tmp_path / "file").write_text("")
    told = run("--help", INSTANTREACT_HOME=str(tmp_path / "file" / "home"))
    assert (told.returncode, told.stderr) == (0, "")

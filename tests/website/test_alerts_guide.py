"""The guide "Alerts that arrive" works as it stands there: its files are in order, its commands print what it shows."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

GUIDE = Path(__file__).resolve().parents[2] / "website" / "docs" / "guides" / "alerts.md"
TEXT = GUIDE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<language>\w+)(?P<meta>[^\n]*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
PORT = "8790"
"""That of the stand-in in the guide; a test takes a free one."""
SECRETS = {
    "HC_URL": "https://hc.example.org/ping/1234",
    "MAIL_URL": "mailtos://guard:1234@example.org?to={recipient}",
    "PAGE_TOKEN": "EAAfakePageToken0000000000000000000000001",
    "SMS_URL": "jsons://sms.example.org/{recipient}",
    "STORE_URL": "postgresql://guard:1234@db.example.org/guard",
}
PATIENCE = 60.0


@dataclass(frozen=True)
class Block:
    """A block of the guide."""

    section: str
    language: str
    meta: str
    text: str

    @property
    def title(self) -> str:
        """What stands above it."""
        return (re.search(r'title="(.+?)"', self.meta) or ["", ""])[1]


def blocks() -> Iterator[Block]:
    """Those that a reader acts upon, in order."""
    for part in TEXT.split("\n## "):
        for found in BLOCK.finditer(part):
            if "notest" not in found["meta"]:
                yield Block(part.partition("\n")[0], found["language"], found["meta"], found["text"])


BLOCKS = [*blocks()]
WHOLE = next(block.text for block in BLOCKS if block.title == "guard.yaml")
PARTS = [block for block in BLOCKS if block.language == "yaml" and not block.title]


@dataclass
class Reader:
    """Somebody with some terminals.

    Attributes:
        folder: Where they work.
        port: Of the stand-in.
        env: Variables of their shells.
        shown: What the last command printed.
        exit_code: And how it ended.
    """

    folder: Path
    port: str
    env: dict[str, str] = field(default_factory=lambda: {**os.environ, **SECRETS})
    shown: str = ""
    exit_code: int = 0

    def __post_init__(self) -> None:
        self.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{self.env['PATH']}"

    def write(self, name: str, text: str) -> None:
        """Save a file."""
        (self.folder / name).write_text(text.replace(PORT, self.port), encoding="utf-8")

    def types(self, line: str) -> None:
        """Run a command to its end, or set a variable."""
        word, *rest = shlex.split(line)
        if word == "export":
            name, _, value = rest[0].partition("=")
            self.env[name] = value
            return
        done = subprocess.run(
            [word, *rest], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=120, check=False
        )
        self.shown, self.exit_code = f"{done.stdout}{done.stderr}", done.returncode

    @contextmanager
    def terminal(self, line: str) -> Iterator[subprocess.Popen[str]]:
        """One in which a command goes on until Ctrl-C."""
        process = subprocess.Popen(
            shlex.split(line.replace(PORT, self.port)),
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)

    @contextmanager
    def stand_in(self) -> Iterator[subprocess.Popen[str]]:
        """The second terminal, once the stand-in is there."""
        (command,) = [block.text for block in BLOCKS if block.language == "bash" and block.title == "second terminal"]
        with self.terminal(command) as process:
            assert process.stdout is not None
            assert any("Ctrl-C ends it" in line for line in process.stdout)
            yield process


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    return Reader(tmp_path, port)


def alike(text: str) -> str:
    """Without what is different each time: ids, moments, how often it was tried by then, widths."""
    text = re.sub(r"\b[0-9a-f]{8}\b", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "MOMENT", text)
    text = re.sub(r"tried (once|twice|\d+ times)", "tried", text)
    return " ".join(text.split())


def merged(part: str) -> str:
    """The guide's first file with what a later block changes in it."""
    whole: dict[str, Any] = yaml.safe_load(WHOLE)
    for key, value in yaml.safe_load(part).items():
        whole[key] = {**whole[key], **value} if isinstance(value, dict) and key in whole else value
    return yaml.safe_dump(whole, sort_keys=False)


@pytest.mark.parametrize("part", PARTS, ids=[f"{number} {part.section}" for number, part in enumerate(PARTS)])
def test_each_part_of_a_pipeline_file_is_in_order(reader: Reader, part: Block) -> None:
    reader.write("guard.yaml", merged(part.text))
    reader.types("instantreact-sdk config check guard.yaml")
    assert "guard.yaml is in order" in reader.shown, reader.shown


def test_whoever_has_messenger_alone_is_refused_in_these_words(reader: Reader) -> None:
    file, command, output = [block for block in BLOCKS if block.section == "Real people"][:3]
    reader.write(file.title, file.text)
    reader.types(command.text)
    assert reader.exit_code == 2
    assert alike(output.text) in alike(reader.shown)


@pytest.mark.timeout(300)
def test_the_way_from_a_first_alert_to_an_answer_prints_what_the_guide_shows(reader: Reader) -> None:
    way = [block for block in BLOCKS if block.section in ("A first alert", "Break it", "Somebody answers")]
    assert [block.title for block in way if block.language == "yaml"] == ["guard.yaml"]
    compared = 0
    with ExitStack() as others, ExitStack() as second:
        fake = second.enter_context(reader.stand_in())
        for block in way:
            if block.language == "yaml":
                reader.write(block.title, block.text)
            elif "output" in block.meta:
                assert alike(block.text) in alike(reader.shown)
                compared += 1
            elif block.language == "text":
                answer(reader, fake, block.text)
            elif block.title == "keeps running":
                others.enter_context(reader.terminal(block.text))
            elif block.title != "second terminal":
                if block.title == "without the stand-in":
                    second.close()
                elif block.title == "with the stand-in":
                    fake = second.enter_context(reader.stand_in())
                for command in block.text.splitlines():
                    reader.types(command)
                    assert reader.exit_code == 0, reader.shown
    assert compared == 5


def answer(reader: Reader, fake: subprocess.Popen[str], text: str) -> None:
    """Type it until it is understood: what was written before the first look is no answer."""
    assert fake.stdin is not None
    until = time.monotonic() + PATIENCE
    while "acknowledged by anna" not in reader.shown:
        assert time.monotonic() < until, reader.shown
        fake.stdin.write(text)
        fake.stdin.flush()
        again = time.monotonic() + 7.0  # longer than `poll` in the guide
        while time.monotonic() < again and "acknowledged by anna" not in reader.shown:
            reader.types("instantreact-sdk outbox list --status acknowledged")


def test_pages_that_it_points_to_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (GUIDE.parent / target).exists(), target

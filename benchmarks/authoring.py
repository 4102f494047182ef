"""How long a plugin's author waits, from nothing to a plugin that is checked, tested, built and used.

Usage: python benchmarks/authoring.py [--kind KIND ...] [--repeats N]

Every step is what `new-plugin` says to do, in an environment that is new each time and has the SDK from its built wheel; packages come from uv's cache
(`make bench` fills it), so that no network is measured. The peer is an empty package, with one typed function and one test, that goes
through the same tools in an environment of its own: no plugin system makes and checks a plugin offline, so this is the part that any author pays.
Aim: at most 60 s in all on two cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from instantreact_sdk.scaffolding import KINDS
from instantreact_sdk.testing import HttpFake

ROOT = Path(__file__).resolve().parent.parent
AIM = 60.0
INSTALL = "uv pip install --quiet --offline"
TOOLS = {
    "install": f"{INSTALL} --editable . --group dev",
    "tests": "pytest",
    "lint": "ruff format --check && ruff check",
    "types": "mypy",
    "wheel": "python -m hatchling build",
}
EMPTY = {
    "pyproject.toml": """
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "empty"
version = "0.1.0"

[dependency-groups]
dev = ["hatchling>=1.27", "mypy>=1.14", "pytest>=8.3", "ruff>=0.9"]

[tool.mypy]
strict = true
files = ["src", "tests"]
mypy_path = "src"
""",
    "src/empty/__init__.py": '''"""Nothing much."""


def one() -> int:
    """Always 1."""
    return 1
''',
    "tests/test_one.py": """from empty import one


def test_one() -> None:
    assert one() == 1
""",
}


@dataclass
class Desk:
    """An environment of its own, and how long each step took in it."""

    room: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.room.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "MYPY"))}
        path = [str(self.room / "env" / "bin"), str(ROOT / ".tools" / "bin"), kept["PATH"]]
        home = {"INSTANTREACT_HOME": str(self.room / "home"), "VIRTUAL_ENV": str(self.room / "env"), "COLUMNS": "200"}
        self.env = kept | home | {"PATH": os.pathsep.join(path)}
        self.run(f"uv venv --quiet --python '{sys.executable}' env", self.room)

    def run(self, command: str, folder: Path) -> str:
        """What a command prints."""
        shell = ["bash", "-e", "-c", command]
        done = subprocess.run(shell, cwd=folder, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def step(self, name: str, command: str, folder: Path) -> str:
        """Run a command, and keep how long it took."""
        began = time.perf_counter()
        told = self.run(command, folder)
        self.seconds[name] = time.perf_counter() - began
        return told


def main() -> None:
    parser = argparse.ArgumentParser(description="How long a plugin's author waits.")
    parser.add_argument("--kind", action="append", choices=KINDS, help="may be repeated; by default a detector")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    kinds = arguments.kind or ["detector"]
    ours, theirs = [], []
    for _ in range(arguments.repeats):
        with tempfile.TemporaryDirectory() as name:
            room = Path(name)
            for project in (ROOT, ROOT / "plugins" / "opencv"):
                build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(room / "wheels")]
                subprocess.run(build, cwd=project, check=True, capture_output=True)
            ours.append(plugin(Desk(room / "ours"), kinds))
            theirs.append(empty(Desk(room / "theirs")))
    print(f"{'seconds for':16}{', '.join(kinds):>22}{'empty package':>22}")
    for step in ours[0]:
        print(f"{step:16}{spread(step, ours):>22}{spread(step, theirs):>22}")
    ratio = statistics.median(mine["total"] / other["total"] for mine, other in zip(ours, theirs, strict=True))
    verdict = "met" if statistics.median(way["total"] for way in ours) <= AIM else "MISSED"
    print(f"{ratio:.1f} times the empty package, on {os.cpu_count()} cores (aim: {AIM:.0f} s on two, {verdict})")


def plugin(desk: Desk, kinds: list[str]) -> Mapping[str, float]:
    """Seconds of each step of a new plugin, and of all."""
    desk.run(f"{INSTALL} --no-cache --no-deps ../wheels/*.whl", desk.room)  # the cache may hold an older one
    desk.run(f"{INSTALL} 'instantreact-sdk[demo]'", desk.room)
    chosen = " ".join(f"--kind {kind}" for kind in kinds)
    told = desk.step("new-plugin", f"instantreact-sdk new-plugin acme-yard --yes {chosen}", desk.room)
    folder = desk.room / "instantreact-acme-yard"
    desk.step("install", TOOLS["install"], folder)
    desk.step("plugins list", "instantreact-sdk plugins list", folder)
    desk.step("plugins check", "instantreact-sdk plugins check acme-yard", folder)
    for name in [*TOOLS][1:]:
        desk.step(name, TOOLS[name], folder)
    with HttpFake() as fake:
        trial = told.partition("  pytest\n")[2].replace("https://example.org/hook", fake.url)
        desk.step("example", trial, folder)
    return desk.seconds | {"total": sum(desk.seconds.values())}


def empty(desk: Desk) -> Mapping[str, float]:
    """Seconds of each step of an empty package, and of all."""
    folder = desk.room / "empty"
    for name, text in EMPTY.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name, command in TOOLS.items():
        desk.step(name, command, folder)
    return desk.seconds | {"total": sum(desk.seconds.values())}


def spread(step: str, ways: list[Mapping[str, float]]) -> str:
    """Median, least and most; nothing where there is no such step."""
    times = [way[step] for way in ways if step in way]
    return f"{statistics.median(times):.1f} ({min(times):.1f} to {max(times):.1f})" if times else ""


if __name__ == "__main__":
    main()

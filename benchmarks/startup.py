"""How long the SDK keeps people waiting before it does anything, against programs that do nothing else.

Each pair runs side by side, in turns, in processes of their own; printed are medians with quartiles, and their ratio.
Ratios carry over to other machines, seconds do not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

PAIRS = 15
PLUGINS = 50
COMMAND = str(Path(sys.executable).with_name("instantreact-sdk"))

TYPER_APP = '''\
import typer

app = typer.Typer(help="Two commands.")


@app.command()
def first(name: str, count: int = 1):
    """Do one thing."""


@app.command()
def second(name: str, loud: bool = False):
    """Do another."""


app()
'''

HOOKS = """\
from pathlib import Path

from instantreact_sdk import DetectorSpec, hookimpl

Path(__file__).with_name("imported").touch()


@hookimpl
def instantreact_register():
    return [DetectorSpec(name="spot", summary="Finds nothing.", factory="{module}.detector:Spot")]
"""


@dataclass(frozen=True)
class Program:
    """Something to start, with the environment that it starts in."""

    name: str
    command: list[str]
    env: dict[str, str]

    def seconds(self) -> float:
        """Wall-clock seconds of one run."""
        start = time.perf_counter()
        subprocess.run(self.command, env=self.env, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        app = room / "app.py"
        app.write_text(TYPER_APP)
        env = os.environ | {"INSTANTREACT_HOME": str(room / "home")}
        compare(
            Program("instantreact-sdk --help", [COMMAND, "--help"], env),
            Program("typer app's", [sys.executable, str(app), "--help"], env),
            aim=1.5,
        )
        compare(
            Program("import instantreact_sdk", [sys.executable, "-c", "import instantreact_sdk"], env),
            Program("import typer", [sys.executable, "-c", "import typer"], env),
            aim=2,
        )

        site = room / "site"
        for number in range(PLUGINS):
            install(site, f"bench{number:02}")
        listing = [COMMAND, "plugins", "list"]
        none = Program("with none", listing, env)
        many = Program(
            f"plugins list, {PLUGINS} more",
            listing,
            os.environ | {"INSTANTREACT_HOME": str(room / "home of many"), "PYTHONPATH": str(site)},
        )
        probe(none, 0)
        probe(many, PLUGINS)
        for marker in site.glob("*/imported"):
            marker.unlink()
        compare(many, none, aim=1.5)
        imported = len(list(site.glob("*/imported")))
        print(f"plugins list imported {imported} of {PLUGINS} plugins (aim: 0)")
        return 1 if imported else 0


def compare(program: Program, other: Program, aim: float) -> None:
    """Run both in turns, and print how they compare."""
    program.seconds(), other.seconds()  # fills the caches of files and of bytecode
    mine, theirs = zip(*((program.seconds(), other.seconds()) for _ in range(PAIRS)), strict=True)
    ratio = median(mine) / median(theirs)
    verdict = "met" if ratio <= aim else "MISSED"
    print(
        f"{program.name:25} {spread(mine)}   {other.name:12} {spread(theirs)}   {ratio:.2f}x  (aim: {aim:g}x, {verdict})"
    )


def spread(times: tuple[float, ...]) -> str:
    """Median and quartiles, in milliseconds."""
    low, middle, high = (1000 * cut for cut in quantiles(times, n=4, method="inclusive"))
    return f"{middle:4.0f} ms ({low:.0f} to {high:.0f})"


def install(site: Path, name: str) -> None:
    """Put a plugin on a path as an installer would: its package and its metadata."""
    module = f"instantreact_{name}"
    package = site / module
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "hooks.py").write_text(HOOKS.format(module=module))
    (package / "detector.py").write_text("class Spot: ...\n")
    metadata = site / f"{module}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: instantreact-{name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[instantreact_sdk.v1]\n{name} = {module}.hooks\n")
    (metadata / "RECORD").write_text(f"{module}/__init__.py,,\n{module}/hooks.py,,\n{module}/detector.py,,\n")


def probe(listing: Program, expected: int) -> None:
    """Let the SDK probe all plugins, and check that it finds as many as were installed."""
    json = [*listing.command, "--json"]
    listed = subprocess.run(json, env=listing.env, check=True, capture_output=True, text=True).stdout
    found = sum(f"instantreact-bench{number:02}" in listed for number in range(PLUGINS))
    if found != expected:
        raise SystemExit(f"plugins list found {found} of {expected} plugins")


if __name__ == "__main__":
    sys.exit(main())

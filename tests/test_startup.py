"""What the SDK imports before it does anything: everyone waits for it, at every start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# rich looks at attrs where that is installed.
OF_TYPER = {"annotated_doc", "attr", "click", "markdown_it", "mdurl", "pygments", "rich", "shellingham", "typer"}


def modules_after(code: str) -> set[str]:
    """All modules that a new process holds after running the code, less those of an empty one."""
    report = f"{code}\nimport json, sys\nprint('\\n' + json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", report], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def always() -> set[str]:
    return modules_after("")


def of_others(modules: set[str]) -> set[str]:
    """Top-level packages that belong neither to Python nor to the SDK."""
    tops = {module.partition(".")[0] for module in modules}
    return tops - sys.stdlib_module_names - {"instantreact_sdk"}


def test_importing_the_package_loads_nothing_but_its_version(always):
    loaded = modules_after("import instantreact_sdk") - always
    assert of_others(loaded) == set()
    assert {name for name in loaded if name.startswith("instantreact_sdk")} == {
        "instantreact_sdk",
        "instantreact_sdk.version",
    }


def test_help_loads_typer_and_nothing_else(always):
    code = """
import sys
from instantreact_sdk.cli import main
sys.argv = ["instantreact-sdk", "--help"]
try:
    main()
except SystemExit as end:
    assert end.code in (None, 0), end.code
"""
    assert of_others(modules_after(code) - always) <= OF_TYPER


def test_errors_and_specs_load_neither_numpy_nor_pydantic(always):
    code = "from instantreact_sdk import InstantReactError, DetectorSpec, hookimpl"
    assert of_others(modules_after(code) - always) == {"pluggy"}

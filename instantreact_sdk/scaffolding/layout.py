"""Which files a new plugin has, and which template makes each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from instantreact_sdk.registry import ComponentKind

License = Literal["MIT", "Apache-2.0", "BSD-3-Clause", "none"]
LICENSES: tuple[License, ...] = ("MIT", "Apache-2.0", "BSD-3-Clause", "none")
"""``none`` reserves all rights."""

Ci = Literal["github", "gitlab", "none"]
CIS: tuple[Ci, ...] = ("github", "gitlab", "none")


def layout(package: str, kinds: Sequence[ComponentKind], *, license: License, ci: Ci) -> dict[str, str]:  # noqa: A002  (as the command has it)
    """Template of each file, by its path in the plugin's folder.

    Args:
        package: The plugin's import name.
        kinds: What it has.
        license: Its licence.
        ci: Where its tests run.
    """
    files = {
        ".gitignore": "gitignore",
        "CHANGELOG.md": "CHANGELOG.md",
        "LICENSE": f"licenses/{license}",
        "README.md": "README.md",
        "examples/pipeline.yaml": "examples/pipeline.yaml",
        "pyproject.toml": "pyproject.toml",
        f"src/{package}/py.typed": "package/py.typed",
        "tests/test_conformance.py": "tests/test_conformance.py",
    }
    for module in ("__init__", "checks", "hooks", "options", *kinds):
        files[f"src/{package}/{module}.py"] = f"package/{module}.py"
    for kind in kinds:
        files[f"tests/test_{kind}.py"] = f"tests/test_{kind}.py"
    if "notifier" in kinds:
        files[".env.example"] = "env.example"
    if ci == "gitlab":
        files[".gitlab-ci.yml"] = "ci/gitlab.yml"
    if ci == "github":
        files[".github/workflows/test.yml"] = "ci/github/test.yml"
        if license != "none":
            files[".github/workflows/publish.yml"] = "ci/github/publish.yml"
    return dict(sorted(files.items()))

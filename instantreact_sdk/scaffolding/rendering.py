"""Making texts of templates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from instantreact_sdk.config.starter import templates
from instantreact_sdk.errors.wording import listed

_LINE = 120


def render(files: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, str]:
    """The text of each file, by its path.

    Args:
        files: Name of the template of each file, below ``templates/plugin`` and without ``.jinja``.
        facts: What the templates ask for; each has to be there.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates() / "plugin"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (no HTML: what people typed is quoted as TOML, or stands in a licence as it is)
    )
    environment.filters["toml"] = toml_string
    environment.filters["listed"] = lambda words: listed(words, "and")
    environment.globals["imports"] = import_line
    return {path: environment.get_template(f"{name}.jinja").render(facts) for path, name in files.items()}


def toml_string(text: str) -> str:
    """A basic string of TOML 1.0; JSON's are a part of them, where no control characters are left."""
    return json.dumps(text, ensure_ascii=False)


def import_line(module: str, names: Sequence[str]) -> str:
    """``from module import names``, sorted and wrapped as ruff does: constants, classes, the rest; one a line where they are too many."""
    ordered = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= _LINE:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in ordered), ")"])

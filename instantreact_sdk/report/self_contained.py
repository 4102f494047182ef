"""Pages that need nothing but themselves: no network, no other file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.resources.abc import Traversable
from math import isfinite
from pathlib import Path
from typing import Any

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import clock


def rendered(
    room: Traversable, template: str, parts: Mapping[str, Any], *, style: str, script: str = ""
) -> Iterable[str]:
    """The pieces of a page, one after another.

    Args:
        room: The folder of the template.
        template: Its name. It puts ``style`` and ``script`` into the page, and ``style_hash`` and ``script_hash`` into the
            page's content security policy, which lets nothing else run or style.
        parts: What it shows.
        style: CSS.
        script: JavaScript.
    """
    from jinja2 import Environment, FunctionLoader

    environment = Environment(
        loader=FunctionLoader(lambda name: (room / name).read_text(encoding="utf-8")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clock=clock, number=number)
    return environment.get_template(template).generate(
        **parts, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script)
    )


def write_page(page: Path, pieces: Iterable[str]) -> Path:
    """Write a page, whole or not at all.

    Raises:
        InstantReactError: IR4020, it cannot be written.
    """
    half = page.with_name(f"{page.name}.part")
    try:
        with half.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        half.replace(page)
    except OSError as error:
        raise InstantReactError("IR4020", path=page, problem=error.strerror or error) from error
    return page


def number(value: Any) -> str:
    """A number for reading: thousands apart, at most one decimal."""
    if not isfinite(value):
        return "?"
    if isinstance(value, float) and value != int(value):
        return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.3g}"
    return f"{int(value):,}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

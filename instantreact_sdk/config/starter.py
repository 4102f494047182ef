"""The file that ``config init`` writes: a pipeline to change, with a comment for each part."""

from __future__ import annotations

import json
from pathlib import Path

from instantreact_sdk.errors import InstantReactError


def templates() -> Path:
    """The folder of templates: inside the package where a wheel was installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"


def starter(name: str, *, url: str = "lobby.mp4", schema: str = "") -> str:
    """A pipeline file that works where the plugin ``opencv`` is installed.

    Args:
        name: What the file will be called.
        url: The video that it watches.
        schema: Name of the JSON Schema beside it, for editors; empty where there is none.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates() / "config"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (YAML, not HTML: values are quoted as JSON, which YAML understands)
    )
    template = environment.get_template("instantreact.yaml.jinja")
    return template.render(name=name, url=json.dumps(url, ensure_ascii=False), schema=schema)


def write_new(path: Path, text: str, *, force: bool = False) -> None:
    """Write a file that must not be there yet.

    Raises:
        InstantReactError: IR1005, it is there and `force` is not given; IR1006, it cannot be written.
    """
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InstantReactError("IR1005", path=path) from None
    except OSError as error:
        raise InstantReactError("IR1006", path=path, problem=error.strerror) from None

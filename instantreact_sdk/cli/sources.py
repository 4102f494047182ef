"""``instantreact-sdk sources``: trying out cameras and videos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.errors.wording import clock

if TYPE_CHECKING:
    from instantreact_sdk.cli.source_probe import Look

app = typer.Typer(help="Try out cameras and videos.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps ``probe`` a command of a group while it is the only one."""


@app.command()
def probe(
    url: Annotated[
        str,
        typer.Argument(
            help="A file, a folder, the number of a webcam, an rtsp:// or http:// address; env:NAME or file:PATH where one "
            "with a password is kept.",
            show_default=False,
        ),
    ],
    *,
    shot: Annotated[
        Path | None, typer.Option("--shot", help="Write the last picture here, as a JPEG.", show_default=False)
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=3600, help="How long to read.")] = 3.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Read from a source for a few seconds: does it work, how large and how fast is it, and what does it show?"""
    from rich.console import Console

    from instantreact_sdk.cli.source_probe import look_at
    from instantreact_sdk.cli.terminal import print_json, terminal

    if shot and shot.suffix.lower() not in {".jpg", ".jpeg"}:
        raise InstantReactError(
            "IR6003",
            problem=f"--shot writes a JPEG; {shot} does not end in .jpg.",
            command="instantreact-sdk sources probe",
        )
    with Console(stderr=True).status(f"Reading for {seconds:g} s"):
        look = look_at(url, seconds)
    if shot:
        from instantreact_sdk.report.snapshots import write_snapshot

        write_snapshot(shot, look.last.image, [])
    if as_json:
        print_json({**look.to_json(), "shot": str(shot) if shot else None})
        return
    for name, value in _rows(look, shot):
        terminal().print(f"{name:<10} {value}")


def _rows(look: Look, shot: Path | None) -> list[tuple[str, str]]:
    info = look.info
    stated = f"{info.fps:g} stated" if info.fps else "no rate stated"
    measured = f"{look.fps:.1f} pictures a second" if look.fps else "too few pictures to measure"
    rows = [
        ("source", f"{look.url} ({look.source}, {'live' if info.live else 'not live'})"),
        ("picture", f"{look.last.width} x {look.last.height}{', ' if info.codec else ''}{info.codec}"),
        ("rate", f"{measured}, {stated}"),
        ("sound", "yes" if info.has_sound else "no"),
    ]
    if info.duration is not None:
        rows.append(("duration", clock(info.duration)))
    if look.lag is not None:
        rows.append(("lag", f"{look.lag:.2f} s"))
    rows += [(kind, detail) for kind, detail in look.health]
    return [*rows, ("shot", str(shot))] if shot else rows

"""``instantreact-sdk detect``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from instantreact_sdk.cli.plugin_flags import for_detector
from instantreact_sdk.cli.results_folder import results_folder


def command_for(words: Sequence[str]) -> Callable[..., None]:
    """The command with the flags of the detector that the words name; `for_detector` has the errors."""
    return for_detector(detect, words, "detect")


def detect(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Pictures, folders of pictures, or one video.")],
    *,
    use: Annotated[
        str,
        typer.Option(
            "--use",
            metavar="ID",
            help="The detector: ssd/ssd300, or ./FILE.py:CLASS. `detect --use ID --help` shows its options.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            parser=results_folder,
            help="Where to draw: a file (PNG, JPEG; MP4) for one picture or a video, a folder for several pictures. Left "
            "out, a new file `NAME.detected.png` or `.mp4` in this folder; none with --json.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what is found as JSON.")] = False,
    options: Mapping[str, Any],
) -> None:
    """Find objects in pictures or a video: draw their boxes, and print what they are."""
    from instantreact_sdk.cli.detect_pictures import detect_in_pictures, pictures_in

    pictures = pictures_in(inputs)
    if pictures is not None:
        detect_in_pictures(use, pictures, options, out, as_json=as_json)
    else:
        from instantreact_sdk.cli.detect_video import detect_in_video

        detect_in_video(use, inputs[0], options, out, as_json=as_json)

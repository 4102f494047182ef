"""Pieces of sentences."""

from __future__ import annotations

import math

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.errors.wording import clock, printable, signal_name


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00.0"),
        (5.25, "0:05.2"),
        (59.96, "1:00.0"),
        (3599.96, "1:00:00.0"),
        (3723.45, "1:02:03.4"),
        (360_000, "100:00:00.0"),
        (math.inf, "?"),
        (math.nan, "?"),
    ],
)
def test_media_time_reads_as_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone\x07", "[2Jgone"),
        ("\x9b2Jgone\x7f", "2Jgone"),
        ("hidden\rshown", "hiddenshown"),
        ("\u202egnp.exe\u2066", "gnp.exe"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("नमस्ते می‌خواهم 👩‍🚒 \u00a0", "नमस्ते می‌خواهم 👩‍🚒 \u00a0"),
    ],
)
def test_what_a_terminal_would_obey_is_left_out_and_all_writing_stays(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_no_error_paints_the_terminal() -> None:
    error = InstantReactError("IR3001", path="\x1b]0;owned\x07lobby.mp4")
    assert str(error) == "IR3001: There is no file ]0;ownedlobby.mp4. Check the path."
    assert "\x1b" not in error.what


def test_a_signal_is_named_where_it_has_a_name():
    assert (signal_name(11), signal_name(40)) == ("SIGSEGV", "signal 40")

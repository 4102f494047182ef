"""What may stand in a line."""

from __future__ import annotations

import pytest

from instantreact_sdk.testing.conformance.lines import blemish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a man falls",
        "l'homme tombe\N{NO-BREAK SPACE}!",
        "क\N{ZERO WIDTH JOINER}्ष",
        "人が倒れる\N{IDEOGRAPHIC SPACE}助けて",
    ],
)
def test_texts_of_all_languages_are_lines(text):
    assert blemish(text) == ""


@pytest.mark.parametrize(
    "letter", ["\n", "\r", "\t", "\0", "\x1b", "\x85", "\N{LINE SEPARATOR}", "\N{REPLACEMENT CHARACTER}"]
)
def test_what_breaks_or_commands_a_line_or_could_not_be_decoded_is_named(letter):
    assert blemish(f"a man{letter}falls") == f"has the character {letter!a}, which is no letter of a line"


@pytest.mark.parametrize("text", [" a man", "a man ", "a man\N{IDEOGRAPHIC SPACE}"])
def test_spaces_around_are_seen(text):
    assert blemish(text) == "ends or begins with a space"

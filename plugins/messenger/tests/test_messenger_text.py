"""Texts that fit."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st
from instantreact_messenger.text import LIMIT, clean, fitted, units

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # one character to the eye: 3 * 2 + 2 UTF-16 units
FLAG = "\U0001f1e8\U0001f1f2"


def utf16(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(st.characters()))
def test_units_are_those_of_utf_16(text):
    assert units(text) == utf16(text)


def test_a_text_of_the_longest_length_goes_whole():
    assert fitted("a" * LIMIT) == "a" * LIMIT
    assert fitted("\U0001f525" * (LIMIT // 2)) == "\U0001f525" * 999  # 1998 units
    assert LIMIT < 2000


def test_a_longer_one_ends_in_an_ellipsis():
    assert fitted("a" * (LIMIT + 1)) == "a" * (LIMIT - 1) + "…"


def test_it_is_cut_between_characters_as_people_see_them():
    assert fitted("ab" + FAMILY + "cd", 10) == "ab…"
    assert fitted("ab" + FAMILY + "cd", 11) == "ab" + FAMILY + "…"
    assert fitted("e\u0301e\u0301e\u0301", 5) == "e\u0301e\u0301…"
    assert fitted("e\u0301e\u0301e\u0301", 4) == "e\u0301…"
    assert fitted(FLAG + FLAG, 7) == FLAG + "…"
    assert fitted("a\r\nbc", 3) == "a…"  # a line end is one character


def test_one_that_is_too_long_all_by_itself_is_cut_inside():
    assert fitted("e" + "\u0301" * 3000) == "e" + "\u0301" * (LIMIT - 2) + "…"
    assert fitted("\U0001f525" * 3, 2) == "…"  # there is room for half of one


@given(st.text(st.characters()), st.integers(1, 40))
def test_whatever_comes_it_fits_and_is_the_beginning(text, limit):
    got = fitted(text, limit)
    assert utf16(got) <= limit
    got.encode("utf-8")  # it can be sent: no half of a surrogate pair is left
    if got != clean(text):
        assert got.endswith("…")
        assert clean(text).startswith(got[:-1])


@given(st.lists(st.sampled_from(["a", " ", FAMILY, FLAG, "e\u0301", "\r\n"]), min_size=1), st.integers(10, 60))
def test_what_is_left_are_whole_characters(pieces, limit):
    text = "".join(pieces)
    kept = fitted(text, limit).removesuffix("…")
    assert text.startswith(kept)
    assert regex.findall(r"\X", text)[: len(regex.findall(r"\X", kept))] == regex.findall(r"\X", kept)


def test_what_no_screen_shows_is_left_out():
    assert clean("a\0b\x1b[31mc\x7f\td\ne\ud800") == "ab[31mc\td\ne\N{REPLACEMENT CHARACTER}"

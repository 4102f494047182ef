"""Answers that say that an alert was seen, and answers that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.alerts.acknowledging import acknowledges

SEEN = [
    "ok", "OK", "Okay.", "k", "K!", "yes", "seen", "Got it!", "thanks", "ok thanks", "Yes, on my way", "I\N{RIGHT SINGLE QUOTATION MARK}m on it",
    "  ok\n", "ok ok ok", "\N{FULLWIDTH LATIN CAPITAL LETTER O}\N{FULLWIDTH LATIN CAPITAL LETTER K}",
    "\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-6}", "\N{THUMBS UP SIGN}\N{THUMBS UP SIGN}", "ok\N{OK HAND SIGN}",
    "\N{WHITE HEAVY CHECK MARK}", "\N{HEAVY BLACK HEART}", "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", "\N{SQUARED OK}",
    "Bien reçu, merci", "bien recu", "D'accord", "J\N{RIGHT SINGLE QUOTATION MARK}arrive !", "Vu",
    "Ja", "Alles klar!", "Hab's gesehen", "danke schön",
    "Sí", "si", "¡Visto, gracias!", "Entendido",
    "Sim", "já vi", "Obrigada", "tá bom",
    "Ndiyo", "Sawa sawa", "nimeona, asante",
    "نعم", "نَعَم", "شكراً", "\N{RIGHT-TO-LEFT MARK}تمام", "أنا في الطريق", "انا في الطريق",
]  # fmt: skip
UNSEEN = [
    "", " ", "...", "no", "No.", "help", "HELP!", "what?", "ok?", "OK ?!", "¿visto?", "تمام؟", "not ok", "ok no", "no ok",
    "is that ok for you", "ok but who is it", "I am not there", "stop", "wrong number", "non", "nein", "não", "hapana", "لا",
    "\N{THUMBS DOWN SIGN}", "\N{FACE WITH TEARS OF JOY}", "\N{THUMBS UP SIGN}\N{THUMBS DOWN SIGN}", "token", "book", "o k", "12",
    "ok " * 200,
]  # fmt: skip


@pytest.mark.parametrize("text", SEEN)
def test_it_was_seen(text):
    assert acknowledges(text)


@pytest.mark.parametrize("text", UNSEEN)
def test_nobody_knows_whether_it_was_seen(text):
    assert not acknowledges(text)


@given(st.lists(st.sampled_from([one for one in SEEN if len(one) < 9]), min_size=1, max_size=6))
def test_who_says_it_several_times_has_said_it(words):
    assert acknowledges(" ".join(words))


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=20))
def test_a_word_that_nobody_knows_makes_it_another_sentence(word):
    assert not acknowledges(f"ok {word} xyzzy")


@given(st.text())
def test_whatever_people_write_it_has_an_answer(text):
    assert acknowledges(text) in (True, False)

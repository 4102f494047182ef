"""Finding words and phrases in what was said."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from instantreact_sdk.types import Transcript

# Scripts without spaces between words: each of their signs counts as a word, so that phrases are found inside sentences.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(rf"[{_UNSPACED}]|[\w--[_{_UNSPACED}]]+", regex.V1)
_APOSTROPHES = str.maketrans("", "", "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}")


def tokens(text: str) -> list[str]:
    """The words of a text without case, accents and punctuation: ``Au secours, là-bas!`` is ``au secours la bas``."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    found: list[str] = _TOKEN.findall("".join(sign for sign in folded if not unicodedata.combining(sign)))
    return found


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that was found: as it was asked for, when it began, and how sure its least sure word is."""

    text: str
    start: float
    confidence: float


def phrases(wanted: tuple[str, ...], said: Transcript) -> Iterator[Phrase]:
    """Every place at which one of the wanted phrases was said.

    Times and confidences are those of the words where the recognizer tells them, else the transcript's.
    """
    if said.words:
        heard = [(token, word.start, word.confidence) for word in said.words for token in tokens(word.text)]
    else:
        heard = [(token, said.start, said.confidence) for token in tokens(said.text)]
    for text in wanted:
        asked = tokens(text)
        for first in range(len(heard) - len(asked) + 1 if asked else 0):
            part = heard[first : first + len(asked)]
            if [token for token, _, _ in part] == asked:
                yield Phrase(text, part[0][1], min(confidence for _, _, confidence in part))

"""Which answers say that an alert was seen."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 80  # characters; whoever writes more has something to say that somebody should read
_QUESTIONS = re.compile("[?¿\N{ARABIC QUESTION MARK}\N{FULLWIDTH QUESTION MARK}]")
_APOSTROPHES = re.compile("['`\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]")

_PHRASES = {
    "everywhere": """
        ok, okay, okey, oke, k, kk, okk, roger, copy, 👍, 👌, ✅, ✔, ☑, 🆗, 🙏, 🫡, ❤, ♥, 💯
    """,
    "en": """
        yes, yep, yeah, yup, seen, seen it, i see, i see it, saw it, i saw, i saw it, got it, i got it, gotcha, received,
        message received, copy that, noted, understood, ack, acknowledged, confirmed, thanks, thanks a lot, many thanks, thank you,
        thank you very much, thx, ty, on my way, im on my way, i am on my way, omw, coming, im coming, i am coming, on it,
        im on it, i am on it, checking, i am checking, im checking, will check, i will check, ill check, sure, alright,
        all right, done
    """,
    "fr": """
        oui, ouais, d'accord, d accord, dac, bien reçu, reçu, compris, bien compris, vu, j'ai vu, je l'ai vu, je vois, merci,
        merci beaucoup, merci bien, j'arrive, je viens, j'y vais, entendu, noté, c'est noté, c'est bon, ça marche
    """,
    "de": """
        ja, jo, jep, jawohl, alles klar, klar, gesehen, habe gesehen, hab gesehen, habe es gesehen, hab's gesehen,
        ich habe es gesehen, verstanden, danke, danke schön, dankeschön, vielen dank, erhalten, unterwegs, bin unterwegs,
        ich bin unterwegs, komme, ich komme, bin dran, in ordnung, notiert, bestätigt, bestaetigt, erledigt
    """,
    "es": """
        sí, vale, visto, lo vi, ya lo vi, lo he visto, lo veo, entendido, recibido, gracias, muchas gracias, de acuerdo, voy, ya voy,
        voy para allá, en camino, enterado, enterada, confirmado, listo
    """,
    "pt": """
        sim, visto, vi, já vi, eu vi, estou vendo, entendi, entendido, recebi, recebido, obrigado, obrigada, muito obrigado,
        muito obrigada, beleza, blz, certo, tá bom, está bem, tudo bem, a caminho, estou a caminho, estou indo, tô indo, já vou,
        combinado, de acordo, valeu, confirmado
    """,
    "sw": """
        ndiyo, ndio, sawa, sawa sawa, sawasawa, nimeona, nimeiona, nimeshaona, nimepata, nimeipata, nimepokea, nimeelewa, asante,
        asante sana, ahsante, naja, nakuja, ninakuja, niko njiani, poa
    """,
    "ar": """
        نعم, أيوه, ايوا, تمام, حسنا, شكرا, شكرا جزيلا, موافق, فهمت, رأيت, رأيته, شفت, شفته, وصل, وصلت, وصلني, وصلتني, استلمت, تم,
        تم الاستلام, أوكي, أوك, اوكيه, طيب, قادم, أنا قادم, في الطريق, أنا في الطريق
    """,
}
"""By language, as people write them; everything that `_plain` takes away may be in them."""


def acknowledges(text: str) -> bool:
    """Whether an answer says that an alert was seen, and nothing else: who is in doubt or in need is to be answered by somebody.

    Case, accents and punctuation do not matter, but a question never acknowledges.

    Args:
        text: What somebody wrote, the payload of a button, or an emoji, in English, French, German, Spanish, Portuguese, Swahili
            or Arabic.

    Example:
        >>> [acknowledges(text) for text in ("Ok, merci!", "👍🏾", "ok?", "is that ok for you", "no")]
        [True, True, False, False, False]
    """
    if len(text) > _LONGEST or _QUESTIONS.search(text):
        return False
    return bool(_KNOWN.fullmatch(_plain(text)))


def _plain(text: str) -> str:
    """Words and emojis with one space between them, without what people may write or leave out."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    return " ".join("".join(map(_letter, text)).split())


def _letter(one: str) -> str:
    kind = unicodedata.category(one)
    if kind in ("Mn", "Me", "Cf", "Sk"):  # accents, joiners, and the colour of a thumb
        return ""
    if kind == "So":
        return f" {one} "
    return one if kind[0] in "LN" else " "


def _known() -> re.Pattern[str]:
    """One of the phrases, or several."""
    phrases = {_plain(phrase) for listed in _PHRASES.values() for phrase in listed.split(",")} - {""}
    one = "|".join(sorted(map(re.escape, phrases)))
    return re.compile(f"(?:{one})(?: (?:{one}))*")


_KNOWN = _known()

"""What breaks the promises of notifiers about what they send."""

from __future__ import annotations

import base64
import json
import uuid

from instantreact_sdk import Capabilities, Receipt
from mutants.mutant import Mutant
from mutants.webhook import Webhook


class Dropping(Webhook):
    def notify(self, alert, delivery):
        return Receipt()


class Doubling(Webhook):
    def parts(self, alert, delivery):
        yield from super().parts(alert, delivery)
        yield from super().parts(alert, delivery)


class AlwaysToAnna(Webhook):
    def parts(self, alert, delivery):
        yield "text", json.dumps({"to": "anna", "text": alert.text}).encode()


class TextInAHeader(Webhook):
    def headers(self, part, alert, delivery):
        return {**super().headers(part, alert, delivery), "X-Title": alert.text}


class Refusing(Webhook):
    def text(self, alert):
        if len(alert.text) > 2000:
            raise ValueError("text too long")
        return alert.text


class AsciiOnly(Webhook):
    def text(self, alert):
        return alert.text.encode("ascii", "ignore").decode()


class KeepsTheEnd(Webhook):
    def text(self, alert):
        return alert.text[-2000:]


class FirstLine(Webhook):
    def text(self, alert):
        return alert.text.splitlines()[0]


class RuleInstead(Webhook):
    def text(self, alert):
        return f"{alert.rule} in {alert.source}"


class PictureAsText(Webhook):
    def picture(self, alert):
        return alert.snapshot.read_text(encoding="utf-8").encode() if alert.snapshot else b""


class NeedsThePicture(Webhook):
    def picture(self, alert):
        return alert.snapshot.read_bytes() if alert.snapshot else b""


class UpdatesWithoutReceipt(Webhook):
    def update(self, alert, delivery):
        self.notify(alert, delivery)


class CannotUpdate(Webhook):
    def update(self, alert, delivery):
        raise NotImplementedError


class NoRepliesAtAll(Webhook):
    def replies(self):
        return None


class RepliesAsText(Webhook):
    def replies(self):
        return ["on my way"]


class RandomKey(Webhook):
    def key(self, alert, delivery):
        return str(uuid.uuid4())


class KeyOfTheAlert(Webhook):
    def key(self, alert, delivery):
        return alert.id


class IgnoresDone(Webhook):
    def is_due(self, part, delivery):
        return True


class DoneIsDone(Webhook):
    def is_due(self, part, delivery):
        return not delivery.done


class ForgetsTheText(Webhook):
    def judge(self, answer, sent):
        super().judge(answer, {})


class ClaimsThePicture(Webhook):
    def picture(self, alert):
        return b""

    def receipt(self, sent):
        return Receipt("m", {**sent, "snapshot": "m"})


class PictureUndeclared(Webhook):
    needs = Capabilities(network=True, sends=("text",))


class NothingDeclared(Webhook):
    needs = Capabilities(network=True)

    def picture(self, alert):
        return b""


class PictureInside(Webhook):
    needs = Capabilities(network=True, sends=("text",))

    def parts(self, alert, delivery):
        picture = base64.b64encode(self.picture(alert)).decode()
        yield "text", json.dumps({"image": picture, "to": delivery.recipient, "text": alert.text}).encode()


HEALTHY = []
MUTANTS = [
    Mutant("delivers-to-the-recipient", Dropping, "no text arrived"),
    Mutant("delivers-to-the-recipient", Doubling, "2 texts arrived"),
    Mutant("delivers-to-the-recipient", AlwaysToAnna, "'ben' went to 'anna'"),
    Mutant("survives-awkward-texts", TextInAHeader, "at a text with emoji"),
    Mutant("survives-awkward-texts", Refusing, "ValueError: text too long"),
    Mutant("texts-arrive-whole", AsciiOnly, "a text with emoji arrived as"),
    Mutant("texts-arrive-whole", KeepsTheEnd, "10,000 characters arrived as"),
    Mutant("texts-arrive-whole", FirstLine, "several lines arrived as 'First line'"),
    Mutant("texts-arrive-whole", RuleInstead, "arrived as 'intruder in lobby'"),
    Mutant("copes-with-pictures", PictureAsText, "UnicodeDecodeError"),
    Mutant("copes-with-pictures", NeedsThePicture, "FileNotFoundError"),
    Mutant("updates-and-hears-replies", UpdatesWithoutReceipt, "update returned a NoneType, no Receipt"),
    Mutant("updates-and-hears-replies", CannotUpdate, "update raised NotImplementedError"),
    Mutant("updates-and-hears-replies", NoRepliesAtAll, "replies raised TypeError"),
    Mutant("updates-and-hears-replies", RepliesAsText, "replies gave a str, no Reply"),
    Mutant("passes-the-key", RandomKey, "another key than the first"),
    Mutant("passes-the-key", KeyOfTheAlert, "two deliveries came with the same key"),
    Mutant("keeps-done-parts", IgnoresDone, "sent text again"),
    Mutant("keeps-done-parts", DoneIsDone, "did not send snapshot"),
    Mutant("tells-what-was-sent", ForgetsTheText, "raised TransientError without it in `sent`"),
    Mutant("tells-what-was-sent", ClaimsThePicture, "names the parts text and snapshot, and text arrived"),
    Mutant("sends-what-it-declares", PictureUndeclared, "sends the snapshot"),
    Mutant("sends-what-it-declares", NothingDeclared, "sends the text"),
    Mutant("sends-what-it-declares", PictureInside, "sends the snapshot"),
]

"""What breaks the promises of notifiers."""

from __future__ import annotations

import base64
import http.client
import json
import uuid
from urllib.parse import urlsplit

from instantreact_sdk import (
    Capabilities,
    InstantReactError,
    Notifier,
    Options,
    OutcomeUnknown,
    PermanentError,
    Receipt,
    Secret,
    TransientError,
)
from instantreact_sdk.testing import Case, HttpFake, Sent
from mutants.mutant import Mutant


class WebhookOptions(Options):
    url: Secret
    """Where to post to."""
    timeout: float = 5.0
    """Seconds to wait for an answer."""


class Webhook(Notifier):
    """A healthy notifier: posts the text, then the picture."""

    needs = Capabilities(network=True, sends=("text", "snapshot"))

    def __init__(self, options: WebhookOptions):
        self.options = options

    @staticmethod
    def check(folder):
        with HttpFake(sent=what_was_sent) as fake:
            options = {"url": f"{fake.url}/hooks/T0K3N-51f2", "timeout": 0.5}
            yield Case(options=options, fake=fake, recipients=("anna", "ben"))

    def notify(self, alert, delivery):
        sent = {}
        for part, body in self.parts(alert, delivery):
            if self.is_due(part, delivery):
                self.post(part, body, self.headers(part, alert, delivery), sent)
                sent[part] = f"m-{part}"
        return self.receipt(sent)

    def parts(self, alert, delivery):
        yield "text", json.dumps({"to": delivery.recipient, "text": self.text(alert)}).encode()
        if picture := self.picture(alert):
            yield "snapshot", picture

    def text(self, alert):
        return alert.text

    def picture(self, alert):
        try:
            return alert.snapshot.read_bytes() if alert.snapshot else b""
        except OSError:
            return b""

    def is_due(self, part, delivery):
        return part not in delivery.done

    def headers(self, part, alert, delivery):
        kind = "application/json" if part == "text" else "image/jpeg"
        return {"Content-Type": kind, "X-To": delivery.recipient, "Idempotency-Key": self.key(alert, delivery)}

    def key(self, alert, delivery):
        return delivery.key

    def receipt(self, sent):
        return Receipt(sent.get("text", ""), sent)

    def post(self, part, body, headers, sent):
        url = urlsplit(self.options.url.get_secret_value())
        connection = http.client.HTTPConnection(url.netloc, timeout=self.options.timeout)
        try:
            self.connect(connection, sent)
            answer = self.exchange(connection, url.path, body, headers, sent)
        finally:
            connection.close()
        self.judge(answer, sent)

    def connect(self, connection, sent):
        try:
            connection.connect()
        except OSError as error:
            raise TransientError("The webhook cannot be reached.", sent=sent) from error

    def exchange(self, connection, path, body, headers, sent):
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise OutcomeUnknown("The webhook did not answer.", sent=sent) from error

    def judge(self, answer, sent):
        if answer.status == 429 or answer.status >= 500:
            raise TransientError("The webhook is busy.", retry_after=self.wait(answer), sent=sent)
        if answer.status >= 400:
            raise PermanentError(f"The webhook answered {answer.status}.", "Check `url`.")

    def wait(self, answer):
        return float(answer.headers["Retry-After"]) if "Retry-After" in answer.headers else None


def what_was_sent(request):
    key = request.headers["Idempotency-Key"]
    if request.headers["Content-Type"] == "application/json":
        told = request.json()
        return [Sent(told["to"], "text", told["text"], key)]
    return [Sent(request.headers["X-To"], "snapshot", request.body, key)]


class OneMessage(Webhook):
    """A healthy notifier for a service that takes text and picture at once, and every key once."""

    @staticmethod
    def check(folder):
        taken = set()

        def sent(request):
            told, key = request.json(), request.headers["Idempotency-Key"]
            if key not in taken:
                taken.add(key)
                yield Sent(told["to"], "text", f"[gate] {told['text'][:160]}", key)

        with HttpFake(sent=sent) as fake:
            yield Case(options={"url": fake.url, "timeout": 0.5}, fake=fake)

    def parts(self, alert, delivery):
        picture = base64.b64encode(self.picture(alert)).decode()
        yield "text", json.dumps({"to": "all", "text": alert.text, "picture": picture}).encode()

    def receipt(self, sent):
        return Receipt()


class KeepsItsConnection(Webhook):
    """A healthy notifier that connects once, and anew where the connection broke."""

    connection = None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def post(self, part, body, headers, sent):
        url = urlsplit(self.options.url.get_secret_value())
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(url.netloc, timeout=self.options.timeout)
                self.connect(self.connection, sent)
            answer = self.exchange(self.connection, url.path, body, headers, sent)
            answer.read()
        except InstantReactError:
            self.close()
            raise
        self.judge(answer, sent)


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


class GivesUpWhenBusy(Webhook):
    def judge(self, answer, sent):
        if answer.status >= 400:
            raise PermanentError(f"The webhook answered {answer.status}.")


class Unreachable(Webhook):
    def connect(self, connection, sent):
        connection.connect()


class TakesBusyForDone(Webhook):
    def judge(self, answer, sent):
        if answer.status < 500:
            super().judge(answer, sent)


class NeverGivesUp(Webhook):
    def judge(self, answer, sent):
        if answer.status >= 400:
            raise TransientError("The webhook failed.", retry_after=self.wait(answer), sent=sent)


class AssertsOk(Webhook):
    def judge(self, answer, sent):
        assert answer.status not in (400, 401, 410), answer.status
        super().judge(answer, sent)


class CertainThatNothingArrived(Webhook):
    def exchange(self, connection, path, body, headers, sent):
        try:
            return super().exchange(connection, path, body, headers, sent)
        except OutcomeUnknown as error:
            raise TransientError("The webhook did not answer.", sent=sent) from error


class WaitsForEver(Webhook):
    def exchange(self, connection, path, body, headers, sent):
        connection.sock.settimeout(None)
        return super().exchange(connection, path, body, headers, sent)


class TimeoutAsItIs(Webhook):
    def exchange(self, connection, path, body, headers, sent):
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse()
        except ConnectionError as error:
            raise OutcomeUnknown("The webhook hung up.", sent=sent) from error


class ComesBackAtOnce(Webhook):
    def wait(self, answer):
        return None


class WaitsForMinutes(Webhook):
    def wait(self, answer):
        seconds = super().wait(answer)
        return seconds and seconds * 60


class KeepsABrokenConnection(Webhook):
    connection = None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def post(self, part, body, headers, sent):
        url = urlsplit(self.options.url.get_secret_value())
        if self.connection is None:
            self.connection = http.client.HTTPConnection(url.netloc, timeout=self.options.timeout)
        if self.connection.sock is None:
            self.connect(self.connection, sent)
        answer = self.exchange(self.connection, url.path, body, headers, sent)
        answer.read()
        self.judge(answer, sent)


class RemembersThatItWasDown(Webhook):
    down = False

    def connect(self, connection, sent):
        if self.down:
            raise TransientError("The webhook is down.")
        try:
            super().connect(connection, sent)
        except TransientError:
            self.down = True
            raise


class TellsTheAddress(Webhook):
    def connect(self, connection, sent):
        try:
            super().connect(connection, sent)
        except TransientError as error:
            url = self.options.url.get_secret_value()
            raise TransientError(f"{url} cannot be reached.") from error


class TellsTheAddressAfterATimeout(Webhook):
    def exchange(self, connection, path, body, headers, sent):
        try:
            return super().exchange(connection, path, body, headers, sent)
        except OutcomeUnknown as error:
            raise OutcomeUnknown(f"No answer to POST {path}.", sent=sent) from error


HEALTHY = [Webhook, OneMessage, KeepsItsConnection]
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
    Mutant("transient-failures", GivesUpWhenBusy, "'busy' notify raised PermanentError"),
    Mutant("transient-failures", Unreachable, "'refused' notify raised ConnectionRefusedError"),
    Mutant("transient-failures", TakesBusyForDone, "'busy' notify returned a Receipt"),
    Mutant("permanent-failures", NeverGivesUp, "'unauthorized' notify raised TransientError"),
    Mutant("permanent-failures", AssertsOk, "notify raised AssertionError: 401"),
    Mutant("unknown-outcomes", CertainThatNothingArrived, "'reset' notify raised TransientError"),
    Mutant("unknown-outcomes", WaitsForEver, "notify did not return within 3 s"),
    Mutant("unknown-outcomes", TimeoutAsItIs, "'silent' notify raised TimeoutError"),
    Mutant("honours-retry-after", ComesBackAtOnce, "said 7 s, and the error has no retry_after"),
    Mutant("honours-retry-after", WaitsForMinutes, "a retry_after of 420 s"),
    Mutant("recovers-after-a-failure", KeepsABrokenConnection, "once the failure 'silent' was over"),
    Mutant("recovers-after-a-failure", RemembersThatItWasDown, "once the failure 'refused' was over"),
    Mutant("failures-keep-secrets", TellsTheAddress, "'refused' quotes a secret"),
    Mutant("failures-keep-secrets", TellsTheAddressAfterATimeout, "'reset' quotes a secret"),
]

"""Healthy notifiers that post to a web address; what breaks promises of notifiers is a small change of the first."""

from __future__ import annotations

import base64
import http.client
import json
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


class Service:
    """A fake of somebody's own: it has what `Fake` asks for, and what else it has means something else."""

    requests = ("GET /health",)

    def __init__(self, fake):
        self.fake = fake
        self.failures = fake.failures

    @property
    def sent(self):
        return tuple(self.fake.sent)

    def failing(self, name, after=0):
        return self.fake.failing(name, after)


class HasAFakeOfItsOwn(Webhook):
    """A healthy notifier that is checked with it."""

    @staticmethod
    def check(folder):
        with HttpFake(sent=what_was_sent) as fake:
            yield Case(options={"url": fake.url, "timeout": 0.5}, fake=Service(fake), recipients=("anna", "ben"))


HEALTHY = [Webhook, OneMessage, KeepsItsConnection, HasAFakeOfItsOwn]
MUTANTS = []

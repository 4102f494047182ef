"""What breaks the promises of notifiers about failures of their service."""

from __future__ import annotations

import http.client
import logging
from urllib.parse import urlsplit

from instantreact_sdk import OutcomeUnknown, PermanentError, TransientError
from mutants.mutant import Mutant
from mutants.webhook import Webhook


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


class LogsTheAddress(Webhook):
    def open(self, context):
        self.context = context

    def judge(self, answer, sent):
        if answer.status >= 400:
            self.context.log.info("%s answered %d", self.options.url.get_secret_value(), answer.status)
        super().judge(answer, sent)


class HasItsLibraryLogTheAddress(Webhook):
    def judge(self, answer, sent):
        try:
            super().judge(answer, sent)
        except TransientError as error:
            error.add_note(self.options.url.get_secret_value())
            logging.getLogger("webhook.retry").warning("Retrying", exc_info=True)
            raise


class TellsTheAddressToTheWorld(LogsTheAddress):
    def judge(self, answer, sent):
        if answer.status >= 500:
            self.context.health("offline", f"{self.options.url.get_secret_value()} is down.")
        Webhook.judge(self, answer, sent)


HEALTHY = []
MUTANTS = [
    Mutant("failures-keep-secrets", LogsTheAddress, "what it logs at the failure 'busy' quotes a secret"),
    Mutant("failures-keep-secrets", HasItsLibraryLogTheAddress, "what it logs at the failure 'busy' quotes a secret"),
    Mutant("failures-keep-secrets", TellsTheAddressToTheWorld, "what it tells of its health at the failure 'busy'"),
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

"""Hearing what people write, for as long as the command runs."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from instantreact_messenger.desk import Desk
from instantreact_messenger.gate import Gate
from instantreact_messenger.graph import Graph
from instantreact_messenger.introductions import Introductions, line_for
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.people import People, Person
from instantreact_messenger.poll import Poll
from instantreact_messenger.reception import Reception
from instantreact_messenger.webhook import Webhook
from instantreact_sdk import Borrowed, InstantReactError, PermanentError, PluginError

_EVERY = (
    300.0  # seconds: 288 calls a day, of 200 that Meta allows for each person in touch with the Page, alerts included
)


def listen(notifier: Borrowed, host: str, port: int, path: str) -> None:
    """Run the webhook until somebody interrupts.

    Args:
        notifier: Of the pipeline file.
        host: Where to listen.
        port: And at which port; 0 takes a free one.
        path: Of the webhook's address.

    Raises:
        PluginError: There is no ``app_secret``, or the port cannot be had.
    """
    options = _options(notifier)
    if not options.app_secret:
        raise PluginError(
            "Without `app_secret` nobody can tell Meta's requests from forged ones.",
            "Set it to the secret of the Meta app, as `app_secret: env:APP_SECRET`; or use `--poll`.",
        )
    with ExitStack() as closing:
        reception = _reception(notifier, options, closing)
        desk = closing.enter_context(Desk(reception.receive))
        gate = Gate(options.app_secret.get_secret_value(), options.page, desk.take)
        try:
            webhook = Webhook(gate, host, port, path)
        except OSError as error:
            raise PluginError(
                f"Nothing can listen at {host}, port {port}: {error.strerror}.", "Choose another `--port`."
            ) from None
        closing.callback(webhook.server_close)
        _tell(
            f"Listening at http://{host}:{webhook.port}{path}, for a proxy or tunnel that gives it an https:// address."
        )
        _tell(
            f"Enter that address in the Meta app, under Messenger, Webhooks, with the verify token {gate.verify_token}."
        )
        _tell("Subscribe the Page to messages, messaging_postbacks and message_reactions. Ctrl-C ends.")
        webhook.serve_forever()


def look(notifier: Borrowed) -> None:
    """Ask Meta again and again until somebody interrupts.

    Trouble that passes by itself is told, and Meta is asked again later.

    Args:
        notifier: Of the pipeline file.

    Raises:
        PermanentError: Meta will not answer: the token is void, a permission is missing.
    """
    options = _options(notifier)
    every = options.poll or _EVERY
    with ExitStack() as closing:
        graph = Graph(options)
        closing.callback(graph.close)
        introductions = _introductions(notifier, options, closing)
        poll = Poll(options, graph, notifier.context, introductions.met)
        _tell(f"Asking Meta every {every:g} s. Ctrl-C ends.")
        wait = 0.0
        while not notifier.context.stop.wait(wait):
            wait = every
            try:
                poll.look()
            except PermanentError:
                raise
            except InstantReactError as error:  # also of the store
                _tell(str(error))
                wait = max(every, getattr(error, "retry_after", None) or 0.0)


def _options(notifier: Borrowed) -> MessengerOptions:
    assert isinstance(notifier.options, MessengerOptions)
    return notifier.options


def _reception(notifier: Borrowed, options: MessengerOptions, closing: ExitStack) -> Reception:
    introductions = _introductions(notifier, options, closing)
    return Reception(notifier.context.state, notifier.context.clock, introductions.met)


def _introductions(notifier: Borrowed, options: MessengerOptions, closing: ExitStack) -> Introductions:
    def say(person: Person) -> None:
        still = person.open_until > notifier.context.clock.now()
        window = f"open until {person.open_until:%d %B %H:%M} UTC" if still else "closed"
        _tell(f"Somebody wrote to the Page who is not in the file. Their window is {window}; for `people:`")
        print(line_for(person, notifier.name), flush=True)  # noqa: T201  (the command's result)

    return closing.enter_context(Introductions(options, People(notifier.context.state), notifier.people, say))


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201  (a command's talk; results go to standard output)

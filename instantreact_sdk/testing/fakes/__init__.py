"""Stand-ins for remote services. They listen on loopback, so that the real client, with its real sockets, is tested."""

from instantreact_sdk.testing.fakes.fake_clock import FakeClock
from instantreact_sdk.testing.fakes.http_fake import HTTP_FAILURES, HttpFake
from instantreact_sdk.testing.fakes.messenger.fake import MessengerFake
from instantreact_sdk.testing.fakes.request import Answer, Exchange, Part, Request
from instantreact_sdk.testing.fakes.webhook import WEBHOOK_FAILURES, Post, WebhookFake

__all__ = [
    "HTTP_FAILURES",
    "WEBHOOK_FAILURES",
    "Answer",
    "Exchange",
    "FakeClock",
    "HttpFake",
    "MessengerFake",
    "Part",
    "Post",
    "Request",
    "WebhookFake",
]

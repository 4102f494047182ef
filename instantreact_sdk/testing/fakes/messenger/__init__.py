"""A stand-in for the Messenger Platform: the Graph API as far as a sender needs it, and its webhooks."""

from instantreact_sdk.testing.fakes.messenger.access import App
from instantreact_sdk.testing.fakes.messenger.fake import MessengerFake
from instantreact_sdk.testing.fakes.messenger.faults import FAULTS, GRAPH_ERRORS, Fault
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError
from instantreact_sdk.testing.fakes.messenger.limits import Limit
from instantreact_sdk.testing.fakes.messenger.page import Attachment, Page, Person, Template
from instantreact_sdk.testing.fakes.messenger.records import Attempt, Message
from instantreact_sdk.testing.fakes.messenger.settings import Settings
from instantreact_sdk.testing.fakes.messenger.webhook import Notice, Webhook

__all__ = [
    "FAULTS",
    "GRAPH_ERRORS",
    "App",
    "Attachment",
    "Attempt",
    "Fault",
    "GraphError",
    "Limit",
    "Message",
    "MessengerFake",
    "Notice",
    "Page",
    "Person",
    "Settings",
    "Template",
    "Webhook",
]

"""Stand-ins for remote services. They listen on loopback, so that the real client, with its real sockets, is tested."""

from instantreact_sdk.testing.fakes.http_fake import HTTP_FAILURES, HttpFake
from instantreact_sdk.testing.fakes.request import Answer, Part, Request

__all__ = ["HTTP_FAILURES", "Answer", "HttpFake", "Part", "Request"]

"""What tests of plugins and pipelines need: conformance checks, synthetic media, fakes of services."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from instantreact_sdk.testing import media
    from instantreact_sdk.testing.conformance.calls import Limits
    from instantreact_sdk.testing.conformance.case import Case, Failure, Fake, Sent
    from instantreact_sdk.testing.conformance.check import Check
    from instantreact_sdk.testing.conformance.pytest_checks import parametrize_with_checks
    from instantreact_sdk.testing.conformance.result import ChecksFailed, Report, Result
    from instantreact_sdk.testing.conformance.running import (
        check_captioner,
        check_detector,
        check_notifier,
        check_recognizer,
        check_source,
        reports,
    )
    from instantreact_sdk.testing.demo_clip import demo_pipeline, render_demo_clip
    from instantreact_sdk.testing.fakes import (
        HTTP_FAILURES,
        WEBHOOK_FAILURES,
        Answer,
        Exchange,
        FakeClock,
        HttpFake,
        MessengerFake,
        Part,
        Post,
        Request,
        WebhookFake,
    )

# A plugin's `checks.py` needs a case, and must not pay for what makes films.
_HOMES = {
    "Answer": "fakes",
    "Case": "conformance.case",
    "Check": "conformance.check",
    "ChecksFailed": "conformance.result",
    "Exchange": "fakes",
    "Failure": "conformance.case",
    "Fake": "conformance.case",
    "FakeClock": "fakes",
    "HTTP_FAILURES": "fakes",
    "HttpFake": "fakes",
    "Limits": "conformance.calls",
    "MessengerFake": "fakes",
    "Part": "fakes",
    "Post": "fakes",
    "Report": "conformance.result",
    "Request": "fakes",
    "Result": "conformance.result",
    "Sent": "conformance.case",
    "WEBHOOK_FAILURES": "fakes",
    "WebhookFake": "fakes",
    "check_captioner": "conformance.running",
    "check_detector": "conformance.running",
    "check_notifier": "conformance.running",
    "check_recognizer": "conformance.running",
    "check_source": "conformance.running",
    "demo_pipeline": "demo_clip",
    "parametrize_with_checks": "conformance.pytest_checks",
    "render_demo_clip": "demo_clip",
    "reports": "conformance.running",
}

__all__ = [
    "HTTP_FAILURES",
    "WEBHOOK_FAILURES",
    "Answer",
    "Case",
    "Check",
    "ChecksFailed",
    "Exchange",
    "Failure",
    "Fake",
    "FakeClock",
    "HttpFake",
    "Limits",
    "MessengerFake",
    "Part",
    "Post",
    "Report",
    "Request",
    "Result",
    "Sent",
    "WebhookFake",
    "check_captioner",
    "check_detector",
    "check_notifier",
    "check_recognizer",
    "check_source",
    "demo_pipeline",
    "media",
    "parametrize_with_checks",
    "render_demo_clip",
    "reports",
]


def __getattr__(name: str) -> Any:
    if name == "media":
        return import_module(f"{__name__}.media")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""The page behind a link: what the alert was, and that somebody has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.links import Links
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.errors import InstantReactError
from instantreact_sdk.report.self_contained import rendered
from instantreact_sdk.runner.front_desk import NOT_FOUND, Answers, Page

_NO_SUCH_DELIVERY = "IR5030"
_CLOSED = ("acknowledged", "noted")
_STATES = {
    "noted": "it was to be sent to nobody",
    "waiting": "it is sent unless somebody acknowledges it first",
    "pending": "it waits to be sent",
    "sending": "it is being sent",
    "sent": "sent",
    "acknowledged": "acknowledged",
    "failed": "it could not be delivered",
    "expired": "it could not be delivered in time",
}


class AlertPage:
    """Shows the alert of a link to who looks, and acknowledges it for who asks for that.

    Messengers fetch links for previews, and mail scanners to see what is behind them: looking changes nothing. The page's script asks at
    once where somebody sees the page, and there is a button for browsers without scripts. A link that was made up and one of a delivery
    that is not there any more get the same answer.

    Args:
        links: Reads links.
        ledgers: Of the stores where a delivery may be, the first one first.
    """

    def __init__(self, links: Links, ledgers: Sequence[Ledger]) -> None:
        self._links = links
        self._ledgers = ledgers
        self.answers: Answers = {"GET": self._looked_at, "POST": self._acknowledged}
        room = files("instantreact_sdk.runner") / "page"
        self._room = room
        self._style = (room / "alert.css").read_text(encoding="utf-8")
        self._script = (room / "alert.js").read_text(encoding="utf-8")

    def _looked_at(self, path: str) -> Page:
        _, delivery = self._meant(path)
        return self._page(delivery, asks=delivery.status not in _CLOSED) if delivery else NOT_FOUND

    def _acknowledged(self, path: str) -> Page:
        ledger, delivery = self._meant(path)
        if ledger is None or delivery is None:
            return NOT_FOUND
        if delivery.status != "acknowledged":
            ledger.acknowledge(delivery.key, f"{delivery.recipient}, by the link")
            delivery = ledger.delivery(delivery.key)
        return self._page(delivery, asks=False)  # a page that asks again would do so for ever

    def _meant(self, path: str) -> tuple[Ledger | None, StoredDelivery | None]:
        key = self._links.opened(path)
        for ledger in self._ledgers if key else ():
            try:
                return ledger, ledger.delivery(str(key))
            except InstantReactError as error:
                if error.code != _NO_SUCH_DELIVERY:
                    raise
        return None, None

    def _page(self, delivery: StoredDelivery, *, asks: bool) -> Page:
        known = delivery.status == "acknowledged"
        since = delivery.acknowledged if known else delivery.settled
        parts = {
            "text": delivery.text,
            "rule": delivery.rule,
            "source": delivery.source,
            "happened": (delivery.wall or _moment(delivery.created)).astimezone(),
            "state": _STATES[delivery.status],
            "by": delivery.acknowledged_by if known else "",
            "since": _moment(since).astimezone() if since is not None else None,
            "known": known,
            "asks": asks,
        }
        pieces = rendered(self._room, "alert.html.j2", parts, style=self._style, script=self._script)
        # What may run and style is said in the page itself.
        policy = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        return Page("".join(pieces).encode(errors="replace"), kind="text/html; charset=utf-8", policy=policy)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

"""Links by which whoever was told acknowledges: nobody else can make them."""

from __future__ import annotations

import hmac
import re
import secrets
from urllib.parse import urlsplit

from sqlalchemy import Engine

from instantreact_sdk.alerts.state import ComponentState
from instantreact_sdk.alerts.tables import component_state
from instantreact_sdk.alerts.upsert import upsert
from instantreact_sdk.alerts.writing import writing

_OWNER = "sdk/links"  # no component can be called so: names of the pipeline file hold no slash
_NAME = "key"
_KEY_BYTES = 32
_SIGNATURE = 32  # hexadecimal digits, which are 128 bits


class Links:
    """Makes and reads links such as ``https://guard.example.org/a/<delivery key>/<signature>``.

    All of a link is letters and digits: messengers take a dash or an underscore at the end of one for punctuation or for markup.

    Args:
        url: The address under which people reach the front desk; it may have a path.
        key: Whoever knows it can acknowledge everything; `link_key` gives it.
    """

    def __init__(self, url: str, key: bytes) -> None:
        self._url = url.rstrip("/")
        prefix = re.escape(urlsplit(self._url).path)
        self._form = re.compile(rf"(?:{prefix})?/a/([0-9a-f]{{24}})/([0-9a-f]{{{_SIGNATURE}}})")
        self._key = key

    def for_delivery(self, key: str) -> str:
        """The link that acknowledges a delivery.

        Args:
            key: The delivery's idempotency key.
        """
        return f"{self._url}/a/{key}/{self._signature(key)}"

    def opened(self, path: str) -> str | None:
        """The key of the delivery that a link acknowledges; None where the link is not one of ours.

        Args:
            path: What a browser asked for. A proxy may have taken away the path of the `url`; a query, as some services add to links,
                says nothing.
        """
        found = self._form.fullmatch(path.partition("?")[0])
        if found is None or not hmac.compare_digest(found[2], self._signature(found[1])):
            return None
        return found[1]

    def _signature(self, key: str) -> str:
        return hmac.new(self._key, key.encode(), "sha256").hexdigest()[:_SIGNATURE]


def link_key(engine: Engine) -> bytes:
    """The key of a store's links, the same for all processes; made by the first one that asks.

    Raises:
        InstantReactError: IR5003 to IR5006, it can be neither read nor made.
    """
    state = ComponentState(engine, _OWNER)
    if _NAME not in state:
        made = {"component": _OWNER, "key": _NAME, "value": secrets.token_hex(_KEY_BYTES)}
        with writing(engine, lasting=True) as connection:  # of those who come at once, one is the first
            connection.execute(upsert(engine, component_state, ["component", "key"], []), made)
    return bytes.fromhex(state[_NAME])

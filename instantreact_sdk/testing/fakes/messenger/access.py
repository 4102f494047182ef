"""Who calls, and whether they may: version, token, proof of the app's secret."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from hashlib import sha256

from instantreact_sdk.testing.fakes.messenger.faults import refusal
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError, Refused
from instantreact_sdk.testing.fakes.messenger.page import Page
from instantreact_sdk.testing.fakes.messenger.parameters import Parameters
from instantreact_sdk.testing.fakes.messenger.settings import Settings
from instantreact_sdk.testing.fakes.request import Request

_VERSIONED = re.compile(r"/(v\d+\.\d+)((?:/[^/]+)+)")
_PROOF_SECONDS = 300


@dataclass(frozen=True, slots=True)
class App:
    """The app on whose behalf calls are made.

    Attributes:
        id: Its id.
        secret: Signs webhooks, and proves that a call comes from its server.
    """

    id: str
    secret: str = field(repr=False)

    @property
    def token(self) -> str:
        """The app's own access token."""
        return f"{self.id}|{self.secret}"


def steps(path: str, versions: Collection[str]) -> list[str]:
    """The parts of a path below its version.

    Raises:
        Refused: The version has expired, is unknown, or there is none.
    """
    found = _VERSIONED.fullmatch(path)
    version = found[1] if found else ""
    if found and version in versions:
        return found[2].strip("/").split("/")
    latest = max(versions, key=_number)
    if version and _number(version) < min(map(_number, versions)):
        message = f"(#2635) {version} of the API has expired. Please update to the latest version: {latest}."
        raise Refused(GraphError(2635, message))
    raise Refused(GraphError(2500, f"Unknown path components: {path}"))


def token_of(request: Request, parameters: Parameters) -> str:
    """The access token of a call: a parameter, or ``Authorization: Bearer``; empty for none."""
    scheme, _, token = (request.headers["Authorization"] or "").partition(" ")
    return parameters.text("access_token") or (token.strip() if scheme.lower() in {"bearer", "oauth"} else "")


def page_of(token: str, pages: Collection[Page], settings: Settings) -> Page:
    """The Page to which a token belongs.

    Raises:
        Refused: It belongs to none, has been revoked, or there is no token.
    """
    if not token:
        raise Refused(GraphError(104, "An access token is required to request this resource."))
    page = next((page for page in pages if page.token == token), None)
    if page is None:
        raise refusal("190", status=settings.token_status)
    if page.token_error:
        raise Refused(replace(page.token_error, status=settings.token_status))
    return page


def check_proof(token: str, parameters: Parameters, app: App, settings: Settings, now: float) -> None:
    """See that the call comes from the app's server, where it says so or has to.

    Args:
        token: The access token of the call.
        parameters: Of the call.
        app: Whose secret proves it.
        settings: Whether a proof is required.
        now: Unix time.

    Raises:
        Refused: The proof is wrong, older than five minutes or from the future, or missing.
    """
    proof, made = parameters.text("appsecret_proof"), parameters.text("appsecret_time")
    if not proof:
        if settings.proof_required:
            raise Refused(_unproven("API calls from the server require an appsecret_proof argument"))
        return
    signed = f"{token}|{made}" if made else token
    right = hmac.new(app.secret.encode(), signed.encode("utf-8", "surrogatepass"), sha256).hexdigest()
    fresh = not made or (made.isdecimal() and abs(now - float(made)) <= _PROOF_SECONDS)
    if not fresh or right != proof:
        raise Refused(_unproven("Invalid appsecret_proof provided in the API argument"))


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.removeprefix("v").split(".")))


def _unproven(message: str) -> GraphError:
    return GraphError(100, message, type="GraphMethodException")

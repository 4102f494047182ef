"""What reading datasets needs besides the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from instantreact_sdk.errors import InstantReactError


@contextmanager
def needed(package: str) -> Iterator[None]:
    """Around an import of the extra ``data``.

    Raises:
        InstantReactError: IR6001, the package is not installed.
    """
    try:
        yield
    except ImportError:
        raise InstantReactError("IR6001", package=package, command="pip install 'instantreact-sdk[data]'") from None

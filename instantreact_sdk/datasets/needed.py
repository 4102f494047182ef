"""What reading datasets needs besides the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from instantreact_sdk.errors import InstantReactError


@contextmanager
def needed(package: str, extra: str = "data") -> Iterator[None]:
    """Around an import of an extra.

    Args:
        package: What is imported, as installers call it.
        extra: What brings it.

    Raises:
        InstantReactError: IR6001, the package is not installed.
    """
    try:
        yield
    except ImportError:
        raise InstantReactError("IR6001", package=package, command=f"pip install 'instantreact-sdk[{extra}]'") from None

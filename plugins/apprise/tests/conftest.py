"""Apprise loads all its services at once, and some of their libraries with them."""

from __future__ import annotations

import warnings

import pytest
from instantreact_apprise.services import names


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """What these libraries deprecate is not for us to mend; what our calls bring about still is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert names()

"""Which SDKs a new plugin asks for."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from instantreact_sdk.scaffolding.window import window
from instantreact_sdk.version import __version__


@pytest.mark.parametrize(
    ("version", "requirement"),
    [
        ("0.1.0", "instantreact-sdk>=0.1,<1"),
        ("0.4.7", "instantreact-sdk>=0.4,<1"),
        ("1.0.0", "instantreact-sdk>=1.0,<2"),
        ("2.3.1+local", "instantreact-sdk>=2.3,<3"),
        ("0.5.0rc1", "instantreact-sdk>=0.5.0rc1,<1"),
        ("0.5.0.dev3", "instantreact-sdk>=0.5.0.dev3,<1"),
    ],
)
def test_it_reaches_from_this_minor_version_to_the_next_major_one(version, requirement):
    assert window(version) == requirement


@pytest.mark.parametrize("version", ["0.1.0", "0.9.9", "1.4.0", "0.5.0rc1", __version__])
def test_the_sdk_itself_is_inside(version):
    assert Requirement(window(version)).specifier.contains(version, prereleases=True)

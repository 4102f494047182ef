"""The network: a body that makes feature maps, and heads that predict from them."""

from __future__ import annotations

from instantreact_ssd.network.freezing import freeze, frozen
from instantreact_ssd.network.ssd import SSD

__all__ = ["SSD", "freeze", "frozen"]

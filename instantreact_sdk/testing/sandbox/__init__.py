"""A process that reaches nothing but the machine's own loopback, changes no file, and is seen when it tries.

`Sandboxed` runs a module so and says what it did, in Python or in C. Namespaces *prevent*, a system call filter *sees*.
"""

from __future__ import annotations

from instantreact_sdk.testing.sandbox.activity import Activity
from instantreact_sdk.testing.sandbox.sandboxed import Sandboxed

__all__ = ["Activity", "Sandboxed"]

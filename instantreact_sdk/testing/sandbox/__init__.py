"""A process that reaches nothing but the machine's own loopback, changes no file, and is seen when it tries.

`Sandboxed` runs a module so and says what it did, in Python or in C. Namespaces *prevent*, a system call filter *sees*.

It is made for mistakes: for what a library does behind its user's back, and for what an author forgot to declare. It is no place for code that one
does not trust. What is prevented stays prevented for everyone: no network, no changed file, nothing left in shared memory, no signal to other
programs. But who means to can read whatever the user can; can ask a program outside to act for it, through a socket that is a file, which is seen, except
where each message names the file (``sendmsg``); can lie about what it does with its memory while a call is looked at; and can behave itself for as long as it finds
itself watched.
"""

from __future__ import annotations

from instantreact_sdk.testing.sandbox.activity import Activity
from instantreact_sdk.testing.sandbox.sandboxed import Sandboxed

__all__ = ["Activity", "Sandboxed"]

"""Secrets that this process has read, kept out of what it says, whoever quotes them.

There is one list for the whole process: an error is made far from the options that hold the secret in it.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, unquote, urlsplit

LEAST = 6
"""What is shorter is not looked for: it would be found in every second word."""
_COVER = "***"

_hidden: tuple[str, ...] = ()


def hide(secret: str) -> None:
    """Cover a value from now on; of a URL its password, too."""
    global _hidden  # noqa: PLW0603  (see above)
    forms = {form for value in (secret, *_passwords(secret)) if len(value) >= LEAST for form in _forms(value)}
    # The longest first: a URL goes as a whole, and not its password alone.
    _hidden = tuple(sorted(forms.union(_hidden), key=lambda form: (-len(form), form)))


def hide_password(text: str) -> None:
    """Cover what is surely a secret in a text that may be none: the password of a URL."""
    for password in _passwords(text):
        hide(password)


def covered(text: str) -> str:
    """A text with stars in the place of everything that is hidden."""
    for secret in _hidden:
        text = text.replace(secret, _COVER)
    return text


def covering_log(name: str) -> logging.Logger:
    """The logger of a component, which covers what is hidden, in tracebacks too."""
    log = logging.getLogger(f"instantreact.{name}")
    if not any(isinstance(each, _Covering) for each in log.filters):
        log.addFilter(_Covering())
    return log


@contextmanager
def covering_threads() -> Iterator[None]:
    """Have Python cover what it says of a thread that ends in an error; plugins may have threads of their own."""

    def tell(ended: threading.ExceptHookArgs) -> None:
        name = ended.thread.name if ended.thread else "a thread"
        told = traceback.format_exception(ended.exc_type, ended.exc_value, ended.exc_traceback)
        if ended.exc_type is not SystemExit:
            sys.stderr.write(covered(f"Exception in thread {name}:\n{''.join(told)}"))

    before, threading.excepthook = threading.excepthook, tell
    try:
        yield
    finally:
        threading.excepthook = before


class _Covering(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; all of them go on."""
        record.msg, record.args = covered(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = covered(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None  # handlers that print tracebacks in their own way would quote it
        return True


def _passwords(text: str) -> list[str]:
    try:
        password = urlsplit(text).password if "://" in text else None
    except ValueError:
        return []
    return [password, unquote(password)] if password else []


def _forms(value: str) -> set[str]:
    written = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    return {value, quote(value), quote(value, safe=""), *written}

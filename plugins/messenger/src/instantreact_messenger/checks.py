"""What the notifier is checked with: Meta's platform as a fake on this machine, with a Page to which two people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from instantreact_sdk.testing import Case
from instantreact_sdk.testing.fakes import MessengerFake


def messenger(folder: Path) -> Iterator[Case]:  # noqa: ARG001  (it needs no files)
    """Both may be written to for 24 hours. And a token that cannot be one, a version that is none, an address where nobody listens."""
    with MessengerFake() as fake:
        people = [*fake.page.people]
        for person in people:
            fake.write(person, "Hello")
        options = {
            "page_token": fake.page.token,
            "app_secret": fake.app.secret,
            "base_url": fake.url,
            "connect_timeout": 2,
            "read_timeout": 0.5,
        }
        broken = ({"page_token": "two words"}, {"version": "v2.6"}, {"base_url": "http://127.0.0.1:1"})
        yield Case(options=options, recipients=people, fake=fake, broken=[{**options, **one} for one in broken])

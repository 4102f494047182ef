"""Looking at what arrives at the fake of a notifier's service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from instantreact_sdk.testing import media
from instantreact_sdk.testing.conformance.case import Fake, Sent
from instantreact_sdk.testing.conformance.check import NotApplicable
from instantreact_sdk.testing.conformance.trial import Trial
from instantreact_sdk.types import Alert, Receipt


class Arrivals:
    """What arrives from now on.

    Args:
        trial: Of a notifier.

    Raises:
        NotApplicable: Its case has no fake.
    """

    def __init__(self, trial: Trial) -> None:
        self._fake = fake_of(trial)
        self._before = len(self._fake.sent)

    def of(self, part: str) -> list[Sent]:
        """Those of a part: ``text`` or ``snapshot``."""
        return [one for one in self.all() if one.part == part]

    def all(self) -> list[Sent]:
        """All of them, in order."""
        return [*self._fake.sent[self._before :]]

    def parts(self) -> list[str]:
        """The names of the parts that arrived, each once, in order."""
        return [*dict.fromkeys(one.part for one in self.all())]


def fake_of(trial: Trial) -> Fake:
    """What stands for the service.

    Raises:
        NotApplicable: Nothing does.
    """
    if trial.case.fake is None:
        raise NotApplicable("its case has no fake, so nobody can see what arrives")
    return trial.case.fake


def tell(
    trial: Trial,
    notifier: Any,
    alert: Alert,
    *,
    key: str = "delivery-1",
    attempt: int = 1,
    done: Mapping[str, str] | None = None,
) -> Receipt:
    """One message to the case's first recipient.

    Raises:
        CheckFailed: It was not sent; `Refused` where the notifier raised an error of the SDK.
    """
    given = [(alert, media.delivery(trial.case.recipients[0], key=key, attempt=attempt, done=done))]
    with trial.calling("notify"):
        receipt: Receipt
        (receipt,) = trial.work.checked(trial.work.call(notifier, given), given)
        return receipt


def pictured(folder: Path, text: str = "Somebody is at the gate.") -> Alert:
    """An alert with a picture."""
    return media.alert(text, snapshot=media.snapshot(folder))

"""A source is given its time: the limit of a call holds for each picture, not for all that are looked at."""

from __future__ import annotations

import time
from pathlib import Path

from mutants.source import Film

from instantreact_sdk.testing import Limits
from instantreact_sdk.testing.conformance.session import Session
from instantreact_sdk.testing.conformance.target import targets


class Unhurried(Film):
    def frame(self, index):
        time.sleep(0.1)
        return super().frame(index)


def test_a_source_may_take_longer_for_all_its_pictures_than_for_one():
    (target,) = targets(Unhurried, Path.cwd())
    with Session(target, Limits(call=1.0)) as session:
        result = session.result("answers")
    assert (result.status, result.message) == ("passed", "")
    assert result.seconds > 2.0  # 24 pictures

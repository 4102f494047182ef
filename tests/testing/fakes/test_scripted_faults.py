"""Which failure meets which request."""

from __future__ import annotations

from collections import Counter

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.testing.fakes.faults import Faults

KNOWN = ("busy", "dropped", "silent")


def drawn(faults: Faults, number: int) -> list[str]:
    return [faults.draw() for _ in range(number)]


def test_nothing_fails_by_itself():
    assert drawn(Faults(KNOWN), 3) == ["", "", ""]


def test_a_script_is_followed_once_in_its_order():
    faults = Faults(KNOWN)
    faults.script("busy", "", "busy")
    faults.script("silent")
    assert drawn(faults, 6) == ["busy", "", "busy", "silent", "", ""]


def test_the_same_seed_gives_the_same_failures():
    one, same, other = Faults(KNOWN), Faults(KNOWN), Faults(KNOWN)
    for faults, seed in ((one, 7), (same, 7), (other, 8)):
        faults.at_random({"busy": 0.3, "dropped": 0.2}, seed=seed)
    assert drawn(one, 200) == (again := drawn(same, 200))
    assert again != drawn(other, 200)


def test_failures_at_random_come_as_often_as_was_asked():
    faults = Faults(KNOWN)
    faults.at_random({"busy": 0.3, "dropped": 0.1}, seed=1)
    counted = Counter(drawn(faults, 20_000))
    # Four standard deviations of a binomial count, sqrt(20,000 * .3 * .7) = 65 and sqrt(20,000 * .1 * .9) = 42.
    assert abs(counted["busy"] - 6_000) < 260
    assert abs(counted["dropped"] - 2_000) < 170
    assert set(counted) == {"busy", "dropped", ""}


def test_shares_of_one_leave_nothing_through():
    faults = Faults(KNOWN)
    faults.at_random(dict.fromkeys(KNOWN, 1 / 3), seed=1)
    assert set(drawn(faults, 500)) == set(KNOWN)


def test_a_script_goes_before_chance_and_chance_can_be_ended():
    faults = Faults(KNOWN)
    faults.at_random({"busy": 1.0})
    faults.script("silent", "")
    assert drawn(faults, 3) == ["silent", "", "busy"]
    faults.at_random({})
    assert drawn(faults, 2) == ["", ""]


def test_names_that_it_does_not_know_are_refused_and_change_nothing():
    faults = Faults(KNOWN)
    for use in (lambda: faults.script("busy", "bussy"), lambda: faults.at_random({"bussy": 0.1})):
        with pytest.raises(InstantReactError) as refusal:
            use()
        assert str(refusal.value) == (
            "IR2026: The fake of a service cannot be used so: it has no failure 'bussy'. It knows busy, dropped and silent."
        )
    assert drawn(faults, 2) == ["", ""]


@pytest.mark.parametrize("shares", [{"busy": -0.1}, {"busy": 0.6, "silent": 0.5}])
def test_shares_that_are_no_probabilities_are_refused(shares):
    with pytest.raises(InstantReactError, match="no probabilities"):
        Faults(KNOWN).at_random(shares)

"""What Prometheus reads: checked by the parser of its own client."""

from __future__ import annotations

import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from instantreact_sdk import InstantReactError
from instantreact_sdk.alerts.exposition import Exposition
from instantreact_sdk.alerts.figures import Figures, NotifierFigures
from instantreact_sdk.alerts.outboxed import STATUSES
from instantreact_sdk.version import __version__

NOTHING = Figures({}, None, (), (), {})
NAMES = {
    "instantreact_build_info": "gauge",
    "instantreact_deliveries": "gauge",
    "instantreact_oldest_undelivered_seconds": "gauge",
    "instantreact_notifier_consecutive_failures": "gauge",
    "instantreact_notifier_circuit_open": "gauge",
    "instantreact_first_attempt_seconds": "summary",
    "instantreact_delivery_seconds": "summary",
}


def read(figures: Figures):
    text = Exposition(lambda: figures).text().decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def values(figures: Figures, name: str) -> dict[tuple[str, ...], float]:
    """By the values of the labels, in the order of their names."""
    samples = read(figures)[name].samples
    assert {sample.name for sample in samples} <= {name}
    return {tuple(value for _, value in sorted(sample.labels.items())): sample.value for sample in samples}


def of_sms(**facts) -> Figures:
    return Figures({}, None, (), (), {"sms": NotifierFigures(**facts)})


def test_the_names_and_types_are_these_and_each_is_explained():
    families = read(NOTHING)
    assert {family.name: family.type for family in families.values()} == NAMES
    assert all(family.documentation for family in families.values())


def test_the_version_is_told():
    assert values(NOTHING, "instantreact_build_info") == {(__version__,): 1}


def test_deliveries_are_counted_by_notifier_and_status_and_none_is_a_zero():
    figures = Figures({}, None, (), (), {
        "sms": NotifierFigures(counts={"sent": 7, "failed": 1, "noted": 3}), "mail": NotifierFigures(),
    })  # fmt: skip
    found = values(figures, "instantreact_deliveries")
    assert set(found) == {(name, status) for name in ("sms", "mail") for status in {*STATUSES} - {"noted"}}
    assert {key: value for key, value in found.items() if value} == {("sms", "sent"): 7, ("sms", "failed"): 1}


@pytest.mark.parametrize(("oldest", "expected"), [(None, 0), (0.0, 0), (61.25, 61.25)])
def test_the_age_of_the_oldest_is_told(oldest, expected):
    assert values(of_sms(oldest=oldest), "instantreact_oldest_undelivered_seconds") == {("sms",): expected}


@pytest.mark.parametrize(("closed_for", "expected"), [(0.0, 0), (12.5, 1)])
def test_an_open_circuit_is_a_one(closed_for, expected):
    figures = of_sms(closed_for=closed_for, failures=6, cause="busy")
    assert values(figures, "instantreact_notifier_circuit_open") == {("sms",): expected}
    assert values(figures, "instantreact_notifier_consecutive_failures") == {("sms",): 6}


def test_times_are_told_as_quantiles_by_nearest_rank():
    figures = Figures({}, None, tuple(range(1, 101)), (2.5,), {})
    first = {("0.5",): 50, ("0.9",): 90, ("0.99",): 99}
    assert values(figures, "instantreact_first_attempt_seconds") == first
    assert values(figures, "instantreact_delivery_seconds") == {("0.5",): 2.5, ("0.9",): 2.5, ("0.99",): 2.5}


def test_before_the_first_alert_there_are_no_times():
    assert values(NOTHING, "instantreact_first_attempt_seconds") == {}


def test_a_notifier_may_have_any_name():
    name = 'a "b"\\c\nd é'
    figures = Figures({}, None, (), (), {name: NotifierFigures(failures=2)})
    assert values(figures, "instantreact_notifier_consecutive_failures") == {(name,): 2}


def test_figures_are_read_anew_each_time():
    answers = iter([of_sms(failures=1), of_sms(failures=2)])
    exposition = Exposition(lambda: next(answers))
    assert b'failures{notifier="sms"} 1.0' in exposition.text()
    assert b'failures{notifier="sms"} 2.0' in exposition.text()


def test_without_the_client_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(InstantReactError) as caught:
        Exposition(lambda: NOTHING)
    assert caught.value.code == "IR6001"
    assert "pip install 'instantreact-sdk[metrics]'" in str(caught.value)

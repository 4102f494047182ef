"""Every refusal of Meta's: worth another attempt or not, how soon, and what the user is told."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from golden import same_as_golden
from instantreact_messenger.refusals import ALL, FEW, TABLE, known

from instantreact_sdk import Delivery, PermanentError, TransientError
from instantreact_sdk.testing import Answer, media
from instantreact_sdk.testing.fakes.messenger.faults import FAULTS, GRAPH_ERRORS, usage_headers
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError

ANNA = "7000000000000001"
NEVER, ONCE, ALWAYS = 1, 2, None

# Code, subcode: attempts at most, seconds to wait, seconds for which nobody is reached, what the user reads.
ROWS = [
    ("1", FEW, None, None, "unknown error"),
    ("99", FEW, None, None, "unknown error"),
    ("1/1357046", FEW, None, None, "unknown error"),
    ("2", ALWAYS, None, None, "out of order for the moment"),
    ("2/2018344", ALWAYS, None, None, "out of order for the moment"),
    ("1200", ALWAYS, None, None, "could not send the message for the moment"),
    ("4", ALWAYS, 300, 300, "too many calls"),
    ("17", ALWAYS, 300, 300, "too many calls"),
    ("32", ALWAYS, 300, 300, "too many calls"),
    ("341", ALWAYS, 300, 300, "too many calls"),
    ("4/2018354", ALWAYS, 300, 300, "too many calls"),
    ("9/2018352", ALWAYS, 300, 300, "too many calls"),
    ("80001", ALWAYS, 300, 300, "too many calls"),
    ("80006", ALWAYS, 300, 300, "too many calls"),
    ("613", ALWAYS, 120, None, "too many messages in a short time"),
    ("613/2018338", ALWAYS, 120, None, "too many messages in a short time"),
    ("613/1893016", ALWAYS, 120, None, "too many messages in a short time"),
    ("613/2534040", ALWAYS, 120, None, "too many messages in a short time"),
    ("10/2018278", NEVER, None, None, "has not written to the Page in the last 24 hours"),
    ("10/2534022", NEVER, None, None, "has not written to the Page in the last 24 hours"),
    ("10/2018065", NEVER, None, None, "has not written to the Page in the last 24 hours"),
    ("10/2018108", NEVER, None, None, "cannot get messages at present"),
    ("10/1893063", NEVER, None, 3600, "restricted the Page"),
    ("100", NEVER, None, None, "refuses the message"),
    ("100/1893061", NEVER, None, None, "refuses this kind of message since 27 April 2026"),
    ("100/2018001", NEVER, None, None, "knows no such recipient"),
    ("100/2018008", ONCE, None, None, "could not fetch the attachment"),
    ("100/2018047", NEVER, None, None, "no picture or video"),
    ("100/2018074", NEVER, None, None, "does not know the attachment"),
    ("100/2018109", NEVER, None, None, "larger than the 25 MB"),
    ("100/2018034", NEVER, None, None, "an empty one"),
    ("100/33", NEVER, None, None, "no such Page or recipient"),
    ("100/2018164", NEVER, None, None, "refuses the message"),
    ("100/2018294", NEVER, None, None, "refuses the message"),
    ("190", NEVER, None, 600, "does not take the Page token"),
    ("190/458", NEVER, None, 600, "the app was taken off"),
    ("190/459", NEVER, None, 600, "log in and confirm"),
    ("190/460", NEVER, None, 600, "has a new password"),
    ("190/463", NEVER, None, 600, "has expired or was revoked"),
    ("190/464", NEVER, None, 600, "log in and confirm"),
    ("190/467", NEVER, None, 600, "has expired or was revoked"),
    ("190/490", NEVER, None, 600, "log in and confirm"),
    ("190/492", NEVER, None, 600, "has no role on the Page any more"),
    ("200", NEVER, None, None, "lacks a permission"),
    ("200/2018028", NEVER, None, None, "app is in development"),
    ("200/1545041", NEVER, None, None, "cannot be reached"),
    ("200/2534041", NEVER, None, None, "lacks a permission"),
    ("230", NEVER, None, None, "lacks a permission"),
    ("10", NEVER, None, None, "lacks a permission"),
    ("10/1", NEVER, None, None, "lacks a permission"),
    ("551", NEVER, None, None, "cannot be reached"),
    ("551/1545041", NEVER, None, None, "cannot be reached"),
    ("368", NEVER, None, 14_400, "blocked the Page or the app"),
    ("2018300", NEVER, None, None, "Another app leads the conversation"),
    ("10/2018300", NEVER, None, None, "Another app leads the conversation"),
    ("2022", NEVER, None, None, "Another app leads the conversation"),
    ("506", NEVER, None, None, "has the same message already"),
    ("77777", NEVER, None, None, "not known here"),
]


def error(name, **more):
    code, _, subcode = name.partition("/")
    return GraphError(int(code), "Meta's own words", int(subcode or 0) or None, **more)


@pytest.fixture
def told(fake, opened):
    """``told(fault, times)``: what a notifier makes of a refusal that a delivery meets so many times."""
    notifier = opened()
    numbers = itertools.count(1)

    def tell(fault, times=1, *, attempt=1):
        fake.script(fault, times=times)
        key = f"k-{next(numbers)}"
        for number in range(times):
            with pytest.raises((TransientError, PermanentError)) as caught:
                notifier.notify(media.alert(), Delivery(key, ANNA, attempt + number))
        return caught.value

    return tell


@pytest.mark.parametrize(("name", "attempts", "wait", "closed_for", "says"), ROWS, ids=[row[0] for row in ROWS])
def test_each_refusal_is_worth_as_many_attempts_as_are_of_use_and_told_in_words(
    told, name, attempts, wait, closed_for, says
):
    first = told(error(name))
    assert isinstance(first, PermanentError if attempts == NEVER else TransientError)
    assert says.lower() in first.what.lower()
    assert f"error {name}" in first.what
    assert "Meta's own words" in first.what
    assert first.fix
    assert first.closed_for == closed_for
    if attempts != NEVER:
        assert first.retry_after == wait
        last = told(error(name), attempts or 20)
        assert isinstance(last, PermanentError if attempts else TransientError)
        if attempts:
            assert isinstance(told(error(name), attempts - 1), TransientError)


def test_every_refusal_that_the_fake_knows_has_a_row_here():
    assert set(GRAPH_ERRORS) <= {name for name, *_ in ROWS}


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.failure and name not in GRAPH_ERRORS])
def test_what_else_may_happen_is_told_as_it_should_be(fake, opened, name):
    notifier = opened(read_timeout=0.3)
    wanted = fake.failures[name]
    with fake.failing(name), pytest.raises(wanted.raises) as caught:
        notifier.notify(media.alert(), Delivery("k", ANNA))
    assert wanted.retry_after in (None, getattr(caught.value, "retry_after", None))


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500, 503])
def test_the_status_decides_nothing_where_there_is_a_code(told, status):
    assert isinstance(told(error("10/2018278", status=status)), PermanentError)
    assert isinstance(told(error("1200", status=status)), TransientError)


def test_meta_says_itself_what_passes(told):
    assert isinstance(told(error("2", transient=True)), TransientError)
    assert isinstance(told(error("2", transient=False)), PermanentError)
    assert isinstance(told(error("613", transient=False)), TransientError)  # often said, and never meant
    assert isinstance(told(error("100", transient=True)), TransientError)
    assert isinstance(told(error("100", transient=True), FEW), PermanentError)
    assert isinstance(told(error("77777", transient=True)), TransientError)


def test_an_unknown_code_passes_where_the_status_says_so(told):
    assert isinstance(told(error("77777", status=500)), TransientError)
    assert isinstance(told(error("77777", status=429)), TransientError)
    assert isinstance(told(error("77777", status=500), FEW), PermanentError)


def test_a_delivery_that_was_tried_often_for_other_reasons_is_not_given_up_at_the_first_unknown_error(told):
    assert isinstance(told(error("1"), attempt=500), TransientError)
    assert isinstance(told(error("1"), FEW, attempt=500), PermanentError)


def test_a_duplicate_is_a_success_at_the_second_attempt_and_none_at_the_first(fake, opened, told):
    assert isinstance(told(error("506")), PermanentError)
    fake.script("506")
    assert opened().notify(media.alert(), Delivery("k", ANNA, 2)).parts == {"text": ""}


def test_a_wrong_proof_is_known_by_its_name(told):
    wrong = GraphError(100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException")
    assert "app secret" in told(wrong).what


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 120.0),
        ({"Retry-After": "9"}, 9.0),
        (usage_headers("1", 100, 7), 420.0),
        ({**usage_headers("1", 100, 7), "Retry-After": "9"}, 420.0),
        (usage_headers("1", 100, 0), 120.0),
        ({"X-Business-Use-Case-Usage": "{"}, 120.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": "soon"}]}'}, 120.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 1e999}]}'}, 120.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 99999}]}'}, 86_400.0),
        ({"Retry-After": "soon"}, 120.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_what_meta_says_of_the_time_goes_before_what_the_table_says(told, headers, wait):
    answer = error("613").answer("Atrace", headers)
    assert told(answer).retry_after == wait


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"error": "no"}', b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize(
    ("status", "raises", "says"),
    [
        (302, TransientError, "lead the message elsewhere"),
        (307, TransientError, "lead the message elsewhere"),
        (400, PermanentError, "not the Graph API"),
        (401, PermanentError, "not the Graph API"),
        (404, PermanentError, "not the Graph API"),
        (408, TransientError, "out of order"),
        (429, TransientError, "too many requests"),
        (500, TransientError, "out of order"),
        (502, TransientError, "out of order"),
        (504, TransientError, "out of order"),
    ],
)
def test_what_is_no_error_of_the_graph_api_is_judged_by_its_status(told, status, raises, says, body):
    refusal = told(Answer(status, body, {"Location": "http://127.0.0.1:1/", "Content-Type": "text/html"}))
    assert isinstance(refusal, raises)
    assert says in refusal.what
    assert f"status {status}" in refusal.what


@pytest.mark.parametrize(
    "strange",
    [
        {"code": "190"},
        {"code": None, "message": None},
        {"code": [10], "error_subcode": {}, "is_transient": "yes"},
        {"code": 1e400},
        {"code": True},
        {"code": "9" * 5000, "message": "m" * 100_000, "fbtrace_id": "t\n" * 900},
    ],
)
def test_an_error_object_of_a_strange_form_is_an_error_all_the_same(told, strange):
    refusal = told(Answer.json({"error": strange}, status=400))
    assert isinstance(refusal, PermanentError)
    assert len(str(refusal)) < 900
    assert ("190" in refusal.what) == (strange["code"] == "190")


def test_no_code_stands_in_two_rows():
    codes = [code for refusal in TABLE for code in refusal.codes]
    assert len(codes) == len(set(codes))
    assert len({refusal.name for refusal in ALL}) == len(ALL)
    for refusal in TABLE:
        for code in refusal.codes:
            number, _, subcode = code.partition("/")
            assert known(int(number), int(subcode or 0) or None) is refusal


def test_golden_of_what_the_user_is_told_of_each_refusal():
    lines = [
        f"{one.name}: {', '.join(one.codes) or 'no code'}\n"
        f"  attempts {one.attempts or 'any'}"
        + (f", wait {one.wait:g} s" if one.wait else "")
        + (f", nobody for {one.closed_for:g} s" if one.closed_for else "")
        + f"\n  {one.what}\n  {one.fix}\n"
        for one in ALL
    ]
    same_as_golden(Path(__file__).with_name("refusals.txt"), "".join(lines))

"""Only a link that was made here opens anything."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk.alerts.links import Links

KEY = bytes(range(32))
DELIVERY = "0123456789abcdef01234567"
HEX = "0123456789abcdef"
LINKS = Links("https://guard.example.org", KEY)


def path(link: str) -> str:
    return urlsplit(link).path


def test_a_link_is_the_delivery_and_128_bits_of_its_hmac():
    signature = hmac.new(KEY, DELIVERY.encode(), hashlib.sha256).digest()[:16].hex()
    assert LINKS.for_delivery(DELIVERY) == f"https://guard.example.org/a/{DELIVERY}/{signature}"


@given(st.text(HEX, min_size=24, max_size=24), st.binary(min_size=32, max_size=32))
def test_a_link_opens_what_it_was_made_for(delivery, key):
    links = Links("https://guard.example.org", key)
    assert links.opened(path(links.for_delivery(delivery))) == delivery


@pytest.mark.parametrize("url", ["https://example.org/guard", "https://example.org/guard/", "https://example.org/a"])
def test_a_proxy_may_take_away_the_path_of_the_address_or_leave_it(url):
    links = Links(url, KEY)
    link = links.for_delivery(DELIVERY)
    assert link.startswith(f"{url.rstrip('/')}/a/")
    assert links.opened(path(link)) == DELIVERY
    assert links.opened(path(LINKS.for_delivery(DELIVERY))) == DELIVERY


def test_what_a_service_adds_to_a_link_says_nothing():
    assert LINKS.opened(path(LINKS.for_delivery(DELIVERY)) + "?fbclid=IwAR0") == DELIVERY


@pytest.mark.parametrize("position", range(len(DELIVERY) + 1 + 32))
def test_a_link_with_one_other_letter_opens_nothing(position):
    letters = list(path(LINKS.for_delivery(DELIVERY))[3:])
    letters[position] = "1" if letters[position] == "0" else "0"
    assert LINKS.opened("/a/" + "".join(letters)) is None


def test_a_link_of_another_key_opens_nothing():
    other = Links("https://guard.example.org", bytes(32))
    assert LINKS.opened(path(other.for_delivery(DELIVERY))) is None


def test_the_signature_of_one_delivery_does_not_open_another():
    signature = LINKS.for_delivery(DELIVERY).rpartition("/")[2]
    assert LINKS.opened(f"/a/{'f' * 24}/{signature}") is None


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda good: good + "/",
        lambda good: good + "\n",
        lambda good: good[:-1],
        lambda good: good + "0",
        lambda good: "/" + good,
        lambda good: good.replace("/a/", "/a//"),
        lambda good: good.replace("/a/", "/b/"),
        lambda good: good[1:],
        lambda good: "/x" + good,
        lambda good: good.replace("0", "\N{FULLWIDTH DIGIT ZERO}"),
        lambda good: good.replace("0", "%30"),
    ],
)
def test_there_is_one_way_to_write_a_link(change):
    assert LINKS.opened(change(path(LINKS.for_delivery(DELIVERY)))) is None


@given(st.text())
def test_no_text_opens_anything_or_raises(text):
    assert LINKS.opened(text) is None
    assert LINKS.opened(f"/a/{DELIVERY}/{text}") is None

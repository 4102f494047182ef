"""No address is shown with its secrets."""

from __future__ import annotations

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instantreact_sdk import redacted

words = st.text(string.printable)


@given(words, words, words)
def test_a_percent_encoded_login_is_left_out(user, password, token) -> None:
    login = ":".join(quote(part, safe="") for part in (user, password))
    shown = redacted(f"RTSP://{login}@10.0.0.7:554/cam?token={quote(token, safe='')}")
    assert shown == "rtsp://10.0.0.7:554/cam?..."


@given(words, words, words)
def test_a_login_that_nobody_encoded_is_not_shown_either(user, password, token) -> None:
    shown = redacted(f"rtsp://{user}USER:{password}WORD@10.0.0.7/cam?a=TOKEN{token}")
    for secret in ("USER", "WORD", "TOKEN"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://10.0.0.7/user=anna&password=s3cret&channel=1", "rtsp://10.0.0.7/user=...&password=...&channel=1"),
        ("rtsp://10.0.0.7/user=anna&password=s3@cret", "rtsp://..."),
        ("http://10.0.0.7/video?token=s3@cret", "http://..."),
        ("http://10.0.0.7/video#s3cret", "http://10.0.0.7/video?..."),
        ("rtsp://anna:s3/cret@10.0.0.7/cam", "rtsp://..."),
        ("rtsp://anna:s3cret", "rtsp://..."),
        ("rtsp://anna@[fe80::1]:8554/cam", "rtsp://[fe80::1]:8554/cam"),
        ("lobby@home.mp4", "lobby@home.mp4"),
        ("rtsp:/anna:s3cret@10.0.0.7/cam", "rtsp:/...@10.0.0.7/cam"),
        ("anna:s3cret@10.0.0.7", "...@10.0.0.7"),
        ("0", "0"),
    ],
)
def test_only_what_is_surely_no_secret_is_shown(url, shown) -> None:
    assert redacted(url) == shown

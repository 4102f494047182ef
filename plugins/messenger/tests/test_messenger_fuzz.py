"""Ten thousand requests of every kind: nothing that is not Meta's changes anything, and nothing that is does harm."""

from __future__ import annotations

import json
import random
import string
from http import HTTPStatus

from webhook_requests import ANNA, PAGE, notice, post, raw, signed

FUZZED, FUZZED_BY_SOCKET = 10_000, 300


def mutated(dice, body):
    """A notice, harmed in some way; perhaps not at all."""
    harmed = bytearray(body)
    for _ in range(dice.randint(0, 6)):
        place = dice.randrange(len(harmed) + 1)
        match dice.randrange(5):
            case 0:
                harmed[place:place] = dice.randbytes(dice.randint(1, 20))
            case 1:
                del harmed[place : place + dice.randint(1, 20)]
            case 2:
                harmed[place:place] = harmed[: dice.randint(0, 100)]
            case 3:
                harmed[place : place + 1] = dice.choice(
                    [b"{", b"}", b"[", b"]", b'"', b"\\u", b"null", b"-1", b"1e999"]
                )
            case 4:
                harmed[place:place] = b"[" * dice.choice([1, 50, 5000])
        harmed = harmed or bytearray(b" ")
    return bytes(harmed)


def anything(dice, depth=0):
    """Any JSON, with the words of a notice in it."""
    words = ["object", "page", "entry", "messaging", "sender", "id", ANNA, PAGE, "message", "mid", "text", "timestamp"]
    words += ["postback", "payload", "reaction", "action", "react", "emoji", "is_echo", "referral", "\ud800", "\0", ""]
    kinds = ["word", "number", "constant"] + ["list", "object"] * (depth < 5)
    match dice.choice(kinds):
        case "word":
            return dice.choice(words)
        case "number":
            return dice.choice([0, -1, 10**18, 10**400, 1.5, float("inf"), 1_763_000_000_000, True])
        case "constant":
            return dice.choice([None, True, False])
        case "list":
            return [anything(dice, depth + 1) for _ in range(dice.randint(0, 4))]
        case _:
            return {dice.choice(words): anything(dice, depth + 1) for _ in range(dice.randint(0, 6))}


def strange(dice, clock):
    """A well-formed notice with strange values in it."""
    found = json.loads(notice(clock))
    item = found["entry"][0]["messaging"][0]
    for _ in range(dice.randint(1, 4)):
        item[dice.choice([*item, "postback", "reaction", "referral"])] = anything(dice)
    found[dice.choice(["object", "entry", "more", "more"])] = anything(dice) if dice.random() < 0.2 else found["entry"]
    found["object"] = "page" if dice.random() < 0.9 else anything(dice)
    return json.dumps(found).encode()


def test_ten_thousand_forged_notices_change_nothing(gate, clock, state):
    dice = random.Random(5)
    whole = notice(clock)
    right = signed(whole)
    for _ in range(FUZZED // 2):
        body = mutated(dice, whole)
        given = dice.choice([None, "", right, "sha256=" + "".join(dice.choices(string.hexdigits, k=64))])
        if (given, body) == (right, whole):
            continue
        assert gate.notice(given, body) == HTTPStatus.FORBIDDEN
    for _ in range(FUZZED // 2):
        status, said = gate.challenge(dice.randbytes(dice.randint(0, 80)).decode("latin-1"))
        assert status in (400, 403)
        assert said == b""
    assert state == {}


def test_ten_thousand_strange_notices_that_are_signed_harm_nothing(gate, clock, state):
    dice = random.Random(7)
    whole = notice(clock)
    seen = set()
    for number in range(FUZZED):
        body = mutated(dice, whole) if number % 2 else strange(dice, clock)
        status = gate.notice(signed(body), body)
        assert status in (200, 400)
        seen.add(status)
    assert seen == {200, 400}
    json.dumps(state)  # what is kept can be kept
    for key, value in state.items():
        assert key.startswith(("person/", "reply/", "heard/"))
        assert len(key) <= 255
        if key.startswith("reply/"):
            value["text"].encode()
            assert "\0" not in value["text"]


def test_hundreds_of_harmed_requests_over_the_network_change_nothing(webhook, clock, state):
    dice = random.Random(11)
    body = notice(clock)
    head = f"POST /webhook HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: {signed(b'other')}\r\nContent-Length: {len(body)}\r\n\r\n"
    for _ in range(FUZZED_BY_SOCKET):
        answer = raw(webhook, mutated(dice, head.encode() + body))
        assert b"200 OK" not in answer
        assert answer == b"" or b"Traceback" not in answer
    assert state == {}
    assert post(webhook, body) == 200  # it still works
    assert len(state) == 3

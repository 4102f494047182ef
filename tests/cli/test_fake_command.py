"""``instantreact-sdk fake messenger``, as a program and a person see it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from instantreact_sdk.testing.fakes import Answer, HttpFake

ANNA = "7000000000000001"


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from instantreact_sdk.cli import main; main()", "fake", "messenger", *arguments]
    environment = os.environ | {"NO_COLOR": "1", "TERM": "dumb"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, env=environment) as program:
        try:
            yield program
        finally:
            program.kill()


def line(program: subprocess.Popen[str]) -> str:
    got = program.stdout.readline()
    assert got, program.stderr.read()
    return got.rstrip("\n")


def send(url: str, token: str, text: str, psid: str = ANNA, **message: object) -> requests.Response:
    body = {"recipient": {"id": psid}, "messaging_type": "UPDATE", "message": {"text": text, **message}}
    return requests.post(
        f"{url}/v26.0/me/messages", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20
    )


def interrupted(program: subprocess.Popen[str]) -> tuple[int, str]:
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=20)
    return program.returncode, errors


def test_a_program_reads_where_it_is_what_comes_in_and_what_people_write():
    with HttpFake(lambda request: Answer(200, request.query.get("hub.challenge", "").encode())) as hook:
        arguments = ("--json", "--webhook", f"{hook.url}/hook", "--verify-token", "between us", "--closed")
        with started(*arguments) as program:
            about, agreed = json.loads(line(program)), json.loads(line(program))
            assert about.keys() == {"url", "page", "page_token", "app", "app_secret", "people"}
            assert about["people"][ANNA] == "Anna Ngo"
            assert agreed == {"webhook": f"{hook.url}/hook", "agreed": True}
            assert hook.requests[0].query["hub.verify_token"] == "between us"

            assert send(about["url"], about["page_token"], "too late").status_code == 400
            told = json.loads(line(program))
            assert (told["recipient"], told["text"], told["error"]) == (ANNA, "too late", "10/2018278")
            assert (told["status"], told["taken"]) == (400, [])

            program.stdin.write(f"anna Gr\u00fc\u00dfe\nnobody x\n{ANNA} OK\n")
            program.stdin.flush()
            assert json.loads(line(program)) == {"person": ANNA, "wrote": "Gr\u00fc\u00dfe", "webhook": [200]}
            assert json.loads(line(program)) == {"person": ANNA, "wrote": "OK", "webhook": [200]}

            replies = [{"content_type": "text", "title": "OK", "payload": "ack"}]
            mid = send(about["url"], about["page_token"], "Fire?", quick_replies=replies).json()["message_id"]
            told = json.loads(line(program))
            assert (told["status"], told["taken"]) == (200, [{"id": mid, "kind": "text"}])
            program.stdin.write("anna OK\n")
            program.stdin.close()  # it goes on without
            program.stdin = None
            assert json.loads(line(program)) == {"person": ANNA, "tapped": "OK", "webhook": [200]}
            events = [request.json()["entry"][0]["messaging"][0]["message"] for request in hook.requests[1:]]
            assert [event["text"] for event in events] == ["Gr\u00fc\u00dfe", "OK", "OK"]
            assert events[2]["quick_reply"] == {"payload": "ack"}

            code, errors = interrupted(program)
            assert (code, errors) == (130, "Nobody here is called nobody.\n")


def test_a_person_reads_it_as_sentences():
    with started() as program:
        lines = [line(program) for _ in range(6)]
        url, token = lines[0].split()[5].rstrip(","), lines[2].split()[-1]
        assert lines[0] == f"The Messenger Platform is at {url}, in place of https://graph.facebook.com."
        assert lines[1] == "  page        104000000000001 (Night Watch)"
        assert lines[4] == f"  person      {ANNA} (Anna Ngo)"
        line(program)
        assert send(url, token, "Fire \x1b[31m at [red]").ok
        send(url, token, "x", psid="7")
        sent, refused = line(program), line(program)
        assert sent[8:] == r"  to Anna Ngo: text 'Fire \x1b[31m at [red]'"
        assert refused[8:] == "  to 7: 'x', refused as 100/2018001 (400)"
        program.stdin.write("ben hi\n")
        program.stdin.flush()
        assert line(program)[8:] == "  Ben Achu wrote 'hi'"
        assert interrupted(program) == (130, "")


def test_sends_may_fail_by_chance_and_a_port_may_be_taken():
    with started("--json", "--faults", "1", "--seed", "3") as program:
        about = json.loads(line(program))
        port = about["url"].rsplit(":", 1)[1]
        with started("--port", port) as second:
            assert second.wait(60) == 2
            assert second.stderr.read().startswith("IR2026: ")
        with suppress(requests.RequestException):  # the connection may be what fails
            send(about["url"], about["page_token"], "x")
        assert json.loads(line(program))["failure"]

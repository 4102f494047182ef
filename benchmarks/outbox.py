"""What it costs that no alert is lost: alerts a second, and the time that the outbox adds, against a bare `requests.post` loop.

Usage: python benchmarks/outbox.py [--rounds N] [--alerts N] [--seconds N]

Both tell the same service, which is a process of its own that answers at once, over one connection that stays open. The loop keeps nothing:
what it has not sent when it ends is lost. The outbox works as in `run`: one process writes each alert to SQLite, and waits for the disk; another
one takes it from there, sends it, and writes down that it was sent. First each tells as many alerts as it can, then ten a second; the time is from
the event to the arrival of the request. Rounds are taken in turn, and the ratios of each pair are told.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from instantreact_sdk import Event
from instantreact_sdk.alerts.intake import Addressee, Intake
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.stored import StoredEvent
from instantreact_sdk.runner.line import Line

PER_SECOND = 10
PATIENCE = 120.0
WHOM = [Addressee("guards", (("guards", ""),))]

NOTIFIER = """
import requests
from instantreact_sdk import Notifier, Options, Receipt

class PostOptions(Options):
    url: str

class Post(Notifier):
    options_type = PostOptions

    def __init__(self, options: PostOptions) -> None:
        self._url = options.url
        self._session = requests.Session()

    def notify(self, alert, delivery):
        self._session.post(self._url, json={"source": alert.source, "text": alert.text}, timeout=10).raise_for_status()
        return Receipt()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="What it costs that no alert is lost.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alerts", type=int, default=1000, help="in each round, as fast as it goes")
    parser.add_argument("--seconds", type=int, default=15, help="of each round at a steady rate")
    arguments = parser.parse_args()
    rates: list[float] = []
    added: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name, service() as (url, arrivals):
        for number in range(arguments.rounds):
            folder = Path(name) / str(number)
            folder.mkdir()
            with outbox(folder, url) as tell:
                fast = {"loop": 0.0, "outbox": 0.0}
                slow = {"loop": (0.0, 0.0), "outbox": (0.0, 0.0)}
                with requests.Session() as session:
                    tells: dict[str, Callable[[str], None]] = {"loop": posting(session, url), "outbox": tell}
                    for who, one in tells.items():
                        one(f"{who} {number} warms up")
                        arrivals({f"{who} {number} warms up"})
                        fast[who] = throughput(one, arrivals, f"{who} {number} fast", arguments.alerts)
                        slow[who] = delays(one, arrivals, f"{who} {number} slow", arguments.seconds * PER_SECOND)
            rates.append(fast["outbox"] / fast["loop"])
            added.append((slow["outbox"][0] - slow["loop"][0], slow["outbox"][1] - slow["loop"][1]))
            print(
                f"loop {fast['loop']:5.0f} alerts/s, {told(slow['loop'])}   "
                f"outbox {fast['outbox']:5.0f} alerts/s, {told(slow['outbox'])}   ratio {rates[-1]:.3f}",
                flush=True,
            )
    half, most = (statistics.median(times) for times in zip(*added, strict=True))
    print(f"alerts a second: median ratio {statistics.median(rates):.3f}, from {min(rates):.3f} to {max(rates):.3f}")
    print(f"added until the request arrives, at {PER_SECOND} alerts/s: median of rounds, {told((half, most))}")


def told(times: tuple[float, float]) -> str:
    return f"p50 {1000 * times[0]:4.1f} ms, p99 {1000 * times[1]:4.1f} ms"


def throughput(
    tell: Callable[[str], None], arrivals: Callable[[set[str]], dict[str, float]], name: str, count: int
) -> float:
    """Alerts a second from the first event to the last arrival."""
    names = [f"{name} {number}" for number in range(count)]
    began = time.monotonic()
    for one in names:
        tell(one)
    return count / (max(arrivals({*names}).values()) - began)


def delays(
    tell: Callable[[str], None], arrivals: Callable[[set[str]], dict[str, float]], name: str, count: int
) -> tuple[float, float]:
    """Seconds from event to arrival at a steady rate: p50 and p99."""
    happened = {}
    zero = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, zero + number / PER_SECOND - time.monotonic()))
        happened[f"{name} {number}"] = time.monotonic()
        tell(f"{name} {number}")
    arrived = arrivals({*happened})
    centiles = statistics.quantiles([arrived[one] - at for one, at in happened.items()], n=100)
    return centiles[49], centiles[98]


def posting(session: requests.Session, url: str) -> Callable[[str], None]:
    """Tells at once, and keeps nothing."""

    def tell(source: str) -> None:
        session.post(url, json={"source": source, "text": f"intruder at {source}"}, timeout=10).raise_for_status()

    return tell


@contextmanager
def outbox(folder: Path, url: str) -> Iterator[Callable[[str], None]]:
    """Tells by way of a store and a second process, as `run` does."""
    (folder / "post.py").write_text(NOTIFIER)
    source = {"use": "opencv/video", "options": {"url": "gate.mp4"}}
    notifier = {"use": "./post.py:Post", "options": {"url": url}}
    config = folder / "pipeline.yaml"
    config.write_text(json.dumps({"sources": {"gate": source}, "notifiers": {"guards": notifier}}))
    address = f"sqlite:///{folder / 'store.db'}"
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs, Store.open(address) as store:
        run = store.begin_run(str(config))
        intake, line = Intake(store.engine), Line(ours)
        over = threading.Event()
        listener = threading.Thread(target=listen, args=(line, over))
        listener.start()
        command = [sys.executable, __file__, "deliver", str(config), address, str(theirs.fileno())]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()])

        def tell(source: str) -> None:
            end = time.time()
            event = Event("intruder", source, end, end, (), {}, datetime.fromtimestamp(end, UTC))
            intake.event(run, StoredEvent(event), WHOM)
            line.poke()

        try:
            yield tell
        finally:
            over.set()
            listener.join()
            process.kill()
            process.wait()


def listen(line: Line, over: threading.Event) -> None:
    """Hear what the process that delivers says, as `run` does."""
    while not over.is_set():
        line.receive(0.1)


def deliver(config: str, address: str, end: str) -> None:
    """The process that delivers."""
    from instantreact_sdk.config import load
    from instantreact_sdk.pipeline.board import Board
    from instantreact_sdk.registry import discover
    from instantreact_sdk.runner.post_office import PostOffice

    office = PostOffice(
        load(Path(config)),
        discover(),
        board=Board(Path(config).with_name("board")),
        quarantined={},
        holder="benchmark",
        store=address,
        told=lambda health: print(health, file=sys.stderr),
        ended=lambda _: None,
        line=Line.at(int(end)),
    )
    with office:
        while True:
            office.step()


@contextmanager
def service() -> Iterator[tuple[str, Callable[[set[str]], dict[str, float]]]]:
    """A web service in a process of its own: its address, and what waits for alerts to arrive, and says when they did."""
    process = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    lines = process.stdout
    arrived: dict[str, float] = {}
    url = lines.readline().strip()

    def read() -> None:
        for line in lines:
            arrived.update([json.loads(line)])

    def arrivals(sources: set[str]) -> dict[str, float]:
        until = time.monotonic() + PATIENCE
        while not sources <= arrived.keys():
            assert time.monotonic() < until, "the alerts do not arrive"
            time.sleep(0.01)
        return {source: arrived[source] for source in sources}

    threading.Thread(target=read, daemon=True).start()
    try:
        yield url, arrivals
    finally:
        process.kill()
        process.wait()


class Desk(BaseHTTPRequestHandler):
    """Takes everything, and says when."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer first, so that nobody waits for the rest."""
        moment = time.monotonic()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        os.write(1, json.dumps([body["source"], moment]).encode() + b"\n")


def serve() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["deliver", config, address, end]:
            deliver(config, address, end)
        case _:
            main()

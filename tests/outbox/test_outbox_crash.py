"""Ten thousand alerts to a service that fails in every way, by processes that are killed all the time."""

from __future__ import annotations

import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from crashing import ALERTS, PEOPLE, Victim, Yard, deliver, raise_alerts, whom
from sqlalchemy import select

from instantreact_sdk import PermanentError
from instantreact_sdk.alerts.ledger import Ledger
from instantreact_sdk.alerts.outbox import Outbox
from instantreact_sdk.alerts.outboxed import StoredDelivery
from instantreact_sdk.alerts.store import Store
from instantreact_sdk.alerts.tables import attempts
from instantreact_sdk.runner.line import Line
from instantreact_sdk.testing.fakes import MessengerFake
from instantreact_sdk.testing.fakes.messenger.faults import FAULTS
from instantreact_sdk.testing.fakes.messenger.graph_error import GraphError
from instantreact_sdk.testing.fakes.messenger.page import Page, Person

KILLS = 50
"""Of each process."""
READ_TIMEOUT = 5.0
CLOSING = {"4", "4/2018354", "9/2018352", "17", "32", "341", "10/1893063", "368"}
"""After these the Page is left alone for long, as after those of the token."""
LOST = {"reset", "silent", "dropped", "unanswered"}
"""After these nobody knows."""
NOT_HERE = {
    "506",  # says that the message had come before, which would not be true here
    "refused",  # as an answer to a single request that is a `reset`
}
STATUS = (400, 401, 403, 500, 503)


def often(name: str) -> int:
    """How often a fault occurs."""
    if name in CLOSING or name.startswith("190") or name in ("silent", "unanswered"):
        return 3
    return 100 if name in ("reset", "dropped") else 20


def schedule(random: Random) -> Iterator[tuple[str, int | None]]:
    """A fault for each of the first requests, or none, and with what HTTP status, where not its own; each delivery takes one request at
    least, so every fault comes to pass.
    """
    faults = [name for name in FAULTS if name not in NOT_HERE for _ in range(often(name))]
    drawn = [*faults, *[""] * (ALERTS - len(faults))]
    random.shuffle(drawn)
    for name in drawn:
        graph = name and isinstance(FAULTS[name].how, GraphError)
        yield name, random.choice(STATUS) if graph and random.random() < 0.5 else None


@dataclass
class Case:
    """What is known of one delivery.

    Attributes:
        stored: As it stands in the store.
        outcomes: Of its attempts, in order.
        requests: Numbers of its requests among all that came to the service, in order.
        faults: What met each of them; empty where nothing did.
        answered: How many requests the service did, and answered.
        lost: How many it did whose answer was lost.
    """

    stored: StoredDelivery
    outcomes: list[str] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answered: int = 0
    lost: int = 0


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whatever_is_killed_and_whatever_fails_each_alert_is_told_or_a_dead_letter_with_its_cause(
    kind, request, tmp_path, known_plugins, monkeypatch
):
    monkeypatch.setenv("INSTANTREACT_HOME", str(known_plugins))
    seed = int(os.environ.get("INSTANTREACT_SEED", time.time_ns() % 1_000_000))
    print(f"INSTANTREACT_SEED={seed}")  # noqa: T201  (pytest shows it where the test fails)
    url = request.getfixturevalue("postgres_url") if kind == "postgres" else f"sqlite:///{tmp_path / 'store.db'}"
    page = Page("104000000000001", "EAAfakePageToken", people={psid: Person(psid, "Anna Ngo") for psid in PEOPLE})
    with Store.open(url) as store, MessengerFake(page) as fake:
        for psid in PEOPLE:
            fake.write(psid, "Hello")
        yard = Yard(url, store.begin_run("gate.yaml"), tmp_path, time.monotonic())
        killed = work(yard, store, fake, Random(seed))
        assert killed == 2 * KILLS
        cases = looked_up(store, yard, fake)
        firsts = first_attempts(store)
    assert len(cases) == sum(len(whom(number)) for number in range(ALERTS))
    wrong = [problem for case in cases.values() for problem in problems(case)]
    assert not wrong, "\n".join([f"{len(wrong)} deliveries are not as they should be", *wrong[:20]])
    assert {name for case in cases.values() for name in case.faults} == {"", *FAULTS} - NOT_HERE
    in_order(cases, firsts)


def work(yard: Yard, store: Store, fake: MessengerFake, random: Random) -> int:
    """Raise and deliver until nothing is left; how often a process was killed."""
    for name, status in schedule(random):
        fake.script(name, status=status)
    options = {"page_token": fake.page.token, "base_url": fake.url, "read_timeout": READ_TIMEOUT}
    # The clock is fast, so what has to last for some seconds of the real one lasts long.
    notifier = {"use": "messenger", "options": {**options, "total_timeout": 3600}, "time_limit": "2h"}
    file = {
        "sources": {"cam": {"use": "opencv/video", "options": {"url": "cam.mp4"}}},
        "notifiers": {"messenger": notifier},
    }
    (yard.folder / "pipeline.yaml").write_text(json.dumps(file))
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        line, outbox = Line(ours), Outbox(store.engine, lambda: yard.clock().now().timestamp())
        raising = Victim(raise_alerts, yard, ours, yard.raised, moments(random))
        delivering = Victim(deliver, yard, theirs, lambda: len(fake.requests), moments(random))
        try:
            while raising.look() or outbox.waiting(retries=True):
                delivering.look()
                line.poke()  # the clock is fast: whoever looks twice in a second waits for half an hour
                line.receive(random.random() / 50)
        finally:
            raising.end()
            delivering.end()
    return raising.killed + delivering.killed


def moments(random: Random) -> list[int]:
    """After how much of its work a process is killed each time; some come at once one after the other, while it starts."""
    return sorted(random.sample(range(ALERTS - 500), KILLS - 10) + random.choices(range(1, ALERTS - 500), k=10))


def looked_up(store: Store, yard: Yard, fake: MessengerFake) -> dict[tuple[str, str], Case]:
    """All cases by source and address."""
    found = Ledger(store.engine).deliveries(run=yard.run, limit=None)
    cases = {(one.source, one.address): Case(one) for one in found}
    by_position = {case.stored.position: case for case in cases.values()}
    with store.engine.connect() as connection:
        for row in connection.execute(select(attempts).order_by(attempts.c.position)):
            by_position[row.delivery].outcomes.append(row.outcome)
    arrived = {message.request for message in fake.messages}
    for one in fake.attempts:
        case = cases[one.text.split()[2].rstrip(","), one.recipient]
        case.requests.append(one.request)
        case.faults.append(one.failure.split(" as ")[0])
        if one.request in arrived:
            lost = fake.exchanges[one.request].answer is None
            case.lost += lost
            case.answered += not lost
    return cases


def problems(case: Case) -> Iterator[str]:
    """What is not as it should be."""
    about = f"{case}"
    count = Counter(case.outcomes)
    arrived = case.answered + case.lost
    # Every outcome but `broken off` was settled by the process that made the attempt, so it was there when its one request ended.
    if case.stored.status == "sent":
        if not arrived:
            yield f"it never arrived: {about}"
    elif case.stored.status != "failed":
        yield f"it is neither told nor a dead letter: {about}"
    elif case.outcomes[-1] != "permanent" or not stays(case.faults):
        yield f"its cause does not stay: {about}"
    # An answer that came, and was not settled, is one before whose settling the process was killed.
    late = max(
        0, count["unknown"] - sum(fault in LOST for fault in case.faults)
    )  # more than the time limit, on a busy machine
    if case.answered > count["sent"] + count["broken off"] + late:
        yield f"it was told again without need: {about}"
    # An answer that was lost is settled as unknown, or it was the process that was killed.
    if arrived > count["sent"] + count["unknown"] + count["broken off"]:
        yield f"it arrived more often than it was sent: {about}"
    if count["sent"] > 1 or "" in count:
        yield f"it was sent after it was sent, or never settled: {about}"


def all_came(case: Case) -> bool:
    """Whether each of its attempts came to the service."""
    return len(case.requests) == len(case.outcomes)


def stays(faults: list[str]) -> bool:
    """Whether the last one is of those that stay, by what is known of the platform."""
    last = FAULTS[faults[-1]].failure if faults and faults[-1] else None
    if last is None:  # of which more than one reading is right
        return bool(faults and faults[-1])
    return last.raises is PermanentError


def first_attempts(store: Store) -> list[int]:
    """The places of deliveries in the order of their first attempts."""
    query = select(attempts.c.delivery).where(attempts.c.number == 1).order_by(attempts.c.position)
    with store.engine.connect() as connection:
        return [*connection.scalars(query)]


def in_order(cases: dict[tuple[str, str], Case], firsts: list[int]) -> None:
    """See that first attempts were made in the order of raising, for each recipient, and came to the service in that order."""
    number = {case.stored.position: int(case.stored.source.removeprefix("cam")) for case in cases.values()}
    recipient = {case.stored.position: case.stored.recipient for case in cases.values()}
    # A first attempt that was broken off may never have left, and the second one leaves when others have.
    left = [case for case in cases.values() if case.outcomes[0] != "broken off" and all_came(case)]
    came = [case.stored.position for case in sorted(left, key=lambda case: case.requests[0])]
    for psid in PEOPLE:
        begun = [number[position] for position in firsts if recipient[position] == psid]
        assert begun
        assert begun == sorted(begun)
        arrived = [number[position] for position in came if recipient[position] == psid]
        assert arrived == sorted(arrived)

"""The engine and the slow interpreter agree on random rules, streams and orders of arrival."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from random_rules import ZONES, arrivals, rule, stream
from reference import interpret

from instantreact_sdk.rules import RuleEngine
from instantreact_sdk.types import Event

seeds = st.integers(0, 2**64 - 1)
depths = st.integers(0, 3)
lengths = st.sampled_from([2.0, 8.0, 16.0])


def decide(named, stream, steps):
    """What an engine decides when a stream comes to it in these steps."""
    engine = RuleEngine(named, ZONES, stream.sources)
    for place, time in stream.begins.items():
        engine.begin(*place, time, stream.zeros[place[0]])
    decided = []
    for what, *rest in steps:
        if what == "observe":
            assert engine.observe(*rest)
        elif what == "end":
            engine.end(*rest[0], stream.ends[rest[0]])
        else:
            decided += engine.advance(*rest[0], rest[1])
    return decided


@settings(max_examples=500, deadline=None)
@given(seeds, depths, lengths)
def test_events_are_those_of_the_reference_whatever_the_order_of_arrival(seed, depth, length):
    random = Random(seed)
    named = {f"rule {n}": rule(random, depth) for n in range(3)}
    seen = stream(random, length)
    decided = decide(named, seen, arrivals(random, seen))
    events = sorted((e.end, e.source, e.rule, e.start, e.evidence) for e in decided if isinstance(e, Event))
    assert events == interpret(named, ZONES, seen)


@settings(max_examples=200, deadline=None)
@given(seeds, depths, lengths)
def test_events_and_near_misses_with_their_traces_do_not_depend_on_the_order_of_arrival(seed, depth, length):
    random = Random(seed)
    named = {"rule": rule(random, depth)}
    seen = stream(random, length)
    first, second = ({one.id: one.line() for one in decide(named, seen, arrivals(random, seen))} for _ in range(2))
    assert first == second

"""What a run found, in the few lines that fit a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from instantreact_sdk.errors.wording import clock
from instantreact_sdk.testing.dev.journal import Fact

_SAID = 12
_PRINTED = 20

Line = tuple[str, str]
"""Text, and its style: one of `rich`, or empty."""


def screen(facts: Sequence[Fact]) -> Iterator[Line]:
    """What is known of a run.

    Args:
        facts: Of the `Journal`.
    """
    for fact in facts:
        match fact["is"]:
            case "run":
                yield f"{fact['saved']}  {fact['use']}", "bold"
            case "component":
                yield (
                    f"{fact['kind']}, options: {fact['options']}{', shown ' + fact['footage'] if fact['footage'] else ''}",
                    "dim",
                )
    yield from _seen(facts)
    yield from _told(facts)
    yield from _printed(facts)
    for fact in facts:
        if fact["is"] == "failed":
            yield fact["message"], "red"
            yield from ((line, "dim") for line in fact["trace"].splitlines())
    yield from _checks(facts)


def _seen(facts: Iterable[Fact]) -> Iterator[Line]:
    facts = tuple(facts)
    frames = [fact for fact in facts if fact["is"] == "frame"]
    labels = Counter(label for frame in frames for label in frame.get("labels", ()))
    calls = [fact["ms"] for fact in facts if fact["is"] == "call"]
    if any("boxes" in frame for frame in frames):
        with_boxes = sum(bool(frame["boxes"]) for frame in frames)
        yield f"{_count(labels.total(), 'box', 'boxes')} in {with_boxes} of {_count(len(frames), 'frame')}", ""
        yield from ((f"  {label}: {count}", "") for label, count in labels.most_common())
    elif frames:
        yield _count(len(frames), "frame"), ""
    if calls:
        yield f"{sum(calls) / len(calls):.1f} ms a call, {max(calls):.1f} ms the slowest of {len(calls)}", ""


def _told(facts: Iterable[Fact]) -> Iterator[Line]:
    said = [fact for fact in facts if fact["is"] in ("said", "health", "told")]
    for fact in said[:_SAID]:
        match fact:
            case {"is": "health"}:
                yield f"  {fact['kind']}: {fact['detail']}", "yellow"
            case {"is": "told"}:
                yield f"Told: {fact['alert']}", ""
                for one in fact["sent"]:
                    whom = f" for {one['recipient']}" if one["recipient"] else ""
                    yield f"  its fake got {one['part']}{whom}: {one['body']}", ""
            case {"end": end}:
                yield f"  {clock(fact['start'])} to {clock(end)}  {fact['text']}  {fact['score']:.2f}", ""
            case _:
                yield f"  {fact['text']}", ""
    if len(said) > _SAID:
        yield f"  and {len(said) - _SAID} more", "dim"


def _printed(facts: Iterable[Fact]) -> Iterator[Line]:
    lines = "".join(fact["text"] for fact in facts if fact["is"] == "printed").splitlines()
    if lines:
        yield "It printed:", "dim"
    if len(lines) > _PRINTED:
        yield f"  ({len(lines) - _PRINTED} lines before)", "dim"
    yield from ((f"  {line}", "") for line in lines[-_PRINTED:])


def _checks(facts: Iterable[Fact]) -> Iterator[Line]:
    facts = tuple(facts)
    results = [fact for fact in facts if fact["is"] == "check"]
    failed = [fact for fact in results if fact["status"] == "failed"]
    pages = {each["name"]: each["page"] for fact in facts if fact["is"] == "checks" for each in fact["checks"]}
    for fact in failed:
        yield f"failed  {fact['check']}: {fact['message']}.", "red"
        yield from ((f"        {line}", "dim") for line in pages[fact["check"]].splitlines())
    for fact in facts:
        if fact["is"] == "checked" and fact["problem"]:
            yield fact["problem"], "red"
    if results:
        counts = Counter(fact["status"] for fact in results)
        yield f"Checks: {', '.join(f'{count} {status}' for status, count in counts.most_common())}", "bold"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"

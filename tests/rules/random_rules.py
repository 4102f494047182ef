"""Random rules, and random streams for them, where times and lengths meet exactly more often than not.

Everything comes from one `random.Random`: hypothesis chooses its seed and the size, because streams of hundreds of observations are more
than it can choose one by one.
"""

from __future__ import annotations

from random import Random

from streams import Stream

from instantreact_sdk.config.pipeline_file import Rule, Zone
from instantreact_sdk.types import Caption, Detections, Health, Observation, SoundEvent, Transcript, Word

SOURCES = ("a", "b")
CHANNELS = ("picture", "caption", "sound", "health")
NAMES = ("cat", "dog")
ZONES = {
    "left": Zone(source="a", polygon=[(0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5)]),
    "right": Zone(source="b", polygon=[(0.5, 0.25), (1.0, 0.25), (1.0, 1.0), (0.5, 1.0)]),
}
TICK = 1 / 64
LENGTHS = (0.25, 0.5, 1.0, 1.0, 1.0 + TICK, 2.0, 3.0)
SCORES = (0.0, 0.25, 0.5, 0.75, 1.0)
KINDS = ("online", "offline", "frozen", "black", "plugin_failed")
CHANNEL = {"detections": "picture", "transcript": "sound", "caption": "caption", "sound": "sound", "health": "health"}


def rule(random: Random, depth: int) -> Rule:
    """A rule with conditions inside conditions down to `depth`."""
    across = random.random() < 0.4
    sources = random.choice([None, None, ["a"], ["b", "a"]])
    return Rule.model_validate({"when": condition(random, depth, across), "across": across, "sources": sources})


def condition(random: Random, depth: int, across: bool) -> dict:
    """A condition, compound while there is depth left."""
    if depth == 0:
        return leaf(random, across)
    word = random.choice(["all", "all", "any", "none"])
    parts = [condition(random, random.choice([0, depth - 1]), across) for _ in range(random.randint(1, 3))]
    found = {word: parts}
    if word == "none" or (word == "all" and random.random() < 0.9):
        found["within"] = random.choice(LENGTHS)
    return found


def leaf(random: Random, across: bool) -> dict:
    """A condition on single observations; many of them are easy to satisfy, or compounds would never be."""
    word = random.choice(["label", "label", "label", "caption", "words", "speech", "intent", "sound", "health"])
    values = {
        "label": ["cat", "dog", ["cat", "dog"], "*"],
        "caption": ["fall", "f.ll|sit"],
        "words": ["help", ["fire", "help me"]],
        "speech": ["he?lp", "^fire"],
        "intent": ["alarm", ["alarm", "greet"]],
        "sound": ["glass", ["glass", "dog"]],
        "health": KINDS,
    }
    found = {word: random.choice(values[word])}
    if across:
        found["source"] = random.choice([None, None, *SOURCES])
    if word != "health":
        found["min_score"] = random.choice([0.0, 0.0, 0.25, 0.5])
    if word == "label":
        found |= {"zone": random.choice([None, None, *ZONES]), "count": random.choice([1, 1, 2])}
    if word in ("label", "health") and random.random() < 0.6:
        found["for"] = random.choice(LENGTHS)
    return found


def stream(random: Random, length: float) -> Stream:
    """What happens at all sources, and when their channels are there."""
    observations = [o for source in SOURCES for o in [*frames(random, source, length), *others(random, source, length)]]
    places = [(source, channel) for source in SOURCES for channel in CHANNELS]
    begins = {place: random.choice([0.0, 0.0, 0.0, 1.0]) for place in places}
    ends = {place: length + random.choice([-length / 2, 0.0, 0.0, TICK, 2.0]) for place in places}
    observations = [o for o in observations if o.end <= ends[o.source, CHANNEL[o.kind]]]
    zeros = {"a": 1_700_000_000.0, "b": 1_700_000_000.0 + random.choice([0.0, 0.5, -1.0, TICK])}
    return Stream(list(SOURCES), observations, begins, ends, zeros)


def moment(random: Random, length: float) -> float:
    """A time, round more often than not."""
    return random.choice([random.randint(0, int(length * 2)) / 2, random.randint(0, int(length * 64)) / 64])


def frames(random: Random, source: str, length: float) -> list[Observation]:
    """Sampled frames as one or two detectors see them: even or uneven, with gaps; what they show seldom changes."""
    step = random.choice([0.25, 0.5, 1.0, 1.0 + TICK, 1.5])
    moments = {n * step for n in range(int(length / step) + 1) if random.random() < 0.9}
    moments |= {moment(random, length) for _ in range(random.randint(0, 4))}
    found = []
    for by in random.choice([["one"], ["one"], ["one", "two"]]):
        tracked = random.random() < 0.5
        boxes = []
        for n, time in enumerate(sorted(moments)):
            if n == 0 or random.random() < 0.3:
                boxes = [box(random) for _ in range(random.randint(0, 3))]
            value = Detections(
                [corners for corners, *_ in boxes],
                [score for _, score, _, _ in boxes],
                [label for *_, label, _ in boxes],
                [track for *_, track in boxes] if tracked else None,
            )
            found.append(Observation(f"{source}/{by}/{n}", source, by, time, time, value, n, NAMES))
    return found


def box(random: Random) -> tuple:
    """Corners, score, label and track of a box whose bottom centre is often on the boundary of a zone."""
    x, y, width, height = (random.randint(0, 4) / 8 for _ in range(4))
    return [x, y, x + width, y + height], random.choice(SCORES), random.randint(0, 1), random.randint(0, 2)


def others(random: Random, source: str, length: float) -> list[Observation]:
    """Captions, transcripts, sounds and health."""
    found: list[Observation] = []

    def add(by, start, end, value):
        found.append(Observation(f"{source}/{by}/{len(found)}", source, by, start, end, value))

    for by in random.choice([[], ["words"], ["words", "more"]]):
        for end in range(0, int(length) + 1, random.randint(1, 3)):
            text = random.choice(["a man falls", "a man sits", "nobody", "A FALL"])
            start = max(0.0, end - 2.0)
            add(by, start, float(end), Caption(text, random.choice(SCORES), start, float(end)))
    for _ in range(random.randint(0, int(length))):
        start, end = sorted([moment(random, length), moment(random, length)])
        said = random.choices(["help", "me", "fire", "Help"], k=random.randint(0, 3))
        words = [Word(word, start + n * TICK, start + n * TICK, random.choice(SCORES)) for n, word in enumerate(said)]
        intents = {name: random.choice(SCORES) for name in random.sample(["alarm", "greet"], random.randint(0, 2))}
        words = random.choice([(), tuple(words)])
        add("ears", start, end, Transcript(" ".join(said), start, end, random.choice(SCORES), words, intents))
    for _ in range(random.randint(0, int(length / 2))):
        start, end = sorted([moment(random, length), moment(random, length)])
        label = random.choice(["glass", "dog"])
        add("ears", start, end, SoundEvent(label, random.choice(SCORES), start, end))
    for _ in range(random.choice([0, 2, 6])):
        time = moment(random, length)
        by = random.choice([source, source, "one"])
        add(by, time, time, Health(random.choice(KINDS), "", source, by, time))
    return found


def arrivals(random: Random, stream: Stream) -> list[tuple]:
    """Steps that bring a stream to an engine: ("observe", o), ("advance", place, until), ("end", place).

    Channels advance in steps of their own. Observations come in any order ahead of their channel, and what tells that a source
    is lost or back ahead of all its channels.
    """
    waiting = {place: [] for place in stream.begins}
    for o in stream.observations:
        waiting[o.source, CHANNEL[o.kind]].append(o)
    for pending in waiting.values():
        random.shuffle(pending)
    ahead = {}
    for place, end in stream.ends.items():
        ahead[place] = sorted(moment(random, end) for _ in range(random.randint(0, 6)))
        ahead[place] = [time for time in ahead[place] if time < end] + [None]
    steps = []
    while ahead:
        place = random.choice(sorted(ahead))
        until = ahead[place].pop(0)
        bound = stream.ends[place] if until is None else until
        for other, pending in waiting.items():
            for o in list(pending):
                presence = o.kind == "health" and o.value.kind in ("offline", "online") and other[0] == place[0]
                due = o.end <= bound and (other == place or presence)
                if due or (other == place and random.random() < 0.1):
                    pending.remove(o)
                    steps.append(("observe", o))
        if until is None:
            steps.append(("end", place))
            del ahead[place]
        steps.append(("advance", place, bound))
    return steps

"""A slow, obvious interpreter of rules: the whole stream in memory, everything looked up again at every instant.

It is written from the specification in the docstring of `instantreact_sdk.rules` and shares no code with the engine. Times have
to be exact in floating point (multiples of 1/64 s), so that it needs no tolerance.
"""

from __future__ import annotations

import math
import re

from streams import Hit, in_rectangle

from instantreact_sdk.config.conditions import (
    AllCondition,
    AnyCondition,
    CaptionCondition,
    HealthCondition,
    IntentCondition,
    LabelCondition,
    NoneCondition,
    SoundCondition,
    SpeechCondition,
    WordsCondition,
)
from instantreact_sdk.types import Caption, Detections, SoundEvent, Transcript

STATES = ("offline", "frozen", "black", "silent")
CHANNEL = {"detections": "picture", "caption": "caption", "transcript": "sound", "sound": "sound", "health": "health"}


def interpret(rules, zones, stream):
    """All events as tuples (end, source, rule, start, evidence), sorted."""
    events = []
    for name, rule in rules.items():
        sources = [s for s in stream.sources if rule.sources is None or s in rule.sources]
        for group in [sources] if rule.across else [[s] for s in sources]:
            events += _Instance(name, rule, zones, group, stream).events()
    return sorted(events)


class _Instance:
    def __init__(self, name, rule, zones, sources, stream):
        self.name, self.rule, self.zones, self.sources, self.stream = name, rule, zones, sources, stream
        self.zero = {s: stream.zeros[s] if rule.across else 0.0 for s in sources}
        self.inputs = self.inputs_of(rule.when)
        watched = {source for source, _ in self.inputs}
        self.seen = []
        for o in stream.observations:
            if o.source in watched:
                place = (o.source, CHANNEL[o.kind])
                over = max(stream.ends[own] for own in self.inputs if own[0] == o.source) < o.end
                lost_or_back = o.kind == "health" and o.value.kind in ("offline", "online")
                if place in self.inputs or (lost_or_back and not over):
                    self.seen.append((o.end + self.zero[o.source], o.time, len(o.id), o.id, o))
        self.seen.sort(key=lambda row: row[:4])
        self.hits = {}  # of each condition, by identity
        self.satisfied = {}  # of each condition: when it was satisfied last
        self.lasted = {}  # of each condition: whether it lasted after the instant before
        self.before = -math.inf  # the instant before

    # What a condition looks at.

    def sources_of(self, leaf):
        found = [s for s in self.sources if leaf.source in (None, s)]
        if isinstance(leaf, LabelCondition) and leaf.zone:
            found = [s for s in found if s == self.zones[leaf.zone].source]
        return found

    def parts(self, c):
        for word in ("all", "any", "none"):
            if hasattr(c, word):
                return getattr(c, word)
        return []

    def inputs_of(self, c):
        if self.parts(c):
            return list(dict.fromkeys(place for part in self.parts(c) for place in self.inputs_of(part)))
        if isinstance(c, LabelCondition):
            channel = "picture"
        elif isinstance(c, CaptionCondition):
            channel = "caption"
        elif isinstance(c, HealthCondition):
            channel = "health"
        else:
            channel = "sound"
        return [(s, channel) for s in self.sources_of(c)]

    # Time.

    def begin(self, place):
        return self.stream.begins[place] + self.zero[place[0]]

    def end(self, place):
        return self.stream.ends[place] + self.zero[place[0]]

    def at(self, source, channel, t):
        return [
            row[4] for row in self.seen if row[0] == t and row[4].source == source and CHANNEL[row[4].kind] == channel
        ]

    def went_offline(self, t):
        return {
            row[4].source
            for row in self.seen
            if row[0] == t and row[4].kind == "health" and row[4].value.kind == "offline"
        }

    def last_offline(self, source, t):
        times = [row[0] for row in self.seen if row[0] <= t and source in self.went_offline(row[0])]
        return max(times, default=-math.inf)

    def outages(self, source):
        """Intervals [from, to) during which some component of the source is offline."""
        lost, since, found = set(), None, []
        for time, _, _, _, o in self.seen:
            if o.source == source and o.kind == "health":
                if o.value.kind == "offline":
                    since = time if not lost else since
                    lost.add(o.by)
                elif o.value.kind == "online" and o.by in lost:
                    lost.remove(o.by)
                    # Each return starts a new stretch of being there, when the last one is back.
                    if not lost:
                        found.append((since, time))
        if lost:
            found.append((since, math.inf))
        return found

    # Leaves.

    def boxes(self, c, source, t):
        """The matching boxes of a frame as (track or None, observation id)."""
        found = []
        for o in self.at(source, "picture", t):
            d: Detections = o.value
            for i in range(len(d)):
                x0, _, x1, y1 = (float(v) for v in d.boxes[i])
                zone = self.zones[c.zone].polygon if c.zone else None
                if (
                    (o.names[d.labels[i]] in c.label or "*" in c.label)
                    and float(d.scores[i]) >= c.min_score
                    and (zone is None or in_rectangle((x0 + x1) / 2, y1, zone))
                ):
                    track = (o.by, int(d.tracks[i])) if d.tracks is not None and c.for_ else None
                    found.append((track, o.id))
        return found

    def frames(self, source, t):
        since = self.last_offline(source, t)
        times = {row[0] for row in self.seen if row[4].source == source and row[4].kind == "detections"}
        return sorted(time for time in times if since <= time <= t)

    def run(self, true, frames):
        """The frames of the run that ends at the last frame."""
        run = [frames[-1]]
        for i in range(len(frames) - 2, -1, -1):
            if true[frames[i]]:
                if frames[i + 1] == run[0] or run[0] - frames[i] <= 1.0:
                    run.insert(0, frames[i])
                else:
                    break
        return run

    def label_at_frame(self, c, source, t):
        """None, or the evidence of a hit at the frame at t: pairs of time and id."""
        now = self.boxes(c, source, t)
        if not c.for_:
            return {(t, name) for _, name in now} if len(now) >= c.count else None
        frames = self.frames(source, t)
        boxes = {f: self.boxes(c, source, f) for f in frames}
        ways = []
        tracks = list(dict.fromkeys(track for track, _ in now if track))
        runs = {track: self.run({f: track in [one for one, _ in boxes[f]] for f in frames}, frames) for track in tracks}
        if len(tracks) >= c.count:
            longest = sorted((t - run[0] for run in runs.values()), reverse=True)
            full = [track for track in tracks if t - runs[track][0] >= c.for_]
            if len(full) >= c.count:
                evidence = set()
                for track in full:
                    for f in (self.first(c, runs[track], t), t):
                        evidence.add((f, next(name for one, name in boxes[f] if one == track)))
                ways.append((longest[c.count - 1], evidence))
        loose = {f: [name for track, name in boxes[f] if track is None] for f in frames}
        if len(loose[t]) >= c.count:
            run = self.run({f: len(loose[f]) >= c.count for f in frames}, frames)
            if t - run[0] >= c.for_:
                ways.append((t - run[0], {(f, name) for f in (self.first(c, run, t), t) for name in loose[f]}))
        return max(ways, key=lambda way: way[0])[1] if ways else None

    def first(self, c, run, t):
        return max(f for f in run if f <= t - c.for_)

    def label(self, c, t):
        found, lasting = [], False
        for source in self.sources_of(c):
            frames = self.frames(source, t)
            evidence = self.label_at_frame(c, source, frames[-1]) if frames else None
            lasting |= evidence is not None
            if evidence is not None and frames[-1] == t:
                found.append(Hit(t, min(evidence)[0], frozenset(evidence), source, True))
        return self.union(found, t), lasting

    def matches(self, c, o):
        """None, or when what the condition asks for began, in the source's own seconds."""
        v, found = o.value, False
        if isinstance(c, WordsCondition):
            return self.spoken(c, o) if isinstance(v, Transcript) else None
        if isinstance(c, CaptionCondition):
            found = (
                isinstance(v, Caption) and re.search(c.caption, v.text, re.IGNORECASE) and v.confidence >= c.min_score
            )
        elif isinstance(c, SoundCondition):
            found = isinstance(v, SoundEvent) and v.label in c.sound and v.score >= c.min_score
        elif isinstance(c, SpeechCondition) and isinstance(v, Transcript):
            found = re.search(c.speech, v.text, re.IGNORECASE) and v.confidence >= c.min_score
        elif isinstance(c, IntentCondition) and isinstance(v, Transcript):
            found = any(v.intents.get(name, -1) >= c.min_score for name in c.intent)
        return o.time if found else None

    def spoken(self, c, o):
        if o.value.words:
            heard = [(w.text.lower(), w.start, w.confidence) for w in o.value.words]
        else:
            heard = [(word.lower(), o.time, o.value.confidence) for word in o.value.text.split()]
        starts = []
        for phrase in c.words:
            asked = phrase.lower().split()
            for i in range(len(heard)):
                part = heard[i : i + len(asked)]
                if [w[0] for w in part] == asked and all(w[2] >= c.min_score for w in part):
                    starts.append(part[0][1])
        return min(starts, default=None)

    def moment(self, c, t):
        found, lasting = [], False
        channel = "caption" if isinstance(c, CaptionCondition) else "sound"
        for source in self.sources_of(c):
            for o in self.at(source, channel, t):
                start = self.matches(c, o)
                if start is not None:
                    found.append(Hit(t, start + self.zero[source], frozenset({(t, o.id)}), source, True))
            if channel == "caption":
                since = self.last_offline(source, t)
                told = [
                    row
                    for row in self.seen
                    if since <= row[0] <= t and row[4].source == source and row[4].kind == "caption"
                ]
                for by in {row[4].by for row in told}:
                    last = max(row[0] for row in told if row[4].by == by)
                    lasting |= any(
                        self.matches(c, row[4]) is not None for row in told if row[4].by == by and row[0] == last
                    )
        return self.union(found, t), lasting

    def reports(self, c, t):
        """Reports as (since, observation, taken back at or None), as known at t, with the channel's end."""
        found = []
        for source in self.sources_of(c):
            for time, _, _, _, o in self.seen:
                if time > t or o.source != source or o.kind != "health":
                    continue
                mine = [r for r in found if r[1].by == o.by and r[1].source == source and r[2] is None]
                if o.value.kind == c.health:
                    if c.health not in STATES or not mine:
                        found.append([time, o, None])
                elif o.value.kind == "online" or (c.health == "online" and o.value.kind in STATES):
                    for report in mine:
                        report[2] = time
        return found

    def health(self, c, t):
        found, ended = [], False
        for since, o, back in self.reports(c, t):
            ripe = since + c.for_
            if ripe > t or ripe > self.end((o.source, "health")) or (back is not None and back <= ripe):
                continue
            if (back is None and c.health in STATES) or ripe == t:
                start = o.time + self.zero[o.source]
                found.append(Hit(t, start, frozenset({(since, o.id)}), o.source, ripe == t))
            elif c.health in STATES and back == t:
                ended = True
        if ended:
            self.satisfied[id(c)] = t
        return self.union(found, t), bool(found) and c.health in STATES

    # Compounds.

    def union(self, hits, t):
        if not hits:
            return None
        shown = [h for h in hits if h.evidence] or hits
        latest = ([h for h in hits if h.fresh] or hits)[0]
        evidence = frozenset().union(*(h.evidence for h in hits))
        return Hit(t, min(h.start for h in shown), evidence, latest.source, latest.fresh)

    def any(self, c, t):
        looked = [self.look(part, t) for part in c.any]
        self.satisfied[id(c)] = max(self.satisfied.get(id(part), -math.inf) for part in c.any)
        return self.union([hit for hit, _ in looked if hit], t), any(lasting for _, lasting in looked)

    def all(self, c, t):
        looked = [self.look(part, t) for part in c.all]
        within = c.within or 0.0
        there = [
            hit is not None
            if isinstance(part, NoneCondition)
            else self.satisfied.get(id(part), -math.inf) >= t - within
            for part, (hit, _) in zip(c.all, looked, strict=True)
        ]
        now = [hit for hit, _ in looked if hit]
        hit = None
        if all(there) and now:
            hit = self.union([self.hits[id(part)][-1] for part in c.all], t)
            latest = ([h for h in now if h.fresh] or now)[0]
            hit.source, hit.fresh = latest.source, latest.fresh
        lasting = (
            (hit is not None or self.lasted.get(id(c), False))
            and any(last for _, last in looked)
            and all(inside or last for inside, (_, last) in zip(there, looked, strict=True))
        )
        return hit, lasting

    def there_since(self, places, t):
        """Since when all inputs are there without a break until t; None where they are not."""
        since = -math.inf
        for source, channel in places:
            if self.begin((source, channel)) > t or self.end((source, channel)) < t:
                return None
            since = max(since, self.begin((source, channel)))
            if channel != "health":
                for lost, back in self.outages(source):
                    if lost <= t < back:
                        return None
                    if back <= t:
                        since = max(since, back)
        return since

    def quiet_since(self, c, t):
        since = self.there_since(self.inputs_of(c), t) if self.inputs_of(c) else None
        return None if since is None else max(since, *(self.satisfied.get(id(part), -math.inf) for part in c.none))

    def none(self, c, t):
        for part in c.none:
            self.look(part, t)
        since = self.quiet_since(c, t)
        held = self.lasted.get(id(c), False)
        if since is not None and since + c.within <= t:
            return Hit(t, since, frozenset(), self.inputs_of(c)[0][0], not held), True
        if held and all(self.end(place) >= t for place in self.inputs_of(c)):
            self.satisfied[id(c)] = t
        return None, False

    def look(self, c, t):
        kinds = {LabelCondition: self.label, HealthCondition: self.health}
        kinds |= {AllCondition: self.all, AnyCondition: self.any, NoneCondition: self.none}
        hit, lasting = kinds.get(type(c), self.moment)(c, t)
        if hit:
            self.hits.setdefault(id(c), []).append(hit)
            self.satisfied[id(c)] = t
        self.lasted[id(c)] = lasting
        return hit, lasting

    # The rule.

    def timers(self, c):
        found = [time for part in self.parts(c) for time in self.timers(part)]
        if isinstance(c, HealthCondition) and c.for_:
            for since, o, back in self.reports(c, self.before):
                if back is None and since + c.for_ <= self.end((o.source, "health")):
                    found.append(since + c.for_)
        if isinstance(c, NoneCondition) and not self.lasted.get(id(c), False):
            since = self.quiet_since(c, self.before)
            if since is not None and all(self.end(place) >= since + c.within for place in self.inputs_of(c)):
                found.append(since + c.within)
        return [time for time in found if time > self.before]

    def events(self):
        fixed = {row[0] for row in self.seen}
        fixed |= {self.begin(place) for place in self.inputs} | {self.end(place) for place in self.inputs}
        found, last, lasting = [], -math.inf, False
        while True:
            ahead = [time for time in [*fixed, *self.timers(self.rule.when)] if time > self.before]
            if not ahead:
                return found
            t = min(ahead)
            hit, lasts = self.look(self.rule.when, t)
            if hit and not lasting and t - last > 1.0:
                zero = self.zero[hit.source]
                names = tuple(dict.fromkeys(name for _, name in sorted(hit.evidence)))
                found.append((t - zero, hit.source, self.name, hit.start - zero, names))
            if hit:
                last = t
            elif self.went_offline(t) and not lasts:
                last = -math.inf
            lasting = lasts
            self.before = t

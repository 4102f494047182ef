"""All rules of a pipeline file at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from instantreact_sdk.config.conditions import Channel
from instantreact_sdk.config.pipeline_file import Rule, Zone
from instantreact_sdk.rules.channels import channel_of, tells_presence
from instantreact_sdk.rules.instance import Instance
from instantreact_sdk.rules.presence import Input
from instantreact_sdk.types import Event, NearMiss, Observation


class RuleEngine:
    """Decides from observations and media time alone, so that neither threads nor clocks can change what it decides.

    For each channel of each source the caller tells what comes in (`observe`, in any order), and how far it is complete
    (`advance`). A rule is decided as far as all channels that it names are complete. A channel that a source has not got is
    ended without having begun.

    ``offline`` and ``online`` of a source say something about all its channels: they have to be observed before any
    channel of that source is advanced to their time. What a component reports about itself without a source is given once
    for each source that it serves, in that source's time.

    Args:
        rules: The rules by name.
        zones: The zones by name.
        sources: All sources.

    Raises:
        KeyError: A rule names a zone that is not there; loading a pipeline file refuses that.

    Example:
        >>> from instantreact_sdk.types import Detections, Observation
        >>> rule = Rule.model_validate({"when": {"label": "cat"}})
        >>> engine = RuleEngine({"cat": rule}, {}, ["door"])
        >>> engine.begin("door", "picture")
        >>> seen = Detections([[0, 0, 1, 1]], [0.9], [0])
        >>> engine.observe(Observation("door/cats/0", "door", "cats", 0.5, 0.5, seen, 0, ("cat",)))
        True
        >>> [(event.rule, event.end) for event in engine.advance("door", "picture", 0.5)]
        [('cat', 0.5)]
    """

    def __init__(self, rules: Mapping[str, Rule], zones: Mapping[str, Zone], sources: Sequence[str]) -> None:
        self._at: dict[Input, list[tuple[int, Instance]]] = defaultdict(list)
        self._of: dict[str, list[tuple[int, Instance]]] = defaultdict(list)
        self._ended: dict[int, tuple[int, Instance]] = {}
        for order, (name, rule) in enumerate(rules.items()):
            watched = [source for source in sources if rule.sources is None or source in rule.sources]
            for group in [watched] if rule.across else [[source] for source in watched]:
                instance = Instance(name, rule, zones, group)
                for place in instance.inputs:
                    self._at[place].append((order, instance))
                for source in instance.sources:
                    self._of[source].append((order, instance))

    def begin(self, source: str, channel: Channel, time: float = 0.0, zero: float = 0.0) -> None:
        """Input of a channel is there from a time on. It has to be told before anything else of that source.

        Args:
            source: The source.
            channel: The channel.
            time: In the source's own seconds.
            zero: UTC seconds of the source's time 0, for rules with ``across: true``; 0 for files.
        """
        for _, instance in self._of[source]:
            instance.begin((source, channel), time, zero)

    def end(self, source: str, channel: Channel, time: float) -> None:
        """Input of a channel is over, and all of it observed; the next `advance` tells what follows from it.

        Args:
            source: The source.
            channel: The channel.
            time: When it was over, in the source's own seconds.
        """
        for order, instance in self._at[source, channel]:
            instance.end((source, channel), time)
            self._ended[id(instance)] = (order, instance)

    def observe(self, observation: Observation) -> bool:
        """Take an observation, in any order ahead of what was advanced.

        Returns:
            False where it is late: some rule has decided beyond its end already and does not see it any more.
        """
        source = observation.source
        place = source, channel_of(observation)
        concerned = self._of[source] if tells_presence(observation) else self._at[place]
        punctual = [instance.observe(place, observation) for _, instance in concerned]
        return all(punctual)

    def advance(self, source: str, channel: Channel, until: float) -> list[Event | NearMiss]:
        """No observation of this channel that ends at `until` or before will come any more.

        Args:
            source: The source.
            channel: The channel.
            until: In the source's own seconds.

        Returns:
            What that decides, by end, then source, then the order of the rules.
        """
        place = source, channel
        concerned = {id(instance): (order, instance) for order, instance in self._at[place]} | self._ended
        self._ended = {}
        found = [(one, order) for order, instance in concerned.values() for one in instance.advance(place, until)]
        found.sort(key=lambda item: (item[0].end, item[0].source, item[1]))
        return [one for one, _ in found]

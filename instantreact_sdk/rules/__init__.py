"""Rules: from observations to events, by media time alone.

**Instances.** A rule runs once for each of its sources, each in the source's own seconds. With ``across: true`` it runs once
for all of them, on the axis of UTC. A condition looks at the channels of its kind (``label``: picture; ``caption``: caption;
``words``, ``speech``, ``intent``, ``sound``: sound; ``health``: health) of all sources of the instance, or of the one that
its ``source`` or ``zone`` names. A condition that looks at no source of the instance is never satisfied.

**Instants.** An instance is evaluated at the ends of observations in the channels that it names, where these channels begin
and end, where one of its sources goes offline or comes back before they end, and at timers; nowhere else, and at each
instant once, when all channels that it names are complete up to it. At one instant health comes first, then everything
else together. Numbers within a millionth of each other are equal.

**Hits.** A condition is satisfied at instants, its *hits*.

* ``label``: a sampled frame that shows at least ``count`` boxes with one of the labels (``*``: any), ``min_score``, and the bottom centre
  of the box inside the zone, its boundary included. The boxes of all detectors count together.
* ``label`` with ``for``: a run of such frames has lasted that long. A run goes on from one such frame to the next where no
  sampled frame lies between them, however far apart, or where they are at most 1 s apart; going offline ends it. Boxes with
  tracks have a run for each track, and at least ``count`` tracks in the frame must have lasted; the frame is looked at
  without them for the run of the boxes that have none. The evidence is the first frame of the shortest stretch that fills
  the time (the last true frame at or before ``for`` ago), and the frame of the hit; of the longest of several ways.
* ``caption``, ``speech``: the pattern is found in the text, whatever its case, in an observation that ends at the instant; a
  search that takes more than 0.1 s has found nothing. ``intent``, ``sound``: one of the names. ``words``: one of the phrases
  as whole words, whatever case, accents and punctuation; it begins where its first word does and is as sure as its least
  sure word, where the recognizer tells words apart. All of them at ``min_score`` or above.
* ``health``: ``offline``, ``frozen``, ``black``, ``silent`` are states: hits at every instant from the report until the same
  component of the same source is ``online``. The other kinds are hits when they are reported. With ``for``, only after
  so long, and only if not taken back by then: the others by ``online``, ``online`` itself by one of the four states.
* ``any``: every hit of a part.
* ``all`` ``within`` W: an instant that is a hit of a part, and at which each part was satisfied at most W ago; a part that is
  a ``none`` has to hold at that very instant. Without ``within``, W is 0. The evidence is the latest hit of each part.
* ``none`` ``within`` W: a state: nothing in it was satisfied for W, and all channels that it looks at were there all that
  time: begun, not ended, the source not offline (which does not concern health). Otherwise it is unknown, which is no hit.

A state counts as satisfied up to and including the instant at which it ends.

**Events.** A rule fires at a hit, unless it is true already. It stays true from one hit to the next where they are at most
1 s apart, or where it *lasts* in between: the latest frame of a source showed the label, the latest caption of a captioner
the pattern, a state goes on; ``any`` lasts while a part does, ``all`` while all parts last or are inside the window, and at
least one lasts. So frames sampled every 5 s that all show a person make one event, and the same word spoken twice in 5 s
makes two. Going offline ends what rests on that source at once. An event ends at the instant of its hit and starts where its
evidence does. Across sources, its source is the one whose observation completed it, and its times are that source's.

**Near misses.** An episode in which a rule was satisfied in part and that ends without a hit gives one near miss, at the
instant at which most of it was there: a ``for`` too short, fewer than ``count``, a score below ``min_score`` but at least
half of it, the right box outside the zone, some parts of an ``all``. States (health, ``none``) are no progress by themselves.
"""

from instantreact_sdk.rules.engine import RuleEngine

__all__ = ["RuleEngine"]

"""IR4xxx: components at work."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry("IR4000", 1, "{problem}", "{fix}"),
    Entry(
        "IR4001",
        1,
        "{component} failed in {call}: {problem}.",
        "Look into {plugin}, or leave {component} out of the pipeline file.",
    ),
    Entry(
        "IR4002",
        1,
        "{component} did not return from {call} within {limit:g} s.",
        "Raise its `time_limit`, or leave {component} out of the pipeline file.",
    ),
    Entry(
        "IR4003",
        1,
        "These are not valid detections: {problem}.",
        "Boxes are x_min, y_min, x_max, y_max as fractions of the frame, inside 0..1; `Detections.from_pixels` makes them from pixels.",
    ),
    Entry(
        "IR4004",
        1,
        "{component} returned {problem} from {call}.",
        "Its plugin {plugin} has to return what the interface asks for.",
    ),
    Entry(
        "IR4005",
        1,
        "The process died by {death} while {component} was in {call}.",
        "Look into {plugin}, or leave {component} out of the pipeline file; what was found until then is kept in {out}.",
    ),
    Entry(
        "IR4006",
        1,
        "{component} kept the whole process from running for {limit:g} s in {call}.",
        "Its plugin {plugin} has to release the interpreter lock; leave {component} out of the pipeline file until it does.",
    ),
)

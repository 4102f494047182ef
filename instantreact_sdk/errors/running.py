"""IR4xxx: components at work."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry("IR4000", 1, "{problem}", "{fix}"),
    Entry(
        "IR4001",
        1,
        "{component} failed in {call}: {problem}.",
        "Look into {plugin}, or do without {component}.",
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
        "Look into {plugin}, or leave {component} out of the pipeline file; what was found until then is kept.",
    ),
    Entry(
        "IR4006",
        1,
        "{component} kept the whole process from running for {limit:g} s in {call}.",
        "Its plugin {plugin} has to release the interpreter lock; leave {component} out of the pipeline file until it does.",
    ),
    Entry(
        "IR4007",
        1,
        "A frame was made of {problem}.",
        "Its pixels are a uint8 array of shape (height, width, 3).",
    ),
    Entry(
        "IR4008",
        1,
        "The source {component} gave {problem}.",
        "Its plugin {plugin} has to give frames in strictly growing time, from 0 on.",
    ),
    Entry(
        "IR4009",
        1,
        "{component} wrote to standard output, where only results belong; it went to standard error instead.",
        "Its plugin {plugin} has to use `context.log`.",
    ),
    Entry(
        "IR4010",
        1,
        "The working process died by {death}, while no component was being called.",
        "It may have been killed from outside, or for want of memory; what was found until then is kept.",
    ),
    Entry(
        "IR4011",
        1,
        "{what} has to be {wanted}, and is {got}.",
        "The plugin that made it has to give what the type asks for.",
    ),
    Entry("IR4012", 2, "This pipeline was run already.", "Make another one: a pipeline runs once."),
    Entry(
        "IR4020",
        1,
        "{path} could not be written: {problem}.",
        "Check that there is room on the disk and that its folder can be written to.",
    ),
    Entry(
        "IR4021",
        1,
        "There can be no {what} at {host}, port {port}: {problem}.",
        "Set another `port` or `host` in `{what}` of the pipeline file, or end the program that listens there.",
    ),
)

"""IR7xxx: labelled pictures."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry(
        "IR7001",
        2,
        "{address!r} names no dataset: {problem}.",
        "Write `voc:FOLDER`, `coco:FILE.json` or `yolo:FOLDER`.",
    ),
    Entry("IR7002", 2, "{path} cannot be used as a {form} dataset: {problem}.", "{fix}"),
    Entry(
        "IR7003",
        2,
        "{address} has no split {split!r}.",
        "Choose {known}, or name a file that lists pictures, one a line.",
    ),
    Entry(
        "IR7004",
        1,
        "The picture {path} cannot be read: {problem}.",
        "Replace it or leave it out; `instantreact-sdk data check` names all such files.",
    ),
    Entry(
        "IR7005",
        1,
        "The annotation {path} cannot be read: {problem}.",
        "Mend it or leave it out; `instantreact-sdk data check` names all such files.",
    ),
    Entry(
        "IR7006",
        1,
        "{picture} is {real}, and {annotation} says that it is {said}.",
        "`instantreact-sdk data check {address} --fix OUT` writes a copy without such pictures.",
    ),
    Entry(
        "IR7007",
        1,
        "{path}, {place}: {name!r} is none of the classes {classes}.",
        "Mend its spelling, or add it to the list of classes.",
    ),
    Entry("IR7010", 2, "{address} cannot be split by {by}: {problem}.", "{fix}"),
    Entry("IR7011", 2, "{path} is there already.", "Choose another place, or remove it first."),
    Entry(
        "IR7012",
        2,
        "{path} cannot be used as weights: {problem}.",
        "Name a file of weights with its card (.json) beside it, or the folder of a training run.",
    ),
    Entry(
        "IR7013",
        2,
        "{path} is no card of weights: {problem}.",
        "Take the card that was written with the weights, or train anew.",
    ),
)

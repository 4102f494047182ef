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
    Entry("IR7014", 2, "{id} has no {aide}.", "{fix}"),
    Entry(
        "IR7015",
        2,
        "{path} holds something already.",
        "Choose another folder; `--resume` goes on with a run that is in it.",
    ),
    Entry(
        "IR7016",
        2,
        "{path} holds no run to go on with: {problem}.",
        "Name the folder of a run, or begin one in another folder without `--resume`.",
    ),
    Entry(
        "IR7017",
        2,
        "The run in {path} was begun with other settings: {differences}.",
        "Leave them out to go on as it was begun, or choose another folder.",
    ),
    Entry("IR7018", 2, "{data} cannot be used for {what}: {problem}.", "{fix}"),
    Entry(
        "IR7019",
        2,
        "{validation} and {training} share pictures, {example} for one ({count} in all), so that nothing could be told by them.",
        "Choose parts that share none; `instantreact-sdk data split` makes such.",
    ),
    Entry(
        "IR7020", 1, "The training in {path} was stopped.", "Go on with `instantreact-sdk train --resume --out {path}`."
    ),
    Entry("IR7021", 2, "The options of {id} are not right: {problem}", "{fix}"),
    Entry(
        "IR7022",
        2,
        "{id} cannot be shown single pictures: it remembers earlier frames, and these do not follow on each other.",
        "See what it finds in a video: `instantreact-sdk detect VIDEO --use {id}`.",
    ),
    Entry(
        "IR7023",
        2,
        "{id} knows none of the classes of {data}: it finds {labels}, and the dataset has {classes}.",
        "Take weights that were trained on these classes, or rename the classes of one of them.",
    ),
    Entry("IR7024", 2, "The figures of {id} cannot be written to a card: {problem}.", "{fix}"),
    Entry("IR7025", 2, "Another training is at work in {path}.", "Wait for it, or end it first."),
)

"""IR6xxx: using the command line."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry("IR6001", 1, "This needs {package}, which is not installed.", "Install it with `{command}`."),
    Entry(
        "IR6002",
        1,
        "Something went wrong inside the SDK: {problem}.",
        "Run the same command with `--debug` and report what it prints.",
    ),
    Entry("IR6003", 2, "{problem}", "See `{command} --help`."),
    Entry("IR6004", 2, "There is no command {name!r}.", "{fix}"),
    Entry(
        "IR6010",
        2,
        "{path} names several sources ({sources}), and the video can stand for one only.",
        "Say which with `--source NAME`.",
    ),
    Entry("IR6011", 2, "{path} names no source {source!r}.", "It names {sources}."),
    Entry(
        "IR6012",
        2,
        "No installed plugin plays {video}.",
        "Install one with `instantreact-sdk plugins install instantreact-opencv`.",
    ),
    Entry("IR6020", 2, "{name!r} is no name for a plugin: {problem}.", "Take one like {example}."),
    Entry(
        "IR6021",
        2,
        "{name!r} is a path, where the name of a plugin is expected.",
        "Give the name alone, and with `--path FOLDER` the folder in which to make it.",
    ),
    Entry("IR6022", 2, "{name!r} is reserved: {reason}.", "Take another name."),
    Entry("IR6023", 2, "{what} is installed already: {by}.", "Take another name, or uninstall it first."),
    Entry("IR6024", 2, "A Python package {package} is there already, in {where}.", "Take another name."),
    Entry(
        "IR6025",
        2,
        "The folder {path} is there already.",
        "Take another name or another `--path`; `--force` replaces the files that would be made, and leaves others alone.",
    ),
    Entry("IR6026", 2, "No plugin can be made in {path}: {problem}.", "Choose another folder with `--path`."),
    Entry(
        "IR6027",
        2,
        "The author's name {author!r} holds characters that cannot be shown.",
        "Type it anew, on one line.",
    ),
    Entry(
        "IR6028",
        2,
        "It is not said what the plugin is to have.",
        "Add `--kind` and one of {kinds}; it may be repeated.",
    ),
    Entry("IR6029", 2, "There is no {what} {value!r}.", "Choose {known}."),
)

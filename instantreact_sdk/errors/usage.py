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
)

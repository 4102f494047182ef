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
)

"""IR1xxx: the pipeline file."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry(
        "IR1001",
        2,
        "There is no pipeline file {path}.",
        "Check the path, or write a first one with `instantreact-sdk config init {path}`.",
    ),
    Entry(
        "IR1002",
        2,
        "{path}, line {line}: this is not valid YAML: {problem}.",
        "Mend the line, or run `instantreact-sdk config init` for a file that works.",
    ),
    Entry("IR1003", 2, "{where}: {problem}.", "{fix}"),
)

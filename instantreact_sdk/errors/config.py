"""IR1xxx: the pipeline file."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry(
        "IR1001",
        2,
        "There is no pipeline file {path}.",
        "Give the path of yours, or write a first one with `instantreact-sdk config init {path}`.",
    ),
    Entry(
        "IR1002",
        2,
        "{path}, line {line}: this is no pipeline file: {problem}.",
        "Mend the line; `instantreact-sdk config init` writes a file to start from.",
    ),
    Entry("IR1003", 2, "{path} cannot be used: it has {count}.", "Mend what is listed here:\n{problems}"),
    Entry("IR1004", 2, "The pipeline file {path} cannot be read: {problem}.", "Give the path of a YAML file in UTF-8."),
    Entry("IR1005", 2, "{path} exists already.", "Choose another path, or give `--force` to write over it."),
    Entry("IR1006", 2, "The file {path} cannot be written: {problem}.", "Choose another path."),
    Entry("IR1007", 2, "{path} has no {kind} {name!r}.", "{fix}"),
)

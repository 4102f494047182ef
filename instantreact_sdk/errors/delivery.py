"""IR5xxx: the store, alerts, and telling people."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry(
        "IR5001",
        1,
        "The store {url} cannot be opened: {problem}.",
        "Check that its folder exists and can be written to, or set `store` in the pipeline file.",
    ),
)

"""IR5xxx: the store, alerts, and telling people."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry(
        "IR5001",
        1,
        "The store {url} cannot be opened: {problem}.",
        "Check that it can be reached and written to, or set `store` in the pipeline file.",
    ),
    Entry(
        "IR5002",
        1,
        "The store {url} was made by a newer SDK: its tables have version {found}, this SDK knows {known}.",
        "Update with `pip install --upgrade instantreact-sdk`, or choose another store.",
    ),
    Entry(
        "IR5003",
        1,
        "The store {url} is locked by another program.",
        "Close what holds it (a database browser, perhaps) and try again.",
    ),
    Entry(
        "IR5004",
        1,
        "The store {url} is read-only.",
        "Make the file (its `-wal` and `-shm` too) and its folder writable, or set `store` in the pipeline file.",
    ),
    Entry(
        "IR5005",
        1,
        "The store {url} is no database, or it is damaged.",
        "Move the file away to start a new one, or set `store` in the pipeline file.",
    ),
    Entry(
        "IR5006",
        1,
        "The store {url} failed: {problem}.",
        "See that its disk has room and its server runs, then try again.",
    ),
    Entry(
        "IR5007",
        2,
        "There is no store {path}.",
        "Give the folder or the file of a run with `--store`{near}.",
    ),
    Entry("IR5008", 2, "The store {url} has no event {id!r}.", "See `instantreact-sdk events list` for what it has."),
    Entry("IR5009", 2, "{count} events begin with {id!r}: {ids}.", "Give more of the id."),
    Entry(
        "IR5020",
        1,
        "The results cannot be written to {path}: {problem}.",
        "Choose another folder with `--out`, or make room there.",
    ),
    Entry(
        "IR5021",
        1,
        "The run ended before a notifier took this alert; it waits in the outbox.",
        "Send it with `instantreact-sdk outbox deliver`, and see whether the notifier answers with `instantreact-sdk notifiers test`.",
    ),
    Entry(
        "IR5022",
        2,
        "The results in {path} would replace {read}, which this run reads.",
        "Choose another folder with `--out`.",
    ),
    Entry(
        "IR5030",
        2,
        "The outbox in {url} has no delivery {id!r}, nor an alert that is called so.",
        "See `instantreact-sdk outbox list` for what it has.",
    ),
    Entry("IR5031", 2, "{id!r} could mean {count} deliveries, as {ids}.", "Give more of the key."),
    Entry("IR5032", 2, "Nothing was dropped: {what} would never be told.", "Add `--yes` where that is meant."),
)

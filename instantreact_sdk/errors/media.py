"""IR3xxx: sources, files and cameras."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (Entry("IR3001", 2, "There is no file {path}.", "Check the path."),)

"""IR2xxx: finding and loading plugins."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (Entry("IR2001", 2, "No plugin registers the {kind} {id!r}.", "{fix}"),)

"""Every error that a user can meet, by code."""

from instantreact_sdk.errors import config, datasets, delivery, media, plugins, running, usage
from instantreact_sdk.errors.entry import Entry

CATALOGUE: dict[str, Entry] = {
    entry.code: entry
    for module in (config, plugins, media, running, delivery, usage, datasets)
    for entry in module.ENTRIES
}

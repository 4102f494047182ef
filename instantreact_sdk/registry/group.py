"""The name that plugins are found by, in a file of its own so that listing them does not load pluggy."""

GROUP = "instantreact_sdk.v1"
"""The entry-point group, and with it the version of the plugin API."""

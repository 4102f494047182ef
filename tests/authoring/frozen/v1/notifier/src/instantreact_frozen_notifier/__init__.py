"""A plugin for InstantReact: notifier."""

"""A plugin for InstantReact: source."""

"""A plugin for InstantReact: detector."""

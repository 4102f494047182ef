"""A plugin for InstantReact: recognizer."""

"""A plugin for InstantReact: captioner."""

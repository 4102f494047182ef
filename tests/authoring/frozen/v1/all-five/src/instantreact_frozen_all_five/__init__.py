"""A plugin for InstantReact: source, detector, captioner, recognizer and notifier."""

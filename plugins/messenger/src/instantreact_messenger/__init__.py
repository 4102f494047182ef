"""Facebook Messenger for InstantReact: the notifier `messenger`, and the command that makes people reachable by it."""

"""Alerts over any of Apprise's services, for the InstantReact SDK."""

"""Telling people: the store of what happened, and the alerts that are made of it."""

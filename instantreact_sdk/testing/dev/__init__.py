"""Live development: a component is looked at work, and checked, each time its file is saved.

The process that watches and serves never imports the author's code: that runs in processes that may hang or die of it.
"""

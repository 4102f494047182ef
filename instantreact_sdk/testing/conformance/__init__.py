"""Does a component keep what its interface promises? Checks that run it in a sandbox, and tell what is wrong and how to mend it.

They are for authors who want to know, and hold only against mistakes. A component shares the process with most of what judges it, so one that means to
can make each check pass, or have itself taken for one that declares what it does; and one that behaves itself only while it is checked is not found out. That
a plugin passes says that it works, not that it can be trusted.
"""

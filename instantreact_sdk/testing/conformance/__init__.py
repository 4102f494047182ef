"""Does a component keep what its interface promises? Checks that run it in a sandbox, and tell what is wrong and how to mend it."""

"""The checks. A check's docstring is its documentation page: what it sees to, why, and how to mend a component that fails."""

"""IR2xxx: finding and loading plugins."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry("IR2001", 2, "The plugin {plugin} registers no {kind} {name!r}.", "{fix}"),
    Entry("IR2002", 2, "No plugin {plugin!r} is installed.", "{fix}"),
    Entry(
        "IR2003",
        2,
        "The plugin {plugin} is blocked: {cause}.",
        "{fix}",
    ),
    Entry("IR2004", 1, "The plugin {plugin} is broken: {cause}.", "{fix}"),
    Entry("IR2005", 1, "The plugin {plugin} does not fit this SDK: {cause}.", "{fix}"),
    Entry("IR2006", 1, "The plugin {plugin} is in conflict: {cause}.", "{fix}"),
    Entry(
        "IR2007",
        2,
        "{plugin!r} alone does not say which {kind} is meant: the plugin registers {names}.",
        "Write `{plugin}/NAME`.",
    ),
    Entry("IR2008", 1, "The {kind} {id} of {plugin} cannot be used: {cause}.", "{fix}"),
    Entry("IR2009", 2, "{use!r} names no component.", "Write `PLUGIN/NAME`, `PLUGIN` or `./FILE.py:CLASS`."),
    Entry("IR2010", 2, "There is no file {path}, which `{use}` names.", "Check the path; it is relative to {base}."),
    Entry("IR2011", 1, "The file {path} cannot be imported: {cause}.", "{fix}"),
    Entry("IR2012", 2, "{path} has no class {name!r}.", "{fix}"),
    Entry(
        "IR2013",
        2,
        "The class {name} of {path} is no {kind}.",
        "Derive it from {interfaces}.",
    ),
    Entry("IR2014", 2, "{ids} can all open {addresses}.", "Name one of them as `use` of a source in a pipeline file."),
    Entry("IR2015", 2, "No plugin, component or distribution is called {name!r}.", "{fix}"),
    Entry("IR2016", 2, "{name} is not blocked.", "Blocked are: {blocked}."),
    Entry("IR2017", 1, "{command} ended with exit code {code}.", "What it printed above says why."),
    Entry("IR2018", 2, "{name} is the SDK itself.", "Remove it with `pip uninstall {name}` where that is meant."),
    Entry("IR2019", 1, "The folder {path} cannot be written to: {problem}.", "Set INSTANTREACT_HOME to one that can."),
    Entry(
        "IR2020",
        1,
        "{requirement} was installed, but it brings no plugin.",
        "Check its name; a plugin has an entry point in the group `{group}`.",
    ),
    Entry(
        "IR2021", 1, "The block list {path} cannot be read.", "Mend it, or remove it and block again what was blocked."
    ),
    Entry(
        "IR2022",
        2,
        "The environment variable INSTANTREACT_PROBE_SECONDS is {value!r}.",
        "Set it to a number of seconds above 0.",
    ),
    Entry("IR2023", 1, "{name} is still there, in {folder}.", "Remove it the way that it was put there."),
    Entry(
        "IR2024",
        1,
        "There is neither uv on the PATH nor pip in the environment of {python}.",
        "Install uv, or pip by `{python} -m ensurepip`.",
    ),
    Entry(
        "IR2025",
        1,
        "No {kind} that can be used fits; these plugins cannot be used: {plugins}.",
        "`instantreact-sdk plugins list` tells how to mend them.",
    ),
    Entry("IR2026", 2, "The fake of a service cannot be used so: {problem}.", "{fix}"),
    Entry(
        "IR2040",
        2,
        "{name} cannot be checked: another process has to be able to import it.",
        "Give a class at the top of a module, or what names it: `plugin/name`, `./blob.py:Blob`.",
    ),
    Entry(
        "IR2041",
        2,
        "{plugin} registers no component that could be checked.",
        "`instantreact-sdk plugins info` tells what it does.",
    ),
    Entry("IR2042", 1, "{component} cannot be checked: {cause}.", "Mend what is named; nothing was checked."),
    Entry("IR2043", 2, "There is no check {name!r}.", "{fix}"),
    Entry("IR2044", 2, "{what} stands for {number} {kind}s, and one is checked here.", "Name one as `plugin/name`."),
    Entry("IR2045", 2, "The expected failure {name!r} has no reason.", "Say in a sentence why it fails."),
    Entry("IR2050", 2, "{use!r} stands for several components: {names}.", "Name one of them as `plugin/name`."),
    Entry(
        "IR2051", 1, "The page cannot be served at port {port}: {problem}.", "Leave out `--port`, for one that is free."
    ),
    Entry(
        "IR2052",
        2,
        "`--options` takes a JSON object, and got {problem}.",
        "Write it between braces, with names in double quotes, and all of it in single quotes for the shell.",
    ),
)

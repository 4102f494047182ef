"""IR3xxx: sources, files and cameras."""

from instantreact_sdk.errors.entry import Entry

ENTRIES = (
    Entry("IR3001", 2, "There is no file {path}.", "Check the path."),
    Entry(
        "IR3002", 2, "{path} cannot be opened: {problem}.", "Let the user that runs this read it, or check the path."
    ),
    Entry(
        "IR3003",
        1,
        "{path} holds no picture that can be decoded: {problem}.",
        "Play it in another program to see whether it is whole, or convert it with `ffmpeg -i IN OUT.mp4`.",
    ),
    Entry(
        "IR3004",
        2,
        "There are no pictures in {path}.",
        "Name a folder or a pattern (`shots/*.jpg`) that holds files ending in {endings}.",
    ),
    Entry(
        "IR3005",
        1,
        "The sound of {path} cannot be decoded.",
        "Convert it with `ffmpeg -i IN OUT.mp4`, or leave out the recognizers that listen to it.",
    ),
    Entry(
        "IR3006",
        2,
        "Nothing here reads addresses that begin with {scheme}://.",
        "Use a file, a folder, the number of a webcam, or an address with rtsp, rtsps, http or https.",
    ),
)

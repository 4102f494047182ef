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
    Entry(
        "IR3020",
        2,
        "{url} is not the address of a camera.",
        "Write rtsp://user:password@host:port/path, with special characters of user and password percent-encoded (@ is %40, / is %2F).",
    ),
    Entry(
        "IR3021",
        1,
        "{url}: the host name {host} is not known.",
        "Check its spelling and the name server, or use the camera's number.",
    ),
    Entry(
        "IR3022",
        1,
        "{url}: {host} refuses connections on port {port}.",
        "Check the port, and that the camera's streaming service is on.",
    ),
    Entry(
        "IR3023",
        1,
        "{url}: there is no way to {host}, port {port} ({problem}).",
        "Check that the camera has power, its cable, its network, and firewalls.",
    ),
    Entry(
        "IR3024",
        1,
        "{url}: no encrypted connection to {host}, port {port} (TLS): {problem}.",
        "Check the port, and how the address begins: rtsps:// and https:// with TLS, rtsp:// and http:// without.",
    ),
    Entry("IR3025", 2, "{url}: the camera {given} ({status}).", "Check user and password in the address."),
    Entry(
        "IR3026",
        2,
        "{url}: the camera has nothing under this path ({status}).",
        "Look up the path of the stream in the camera's manual.",
    ),
    Entry(
        "IR3027",
        1,
        "{url}: the camera takes the connection and then says nothing for {limit:g} s.",
        "Check the port; restart the camera.",
    ),
    Entry(
        "IR3028",
        2,
        "{url} is no video stream: the server sends {content}.",
        "Look up the address of the stream in the camera's manual.",
    ),
    Entry(
        "IR3029",
        1,
        "{url}: the camera does not serve the stream: {problem}.",
        "Restart the camera, or look into its log.",
    ),
    Entry(
        "IR3030",
        1,
        "{url}: the camera answers, but no picture can be decoded.",
        "Set its encoder to H.264 or H.265, and raise `open_timeout` where key frames are rare.",
    ),
    Entry(
        "IR3031",
        1,
        "{url}: no picture came for {limit:g} s.",
        "It is tried again. Raise `read_timeout` where the camera sends pictures less often.",
    ),
    Entry("IR3032", 1, "{url}: the camera ended the stream, or the connection broke.", "It is tried again."),
    Entry(
        "IR3033",
        1,
        "{url}: reading hangs beyond all its time limits.",
        "It is tried again. Check the name server, and the driver of a webcam.",
    ),
    Entry(
        "IR3034",
        1,
        "The webcam {index} cannot be opened: {problem}.",
        "Check its cable and its permissions; `ls -l /dev/video*` shows what is there.",
    ),
    Entry("IR3035", 1, "{url} gave no picture within {limit:g} s.", "Try again with more `--seconds`."),
    Entry("IR3036", 1, "{url}: reading failed ({problem}).", "It is tried again."),
    Entry("IR3037", 2, "The address {url} cannot be used: {problem}.", "Check it, or where it is kept."),
    Entry(
        "IR3038",
        2,
        "{url} is a file of {seconds:.0f} s, and no live stream.",
        "Download it, and name the file instead.",
    ),
    Entry(
        "IR3039",
        1,
        "{url}: {plugin} did not return from {call} within {limit:g} s.",
        "Try another address; where all hang, the plugin is broken.",
    ),
)

"""An RTSP camera on GStreamer's server, run by the system's Python: rtsp_camera.py PORT EPOCH [USER PASSWORD basic|digest [CERTIFICATE]].

The number in a picture is the count of fifteenths of a second since EPOCH (Unix time), so it goes on while the camera is dead.
"""

import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from counted_picture import FPS, HEIGHT, WIDTH, drawn  # noqa: E402
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PIPELINE = (
    "( appsrc name=source is-live=true do-timestamp=true format=time "
    f"caps=video/x-raw,format=GRAY8,width={WIDTH},height={HEIGHT},framerate={FPS}/1 "
    "! videoconvert ! video/x-raw,format=I420 ! x264enc tune=zerolatency speed-preset=ultrafast threads=1 bitrate=500 key-int-max=15 "
    "! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


def feed(source, epoch: float) -> None:
    while True:
        number = int((time.time() - epoch) * FPS) + 1
        time.sleep(max(0.0, epoch + number / FPS - time.time()))
        if source.emit("push-buffer", Gst.Buffer.new_wrapped(drawn(number))) != Gst.FlowReturn.OK:
            return


def configure(_factory, media, epoch: float) -> None:
    source = media.get_element().get_by_name("source")
    threading.Thread(target=feed, args=(source, epoch), daemon=True).start()


def protect(server, factory, user: str, password: str, method: str, *certificate: str) -> None:
    login = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if method == "basic":
        login.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    else:
        login.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        login.add_digest(user, password, token)
    if certificate:
        login.set_tls_certificate(Gio.TlsCertificate.new_from_file(certificate[0]))
    server.set_auth(login)
    rights = "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
    factory.add_role_from_structure(Gst.Structure.from_string(rights)[0])


def main(port: str, epoch: str, *login: str) -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE)
    factory.connect("media-configure", configure, float(epoch))
    if login:
        protect(server, factory, *login)
    server.get_mount_points().add_factory("/cam", factory)
    server.attach(None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


main(*sys.argv[1:])

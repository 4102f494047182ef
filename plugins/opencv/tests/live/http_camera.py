"""An HTTP camera, run as a process of its own: http_camera.py PORT EPOCH [CERTIFICATE].

``/mjpeg`` and ``/ts`` show numbers that count fifteenths of a second since EPOCH (Unix time); ``/stall`` falls silent after 20
pictures with the connection open; ``/black`` and ``/frozen`` are what they say; ``/page`` is HTML; ``/clip`` is a file; ``/locked`` wants ``anna`` and
``p@ss/word``; ``/silent`` answers nothing; everything else is not there.
"""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from counted_picture import FPS, HEIGHT, WIDTH, drawn

LOGIN = "Basic " + b64encode(b"anna:p@ss/word").decode()
EPOCH = float(sys.argv[2])


def numbers() -> Iterator[int]:
    while True:
        number = int((time.time() - EPOCH) * FPS) + 1
        time.sleep(max(0.0, EPOCH + number / FPS - time.time()))
        yield number


def jpeg(grey: bytes) -> bytes:
    return cv2.imencode(".jpg", np.frombuffer(grey, np.uint8).reshape(HEIGHT, WIDTH))[1].tobytes()


def clip() -> bytes:
    """A file of two seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/clip.avi"
        writer = cv2.VideoWriter(file, cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT), isColor=False)
        for number in range(2 * FPS):
            writer.write(np.frombuffer(drawn(number), np.uint8).reshape(HEIGHT, WIDTH))
        writer.release()
        return Path(file).read_bytes()


class Camera(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/page":
            self._begin("text/html")
            self.wfile.write(b"<!doctype html><p>Welcome to your camera.")
        elif path == "/locked" and self.headers.get("Authorization") != LOGIN:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
        elif path == "/silent":
            threading.Event().wait()
        elif path in {"/mjpeg", "/locked", "/stall", "/black", "/frozen"}:
            self._mjpeg(path)
        elif path == "/clip":
            self._begin("video/x-msvideo")
            self.wfile.write(clip())
        elif path == "/ts":
            self._transport_stream()
        else:
            self.send_error(404)

    def _begin(self, content: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content)
        self.end_headers()

    def _mjpeg(self, path: str) -> None:
        self._begin("multipart/x-mixed-replace; boundary=picture")
        for sent, number in enumerate(numbers()):
            if path == "/stall" and sent == 20:
                threading.Event().wait()
            # the black one has the noise of a sensor in the dark
            grey = bytes(WIDTH * HEIGHT - 2) + bytes([0, number % 9]) if path == "/black" else drawn(number)
            picture = jpeg(drawn(7) if path == "/frozen" else grey)
            head = b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
            self.wfile.write(head + picture + b"\r\n")

    def _transport_stream(self) -> None:
        self._begin("video/mp2t")
        raw = f"-f rawvideo -pix_fmt gray -s {WIDTH}x{HEIGHT} -r {FPS} -i - -pix_fmt yuv420p -c:v libx264 -g 15"
        out = "-tune zerolatency -preset ultrafast -f mpegts -flush_packets 1 -"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "quiet", *raw.split(), *out.split()]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as encoder:
            threading.Thread(target=self._encode, args=(encoder,), daemon=True).start()
            try:
                while part := encoder.stdout.read1(65536):
                    self.wfile.write(part)
            finally:
                encoder.kill()

    def _encode(self, encoder: subprocess.Popen) -> None:
        with contextlib.suppress(OSError, ValueError):  # the viewer left
            for number in numbers():
                encoder.stdin.write(drawn(number))
                encoder.stdin.flush()

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the viewer left
            super().handle()


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Camera)
if sys.argv[3:]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])  # certificate and key in one file
    server.socket = context.wrap_socket(server.socket, server_side=True)
sys.stdout.write("ready\n")
sys.stdout.flush()
server.serve_forever()

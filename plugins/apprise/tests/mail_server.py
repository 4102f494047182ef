"""A mail server for tests, on this machine: takes mail (RFC 5321), or refuses it where it is told to."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it took in `mails`, with whom it is for.

    `replies` has what it says instead of yes, by the command (``CONNECT``, ``AUTH``, ``MAIL``, ``RCPT``, ``DATA``, ``TEXT``, ``END`` of the text): a reply,
    ``hang up``, or ``silence``.
    """

    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.replies: dict[str, str] = {}
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.logins: list[str] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


class Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.recipients: list[str] = []
        try:
            self.say("CONNECT", "220 ready")
            while line := self.rfile.readline().decode(errors="replace").strip():
                self.obey(line)
        except (ConnectionError, EndedError):
            pass

    def obey(self, line: str) -> None:
        command = line.partition(":")[0].partition(" ")[0].upper()
        if command == "EHLO":
            self.wfile.write(b"250-tests\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")
        elif command == "AUTH":
            self.server.logins.append(base64.b64decode(line.split()[2]).decode())
            self.say("AUTH", "235 welcome")
        elif command == "RCPT":
            self.recipients.append(line.partition("<")[2].partition(">")[0])
            self.say("RCPT", "250 known")
        elif command == "DATA":
            self.say("DATA", "354 go on")
            if self.server.replies.get("TEXT") == "hang up":
                raise EndedError
            text = b"".join(iter(self.rfile.readline, b".\r\n"))
            mail = message_from_bytes(text, policy=policy.default)
            if self.server.replies.get("END", "hang up")[0] not in "45":
                self.server.mails.append((self.recipients, mail))  # also where nobody learns of it
            self.say("END", "250 taken")
        elif command == "QUIT":
            self.wfile.write(b"221 bye\r\n")
            raise EndedError
        else:
            self.say(command, "250 fine")

    def say(self, command: str, usual: str) -> None:
        reply = self.server.replies.get(command, usual)
        if reply == "silence":
            self.server.over.wait(20)
        if reply in ("silence", "hang up"):
            raise EndedError
        self.wfile.write(reply.encode() + b"\r\n")


class EndedError(Exception):
    pass


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()

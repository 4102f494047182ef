"""One message to one person: the calls that it takes."""

from __future__ import annotations

from collections.abc import Callable

from instantreact_messenger.graph import Answered, Graph, NoAnswer, NotSent, Refused, Upload
from instantreact_messenger.message import Part
from instantreact_messenger.options import MessengerOptions
from instantreact_messenger.uploads import Uploads
from instantreact_messenger.verdict import meaning


class Sending:
    """Sends parts of alerts through the Send API.

    Args:
        options: The notifier's.
        graph: The Graph API.
        uploads: Files that Meta has.
        heard: Called with every answer of Meta's.
    """

    def __init__(
        self, options: MessengerOptions, graph: Graph, uploads: Uploads, heard: Callable[[Answered], None]
    ) -> None:
        self._page = options.page
        self._graph = graph
        self._uploads = uploads
        self._heard = heard

    def send(self, part: Part, recipient: str, left: Callable[[], float]) -> str:
        """Send it; a file is uploaded before, unless Meta has it.

        Args:
            part: What to send.
            recipient: Page-scoped id of the person.
            left: Gives the seconds that are left for it.

        Returns:
            Meta's id of the message.

        Raises:
            NotSent, NoAnswer, Refused: As `Graph.post`; where an upload stays without answer, nothing was sent.
        """
        if not part.file:
            return self._post(part, "", recipient, left)
        known = self._uploads.find(part.file.content)
        if known:
            try:
                return self._post(part, known, recipient, left)
            except Refused as refused:
                if meaning(refused).name != "attachment-gone":
                    raise
            self._uploads.forget(part.file.content)
        return self._post(part, self._upload(part.file, part.media, left), recipient, left)

    def _upload(self, file: Upload, media: str, left: Callable[[], float]) -> str:
        message = {"attachment": {"type": media, "payload": {"is_reusable": True}}}
        failed = ""
        try:
            answered = self._graph.post(f"{self._page}/message_attachments", {"message": message}, left(), file)
        except NoAnswer as error:
            failed = str(error)
        if failed:
            raise NotSent(f"A {media} could not be uploaded. {failed}")
        self._heard(answered)
        attachment = answered.body.get("attachment_id")
        if not isinstance(attachment, str | int) or not attachment:
            raise NotSent(f"A {media} was uploaded, and Meta did not say what it calls it.")
        self._uploads.keep(file.content, str(attachment))
        return str(attachment)

    def _post(self, part: Part, attachment: str, recipient: str, left: Callable[[], float]) -> str:
        message = dict(part.body)
        if attachment:
            message["attachment"] = {"type": part.media, "payload": {"attachment_id": attachment}}
        fields = {"recipient": {"id": recipient}, "messaging_type": part.kind, "message": message}
        answered = self._graph.post(f"{self._page}/messages", fields, left())
        self._heard(answered)
        message_id = answered.body.get("message_id")
        if not isinstance(message_id, str) or not message_id:
            raise NoAnswer("Meta took the request, and did not say that it took the message.")
        return message_id

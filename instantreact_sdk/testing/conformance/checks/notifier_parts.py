"""What of an alert a notifier sends: its text, its picture, what is still missing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from instantreact_sdk.errors import OutcomeUnknown, TransientError
from instantreact_sdk.errors.wording import listed
from instantreact_sdk.testing.conformance.arrivals import Arrivals, fake_of, pictured, tell
from instantreact_sdk.testing.conformance.check import CheckFailed, NotApplicable, check
from instantreact_sdk.testing.conformance.checks.notifier import DELIVERS
from instantreact_sdk.testing.conformance.trial import Refused, Trial
from instantreact_sdk.testing.fakes import HttpFake

_SECRET_PICTURE = b"these bytes belong to a picture of the lobby"


@check("notifier", needs=(*DELIVERS, "copes-with-pictures"))
def keeps_done_parts(trial: Trial) -> None:
    """What an earlier attempt sent is not sent again: where the text is done, the picture alone is sent, and where all is done, nothing.

    Why: a message of several parts may break in the middle. A retry that begins anew tells people twice.

    To fix: look into `delivery.done` before each part. A message that goes as a whole has one part: name it `text`.

        if "text" not in delivery.done:
            parts["text"] = self.send_text(alert.text)
    """
    alert = pictured(trial.folder)
    with trial.opened() as notifier:
        arrivals = Arrivals(trial)
        receipt = tell(trial, notifier, alert, key="whole")
        arrived = arrivals.parts()
        if len(arrived) == 1 and not receipt.parts:
            raise NotApplicable("it sends one part, and names none")
        ids = {part: receipt.parts.get(part, "earlier") for part in arrived}
        for done in (*({part: ids[part]} for part in arrived), ids):
            arrivals = Arrivals(trial)
            tell(trial, notifier, alert, key=f"after-{'-'.join(done)}", attempt=2, done=done)
            again = [part for part in arrivals.parts() if part in done]
            if again:
                raise CheckFailed(f"it sent {listed(again, 'and')} again, though an earlier attempt had")
            if missing := [part for part in arrived if part not in (*done, *arrivals.parts())]:
                raise CheckFailed(f"with {listed(done, 'and')} done, it did not send {listed(missing, 'and')}")


@check("notifier", needs=("transient-failures", "copes-with-pictures"))
def tells_what_was_sent(trial: Trial) -> None:
    """The parts of its `Receipt` are those that arrived; and where the service fails after the first part, its error says in `sent` that this one did.

    Why: what is told here comes back as `delivery.done` at the next attempt. What is left out is sent again, and what is told
    wrongly never arrives.

    To fix: gather the parts as they are taken, with what the service calls them.

        raise TransientError("The service is busy.", sent=parts) from error
    """
    alert = pictured(trial.folder)
    with trial.opened() as notifier:
        arrivals = Arrivals(trial)
        receipt = tell(trial, notifier, alert, key="all")
        arrived = arrivals.parts()
    if receipt.parts and set(receipt.parts) != set(arrived):
        told, there = listed(receipt.parts, "and"), listed(arrived, "and")
        raise CheckFailed(f"its Receipt names the parts {told}, and {there} arrived")
    fake = fake_of(trial)
    temporary = [name for name, failure in fake.failures.items() if issubclass(failure.raises, TransientError)]
    if len(arrived) > 1 and temporary:
        with trial.opened() as notifier, fake.failing(temporary[-1], after=1):
            _half_told(trial, notifier)


def _half_told(trial: Trial, notifier: object) -> None:
    arrivals = Arrivals(trial)
    try:
        sent = tell(trial, notifier, pictured(trial.folder), key="half").parts
        how = "returned a Receipt that does not name it"
        if not sent:
            return
    except Refused as error:
        problem = error.error
        sent = problem.sent if isinstance(problem, (TransientError, OutcomeUnknown)) else {}
        how = f"raised {type(problem).__name__} without it in `sent`"
    arrived = arrivals.parts()
    if missing := [part for part in arrived if part not in sent]:
        raise CheckFailed(f"the {missing[0]} arrived, then the service failed, and notify {how}")
    if wrong := [part for part in sent if part not in arrived]:
        raise CheckFailed(f"it says that the {wrong[0]} was sent, and it did not arrive")


@check("notifier", needs=(*DELIVERS, "copes-with-pictures"))
def sends_what_it_declares(trial: Trial) -> None:
    """What leaves the machine through it stands in `needs.sends` of its spec: `text`, `snapshot`.

    Why: `config check` shows from it who gets to see what, and people decide by it. A picture of somebody's home must not leave
    through a notifier that is not known to send any.

    To fix: declare it, `needs=Capabilities(network=True, sends=("text", "snapshot"))`; or do not send it.
    """
    needs = trial.choice.spec.needs
    if not (needs.network or needs.subprocess):
        raise NotApplicable("it declares neither `network` nor `subprocess`, so nothing leaves the machine")
    alert = pictured(trial.folder)
    assert alert.snapshot is not None, "it has just been made"
    with alert.snapshot.open("ab") as file:
        file.write(_SECRET_PICTURE)  # what follows its end does not change a JPEG
    arrivals = Arrivals(trial)
    with trial.opened() as notifier:
        tell(trial, notifier, alert)
    left = set(arrivals.parts())
    bodies = [one.body if isinstance(one.body, bytes) else one.body.encode() for one in arrivals.all()]
    if isinstance(trial.case.fake, HttpFake):
        bodies += [request.body for request in trial.case.fake.requests]
    if any(form in body for body in bodies for form in _forms(_SECRET_PICTURE)):
        left.add("snapshot")
    if missing := sorted(part for part in left if part not in needs.sends):
        raise CheckFailed(f"it sends the {listed(missing, 'and')}, and does not declare that in `sends`")


def _forms(content: bytes) -> Iterator[bytes]:
    """How bytes look inside others: as they are, and in base64, of which each place in a group of three has its own."""
    yield content
    for place in range(3):
        yield b64encode(bytes(place) + content)[4:-4]

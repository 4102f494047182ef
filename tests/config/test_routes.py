"""A person whom nobody can rely on being told is found before the alarm."""

from __future__ import annotations

from textwrap import dedent

import pytest

from instantreact_sdk import InstantReactError
from instantreact_sdk.config import check_components, load
from instantreact_sdk.config.routes import check_routes
from instantreact_sdk.registry import discover

PLUGIN = '''
from instantreact_sdk import FrameSource, Notifier, Options, Receipt


class Camera(FrameSource):
    def info(self):
        raise NotImplementedError

    def frames(self):
        return iter(())


class Hours(Options):
    at_night: bool = False
    """Also at night."""
    broken: bool = False
    """It cannot say."""

    def reservations(self):
        if self.broken:
            raise ZeroDivisionError("sesame")
        return "" if self.at_night else "it sleeps at night."


class Porter(Notifier):
    def __init__(self, options: Hours):
        pass

    def notify(self, alert, delivery):
        return Receipt()


class Bell(Notifier):
    def notify(self, alert, delivery):
        return Receipt()
'''
FILE = dedent(
    """\
    sources:
      lobby: {use: "./plugin.py:Camera"}
    notifiers:
      porter: {use: "./plugin.py:Porter", options: OPTIONS}
      other porter: {use: "./plugin.py:Porter"}
      bell: {use: "./plugin.py:Bell"}
    people:
      anna: ROUTES
    """
)


def found(tmp_path, routes: str, options: str = "{}") -> list[str]:
    """What is wrong with the routes; nothing where they will do."""
    (tmp_path / "plugin.py").write_text(PLUGIN)
    (tmp_path / "lobby.yaml").write_text(FILE.replace("ROUTES", routes).replace("OPTIONS", options))
    loaded = load(tmp_path / "lobby.yaml")
    components = check_components(loaded, discover())
    try:
        check_routes(loaded, components)
    except InstantReactError as error:
        return [f"{error.code} {problem.line}: {problem.key}: {problem.what}" for problem in error.facts["found"]]
    return []


def test_a_person_whose_only_route_may_be_closed_is_refused_with_what_to_add(tmp_path):
    (only,) = found(tmp_path, '[{porter: "1"}]')
    assert only == (
        "IR1003 8: people.anna: nobody can rely on anna being told through porter (porter: it sleeps at night); add a route that "
        'can be tried at any time, such as SMS, e-mail or a push service: `anna: [{porter: "..."}, {sms: "..."}]`'
    )


def test_two_routes_that_may_be_closed_are_no_better_than_one(tmp_path):
    (only,) = found(tmp_path, '[{porter: "1"}, {other porter: "2"}, {porter: "3"}]')
    assert "through porter or other porter (porter: it sleeps at night; other porter: it sleeps at night)" in only


@pytest.mark.parametrize("routes", ['[{porter: "1"}, {bell: "2"}]', '[{bell: "2"}, {porter: "1"}]', '[{bell: "2"}]'])
def test_one_route_that_can_always_be_tried_is_enough(tmp_path, routes):
    assert found(tmp_path, routes) == []


def test_options_decide(tmp_path):
    assert found(tmp_path, '[{porter: "1"}]', "{at_night: true}") == []


def test_a_notifier_that_cannot_say_is_told_without_what_it_raised(tmp_path):
    (only,) = found(tmp_path, '[{bell: "1"}]', "{broken: true}")
    assert only.startswith("IR1003 4: notifiers.porter.options: ./plugin.py could not say when it can tell somebody")
    assert "ZeroDivisionError" in only
    assert "sesame" not in only


def test_a_file_is_loaded_all_the_same(tmp_path):
    """`analyze` and `run` do not refuse it: somebody may know what they do."""
    assert found(tmp_path, '[{porter: "1"}]')
    loaded = load(tmp_path / "lobby.yaml")
    assert len(check_components(loaded, discover())) == 4

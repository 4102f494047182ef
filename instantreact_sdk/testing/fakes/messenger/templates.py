"""Utility templates: approved texts that may be sent outside of the window."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from instantreact_sdk.testing.fakes.messenger.faults import refusal
from instantreact_sdk.testing.fakes.messenger.graph_error import bad_parameter
from instantreact_sdk.testing.fakes.messenger.page import Page, Template
from instantreact_sdk.testing.fakes.messenger.parameters import Parameters
from instantreact_sdk.testing.fakes.messenger.shapes import a_text, an_object, objects

PERMISSION = "page_utility_messaging"
_NAME = re.compile(r"[a-z0-9_]{1,512}")


def filled(template: Mapping[str, Any], page: Page) -> str:
    """The text of a template with its parameters, as it is read.

    Args:
        template: As it was sent: ``name``, ``language``, ``components``.
        page: Whose template it is.

    Raises:
        Refused: The Page may not send any, has no approved one of that name and language, or the parameters do not fit its places.
    """
    if page.lacks(PERMISSION):
        raise refusal("10")
    name = a_text(template.get("name"), "template[name]")
    language = a_text(an_object(template.get("language"), "template[language]").get("code"), "template[language][code]")
    found = page.templates.get((name, language))
    if found is None:
        raise bad_parameter(f"Template name does not exist in the translation: {name} in {language}")
    if found.status != "APPROVED":
        raise bad_parameter(f"Template {name} is {found.status.lower()}.")
    given = [
        a_text(parameter.get("text"), "parameters[text]")
        for component in objects(template.get("components"), "template[components]")
        if component.get("type") == "body"
        for parameter in objects(component.get("parameters"), "components[parameters]")
    ]
    wanted = found.places()
    if len(given) != wanted or not all(given):
        raise bad_parameter(f"Template {name} takes {wanted} parameters, and got {len(given)}.")
    return found.filled(given)


def created(parameters: Parameters, page: Page, number: str) -> dict[str, Any]:
    """Make a template, which is approved at once, as the platform does "within seconds".

    Args:
        parameters: ``name``, ``language``, ``category`` and ``components`` with one of type ``BODY``.
        page: Whose it will be.
        number: Its id.

    Raises:
        Refused: The Page may not have any, or one of these is missing or wrong.
    """
    if page.lacks(PERMISSION):
        raise refusal("10")
    name, language = parameters.text("name"), parameters.text("language")
    if not _NAME.fullmatch(name) or not language:
        raise bad_parameter("A template needs a name of small letters, digits and underscores, and a language.")
    if parameters.text("category") != "UTILITY":
        raise bad_parameter("Param category must be one of {UTILITY}")
    components = objects(parameters.values.get("components"), "components")
    bodies = [a_text(one.get("text"), "text") for one in components if one.get("type") == "BODY"]
    if len(bodies) != 1 or not bodies[0]:
        raise bad_parameter("A template needs one component of type BODY, with a text.")
    page.templates[name, language] = Template(name, bodies[0], language)
    return {"id": number, "status": "APPROVED", "category": "UTILITY"}


def listed(parameters: Parameters, page: Page) -> list[dict[str, Any]]:
    """The templates of a Page; of one name, where ``name`` is given."""
    wanted = parameters.text("name")
    return [
        {
            "name": template.name,
            "language": template.language,
            "status": template.status,
            "category": "UTILITY",
            "components": [{"type": "BODY", "text": template.text}],
        }
        for template in page.templates.values()
        if not wanted or template.name == wanted
    ]

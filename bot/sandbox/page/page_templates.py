"""Jinja templates and functions that render pages and parts of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from ..emoji import emoji_character

DEFAULT_LABELS = {
    "datepicker": "Date",
    "timepicker": "Time",
    "datetimepicker": "Date and time",
    "users_select": "Choose a person",
    "multi_users_select": "Choose people",
    "conversations_select": "Choose a conversation",
    "multi_conversations_select": "Choose conversations",
    "channels_select": "Choose a channel",
    "multi_channels_select": "Choose channels",
    "static_select": "Choose an option",
    "multi_static_select": "Choose options",
    "external_select": "Type to search",
    "multi_external_select": "Type to search",
    "radio_buttons": "Choose an option",
    "checkboxes": "Choose options",
    "rich_text_input": "Write something",
}
"""Accessible names and placeholders of controls that have neither."""

GROUP_ELEMENTS = frozenset(
    {
        "radio_buttons",
        "checkboxes",
        "multi_static_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
        "external_select",
        "multi_external_select",
    }
)
"""Controls made of several inputs, which a `<label for>` cannot reference."""

QUICK_REACTIONS = [
    (name, emoji_character(name)) for name in ("thumbsup", "eyes", "white_check_mark", "tada")
]

STATUS_EMOJI = [
    (f":{name}:", emoji_character(name))
    for name in (
        *("speech_balloon", "palm_tree", "face_with_thermometer"),
        *("spiral_calendar_pad", "bus", "house_with_garden"),
    )
]
"""Status emoji that the page offers; apps and tests may set any."""


@cache
def template_environment() -> Environment:
    """Return the template environment, with autoescaping."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "DEFAULT_LABELS": DEFAULT_LABELS,
        "GROUP_ELEMENTS": GROUP_ELEMENTS,
        "QUICK_REACTIONS": QUICK_REACTIONS,
        "STATUS_EMOJI": STATUS_EMOJI,
    }
    return environment


@cache
def _part_macros() -> Any:  # noqa: ANN401 - the macros of a template
    return template_environment().get_template("parts.html").module


def render_part(macro: str, *values: object) -> str:
    """Return the HTML of a macro in parts.html, such as `message` or `modal`."""
    html: Markup = getattr(_part_macros(), macro)(*values)
    return str(html)


def render_traffic(rows: object) -> str:
    """Return the HTML of the rows of the traffic page."""
    macros: Any = template_environment().get_template("traffic_rows.html").module
    return str(macros.traffic(rows))


def render_page(name: str, **values: object) -> str:
    """Return the HTML of the page in `name`.html."""
    return template_environment().get_template(f"{name}.html").render(values)

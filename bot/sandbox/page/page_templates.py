"""Templates, and the parts of a page that are drawn from them."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.sandbox.page.emoji import EMOJI

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
    "radio_buttons": "Choose one",
    "checkboxes": "Choose any",
    "rich_text_input": "Write something",
}
"""What a control is called that says nothing itself."""

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
"""Controls of several parts, which a label cannot point at."""

QUICK_REACTIONS = [(name, EMOJI[name]) for name in ("thumbsup", "eyes", "white_check_mark", "tada")]


STATUS_EMOJI = [
    (f":{name}:", EMOJI[name])
    for name in (
        *("speech_balloon", "palm_tree", "face_with_thermometer"),
        *("spiral_calendar_pad", "bus", "house_with_garden"),
    )
]
"""What a status may begin with on the page; apps and tests may use any emoji."""


@cache
def template_environment() -> Environment:
    """Return the templates; whatever goes into them is escaped."""
    environment = Environment(
        loader=PackageLoader("bot.sandbox.page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "NAMES": DEFAULT_LABELS,
        "GROUPS": GROUP_ELEMENTS,
        "QUICK": QUICK_REACTIONS,
        "STATUSES": STATUS_EMOJI,
    }
    return environment


@cache
def _part_macros() -> Any:  # noqa: ANN401 - the macros of a template
    return template_environment().get_template("parts.html").module


def render_part(macro: str, *values: object) -> str:
    """Return the HTML of a part of the page, such as `message` or `modal`."""
    html: Markup = getattr(_part_macros(), macro)(*values)
    return str(html)


def render_traffic(rows: object) -> str:
    """Return the HTML of records."""
    macros: Any = template_environment().get_template("traffic_rows.html").module
    return str(macros.traffic(rows))


def render_page(name: str, **values: object) -> str:
    """Return the HTML of a whole page."""
    return template_environment().get_template(f"{name}.html").render(values)

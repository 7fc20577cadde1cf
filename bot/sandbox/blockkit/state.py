"""Which elements tell the app about themselves, and which hold what a person chose or typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """How an element holds its state in `state.values`.

    `key` is the field of the current value; `initial` is the element's field with the first
    value, if it can have one; `many` says that the value is a list.
    """

    key: str
    initial: str | None
    many: bool = False

    @property
    def empty(self) -> list[object] | None:
        """What stands there while nothing is chosen or typed: a new empty list, or null."""
        return [] if self.many else None


STATEFUL: dict[str, Held] = {
    "plain_text_input": Held("value", "initial_value"),
    "email_text_input": Held("value", "initial_value"),
    "url_text_input": Held("value", "initial_value"),
    "number_input": Held("value", "initial_value"),
    "rich_text_input": Held("rich_text_value", "initial_value"),
    "file_input": Held("files", None, many=True),
    "checkboxes": Held("selected_options", "initial_options", many=True),
    "radio_buttons": Held("selected_option", "initial_option"),
    "static_select": Held("selected_option", "initial_option"),
    "external_select": Held("selected_option", "initial_option"),
    "users_select": Held("selected_user", "initial_user"),
    "conversations_select": Held("selected_conversation", "initial_conversation"),
    "channels_select": Held("selected_channel", "initial_channel"),
    "multi_static_select": Held("selected_options", "initial_options", many=True),
    "multi_external_select": Held("selected_options", "initial_options", many=True),
    "multi_users_select": Held("selected_users", "initial_users", many=True),
    "multi_conversations_select": Held(
        "selected_conversations", "initial_conversations", many=True
    ),
    "multi_channels_select": Held("selected_channels", "initial_channels", many=True),
    "datepicker": Held("selected_date", "initial_date"),
    "timepicker": Held("selected_time", "initial_time"),
    "datetimepicker": Held("selected_date_time", "initial_date_time"),
}

# The elements that send block_actions, and the field of the action with what was chosen. A file
# input cannot dispatch, and a workflow button starts its workflow without asking the app.
INTERACTIVE: dict[str, str] = {
    "button": "value",
    "feedback_buttons": "value",
    "icon_button": "value",
    "overflow": "selected_option",
    **{kind: held.key for kind, held in STATEFUL.items() if kind != "file_input"},
}

"""Elements that send actions to the app, and elements that have state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateField:
    """How an element's current value appears in `state.values`.

    `key` is the field of the current value, `initial` the element's field with the initial value,
    if it can have one, and `is_list` whether the value is a list.
    """

    key: str
    initial: str | None
    is_list: bool = False

    @property
    def empty_value(self) -> list[object] | None:
        """The value while nothing is selected or entered: a new empty list, or null."""
        return [] if self.is_list else None


STATEFUL: dict[str, StateField] = {
    "plain_text_input": StateField("value", "initial_value"),
    "email_text_input": StateField("value", "initial_value"),
    "url_text_input": StateField("value", "initial_value"),
    "number_input": StateField("value", "initial_value"),
    "rich_text_input": StateField("rich_text_value", "initial_value"),
    "file_input": StateField("files", None, is_list=True),
    "checkboxes": StateField("selected_options", "initial_options", is_list=True),
    "radio_buttons": StateField("selected_option", "initial_option"),
    "static_select": StateField("selected_option", "initial_option"),
    "external_select": StateField("selected_option", "initial_option"),
    "users_select": StateField("selected_user", "initial_user"),
    "conversations_select": StateField("selected_conversation", "initial_conversation"),
    "channels_select": StateField("selected_channel", "initial_channel"),
    "multi_static_select": StateField("selected_options", "initial_options", is_list=True),
    "multi_external_select": StateField("selected_options", "initial_options", is_list=True),
    "multi_users_select": StateField("selected_users", "initial_users", is_list=True),
    "multi_conversations_select": StateField(
        "selected_conversations", "initial_conversations", is_list=True
    ),
    "multi_channels_select": StateField("selected_channels", "initial_channels", is_list=True),
    "datepicker": StateField("selected_date", "initial_date"),
    "timepicker": StateField("selected_time", "initial_time"),
    "datetimepicker": StateField("selected_date_time", "initial_date_time"),
}

# The elements that send block_actions, and the field of the action that has the value. A file input
# cannot dispatch, and a workflow button starts its workflow without notifying the app.
INTERACTIVE: dict[str, str] = {
    "button": "value",
    "feedback_buttons": "value",
    "icon_button": "value",
    "overflow": "selected_option",
    **{kind: state.key for kind, state in STATEFUL.items() if kind != "file_input"},
}

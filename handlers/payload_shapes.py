"""The shape of what handlers read of a payload. Slack signs payloads, but nothing else is certain.

`check_shape` raises `UnreadableRequestError` for a payload of another shape, so that handlers may
rely on the types. Unknown keys are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import BotError
from bot.payload_problem import describe_problem, first_problem

MAX_DEPTH = 50
"""Deepest nesting of blocks and values; rich text in Slack has about ten levels."""

MAX_COMMAND_CHARACTERS = 12_000
"""Longest text of a command; Slack's composer accepts as many."""


class UnreadableRequestError(BotError):
    """The bot could not read what Slack sent, so nothing was changed. Please try again."""


def _require_shallow(value: object) -> object:
    """Return the value unless it is nested too deeply to be stored.

    Raises:
        ValueError: it is.
    """
    level = [value]
    for _depth in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return value
    message = "nested too deeply"
    raise ValueError(message)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return [child for child in value.values() if isinstance(child, dict | list)]
    if isinstance(value, list):
        return [child for child in value if isinstance(child, dict | list)]
    return []


SlackId: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,40}$")]
Timestamp: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{1,20}(\.[0-9]{1,20})?$")]
"""A `ts`, which identifies a message in its channel."""
ShortText: TypeAlias = Annotated[str, Field(max_length=300)]
Text: TypeAlias = Annotated[str, Field(max_length=100_000)]
Url: TypeAlias = Annotated[str, Field(max_length=3000)]
Block: TypeAlias = Annotated[dict[str, Any], AfterValidator(_require_shallow)]


class PayloadShape(BaseModel):
    """Part of a payload."""

    model_config = ConfigDict(strict=True)


class ObjectWithId(PayloadShape):
    """A person, channel or the like."""

    id: SlackId


class OptionShape(PayloadShape):
    """A chosen option."""

    value: Annotated[str, Field(max_length=2000)]


class FileShape(PayloadShape):
    """A file in Slack."""

    id: ShortText = ""
    name: Annotated[str, Field(max_length=1000)] | None = None
    url_private: Url | None = None
    url_private_download: Url | None = None


class InputShape(PayloadShape):
    """The state of an input element in a view."""

    type: ShortText = ""
    value: Text | None = None
    selected_option: OptionShape | None = None
    selected_options: list[OptionShape] | None = None
    selected_user: SlackId | None = None
    selected_users: list[SlackId] | None = None
    selected_channel: SlackId | None = None
    selected_channels: list[SlackId] | None = None
    selected_conversation: SlackId | None = None
    selected_conversations: list[SlackId] | None = None
    selected_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    selected_time: Annotated[str, Field(pattern=r"^\d{2}:\d{2}$")] | None = None
    selected_date_time: int | None = None
    rich_text_value: Block | None = None
    files: list[FileShape] | None = None


class StateShape(PayloadShape):
    """The state of a view: inputs by block id and action id."""

    values: dict[str, dict[str, InputShape]] = Field(default_factory=dict)


class ViewShape(PayloadShape):
    """A modal or Home tab."""

    id: ShortText = ""
    hash: ShortText | None = None
    type: ShortText = ""
    callback_id: ShortText | None = None
    private_metadata: Annotated[str, Field(max_length=3000)] | None = None
    state: StateShape | None = None
    blocks: list[Block] = Field(default_factory=list)


class SubmittedViewShape(ViewShape):
    """A modal that was submitted."""

    callback_id: ShortText


class ActionShape(PayloadShape):
    """An action of a button or menu."""

    action_id: ShortText
    action_ts: Timestamp | None = None
    value: Annotated[str, Field(max_length=2000)] | None = None
    selected_option: OptionShape | None = None


class ContainerShape(PayloadShape):
    """What an action was in."""

    message_ts: Timestamp | None = None
    channel_id: SlackId | None = None
    is_ephemeral: bool | None = None


class SourceMessageShape(PayloadShape):
    """The message that an action was in."""

    ts: Timestamp | None = None


class BlockActionsShape(PayloadShape):
    """A payload of type block_actions."""

    user: ObjectWithId
    actions: Annotated[list[ActionShape], Field(min_length=1)]
    container: ContainerShape | None = None
    message: SourceMessageShape | None = None
    channel: ObjectWithId | None = None
    view: ViewShape | None = None
    trigger_id: ShortText | None = None
    response_url: Url | None = None


class ViewSubmissionShape(PayloadShape):
    """A payload of type view_submission."""

    user: ObjectWithId
    view: SubmittedViewShape


class BlockSuggestionShape(PayloadShape):
    """A payload of type block_suggestion: what is typed into a menu."""

    user: ObjectWithId
    action_id: ShortText
    value: Annotated[str, Field(max_length=2000)] = ""
    view: ViewShape | None = None


class CommandShape(PayloadShape):
    """A slash command."""

    user_id: SlackId
    text: Annotated[str, Field(max_length=MAX_COMMAND_CHARACTERS)] | None = None
    channel_id: SlackId | None = None
    trigger_id: ShortText | None = None
    response_url: Url | None = None


class EventTypeShape(PayloadShape):
    """An event of any type."""

    type: ShortText = ""


class EventCallbackShape(PayloadShape):
    """The wrapper of an event."""

    event: EventTypeShape
    event_id: ShortText | None = None


class ChangedMessageShape(PayloadShape):
    """A message, as an event has it; those of apps and of Slack may lack a user."""

    user: SlackId | None = None
    bot_id: ShortText | None = None
    subtype: ShortText | None = None
    client_msg_id: ShortText | None = None
    ts: Timestamp | None = None
    thread_ts: Timestamp | None = None
    text: Text | None = None
    blocks: list[Block] | None = None
    files: list[FileShape] | None = None


class WrittenMessageShape(ChangedMessageShape):
    """A message that a person wrote."""

    user: SlackId
    ts: Timestamp


class MessageEventShape(ChangedMessageShape):
    """A message event. `message` and `previous_message` belong to edits and deletions."""

    channel: SlackId
    event_ts: ShortText | None = None
    message: ChangedMessageShape | None = None
    previous_message: ChangedMessageShape | None = None


class HomeOpenedShape(PayloadShape):
    """The event app_home_opened."""

    user: SlackId
    tab: ShortText | None = None


class UserChangeShape(PayloadShape):
    """The event user_change."""

    user: ObjectWithId


class DndUpdatedShape(PayloadShape):
    """The event dnd_updated_user."""

    user: SlackId
    dnd_status: dict[str, Any] | None = None


BODY_SHAPES: dict[str, type[PayloadShape]] = {
    "block_actions": BlockActionsShape,
    "block_suggestion": BlockSuggestionShape,
    "event_callback": EventCallbackShape,
    "view_submission": ViewSubmissionShape,
}
"""Shapes of bodies by their type; a command has none."""


def describe_unreadable(body: Mapping[str, Any], error: BaseException) -> str:
    """Return which field of a body is wrong, after Bolt failed on it."""
    shape = CommandShape if "command" in body else BODY_SHAPES.get(str(body.get("type")))
    try:
        if shape:
            shape.model_validate(body)
    except ValidationError as problems:
        return first_problem(problems)
    return describe_problem(body, error)


def check_shape(shape: type[PayloadShape], payload: Mapping[str, Any]) -> None:
    """Check a payload.

    Raises:
        UnreadableRequestError: it has another shape; the error has the first problem.
    """
    try:
        shape.model_validate(payload)
    except ValidationError as error:
        raise UnreadableRequestError(problem=first_problem(error)) from error

"""Messages with tasks, and updates of older ones."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class TaskPageMessage(QueuedMessage):
    """The receipt of an action and the next task, in place of the message of the action.

    `assignment_id` is the task of the action, None if the person asked for the next task.
    """

    message_type = "task_page"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED

    assignment_id: int | None
    channel: str | None
    message_ts: str | None

    @property
    def merge_key(self) -> str:
        """Return the message that is replaced, or the task that a new message is for."""
        if self.channel and self.message_ts:
            return f"{self.message_type}:{self.channel}:{self.message_ts}"
        return f"{self.message_type}:{self.assignment_id or 'next'}"


@dataclass(frozen=True, slots=True)
class NewTaskMessage(QueuedMessage):
    """The next task, as a new message.

    It is dispatched if the bot assigned it unasked, and requested if the expert asked for it. One
    that is neither follows an action of the expert. Only a dispatched one is not awaited.
    """

    message_type = "new_task"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED
    merge_fields = ("is_dispatched", "is_requested")

    is_dispatched: bool = False
    is_requested: bool = False

    @property
    def urgency(self) -> Priority:
        """Return whether the expert waits for the task."""
        is_awaited = self.is_requested or not self.is_dispatched
        return Priority.AWAITED if is_awaited else Priority.NEWS


@dataclass(frozen=True, slots=True)
class SupersededMessage(QueuedMessage):
    """An update of a message whose task is shown again in a newer one."""

    message_type = "superseded"
    recipient = Recipient.EXPERT
    priority = Priority.COSMETIC
    merge_fields = ("channel", "message_ts")

    channel: str
    message_ts: str


@dataclass(frozen=True, slots=True)
class ExpiredMessage(QueuedMessage):
    """An update of the message of an expired task."""

    message_type = "expired"
    recipient = Recipient.EXPERT
    priority = Priority.COSMETIC
    merge_fields = ("assignment_id",)

    assignment_id: int


@dataclass(frozen=True, slots=True)
class ReleasedMessage(QueuedMessage):
    """An update of the message of a task that was released: its expert is away or opted out."""

    message_type = "released"
    recipient = Recipient.EXPERT
    priority = Priority.COSMETIC
    merge_fields = ("assignment_id",)

    assignment_id: int
    is_opt_out: bool = False


@dataclass(frozen=True, slots=True)
class UnassignedMessage(QueuedMessage):
    """An update of the message of a task that a coordinator unassigned, reassigned or deleted."""

    message_type = "unassigned"
    recipient = Recipient.EXPERT
    priority = Priority.COSMETIC
    merge_fields = ("assignment_id",)

    assignment_id: int
    is_excluded: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class RecentAnswerMessage(QueuedMessage):
    """An answered task with its answer, so that it can be changed."""

    message_type = "recent_answer"
    recipient = Recipient.EXPERT
    priority = Priority.AWAITED
    merge_fields = ("assignment_id",)

    assignment_id: int

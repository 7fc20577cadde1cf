"""A simulated user of the workspace, for synchronous code in any thread."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import datetime, time
from typing import Any

from .actions.channel_membership import invite, join, remove
from .actions.file_uploads import attach_file, share_file
from .actions.input_values import UserInput
from .actions.interactions import InteractionResult
from .actions.labelled_elements import choose, click, fill
from .actions.messages import (
    ComposedMessage,
    delete_message,
    edit_message,
    send_command,
    send_message,
)
from .actions.modals import close_top_modal, submit_modal
from .actions.tabs_shortcuts_reactions import (
    open_tab,
    react,
    unreact,
    use_message_shortcut,
    use_shortcut,
)
from .actions.user_status import deactivate, set_quiet_hours, set_status, snooze
from .actions.visibility import DEFAULT_WAIT_SECONDS
from .channel_ref import ChannelRef
from .interaction import Interaction, Submission
from .observer import Observer
from .snapshots import MessageSnapshot, ViewSnapshot, snapshot_message
from .workspace import Post


class SimulatedUser(Observer):
    """A user of the workspace. All methods may be called from any thread."""

    def click(
        self,
        text: str,
        *,
        in_: MessageSnapshot | ViewSnapshot | None = None,
        times: int = 1,
        within: float = DEFAULT_WAIT_SECONDS,
    ) -> Interaction:
        """Click the button or option with this `text`.

        Args:
            text: the text of the button or option, or the action_id of the button.
            in_: a snapshot of the message or view to click in, even if outdated; by default the
                newest visible one that has such a button.
            times: how many times the identical payload is delivered, concurrently.
            within: seconds to wait for the button to appear.

        Raises:
            NotVisibleError: if the button does not appear.
            NotAcknowledgedError: if the app's response is late, missing or not 200.
        """
        return self._send(click(self._actor, text, in_, within=within, times=times))

    def choose(
        self, label: str, *values: UserInput, within: float = DEFAULT_WAIT_SECONDS
    ) -> Interaction:
        """Choose options, users, channels or a date in the element with this label.

        The `values` replace the previous selection.

        Raises:
            NotVisibleError: if there is no such element or option.
            NotAcknowledgedError: if the app's response is late, missing or not 200.
        """
        return self._send(choose(self._actor, label, values, within=within))

    def fill(
        self, label: str, value: UserInput, *, within: float = DEFAULT_WAIT_SECONDS
    ) -> Interaction:
        """Enter `value` in the input with this label, placeholder, block_id or action_id.

        Raises:
            NotVisibleError: if there is no such input.
            NotAcknowledgedError: if the app's response is late, missing or not 200.
        """
        return self._send(fill(self._actor, label, value, within=within))

    def attach_file(
        self, label: str, name: str, content: bytes, *, within: float = DEFAULT_WAIT_SECONDS
    ) -> None:
        """Add a file to the file input with this label.

        Raises:
            NotVisibleError: if there is no such input.
            ActionRejectedError: if the input does not accept this type of file.
        """
        self._run(attach_file(self._actor, label, (name, content), within=within))

    def submit_modal(
        self, *, times: int = 1, within: float = DEFAULT_WAIT_SECONDS, **entries: UserInput
    ) -> Submission:
        """Enter `entries` in the top modal and submit it.

        Each keyword is an action_id, a block_id, or a label in lower case with underscores.

        Raises:
            NotVisibleError: if no such modal appears.
            ActionRejectedError: if Slack's client would reject the values; see its `errors`.
            NotAcknowledgedError: if the app's response is late, missing, invalid or not 200.
        """
        submission = self._run(submit_modal(self._actor, entries, within=within, times=times))
        result = submission.interaction
        return Submission(result.payload, result, self._server, dict(submission.errors))

    def close_modal(
        self, *, all_modals: bool = False, within: float = DEFAULT_WAIT_SECONDS
    ) -> Interaction:
        """Close the top modal, or with `all_modals` the whole stack.

        Raises:
            NotVisibleError: if no modal is open.
            NotAcknowledgedError: if view_closed is sent and the app does not respond in time.
        """
        return self._send(close_top_modal(self._actor, within=within, all_modals=all_modals))

    def send_message(
        self, text: str, *, thread: MessageSnapshot | None = None, channel: ChannelRef | None = None
    ) -> MessageSnapshot | Interaction:
        """Send a message, or a slash command if `text` begins with a slash.

        It goes to `channel`, by default the DM with the app. Returns the message, or for a
        command the interaction.

        Raises:
            ActionRejectedError: if Slack's client would reject it.
            NotAcknowledgedError: if it is a command and the app does not respond in time.
        """
        composed = self._compose(text, thread, channel)
        if text.startswith("/"):
            return self._send(send_command(self._actor, composed))
        return self._snapshot_post(send_message(self._actor, composed))

    def upload_file(
        self,
        name: str,
        content: bytes,
        *,
        text: str = "",
        thread: MessageSnapshot | None = None,
        channel: ChannelRef | None = None,
    ) -> MessageSnapshot:
        """Share a file in a message with `text`, by default in the DM with the app.

        Raises:
            ActionRejectedError: if Slack's client would reject it.
        """
        composed = self._compose(text, thread, channel)
        return self._snapshot_post(share_file(self._actor, name, content, composed))

    def open_home(self) -> None:
        """Open the app's Home tab.

        Raises:
            ActionRejectedError: if the app has no Home tab.
        """
        self._run(open_tab(self._actor, "home"))

    def open_messages(self) -> None:
        """Open the app's Messages tab."""
        self._run(open_tab(self._actor, "messages"))

    def use_shortcut(self, callback_id: str) -> Interaction:
        """Use a global shortcut.

        Raises:
            ActionRejectedError: if the manifest has no such shortcut.
            NotAcknowledgedError: if the app's response is late, missing or not 200.
        """
        return self._send(use_shortcut(self._actor, callback_id))

    def use_message_shortcut(self, callback_id: str, message: MessageSnapshot) -> Interaction:
        """Use a message shortcut on `message`.

        Raises:
            ActionRejectedError: if the manifest has no such shortcut.
            NotAcknowledgedError: if the app's response is late, missing or not 200.
        """
        return self._send(use_message_shortcut(self._actor, callback_id, message))

    def add_reaction(self, name: str, message: MessageSnapshot) -> None:
        """React to `message` with the emoji called `name`.

        Raises:
            ActionRejectedError: if the message was deleted or is ephemeral, or the reaction exists.
        """
        self._run(react(self._actor, name, message))

    def remove_reaction(self, name: str, message: MessageSnapshot) -> None:
        """Remove the user's reaction to `message`.

        Raises:
            ActionRejectedError: if the message was deleted, or there is no such reaction.
        """
        self._run(unreact(self._actor, name, message))

    def join_channel(self, channel: ChannelRef) -> None:
        """Join `channel`.

        Raises:
            ActionRejectedError: if the channel is private or archived.
        """
        self._run(join(self._actor, channel.id))

    def invite_to_channel(self, channel: ChannelRef, *others: SimulatedUser) -> None:
        """Invite `others` to `channel`, or the app's bot if none are given.

        Raises:
            ActionRejectedError: if the user is not in the channel, or it is archived.
        """
        self._run(invite(self._actor, channel.id, self._user_ids(others)))

    def remove_from_channel(self, channel: ChannelRef, *others: SimulatedUser) -> None:
        """Remove `others` from `channel`, or the app's bot if none are given.

        Raises:
            ActionRejectedError: if the user is not in the channel, or it is archived.
        """
        self._run(remove(self._actor, channel.id, self._user_ids(others)))

    def edit_message(self, message: MessageSnapshot, text: str) -> None:
        """Replace the text of one of the user's messages.

        Raises:
            ActionRejectedError: if the message was deleted, or is by another user.
        """
        self._run(edit_message(self._actor, message, text))

    def delete_message(self, message: MessageSnapshot) -> None:
        """Delete one of the user's messages.

        Raises:
            ActionRejectedError: if the message was deleted, or is by another user.
        """
        self._run(delete_message(self._actor, message))

    def set_status(self, text: str, emoji: str = "", *, until: datetime | None = None) -> None:
        """Set the status, `until` a time (aware) or permanently; an empty text clears it.

        Raises:
            ActionRejectedError: if `text` is too long, or `until` is in the past.
        """
        self._run(set_status(self._actor, text, emoji, until))

    def snooze(self, until: datetime | None) -> None:
        """Pause notifications `until` a time (aware); None ends the snooze."""
        self._run(snooze(self._actor, until))

    def set_quiet_hours(self, start: time | None, end: time | None = None) -> None:
        """Set daily quiet hours in the user's time zone; None removes them."""
        self._run(set_quiet_hours(self._actor, (start, end) if start and end else None))

    def deactivate(self) -> None:
        """Deactivate the user's account."""
        self._run(deactivate(self._actor))

    def _user_ids(self, others: tuple[SimulatedUser, ...]) -> list[str]:
        return [user.id for user in others] or [self._actor.world.app.bot_user_id]

    def _compose(
        self, text: str, thread: MessageSnapshot | None, channel: ChannelRef | None
    ) -> ComposedMessage:
        channel_id = channel.id if channel else thread.channel if thread else self.dm
        return ComposedMessage(text, channel_id, thread.ts if thread else None)

    def _snapshot_post(self, coroutine: Coroutine[Any, Any, Post]) -> MessageSnapshot:
        post = self._run(coroutine)
        return self._call(lambda: snapshot_message(post, self._actor.workspace))

    def _send(self, coroutine: Coroutine[Any, Any, InteractionResult | None]) -> Interaction:
        result = self._run(coroutine)
        return Interaction(result.payload if result else None, result, self._server)

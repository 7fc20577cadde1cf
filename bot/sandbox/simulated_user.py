"""A person in the workspace, for plain code in any thread: what she does."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bot.sandbox.actions.channel_membership import invite, join, remove
from bot.sandbox.actions.file_uploads import attach_file, share_file
from bot.sandbox.actions.input_values import UserInput
from bot.sandbox.actions.interactions import InteractionResult, send_interaction
from bot.sandbox.actions.labelled_elements import choose, click, fill
from bot.sandbox.actions.messages import (
    ComposedMessage,
    delete_message,
    edit_message,
    send_command,
    send_message,
)
from bot.sandbox.actions.modals import close_top_modal, submit_modal
from bot.sandbox.actions.tabs_shortcuts_reactions import (
    open_tab,
    react,
    unreact,
    use_message_shortcut,
    use_shortcut,
)
from bot.sandbox.actions.user_status import deactivate, set_quiet_hours, set_status, snooze
from bot.sandbox.actions.visibility import DEFAULT_WAIT_SECONDS
from bot.sandbox.channel_ref import ChannelRef
from bot.sandbox.json_codec import Json
from bot.sandbox.observer import Observer
from bot.sandbox.server import Server
from bot.sandbox.snapshots import MessageSnapshot, ViewSnapshot, snapshot_message
from bot.sandbox.workspace import Post


@dataclass(frozen=True)
class Interaction:
    """Something that was delivered to the app and acknowledged.

    `payload` is what was sent; None if the app is not told of such a change.
    """

    payload: Json | None
    _result: InteractionResult | None
    _server: Server

    def redeliver(self) -> None:
        """Deliver the very same payload once more, as Slack may do.

        Raises:
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        sent = self._result
        if sent is not None:
            self._server.run_coroutine(
                send_interaction(self._server.world, sent.payload, sent.kind)
            )


@dataclass(frozen=True)
class Submission(Interaction):
    """A modal that was sent off; `errors` are what the app found wrong, by block_id."""

    errors: dict[str, str]


class SimulatedUser(Observer):
    """Somebody in the workspace. Everything may be called from any thread."""

    def click(
        self,
        text: str,
        *,
        in_: MessageSnapshot | ViewSnapshot | None = None,
        times: int = 1,
        within: float = DEFAULT_WAIT_SECONDS,
    ) -> Interaction:
        """Click the button or option that shows `text` (or has it as its action_id).

        Args:
            text: what stands on it.
            in_: a picture of a message or view to click in, however old; else what is visible
                now, the newest first.
            times: how often the identical payload is delivered, all at once.
            within: how many seconds to wait for it to appear.

        Raises:
            NotVisible: if it does not appear.
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        return self._send(click(self._actor, text, in_, within=within, times=times))

    def choose(
        self, label: str, *values: UserInput, within: float = DEFAULT_WAIT_SECONDS
    ) -> Interaction:
        """Choose options, people, channels or a date in the element called `label`.

        Menus and checkboxes hold exactly what is `picked` afterwards.

        Raises:
            NotVisible: if there is no such element or option.
            NotAcknowledged: if the app is told and its answer is late, absent or not 200.
        """
        return self._send(choose(self._actor, label, values, within=within))

    def fill(
        self, label: str, value: UserInput, *, within: float = DEFAULT_WAIT_SECONDS
    ) -> Interaction:
        """Enter `value` into the input with this label, placeholder, block_id or action_id.

        Raises:
            NotVisible: if there is no such input.
            NotAcknowledged: if the app is told and its answer is late, absent or not 200.
        """
        return self._send(fill(self._actor, label, value, within=within))

    def attach_file(
        self, label: str, name: str, content: bytes, *, within: float = DEFAULT_WAIT_SECONDS
    ) -> None:
        """Add a file to the file input called `label`.

        Raises:
            NotVisible: if there is no such input.
            Rejected: if it does not take such files.
        """
        self._run(attach_file(self._actor, label, (name, content), within=within))

    def submit_modal(
        self, *, times: int = 1, within: float = DEFAULT_WAIT_SECONDS, **entries: UserInput
    ) -> Submission:
        """Fill `entries` into the top modal and submit it.

        Each keyword is an action_id, a block_id or the label in small letters with underscores.

        Raises:
            NotVisible: if no such modal appears.
            Rejected: if Slack's client would not send it; its `errors` say why.
            NotAcknowledged: if the app's answer is late, absent, not 200 or unusable.
        """
        submission = self._run(submit_modal(self._actor, entries, within=within, times=times))
        sent = submission.sent
        return Submission(sent.payload, sent, self._server, dict(submission.errors))

    def close_modal(
        self, *, all_modals: bool = False, within: float = DEFAULT_WAIT_SECONDS
    ) -> Interaction:
        """Close the top modal, or with `everything` the whole stack of them.

        Raises:
            NotVisible: if there is none.
            NotAcknowledged: if the app asked to be told and did not answer.
        """
        return self._send(close_top_modal(self._actor, within=within, all_modals=all_modals))

    def send_message(
        self, text: str, *, thread: MessageSnapshot | None = None, channel: ChannelRef | None = None
    ) -> MessageSnapshot | Interaction:
        """Write a message to the app, or a slash command if `text` begins with a slash.

        Returns the message, or for a command what was delivered.

        Raises:
            Rejected: if Slack's client would not send it.
            NotAcknowledged: if it is a command and the app does not answer.
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
        """Share a file with the app, in a message with `text`.

        Raises:
            Rejected: if Slack's client would not send it.
        """
        composed = self._compose(text, thread, channel)
        return self._snapshot_post(share_file(self._actor, name, content, composed))

    def open_home(self) -> None:
        """Open the app's Home tab.

        Raises:
            Rejected: if it has none.
        """
        self._run(open_tab(self._actor, "home"))

    def open_messages(self) -> None:
        """Open the app's Messages tab."""
        self._run(open_tab(self._actor, "messages"))

    def use_shortcut(self, callback_id: str) -> Interaction:
        """Use a global shortcut.

        Raises:
            Rejected: if the manifest has no such one.
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        return self._send(use_shortcut(self._actor, callback_id))

    def use_message_shortcut(self, callback_id: str, message: MessageSnapshot) -> Interaction:
        """Use a message shortcut on `message`.

        Raises:
            Rejected: if the manifest has no such one.
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        return self._send(use_message_shortcut(self._actor, callback_id, message))

    def add_reaction(self, name: str, message: MessageSnapshot) -> None:
        """React to `message` with the emoji called `name`.

        Raises:
            Rejected: if the message is gone or only she sees it, or she did so before.
        """
        self._run(react(self._actor, name, message))

    def remove_reaction(self, name: str, message: MessageSnapshot) -> None:
        """Take back a reaction to `message`.

        Raises:
            Rejected: if the message is gone, or she did not react so.
        """
        self._run(unreact(self._actor, name, message))

    def join_channel(self, channel: ChannelRef) -> None:
        """Join `channel`.

        Raises:
            Rejected: if it is private or archived.
        """
        self._run(join(self._actor, channel.id))

    def invite_to_channel(self, channel: ChannelRef, *others: SimulatedUser) -> None:
        """Invite `others` to `channel`; the app's bot, if nobody is named.

        Raises:
            Rejected: if she is not in it herself, or it is archived.
        """
        self._run(invite(self._actor, channel.id, self._user_ids(others)))

    def remove_from_channel(self, channel: ChannelRef, *others: SimulatedUser) -> None:
        """Remove `others` from `channel`; the app's bot, if nobody is named.

        Raises:
            Rejected: if she is not in it herself, or it is archived.
        """
        self._run(remove(self._actor, channel.id, self._user_ids(others)))

    def edit_message(self, message: MessageSnapshot, text: str) -> None:
        """Let a message of hers say `text` instead.

        Raises:
            Rejected: if it is not hers or is gone.
        """
        self._run(edit_message(self._actor, message, text))

    def delete_message(self, message: MessageSnapshot) -> None:
        """Delete a message of hers.

        Raises:
            Rejected: if it is not hers or is gone.
        """
        self._run(delete_message(self._actor, message))

    def set_status(self, text: str, emoji: str = "", *, until: datetime | None = None) -> None:
        """Say how she is, `until` then (aware) or for good; an empty text clears it.

        Raises:
            Rejected: if it is too long, or would be over already.
        """
        self._run(set_status(self._actor, text, emoji, until))

    def snooze(self, until: datetime | None) -> None:
        """Ask not to be disturbed `until` then (aware); None ends it."""
        self._run(snooze(self._actor, until))

    def set_quiet_hours(self, begin: time | None, end: time | None = None) -> None:
        """Never be disturbed between these times of day, by her own clock; None ends it."""
        self._run(set_quiet_hours(self._actor, (begin, end) if begin and end else None))

    def deactivate(self) -> None:
        """Leave the workspace: her account is deactivated."""
        self._run(deactivate(self._actor))

    def _user_ids(self, others: tuple[SimulatedUser, ...]) -> list[str]:
        return [one.id for one in others] or [self._actor.world.app.bot_user_id]

    def _compose(
        self, text: str, thread: MessageSnapshot | None, channel: ChannelRef | None
    ) -> ComposedMessage:
        place = channel.id if channel else thread.channel if thread else self.dm
        return ComposedMessage(text, place, thread.ts if thread else None)

    def _snapshot_post(self, coroutine: Coroutine[Any, Any, Post]) -> MessageSnapshot:
        post = self._run(coroutine)
        return self._call(lambda: snapshot_message(post, self._actor.workspace))

    def _send(self, coroutine: Coroutine[Any, Any, InteractionResult | None]) -> Interaction:
        sent = self._run(coroutine)
        return Interaction(sent.payload if sent else None, sent, self._server)

"""A person in the workspace, for plain code in any thread: what she does."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from bot.sandbox.deeds.being import deactivate, set_quiet_hours, set_status, snooze
from bot.sandbox.deeds.entering import Entry
from bot.sandbox.deeds.gathering import invite, join, remove
from bot.sandbox.deeds.going import (
    open_tab,
    react,
    take_reaction,
    use_message_shortcut,
    use_shortcut,
)
from bot.sandbox.deeds.interacting import Sent, interact
from bot.sandbox.deeds.looking import WITHIN
from bot.sandbox.deeds.submitting import close, submit
from bot.sandbox.deeds.talking import Remark, erase, order, rewrite, write
from bot.sandbox.deeds.uploading import attach, share
from bot.sandbox.deeds.using import choose, click, fill
from bot.sandbox.onlookers import Onlooker
from bot.sandbox.rooms import Room
from bot.sandbox.server import Server
from bot.sandbox.snapshots import Message, Screen, message_of
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Post


@dataclass(frozen=True)
class Click:
    """Something that was delivered to the app and acknowledged.

    `payload` is what was sent; None if the app is not told of such a change.
    """

    payload: Json | None
    _sent: Sent | None
    _server: Server

    def again(self) -> None:
        """Deliver the very same payload once more, as Slack may do.

        Raises:
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        sent = self._sent
        if sent is not None:
            self._server.run(interact(self._server.world, sent.payload, sent.kind))


@dataclass(frozen=True)
class Submission(Click):
    """A modal that was sent off; `errors` are what the app found wrong, by block_id."""

    errors: dict[str, str]


class Person(Onlooker):
    """Somebody in the workspace. Everything may be called from any thread."""

    def clicks(
        self,
        text: str,
        *,
        in_: Message | Screen | None = None,
        times: int = 1,
        within: float = WITHIN,
    ) -> Click:
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
        return self._sent(click(self._actor, text, in_, within=within, times=times))

    def chooses(self, label: str, *picked: Entry, within: float = WITHIN) -> Click:
        """Choose options, people, channels or a date in the element called `label`.

        Menus and checkboxes hold exactly what is `picked` afterwards.

        Raises:
            NotVisible: if there is no such element or option.
            NotAcknowledged: if the app is told and its answer is late, absent or not 200.
        """
        return self._sent(choose(self._actor, label, picked, within=within))

    def fills(self, label: str, value: Entry, *, within: float = WITHIN) -> Click:
        """Enter `value` into the input with this label, placeholder, block_id or action_id.

        Raises:
            NotVisible: if there is no such input.
            NotAcknowledged: if the app is told and its answer is late, absent or not 200.
        """
        return self._sent(fill(self._actor, label, value, within=within))

    def attaches(self, label: str, name: str, content: bytes, *, within: float = WITHIN) -> None:
        """Add a file to the file input called `label`.

        Raises:
            NotVisible: if there is no such input.
            Rejected: if it does not take such files.
        """
        self._run(attach(self._actor, label, (name, content), within=within))

    def submits(self, *, times: int = 1, within: float = WITHIN, **entries: Entry) -> Submission:
        """Fill `entries` into the top modal and submit it.

        Each keyword is an action_id, a block_id or the label in small letters with underscores.

        Raises:
            NotVisible: if no such modal appears.
            Rejected: if Slack's client would not send it; its `errors` say why.
            NotAcknowledged: if the app's answer is late, absent, not 200 or unusable.
        """
        handed = self._run(submit(self._actor, entries, within=within, times=times))
        sent = handed.sent
        return Submission(sent.payload, sent, self._server, dict(handed.errors))

    def closes(self, *, everything: bool = False, within: float = WITHIN) -> Click:
        """Close the top modal, or with `everything` the whole stack of them.

        Raises:
            NotVisible: if there is none.
            NotAcknowledged: if the app asked to be told and did not answer.
        """
        return self._sent(close(self._actor, within=within, everything=everything))

    def types(
        self, text: str, *, thread: Message | None = None, channel: Room | None = None
    ) -> Message | Click:
        """Write a message to the app, or a slash command if `text` begins with a slash.

        Returns the message, or for a command what was delivered.

        Raises:
            Rejected: if Slack's client would not send it.
            NotAcknowledged: if it is a command and the app does not answer.
        """
        remark = self._remark(text, thread, channel)
        if text.startswith("/"):
            return self._sent(order(self._actor, remark))
        return self._posted(write(self._actor, remark))

    def uploads(
        self,
        name: str,
        content: bytes,
        *,
        text: str = "",
        thread: Message | None = None,
        channel: Room | None = None,
    ) -> Message:
        """Share a file with the app, in a message with `text`.

        Raises:
            Rejected: if Slack's client would not send it.
        """
        remark = self._remark(text, thread, channel)
        return self._posted(share(self._actor, name, content, remark))

    def opens_home(self) -> None:
        """Open the app's Home tab.

        Raises:
            Rejected: if it has none.
        """
        self._run(open_tab(self._actor, "home"))

    def opens_messages(self) -> None:
        """Open the app's Messages tab."""
        self._run(open_tab(self._actor, "messages"))

    def uses_shortcut(self, callback_id: str) -> Click:
        """Use a global shortcut.

        Raises:
            Rejected: if the manifest has no such one.
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        return self._sent(use_shortcut(self._actor, callback_id))

    def uses_message_shortcut(self, callback_id: str, message: Message) -> Click:
        """Use a message shortcut on `message`.

        Raises:
            Rejected: if the manifest has no such one.
            NotAcknowledged: if the app's answer is late, absent or not 200.
        """
        return self._sent(use_message_shortcut(self._actor, callback_id, message))

    def reacts(self, name: str, message: Message) -> None:
        """React to `message` with the emoji called `name`.

        Raises:
            Rejected: if the message is gone or only she sees it, or she did so before.
        """
        self._run(react(self._actor, name, message))

    def unreacts(self, name: str, message: Message) -> None:
        """Take back a reaction to `message`.

        Raises:
            Rejected: if the message is gone, or she did not react so.
        """
        self._run(take_reaction(self._actor, name, message))

    def joins(self, channel: Room) -> None:
        """Join `channel`.

        Raises:
            Rejected: if it is private or archived.
        """
        self._run(join(self._actor, channel.id))

    def invites(self, channel: Room, *others: Person) -> None:
        """Invite `others` to `channel`; the app's bot, if nobody is named.

        Raises:
            Rejected: if she is not in it herself, or it is archived.
        """
        self._run(invite(self._actor, channel.id, self._named(others)))

    def removes(self, channel: Room, *others: Person) -> None:
        """Remove `others` from `channel`; the app's bot, if nobody is named.

        Raises:
            Rejected: if she is not in it herself, or it is archived.
        """
        self._run(remove(self._actor, channel.id, self._named(others)))

    def edits(self, message: Message, text: str) -> None:
        """Let a message of hers say `text` instead.

        Raises:
            Rejected: if it is not hers or is gone.
        """
        self._run(rewrite(self._actor, message, text))

    def deletes(self, message: Message) -> None:
        """Delete a message of hers.

        Raises:
            Rejected: if it is not hers or is gone.
        """
        self._run(erase(self._actor, message))

    def sets_status(self, text: str, emoji: str = "", *, until: datetime | None = None) -> None:
        """Say how she is, `until` then (aware) or for good; an empty text clears it.

        Raises:
            Rejected: if it is too long, or would be over already.
        """
        self._run(set_status(self._actor, text, emoji, until))

    def snoozes(self, until: datetime | None) -> None:
        """Ask not to be disturbed `until` then (aware); None ends it."""
        self._run(snooze(self._actor, until))

    def sets_quiet_hours(self, begin: time | None, end: time | None = None) -> None:
        """Never be disturbed between these times of day, by her own clock; None ends it."""
        self._run(set_quiet_hours(self._actor, (begin, end) if begin and end else None))

    def leaves(self) -> None:
        """Leave the workspace: her account is deactivated."""
        self._run(deactivate(self._actor))

    def _named(self, others: tuple[Person, ...]) -> list[str]:
        return [one.id for one in others] or [self._actor.world.app.bot_user]

    def _remark(self, text: str, thread: Message | None, channel: Room | None) -> Remark:
        place = channel.id if channel else thread.channel if thread else self.dm
        return Remark(text, place, thread.ts if thread else None)

    def _posted(self, work: Coroutine[Any, Any, Post]) -> Message:
        post = self._run(work)
        return self._ask(lambda: message_of(post, self._actor.workspace))

    def _sent(self, work: Coroutine[Any, Any, Sent | None]) -> Click:
        sent = self._run(work)
        return Click(sent.payload if sent else None, sent, self._server)

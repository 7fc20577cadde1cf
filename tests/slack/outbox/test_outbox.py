"""The states of messages: any sequence of answers, restarts and commands keeps the rules.

The rules are those of “States of a message” in docs/architecture.md. Slack is the sandbox; a rule
decides what it answers next.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import select

from bot.messages.tasks import SupersededMessage
from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor
from bot.services.outbox import undelivered_messages
from bot.slack.client.error_codes import ErrorKind, codes_of_kind
from bot.slack.outbox.delivery import Deliverer
from storage.database import Database
from storage.row_id import id_of
from storage.tables import OutboxMessage
from tests.slack.slack_fixture import SlackFixture, open_slack

T = TypeVar("T")

PEOPLE = ("ada", "grace")

FINAL_STATES = frozenset({"sent", "merged", "failed", "dropped"})

NEXT_STATES = {
    "waiting": {"waiting", "held", "sent", "merged", "failed", "dropped"},
    "held": {"held", "waiting", "sent", "failed", "dropped", "merged"},
    "sent": {"sent"},
    "merged": {"merged"},
    "failed": {"failed"},
    "dropped": {"dropped"},
}
"""The states that a message can have after each state, without a command of an operator. Several
transitions may happen between two looks."""


class MessageStates(RuleBasedStateMachine):
    """A workspace of two people, its outbox, and a Slack that fails in every way."""

    template: Path

    def __init__(self) -> None:
        """Create nothing yet."""
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.number = 0
        self.known: dict[int, str] = {}
        self.awaited: dict[str, list[str]] = {name: [] for name in PEOPLE}
        self.retried: set[str] = set()

    def run(self, work: Awaitable[T]) -> T:
        """Run an awaitable on the loop of this machine."""

        async def run() -> T:
            return await work

        return self.runner.run(run())

    @initialize()
    def open(self) -> None:
        """Open the workspace on an empty database."""
        self.folder = tempfile.TemporaryDirectory(prefix="labelbot-states-")
        path = Path(self.folder.name) / "labelbot.db"
        shutil.copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        context = open_slack(self.database, Path(self.folder.name))
        self.slack: SlackFixture = self.run(self.stack.enter_async_context(context))
        self.people = {name: self.slack.add_expert(name) for name in PEOPLE}

    @rule(name=st.sampled_from(PEOPLE), is_reply=st.booleans())
    def enqueue_text(self, name: str, is_reply: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """Queue a text that is different from all others."""
        self.number += 1
        text = f"text {self.number}"
        if is_reply:
            self.awaited[name].append(text)
        message = TextMessage(text, is_reply=is_reply)
        self.run(self.slack.enqueue(message, self.people[name].id))

    @rule(name=st.sampled_from(PEOPLE), ts=st.sampled_from(["1.1", "1.2"]))
    def enqueue_update(self, name: str, ts: str) -> None:
        """Queue an update of an older message."""
        person = self.people[name]
        self.run(self.slack.enqueue(SupersededMessage(person.dm, ts), person.id))

    @rule(
        kind=st.sampled_from([kind for kind in ErrorKind if kind != ErrorKind.UNKNOWN]),
        method=st.sampled_from(["chat.postMessage", "chat.update", "conversations.open", "*"]),
        times=st.integers(1, 4),
        data=st.data(),
    )
    def answer_with_error(self, kind: ErrorKind, method: str, times: int, data: Any) -> None:  # noqa: ANN401 - Hypothesis has no type for it
        """Let Slack refuse the next calls."""
        code = data.draw(st.sampled_from(sorted(codes_of_kind(kind))))
        self.slack.sandbox.faults.error(method, code, times)

    @rule(method=st.sampled_from(["chat.postMessage", "*"]), status=st.sampled_from([200, 500]))
    def answer_with_page(self, method: str, status: int) -> None:
        """Let Slack answer the next call with a page that is no JSON."""
        self.slack.sandbox.faults.fail(method, status)

    @rule(seconds=st.sampled_from([5, 60]))
    def limit_calls(self, seconds: int) -> None:
        """Let Slack refuse the next message because of its rate limit."""
        self.slack.sandbox.faults.ratelimit("chat.postMessage", seconds)

    @rule(seconds=st.sampled_from([0, 2, 30, 400]))
    def deliver(self, seconds: int) -> None:
        """Deliver for a moment; each time the bot is started and stopped."""
        self.slack.advance_clock(seconds=seconds)
        self.run(self._deliver_until(lambda: True, polls=3))

    # How far deliveries get depends on the load of the machine. Rules therefore have no
    # preconditions, and what they draw does not depend on the outbox.
    @rule()
    def retry_failed(self) -> None:
        """Queue all failed messages again, if there are any, as an operator does."""
        rows = self.rows()
        if all(row.state != "failed" for row in rows):
            return
        self.retried |= {row.payload["text"] for row in rows if "text" in row.payload}
        actor = Actor("operator", "command line", self.slack.now)
        self.known.clear()
        self.database.write_now(undelivered_messages.retry, [], actor)

    @rule(number=st.integers(0, 20))
    def drop_waiting(self, number: int) -> None:
        """Drop a waiting message, if there is one, as an operator does."""
        waiting = [id_of(row) for row in self.rows() if row.state == "waiting"]
        actor = Actor("operator", "command line", self.slack.now)
        if waiting:
            chosen = waiting[number % len(waiting)]
            self.database.write_now(undelivered_messages.drop, [chosen], actor)

    @invariant()
    def only_documented_transitions(self) -> None:
        """No message leaves a final state, and none has a state that is not documented."""
        if not hasattr(self, "slack"):
            return
        for row in self.rows():
            before = self.known.get(id_of(row), "waiting")
            assert row.state in NEXT_STATES[before], (before, row.state, row.error)
            assert (row.sent_at is not None) == (row.state in FINAL_STATES)
            assert row.state == "waiting" or row.leased_until is None
            assert row.attempts >= 0
            self.known[id_of(row)] = row.state

    @invariant()
    def failures_of_the_app_fail_no_message(self) -> None:
        """A message fails only because of itself or of its recipient."""
        if not hasattr(self, "slack"):
            return
        for row in self.rows():
            if row.state == "failed":
                assert row.error not in codes_of_kind(ErrorKind.APP) | codes_of_kind(
                    ErrorKind.SCOPE
                )

    @invariant()
    def awaited_messages_keep_their_order_and_come_once(self) -> None:
        """Nobody gets a message twice, and what people wait for comes in order."""
        if not hasattr(self, "slack"):
            return
        for name, person in self.people.items():
            shown = [message.plain_text for message in person.messages]
            assert len(shown) == len(set(shown))
            in_order = [
                text for text in self.awaited[name] if text in shown and text not in self.retried
            ]
            assert [text for text in shown if text in in_order] == in_order

    def teardown(self) -> None:
        """Let all faults pass: then the outbox is empty within half a minute of the clock."""
        if hasattr(self, "slack"):
            self.slack.sandbox.faults.clear()
            self.slack.advance_clock(seconds=400)
            self.run(self._deliver_until(self._is_empty, polls=200))
            assert self._is_empty(), [(row.state, row.error) for row in self.rows()]
            self.only_documented_transitions()
            self.awaited_messages_keep_their_order_and_come_once()
            self.run(self.stack.aclose())
            self.database.close()
            self.folder.cleanup()
        self.runner.close()

    def rows(self) -> list[OutboxMessage]:
        """Return the whole outbox."""
        return self.run(self.slack.outbox())

    def _is_empty(self) -> bool:
        return all(row.state in FINAL_STATES for row in self._rows_now())

    def _rows_now(self) -> list[OutboxMessage]:
        return self.database.read_now(lambda session: list(session.exec(select(OutboxMessage))))

    async def _deliver_until(self, condition: Callable[[], bool], polls: int) -> None:
        deliverer = Deliverer(self.slack.sender)
        task = asyncio.create_task(deliverer.run())
        for _ in range(polls):
            self.slack.advance_clock(seconds=0.5)
            deliverer.wake()
            await asyncio.sleep(0.01)
            if polls > 3 and condition():
                break
        deliverer.stop()
        await task


def test_message_states_hold_after_any_failures(migrated_file: Path) -> None:
    MessageStates.template = migrated_file
    few_examples = settings(max_examples=12, stateful_step_count=20)
    run_state_machine_as_test(MessageStates, settings=few_examples)

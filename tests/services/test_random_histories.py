"""Whole histories: whatever people, the clock and restarts do, in any order, the promises hold.

No task exceeds its overlap, nobody gets an item twice or one that they wrote, what was skipped
stays away, nobody is spoken to unasked at a bad time or too often, whoever was away is welcomed
once, no clock runs while a question waits, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from bot.cadence.working_hours import find_zone, is_working, start_of_day
from bot.errors import BotError
from bot.imports.column_mapping import ColumnMapping
from bot.services.answers import submit
from bot.services.answers.skip import SkipReason
from bot.services.assignments import assign
from bot.services.assignments.leases import working_hours_of
from bot.services.availability.reachability import ContactResult
from bot.services.experts import opt_out, time_off
from bot.services.experts.profiles import Profile, save_dnd, save_profile
from bot.services.questions import questions
from bot.services.reminders import scheduled
from bot.services.tasks import manual_assignment, next_task, scheduled_delivery
from storage.database import Database
from storage.queries import outbox
from storage.tables import (
    Assignment,
    Campaign,
    Expert,
    OutboxMessage,
    OutboxState,
    ReminderMessage,
    SkipPolicy,
    Task,
)
from tests.services.conftest import Scenario, pair
from tests.services.final_state import check_no_task_left
from tests.services.invariants import check_invariants

BEGIN = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
"""A Friday: the clocks change in London on Sunday."""

ZONES = {"U0ADA": "Europe/London", "U0BOB": "Pacific/Kiritimati", "U0EVE": "America/New_York"}
PEOPLE = st.sampled_from(sorted(ZONES))
WHO = st.sampled_from([None, None, *sorted(ZONES)])
"""Who clicks on a task: whoever holds it (None), or anybody."""

VERDICTS = {"a": ("a", "yes"), "b": ("b", "yes"), "back": ("a", "back")}
"""Answers: what is said of a task, or of the answer that it looks at."""

DEEDS = [*VERDICTS, "undo", "ask", *sorted(SkipReason)]

AN_HOUR = 60
NUMBERS = st.integers(1, 16)
"""Assignments, and some that are not there yet."""

TWO = {"levels": 2}
COLUMNS = ColumnMapping.parse([f"{part}={part}" for part in ("author", "authors", "domains")])

A_DAY, A_WEEK = 2, 6
"""The usual caps of a workspace."""

TICKS = (
    time_off.welcome_back,
    scheduled_delivery.dispatch_tasks,
    manual_assignment.notify_assignees,
    scheduled.send_due_reminders,
    scheduled.ask_about_opt_out,
)
"""What the clock says by itself, in its order."""

UNASKED = {"reminder", "stay", "welcome"}

Clock = Callable[[Session, datetime], ContactResult]


class History(RuleBasedStateMachine):
    """Three experts around the world, in two campaigns of four items; they wrote some themselves.

    The first wants one answer each, so that who is late comes too late. The second wants two, each
    confirmed, and lets nobody have what somebody skipped as unclear, broken or unsafe.
    """

    template: Path
    folder: Path
    number = 0

    def __init__(self) -> None:
        """Begin with a new database."""
        super().__init__()
        History.number += 1
        path = self.folder / f"{self.number}.db"
        copyfile(self.template, path)
        self.url = f"sqlite:///{path}"
        self.workshop = Scenario(Database(self.url), self.folder, BEGIN)
        self.kept: dict[int, tuple[int, dict[str, Any] | None]] = {}
        self.skipped: set[int] = set()
        self.quiet: dict[str, datetime] = {}
        self.said: Counter[str] = Counter()
        self.leaves: Counter[str] = Counter()

    @property
    def database(self) -> Database:
        """Return the door that is open now."""
        return self.workshop.database

    @initialize()
    def opens(self) -> None:
        """Let everything begin."""
        plan = [timedelta(hours=number) for number in (1, 2, 3)]
        people: dict[str, Any] = {"experts": sorted(ZONES), "reminders": plan}
        self.workshop.create_campaign("tone", **people, overlap=1)
        soon = BEGIN + timedelta(days=9)
        self.workshop.create_campaign("style", **people, overlap=2, settings=TWO, deadline=soon)
        self.write(_be_careful, "style")
        pseudonym = next(one.pseudonym for one in self.workshop.rows(Expert))
        rows = [
            pair(1, domains=["birds"]),
            pair(2, domains=["birds"], author="U0BOB"),
            pair(3, domains=["birds"], authors=["U0EVE", pseudonym]),
            pair(4),
        ]
        for name in ("tone", "style"):
            self.workshop.import_rows(name, rows, columns=COLUMNS)
        for person, zone in ZONES.items():
            self.write(save_profile, person, Profile(person, zone), self.workshop.now)

    def teardown(self) -> None:
        """Let everybody come back in the end: whatever can still be done, gets done."""
        for person in ZONES:
            self.write(time_off.end_time_off, person, self.workshop.now)
        while sum(self._does_all(person) for person in ZONES):
            pass  # what one answers another may have to look at
        self.database.read_now(check_invariants)
        self.database.read_now(check_no_task_left)
        self.database.close()

    def _does_all(self, person: str) -> int:
        done = 0
        while given := self._gets(person):
            said = self.database.read_now(_said, given, "tie", "yes")
            self.workshop.submit_answer(person, given, **said)
            done += 1
        return done

    @rule(person=PEOPLE, times=st.integers(1, 4), verdict=st.sampled_from([*VERDICTS, ""]))
    def asks(self, person: str, times: int, verdict: str) -> None:
        """Somebody asks for their next task, at whatever hour, and perhaps answers some."""
        for _ in range(times):
            given = self._gets(person)
            if given and verdict:
                self.acts(person, given, verdict)

    def _gets(self, person: str) -> int | None:
        had = {row.id for row in self.workshop.rows(Assignment) if row.state in submit.OPEN_STATES}
        given = self.workshop.assign_next(person)
        assert given in had or not self.database.read_now(_is_set_aside, given)
        return given

    @rule(person=WHO, assignment=NUMBERS, deed=st.sampled_from(DEEDS))
    def acts(self, person: str | None, assignment: int, deed: str) -> None:
        """Somebody clicks something, perhaps too late, or on somebody else's task."""
        if deed in VERDICTS:
            given = self.database.read_now(_said, assignment, *VERDICTS[deed])
            self._acts(person, submit.submit_answer, assignment, given)
        elif deed == "undo":
            self._acts(person, submit.undo, assignment)
        elif deed == "ask":
            self._asks(person, assignment)
        else:
            self._acts(person, submit.skip_task, assignment, deed)

    def _acts(
        self, person: str | None, deed: Callable[..., Any], assignment: int, *said: object
    ) -> None:
        who = person or self.database.read_now(_holder, assignment)
        try:
            self.write(deed, assignment, *said, self.workshop.interaction(who))
        except BotError:
            return
        self.database.read_now(self._keep, assignment)

    def _keep(self, session: Session, assignment: int) -> None:
        row = session.get_one(Assignment, assignment)
        assert row.version >= self.kept.get(assignment, (0, None))[0], "no version is lost"
        self.kept[assignment] = (row.version, row.value)
        self.skipped -= {assignment}
        self.skipped |= {assignment} if row.state == "skipped" else set()

    def _asks(self, person: str | None, assignment: int) -> None:
        with suppress(BotError):
            interaction = self.workshop.interaction(
                person or self.database.read_now(_holder, assignment)
            )
            self.write(questions.ask_question, assignment, "Why?", interaction, ["U0COORD"])

    @rule(question=st.integers(0, 3))
    def goes_on(self, question: int) -> None:
        """A coordinator answers a question, or the bot stops and starts again."""
        if question:
            with suppress(BotError):
                self.write(questions.answer_question, question, "Because.", self.workshop.by)
        else:
            self.database.close()
            self.workshop.database = Database(self.url)

    @rule(person=PEOPLE, days=st.integers(0, 6))
    def pauses(self, person: str, days: int) -> None:
        """Somebody takes some days off, or is back sooner."""
        if not days:
            self.write(time_off.end_time_off, person, self.workshop.now)
            return
        today = self.workshop.now.astimezone(find_zone(ZONES[person])).date()
        self.write(time_off.start_time_off, person, today + timedelta(days=days), self.workshop.now)
        self.leaves[person] += 1

    @rule(person=PEOPLE, status=st.sampled_from(["", "OOO", "Lunch"]), hours=st.integers(0, 60))
    def sets_status(self, person: str, status: str, hours: int) -> None:
        """Somebody says how they are, for a while or for good."""
        ends = self.workshop.now + timedelta(hours=hours) if hours else None
        profile = Profile(person, ZONES[person], status, "", ends)
        self.write(save_profile, person, profile, self.workshop.now)
        self.leaves[person] += status == "OOO"

    @rule(person=PEOPLE, hours=st.integers(0, 12))
    def snoozes(self, person: str, hours: int) -> None:
        """Somebody does not want to be disturbed for so long."""
        self.quiet[person] = self.workshop.now + timedelta(hours=hours)
        self._tells(person)

    def _tells(self, person: str) -> None:
        """Let Slack tell whether somebody wants to be disturbed."""
        now, ends = self.workshop.now, self.quiet.get(person, BEGIN)
        told = {
            "dnd_enabled": ends > now,
            "next_dnd_start_ts": int(now.timestamp()),
            "next_dnd_end_ts": int(ends.timestamp()),
        }
        self.write(save_dnd, person, told, now)

    @rule(person=PEOPLE, wants=st.sampled_from([None, True, False]))
    def chooses(self, person: str, wants: bool | None) -> None:  # noqa: FBT001 - hypothesis names it
        """Somebody wants reminders, or none, or still wants this."""
        if wants is None:
            self.write(opt_out.keep_participating, self.workshop.interaction(person))
        else:
            self.write(_change, person, wants_reminders=wants)

    @rule(minutes=st.sampled_from([10, 60, 60, 60, 540, 4000]), times=st.integers(1, 24))
    def lets_time_pass(self, minutes: int, times: int) -> None:
        """The clock goes on, and ticks: for a while, hour after hour, or once after a long time."""
        for _ in range(times if minutes <= AN_HOUR else 1):
            self.workshop.advance_clock(minutes=minutes)
            self._ticks()

    def _ticks(self) -> None:
        standing = self.database.read_now(_standing_still)
        self.write(scheduled_delivery.expire_leases, self.workshop.now)
        assert self.database.read_now(_standing_still) == standing, "a question stops the clock"
        for deed in TICKS:
            self._tick(deed)

    def _tick(self, deed: Clock) -> None:
        spoken = self.write(deed, self.workshop.now)
        for person in spoken.to_ask:
            self._tells(person)
        if spoken.to_ask:
            self.write(deed, self.workshop.now)
        self.write(self._say_everything)

    def _say_everything(self, session: Session) -> None:
        """Say what waits, as the outbox does, and look whether it may be said."""
        waiting = select(OutboxMessage).where(col(OutboxMessage.state) == OutboxState.WAITING)
        for row in session.exec(waiting.order_by(col(OutboxMessage.id))).all():
            if row.message_type in UNASKED or row.payload.get("pushed"):
                self._check_manners(session, row)
                self.said[f"{row.message_type} {row.recipient}"] += 1
            if row.message_type in ("task", "turn"):
                after = row.payload.get("assignment")
                turn = next_task.decide_next_task(session, row.recipient, after, self.workshop.now)
                assert turn is None or next_task.build_page(session, turn)
            outbox.record_outcome(session, row.id or 0, OutboxState.SENT, self.workshop.now)

    def _check_manners(self, session: Session, row: OutboxMessage) -> None:
        now = self.workshop.now
        expert = assign.expert_by_slack_id(session, row.recipient)
        assert expert is not None
        assert is_working(working_hours_of(expert), now), "only in working hours"
        ends = (expert.paused_until, expert.status_away_until, expert.dnd_until)
        assert all(until is None or until <= now for until in ends), "not while they are away"
        assert self.quiet.get(row.recipient, BEGIN) <= now, "not in Do Not Disturb"
        assert row.message_type == "welcome" or not expert.welcome_back_due, (
            "the summary comes first"
        )
        if row.message_type in ("reminder", "stay"):
            assert expert.wants_reminders
            assert not _standing_still(session) & set(row.payload.get("assignments", ()))
            self._check_caps(session, expert)

    def _check_caps(self, session: Session, expert: Expert) -> None:
        now = self.workshop.now
        sent = session.exec(
            select(ReminderMessage.created_at).where(ReminderMessage.expert_id == expert.id)
        ).all()
        assert sum(at >= start_of_day(expert.tz, now) for at in sent) <= A_DAY
        assert sum(at > now - timedelta(days=7) for at in sent) <= A_WEEK

    @invariant()
    def places_and_versions_are_right(self) -> None:
        """No task exceeds its overlap, nobody has an item twice or wrote it, versions are whole."""
        self.database.read_now(check_invariants)

    @invariant()
    def what_was_skipped_stays_away(self) -> None:
        """A skipped item never comes back to the same person, unless they take the skip back."""
        states = {row.id: row.state for row in self.workshop.rows(Assignment)}
        assert all(states[number] == "skipped" for number in self.skipped)

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        """Every answer is what was last stored, whatever became of its task."""
        self.database.read_now(self._compare)

    def _compare(self, session: Session) -> None:
        for number, known in self.kept.items():
            row = session.get_one(Assignment, number)
            is_look = session.get_one(Task, row.task_id).confirms_assignment_id is not None
            assert (row.version, row.value) == known or (is_look and row.value is None)

    @invariant()
    def nobody_is_welcomed_more_often_than_they_left(self) -> None:
        """One summary, no flood."""
        assert all(self.said[f"welcome {person}"] <= self.leaves[person] for person in ZONES)

    def write(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any deed
        """Do something in a transaction."""
        return self.database.write_now(fn, *args, **kwargs)


def _change(session: Session, slack_id: str, **columns: object) -> None:
    for column, value in columns.items():
        expert = session.exec(select(Expert).where(Expert.slack_id == slack_id)).one()
        expert.sqlmodel_update({column: value})
        session.add(expert)


def _be_careful(session: Session, name: str) -> None:
    campaign = session.exec(select(Campaign).where(Campaign.name == name)).one()
    campaign.skip_policy = SkipPolicy.HOLD
    session.add(campaign)


def _holder(session: Session, assignment: int) -> str:
    row = session.get(Assignment, assignment)
    return session.get_one(Expert, row.expert_id).slack_id if row else "U0NOBODY"


def _said(session: Session, assignment: int, verdict: str, word: str) -> dict[str, str]:
    """Return an answer, or a look at the answer that the task is about, as it is now."""
    row = session.get(Assignment, assignment)
    task = session.get_one(Task, row.task_id) if row else None
    if task is None or task.confirms_assignment_id is None:
        return {"verdict": verdict}
    version = session.get_one(Assignment, task.confirms_assignment_id).version
    return {"confirm": f"{word}_{version}", "why": "Sure?"}


def _is_set_aside(session: Session, assignment: int | None) -> bool:
    row = session.get(Assignment, assignment) if assignment else None
    return row is not None and session.get_one(Task, row.task_id).on_hold_since is not None


def _standing_still(session: Session) -> set[int]:
    """Return the open assignments whose clock stands still."""
    rows = session.exec(select(Assignment).where(col(Assignment.lease_paused_at).is_not(None)))
    return {row.id or 0 for row in rows if row.state in submit.OPEN_STATES}


def test_the_promises_hold_over_any_history(migrated_file: Path, tmp_path: Path) -> None:
    class Here(History):
        template, folder = migrated_file, tmp_path

    few = settings(max_examples=10, stateful_step_count=30)
    run_state_machine_as_test(Here, settings=few)

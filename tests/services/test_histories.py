"""Whole histories: whatever people, the clock and restarts do, in any order, the promises hold.

No task exceeds its overlap, nobody gets an item twice, nobody is spoken to unasked at a bad time or
too often, whoever was away is welcomed once, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
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

from bot.cadence.hours import is_working, midnight, zone_named
from bot.errors import BotError
from bot.services import answering, assigning, nudging, pushing, resting, serving, staying
from bot.services.leasing import hours_of
from bot.services.profiling import Profile, keep_profile, keep_quiet
from bot.services.speaking import Spoken
from storage.database import Database
from storage.queries import telling
from storage.tables import (
    Assignment,
    AssignmentState,
    Expert,
    Membership,
    Nudge,
    Outbox,
    OutboxState,
    Task,
)
from tests.services.conftest import Workshop, pair
from tests.services.keeping_count import check

BEGIN = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
"""A Friday: the clocks change in London on Sunday."""

ZONES = {"U0ADA": "Europe/London", "U0BOB": "Pacific/Kiritimati", "U0EVE": "America/New_York"}
PEOPLE = st.sampled_from(sorted(ZONES))

A_DAY, A_WEEK = 2, 6
"""The usual caps of a workspace."""

UNASKED = {"reminder", "stay", "welcome"}

Clock = Callable[[Session, datetime], Spoken]


class History(RuleBasedStateMachine):
    """Three experts around the world, in two campaigns of four tasks that want two answers each."""

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
        self.workshop = Workshop(Database(self.url), self.folder, BEGIN)
        self.kept: dict[int, tuple[int, dict[str, Any] | None]] = {}
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
        for name in ("tone", "style"):
            self.workshop.creates(name, experts=sorted(ZONES), overlap=2, reminders=plan)
            self.workshop.imports(name, [pair(number) for number in range(1, 5)])
        for person, zone in ZONES.items():
            self.write(keep_profile, person, Profile(person, zone), self.workshop.now)

    def teardown(self) -> None:
        """Let everybody come back in the end: whatever can still be done, gets done."""
        for person in ZONES:
            self.write(resting.come_back, person, self.workshop.now)
            while given := self.workshop.asks(person):
                self.workshop.answers(person, given, verdict="tie")
        self.database.read_now(_nothing_lies_about)
        self.database.close()

    @rule(person=PEOPLE)
    def asks(self, person: str) -> None:
        """Somebody asks for their next task, at whatever hour, and gets it if there is one."""
        self.workshop.asks(person)

    @rule(
        person=PEOPLE,
        assignment=st.integers(1, 12),
        deed=st.sampled_from(["answer", "answer", "undo", "skip"]),
        verdict=st.sampled_from(["a", "b"]),
    )
    def acts(self, person: str, assignment: int, deed: str, verdict: str) -> None:
        """Somebody clicks something, perhaps on somebody else's task."""
        click = self.workshop.click(person)
        try:
            if deed == "answer":
                self.write(answering.answer, assignment, {"verdict": verdict}, click)
            elif deed == "undo":
                self.write(answering.undo, assignment, click)
            else:
                self.write(answering.skip, assignment, "unclear", click)
        except BotError:
            return
        self.database.read_now(self._keep, assignment)

    def _keep(self, session: Session, assignment: int) -> None:
        row = session.get_one(Assignment, assignment)
        assert row.version >= self.kept.get(assignment, (0, None))[0], "no version is lost"
        self.kept[assignment] = (row.version, row.value)

    @rule(person=PEOPLE, days=st.integers(1, 6))
    def pauses(self, person: str, days: int) -> None:
        """Somebody takes some days off."""
        today = self.workshop.now.astimezone(zone_named(ZONES[person])).date()
        self.write(resting.pause, person, today + timedelta(days=days), self.workshop.now)
        self.leaves[person] += 1

    @rule(person=PEOPLE)
    def comes_back(self, person: str) -> None:
        """Somebody is back sooner."""
        self.write(resting.come_back, person, self.workshop.now)

    @rule(person=PEOPLE, status=st.sampled_from(["", "OOO", "Lunch"]), hours=st.integers(0, 60))
    def sets_status(self, person: str, status: str, hours: int) -> None:
        """Somebody says how they are, for a while or for good."""
        ends = self.workshop.now + timedelta(hours=hours) if hours else None
        profile = Profile(person, ZONES[person], status, "", ends)
        self.write(keep_profile, person, profile, self.workshop.now)
        self.leaves[person] += status == "OOO"

    @rule(person=PEOPLE, hours=st.integers(0, 12))
    def snoozes(self, person: str, hours: int) -> None:
        """Somebody does not want to be disturbed."""
        now = int(self.workshop.now.timestamp())
        told = {
            "dnd_enabled": hours > 0,
            "next_dnd_start_ts": now,
            "next_dnd_end_ts": now + hours * 3600,
        }
        self.write(keep_quiet, person, told, self.workshop.now)

    @rule(person=PEOPLE)
    def stays(self, person: str) -> None:
        """Somebody still wants this."""
        self.write(staying.stay, self.workshop.click(person))

    @rule(person=PEOPLE, wants=st.booleans())
    def chooses(self, person: str, wants: bool) -> None:  # noqa: FBT001 - hypothesis names it
        """Somebody wants reminders, or none."""
        self.write(_change, person, wants_reminders=wants)

    @rule()
    def restarts(self) -> None:
        """The bot stops and starts again."""
        self.database.close()
        self.workshop.database = Database(self.url)

    @rule(minutes=st.sampled_from([10, 60, 60, 180, 540, 1440, 4000]))
    def lets_time_pass(self, minutes: int) -> None:
        """The clock goes on, and ticks."""
        self.workshop.passes(minutes=minutes)
        self.write(pushing.expire, self.workshop.now)
        for deed in (resting.welcome, pushing.dispatch, nudging.remind, nudging.ask_to_stay):
            self._tick(deed)

    def _tick(self, deed: Clock) -> None:
        spoken = self.write(deed, self.workshop.now)
        for person in spoken.to_ask:
            self.write(keep_quiet, person, {}, self.workshop.now)
        if spoken.to_ask:
            self.write(deed, self.workshop.now)
        self.write(self._say_everything)

    def _say_everything(self, session: Session) -> None:
        """Say what waits, as the outbox does, and look whether it may be said."""
        waiting = select(Outbox).where(col(Outbox.state) == OutboxState.WAITING)
        for row in session.exec(waiting.order_by(col(Outbox.id))).all():
            if row.word in UNASKED or row.facts.get("pushed"):
                self._check_manners(session, row)
                self.said[f"{row.word} {row.lane}"] += 1
            if row.word in ("task", "turn"):
                after = row.facts.get("assignment")
                serving.page_for(session, row.lane, after, self.workshop.now)
            telling.settle(session, row.id or 0, OutboxState.SENT, self.workshop.now)

    def _check_manners(self, session: Session, row: Outbox) -> None:
        now = self.workshop.now
        expert = assigning.expert_by_slack_id(session, row.lane)
        assert expert is not None
        assert is_working(hours_of(expert), now), "only in working hours"
        ends = (expert.paused_until, expert.status_away_until, expert.dnd_until)
        assert all(until is None or until <= now for until in ends), "not while they are away"
        assert row.word == "welcome" or not expert.summary_due, "the summary comes first"
        if row.word in ("reminder", "stay"):
            assert expert.wants_reminders
            self._check_caps(session, expert)

    def _check_caps(self, session: Session, expert: Expert) -> None:
        now = self.workshop.now
        sent = session.exec(select(Nudge.created_at).where(Nudge.expert_id == expert.id)).all()
        assert sum(at >= midnight(expert.tz, now) for at in sent) <= A_DAY
        assert sum(at > now - timedelta(days=7) for at in sent) <= A_WEEK

    @invariant()
    def places_and_versions_are_right(self) -> None:
        """No task exceeds its overlap, nobody has an item twice, versions are whole."""
        self.database.read_now(check)

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        """Every answer is what was last stored, whatever became of its task."""
        self.database.read_now(self._compare)

    def _compare(self, session: Session) -> None:
        for number, known in self.kept.items():
            row = session.get_one(Assignment, number)
            assert (row.version, row.value) == known

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


def _nothing_lies_about(session: Session) -> None:
    """Check that a task with room left was turned down by everybody who could have done it."""
    done = {
        (row.task_id, row.expert_id)
        for row in session.exec(select(Assignment))
        if row.state in (AssignmentState.ANSWERED, AssignmentState.SKIPPED)
    }
    members = session.exec(select(Membership).where(col(Membership.left_at).is_(None))).all()
    for task in session.exec(select(Task).where(col(Task.taken) < col(Task.overlap))):
        there = [one.expert_id for one in members if one.campaign_id == task.campaign_id]
        assert all((task.id, expert) in done for expert in there)


def test_the_promises_hold_over_any_history(migrated_file: Path, tmp_path: Path) -> None:
    class Here(History):
        template, folder = migrated_file, tmp_path

    few = settings(max_examples=10, stateful_step_count=40, deadline=None, derandomize=True)
    run_state_machine_as_test(Here, settings=few)

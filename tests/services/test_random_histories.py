"""Random histories: the promises hold after any sequence of actions, clock ticks and restarts.

No task exceeds its overlap. Nobody is assigned an item twice or one that they wrote. Skipped tasks
do not return. The bot messages nobody unasked outside working hours or too often. A returning
expert gets one summary. Leases are paused while a question is open. Acknowledged answers are kept.
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
from bot.imports.mapping import ColumnMapping
from bot.services.answers import confirmation, submit
from bot.services.answers.skip import SkipReason
from bot.services.assignments.leases import working_hours_of
from bot.services.availability.reachability import ContactResult
from bot.services.experts import opt_out, time_off
from bot.services.experts.profiles import Profile, save_dnd, save_profile
from bot.services.questions import questions
from bot.services.reminders import scheduled
from bot.services.tasks import manual_assignment, next_task, scheduled_delivery
from storage.database import Database
from storage.queries import outbox
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import (
    Assignment,
    Expert,
    OutboxMessage,
    OutboxState,
    ReminderMessage,
    SkipPolicy,
)
from tests.services.conftest import Scenario, pair
from tests.services.final_state import check_no_task_left
from tests.services.history_queries import (
    answer_values,
    assignee_of,
    check_answers_are_kept,
    is_on_hold,
    paused_assignment_ids,
    set_skip_policy,
    update_expert,
)
from tests.services.invariants import check_invariants

START = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
"""A Friday: the clocks change in London on Sunday."""

ZONES = {"U0ADA": "Europe/London", "U0BOB": "Pacific/Kiritimati", "U0EVE": "America/New_York"}
EXPERTS = st.sampled_from(sorted(ZONES))
ACTORS = st.sampled_from([None, None, *sorted(ZONES)])
"""Who acts on a task: its assignee (None), or any expert."""

VERDICTS = {"a": ("a", "confirm"), "b": ("b", "confirm"), "back": ("a", "send_back")}
"""Answers: the verdict on a task, or the reply if the task is a confirmation."""

ACTIONS = [*VERDICTS, "undo", "ask", *sorted(SkipReason)]
MINUTES_PER_HOUR = 60
ASSIGNMENT_IDS = st.integers(1, 16)
"""Includes ids that do not exist yet."""

COLUMNS = ColumnMapping.parse([f"{part}={part}" for part in ("author", "authors", "domains")])
MAX_REMINDERS_PER_DAY, MAX_REMINDERS_PER_WEEK = 2, 6
"""The default caps of a workspace."""

SCHEDULED_JOBS = (
    time_off.welcome_back,
    scheduled_delivery.dispatch_tasks,
    manual_assignment.notify_assignees,
    scheduled.send_due_reminders,
    scheduled.ask_about_opt_out,
)
"""Jobs that message experts, in the order of the scheduler."""

UNASKED_MESSAGE_TYPES = {"reminder", "opt_out_question", "welcome_back"}
ScheduledJob = Callable[[Session, datetime], ContactResult]


class History(RuleBasedStateMachine):
    """Three experts around the world in two campaigns of four items, some written by the experts.

    The first campaign needs one answer per item, so a late answer can find no free slot. The second
    needs two confirmed answers per item and puts skipped tasks on hold.
    """

    template: Path
    folder: Path
    run_number = 0

    def __init__(self) -> None:
        """Create a new database."""
        super().__init__()
        History.run_number += 1
        path = self.folder / f"{self.run_number}.db"
        copyfile(self.template, path)
        self.url = f"sqlite:///{path}"
        self.scenario = Scenario(Database(self.url), self.folder, START)
        self.acknowledged: dict[int, tuple[int, dict[str, Any] | None]] = {}
        self.skipped: set[int] = set()
        self.dnd_until: dict[str, datetime] = {}
        self.sent_counts: Counter[str] = Counter()
        self.absence_counts: Counter[str] = Counter()

    @property
    def database(self) -> Database:
        """Return the database, which changes when the bot restarts."""
        return self.scenario.database

    @initialize()
    def create_campaigns(self) -> None:
        """Create the campaigns, items and profiles."""
        reminders = [timedelta(hours=number) for number in (1, 2, 3)]
        options: dict[str, Any] = {"experts": sorted(ZONES), "reminders": reminders}
        self.scenario.create_campaign("tone", **options, overlap=1)
        options |= {"settings": {"levels": 2}, "deadline": START + timedelta(days=9)}
        self.scenario.create_campaign("style", **options, overlap=2)
        self.write(set_skip_policy, "style", SkipPolicy.HOLD)
        pseudonym = next(expert.pseudonym for expert in self.scenario.rows(Expert))
        rows = [
            pair(1, domains=["birds"]),
            pair(2, domains=["birds"], author="U0BOB"),
            pair(3, domains=["birds"], authors=["U0EVE", pseudonym]),
            pair(4),
        ]
        for name in ("tone", "style"):
            self.scenario.import_rows(name, rows, columns=COLUMNS)
        for slack_id, zone in ZONES.items():
            self.write(save_profile, slack_id, Profile(slack_id, zone), self.scenario.now)

    def teardown(self) -> None:
        """End all time off, answer everything that can be answered, and check the result."""
        for slack_id in ZONES:
            self.write(time_off.end_time_off, slack_id, self.scenario.now)
        while sum(self._answer_all(slack_id) for slack_id in ZONES):
            pass  # an answer can create a confirmation task for another expert
        self.database.read_now(check_invariants)
        self.database.read_now(check_no_task_left)
        self.database.close()

    def _answer_all(self, slack_id: str) -> int:
        answered = 0
        while assignment_id := self._assign_next(slack_id):
            values = self.database.read_now(answer_values, assignment_id, "tie", "confirm")
            self.scenario.submit_answer(slack_id, assignment_id, **values)
            answered += 1
        return answered

    @rule(slack_id=EXPERTS, times=st.integers(1, 4), verdict=st.sampled_from([*VERDICTS, ""]))
    def request_tasks(self, slack_id: str, times: int, verdict: str) -> None:
        """An expert requests tasks at any hour and may answer them."""
        for _ in range(times):
            assignment_id = self._assign_next(slack_id)
            if assignment_id and verdict:
                self.act(slack_id, assignment_id, verdict)

    def _assign_next(self, slack_id: str) -> int | None:
        already_open = {
            row.id
            for row in self.scenario.rows(Assignment)
            if row.state in confirmation.OPEN_STATES
        }
        assignment_id = self.scenario.assign_next(slack_id)
        assert assignment_id in already_open or not self.database.read_now(
            is_on_hold, assignment_id
        )
        return assignment_id

    @rule(slack_id=ACTORS, assignment_id=ASSIGNMENT_IDS, action=st.sampled_from(ACTIONS))
    def act(self, slack_id: str | None, assignment_id: int, action: str) -> None:
        """Somebody acts on a task, perhaps too late or on a task of somebody else."""
        if action in VERDICTS:
            values = self.database.read_now(answer_values, assignment_id, *VERDICTS[action])
            self._act(slack_id, submit.submit_answer, assignment_id, values)
        elif action == "undo":
            self._act(slack_id, submit.undo, assignment_id)
        elif action == "ask":
            self._ask(slack_id, assignment_id)
        else:
            self._act(slack_id, submit.skip_task, assignment_id, action)

    def _act(
        self, slack_id: str | None, action: Callable[..., Any], assignment_id: int, *args: object
    ) -> None:
        actor = slack_id or self.database.read_now(assignee_of, assignment_id)
        try:
            self.write(action, assignment_id, *args, self.scenario.interaction(actor))
        except BotError:
            return
        self.database.read_now(self._record_acknowledged, assignment_id)

    def _record_acknowledged(self, session: Session, assignment_id: int) -> None:
        row = session.get_one(Assignment, assignment_id)
        last_version = self.acknowledged.get(assignment_id, (0, None))[0]
        assert row.version >= last_version, "no version is lost"
        self.acknowledged[assignment_id] = (row.version, row.value)
        self.skipped -= {assignment_id}
        self.skipped |= {assignment_id} if row.state == "skipped" else set()

    def _ask(self, slack_id: str | None, assignment_id: int) -> None:
        with suppress(BotError):
            actor = slack_id or self.database.read_now(assignee_of, assignment_id)
            interaction = self.scenario.interaction(actor)
            self.write(questions.ask_question, assignment_id, "Why?", interaction, ["U0COORD"])

    @rule(question_id=st.integers(0, 3))
    def answer_question_or_restart(self, question_id: int) -> None:
        """A coordinator answers a question, or the bot restarts (0)."""
        if question_id:
            with suppress(BotError):
                self.write(questions.answer_question, question_id, "Because.", self.scenario.actor)
        else:
            self.database.close()
            self.scenario.database = Database(self.url)

    @rule(slack_id=EXPERTS, days=st.integers(0, 6))
    def take_time_off(self, slack_id: str, days: int) -> None:
        """An expert takes some days off, or ends time off early (0)."""
        if not days:
            self.write(time_off.end_time_off, slack_id, self.scenario.now)
            return
        today = self.scenario.now.astimezone(find_zone(ZONES[slack_id])).date()
        until = today + timedelta(days=days)
        self.write(time_off.start_time_off, slack_id, until, self.scenario.now)
        self.absence_counts[slack_id] += 1

    @rule(slack_id=EXPERTS, status=st.sampled_from(["", "OOO", "Lunch"]), hours=st.integers(0, 60))
    def set_status(self, slack_id: str, status: str, hours: int) -> None:
        """An expert sets a Slack status, for some hours or without an end (0)."""
        ends_at = self.scenario.now + timedelta(hours=hours) if hours else None
        profile = Profile(slack_id, ZONES[slack_id], status, "", ends_at)
        self.write(save_profile, slack_id, profile, self.scenario.now)
        self.absence_counts[slack_id] += status == "OOO"

    @rule(slack_id=EXPERTS, hours=st.integers(0, 12))
    def start_dnd(self, slack_id: str, hours: int) -> None:
        """An expert starts Do Not Disturb."""
        self.dnd_until[slack_id] = self.scenario.now + timedelta(hours=hours)
        self._fetch_dnd(slack_id)

    def _fetch_dnd(self, slack_id: str) -> None:
        """Save the Do Not Disturb status as Slack would report it."""
        now, ends_at = self.scenario.now, self.dnd_until.get(slack_id, START)
        dnd_info = {
            "dnd_enabled": ends_at > now,
            "next_dnd_start_ts": int(now.timestamp()),
            "next_dnd_end_ts": int(ends_at.timestamp()),
        }
        self.write(save_dnd, slack_id, dnd_info, now)

    @rule(slack_id=EXPERTS, wants_reminders=st.sampled_from([None, True, False]))
    def change_preferences(
        self,
        slack_id: str,
        wants_reminders: bool | None,  # noqa: FBT001 - hypothesis passes it by name
    ) -> None:
        """An expert turns reminders on or off, or confirms to stay (None)."""
        if wants_reminders is None:
            self.write(opt_out.keep_participating, self.scenario.interaction(slack_id))
        else:
            self.write(update_expert, slack_id, wants_reminders=wants_reminders)

    @rule(minutes=st.sampled_from([10, 60, 60, 60, 540, 4000]), times=st.integers(1, 24))
    def advance_clock(self, minutes: int, times: int) -> None:
        """The clock ticks repeatedly, or once after a long time."""
        for _ in range(times if minutes <= MINUTES_PER_HOUR else 1):
            self.scenario.advance_clock(minutes=minutes)
            self._tick()

    def _tick(self) -> None:
        paused_before = self.database.read_now(paused_assignment_ids)
        self.write(scheduled_delivery.expire_leases, self.scenario.now)
        paused_after = self.database.read_now(paused_assignment_ids)
        assert paused_after == paused_before, "a question pauses the lease"
        for job in SCHEDULED_JOBS:
            self._run_job(job)

    def _run_job(self, job: ScheduledJob) -> None:
        result = self.write(job, self.scenario.now)
        for slack_id in result.dnd_unknown_ids:
            self._fetch_dnd(slack_id)
        if result.dnd_unknown_ids:
            self.write(job, self.scenario.now)
        self.write(self._deliver_all)

    def _deliver_all(self, session: Session) -> None:
        """Deliver waiting messages as the outbox does, and check that each may be sent now."""
        waiting = select(OutboxMessage).where(col(OutboxMessage.state) == OutboxState.WAITING)
        for row in session.exec(waiting.order_by(col(OutboxMessage.id))).all():
            if row.message_type in UNASKED_MESSAGE_TYPES or row.payload.get("is_dispatched"):
                self._check_may_be_sent(session, row)
                self.sent_counts[f"{row.message_type} {row.recipient}"] += 1
            if row.message_type in ("new_task", "task_page"):
                previous_id = row.payload.get("assignment_id")
                decision = next_task.decide_next_task(
                    session, row.recipient, previous_id, self.scenario.now
                )
                assert decision is None or next_task.build_page(session, decision)
            outbox.record_outcome(session, id_of(row), OutboxState.SENT, self.scenario.now)

    def _check_may_be_sent(self, session: Session, row: OutboxMessage) -> None:
        now = self.scenario.now
        expert = expert_by_slack_id(session, row.recipient)
        assert expert is not None
        assert is_working(working_hours_of(expert), now), "only in working hours"
        absence_ends = (expert.paused_until, expert.status_away_until, expert.dnd_until)
        assert all(end is None or end <= now for end in absence_ends), "not while they are away"
        assert self.dnd_until.get(row.recipient, START) <= now, "not in Do Not Disturb"
        assert row.message_type == "welcome_back" or not expert.welcome_back_due, (
            "the summary comes first"
        )
        if row.message_type in ("reminder", "opt_out_question"):
            assert expert.wants_reminders
            assignment_ids = set(row.payload.get("assignment_ids", ()))
            assert not paused_assignment_ids(session) & assignment_ids
            self._check_caps(session, expert)

    def _check_caps(self, session: Session, expert: Expert) -> None:
        now = self.scenario.now
        sent = session.exec(
            select(ReminderMessage.created_at).where(ReminderMessage.expert_id == expert.id)
        ).all()
        assert sum(at >= start_of_day(expert.tz, now) for at in sent) <= MAX_REMINDERS_PER_DAY
        assert sum(at > now - timedelta(days=7) for at in sent) <= MAX_REMINDERS_PER_WEEK

    @invariant()
    def invariants_hold(self) -> None:
        """Overlaps are respected, nobody has an item twice or wrote it, versions are complete."""
        self.database.read_now(check_invariants)

    @invariant()
    def skipped_tasks_stay_skipped(self) -> None:
        """A skipped task returns to the same expert only if they undo the skip."""
        states = {row.id: row.state for row in self.scenario.rows(Assignment)}
        assert all(states[assignment_id] == "skipped" for assignment_id in self.skipped)

    @invariant()
    def acknowledged_answers_are_kept(self) -> None:
        """Every acknowledged answer is stored, whatever happened to its task."""
        self.database.read_now(check_answers_are_kept, self.acknowledged)

    @invariant()
    def each_absence_has_one_summary(self) -> None:
        """An expert gets at most one welcome-back summary per absence."""
        for slack_id in ZONES:
            assert self.sent_counts[f"welcome_back {slack_id}"] <= self.absence_counts[slack_id]

    def write(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any function
        """Call a function in a write transaction."""
        return self.database.write_now(fn, *args, **kwargs)


def test_promises_hold_over_any_history(migrated_file: Path, tmp_path: Path) -> None:
    class LocalHistory(History):
        template, folder = migrated_file, tmp_path

    hypothesis_settings = settings(max_examples=10, stateful_step_count=30)
    run_state_machine_as_test(LocalHistory, settings=hypothesis_settings)

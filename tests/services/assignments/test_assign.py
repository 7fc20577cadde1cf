"""Assigning tasks: at most the overlap, each expert once, candidates shuffled per expert."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from threading import Barrier
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlmodel import Session

from bot.errors import BotError
from bot.messages.tasks import NewTaskMessage
from bot.routing import candidate_order
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.answers.skip import SkipReason
from bot.services.assignments import assign, selection
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import LifecycleAction
from bot.services.experts import profiles
from bot.services.tasks import scheduled_delivery
from storage.database import Database
from storage.tables import Assignment, Campaign, Expert, Membership, OutboxMessage, Task
from tests.services.conftest import NOW, Scenario, pair
from tests.services.invariants import check_counts, check_invariants

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def open_campaign(scenario: Scenario, *experts: str, items: int = 3, **options: Any) -> None:  # noqa: ANN401 - any option of a campaign
    """Create a campaign with items."""
    scenario.create_campaign(experts=experts, **{"overlap": 1, **options})
    scenario.import_rows("tone", [pair(number) for number in range(1, items + 1)])


def task_ids_of(scenario: Scenario, slack_id: str) -> list[int]:
    """Return the ids of an expert's tasks, in the order of assignment."""
    (expert_id,) = (row.id for row in scenario.rows(Expert) if row.slack_id == slack_id)
    return [row.task_id for row in scenario.rows(Assignment) if row.expert_id == expert_id]


def test_expert_with_open_task_gets_it_again(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    assert scenario.assign_next(ADA) == scenario.assign_next(ADA) == 1
    assert scenario.count("assignment") == 1


def test_all_experts_get_tasks_in_campaign_order(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, overlap=2)
    assert scenario.answer_all(ADA, verdict="a") == 3
    assert scenario.answer_all(BOB, verdict="b") == 3
    task_ids = [row.id for row in scenario.rows(Task)]
    assert task_ids_of(scenario, ADA) == task_ids_of(scenario, BOB) == task_ids
    check_counts(scenario)


def test_complete_task_is_not_assigned(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=1)
    assert scenario.assign_next(ADA) is not None
    assert scenario.assign_next(BOB) is None


def test_expert_gets_no_tasks_of_other_campaigns(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.create_campaign("other", experts=[BOB])
    assert scenario.assign_next(BOB) is None


def test_campaign_with_nearest_deadline_comes_first(scenario: Scenario) -> None:
    for name, days in (("later", 9), ("soon", 3), ("never", None)):
        deadline = NOW + timedelta(days=days) if days else None
        scenario.create_campaign(name, experts=[ADA], overlap=1, deadline=deadline)
        scenario.import_rows(name, [pair(1)])
    assert scenario.answer_all(ADA, verdict="a") == 3
    names = {row.id: row.name for row in scenario.rows(Campaign)}
    order = [names[row.campaign_id] for row in scenario.rows(Assignment)]
    assert order == ["soon", "later", "never"]


@pytest.mark.parametrize("transition", [campaigns.pause, campaigns.close])
def test_campaign_that_is_not_open_assigns_no_tasks(
    scenario: Scenario, transition: LifecycleAction
) -> None:
    open_campaign(scenario, ADA)
    scenario.run_for_campaign("tone", transition, scenario.actor)
    assert scenario.assign_next(ADA) is None


def test_released_slot_behind_scan_position_is_found(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=2)
    first = scenario.assign_next(ADA) or 0
    assert scenario.answer_all(BOB, verdict="b") == 1
    scenario.database.write_now(submit.skip_task, first, "unclear", scenario.interaction(ADA))
    assert scenario.answer_all(BOB, verdict="b") == 1
    assert sorted(task_ids_of(scenario, BOB)) == [row.id for row in scenario.rows(Task)]


def test_items_imported_later_are_assigned(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)
    assert scenario.answer_all(ADA, verdict="a") == 1
    scenario.import_rows("tone", [pair(9)])
    assert scenario.answer_all(ADA, verdict="a") == 1


def test_expired_task_returns_last_if_slot_is_free(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=2)
    first = scenario.assign_next(ADA)
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    second = scenario.assign_next(ADA)
    assert second != first
    scenario.submit_answer(ADA, second or 0, verdict="a")
    assert scenario.assign_next(ADA) == first
    row = scenario.rows(Assignment)[0]
    assert (row.state, row.delivered_at) == ("delivered", scenario.now)
    assert row.leased_until == scenario.now + timedelta(days=1, hours=8), "two working days"
    check_counts(scenario)


def test_lease_starts_at_assignment(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, lease=timedelta(hours=5), reminders=())
    scenario.assign_next(ADA)
    (row,) = scenario.rows(Assignment)
    assert row.leased_until == scenario.now + timedelta(hours=5)
    assert row.delivered_at == scenario.now


def test_delivery_time_does_not_change(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=1)
    scenario.assign_next(ADA)
    assert scenario.rows(Assignment)[0].delivered_at == NOW


def test_candidate_order_is_per_expert_and_reproducible(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{n}" for n in range(24)]
    open_campaign(scenario, *experts, items=1, overlap=24)
    for expert in experts:
        scenario.assign_next(expert)
    (campaign,) = scenario.rows(Campaign)
    rows = scenario.rows(Assignment)
    assert {tuple(row.candidate_order) for row in rows} == {(0, 1), (1, 0)}
    for row in rows:
        expected = candidate_order(campaign.seed, row.task_id, row.expert_id, 2)
        assert row.candidate_order == expected


def test_task_request_is_queued_and_ends_absence(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)

    def set_away(session: Session) -> None:
        session.get_one(Expert, 1).away_since = NOW

    scenario.database.write_now(set_away)
    message = NewTaskMessage(is_requested=True)
    scenario.database.write_now(assign.request_next_task, message, recipient=ADA, now=scenario.now)
    assert scenario.rows(Expert)[0].away_since is None
    (row,) = scenario.rows(OutboxMessage)
    assert (row.message_type, row.recipient, row.payload, row.due_at) == (
        "new_task",
        ADA,
        {"is_requested": True},
        scenario.now,
    )


def test_stranger_can_request_task(scenario: Scenario) -> None:
    scenario.database.write_now(
        assign.request_next_task, NewTaskMessage(), recipient=EVE, now=scenario.now
    )
    assert scenario.count("outbox") == 1
    assert scenario.count("expert") == 0


def test_missing_profiles_are_listed_until_synced(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB)
    assert scenario.database.read_now(profiles.list_stale_profiles, NOW, 9) == [ADA, BOB]

    def sync_profile(session: Session) -> None:
        session.get_one(Expert, 1).profile_synced_at = NOW

    scenario.database.write_now(sync_profile)
    assert scenario.database.read_now(profiles.list_stale_profiles, NOW, 9) == [BOB]


def test_waiting_count_includes_open_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=5)

    def count_waiting(limit: int) -> int:
        return scenario.database.read_now(
            lambda session: selection.count_waiting(
                session, selection.build_search(session, 1, scenario.now), limit
            )
        )

    assert count_waiting(100) == 5
    scenario.assign_next(ADA)
    assert count_waiting(100) == 5
    assert count_waiting(3) == 3
    scenario.submit_answer(ADA, 1, verdict="a")
    assert count_waiting(100) == 4


def test_eight_concurrent_experts_fill_every_task_exactly(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{n}" for n in range(8)]
    open_campaign(scenario, *experts, items=8, overlap=3)
    barrier = Barrier(len(experts))

    def answer_all(slack_id: str) -> int:
        barrier.wait(10)
        return scenario.answer_all(slack_id, verdict="a")

    with ThreadPoolExecutor(len(experts)) as executor:
        answer_count = sum(executor.map(answer_all, experts))
    answer_count += sum(scenario.answer_all(expert, verdict="a") for expert in experts)
    assert answer_count == 8 * 3
    assert [row.slots_taken for row in scenario.rows(Task)] == [3] * 8
    check_counts(scenario)


def test_concurrent_requests_of_one_expert_assign_one_task(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=8)
    barrier = Barrier(8)

    def assign_next(_number: int) -> int | None:
        barrier.wait(10)
        return scenario.assign_next(ADA)

    with ThreadPoolExecutor(8) as executor:
        assert set(executor.map(assign_next, range(8))) == {1}
    assert scenario.count("assignment") == 1
    check_counts(scenario)


def test_database_rejects_too_many_slots(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, items=1)

    def exceed_overlap(session: Session) -> None:
        session.get_one(Task, 1).slots_taken = 2

    with pytest.raises(Exception, match="taken_within_overlap"):
        scenario.database.write_now(exceed_overlap)


EXPERTS = (ADA, BOB, EVE)
ACTIONS = st.sampled_from(["answer", "undo", "skip", "read"])


class Labeling(RuleBasedStateMachine):
    """Three experts act in any order in a campaign of three tasks with an overlap of two."""

    template: Path
    folder: Path
    number = 0

    def __init__(self) -> None:
        """Start with an empty database."""
        super().__init__()
        Labeling.number += 1
        path = self.folder / f"{self.number}.db"
        copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.scenario = Scenario(self.database, self.folder)
        open_campaign(self.scenario, *EXPERTS, overlap=2, reminders=())
        self.clicks: list[tuple[str, int, Interaction, str]] = []

    def teardown(self) -> None:
        """Close the database."""
        self.database.close()

    @rule(person=st.sampled_from(EXPERTS))
    def assign_next(self, person: str) -> None:
        """Assign an expert their next task."""
        self.scenario.assign_next(person)

    @rule(
        person=st.sampled_from(EXPERTS),
        assignment_id=st.integers(1, 7),
        action=ACTIONS,
        verdict=st.sampled_from(["a", "b", "nonsense"]),
    )
    def act(self, person: str, assignment_id: int, action: str, verdict: str) -> None:
        """Act as an expert on anyone's task."""
        click = (action, assignment_id, self.scenario.interaction(person), verdict)
        self.clicks.append(click)
        self._perform(*click)

    @rule(back=st.integers(1, 5))
    def redeliver(self, back: int) -> None:
        """Deliver an earlier click again, as Slack may do."""
        if len(self.clicks) >= back:
            action, assignment_id, interaction, verdict = self.clicks[-back]
            before = self._count_versions(assignment_id, interaction)
            self._perform(action, assignment_id, interaction, verdict)
            assert self._count_versions(assignment_id, interaction) <= max(before, 1)

    @rule(hours=st.sampled_from([1, 30, 60]))
    def expire_leases(self, hours: int) -> None:
        """Let time pass, and expire leases."""
        self.scenario.advance_clock(hours=hours)
        self.database.write_now(scheduled_delivery.expire_leases, self.scenario.now)

    @rule(transition=st.sampled_from([campaigns.pause, campaigns.resume]))
    def change_state(self, transition: LifecycleAction) -> None:
        """Pause or resume the campaign."""
        self._try(lambda: self.scenario.run_for_campaign("tone", transition, self.scenario.actor))

    @invariant()
    def invariants_hold(self) -> None:
        """Check slot counts, versions and assignees."""
        self.database.read_now(check_invariants)

    def _count_versions(self, assignment_id: int, interaction: Interaction) -> int:
        def count(session: Session) -> int:
            statement = (
                "SELECT count(*) FROM annotation WHERE assignment_id = ? AND interaction_id = ?"
            )
            parameters = (assignment_id, interaction.id)
            return int(session.connection().exec_driver_sql(statement, parameters).scalar_one())

        return self.database.read_now(count)

    def _perform(
        self, action: str, assignment_id: int, interaction: Interaction, verdict: str
    ) -> None:
        actions = {
            "answer": lambda s: submit.submit_answer(
                s, assignment_id, {"verdict": verdict}, interaction
            ),
            "undo": lambda s: submit.undo(s, assignment_id, interaction),
            "skip": lambda s: submit.skip_task(s, assignment_id, SkipReason.UNCLEAR, interaction),
            "read": lambda s: submit.mark_full_text_read(s, assignment_id, interaction),
        }
        self._try(lambda: self.database.write_now(actions[action]))

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except BotError:
            self.database.read_now(check_invariants)


@pytest.mark.slow
def test_counts_are_right_after_any_actions(migrated_file: Path, tmp_path: Path) -> None:
    Labeling.template, Labeling.folder = migrated_file, tmp_path
    few_examples = settings(max_examples=12, stateful_step_count=25)
    run_state_machine_as_test(Labeling, settings=few_examples)


def test_membership_stores_scan_position(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.assign_next(ADA)
    assert scenario.rows(Membership)[0].scan_position == scenario.rows(Task)[0].id

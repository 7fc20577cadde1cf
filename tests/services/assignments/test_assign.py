"""Giving tasks: never more than the overlap, nobody twice, everybody their own shuffle."""

from __future__ import annotations

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
from bot.routing import candidate_order
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.answers.skip import SkipReason
from bot.services.assignments import assign, selection
from bot.services.campaigns import campaigns
from bot.services.experts import profiles
from bot.services.tasks import scheduled_delivery
from storage.database import Database
from storage.tables import Assignment, Campaign, Expert, Membership, OutboxMessage, Task
from tests.services.conftest import NOW, Scenario, pair
from tests.services.invariants import check_counts, check_invariants

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def opened(scenario: Scenario, *experts: str, items: int = 3, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
    """Open a campaign with items."""
    scenario.create_campaign(experts=experts, **{"overlap": 1, **wanted})
    scenario.import_rows("tone", [pair(number) for number in range(1, items + 1)])


def given_to(scenario: Scenario, slack_id: str) -> list[int]:
    """Return the tasks that somebody was given, in order."""
    (expert,) = (row.id for row in scenario.rows(Expert) if row.slack_id == slack_id)
    return [row.task_id for row in scenario.rows(Assignment) if row.expert_id == expert]


def test_whoever_holds_a_task_gets_that_one_again(scenario: Scenario) -> None:
    opened(scenario, ADA)
    assert scenario.assign_next(ADA) == scenario.assign_next(ADA) == 1
    assert scenario.count("assignment") == 1


def test_everybody_goes_through_a_campaign_in_its_order(scenario: Scenario) -> None:
    opened(scenario, ADA, BOB, overlap=2)
    assert scenario.answer_all(ADA, verdict="a") == 3
    assert scenario.answer_all(BOB, verdict="b") == 3
    numbers = [row.id for row in scenario.rows(Task)]
    assert given_to(scenario, ADA) == given_to(scenario, BOB) == numbers
    check_counts(scenario)


def test_a_task_with_all_its_answers_is_given_to_nobody_else(scenario: Scenario) -> None:
    opened(scenario, ADA, BOB, items=1)
    assert scenario.assign_next(ADA) is not None
    assert scenario.assign_next(BOB) is None


def test_a_stranger_is_given_nothing(scenario: Scenario) -> None:
    opened(scenario, ADA)
    scenario.create_campaign("other", experts=[BOB])
    assert scenario.assign_next(BOB) is None


def test_the_campaign_that_must_be_done_first_comes_first(scenario: Scenario) -> None:
    for name, deadline in (("later", 9), ("soon", 3), ("never", None)):
        wanted = NOW + timedelta(days=deadline) if deadline else None
        scenario.create_campaign(name, experts=[ADA], overlap=1, deadline=wanted)
        scenario.import_rows(name, [pair(1)])
    assert scenario.answer_all(ADA, verdict="a") == 3
    names = {row.id: row.name for row in scenario.rows(Campaign)}
    order = [names[row.campaign_id] for row in scenario.rows(Assignment)]
    assert order == ["soon", "later", "never"]


@pytest.mark.parametrize("move", [campaigns.pause, campaigns.close])
def test_a_campaign_that_is_not_open_hands_out_nothing(scenario: Scenario, move: Any) -> None:  # noqa: ANN401 - a move
    opened(scenario, ADA)
    scenario.run_for_campaign("tone", move, scenario.actor)
    assert scenario.assign_next(ADA) is None


def test_a_place_that_was_given_back_is_found_behind_the_last_task(scenario: Scenario) -> None:
    opened(scenario, ADA, BOB, items=2)
    first = scenario.assign_next(ADA) or 0
    assert scenario.answer_all(BOB, verdict="b") == 1
    scenario.database.write_now(submit.skip_task, first, "unclear", scenario.interaction(ADA))
    assert scenario.answer_all(BOB, verdict="b") == 1
    assert sorted(given_to(scenario, BOB)) == [row.id for row in scenario.rows(Task)]


def test_items_that_come_later_are_given_too(scenario: Scenario) -> None:
    opened(scenario, ADA, items=1)
    assert scenario.answer_all(ADA, verdict="a") == 1
    scenario.import_rows("tone", [pair(9)])
    assert scenario.answer_all(ADA, verdict="a") == 1


def test_an_expired_task_comes_back_last_and_only_if_nobody_took_it(scenario: Scenario) -> None:
    opened(scenario, ADA, BOB, items=2)
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


def test_a_lease_runs_from_when_a_task_is_given(scenario: Scenario) -> None:
    opened(scenario, ADA, lease=timedelta(hours=5), reminders=())
    scenario.assign_next(ADA)
    (row,) = scenario.rows(Assignment)
    assert row.leased_until == scenario.now + timedelta(hours=5)
    assert row.delivered_at == scenario.now


def test_a_task_is_delivered_once_for_all(scenario: Scenario) -> None:
    opened(scenario, ADA)
    scenario.assign_next(ADA)
    scenario.advance_clock(hours=1)
    scenario.assign_next(ADA)
    assert scenario.rows(Assignment)[0].delivered_at == NOW


def test_everybody_has_their_own_shuffle_and_it_can_be_had_again(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{number}" for number in range(12)]
    opened(scenario, *experts, items=1, overlap=12)
    for expert in experts:
        scenario.assign_next(expert)
    (campaign,) = scenario.rows(Campaign)
    rows = scenario.rows(Assignment)
    assert {tuple(row.candidate_order) for row in rows} == {(0, 1), (1, 0)}
    for row in rows:
        again = candidate_order(campaign.seed, row.task_id, row.expert_id, 2)
        assert row.candidate_order == again


def test_asking_is_written_down_and_whoever_asks_is_back(scenario: Scenario) -> None:
    opened(scenario, ADA)

    def leave(session: Session) -> None:
        session.get_one(Expert, 1).away_since = NOW

    scenario.database.write_now(leave)
    facts = {"is_requested": True}
    scenario.database.write_now(
        assign.request_next_task, "new_task", recipient=ADA, payload=facts, now=scenario.now
    )
    assert scenario.rows(Expert)[0].away_since is None
    (row,) = scenario.rows(OutboxMessage)
    assert (row.message_type, row.recipient, row.payload, row.due_at) == (
        "new_task",
        ADA,
        facts,
        scenario.now,
    )


def test_a_stranger_may_ask_too(scenario: Scenario) -> None:
    scenario.database.write_now(
        assign.request_next_task, "new_task", recipient=EVE, payload={}, now=scenario.now
    )
    assert scenario.count("outbox") == 1
    assert scenario.count("expert") == 0


def test_who_is_not_known_yet_is_found_once(scenario: Scenario) -> None:
    opened(scenario, ADA, BOB)
    assert scenario.database.read_now(profiles.list_stale_profiles, NOW, 9) == [ADA, BOB]

    def known(session: Session) -> None:
        session.get_one(Expert, 1).profile_synced_at = NOW

    scenario.database.write_now(known)
    assert scenario.database.read_now(profiles.list_stale_profiles, NOW, 9) == [BOB]


def test_what_waits_is_counted_with_what_is_held(scenario: Scenario) -> None:
    opened(scenario, ADA, items=5)

    def waiting(most: int) -> int:
        return scenario.database.read_now(
            lambda session: selection.count_waiting(
                session, selection.build_search(session, 1), most
            )
        )

    assert waiting(100) == 5
    scenario.assign_next(ADA)
    assert waiting(100) == 5
    assert waiting(3) == 3
    scenario.submit_answer(ADA, 1, verdict="a")
    assert waiting(100) == 4


def test_eight_at_once_fill_every_task_and_exceed_none(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{number}" for number in range(8)]
    opened(scenario, *experts, items=8, overlap=3)
    ready = Barrier(len(experts))

    def work(slack_id: str) -> int:
        ready.wait(10)
        return scenario.answer_all(slack_id, verdict="a")

    with ThreadPoolExecutor(len(experts)) as pool:
        done = sum(pool.map(work, experts))
    done += sum(scenario.answer_all(expert, verdict="a") for expert in experts)
    assert done == 8 * 3
    assert [row.slots_taken for row in scenario.rows(Task)] == [3] * 8
    check_counts(scenario)


def test_one_expert_in_eight_threads_holds_one_task(scenario: Scenario) -> None:
    opened(scenario, ADA, items=8)
    ready = Barrier(8)

    def ask(_number: int) -> int | None:
        ready.wait(10)
        return scenario.assign_next(ADA)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {1}
    assert scenario.count("assignment") == 1
    check_counts(scenario)


def test_the_database_itself_refuses_one_too_many(scenario: Scenario) -> None:
    opened(scenario, ADA, items=1)

    def cheat(session: Session) -> None:
        session.get_one(Task, 1).slots_taken = 2

    with pytest.raises(Exception, match="taken_within_overlap"):
        scenario.database.write_now(cheat)


EXPERTS = (ADA, BOB, EVE)
DEEDS = st.sampled_from(["answer", "undo", "skip", "read"])


class Labelling(RuleBasedStateMachine):
    """Three experts do anything in any order, in a campaign of three tasks that want two each."""

    template: Path
    folder: Path
    number = 0

    def __init__(self) -> None:
        """Begin with a new database."""
        super().__init__()
        Labelling.number += 1
        path = self.folder / f"{self.number}.db"
        copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.scenario = Scenario(self.database, self.folder)
        opened(self.scenario, *EXPERTS, overlap=2, reminders=())
        self.clicks: list[tuple[str, int, Interaction, str]] = []

    def teardown(self) -> None:
        """Close the database."""
        self.database.close()

    @rule(person=st.sampled_from(EXPERTS))
    def asks(self, person: str) -> None:
        """Somebody gets their next task."""
        self.scenario.assign_next(person)

    @rule(
        person=st.sampled_from(EXPERTS),
        assignment=st.integers(1, 7),
        deed=DEEDS,
        verdict=st.sampled_from(["a", "b", "nonsense"]),
    )
    def acts(self, person: str, assignment: int, deed: str, verdict: str) -> None:
        """Somebody clicks something, on anybody's task."""
        interaction = (deed, assignment, self.scenario.interaction(person), verdict)
        self.clicks.append(interaction)
        self._do(*interaction)

    @rule(back=st.integers(1, 5))
    def delivers_again(self, back: int) -> None:
        """Slack delivers an earlier click once more."""
        if len(self.clicks) >= back:
            deed, assignment, interaction, verdict = self.clicks[-back]
            before = self._versions(assignment, interaction)
            self._do(deed, assignment, interaction, verdict)
            assert self._versions(assignment, interaction) <= max(before, 1)

    @rule(hours=st.sampled_from([1, 30, 60]))
    def lets_time_pass(self, hours: int) -> None:
        """Leases run out."""
        self.scenario.advance_clock(hours=hours)
        self.database.write_now(scheduled_delivery.expire_leases, self.scenario.now)

    @rule(move=st.sampled_from([campaigns.pause, campaigns.resume]))
    def directs(self, move: Any) -> None:  # noqa: ANN401 - a move
        """A coordinator pauses or resumes."""
        self._try(lambda: self.scenario.run_for_campaign("tone", move, self.scenario.actor))

    @invariant()
    def counts(self) -> None:
        """Places, versions and holders are right."""
        self.database.read_now(check_invariants)

    def _versions(self, assignment: int, interaction: Interaction) -> int:
        def count(session: Session) -> int:
            statement = (
                "SELECT count(*) FROM annotation WHERE assignment_id = ? AND interaction_id = ?"
            )
            given = (assignment, interaction.id)
            return int(session.connection().exec_driver_sql(statement, given).scalar_one())

        return self.database.read_now(count)

    def _do(self, deed: str, assignment: int, interaction: Interaction, verdict: str) -> None:
        deeds = {
            "answer": lambda s: submit.submit_answer(
                s, assignment, {"verdict": verdict}, interaction
            ),
            "undo": lambda s: submit.undo(s, assignment, interaction),
            "skip": lambda s: submit.skip_task(s, assignment, SkipReason.UNCLEAR, interaction),
            "read": lambda s: submit.mark_full_text_read(s, assignment, interaction),
        }
        self._try(lambda: self.database.write_now(deeds[deed]))

    def _try(self, deed: Any) -> None:  # noqa: ANN401 - anything to call
        try:
            deed()
        except BotError:
            self.database.read_now(check_invariants)


def test_whatever_people_do_the_counts_are_right(migrated_file: Path, tmp_path: Path) -> None:
    Labelling.template, Labelling.folder = migrated_file, tmp_path
    chosen = settings(max_examples=12, stateful_step_count=25)
    run_state_machine_as_test(Labelling, settings=chosen)


def test_memberships_remember_how_far_somebody_is(scenario: Scenario) -> None:
    opened(scenario, ADA)
    scenario.assign_next(ADA)
    assert scenario.rows(Membership)[0].scan_position == scenario.rows(Task)[0].id

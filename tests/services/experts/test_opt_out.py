"""Still want this? Staying and leaving, each with one tap."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.services.experts import opt_out
from bot.services.experts.time_off import NotAnExpertError
from storage.tables import Assignment, Expert, Membership
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, dispatch, open_campaign, deliver_waiting, messages_of_type

BOSS = "U0BOSS"


def leaves(scenario: Scenario) -> list[str]:
    """Let Ada leave."""
    titles = scenario.database.write_now(opt_out.opt_out, scenario.interaction(ADA), (BOSS,))
    deliver_waiting(scenario)
    return titles


def test_who_stays_gets_the_next_task_where_the_question_was(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.database.write_now(opt_out.keep_participating, scenario.interaction(ADA))
    assert messages_of_type(scenario, "task_page")[0].recipient == ADA
    assert ("kept participating", "themselves") in scenario.audit_log()


def test_who_leaves_gets_nothing_more_and_coordinators_are_told(scenario: Scenario) -> None:
    open_campaign(scenario, ADA, BOB, items=3, title="Tone")
    scenario.create_campaign("jokes", title="Jokes", experts=[ADA], overlap=1)
    scenario.import_rows("jokes", [pair(1)])
    scenario.assign_next(ADA)
    assert leaves(scenario) == ["Tone", "Jokes"]
    assert scenario.rows(Assignment)[0].state == "released"
    (told,) = messages_of_type(scenario, "text")
    assert told.recipient == BOSS
    assert told.payload["text"] == (
        "An expert left “Tone” and “Jokes”. Their open tasks go to other experts."
    )
    assert scenario.assign_next(ADA) is None
    assert dispatch(scenario) == 1
    assert messages_of_type(scenario, "new_task")[-1].recipient == BOB
    assert not scenario.rows(Expert)[0].welcome_back_due
    check_counts(scenario)


def test_what_was_answered_stays(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    leaves(scenario)
    assert scenario.rows(Assignment)[0].state == "answered"


def test_who_left_may_be_let_in_again(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    leaves(scenario)
    joined = scenario.run_for_campaign("tone", campaigns.add_experts, [ADA], scenario.actor)
    assert joined.added == (ADA,)
    assert scenario.rows(Membership)[0].left_at is None
    assert scenario.assign_next(ADA) is not None


def test_a_second_tap_leaves_nothing_and_tells_nobody(scenario: Scenario) -> None:
    open_campaign(scenario, ADA)
    leaves(scenario)
    assert leaves(scenario) == []
    assert len(messages_of_type(scenario, "text")) == 1


def test_a_stranger_has_nothing_to_leave(scenario: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        leaves(scenario)


@pytest.mark.parametrize(
    ("titles", "said_so"),
    [([], "“no campaign”"), (["A"], "“A”"), (["A", "B", "C"], "“A”, “B” and “C”")],
)
def test_titles_are_said_as_people_say_them(titles: list[str], said_so: str) -> None:
    assert opt_out.join_quoted(titles) == said_so.replace("“no campaign”", "no campaign")

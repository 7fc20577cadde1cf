"""Still want this? Staying and leaving, each with one tap."""

from __future__ import annotations

import pytest

from bot.services.campaigns import campaigns
from bot.services.experts import opt_out
from bot.services.experts.time_off import NotAnExpertError
from storage.tables import Assignment, Expert, Membership
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts
from tests.services.tasks.test_scheduled_delivery import ADA, BOB, dispatched, opened, said, words

BOSS = "U0BOSS"


def leaves(workshop: Scenario) -> list[str]:
    """Let Ada leave."""
    titles = workshop.database.write_now(opt_out.opt_out, workshop.interaction(ADA), (BOSS,))
    said(workshop)
    return titles


def test_who_stays_gets_the_next_task_where_the_question_was(workshop: Scenario) -> None:
    opened(workshop, ADA)
    workshop.database.write_now(opt_out.keep_participating, workshop.interaction(ADA))
    assert words(workshop, "turn")[0].recipient == ADA
    assert ("stayed", "themselves") in workshop.audit_log()


def test_who_leaves_gets_nothing_more_and_coordinators_are_told(workshop: Scenario) -> None:
    opened(workshop, ADA, BOB, items=3, title="Tone")
    workshop.create_campaign("jokes", title="Jokes", experts=[ADA], overlap=1)
    workshop.import_rows("jokes", [pair(1)])
    workshop.assign_next(ADA)
    assert leaves(workshop) == ["Tone", "Jokes"]
    assert workshop.rows(Assignment)[0].state == "released"
    (told,) = words(workshop, "words")
    assert told.recipient == BOSS
    assert told.payload["words"] == (
        "An expert has left “Tone” and “Jokes”. What they held has gone to colleagues."
    )
    assert workshop.assign_next(ADA) is None
    assert dispatched(workshop) == 1
    assert words(workshop, "task")[-1].recipient == BOB
    assert not workshop.rows(Expert)[0].welcome_back_due
    check_counts(workshop)


def test_what_was_answered_stays(workshop: Scenario) -> None:
    opened(workshop, ADA)
    workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")
    leaves(workshop)
    assert workshop.rows(Assignment)[0].state == "answered"


def test_who_left_may_be_let_in_again(workshop: Scenario) -> None:
    opened(workshop, ADA)
    leaves(workshop)
    joined = workshop.run_for_campaign("tone", campaigns.add_experts, [ADA], workshop.by)
    assert joined.added == (ADA,)
    assert workshop.rows(Membership)[0].left_at is None
    assert workshop.assign_next(ADA) is not None


def test_a_second_tap_leaves_nothing_and_tells_nobody(workshop: Scenario) -> None:
    opened(workshop, ADA)
    leaves(workshop)
    assert leaves(workshop) == []
    assert len(words(workshop, "words")) == 1


def test_a_stranger_has_nothing_to_leave(workshop: Scenario) -> None:
    with pytest.raises(NotAnExpertError):
        leaves(workshop)


@pytest.mark.parametrize(
    ("titles", "said_so"),
    [([], "“no campaign”"), (["A"], "“A”"), (["A", "B", "C"], "“A”, “B” and “C”")],
)
def test_titles_are_said_as_people_say_them(titles: list[str], said_so: str) -> None:
    assert opt_out.join_quoted(titles) == said_so.replace("“no campaign”", "no campaign")

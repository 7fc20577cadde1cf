"""Still want this? Staying and leaving, each with one tap."""

from __future__ import annotations

import pytest

from bot.services import campaigning, staying
from bot.services.resting import NoExpertError
from storage.tables import Assignment, Expert, Membership
from tests.services.conftest import Workshop, pair
from tests.services.keeping_count import check_counts
from tests.services.test_pushing import ADA, BOB, dispatched, opened, said, words

BOSS = "U0BOSS"


def leaves(workshop: Workshop) -> list[str]:
    """Let Ada leave."""
    titles = workshop.database.write_now(staying.leave, workshop.click(ADA), (BOSS,))
    said(workshop)
    return titles


def test_who_stays_gets_the_next_task_where_the_question_was(workshop: Workshop) -> None:
    opened(workshop, ADA)
    workshop.database.write_now(staying.stay, workshop.click(ADA))
    assert words(workshop, "turn")[0].lane == ADA
    assert ("stayed", "themselves") in workshop.deeds()


def test_who_leaves_gets_nothing_more_and_coordinators_are_told(workshop: Workshop) -> None:
    opened(workshop, ADA, BOB, items=3, title="Tone")
    workshop.creates("jokes", title="Jokes", experts=[ADA], overlap=1)
    workshop.imports("jokes", [pair(1)])
    workshop.asks(ADA)
    assert leaves(workshop) == ["Tone", "Jokes"]
    assert workshop.rows(Assignment)[0].state == "released"
    (told,) = words(workshop, "words")
    assert told.lane == BOSS
    assert told.facts["words"] == (
        "An expert has left “Tone” and “Jokes”. What they held has gone to colleagues."
    )
    assert workshop.asks(ADA) is None
    assert dispatched(workshop) == 1
    assert words(workshop, "task")[-1].lane == BOB
    assert not workshop.rows(Expert)[0].summary_due
    check_counts(workshop)


def test_what_was_answered_stays(workshop: Workshop) -> None:
    opened(workshop, ADA)
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")
    leaves(workshop)
    assert workshop.rows(Assignment)[0].state == "answered"


def test_who_left_may_be_let_in_again(workshop: Workshop) -> None:
    opened(workshop, ADA)
    leaves(workshop)
    joined = workshop.directs("tone", campaigning.add_experts, [ADA], workshop.by)
    assert joined.new == (ADA,)
    assert workshop.rows(Membership)[0].left_at is None
    assert workshop.asks(ADA) is not None


def test_a_second_tap_leaves_nothing_and_tells_nobody(workshop: Workshop) -> None:
    opened(workshop, ADA)
    leaves(workshop)
    assert leaves(workshop) == []
    assert len(words(workshop, "words")) == 1


def test_a_stranger_has_nothing_to_leave(workshop: Workshop) -> None:
    with pytest.raises(NoExpertError):
        leaves(workshop)


@pytest.mark.parametrize(
    ("titles", "said_so"),
    [([], "“no campaign”"), (["A"], "“A”"), (["A", "B", "C"], "“A”, “B” and “C”")],
)
def test_titles_are_said_as_people_say_them(titles: list[str], said_so: str) -> None:
    assert staying.in_quotes(titles) == said_so.replace("“no campaign”", "no campaign")

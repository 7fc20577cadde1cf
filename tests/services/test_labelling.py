"""Labels: how sure each is, and what a reviewer decided beside what experts said."""

from __future__ import annotations

from bot.exports.formats import FORMATS
from bot.exports.formats.format import LeftOut
from bot.exports.labelled import Labelled
from bot.kinds.label import Preference
from bot.services import deciding, labelling
from tests.services.conftest import Workshop, pair
from tests.services.test_reviewing import CORA, PEOPLE, disagreed, texts


def labels(workshop: Workshop) -> list[Labelled]:
    """Return every label of the campaign."""
    return workshop.directs("tone", lambda *given: list(labelling.labelled(*given)))


def winners(found: list[Labelled]) -> list[tuple[str, str]]:
    """Return who won, and how sure that is."""
    return [(one.label.winner, one.source) for one in found if isinstance(one.label, Preference)]


def test_each_answer_says_how_sure_its_item_is(workshop: Workshop) -> None:
    workshop.creates(experts=PEOPLE, overlap=3)
    workshop.imports("tone", [pair(number) for number in range(3)])
    texts(workshop, "a", "a", "a")
    texts(workshop, "a", "b", "a")
    texts(workshop, "a", "b", "tie")
    sources = [source for _winner, source in winners(labels(workshop))]
    assert sources == ["unanimous"] * 3 + ["majority"] * 3 + ["split"] * 3


def test_a_decision_stands_beside_what_was_said_and_takes_its_place_in_training(
    workshop: Workshop,
) -> None:
    disagreed(workshop, "a", "a", "b")
    workshop.database.write_now(deciding.settle, 1, {"verdict": "b"}, "It is true.", CORA)
    found = labels(workshop)
    said = sorted(winners(found)[:3])
    assert said == [("left", "majority"), ("left", "majority"), ("right", "majority")]
    assert winners(found)[3] == ("right", "adjudicated")
    assert [one.expert for one in found][3] == labelling.REVIEWER
    assert found[3].remark.reason == "It is true."
    kept = [FORMATS["annotations"].rows_of(one) for one in found]
    assert not any(isinstance(one, LeftOut) for one in kept)
    trained = [FORMATS["preference"].rows_of(one) for one in found]
    assert [isinstance(one, LeftOut) for one in trained] == [True, True, True, False]
    (row,) = trained[3]  # type: ignore[misc]  # it is not left out
    assert row["chosen"] == [{"role": "assistant", "content": "Right 1"}]
    assert (row["source"], row["expert"]) == ("adjudicated", "reviewer")


def test_what_a_reviewer_took_over_is_read_in_the_order_it_was_seen_in(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    before = labels(workshop)
    for number, one in enumerate(before, start=1):
        workshop.database.write_now(deciding.adopt, number, CORA)
        theirs = next(x for x in before if x.expert == one.expert)
        assert theirs.label in [x.label for x in before]
        if number < len(before):
            workshop.database.write_now(deciding.take_back, 1, CORA)
    after = labels(workshop)
    assert after[-1].source == "adjudicated"
    assert isinstance(after[-1].label, Preference)
    assert after[-1].label.winner == "right"


def test_what_is_left_or_taken_back_changes_no_export(workshop: Workshop) -> None:
    disagreed(workshop, "a", "a", "b")
    before = labels(workshop)
    workshop.database.write_now(deciding.leave, 1, CORA)
    assert labels(workshop) == before
    workshop.database.write_now(deciding.take_back, 1, CORA)
    workshop.database.write_now(deciding.settle, 1, {"verdict": "tie"}, "", CORA)
    workshop.database.write_now(deciding.take_back, 1, CORA)
    assert labels(workshop) == before


def test_a_decision_about_what_nobody_answered_is_there(workshop: Workshop) -> None:
    workshop.creates(experts=PEOPLE, overlap=3)
    workshop.imports("tone", [pair(1)])
    workshop.database.write_now(deciding.settle, 1, {"verdict": "a"}, "", CORA)
    assert winners(labels(workshop)) == [("left", "adjudicated")]

"""Long responses in a thread: every piece in its place, whole, and stored as it was written."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlmodel import Session

from bot.kinds.demonstration import LONGEST
from bot.services import answering, pushing, writing
from bot.services.answering import ClosedError, MovedOnError, NotYoursError, UnknownTaskError
from bot.services.campaigning import close
from bot.services.writing import BETWEEN, Draft, NothingWrittenError, TooLongError
from storage.tables import Annotation, Assignment, Outbox, Part
from tests.services.conftest import Workshop, pair
from tests.services.keeping_count import check_counts

ADA, BOB = "U0ADA", "U0BOB"
CHANNEL, THREAD = "D1", "1700000000.000100"


def ts(number: int) -> str:
    """Return the timestamp of a reply in the thread."""
    return f"1700000001.{number:06}"


@pytest.fixture
def given(workshop: Workshop) -> int:
    """Return Ada's demonstration, shown in a message of hers."""
    workshop.creates(kind="demonstration", experts=[ADA, BOB], overlap=1)
    workshop.imports("tone", [{"id": "1", "prompt": "Explain tides."}])
    assignment = workshop.asks(ADA) or 0

    def show(session: Session) -> None:
        row = session.get_one(Assignment, assignment)
        row.channel, row.message_ts = CHANNEL, THREAD

    workshop.database.write_now(show)
    return assignment


def adds(workshop: Workshop, given: int, number: int, text: str) -> None:
    """Add a piece."""
    workshop.database.write_now(writing.add_piece, given, ts(number), text, workshop.now)


def written(workshop: Workshop, given: int) -> str:
    """Return what stands in the thread."""
    return workshop.database.read_now(writing.written, given)


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_pieces_are_in_the_order_of_the_thread_whenever_they_arrive(
    workshop: Workshop, given: int, order: tuple[int, ...]
) -> None:
    for number in order:
        adds(workshop, given, number, f"Piece {number}.")
    assert written(workshop, given) == "Piece 1.\n\nPiece 2.\n\nPiece 3."
    assert workshop.database.read_now(writing.draft_of, given) == Draft(28, 3)


def test_a_file_stands_behind_its_message_and_before_the_next(
    workshop: Workshop, given: int
) -> None:
    for stamp, text in ((f"{ts(2)}.1", "c"), (ts(3), "d"), (f"{ts(2)}.0", "b"), (ts(2), "a")):
        workshop.database.write_now(writing.add_piece, given, stamp, text, workshop.now)
    assert written(workshop, given) == BETWEEN.join("abcd")


def test_a_message_that_is_edited_or_delivered_again_is_there_once(
    workshop: Workshop, given: int
) -> None:
    adds(workshop, given, 1, "First.")
    adds(workshop, given, 2, "Secnod.")
    adds(workshop, given, 2, "Second.")
    adds(workshop, given, 1, "First.")
    assert written(workshop, given) == "First.\n\nSecond."
    assert workshop.count("part") == 2


def test_each_piece_is_answered_in_its_thread(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "First.")
    (row,) = workshop.rows(Outbox)
    assert (row.word, row.lane) == ("piece", ADA)
    assert row.facts == {"assignment": given, "channel": CHANNEL, "message_ts": THREAD}
    assert workshop.rows(Assignment)[0].in_thread


def test_as_much_as_can_be_kept_is_and_no_more(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "x" * (LONGEST - 12))
    adds(workshop, given, 2, "y" * 10)
    assert len(written(workshop, given)) == LONGEST
    with pytest.raises(TooLongError, match="100,000"):
        adds(workshop, given, 3, "z")
    with pytest.raises(TooLongError):
        adds(workshop, given, 2, "y" * 11)
    assert written(workshop, given).endswith("y" * 10)
    adds(workshop, given, 2, "y" * 9)
    workshop.database.write_now(writing.save, given, workshop.click(ADA))


def test_what_stands_in_the_thread_is_stored_to_the_letter(workshop: Workshop, given: int) -> None:
    texts = ("  Indented,\n\nwith **marks** & <tags>.", "naïve 🙂\n", "- a\n- b")
    for number, text in enumerate(texts):
        adds(workshop, given, number, text)
    reading = workshop.database.write_now(writing.save, given, workshop.click(ADA))
    assert reading.value == {"response": BETWEEN.join(texts)}
    (row,) = workshop.rows(Assignment)
    assert (row.state, row.value) == ("answered", {"response": BETWEEN.join(texts)})
    check_counts(workshop)


def test_saving_is_answered_in_the_thread_and_on_the_task(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "First.")
    workshop.database.write_now(writing.save, given, workshop.click(ADA))
    said = [(row.word, row.facts.get("message_ts")) for row in workshop.rows(Outbox)]
    assert said == [("piece", THREAD), ("saved", None), ("turn", THREAD), ("task", None)]
    assert workshop.rows(Outbox)[1].facts["characters"] == len("First.")


def test_one_may_add_and_save_again(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "First.")
    workshop.database.write_now(writing.save, given, workshop.click(ADA))
    adds(workshop, given, 2, "More.")
    workshop.database.write_now(writing.save, given, workshop.click(ADA))
    assert [row.value for row in workshop.rows(Annotation)] == [
        {"response": "First."},
        {"response": "First.\n\nMore."},
    ]


def test_there_must_be_something_to_save(workshop: Workshop, given: int) -> None:
    with pytest.raises(NothingWrittenError):
        workshop.database.write_now(writing.save, given, workshop.click(ADA))
    assert workshop.count("outbox") == 0


def test_starting_over_leaves_the_pieces_out_but_in_the_database(
    workshop: Workshop, given: int
) -> None:
    adds(workshop, given, 1, "Wrong.")
    workshop.database.write_now(writing.start_over, given, workshop.click(ADA))
    assert written(workshop, given) == ""
    assert workshop.database.read_now(writing.draft_of, given) == Draft(0, 0)
    assert [(row.text, row.dropped) for row in workshop.rows(Part)] == [("Wrong.", True)]
    adds(workshop, given, 2, "Right.")
    assert written(workshop, given) == "Right."


def test_only_its_holder_can_save_or_start_over(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "Mine.")
    for deed in (writing.save, writing.start_over):
        with pytest.raises(NotYoursError):
            workshop.database.write_now(deed, given, workshop.click(BOB))
        with pytest.raises(UnknownTaskError):
            workshop.database.write_now(deed, 404, workshop.click(ADA))
    assert written(workshop, given) == "Mine."
    assert workshop.count("annotation") == 0


def test_a_response_that_comes_too_late_is_refused_and_still_in_the_thread(
    workshop: Workshop, given: int
) -> None:
    adds(workshop, given, 1, "Late.")
    workshop.passes(days=3)
    workshop.database.write_now(pushing.expire, workshop.now)
    assert workshop.asks(BOB) is not None
    with pytest.raises(MovedOnError):
        workshop.database.write_now(writing.save, given, workshop.click(ADA))
    assert written(workshop, given) == "Late."
    assert [row.word for row in workshop.rows(Outbox)] == ["piece", "expired"]


def test_a_closed_campaign_takes_no_response(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "Late.")
    workshop.directs("tone", close, workshop.by)
    with pytest.raises(ClosedError):
        workshop.database.write_now(writing.save, given, workshop.click(ADA))


def test_the_same_click_on_save_twice_is_one_version(workshop: Workshop, given: int) -> None:
    adds(workshop, given, 1, "First.")
    click = workshop.click(ADA)
    for _ in range(2):
        workshop.database.write_now(writing.save, given, click)
    assert workshop.count("annotation") == 1


@pytest.mark.parametrize(
    ("channel", "thread", "person", "found"),
    [
        (CHANNEL, THREAD, ADA, True),
        (CHANNEL, THREAD, BOB, False),
        (CHANNEL, "1.2", ADA, False),
        ("D2", THREAD, ADA, False),
    ],
)
def test_a_thread_is_about_the_task_its_message_shows(  # noqa: PLR0913 - the columns of the table
    workshop: Workshop, given: int, channel: str, thread: str, person: str, *, found: bool
) -> None:
    def look(session: Session) -> tuple[int | None, str] | None:
        seen = writing.thread_task(session, channel, thread, person)
        return (seen[0].id, seen[1].key) if seen else None

    assert workshop.database.read_now(look) == ((given, "response") if found else None)


def test_a_message_that_showed_several_tasks_is_about_the_last(
    workshop: Workshop, given: int
) -> None:
    workshop.database.write_now(answering.skip, given, "unclear", workshop.click(ADA))
    workshop.imports("tone", [{"id": "2", "prompt": "Explain waves."}])
    workshop.passes(minutes=1)
    later = workshop.asks(ADA) or 0

    def show(session: Session) -> None:
        row = session.get_one(Assignment, later)
        row.channel, row.message_ts = CHANNEL, THREAD

    workshop.database.write_now(show)

    def look(session: Session) -> int | None:
        seen = writing.thread_task(session, CHANNEL, THREAD, ADA)
        return seen[0].id if seen else None

    assert workshop.database.read_now(look) == later


def test_a_task_without_anything_long_to_write_has_no_thread(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(1)])
    assignment = workshop.asks(ADA) or 0

    def look(session: Session) -> object:
        row = session.get_one(Assignment, assignment)
        row.channel, row.message_ts = CHANNEL, THREAD
        session.flush()
        return writing.thread_task(session, CHANNEL, THREAD, ADA)

    assert workshop.database.write_now(look) is None

"""Files that came through Slack: looked into, and told where they go, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import TurnableClock
from bot.errors import FieldsError, NotFoundError
from bot.imports.columns import Columns
from bot.imports.row import EmptyFileError
from bot.services import bringing, campaigning, receiving
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.receiving import Arrived, GoneFileError, NoCampaignsError
from storage.tables import ImportRun, Item, Outbox
from tests.services.conftest import NOW, Workshop, pair

CORA = By("U0CORA", SLACK, NOW)
MAPPED = Columns(candidates=("response_a", "response_b"), prompt=("prompt",), id=("id",))


def kept(workshop: Workshop, *rows: object, campaign: str | None = None) -> int:
    """Keep a file with these rows, and return its number."""
    path = workshop.file([row if isinstance(row, str) else dict(row) for row in rows])  # type: ignore[call-overload]  # rows are mappings or lines
    return workshop.database.write_now(receiving.keep, "pairs.jsonl", path, campaign, CORA)


def begun(workshop: Workshop, run: int, columns: Columns = MAPPED, *, strict: bool = False) -> None:
    """Say that a file goes into the first campaign."""
    workshop.database.write_now(receiving.begin, run, 1, columns, CORA, strict=strict)


def brought(workshop: Workshop) -> ImportRun:
    """Import what waits and return what became of the last one."""
    bringing.run_waiting(workshop.database, TurnableClock(workshop.now))
    run: ImportRun = workshop.rows(ImportRun)[-1]
    return run


def arrived(workshop: Workshop, run: int) -> Arrived:
    """Look into a file."""
    return workshop.database.read_now(receiving.arrived, run)


def test_a_file_shows_its_columns_and_first_rows(workshop: Workshop) -> None:
    workshop.creates()
    run = kept(workshop, *(pair(number) for number in range(1, 9)), campaign="tone")
    file = arrived(workshop, run)
    assert file.columns == tuple(pair(1))
    assert [row["prompt"] for row in file.first] == ["Question 1?", "Question 2?", "Question 3?"]
    assert (file.name, file.campaign) == ("pairs.jsonl", "tone")


def test_each_campaign_has_its_guess(workshop: Workshop) -> None:
    workshop.creates("tone")
    workshop.creates("over")
    workshop.directs("over", campaigning.close, workshop.by)
    workshop.creates("jokes", "rating")
    goals = workshop.database.read_now(receiving.goals, kept(workshop, pair(1)))
    assert [goal.name for goal in goals] == ["jokes", "tone"]
    assert goals[0].columns == Columns()
    assert goals[1].columns.candidates == ("response_a", "response_b")
    assert goals[1].columns.models == ("model_a", "model_b")


def test_a_file_needs_a_campaign(workshop: Workshop) -> None:
    run = kept(workshop, pair(1))
    with pytest.raises(NoCampaignsError):
        workshop.database.read_now(receiving.goals, run)
    with pytest.raises(NotFoundError):
        kept(workshop, pair(1), campaign="nonsense")


def test_a_file_is_imported_and_the_rows_left_out_are_written_down(workshop: Workshop) -> None:
    workshop.creates()
    run = kept(workshop, pair(1), "nonsense", pair(2, response_b=None), pair(3))
    begun(workshop, run)
    done = brought(workshop)
    assert (done.state, done.added, done.bad, done.error) == ("done", 2, 2, None)
    report = bringing.report_of(Path(done.path)).read_text("utf-8").splitlines()
    assert report[0] == "line,reason"
    assert [line.split(",")[0] for line in report[1:]] == ["2", "3"]
    assert not Path(done.path).exists()
    assert [(row.word, row.lane) for row in workshop.rows(Outbox)] == [("imported", "U0CORA")]
    assert [item.key for item in workshop.rows(Item)] == ["pair-1", "pair-3"]


def test_a_file_without_a_bad_row_has_no_list(workshop: Workshop) -> None:
    workshop.creates()
    begun(workshop, kept(workshop, pair(1)))
    assert not bringing.report_of(Path(brought(workshop).path)).exists()


def test_who_wants_all_or_nothing_gets_nothing(workshop: Workshop) -> None:
    workshop.creates()
    begun(workshop, kept(workshop, pair(1), "nonsense"), strict=True)
    done = brought(workshop)
    assert (done.state, done.error) == ("failed", bringing.REFUSED)
    assert workshop.rows(Item) == []


def test_a_file_goes_one_way_once(workshop: Workshop) -> None:
    workshop.creates()
    run = kept(workshop, pair(1))
    begun(workshop, run)
    with pytest.raises(GoneFileError):
        begun(workshop, run)
    brought(workshop)
    with pytest.raises(GoneFileError):
        arrived(workshop, run)
    assert workshop.count("item") == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (Columns(candidates=("prompt",), prompt=("prompt",)), "needs 2 candidates"),
        (Columns(candidates=("nowhere", "prompt")), "nowhere"),
    ],
)
def test_columns_that_hold_no_items_are_told_at_their_menu(
    workshop: Workshop, columns: Columns, said: str
) -> None:
    workshop.creates()
    run = kept(workshop, pair(1))
    with pytest.raises(FieldsError) as caught:
        begun(workshop, run, columns)
    assert said in caught.value.fields["candidates"]
    assert workshop.rows(ImportRun)[0].campaign_id is None


def test_an_empty_file_is_said(workshop: Workshop) -> None:
    with pytest.raises(EmptyFileError):
        arrived(workshop, kept(workshop))


def test_what_a_killed_process_left_behind_is_taken_up_again(workshop: Workshop) -> None:
    workshop.creates()
    begun(workshop, kept(workshop, pair(1)))
    assert workshop.database.write_now(bringing.claim, workshop.now) is not None
    assert not workshop.database.read_now(bringing.is_waiting, workshop.now)
    workshop.now += bringing.LEASE + timedelta(minutes=1)
    assert workshop.database.read_now(bringing.is_waiting, workshop.now)
    assert brought(workshop).state == "done"


def test_what_never_ends_is_given_up(workshop: Workshop) -> None:
    workshop.creates()
    begun(workshop, kept(workshop, pair(1)))
    for _ in range(bringing.MOST_ATTEMPTS):
        workshop.database.write_now(bringing.claim, workshop.now)
        workshop.now += bringing.LEASE + timedelta(minutes=1)
    done = brought(workshop)
    assert (done.state, done.error) == ("failed", "it was started 3 times and never ended")


def test_a_file_that_nobody_sent_anywhere_is_thrown_away(workshop: Workshop) -> None:
    run = kept(workshop, pair(1))
    path = Path(workshop.rows(ImportRun)[0].path)
    workshop.now += bringing.KEPT_FOR + timedelta(hours=1)
    assert workshop.database.read_now(bringing.is_waiting, workshop.now)
    assert brought(workshop).state == "failed"
    assert not path.exists()
    with pytest.raises(GoneFileError):
        arrived(workshop, run)

"""Tests of the feed of answers: nothing is missed and nothing that does not count seems to."""

from __future__ import annotations

import threading

from sqlmodel import Session

from bot.services.answers import answer_feed, submit
from bot.services.answers.answer_feed import AnswerPage
from bot.services.reviews import exclusions
from storage.database import Database
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


def read(scenario: Scenario, after: int = 0) -> AnswerPage:
    """Return the answers of the campaign “tone” after an id."""
    until = answer_feed.settled_id(scenario.database)
    return scenario.run_for_campaign(
        "tone", answer_feed.read_page, after=after, until=until, limit=100
    )


def test_undone_and_excluded_answers_are_listed_and_do_not_count(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.answer_all(ADA, verdict="a")
    scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    versions = read(scenario).answers
    assert [(one.answer, one.version, one.is_current, one.counts) for one in versions] == [
        (1, 1, False, False),
        (2, 1, True, True),
        (1, 2, True, False),
    ]
    assert (versions[2].value, versions[2].label) == (None, None)
    scenario.run_for_campaign("tone", exclusions.exclude, ADA, NOW, "odd", scenario.actor)
    assert not any(one.counts for one in read(scenario).answers)


def test_ids_are_never_used_twice(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    last = read(scenario).last_id

    def delete_newest(session: Session) -> None:
        session.connection().exec_driver_sql("DELETE FROM annotation")

    scenario.database.write_now(delete_newest)
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    assert [one.item for one in read(scenario, after=last).answers] == ["pair-2"]


def test_reader_waits_for_an_answer_that_is_being_stored(
    postgresql_database: Database, scenario: Scenario
) -> None:
    """The first answer gets its id first, and its transaction ends last."""
    if scenario.database is not postgresql_database:
        return  # SQLite has one writer
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1)])
    first, second = scenario.assign_next(ADA) or 0, scenario.assign_next(BOB) or 0
    is_stored, may_end = threading.Event(), threading.Event()

    def submit_slowly(session: Session) -> None:
        submit.submit_answer(session, first, {"verdict": "a"}, scenario.interaction(ADA))
        session.flush()
        is_stored.set()
        may_end.wait(20)

    thread = threading.Thread(target=lambda: scenario.database.write_now(submit_slowly))
    thread.start()
    assert is_stored.wait(20)
    with scenario.database.engine.connect() as connection:  # the other task's slot is not locked
        pending = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
        ).scalar()
    assert pending
    assert answer_feed.settled_id(scenario.database) == 0, "the transaction has not ended"
    may_end.set()
    thread.join()
    scenario.submit_answer(BOB, second, verdict="b")
    assert [one.answer for one in read(scenario).answers] == [first, second]

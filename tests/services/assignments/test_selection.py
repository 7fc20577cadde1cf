"""Picking: what suits somebody, nothing they wrote or had, all of it in the end, gold mixed in."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text, update
from sqlmodel import Session, col, select

from bot.routing.suitability import MIN_NOT_MY_FIELD_SKIPS
from bot.services.answers import submit
from bot.services.assignments import assign, selection
from bot.services.tasks import scheduled_delivery
from storage.audience import audience_of
from storage.database import Database
from storage.queries import task_routing
from storage.tables import (
    Assignment,
    Campaign,
    CandidateRow,
    Expert,
    Item,
    Membership,
    OutboxMessage,
    Task,
)
from tests.services.conftest import NOW, Scenario, pair, run_notifications

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"
PEOPLE = (ADA, BOB, EVE)
EVERYBODY = 1_000_000


def untagged(number: int) -> dict[str, object]:
    """Return a row that says nothing of whom it suits."""
    return {name: value for name, value in pair(number).items() if name != "domain"}


def opened(scenario: Scenario, items: int = 4, *experts: str, **wanted: Any) -> None:  # noqa: ANN401 - whatever a campaign may choose
    """Open a campaign with items."""
    scenario.create_campaign(experts=experts or PEOPLE, **{"overlap": 1, **wanted})
    scenario.import_rows("tone", [untagged(number) for number in range(1, items + 1)])


def says(scenario: Scenario, item: int, *domains: str, language: str | None = None) -> None:
    """Let an item say whom it suits."""

    def change(session: Session) -> None:
        audience = audience_of(domains, language)
        session.get_one(Item, item).domains = list(domains)
        session.get_one(Item, item).language = language
        session.connection().execute(
            update(Task).where(col(Task.item_id) == item).values(audience=audience)
        )

    scenario.database.write_now(change)


def tells(
    scenario: Scenario, slack_id: str, *domains: str, languages: tuple[str, ...] = ()
) -> None:
    """Let an expert say what they know."""

    def change(session: Session) -> None:
        expert = assign.expert_by_slack_id(session, slack_id)
        assert expert is not None
        expert.domains, expert.languages = list(domains), list(languages)
        task_routing.restart_scans(session, expert.id or 0)

    scenario.database.write_now(change)


def changes(scenario: Scenario, table: Any, key: Any, **columns: object) -> None:  # noqa: ANN401 - any table and its key
    """Change a row."""

    def change(session: Session) -> None:
        row = session.get_one(table, key)
        for name, value in columns.items():
            setattr(row, name, value)

    scenario.database.write_now(change)


def waiting(scenario: Scenario, slack_id: str) -> int:
    """Return how many tasks wait for somebody."""

    def count(session: Session) -> int:
        expert = assign.expert_by_slack_id(session, slack_id)
        search = selection.build_search(session, expert.id or 0) if expert else None
        return selection.count_waiting(session, search, 100) if search else 0

    return scenario.database.read_now(count)


def had_by(scenario: Scenario, slack_id: str) -> list[int]:
    """Return the items that somebody was given, in order."""
    (expert,) = (row.id for row in scenario.rows(Expert) if row.slack_id == slack_id)
    items = {row.id: row.item_id for row in scenario.rows(Task)}
    return [items[r.task_id] for r in scenario.rows(Assignment) if r.expert_id == expert]


def test_each_gets_what_is_of_their_field_and_of_nobodys(scenario: Scenario) -> None:
    opened(scenario, 4, overlap=2)
    says(scenario, 1, "law")
    says(scenario, 2, "birds")
    says(scenario, 3, "law", "tax")
    tells(scenario, ADA, "law")
    tells(scenario, BOB, "birds", "tax")
    assert (waiting(scenario, ADA), waiting(scenario, BOB), waiting(scenario, EVE)) == (3, 3, 4)
    for person in PEOPLE:
        scenario.answer_all(person, verdict="a")
    assert (had_by(scenario, ADA), had_by(scenario, BOB)) == ([1, 3, 4], [2, 3, 4])
    assert had_by(scenario, EVE) == [1, 2]
    why = [
        row.selection_reason["domains"] for row in scenario.rows(Assignment) if row.expert_id == 1
    ]
    assert why == [["law"], ["law"], []]


def test_a_language_is_read_or_not(scenario: Scenario) -> None:
    opened(scenario, 3)
    changes(scenario, Campaign, 1, language="de")
    says(scenario, 2, language="en")
    tells(scenario, ADA, languages=("en",))
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert had_by(scenario, ADA) == [2]
    assert scenario.rows(Assignment)[0].selection_reason["language"] == "en"


@pytest.mark.parametrize("name", ["slack", "pseudonym"])
@pytest.mark.parametrize("what", ["item", "candidate"])
def test_nobody_judges_what_they_wrote(scenario: Scenario, name: str, what: str) -> None:
    opened(scenario, 2)
    author = ADA if name == "slack" else scenario.rows(Expert)[0].pseudonym
    if what == "item":
        changes(scenario, Item, 1, author=author)
    else:
        changes(scenario, CandidateRow, (1, 1), author=author)
    assert waiting(scenario, ADA) == 1
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert had_by(scenario, ADA) == [2]
    assert scenario.answer_all(BOB, verdict="a") == 1


def test_who_answered_an_item_does_not_confirm_it_and_the_other_way_round(
    scenario: Scenario,
) -> None:
    opened(scenario, 1, overlap=2)
    assert scenario.answer_all(ADA, verdict="a") == 1

    def confirming(session: Session) -> None:
        session.add(Task(campaign_id=1, item_id=1, overlap=1, confirms_assignment_id=1))

    scenario.database.write_now(confirming)
    assert waiting(scenario, ADA) == 0
    assert scenario.assign_next(ADA) is None
    changes(scenario, Task, 1, overlap=1)
    assert scenario.assign_next(BOB) == 2
    changes(scenario, Task, 1, overlap=2)
    scenario.submit_answer(BOB, 2, confirm="confirm_1")
    assert scenario.assign_next(BOB) is None


def test_three_skips_as_not_my_field_teach(scenario: Scenario) -> None:
    opened(scenario, MIN_NOT_MY_FIELD_SKIPS + 2)
    for item in range(1, MIN_NOT_MY_FIELD_SKIPS + 2):
        says(scenario, item, "law")
    for _ in range(MIN_NOT_MY_FIELD_SKIPS):
        skipped = scenario.assign_next(ADA) or 0
        scenario.database.write_now(
            submit.skip_task, skipped, "not_my_field", scenario.interaction(ADA)
        )
    assert waiting(scenario, ADA) == 1
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert had_by(scenario, ADA) == [1, 2, 3, 5]
    scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    scenario.submit_answer(ADA, 1, verdict="a")
    assert scenario.answer_all(ADA, verdict="a") == 1, "two skips teach nothing yet"


def test_what_is_set_aside_goes_to_nobody(scenario: Scenario) -> None:
    opened(scenario, 2)
    changes(scenario, Task, 1, on_hold_since=NOW)
    assert waiting(scenario, ADA) == 1
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert had_by(scenario, ADA) == [2]


def test_who_left_gets_nothing_nor_what_they_had(scenario: Scenario) -> None:
    opened(scenario, 2)
    scenario.assign_next(ADA)
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    changes(scenario, Membership, (1, 1), left_at=NOW)
    assert waiting(scenario, ADA) == 0
    assert scenario.assign_next(ADA) is None


def test_what_came_behind_somebody_unseen_is_found_within_an_hour(scenario: Scenario) -> None:
    opened(scenario, 3)
    changes(scenario, Task, 1, slots_taken=1)
    assert scenario.answer_all(ADA, verdict="a") == 2
    changes(scenario, Task, 1, slots_taken=0)
    assert scenario.assign_next(ADA) is None
    scenario.advance_clock(minutes=61)
    assert scenario.assign_next(ADA) is not None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nobody_waits_for_those_who_come_for_the_same_task(scenario: Scenario) -> None:
    opened(scenario, 3, ADA)
    first, second, third = (row.id for row in scenario.rows(Task))

    def holding(*tasks: int) -> Connection:
        connection = scenario.database.engine.connect()
        held = select(Task.id).where(col(Task.id).in_(tasks)).with_for_update()
        assert len(connection.execute(held).all()) == len(tasks)
        return connection

    def takes() -> int:
        given = scenario.assign_next(ADA)
        assert given is not None
        scenario.submit_answer(ADA, given, verdict="a")
        taken: dict[int, int] = {row.id: row.task_id for row in scenario.rows(Assignment)}
        return taken[given]

    with holding(first):
        assert takes() == second
    assert takes() == first, "what she passed over comes next"
    assert takes() == third
    assert scenario.assign_next(ADA) is None


def test_whom_work_came_to_longest_ago_is_asked_first(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{number}" for number in range(6)]
    scenario.create_campaign(experts=experts, overlap=2)

    def known(session: Session) -> None:
        session.connection().execute(text("UPDATE expert SET profile_synced_at = created_at"))

    scenario.database.write_now(known)
    pushed: list[set[str]] = []
    for number in range(1, 7):
        scenario.import_rows("tone", [untagged(number)])
        scenario.advance_clock(minutes=10)
        before = scenario.count("outbox")
        assert run_notifications(scenario, scheduled_delivery.dispatch_tasks) == 2
        asked = [
            row.recipient
            for row in scenario.rows(OutboxMessage)[before:]
            if row.message_type == "new_task"
        ]
        pushed.append(set(asked))
        for person in asked:
            scenario.answer_all(person, verdict="a")
        scenario.database.write_now(
            lambda session: session.connection().execute(text("UPDATE outbox SET state = 'sent'"))
        )
    assert set.union(*pushed[:3]) == set.union(*pushed[3:]) == set(experts)
    assert {row.selection_reason["is_dispatched"] for row in scenario.rows(Assignment)} == {True}


def golden(scenario: Scenario, *items: int) -> None:
    """Make items gold."""
    for item in items:
        changes(scenario, Task, item, is_gold=True, overlap=EVERYBODY)


def test_gold_is_mixed_in_with_its_share_and_never_counted_aloud(scenario: Scenario) -> None:
    opened(scenario, 24, ADA, BOB)
    golden(scenario, 5, 6, 7, 8)
    changes(scenario, Campaign, 1, gold_share=0.2)
    left = [waiting(scenario, ADA)]
    while assignment := scenario.assign_next(ADA):
        assert waiting(scenario, ADA) == left[-1]
        scenario.submit_answer(ADA, assignment, verdict="a")
        left.append(waiting(scenario, ADA))
    assert left == list(range(left[0], -1, -1))
    gold = [place for place, item in enumerate(had_by(scenario, ADA)) if item in (5, 6, 7, 8)]
    assert len(gold) == 4
    assert all(block * 5 <= place < block * 5 + 5 for block, place in enumerate(gold))
    assert scenario.assign_next(BOB) is None, "gold alone is no work"


def test_without_a_share_gold_is_not_given(scenario: Scenario) -> None:
    opened(scenario, 6)
    golden(scenario, 2)
    assert scenario.answer_all(ADA, verdict="a") == 5


TAGS = st.lists(st.sampled_from(["law", "tax", "birds"]), max_size=2, unique=True)
AUTHORS = st.sampled_from([None, *PEOPLE])
ITEMS = st.lists(st.tuples(TAGS, AUTHORS, AUTHORS, st.booleans()), min_size=1, max_size=5)


def test_nobody_sees_an_item_twice_nor_what_they_wrote_and_all_is_found(
    migrated_file: Path, tmp_path: Path
) -> None:
    numbers = count()

    @settings(max_examples=12)
    @given(items=ITEMS, fields=st.lists(TAGS, min_size=3, max_size=3), data=st.data())
    def check(
        items: list[tuple[list[str], str | None, str | None, bool]],
        fields: list[list[str]],
        data: st.DataObject,
    ) -> None:
        path = tmp_path / f"{next(numbers)}.db"
        copyfile(migrated_file, path)
        database = Database(f"sqlite:///{path}")
        try:
            _told(Scenario(database, tmp_path), items, fields, data)
        finally:
            database.close()

    check()


def _told(
    scenario: Scenario,
    items: list[tuple[list[str], str | None, str | None, bool]],
    fields: list[list[str]],
    data: st.DataObject,
) -> None:
    """Let three people do what they get in any order, and look at what they were given."""
    opened(scenario, len(items), overlap=2)
    for person, domains in zip(PEOPLE, fields, strict=True):
        tells(scenario, person, *domains)
    scenario.database.write_now(_made, items)

    def may(person: str, number: int) -> bool:
        domains, *authors, aside = items[number - 1]
        known = fields[PEOPLE.index(person)]
        suits = not domains or not known or bool(set(domains) & set(known))
        return suits and person not in authors and not aside

    working = list(PEOPLE)
    while working:
        person = data.draw(st.sampled_from(working))
        left = waiting(scenario, person)
        assignment = scenario.assign_next(person)
        assert bool(left) == bool(assignment), "what is told to wait is what is given"
        if assignment is None:
            working.remove(person)
        elif data.draw(st.booleans()):
            scenario.submit_answer(person, assignment, verdict="a")
        else:
            scenario.database.write_now(
                submit.skip_task, assignment, "unclear", scenario.interaction(person)
            )
            working = list(PEOPLE)
    for person in PEOPLE:
        had = had_by(scenario, person)
        assert len(set(had)) == len(had)
        assert all(may(person, number) for number in had)
        full = {row.item_id for row in scenario.rows(Task) if row.slots_taken == row.overlap}
        wanted = {n for n in range(1, len(items) + 1) if may(person, n) and n not in full}
        assert wanted <= set(had)


def _made(session: Session, items: list[tuple[list[str], str | None, str | None, bool]]) -> None:
    for number, (domains, author, candidate_author, aside) in enumerate(items, start=1):
        session.get_one(Item, number).author = author
        session.get_one(CandidateRow, (number, 1)).author = candidate_author
        task = session.get_one(Task, number)
        task.audience = audience_of(domains, None)
        task.on_hold_since = NOW if aside else None

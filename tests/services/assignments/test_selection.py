"""Task selection: suitable tasks only, each once, none of their own text, with hidden gold."""

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
from bot.services.assignments import selection
from bot.services.tasks import scheduled_delivery
from storage.audience import audience_of
from storage.database import Database
from storage.queries import task_routing
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
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
EXPERTS = (ADA, BOB, EVE)
GOLD_OVERLAP = 1_000_000


def untagged(number: int) -> dict[str, object]:
    """Return a row without a domain."""
    return {name: value for name, value in pair(number).items() if name != "domain"}


def open_campaign(scenario: Scenario, items: int = 4, *experts: str, **options: Any) -> None:  # noqa: ANN401 - any option of a campaign
    """Create a campaign with items."""
    scenario.create_campaign(experts=experts or EXPERTS, **{"overlap": 1, **options})
    scenario.import_rows("tone", [untagged(number) for number in range(1, items + 1)])


def set_item_audience(
    scenario: Scenario, item: int, *domains: str, language: str | None = None
) -> None:
    """Set the domains and the language of an item."""

    def update_item(session: Session) -> None:
        audience = audience_of(domains, language)
        session.get_one(Item, item).domains = list(domains)
        session.get_one(Item, item).language = language
        session.connection().execute(
            update(Task).where(col(Task.item_id) == item).values(audience=audience)
        )

    scenario.database.write_now(update_item)


def set_expert_skills(
    scenario: Scenario, slack_id: str, *domains: str, languages: tuple[str, ...] = ()
) -> None:
    """Set the domains and the languages of an expert."""

    def update_expert(session: Session) -> None:
        expert = expert_by_slack_id(session, slack_id)
        assert expert is not None
        expert.domains, expert.languages = list(domains), list(languages)
        task_routing.restart_scans(session, id_of(expert))

    scenario.database.write_now(update_expert)


def update_row(scenario: Scenario, table: Any, key: Any, **columns: object) -> None:  # noqa: ANN401 - any table and its key
    """Change columns of a row."""

    def update_columns(session: Session) -> None:
        row = session.get_one(table, key)
        for name, value in columns.items():
            setattr(row, name, value)

    scenario.database.write_now(update_columns)


def waiting_count(scenario: Scenario, slack_id: str) -> int:
    """Return how many tasks an expert has open or would still get."""

    def count(session: Session) -> int:
        expert = expert_by_slack_id(session, slack_id)
        search = selection.build_search(session, id_of(expert), scenario.now) if expert else None
        return selection.count_waiting(session, search, 100) if search else 0

    return scenario.database.read_now(count)


def item_ids_of(scenario: Scenario, slack_id: str) -> list[int]:
    """Return the items of an expert's assignments, in the order of assignment."""
    (expert_id,) = (row.id for row in scenario.rows(Expert) if row.slack_id == slack_id)
    items = {row.id: row.item_id for row in scenario.rows(Task)}
    return [items[row.task_id] for row in scenario.rows(Assignment) if row.expert_id == expert_id]


def test_experts_get_tasks_of_their_domains_and_untagged_ones(scenario: Scenario) -> None:
    open_campaign(scenario, 4, overlap=2)
    set_item_audience(scenario, 1, "law")
    set_item_audience(scenario, 2, "birds")
    set_item_audience(scenario, 3, "law", "tax")
    set_expert_skills(scenario, ADA, "law")
    set_expert_skills(scenario, BOB, "birds", "tax")
    assert (
        waiting_count(scenario, ADA),
        waiting_count(scenario, BOB),
        waiting_count(scenario, EVE),
    ) == (3, 3, 4)
    for person in EXPERTS:
        scenario.answer_all(person, verdict="a")
    assert (item_ids_of(scenario, ADA), item_ids_of(scenario, BOB)) == ([1, 3, 4], [2, 3, 4])
    assert item_ids_of(scenario, EVE) == [1, 2]
    reasons = [row.selection_reason for row in scenario.rows(Assignment) if row.expert_id == 1]
    assert [reason["domains"] for reason in reasons] == [["law"], ["law"], []]


def test_experts_get_tasks_in_their_languages(scenario: Scenario) -> None:
    open_campaign(scenario, 3)
    update_row(scenario, Campaign, 1, language="de")
    set_item_audience(scenario, 2, language="en")
    set_expert_skills(scenario, ADA, languages=("en",))
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert item_ids_of(scenario, ADA) == [2]
    assert scenario.rows(Assignment)[0].selection_reason["language"] == "en"


@pytest.mark.parametrize("author_name", ["slack_id", "pseudonym"])
@pytest.mark.parametrize("authored", ["item", "candidate"])
def test_experts_never_judge_their_own_text(
    scenario: Scenario, author_name: str, authored: str
) -> None:
    open_campaign(scenario, 2)
    author = ADA if author_name == "slack_id" else scenario.rows(Expert)[0].pseudonym
    if authored == "item":
        update_row(scenario, Item, 1, author=author)
    else:
        update_row(scenario, CandidateRow, (1, 1), author=author)
    assert waiting_count(scenario, ADA) == 1
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert item_ids_of(scenario, ADA) == [2]
    assert scenario.answer_all(BOB, verdict="a") == 1


def test_expert_never_both_answers_and_confirms_an_item(
    scenario: Scenario,
) -> None:
    open_campaign(scenario, 1, overlap=2)
    assert scenario.answer_all(ADA, verdict="a") == 1

    def add_confirmation_task(session: Session) -> None:
        session.add(Task(campaign_id=1, item_id=1, overlap=1, confirms_assignment_id=1))

    scenario.database.write_now(add_confirmation_task)
    assert waiting_count(scenario, ADA) == 0
    assert scenario.assign_next(ADA) is None
    update_row(scenario, Task, 1, overlap=1)
    assert scenario.assign_next(BOB) == 2
    update_row(scenario, Task, 1, overlap=2)
    scenario.submit_answer(BOB, 2, confirm="confirm_1")
    assert scenario.assign_next(BOB) is None


def test_three_not_my_field_skips_exclude_a_domain(scenario: Scenario) -> None:
    open_campaign(scenario, MIN_NOT_MY_FIELD_SKIPS + 2)
    for item in range(1, MIN_NOT_MY_FIELD_SKIPS + 2):
        set_item_audience(scenario, item, "law")
    for _ in range(MIN_NOT_MY_FIELD_SKIPS):
        assignment = scenario.assign_next(ADA) or 0
        scenario.database.write_now(
            submit.skip_task, assignment, "not_my_field", scenario.interaction(ADA)
        )
    assert waiting_count(scenario, ADA) == 1
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert item_ids_of(scenario, ADA) == [1, 2, 3, 5]
    scenario.database.write_now(submit.undo, 1, scenario.interaction(ADA))
    scenario.submit_answer(ADA, 1, verdict="a")
    assert scenario.answer_all(ADA, verdict="a") == 1, "two skips are not enough"


def test_task_on_hold_is_not_assigned(scenario: Scenario) -> None:
    open_campaign(scenario, 2)
    update_row(scenario, Task, 1, on_hold_since=NOW)
    assert waiting_count(scenario, ADA) == 1
    assert scenario.answer_all(ADA, verdict="a") == 1
    assert item_ids_of(scenario, ADA) == [2]


def test_former_member_gets_no_tasks(scenario: Scenario) -> None:
    open_campaign(scenario, 2)
    scenario.assign_next(ADA)
    scenario.advance_clock(days=3)
    scenario.database.write_now(scheduled_delivery.expire_leases, scenario.now)
    update_row(scenario, Membership, (1, 1), left_at=NOW)
    assert waiting_count(scenario, ADA) == 0
    assert scenario.assign_next(ADA) is None


def test_task_behind_scan_position_is_found_within_an_hour(scenario: Scenario) -> None:
    open_campaign(scenario, 3)
    update_row(scenario, Task, 1, slots_taken=1)
    assert scenario.answer_all(ADA, verdict="a") == 2
    update_row(scenario, Task, 1, slots_taken=0)
    assert scenario.assign_next(ADA) is None
    scenario.advance_clock(minutes=61)
    assert scenario.assign_next(ADA) is not None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_locked_task_is_skipped_and_found_later(scenario: Scenario) -> None:
    open_campaign(scenario, 3, ADA)
    first, second, third = (row.id for row in scenario.rows(Task))

    def lock_task(task_id: int) -> Connection:
        connection = scenario.database.engine.connect()
        query = select(Task.id).where(col(Task.id) == task_id).with_for_update()
        assert len(connection.execute(query).all()) == 1
        return connection

    def answer_next() -> int:
        assignment = scenario.assign_next(ADA)
        assert assignment is not None
        scenario.submit_answer(ADA, assignment, verdict="a")
        task_ids: dict[int, int] = {row.id: row.task_id for row in scenario.rows(Assignment)}
        return task_ids[assignment]

    with lock_task(first):
        assert answer_next() == second
    assert answer_next() == first, "the skipped task comes next"
    assert answer_next() == third
    assert scenario.assign_next(ADA) is None


def test_expert_who_waited_longest_gets_the_next_dispatch(scenario: Scenario) -> None:
    experts = [f"U0EXPERT{n}" for n in range(6)]
    scenario.create_campaign(experts=experts, overlap=2)

    def sync_profiles(session: Session) -> None:
        session.connection().execute(text("UPDATE expert SET profile_synced_at = created_at"))

    scenario.database.write_now(sync_profiles)
    dispatched: list[set[str]] = []
    for number in range(1, 7):
        scenario.import_rows("tone", [untagged(number)])
        scenario.advance_clock(minutes=10)
        before = scenario.count("outbox")
        assert run_notifications(scenario, scheduled_delivery.dispatch_tasks) == 2
        recipients = [
            row.recipient
            for row in scenario.rows(OutboxMessage)[before:]
            if row.message_type == "new_task"
        ]
        dispatched.append(set(recipients))
        for person in recipients:
            scenario.answer_all(person, verdict="a")
        scenario.database.write_now(
            lambda session: session.connection().execute(text("UPDATE outbox SET state = 'sent'"))
        )
    assert set.union(*dispatched[:3]) == set.union(*dispatched[3:]) == set(experts)
    assert {row.selection_reason["is_dispatched"] for row in scenario.rows(Assignment)} == {True}


def make_gold(scenario: Scenario, *items: int) -> None:
    """Turn items into gold questions."""
    for item in items:
        update_row(scenario, Task, item, is_gold=True, overlap=GOLD_OVERLAP)


def test_gold_has_its_share_and_does_not_change_the_count(scenario: Scenario) -> None:
    open_campaign(scenario, 24, ADA, BOB)
    make_gold(scenario, 5, 6, 7, 8)
    update_row(scenario, Campaign, 1, gold_share=0.2)
    counts = [waiting_count(scenario, ADA)]
    while assignment := scenario.assign_next(ADA):
        assert waiting_count(scenario, ADA) == counts[-1]
        scenario.submit_answer(ADA, assignment, verdict="a")
        counts.append(waiting_count(scenario, ADA))
    assert counts == list(range(counts[0], -1, -1))
    item_ids = item_ids_of(scenario, ADA)
    gold = [index for index, item_id in enumerate(item_ids) if item_id in (5, 6, 7, 8)]
    assert len(gold) == 4
    assert all(block * 5 <= index < block * 5 + 5 for block, index in enumerate(gold))
    assert scenario.assign_next(BOB) is None, "gold is not assigned on its own"


def test_gold_is_not_assigned_without_a_share(scenario: Scenario) -> None:
    open_campaign(scenario, 6)
    make_gold(scenario, 2)
    assert scenario.answer_all(ADA, verdict="a") == 5


DOMAINS = st.lists(st.sampled_from(["law", "tax", "birds"]), max_size=2, unique=True)
AUTHORS = st.sampled_from([None, *EXPERTS])
ItemProperties = tuple[list[str], str | None, str | None, bool]
"""Domains, author, author of the first candidate, and whether the task is on hold."""
ITEMS = st.lists(st.tuples(DOMAINS, AUTHORS, AUTHORS, st.booleans()), min_size=1, max_size=5)


def test_experts_get_every_suitable_item_once(migrated_file: Path, tmp_path: Path) -> None:
    database_numbers = count()

    @settings(max_examples=12)
    @given(items=ITEMS, expert_domains=st.lists(DOMAINS, min_size=3, max_size=3), data=st.data())
    def check(
        items: list[ItemProperties], expert_domains: list[list[str]], data: st.DataObject
    ) -> None:
        path = tmp_path / f"{next(database_numbers)}.db"
        copyfile(migrated_file, path)
        database = Database(f"sqlite:///{path}")
        try:
            _check_history(Scenario(database, tmp_path), items, expert_domains, data)
        finally:
            database.close()

    check()


def _check_history(
    scenario: Scenario,
    items: list[ItemProperties],
    expert_domains: list[list[str]],
    data: st.DataObject,
) -> None:
    """Let three experts answer or skip tasks in any order, and check what they were assigned."""
    open_campaign(scenario, len(items), overlap=2)
    for person, domains in zip(EXPERTS, expert_domains, strict=True):
        set_expert_skills(scenario, person, *domains)
    scenario.database.write_now(_set_up_items, items)

    def may_get(person: str, number: int) -> bool:
        domains, *authors, is_on_hold = items[number - 1]
        skills = expert_domains[EXPERTS.index(person)]
        suits = not domains or not skills or bool(set(domains) & set(skills))
        return suits and person not in authors and not is_on_hold

    working = list(EXPERTS)
    while working:
        person = data.draw(st.sampled_from(working))
        remaining = waiting_count(scenario, person)
        assignment = scenario.assign_next(person)
        assert bool(remaining) == bool(assignment), "the count must match what is assigned"
        if assignment is None:
            working.remove(person)
        elif data.draw(st.booleans()):
            scenario.submit_answer(person, assignment, verdict="a")
        else:
            scenario.database.write_now(
                submit.skip_task, assignment, "unclear", scenario.interaction(person)
            )
            working = list(EXPERTS)
    for person in EXPERTS:
        assigned = item_ids_of(scenario, person)
        assert len(set(assigned)) == len(assigned)
        assert all(may_get(person, number) for number in assigned)
        full = {row.item_id for row in scenario.rows(Task) if row.slots_taken == row.overlap}
        expected = {n for n in range(1, len(items) + 1) if may_get(person, n) and n not in full}
        assert expected <= set(assigned)


def _set_up_items(session: Session, items: list[ItemProperties]) -> None:
    for number, (domains, author, candidate_author, is_on_hold) in enumerate(items, start=1):
        session.get_one(Item, number).author = author
        session.get_one(CandidateRow, (number, 1)).author = candidate_author
        task = session.get_one(Task, number)
        task.audience = audience_of(domains, None)
        task.on_hold_since = NOW if is_on_hold else None

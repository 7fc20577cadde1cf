"""Which events are queued, and what they contain."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bot.imports.mapping import ColumnMapping
from bot.services.answers import submit
from bot.services.campaigns import completion, lifecycle
from bot.services.exports import claims
from bot.services.exports.export_request import ExportRequest
from bot.services.items import changes
from bot.services.people import erasure, personal_data
from bot.services.reviews import warning_notices
from bot.services.webhooks.event_data import (
    AnswerStoredData,
    CampaignDoneData,
    ExportFailedData,
    ItemCompletedData,
    WarningRaisedData,
)
from storage.queries import experts
from storage.tables import CampaignState, Task
from tests.services.conftest import Scenario, pair
from tests.services.webhooks.conftest import Webhooks

ADA, BEN = "U0ADA", "U0BEN"


def start(scenario: Scenario, name: str = "tone", rows: int = 1, **options: Any) -> None:  # noqa: ANN401 - any field of a NewCampaign
    """Create a campaign with pairs for two experts."""
    scenario.create_campaign(name, experts=[ADA, BEN], **{"overlap": 2, **options})
    scenario.import_rows(name, [pair(number) for number in range(rows)])


def update_completion(scenario: Scenario) -> None:
    """Run the job that notices what is complete."""
    if scenario.database.read_now(completion.has_changed):
        scenario.database.write_now(completion.update_completion, scenario.now)


def test_answers_complete_an_item_and_the_campaign(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    start(scenario)
    webhook_log.add()
    scenario.answer_all(ADA, verdict="a")
    update_completion(scenario)
    assert webhook_log.types() == ["answer.stored"]
    scenario.answer_all(BEN, verdict="b")
    update_completion(scenario)
    update_completion(scenario)
    assert webhook_log.types()[1:] == ["answer.stored", "item.completed", "campaign.done"]
    first, second, item, done = webhook_log.data()
    assert isinstance(first, AnswerStoredData)
    assert (first.campaign, first.answer.item) == ("tone", "pair-0")
    assert first.answer.expert != second.answer.expert
    assert item == ItemCompletedData("tone", "pair-0", 2)
    assert done == CampaignDoneData("tone", "complete", "open", 2)
    assert ADA not in orjson.dumps([asdict(one) for one in webhook_log.data()]).decode()


def test_changed_and_undone_answers_are_events_of_the_same_answer(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    start(scenario, overlap=1)
    webhook_log.add()
    number = scenario.assign_next(ADA)
    assert number is not None
    scenario.submit_answer(ADA, number, verdict="a")
    scenario.submit_answer(ADA, number, verdict="a")  # changes nothing
    scenario.submit_answer(ADA, number, verdict="b")
    scenario.database.write_now(submit.undo, number, scenario.interaction(ADA))
    assert webhook_log.types() == [
        "answer.stored",
        "item.completed",
        "answer.stored",
        "answer.stored",
    ]
    versions = [one.answer for one in webhook_log.data() if isinstance(one, AnswerStoredData)]
    assert [(one.version, one.is_current) for one in versions] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    assert (versions[2].value, versions[2].counts) == (None, False)


def test_practice_and_confirmations_are_no_answers(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    scenario.create_campaign(experts=[ADA, BEN], overlap=1, practice_questions=1)
    gold = ColumnMapping.parse(["gold=gold"])
    scenario.import_rows("tone", [pair(1, gold="left"), pair(2)], columns=gold)
    start(scenario, "levels", overlap=1, settings={"levels": 2})
    webhook_log.add(events=("answer.stored",))
    for slack_id in (ADA, BEN):
        scenario.answer_all(slack_id, verdict="a", confirm="confirm_1")
    practice = sum(row.practice_attempt is not None for row in scenario.rows(Task))
    confirmations = scenario.count("task") - 3 - practice
    assert practice
    assert confirmations
    data = webhook_log.data()
    assert len(data) == scenario.count("annotation") - practice - confirmations
    assert None not in data


def test_confirmation_completes_the_item(scenario: Scenario, webhook_log: Webhooks) -> None:
    start(scenario, overlap=1, settings={"levels": 2})
    webhook_log.add()
    scenario.answer_all(ADA, verdict="a")
    update_completion(scenario)
    assert webhook_log.types() == ["answer.stored"]
    scenario.answer_all(BEN, confirm="confirm_1")
    update_completion(scenario)
    assert webhook_log.types()[1:] == ["item.completed", "campaign.done"]


def test_webhook_gets_only_its_events_and_campaigns(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    start(scenario, "tone", overlap=1)
    start(scenario, "jokes", overlap=1)
    webhook_log.add("items", events=("item.completed",))
    webhook_log.add("jokes", campaigns=("jokes",))
    webhook_log.add("both", events=("answer.stored", "item.completed"), campaigns=("tone",))
    scenario.answer_all(ADA, verdict="a")
    rows = [(row.webhook_id, row.event_type) for row in webhook_log.rows()]
    assert sorted(rows) == [
        (1, "item.completed"),
        (1, "item.completed"),
        (2, "answer.stored"),
        (2, "item.completed"),
        (3, "answer.stored"),
        (3, "item.completed"),
    ]
    ids = {row.event_id for row in webhook_log.rows() if row.event_type == "item.completed"}
    assert len(ids) == 2, "all webhooks get the same id of an event"


def test_nothing_is_queued_if_the_answer_is_not_stored(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    start(scenario, overlap=1)
    webhook_log.add()
    number = scenario.assign_next(ADA)
    assert number is not None

    def fail(session: object) -> None:
        submit.submit_answer(session, number, {"verdict": "a"}, scenario.interaction(ADA))  # type: ignore[arg-type]  # a Session
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        scenario.database.write_now(fail)
    assert webhook_log.rows() == []


def test_campaign_that_needs_more_answers_is_done_again(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    start(scenario, overlap=1)
    webhook_log.add(events=("campaign.done",))
    scenario.answer_all(ADA, verdict="a")
    update_completion(scenario)
    scenario.import_rows("tone", [pair(7)])
    update_completion(scenario)
    assert webhook_log.types() == ["campaign.done"]
    scenario.answer_all(BEN, verdict="a")
    update_completion(scenario)
    assert webhook_log.types() == ["campaign.done"] * 2
    scenario.database.write_now(
        lifecycle.change_state_by_name, "tone", CampaignState.CLOSED, scenario.actor
    )
    assert webhook_log.data()[-1].reason == "closed"


def test_export_is_ready_or_failed(scenario: Scenario, webhook_log: Webhooks) -> None:
    start(scenario)
    webhook_log.add()
    request = ExportRequest("preference", scenario.folder)
    for _ in range(2):
        run = scenario.run_for_campaign("tone", claims.queue_and_claim, request, scenario.actor, "")
        if not webhook_log.rows():
            written = claims.WrittenExport(scenario.folder, 3, 1, "cafe")
            scenario.database.write_now(claims.finish_run, run, written, scenario.now)
        else:
            scenario.database.write_now(claims.fail_run, run, "disk full", scenario.now)
    ready, failed = webhook_log.data()
    assert (ready.export, ready.rows, ready.left_out, ready.manifest_sha256) == (1, 3, 1, "cafe")
    assert failed == ExportFailedData("tone", 2, "preference", "disk full", scenario.now)


def test_warning_is_raised_once(scenario: Scenario, webhook_log: Webhooks) -> None:
    scenario.create_campaign(experts=[ADA], overlap=1)
    scenario.database.write_now(
        lambda session: experts.update_experts(session, [ADA], languages=["en"])
    )
    french = ColumnMapping(language=("language",))
    scenario.import_rows("tone", [pair(1, language="fr")], columns=french)
    webhook_log.add()
    for _ in range(2):
        scenario.database.write_now(warning_notices.report_dead_ends, scenario.now, [ADA])
    (warning,) = webhook_log.data()
    text = "1 item (language fr) suits no member"
    assert warning == WarningRaisedData("tone", "unassignable", text, None)


def test_deleted_item_leaves_nothing_to_send(scenario: Scenario, webhook_log: Webhooks) -> None:
    start(scenario, overlap=1)
    webhook_log.add()
    scenario.answer_all(ADA, verdict="a")
    scenario.run_for_campaign("tone", changes.delete_items, [1], scenario.actor)
    assert webhook_log.data() == [None, None]


def test_erased_expert_keeps_the_pseudonym(scenario: Scenario, webhook_log: Webhooks) -> None:
    start(scenario, overlap=1)
    webhook_log.add()
    scenario.answer_all(ADA, verdict="a")
    before = webhook_log.data()[0].answer.expert
    person = scenario.database.read_now(personal_data.find_person, ADA)
    scenario.database.write_now(erasure.erase_person, person, scenario.actor)
    assert webhook_log.data()[0].answer.expert == before
    assert all(ADA not in str(row) for row in webhook_log.rows())


def test_answer_of_two_experts_at_once_completes_the_item_once(
    scenario: Scenario, webhook_log: Webhooks
) -> None:
    start(scenario, rows=5)
    webhook_log.add(events=("item.completed",))
    for _ in range(5):
        numbers = [(slack_id, scenario.assign_next(slack_id)) for slack_id in (ADA, BEN)]
        futures = [
            scenario.database.start_write(
                submit.submit_answer, number, {"verdict": "a"}, scenario.interaction(slack_id)
            )
            for slack_id, number in numbers
            if number
        ]
        for future in futures:
            future.result(timedelta(seconds=30).total_seconds())
    assert webhook_log.types() == ["item.completed"] * 5

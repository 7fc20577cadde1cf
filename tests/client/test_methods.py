"""The client's methods against a running API: each result is what the methods promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.client import ApiProblemError, ItemSearch, LabelbotClient
from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import NOW, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def client(api: RunningApi) -> Iterator[LabelbotClient]:
    """Return a client of a campaign with three items, for an admin."""
    with LabelbotClient(api.url, api.create_key(KeyScope.ADMIN, name="loop")) as opened:
        opened.create_campaign("tone", "comparison", overlap=1, experts=[ADA])
        opened.push("tone", [pair(number) for number in (1, 2, 3)])
        yield opened


def test_campaigns_and_templates(client: LabelbotClient) -> None:
    assert client.change_campaign("tone", title="Tone!").title == "Tone!"
    assert client.pause_campaign("tone").state == "paused"
    assert client.resume_campaign("tone").state == "open"
    assert client.change_guidelines("tone", "Be kind.", "New").guidelines == "Be kind."
    assert client.change_audience("tone", domains=["birds"]).name == "tone"
    practice = client.change_practice("tone", questions=3, attempts=2)
    assert (practice.name, practice.missing_gold) == ("tone", 3)
    assert practice.etag == client.campaign("tone").etag
    pausing = client.change_quality("tone", pause_on_quality_failure=True).model_dump()
    assert pausing["pause_on_quality_failure"]
    assert client.clone_campaign("tone", "copy").overlap == 1
    assert client.save_template("tone", "usual").kind == "comparison"
    assert [one.name for one in client.templates()] == ["usual"]
    assert client.use_template("usual", "next", title="Next").title == "Next"
    assert client.delete_template("usual").changed == 1
    assert client.report("tone")["experts"] == []
    assert client.close_campaign("copy").state == "closed"
    with pytest.raises(ApiProblemError, match="nonsense"):
        client.change_campaign("tone", nonsense=1)


def test_every_campaign_that_a_method_returns_has_its_etag(client: LabelbotClient) -> None:
    client.save_template("tone", "usual")
    found = [
        client.create_campaign("created", "comparison"),
        client.clone_campaign("tone", "cloned"),
        client.use_template("usual", "used"),
        client.pause_campaign("tone"),
    ]
    assert [one.etag for one in found] == [client.campaign(one.name).etag for one in found]
    assert client.change_campaign("created", etag=found[0].etag, title="New").title == "New"


def test_campaign_that_changed_since_it_was_read_is_not_changed(client: LabelbotClient) -> None:
    read = client.campaign("tone")
    assert read.etag
    changed = client.change_campaign("tone", etag=read.etag, title="First")
    with pytest.raises(ApiProblemError, match="changed this meanwhile"):
        client.change_campaign("tone", etag=read.etag, title="Second")
    assert client.campaign("tone") == changed
    assert client.change_campaign("tone", etag=changed.etag, title="Third").title == "Third"


def test_items_and_imports(client: LabelbotClient) -> None:
    checked = client.check_items("tone", [pair(4), pair(1)])
    assert (checked["items"], checked["existing"]) == (1, 1)
    assert [one.item for one in client.items("tone", ItemSearch(key="pair-2"))] == ["pair-2"]
    assert client.hold_item("tone", "pair-2", "unclear").changed == 1
    (held,) = client.items("tone", ItemSearch(state="on_hold"))
    assert held.on_hold_reason == "unclear"
    assert client.release_item("tone", "pair-2").changed == 1
    assert client.item("tone", "pair-2").prompt[0]["content"] == "Question 2?"
    assert client.delete_item("tone", "pair-3").keys == ["pair-3"]
    (imported,) = client.imports("tone")
    assert client.undo_import("tone", imported.id).items == 2


def test_experts_tasks_and_corrections(api: RunningApi, client: LabelbotClient) -> None:
    assert client.invite_experts([BOB], "tone", domains=["birds"]).added == [BOB]
    assert client.change_role(BOB, "senior").role == "senior"
    assert [one.role for one in client.experts()] == [None, "senior"]
    assert client.change_note(BOB, "fast").note == client.note(BOB).note == "fast"
    assert client.assign_tasks("tone", BOB).assigned_count == 1
    (task,) = client.tasks("tone", "queued")
    assert task.slack_id == BOB
    assert client.reassign_tasks("tone", BOB, ADA).reassigned == 1
    assert client.unassign_tasks("tone", ADA).changed == 1
    assert client.assign_many("tone", [ADA], count=2)[0].assigned_count == 2
    assert list(client.remind_experts("tone").skipped.values()) in ([[ADA]], [])
    assert client.change_overlap("tone", 2).after == 2
    api.scenario.answer_all(ADA, verdict="a")
    answered = list(client.answers("tone"))
    assert client.reopen_answer("tone", answered[0].item, ADA).changed == 1
    excluded = client.exclude_answers("tone", ADA, NOW - timedelta(days=1), "too fast")
    assert client.exclusions("tone") == [excluded]
    assert client.include_answers("tone", ADA).slack_id == ADA
    assert sum(one.answers for one in client.hours("tone")) > 0
    assert client.remove_expert("tone", BOB).changed == 1
    assert list(client.messages(ADA)) == []


def test_exports_and_schedules(api: RunningApi, client: LabelbotClient) -> None:
    api.scenario.answer_all(ADA, verdict="a")
    assert "preference" in [one.name for one in client.formats()]
    number = client.start_export("tone", "preference", {"ties": "drop"}, freeze=True).id
    client.start_export("tone", "preference")
    run.run_pending_exports(api.context.database, AdjustableClock(NOW))
    assert client.verify_export(number).deviations == []
    assert client.replay_export(number).row_count == 3
    assert list(client.compare_exports(number, number + 1)) == []
    assert [one.id for one in client.exports("tone")] == [number + 1, number]
    with pytest.raises(ApiProblemError):
        client.deliver_export(number)
    added = client.add_schedule("tone", "daily 06:00", "preference", tz="Europe/Berlin")
    assert client.schedules("tone") == [added]
    assert client.remove_schedule("tone", added.id).changed == 1


def test_reviews(api: RunningApi, client: LabelbotClient) -> None:
    api.scenario.answer_all(ADA, verdict="a")
    assert len(client.cases("tone")) <= 3
    assert client.case("tone", 1)["item"] == "pair-1"
    (first, *_rest) = client.answers("tone")
    assert client.accept_answer("tone", first.answer).changed == 1
    assert client.undo_decision("tone", 1).changed == 1
    assert client.decide_case("tone", 2, {"verdict": "tie"}, "both good").changed == 1
    (decided,) = client.decisions("tone")
    assert (decided.task_id, decided.reason) == (2, "both good")
    assert client.keep_answers("tone", 3).changed == 1


def test_workspace(client: LabelbotClient) -> None:
    assert (client.key().name, client.key().scope) == ("loop", "admin")
    assert client.change_settings(reminders_per_day=2).reminders_per_day == 2
    assert client.settings().reminders_per_day == 2
    assert client.change_digest(cron="0 8 * * 1", is_enabled=True).schedule.cron == "0 8 * * 1"
    assert client.digest().is_enabled
    assert client.undelivered_messages() == []
    newest = next(iter(client.audit_log(since=NOW - timedelta(days=1))))
    assert newest.actor == "loop"


def test_lists_of_several_pages_are_read_completely(client: LabelbotClient) -> None:
    client.push("tone", [pair(number) for number in range(4, 304)])
    assert len(list(client.items("tone"))) == 303

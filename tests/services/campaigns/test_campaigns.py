"""Campaigns: what may be created, who joins, and how they end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cron import CronSchedule
from bot.errors import BotError, NotFoundError
from bot.kinds import kind_named
from bot.services.campaigns import campaigns
from bot.services.campaigns.campaigns import (
    BadKindSettingsError,
    ClosedCampaignError,
    NameTakenError,
    NewCampaign,
    PastDeadlineError,
)
from bot.services.campaigns.validation import (
    BadNameError,
    BadNumberError,
    BadRemindersError,
    BadSlackIdError,
)
from bot.services.exports import jobs
from bot.services.exports.jobs import ExportRequest
from storage.tables import Campaign, Expert, ExportRun, Membership, Task
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "W0EVE"


def test_a_campaign_is_kept_as_it_was_described(workshop: Scenario) -> None:
    workshop.create_campaign(
        title="  How does\nit sound? ",
        settings={"strength": True},
        guidelines="Be fair.\n",
        overlap=5,
        lease=timedelta(hours=8),
        reminders=[timedelta(minutes=90), timedelta(hours=4)],
        deadline=NOW + timedelta(days=3),
    )
    (kept,) = workshop.rows(Campaign)
    assert kept.name == "tone"
    assert kept.title == "How does it sound?"
    assert kept.settings["strength"] is True
    assert kept.guidelines == "Be fair."
    assert (kept.overlap, kept.lease_minutes, kept.reminder_minutes) == (5, 480, [90, 240])
    assert kept.deadline == NOW + timedelta(days=3)
    assert kept.created_at == NOW
    assert workshop.audit_log() == [("created", "campaign tone")]


def test_every_campaign_shuffles_by_a_seed_of_its_own(workshop: Scenario) -> None:
    workshop.create_campaign("one")
    workshop.create_campaign("two")
    seeds = {campaign.seed for campaign in workshop.rows(Campaign)}
    assert len(seeds) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", seed) for seed in seeds)


def test_a_campaign_without_a_title_is_called_by_its_name(workshop: Scenario) -> None:
    assert workshop.create_campaign("tone-2026").title == "tone-2026"


BAD: list[tuple[dict[str, Any], type[BotError], str]] = [
    ({"name": "Tone"}, BadNameError, "“tone”"),
    ({"name": ""}, BadNameError, "small letters"),
    ({"name": "-tone"}, BadNameError, "“tone”"),
    ({"name": "../etc"}, BadNameError, "“etc”"),
    ({"name": "a" * 81}, BadNameError, "a" * 80),
    ({"kind": "comparisons"}, NotFoundError, "the kinds are demonstration, comparison, "),
    ({"settings": {"strenght": True}}, BadKindSettingsError, "no setting “strenght”"),
    ({"settings": {"strength": "very"}}, BadKindSettingsError, "strength: "),
    ({"kind": "rating", "settings": {"criteria": []}}, BadKindSettingsError, "criteria: "),
    ({"overlap": 0}, BadNumberError, "The overlap must be 1 to 100, not 0"),
    ({"overlap": 101}, BadNumberError, "1 to 100"),
    ({"lease": timedelta()}, BadNumberError, "The lease must be 1 minute to 365 days"),
    ({"lease": timedelta(days=366)}, BadNumberError, "365 days"),
    ({"reminders": [timedelta()]}, BadRemindersError, "each must come later"),
    ({"reminders": [timedelta(hours=2), timedelta(hours=1)]}, BadRemindersError, "each must come"),
    ({"reminders": [timedelta(days=2)]}, BadRemindersError, "lengthen the lease or remind earlier"),
    (
        {"reminders": [timedelta(minutes=n) for n in range(1, 12)]},
        BadRemindersError,
        "11 are too many",
    ),
    ({"deadline": NOW}, PastDeadlineError, "2026-03-02 09:00 UTC is over already"),
    ({"experts": ["ada"]}, BadSlackIdError, "“ada” is not the Slack id"),
    ({"experts": [ADA, "<@U0BOB>"]}, BadSlackIdError, "“<@U0BOB>”"),
]


@pytest.mark.parametrize(("wrong", "error", "said"), BAD)
def test_what_cannot_work_is_refused_in_a_sentence_and_leaves_nothing(
    workshop: Scenario, wrong: Mapping[str, Any], error: type[BotError], said: str
) -> None:
    wanted = {"name": "tone", "kind": "comparison", **wrong}
    with pytest.raises(error, match=re.escape(said)):
        workshop.create_campaign(**wanted)
    assert workshop.count("campaign") == workshop.count("expert") == 0
    assert workshop.audit_log() == []


def test_a_name_is_given_once(workshop: Scenario) -> None:
    workshop.create_campaign("tone")
    with pytest.raises(NameTakenError, match="“tone”"):
        workshop.create_campaign("tone")
    assert workshop.count("campaign") == 1


def test_of_two_who_take_a_name_at_once_one_gets_it(workshop: Scenario) -> None:
    def create(_: int) -> bool:
        try:
            workshop.create_campaign("tone")
        except NameTakenError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(create, range(4))) == 1


def test_experts_get_a_pseudonym_that_tells_nothing_of_them(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA, BOB, ADA])
    experts = workshop.rows(Expert)
    assert [expert.slack_id for expert in experts] == [ADA, BOB]
    assert all(re.fullmatch("expert-[0-9a-f]{8}", expert.pseudonym) for expert in experts)
    assert len({expert.pseudonym for expert in experts}) == 2
    assert [expert.days for expert in experts] == [[1, 2, 3, 4, 5]] * 2
    assert workshop.audit_log()[1:] == [("added an expert", "campaign tone")] * 2


def test_an_expert_of_two_campaigns_is_one_person(workshop: Scenario) -> None:
    workshop.create_campaign("one", experts=[ADA])
    workshop.create_campaign("two", experts=[ADA])
    assert len(workshop.rows(Expert)) == 1
    assert len(workshop.rows(Membership)) == 2


def test_experts_may_join_later_and_need_not_join_twice(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    joined = workshop.run_for_campaign("tone", campaigns.add_experts, [EVE, ADA, BOB], workshop.by)
    assert joined == campaigns.AddExpertsResult(added=(EVE, BOB), existing=(ADA,))
    assert len(workshop.rows(Membership)) == 3


def test_many_hands_adding_the_same_people_add_each_once(workshop: Scenario) -> None:
    workshop.create_campaign()
    people = [f"U0NEW{number}" for number in range(20)]

    def add(_: int) -> None:
        workshop.run_for_campaign("tone", campaigns.add_experts, people, workshop.by)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    assert [expert.slack_id for expert in workshop.rows(Expert)] == people
    assert len(workshop.rows(Membership)) == 20


def test_a_paused_campaign_hands_out_nothing_until_it_is_resumed(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA])
    workshop.import_rows("tone", [pair(1)])
    workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    assert workshop.assign_next(ADA) is None
    workshop.run_for_campaign("tone", campaigns.resume, workshop.by)
    assert workshop.assign_next(ADA)
    assert workshop.audit_log()[-2:] == [("paused", "campaign tone"), ("open", "campaign tone")]


def test_pausing_twice_is_written_down_once(workshop: Scenario) -> None:
    workshop.create_campaign()
    for _ in range(2):
        workshop.run_for_campaign("tone", campaigns.pause, workshop.by)
    assert workshop.audit_log() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_a_closed_campaign_takes_open_tasks_back_and_keeps_answers(workshop: Scenario) -> None:
    workshop.create_campaign(experts=[ADA, BOB])
    workshop.import_rows("tone", [pair(1), pair(2)])
    workshop.submit_answer(ADA, workshop.assign_next(ADA) or 0, verdict="a")
    workshop.assign_next(ADA)
    workshop.assign_next(BOB)
    assert workshop.run_for_campaign("tone", campaigns.close, workshop.by) == 2
    assert [task.slots_taken for task in workshop.rows(Task)] == [1, 0]
    assert workshop.assign_next(ADA) is None


def test_closing_exports_a_last_time_what_was_scheduled(workshop: Scenario, tmp_path: Path) -> None:
    workshop.create_campaign()
    workshop.run_for_campaign(
        "tone",
        jobs.schedule_export,
        ExportRequest("preference", tmp_path),
        CronSchedule("0 6 * * *"),
        workshop.by,
    )
    workshop.advance_clock(minutes=5)
    workshop.run_for_campaign("tone", campaigns.close, workshop.by)
    workshop.advance_clock(days=7)
    assert workshop.database.write_now(jobs.queue_due_runs, workshop.now) == 0
    (run,) = workshop.rows(ExportRun)
    assert run.due_at == NOW + timedelta(minutes=5)


def test_what_is_closed_stays_closed(workshop: Scenario) -> None:
    workshop.create_campaign()
    workshop.run_for_campaign("tone", campaigns.close, workshop.by)
    for move in (campaigns.pause, campaigns.resume, campaigns.close):
        with pytest.raises(ClosedCampaignError, match="“tone” is closed"):
            workshop.run_for_campaign("tone", move, workshop.by)
    with pytest.raises(ClosedCampaignError):
        workshop.run_for_campaign("tone", campaigns.add_experts, [ADA], workshop.by)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("joke", "There is no campaign called “joke”; perhaps you mean “jokes”."),
        ("Tones", "perhaps you mean “tone”."),
        ("zzz", "there are jokes, tone."),
    ],
)
def test_a_campaign_that_is_not_there_is_missed_with_names_near_it(
    workshop: Scenario, asked: str, said: str
) -> None:
    workshop.create_campaign("jokes", "rating")
    workshop.create_campaign("tone")
    with pytest.raises(NotFoundError, match=re.escape(said)):
        workshop.database.read_now(campaigns.campaign_by_name, asked)


def test_where_there_is_none_that_is_said(workshop: Scenario) -> None:
    with pytest.raises(NotFoundError, match="there is none yet"):
        workshop.database.read_now(campaigns.campaign_by_name, "jokes")


def test_defaults_are_kept_so_that_a_later_release_changes_no_campaign() -> None:
    wanted = NewCampaign("jokes", "rating")
    assert wanted.settings == {}
    kind = kind_named("rating")
    kept = campaigns.validate_settings(kind, wanted.settings)
    assert [one["key"] for one in kept["criteria"]] == ["relevance", "humor", "clarity"]
    assert campaigns.validate_settings(kind, kept) == kept

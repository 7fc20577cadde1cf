"""Creating campaigns, adding experts, and changing the state of a campaign."""

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
    PastDeadlineError,
)
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.campaigns.validation import (
    BadNameError,
    BadNumberError,
    BadRemindersError,
    BadSlackIdError,
)
from bot.services.exports import jobs, schedules
from bot.services.exports.export_request import ExportRequest
from storage.tables import Campaign, Expert, ExportRun, Membership, Task
from tests.services.conftest import NOW, Scenario, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "W0EVE"


def test_campaign_is_stored_as_requested(scenario: Scenario) -> None:
    scenario.create_campaign(
        title="  How does\nit sound? ",
        settings={"strength": True},
        guidelines="Be fair.\n",
        overlap=5,
        lease=timedelta(hours=8),
        reminders=[timedelta(minutes=90), timedelta(hours=4)],
        deadline=NOW + timedelta(days=3),
    )
    (campaign,) = scenario.rows(Campaign)
    assert campaign.name == "tone"
    assert campaign.title == "How does it sound?"
    assert campaign.settings["strength"] is True
    assert campaign.guidelines == "Be fair."
    assert (campaign.overlap, campaign.lease_minutes, campaign.reminder_minutes) == (
        5,
        480,
        [90, 240],
    )
    assert campaign.deadline == NOW + timedelta(days=3)
    assert campaign.created_at == NOW
    assert scenario.audit_log() == [("created a campaign", "campaign tone")]


def test_each_campaign_has_its_own_seed(scenario: Scenario) -> None:
    scenario.create_campaign("one")
    scenario.create_campaign("two")
    seeds = {campaign.seed for campaign in scenario.rows(Campaign)}
    assert len(seeds) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", seed) for seed in seeds)


def test_title_defaults_to_the_name(scenario: Scenario) -> None:
    assert scenario.create_campaign("tone-2026").title == "tone-2026"


INVALID_CAMPAIGNS: list[tuple[dict[str, Any], type[BotError], str]] = [
    ({"name": "Tone"}, BadNameError, "“tone”"),
    ({"name": ""}, BadNameError, "lowercase letters"),
    ({"name": "-tone"}, BadNameError, "“tone”"),
    ({"name": "../etc"}, BadNameError, "“etc”"),
    ({"name": "a" * 81}, BadNameError, "a" * 80),
    ({"kind": "comparisons"}, NotFoundError, "Kinds: demonstration, comparison, "),
    ({"settings": {"strenght": True}}, BadKindSettingsError, "unknown setting “strenght”"),
    ({"settings": {"strength": "very"}}, BadKindSettingsError, "strength: "),
    ({"kind": "rating", "settings": {"criteria": []}}, BadKindSettingsError, "criteria: "),
    ({"overlap": 0}, BadNumberError, "Answers per item must be from 1 to 100, not 0"),
    ({"overlap": 101}, BadNumberError, "from 1 to 100"),
    ({"lease": timedelta()}, BadNumberError, "The lease must be from 1 minute to 365 days"),
    ({"lease": timedelta(days=366)}, BadNumberError, "365 days"),
    ({"reminders": [timedelta()]}, BadRemindersError, "each must come later"),
    ({"reminders": [timedelta(hours=2), timedelta(hours=1)]}, BadRemindersError, "each must come"),
    ({"reminders": [timedelta(days=2)]}, BadRemindersError, "lengthen the lease or remind earlier"),
    (
        {"reminders": [timedelta(minutes=n) for n in range(1, 12)]},
        BadRemindersError,
        "11 reminders are too many",
    ),
    ({"deadline": NOW}, PastDeadlineError, "2026-03-02 09:00 UTC has passed"),
    ({"experts": ["ada"]}, BadSlackIdError, "“ada” is not a Slack member ID"),
    ({"experts": [ADA, "<@U0BOB>"]}, BadSlackIdError, "“<@U0BOB>”"),
]


@pytest.mark.parametrize(("options", "error", "message"), INVALID_CAMPAIGNS)
def test_invalid_campaign_is_refused_and_nothing_is_stored(
    scenario: Scenario, options: Mapping[str, Any], error: type[BotError], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        scenario.create_campaign(**{"name": "tone", "kind": "comparison", **options})
    assert scenario.count("campaign") == scenario.count("expert") == 0
    assert scenario.audit_log() == []


def test_name_must_be_unique(scenario: Scenario) -> None:
    scenario.create_campaign("tone")
    with pytest.raises(NameTakenError, match="“tone”"):
        scenario.create_campaign("tone")
    assert scenario.count("campaign") == 1


def test_concurrent_creations_with_one_name_create_one_campaign(scenario: Scenario) -> None:
    def create(_: int) -> bool:
        try:
            scenario.create_campaign("tone")
        except NameTakenError:
            return False
        return True

    with ThreadPoolExecutor(4) as executor:
        assert sum(executor.map(create, range(4))) == 1


def test_experts_get_random_pseudonyms(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB, ADA])
    experts = scenario.rows(Expert)
    assert [expert.slack_id for expert in experts] == [ADA, BOB]
    assert all(re.fullmatch("expert-[0-9a-f]{8}", expert.pseudonym) for expert in experts)
    assert len({expert.pseudonym for expert in experts}) == 2
    assert [expert.work_days for expert in experts] == [[1, 2, 3, 4, 5]] * 2
    assert scenario.audit_log()[1:] == [("added an expert", "campaign tone")] * 2


def test_expert_of_two_campaigns_is_stored_once(scenario: Scenario) -> None:
    scenario.create_campaign("one", experts=[ADA])
    scenario.create_campaign("two", experts=[ADA])
    assert len(scenario.rows(Expert)) == 1
    assert len(scenario.rows(Membership)) == 2


def test_adding_experts_reports_existing_members(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    result = scenario.run_for_campaign(
        "tone", campaigns.add_experts, [EVE, ADA, BOB], scenario.actor
    )
    assert result == campaigns.AddExpertsResult(added=(EVE, BOB), existing=(ADA,))
    assert len(scenario.rows(Membership)) == 3


def test_concurrent_additions_add_each_expert_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    people = [f"U0NEW{number}" for number in range(20)]

    def add(_: int) -> None:
        scenario.run_for_campaign("tone", campaigns.add_experts, people, scenario.actor)

    with ThreadPoolExecutor(6) as executor:
        list(executor.map(add, range(6)))
    assert [expert.slack_id for expert in scenario.rows(Expert)] == people
    assert len(scenario.rows(Membership)) == 20


def test_paused_campaign_assigns_no_tasks_until_resumed(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    assert scenario.assign_next(ADA) is None
    scenario.run_for_campaign("tone", campaigns.resume, scenario.actor)
    assert scenario.assign_next(ADA)
    assert scenario.audit_log()[-2:] == [
        ("paused a campaign", "campaign tone"),
        ("resumed a campaign", "campaign tone"),
    ]


def test_pausing_twice_is_audited_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    for _ in range(2):
        scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    assert scenario.audit_log() == [
        ("created a campaign", "campaign tone"),
        ("paused a campaign", "campaign tone"),
    ]


def test_closing_releases_open_tasks_and_keeps_answers(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    scenario.assign_next(ADA)
    scenario.assign_next(BOB)
    assert scenario.run_for_campaign("tone", campaigns.close, scenario.actor) == 2
    assert [task.slots_taken for task in scenario.rows(Task)] == [1, 0]
    assert scenario.assign_next(ADA) is None


def test_closing_queues_last_run_of_each_schedule(scenario: Scenario, tmp_path: Path) -> None:
    scenario.create_campaign()
    scenario.run_for_campaign(
        "tone",
        schedules.schedule_export,
        ExportRequest("preference", tmp_path),
        CronSchedule("0 6 * * *"),
        scenario.actor,
    )
    scenario.advance_clock(minutes=5)
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    scenario.advance_clock(days=7)
    assert scenario.database.write_now(jobs.queue_due_runs, scenario.now) == 0
    (run,) = scenario.rows(ExportRun)
    assert run.due_at == NOW + timedelta(minutes=5)


def test_closed_campaign_stays_closed(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    for transition in (campaigns.pause, campaigns.resume, campaigns.close):
        with pytest.raises(ClosedCampaignError, match="“tone” is closed"):
            scenario.run_for_campaign("tone", transition, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        scenario.run_for_campaign("tone", campaigns.add_experts, [ADA], scenario.actor)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("joke", "Unknown campaign “joke”. Did you mean “jokes”?"),
        ("Tones", "Did you mean “tone”?"),
        ("zzz", "Campaigns: jokes, tone."),
    ],
)
def test_unknown_campaign_error_suggests_names(scenario: Scenario, name: str, message: str) -> None:
    scenario.create_campaign("jokes", "rating")
    scenario.create_campaign("tone")
    with pytest.raises(NotFoundError, match=re.escape(message)):
        scenario.database.read_now(campaigns.campaign_by_name, name)


def test_unknown_campaign_error_without_campaigns(scenario: Scenario) -> None:
    with pytest.raises(NotFoundError, match="There are no campaigns yet"):
        scenario.database.read_now(campaigns.campaign_by_name, "jokes")


def test_default_settings_are_stored_with_the_campaign() -> None:
    new_campaign = NewCampaign("jokes", "rating")
    assert new_campaign.settings == {}
    kind = kind_named("rating")
    settings = campaigns.validate_settings(kind, new_campaign.settings)
    keys = [criterion["key"] for criterion in settings["criteria"]]
    assert keys == ["relevance", "humor", "clarity"]
    assert campaigns.validate_settings(kind, settings) == settings

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


def test_a_campaign_is_kept_as_it_was_described(scenario: Scenario) -> None:
    scenario.create_campaign(
        title="  How does\nit sound? ",
        settings={"strength": True},
        guidelines="Be fair.\n",
        overlap=5,
        lease=timedelta(hours=8),
        reminders=[timedelta(minutes=90), timedelta(hours=4)],
        deadline=NOW + timedelta(days=3),
    )
    (kept,) = scenario.rows(Campaign)
    assert kept.name == "tone"
    assert kept.title == "How does it sound?"
    assert kept.settings["strength"] is True
    assert kept.guidelines == "Be fair."
    assert (kept.overlap, kept.lease_minutes, kept.reminder_minutes) == (5, 480, [90, 240])
    assert kept.deadline == NOW + timedelta(days=3)
    assert kept.created_at == NOW
    assert scenario.audit_log() == [("created", "campaign tone")]


def test_every_campaign_shuffles_by_a_seed_of_its_own(scenario: Scenario) -> None:
    scenario.create_campaign("one")
    scenario.create_campaign("two")
    seeds = {campaign.seed for campaign in scenario.rows(Campaign)}
    assert len(seeds) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", seed) for seed in seeds)


def test_a_campaign_without_a_title_is_called_by_its_name(scenario: Scenario) -> None:
    assert scenario.create_campaign("tone-2026").title == "tone-2026"


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
    scenario: Scenario, wrong: Mapping[str, Any], error: type[BotError], said: str
) -> None:
    wanted = {"name": "tone", "kind": "comparison", **wrong}
    with pytest.raises(error, match=re.escape(said)):
        scenario.create_campaign(**wanted)
    assert scenario.count("campaign") == scenario.count("expert") == 0
    assert scenario.audit_log() == []


def test_a_name_is_given_once(scenario: Scenario) -> None:
    scenario.create_campaign("tone")
    with pytest.raises(NameTakenError, match="“tone”"):
        scenario.create_campaign("tone")
    assert scenario.count("campaign") == 1


def test_of_two_who_take_a_name_at_once_one_gets_it(scenario: Scenario) -> None:
    def create(_: int) -> bool:
        try:
            scenario.create_campaign("tone")
        except NameTakenError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(create, range(4))) == 1


def test_experts_get_a_pseudonym_that_tells_nothing_of_them(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB, ADA])
    experts = scenario.rows(Expert)
    assert [expert.slack_id for expert in experts] == [ADA, BOB]
    assert all(re.fullmatch("expert-[0-9a-f]{8}", expert.pseudonym) for expert in experts)
    assert len({expert.pseudonym for expert in experts}) == 2
    assert [expert.work_days for expert in experts] == [[1, 2, 3, 4, 5]] * 2
    assert scenario.audit_log()[1:] == [("added an expert", "campaign tone")] * 2


def test_an_expert_of_two_campaigns_is_one_person(scenario: Scenario) -> None:
    scenario.create_campaign("one", experts=[ADA])
    scenario.create_campaign("two", experts=[ADA])
    assert len(scenario.rows(Expert)) == 1
    assert len(scenario.rows(Membership)) == 2


def test_experts_may_join_later_and_need_not_join_twice(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    joined = scenario.run_for_campaign("tone", campaigns.add_experts, [EVE, ADA, BOB], scenario.actor)
    assert joined == campaigns.AddExpertsResult(added=(EVE, BOB), existing=(ADA,))
    assert len(scenario.rows(Membership)) == 3


def test_many_hands_adding_the_same_people_add_each_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    people = [f"U0NEW{number}" for number in range(20)]

    def add(_: int) -> None:
        scenario.run_for_campaign("tone", campaigns.add_experts, people, scenario.actor)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    assert [expert.slack_id for expert in scenario.rows(Expert)] == people
    assert len(scenario.rows(Membership)) == 20


def test_a_paused_campaign_hands_out_nothing_until_it_is_resumed(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA])
    scenario.import_rows("tone", [pair(1)])
    scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    assert scenario.assign_next(ADA) is None
    scenario.run_for_campaign("tone", campaigns.resume, scenario.actor)
    assert scenario.assign_next(ADA)
    assert scenario.audit_log()[-2:] == [("paused", "campaign tone"), ("open", "campaign tone")]


def test_pausing_twice_is_written_down_once(scenario: Scenario) -> None:
    scenario.create_campaign()
    for _ in range(2):
        scenario.run_for_campaign("tone", campaigns.pause, scenario.actor)
    assert scenario.audit_log() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_a_closed_campaign_takes_open_tasks_back_and_keeps_answers(scenario: Scenario) -> None:
    scenario.create_campaign(experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.submit_answer(ADA, scenario.assign_next(ADA) or 0, verdict="a")
    scenario.assign_next(ADA)
    scenario.assign_next(BOB)
    assert scenario.run_for_campaign("tone", campaigns.close, scenario.actor) == 2
    assert [task.slots_taken for task in scenario.rows(Task)] == [1, 0]
    assert scenario.assign_next(ADA) is None


def test_closing_exports_a_last_time_what_was_scheduled(scenario: Scenario, tmp_path: Path) -> None:
    scenario.create_campaign()
    scenario.run_for_campaign(
        "tone",
        jobs.schedule_export,
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


def test_what_is_closed_stays_closed(scenario: Scenario) -> None:
    scenario.create_campaign()
    scenario.run_for_campaign("tone", campaigns.close, scenario.actor)
    for move in (campaigns.pause, campaigns.resume, campaigns.close):
        with pytest.raises(ClosedCampaignError, match="“tone” is closed"):
            scenario.run_for_campaign("tone", move, scenario.actor)
    with pytest.raises(ClosedCampaignError):
        scenario.run_for_campaign("tone", campaigns.add_experts, [ADA], scenario.actor)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("joke", "There is no campaign called “joke”; perhaps you mean “jokes”."),
        ("Tones", "perhaps you mean “tone”."),
        ("zzz", "there are jokes, tone."),
    ],
)
def test_a_campaign_that_is_not_there_is_missed_with_names_near_it(
    scenario: Scenario, asked: str, said: str
) -> None:
    scenario.create_campaign("jokes", "rating")
    scenario.create_campaign("tone")
    with pytest.raises(NotFoundError, match=re.escape(said)):
        scenario.database.read_now(campaigns.campaign_by_name, asked)


def test_where_there_is_none_that_is_said(scenario: Scenario) -> None:
    with pytest.raises(NotFoundError, match="there is none yet"):
        scenario.database.read_now(campaigns.campaign_by_name, "jokes")


def test_defaults_are_kept_so_that_a_later_release_changes_no_campaign() -> None:
    wanted = NewCampaign("jokes", "rating")
    assert wanted.settings == {}
    kind = kind_named("rating")
    kept = campaigns.validate_settings(kind, wanted.settings)
    assert [one["key"] for one in kept["criteria"]] == ["relevance", "humor", "clarity"]
    assert campaigns.validate_settings(kind, kept) == kept

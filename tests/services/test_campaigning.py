"""Campaigns: what may be created, who joins, and how they end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError, NotFoundError
from bot.kinds import kind_named
from bot.recurring import Rhythm
from bot.services import campaigning, scheduling
from bot.services.campaigning import (
    BadKindSettingsError,
    ClosedCampaignError,
    NameTakenError,
    NewCampaign,
    PastDeadlineError,
)
from bot.services.checking import BadExpertError, BadNameError, BadNumberError, BadPlanError
from bot.services.scheduling import Wanted
from storage.tables import Campaign, Expert, ExportRun, Membership, Task
from tests.services.conftest import NOW, Workshop, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "W0EVE"


def test_a_campaign_is_kept_as_it_was_described(workshop: Workshop) -> None:
    workshop.creates(
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
    assert workshop.deeds() == [("created", "campaign tone")]


def test_every_campaign_shuffles_by_a_seed_of_its_own(workshop: Workshop) -> None:
    workshop.creates("one")
    workshop.creates("two")
    seeds = {campaign.seed for campaign in workshop.rows(Campaign)}
    assert len(seeds) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", seed) for seed in seeds)


def test_a_campaign_without_a_title_is_called_by_its_name(workshop: Workshop) -> None:
    assert workshop.creates("tone-2026").title == "tone-2026"


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
    ({"reminders": [timedelta()]}, BadPlanError, "each must come later"),
    ({"reminders": [timedelta(hours=2), timedelta(hours=1)]}, BadPlanError, "each must come"),
    ({"reminders": [timedelta(days=2)]}, BadPlanError, "lengthen the lease or remind earlier"),
    ({"reminders": [timedelta(minutes=n) for n in range(1, 12)]}, BadPlanError, "11 are too many"),
    ({"deadline": NOW}, PastDeadlineError, "2026-03-02 09:00 UTC is over already"),
    ({"experts": ["ada"]}, BadExpertError, "“ada” is not the Slack id"),
    ({"experts": [ADA, "<@U0BOB>"]}, BadExpertError, "“<@U0BOB>”"),
]


@pytest.mark.parametrize(("wrong", "error", "said"), BAD)
def test_what_cannot_work_is_refused_in_a_sentence_and_leaves_nothing(
    workshop: Workshop, wrong: Mapping[str, Any], error: type[BotError], said: str
) -> None:
    wanted = {"name": "tone", "kind": "comparison", **wrong}
    with pytest.raises(error, match=re.escape(said)):
        workshop.creates(**wanted)
    assert workshop.count("campaign") == workshop.count("expert") == 0
    assert workshop.deeds() == []


def test_a_name_is_given_once(workshop: Workshop) -> None:
    workshop.creates("tone")
    with pytest.raises(NameTakenError, match="“tone”"):
        workshop.creates("tone")
    assert workshop.count("campaign") == 1


def test_of_two_who_take_a_name_at_once_one_gets_it(workshop: Workshop) -> None:
    def create(_: int) -> bool:
        try:
            workshop.creates("tone")
        except NameTakenError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(create, range(4))) == 1


def test_experts_get_a_pseudonym_that_tells_nothing_of_them(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA, BOB, ADA])
    experts = workshop.rows(Expert)
    assert [expert.slack_id for expert in experts] == [ADA, BOB]
    assert all(re.fullmatch("expert-[0-9a-f]{8}", expert.pseudonym) for expert in experts)
    assert len({expert.pseudonym for expert in experts}) == 2
    assert [expert.days for expert in experts] == [[1, 2, 3, 4, 5]] * 2
    assert workshop.deeds()[1:] == [("added an expert", "campaign tone")] * 2


def test_an_expert_of_two_campaigns_is_one_person(workshop: Workshop) -> None:
    workshop.creates("one", experts=[ADA])
    workshop.creates("two", experts=[ADA])
    assert len(workshop.rows(Expert)) == 1
    assert len(workshop.rows(Membership)) == 2


def test_experts_may_join_later_and_need_not_join_twice(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    joined = workshop.directs("tone", campaigning.add_experts, [EVE, ADA, BOB], workshop.by)
    assert joined == campaigning.Joined(new=(EVE, BOB), there=(ADA,))
    assert len(workshop.rows(Membership)) == 3


def test_many_hands_adding_the_same_people_add_each_once(workshop: Workshop) -> None:
    workshop.creates()
    people = [f"U0NEW{number}" for number in range(20)]

    def add(_: int) -> None:
        workshop.directs("tone", campaigning.add_experts, people, workshop.by)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    assert [expert.slack_id for expert in workshop.rows(Expert)] == people
    assert len(workshop.rows(Membership)) == 20


def test_a_paused_campaign_hands_out_nothing_until_it_is_resumed(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA])
    workshop.imports("tone", [pair(1)])
    workshop.directs("tone", campaigning.pause, workshop.by)
    assert workshop.asks(ADA) is None
    workshop.directs("tone", campaigning.resume, workshop.by)
    assert workshop.asks(ADA)
    assert workshop.deeds()[-2:] == [("paused", "campaign tone"), ("open", "campaign tone")]


def test_pausing_twice_is_written_down_once(workshop: Workshop) -> None:
    workshop.creates()
    for _ in range(2):
        workshop.directs("tone", campaigning.pause, workshop.by)
    assert workshop.deeds() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_a_closed_campaign_takes_open_tasks_back_and_keeps_answers(workshop: Workshop) -> None:
    workshop.creates(experts=[ADA, BOB])
    workshop.imports("tone", [pair(1), pair(2)])
    workshop.answers(ADA, workshop.asks(ADA) or 0, verdict="a")
    workshop.asks(ADA)
    workshop.asks(BOB)
    assert workshop.directs("tone", campaigning.close, workshop.by) == 2
    assert [task.taken for task in workshop.rows(Task)] == [1, 0]
    assert workshop.asks(ADA) is None


def test_closing_exports_a_last_time_what_was_scheduled(workshop: Workshop, tmp_path: Path) -> None:
    workshop.creates()
    workshop.directs(
        "tone",
        scheduling.schedule_export,
        Wanted("preference", tmp_path),
        Rhythm("0 6 * * *"),
        workshop.by,
    )
    workshop.passes(minutes=5)
    workshop.directs("tone", campaigning.close, workshop.by)
    workshop.passes(days=7)
    assert workshop.database.write_now(scheduling.queue_due, workshop.now) == 0
    (run,) = workshop.rows(ExportRun)
    assert run.due_at == NOW + timedelta(minutes=5)


def test_what_is_closed_stays_closed(workshop: Workshop) -> None:
    workshop.creates()
    workshop.directs("tone", campaigning.close, workshop.by)
    for move in (campaigning.pause, campaigning.resume, campaigning.close):
        with pytest.raises(ClosedCampaignError, match="“tone” is closed"):
            workshop.directs("tone", move, workshop.by)
    with pytest.raises(ClosedCampaignError):
        workshop.directs("tone", campaigning.add_experts, [ADA], workshop.by)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("joke", "There is no campaign called “joke”; perhaps you mean “jokes”."),
        ("Tones", "perhaps you mean “tone”."),
        ("zzz", "there are jokes, tone."),
    ],
)
def test_a_campaign_that_is_not_there_is_missed_with_names_near_it(
    workshop: Workshop, asked: str, said: str
) -> None:
    workshop.creates("jokes", "rating")
    workshop.creates("tone")
    with pytest.raises(NotFoundError, match=re.escape(said)):
        workshop.database.read_now(campaigning.campaign_named, asked)


def test_where_there_is_none_that_is_said(workshop: Workshop) -> None:
    with pytest.raises(NotFoundError, match="there is none yet"):
        workshop.database.read_now(campaigning.campaign_named, "jokes")


def test_defaults_are_kept_so_that_a_later_release_changes_no_campaign() -> None:
    wanted = NewCampaign("jokes", "rating")
    assert wanted.settings == {}
    kind = kind_named("rating")
    kept = campaigning.checked_settings(kind, wanted.settings)
    assert [one["key"] for one in kept["criteria"]] == ["relevance", "humor", "clarity"]
    assert campaigning.checked_settings(kind, kept) == kept

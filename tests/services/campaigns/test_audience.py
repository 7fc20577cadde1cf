"""Changing the audience of a running campaign."""

from __future__ import annotations

import pytest

from bot.services.campaigns import audience, campaigns, invitations
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import BadLanguageError
from storage.tables import Assignment, Membership, Task
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def law_campaign(scenario: Scenario) -> Scenario:
    """Return a campaign about law in German, with Ada, who knows birds and reads English."""
    scenario.create_campaign(experts=[ADA], overlap=1, domains=["law"], language="de")
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.database.write_now(
        invitations.set_domains_and_languages, [ADA], ("birds",), ("en",), scenario.actor
    )
    return scenario


def change_audience(scenario: Scenario, domains: list[str] | None, language: str | None) -> bool:
    """Change the audience of the campaign."""
    return scenario.run_for_campaign(
        "tone", audience.change_audience, domains, language, scenario.actor
    )


def test_changed_audience_reaches_experts_who_had_no_task(law_campaign: Scenario) -> None:
    assert law_campaign.assign_next(ADA) is None
    (member,) = law_campaign.rows(Membership)
    assert member.scan_position == max(task.id for task in law_campaign.rows(Task))
    assert change_audience(law_campaign, ["Birds", "law"], None)
    assert law_campaign.assign_next(ADA) is None, "the campaign is still in German"
    assert change_audience(law_campaign, None, "en-GB")
    assert law_campaign.answer_all(ADA, verdict="tie") == 2
    assert law_campaign.rows(Assignment)[0].selection_reason["domains"] == ["Birds"]
    assert law_campaign.audit_log().count(("changed the audience", "campaign tone")) == 2


def test_empty_audience_suits_anyone(law_campaign: Scenario) -> None:
    assert law_campaign.assign_next(ADA) is None
    assert change_audience(law_campaign, [], "")
    assert law_campaign.answer_all(ADA, verdict="tie") == 2


def test_unchanged_audience_is_not_audited(law_campaign: Scenario) -> None:
    assert not change_audience(law_campaign, ["law"], "de")
    assert not change_audience(law_campaign, None, None)
    assert ("changed the audience", "campaign tone") not in law_campaign.audit_log()


def test_closed_campaign_and_bad_language_are_refused(law_campaign: Scenario) -> None:
    with pytest.raises(BadLanguageError, match="is not a language code"):
        change_audience(law_campaign, None, "the Queen's English")
    law_campaign.run_for_campaign("tone", campaigns.close, law_campaign.actor)
    with pytest.raises(ClosedCampaignError):
        change_audience(law_campaign, [], None)

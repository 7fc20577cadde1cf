"""Whom a campaign suits, changed midway: who was told that nothing is left is looked at again."""

from __future__ import annotations

import pytest

from bot.services.campaigns import audience, campaigns, invitations
from bot.services.campaigns.campaigns import ClosedCampaignError
from bot.services.campaigns.validation import BadLanguageError
from storage.tables import Assignment, Membership, Task
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def law(scenario: Scenario) -> Scenario:
    """Return a campaign about law, in German, with Ada who knows birds and reads English."""
    scenario.create_campaign(experts=[ADA], overlap=1, domains=["law"], language="de")
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.database.write_now(
        invitations.set_domains_and_languages, [ADA], ("birds",), ("en",), scenario.actor
    )
    return scenario


def addresses(scenario: Scenario, domains: list[str] | None, language: str | None) -> bool:
    """Change whom the campaign suits."""
    return scenario.run_for_campaign(
        "tone", audience.change_audience, domains, language, scenario.actor
    )


def test_who_was_told_that_nothing_is_left_gets_what_suits_them_now(law: Scenario) -> None:
    assert law.assign_next(ADA) is None
    (member,) = law.rows(Membership)
    assert member.scan_position == max(task.id for task in law.rows(Task))
    assert addresses(law, ["Birds", "law"], None)
    assert law.assign_next(ADA) is None, "it is in German still"
    assert addresses(law, None, "en-GB")
    assert law.answer_all(ADA, verdict="tie") == 2
    assert law.rows(Assignment)[0].selection_reason["domains"] == ["Birds"]
    assert law.audit_log().count(("changed the audience", "campaign tone")) == 2


def test_nothing_said_suits_anybody(law: Scenario) -> None:
    assert law.assign_next(ADA) is None
    assert addresses(law, [], "")
    assert law.answer_all(ADA, verdict="tie") == 2


def test_what_is_so_already_changes_nothing(law: Scenario) -> None:
    assert not addresses(law, ["law"], "de")
    assert not addresses(law, None, None)
    assert ("changed the audience", "campaign tone") not in law.audit_log()


def test_only_an_open_campaign_and_a_real_language(law: Scenario) -> None:
    with pytest.raises(BadLanguageError, match="is no language"):
        addresses(law, None, "the Queen's English")
    law.run_for_campaign("tone", campaigns.close, law.actor)
    with pytest.raises(ClosedCampaignError):
        addresses(law, [], None)

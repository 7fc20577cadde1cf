"""Templates: every setting of a campaign comes back in a campaign that is created from one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import NotFoundError
from bot.services.campaigns import templates
from bot.services.campaigns.campaigns import NameTakenError
from bot.services.campaigns.templates import TemplateExistsError, TemplateUse
from bot.services.people.retention import change_retention
from storage.tables import Campaign, CampaignTemplate, SkipPolicy
from tests.services.conftest import Scenario

CHANGED: dict[str, Any] = {
    "overlap": 2,
    "max_overlap": 4,
    "target_posterior": 0.8,
    "settings": {"strength": True, "reason_categories": [{"key": "own", "label": "Mine"}]},
    "guidelines": "Be kind.",
    "guidelines_link": "https://example.com",
    "lease": timedelta(days=3),
    "reminders": [timedelta(hours=1)],
    "gold_share": 0.2,
    "repeat_share": 0.1,
    "domains": ["law"],
    "language": "en",
    "informative_pairs": True,
    "practice_questions": 2,
    "practice_pass_mark": 0.5,
    "practice_attempts": 3,
    "channel": "C1",
    "skip_policy": SkipPolicy.HOLD,
    "pause_on_quality_failure": True,
    "sends_welcome": False,
    "removal_days": 7,
    "max_answers": 9,
    "max_answers_per_day": 4,
}
"""Settings that all differ from their defaults."""


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign whose settings all differ from their defaults."""
    scenario.create_campaign(**CHANGED, experts=["U0ADA"])
    scenario.run_for_campaign("tone", change_retention, 30, scenario.actor)
    return scenario


def save(scenario: Scenario, name: str = "") -> str:
    """Save the campaign as a template."""
    return scenario.run_for_campaign("tone", templates.save_template, name, scenario.actor)


def test_campaign_from_a_template_has_all_its_settings(scenario: Scenario) -> None:
    assert save(scenario, "Our Tone") == "our-tone"
    use = TemplateUse("next", "Next", experts=["U0BOB"])
    created = scenario.database.write_now(
        templates.create_from_template, "our-tone", use, scenario.actor
    )
    source, copy = scenario.rows(Campaign)
    own = set(templates.OWN_FIELDS)
    assert copy.model_dump(exclude=own) == source.model_dump(exclude=own)
    default = scenario.create_campaign("default").model_dump()
    same = {key for key, value in source.model_dump(exclude=own).items() if default[key] == value}
    assert same == {"kind"}
    assert (created.name, created.title, created.deadline) == ("next", "Next", None)
    with pytest.raises(NameTakenError):
        scenario.database.write_now(templates.create_from_template, "our-tone", use, scenario.actor)


def test_names_of_templates_are_unique_and_unknown_ones_are_answered_with_the_known(
    scenario: Scenario,
) -> None:
    assert save(scenario) == "tone"
    with pytest.raises(TemplateExistsError, match="“tone” already exists"):
        save(scenario)
    assert save(scenario, "Second") == "second"
    listed = scenario.database.read_now(templates.list_templates)
    assert [(one.name, one.kind, one.created_by) for one in listed] == [
        ("second", "comparison", "ada"),
        ("tone", "comparison", "ada"),
    ]
    with pytest.raises(NotFoundError, match=r"template “tonne”\. Templates: second, tone"):
        scenario.database.read_now(templates.template_named, "tonne")
    scenario.database.write_now(templates.delete_template, "second", scenario.actor)
    assert [one.name for one in scenario.rows(CampaignTemplate)] == ["tone"]
    with pytest.raises(NotFoundError):
        scenario.database.write_now(templates.delete_template, "second", scenario.actor)
    assert ("deleted a template", "template second") in scenario.audit_log()


def test_template_of_an_older_release_has_the_present_defaults(scenario: Scenario) -> None:
    name = save(scenario)

    def forget_newer_columns(session: object) -> None:
        template = session.get(CampaignTemplate, name)  # type: ignore[attr-defined]  # a Session
        kept = {"kind", "settings", "overlap", "lease_minutes", "reminder_minutes"}
        template.fields = {key: template.fields[key] for key in kept} | {"unknown": 1}

    scenario.database.write_now(forget_newer_columns)
    use = TemplateUse("next")
    scenario.database.write_now(templates.create_from_template, name, use, scenario.actor)
    assert scenario.rows(Campaign)[-1].sends_welcome

"""Guidelines: every version is stored, and each expert sees each change once."""

from __future__ import annotations

import pytest

from bot.errors import FieldsError
from bot.services.campaigns import campaigns, guidelines
from bot.services.campaigns.guidelines import UnchangedGuidelinesError
from bot.services.campaigns.validation import BadLinkError
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import AssignmentRequest, AssignmentResult
from storage.queries.guidelines import list_versions
from storage.row_id import id_of
from storage.tables import Annotation, Assignment, Campaign, GuidelinesVersion, Membership
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def guided(scenario: Scenario) -> Scenario:
    """Return a scenario with a campaign with guidelines, three items and Ada."""
    scenario.create_campaign(experts=[ADA], overlap=2, guidelines="Be kind.")
    scenario.import_rows("tone", [pair(number) for number in range(1, 4)])
    return scenario


def test_campaign_starts_with_first_version(guided: Scenario) -> None:
    (first,) = guided.rows(GuidelinesVersion)
    assert (first.version, first.text, first.note) == (1, "Be kind.", "")
    assert (first.changed_by, first.created_at) == ("ada", guided.now)


def test_guidelines_that_no_dialog_holds_are_refused_before_the_campaign_exists(
    scenario: Scenario,
) -> None:
    limit = guidelines.MAX_GUIDELINES_LENGTH
    with pytest.raises(guidelines.GuidelinesTooLongError, match="have 30,001 characters"):
        scenario.create_campaign(guidelines="x" * (limit + 1))
    assert scenario.count("campaign") == 0
    assert len(scenario.create_campaign(guidelines=f"\n{'x' * limit}\n").guidelines) == limit


def test_changes_are_announced_once_on_the_next_task(guided: Scenario) -> None:
    assignment_id = guided.assign_next(ADA) or 0
    assert (
        guided.run_for_campaign(
            "tone", guidelines.change_guidelines, "Be short.", " Shorter\n now ", guided.actor
        )
        == 2
    )
    assert (
        guided.run_for_campaign(
            "tone", guidelines.change_guidelines, "Be brief.", "A better word", guided.actor
        )
        == 3
    )
    guided.submit_answer(ADA, assignment_id, verdict="a")
    assert guided.answer_all(ADA, verdict="a") == 2
    rows = guided.rows(Assignment)
    assert [row.guidelines_changed_since for row in rows] == [None, 1, None]
    assert [row.guidelines_version for row in guided.rows(Annotation)] == [3, 3, 3]
    changes = guided.run_for_campaign(
        "tone", lambda session, campaign: list_versions(session, id_of(campaign), since=1)
    )
    notes = [(change.version, change.note) for change in changes]
    assert notes == [(2, "Shorter now"), (3, "A better word")]
    assert ("changed the guidelines", "campaign tone") in guided.audit_log()


def test_manually_assigned_task_announces_changes(guided: Scenario) -> None:
    guided.run_for_campaign(
        "tone", guidelines.change_guidelines, "Be short.", "Shorter", guided.actor
    )
    result = guided.run_for_campaign(
        "tone", manual_assignment.assign_tasks, ADA, AssignmentRequest("", 2), guided.actor
    )
    assert result == AssignmentResult(ADA, 2)
    assert [row.guidelines_changed_since for row in guided.rows(Assignment)] == [1, None]


def test_new_member_sees_no_announcement(guided: Scenario) -> None:
    guided.run_for_campaign(
        "tone", guidelines.change_guidelines, "Be short.", "Shorter", guided.actor
    )
    guided.create_campaign("other", experts=[BOB])
    guided.run_for_campaign("tone", campaigns.add_experts, [BOB], guided.actor)
    memberships = [row for row in guided.rows(Membership) if row.campaign_id == 1]
    assert [row.guidelines_version_seen for row in memberships] == [1, 2]
    guided.assign_next(BOB)
    assert guided.rows(Assignment)[0].guidelines_changed_since is None


def test_campaign_without_versions_keeps_its_old_text(guided: Scenario) -> None:
    guided.database.write_now(
        lambda session: session.delete(session.get_one(GuidelinesVersion, (1, 1)))
    )
    guided.run_for_campaign(
        "tone", guidelines.change_guidelines, "Be short.", "Shorter", guided.actor
    )
    assert [row.text for row in guided.rows(GuidelinesVersion)] == ["Be kind.", "Be short."]


def test_link_can_be_set_and_removed(guided: Scenario) -> None:
    address = "https://x.example/y"
    for link, expected in ((address, address), (None, address), ("", None)):
        note = f"link {link}"
        text = f"Be kind. {link}"
        guided.run_for_campaign(
            "tone", guidelines.change_guidelines, text, note, guided.actor, link=link
        )
        assert guided.rows(Campaign)[0].guidelines_link == expected


@pytest.mark.parametrize(
    ("text", "note", "link", "error"),
    [
        ("Be kind.", "same", None, UnchangedGuidelinesError),
        ("Be short.", "  ", None, FieldsError),
        ("Be short.", "x" * 301, None, FieldsError),
        ("x" * 30_001, "long", None, FieldsError),
        ("Be short.", "link", "javascript:alert(1)", BadLinkError),
    ],
)
def test_invalid_or_unchanged_guidelines_are_refused(
    guided: Scenario, text: str, note: str, link: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        guided.run_for_campaign(
            "tone", guidelines.change_guidelines, text, note, guided.actor, link=link
        )
    assert guided.count("guidelines_version") == 1
    assert guided.rows(Campaign)[0].guidelines_version == 1

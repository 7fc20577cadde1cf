"""Guidelines: every version is kept, and each expert is told once what changed."""

from __future__ import annotations

import pytest

from bot.errors import FieldsError
from bot.services.campaigns import campaigns, guidelines
from bot.services.campaigns.guidelines import UnchangedGuidelinesError
from bot.services.campaigns.validation import BadLinkError
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import AssignmentRequest, AssignmentResult
from storage.tables import Annotation, Assignment, Campaign, GuidelinesVersion, Membership
from tests.services.conftest import Scenario, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def opened(scenario: Scenario) -> Scenario:
    """Return a campaign with guidelines, three items and Ada."""
    scenario.create_campaign(experts=[ADA], overlap=2, guidelines="Be kind.")
    scenario.import_rows("tone", [pair(number) for number in range(1, 4)])
    return scenario


def test_a_campaign_begins_with_its_first_version(opened: Scenario) -> None:
    (first,) = opened.rows(GuidelinesVersion)
    assert (first.version, first.text, first.note) == (1, "Be kind.", "")
    assert (first.changed_by, first.created_at) == ("ada", opened.now)


def test_each_expert_is_told_once_on_their_next_task(opened: Scenario) -> None:
    held = opened.assign_next(ADA) or 0
    assert (
        opened.run_for_campaign(
            "tone", guidelines.change_guidelines, "Be short.", " Shorter\n now ", opened.actor
        )
        == 2
    )
    assert (
        opened.run_for_campaign(
            "tone", guidelines.change_guidelines, "Be brief.", "A better word", opened.actor
        )
        == 3
    )
    opened.submit_answer(ADA, held, verdict="a")
    assert opened.answer_all(ADA, verdict="a") == 2
    rows = opened.rows(Assignment)
    assert [row.guidelines_changed_since for row in rows] == [None, 1, None]
    assert [row.guidelines_version for row in opened.rows(Annotation)] == [3, 3, 3]
    told = opened.run_for_campaign(
        "tone", lambda session, campaign: guidelines.versions(session, campaign.id or 0, since=1)
    )
    assert [(one.version, one.note) for one in told] == [(2, "Shorter now"), (3, "A better word")]
    assert ("changed the guidelines", "campaign tone") in opened.audit_log()


def test_who_is_handed_a_task_is_told_on_it(opened: Scenario) -> None:
    opened.run_for_campaign("tone", guidelines.change_guidelines, "Be short.", "Shorter", opened.actor)
    handed = opened.run_for_campaign(
        "tone", manual_assignment.assign_tasks, ADA, AssignmentRequest("", 2), opened.actor
    )
    assert handed == AssignmentResult(ADA, 2)
    assert [row.guidelines_changed_since for row in opened.rows(Assignment)] == [1, None]


def test_who_joins_later_is_told_of_no_change(opened: Scenario) -> None:
    opened.run_for_campaign("tone", guidelines.change_guidelines, "Be short.", "Shorter", opened.actor)
    opened.create_campaign("other", experts=[BOB])
    opened.run_for_campaign("tone", campaigns.add_experts, [BOB], opened.actor)
    assert [
        row.guidelines_version_seen for row in opened.rows(Membership) if row.campaign_id == 1
    ] == [
        1,
        2,
    ]
    opened.assign_next(BOB)
    assert opened.rows(Assignment)[0].guidelines_changed_since is None


def test_a_campaign_of_an_older_release_keeps_what_it_said(opened: Scenario) -> None:
    opened.database.write_now(
        lambda session: session.delete(session.get_one(GuidelinesVersion, (1, 1)))
    )
    opened.run_for_campaign("tone", guidelines.change_guidelines, "Be short.", "Shorter", opened.actor)
    assert [row.text for row in opened.rows(GuidelinesVersion)] == ["Be kind.", "Be short."]


def test_a_link_can_be_set_and_taken_away(opened: Scenario) -> None:
    for link, kept in (("https://x.example/y", "https://x.example/y"), (None, None), ("", None)):
        note = f"link {link}"
        text = f"Be kind. {link}"
        opened.run_for_campaign(
            "tone", guidelines.change_guidelines, text, note, opened.actor, link=link
        )
        expected = kept if link is not None else "https://x.example/y"
        assert opened.rows(Campaign)[0].guidelines_link == expected


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
def test_what_is_no_change_changes_nothing(
    opened: Scenario, text: str, note: str, link: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        opened.run_for_campaign(
            "tone", guidelines.change_guidelines, text, note, opened.actor, link=link
        )
    assert opened.count("guidelines_version") == 1
    assert opened.rows(Campaign)[0].guidelines_version == 1

"""Items that need more answers than members may give."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from bot.imports.mapping import ColumnMapping
from bot.services.reports import overview, unassignable_items
from bot.services.reports.unassignable_items import UnassignableItems
from storage.queries.experts import expert_by_slack_id
from storage.tables import Campaign, Membership
from tests.services.conftest import Scenario, pair

ADA, BOB, EVE = "U0ADA", "U0BOB", "U0EVE"


def set_skills(session: Session, slack_id: str, domains: list[str], languages: list[str]) -> None:
    """Set the domains and languages of an expert."""
    expert = expert_by_slack_id(session, slack_id)
    assert expert
    expert.domains, expert.languages = domains, languages
    session.add(expert)


def import_pairs(scenario: Scenario, *rows: dict[str, Any], overlap: int = 1) -> None:
    """Create a campaign with two experts, lawyers who read German and English, and import rows."""
    scenario.create_campaign(overlap=overlap, experts=[ADA, BOB])
    for slack_id, language in ((ADA, "de"), (BOB, "en")):
        scenario.database.write_now(set_skills, slack_id, ["law"], [language])
    columns = ColumnMapping(domains=("domain",), language=("language",), author=("author",))
    blank = {"domain": "", "language": "", "author": ""}
    pairs = [pair(number, **{**blank, **row}) for number, row in enumerate(rows)]
    scenario.import_rows("tone", pairs, columns=columns)


def find(scenario: Scenario) -> list[UnassignableItems]:
    """Return what cannot be assigned in the only campaign."""
    return scenario.database.read_now(unassignable_items.find_unassignable).get(1, [])


@pytest.mark.parametrize(
    ("row", "overlap", "expected"),
    [
        ({"domain": "law"}, 2, []),
        ({"domain": ""}, 2, []),
        ({"domain": "Law "}, 1, []),
        ({"domain": "birds"}, 1, [UnassignableItems(1, 1, 0, ("birds",))]),
        ({"domain": "law", "language": "fr"}, 1, [UnassignableItems(1, 1, 0, ("law",), "fr")]),
        ({"domain": "law", "language": "de-AT"}, 1, []),
        ({"domain": "", "language": "de"}, 2, [UnassignableItems(1, 2, 1, (), "de")]),
        ({"domain": "", "language": "de", "author": BOB}, 1, []),
        (
            {"domain": "", "language": "de", "author": ADA},
            1,
            [UnassignableItems(1, 1, 0, (), "de", is_own=True)],
        ),
    ],
)
def test_item_that_too_few_members_may_take_is_found(
    scenario: Scenario, row: dict[str, Any], overlap: int, expected: list[UnassignableItems]
) -> None:
    import_pairs(scenario, row, overlap=overlap)
    assert find(scenario) == expected


def test_member_who_failed_the_practice_does_not_count(scenario: Scenario) -> None:
    import_pairs(scenario, {"domain": "law"}, {"language": "de"})
    assert find(scenario) == []

    def fail_practice(session: Session) -> None:
        session.get_one(Membership, (1, 1)).practice_failures = 2

    scenario.database.write_now(fail_practice)
    assert find(scenario) == [], "the campaign has no practice"
    scenario.database.write_now(add_practice)
    assert find(scenario) == [UnassignableItems(1, 1, 0, (), "de")], "Bob does not read German"


def add_practice(session: Session) -> None:
    """Let the campaign begin with practice."""
    session.get_one(Campaign, 1).practice_questions = 5


def test_warning_names_topic_and_remedies(scenario: Scenario) -> None:
    import_pairs(scenario, {"domain": "birds"}, {"domain": "birds"}, {"language": "fr"})
    (campaign,) = scenario.database.read_now(overview.list_overviews, scenario.now)
    (warning,) = [one for one in campaign.warnings if one.category == "unassignable"]
    assert warning.text == "2 items (domain birds) suit no member; 1 of other topics, too"
    assert [one.action for one in warning.remedies] == ["invite", "list_experts", "items"]

"""Whom a campaign suits, changed midway: who was told that nothing is left is looked at again."""

from __future__ import annotations

import pytest

from bot.services import addressing, campaigning, inviting
from bot.services.campaigning import ClosedCampaignError
from bot.services.checking import BadLanguageError
from storage.tables import Assignment, Membership, Task
from tests.services.conftest import Workshop, pair

ADA, BOB = "U0ADA", "U0BOB"


@pytest.fixture
def law(workshop: Workshop) -> Workshop:
    """Return a campaign about law, in German, with Ada who knows birds and reads English."""
    workshop.creates(experts=[ADA], overlap=1, domains=["law"], language="de")
    workshop.imports("tone", [pair(1), pair(2)])
    workshop.database.write_now(inviting.describe, [ADA], ("birds",), ("en",), workshop.by)
    return workshop


def addresses(workshop: Workshop, domains: list[str] | None, language: str | None) -> bool:
    """Change whom the campaign suits."""
    return workshop.directs("tone", addressing.address, domains, language, workshop.by)


def test_who_was_told_that_nothing_is_left_gets_what_suits_them_now(law: Workshop) -> None:
    assert law.asks(ADA) is None
    (member,) = law.rows(Membership)
    assert member.last_task_id == max(task.id for task in law.rows(Task))
    assert addresses(law, ["Birds", "law"], None)
    assert law.asks(ADA) is None, "it is in German still"
    assert addresses(law, None, "en-GB")
    assert law.does_all(ADA, verdict="tie") == 2
    assert law.rows(Assignment)[0].why["domains"] == ["Birds"]
    assert law.deeds().count(("changed whom it suits", "campaign tone")) == 2


def test_nothing_said_suits_anybody(law: Workshop) -> None:
    assert law.asks(ADA) is None
    assert addresses(law, [], "")
    assert law.does_all(ADA, verdict="tie") == 2


def test_what_is_so_already_changes_nothing(law: Workshop) -> None:
    assert not addresses(law, ["law"], "de")
    assert not addresses(law, None, None)
    assert ("changed whom it suits", "campaign tone") not in law.deeds()


def test_only_an_open_campaign_and_a_real_language(law: Workshop) -> None:
    with pytest.raises(BadLanguageError, match="is no language"):
        addresses(law, None, "the Queen's English")
    law.directs("tone", campaigning.close, law.by)
    with pytest.raises(ClosedCampaignError):
        addresses(law, [], None)

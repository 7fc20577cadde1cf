"""A new campaign read from its modal: every entry arrives, every wrong one is told at its field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.cron import CronSchedule
from bot.errors import BotError, FieldsError
from bot.kinds import KINDS
from bot.services.campaigns.campaigns import NameTakenError
from bot.services.campaigns.create import MemberSelection
from bot.slack.campaign_form.submission import (
    as_field_error,
    parse_campaign_form,
    parse_kind_and_settings,
)
from tests.slack.campaign_form.test_view import chosen, filled

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_the_defaults_and_a_name_are_a_campaign(kind: str) -> None:
    wish = parse_campaign_form(filled(kind, title="Good ones!"), NOW)
    campaign = wish.campaign
    assert (campaign.name, campaign.title, campaign.kind) == ("good-ones", "Good ones!", kind)
    assert campaign.reminders == tuple(timedelta(hours=hours) for hours in (4, 8, 12))
    assert campaign.overlap == (1 if kind == "demonstration" else 3)
    assert campaign.settings == KINDS[kind].settings.model_validate(campaign.settings).model_dump(
        mode="json"
    )
    assert (wish.members, wish.export_schedule, campaign.deadline) == (
        MemberSelection(),
        None,
        None,
    )


def test_every_entry_arrives() -> None:
    values = filled(
        "rating",
        title="  Good   jokes ",
        guidelines="Be kind.",
        guidelines_link="https://example.com/guide",
        people=["U1ADA"],
        user_group="@linguists",
        member_channel="C1",
        domains="law, sports  medicine, law",
        rating_criteria="Wit: none | some\nTaste: bad | good | superb",
        rating_overlap="2",
        gold_percent="10",
        deadline="2026-03-02",
        reminders="30m",
        tz="America/New_York",
        export_schedule={"value": "weekly"},
        export_channel="C2",
    )
    wish = parse_campaign_form(values, NOW)
    campaign = wish.campaign
    assert wish.members == MemberSelection(
        ("U1ADA",), "@linguists", "C1", ("law", "sports medicine")
    )
    assert wish.export_schedule == CronSchedule("0 6 * * mon", "America/New_York")
    assert campaign.title == "Good jokes"
    assert campaign.deadline == datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC)
    assert (campaign.overlap, campaign.gold_share, campaign.channel) == (2, 0.1, "C2")
    assert campaign.reminders == (timedelta(minutes=30),)
    assert campaign.guidelines_link == "https://example.com/guide"
    assert [one["key"] for one in campaign.settings["criteria"]] == ["wit", "taste"]  # type: ignore[attr-defined]  # JSON


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("title", "日本", "Use a letter"),
        ("title", None, "Use a letter"),
        ("rating_criteria", "Wit", "Line 1: a colon"),
        ("rating_criteria", "Wit: a | b\nWit: a | b", "two criteria have the same key"),
        ("rating_criteria", None, "criteria"),
        ("deadline", "2026-03-01", "That day is over"),
        ("reminders", "soon", "no duration"),
        ("reminders", "1d, 4h", "one after the other|later than the one before"),
        ("reminders", "3d", "lease"),
        ("tz", "Atlantis", "no time zone"),
        ("domains", ", ".join(map(str, range(21))), "at most 20"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(key: str, value: object, said: str) -> None:
    values = filled("rating", **{"title": "Good jokes", key: value})
    with pytest.raises(FieldsError, match=said) as wrong:
        parse_campaign_form(values, NOW)
    assert set(wrong.value.fields) == {key}


def test_all_that_is_wrong_is_said_at_once() -> None:
    values = filled("rating", title="!", reminders="x", tz="y", rating_criteria="z")
    with pytest.raises(FieldsError) as wrong:
        parse_campaign_form(values, NOW)
    assert set(wrong.value.fields) == {"title", "reminders", "tz", "rating_criteria"}


def test_what_the_database_knows_is_said_at_its_field_too() -> None:
    taken = as_field_error(NameTakenError(name="jokes"), filled("rating"))
    assert isinstance(taken, FieldsError)
    assert set(taken.fields) == {"title"}
    other = BotError()
    assert as_field_error(other, filled("rating")) is other


def test_the_settings_of_an_unfinished_modal_can_be_looked_at() -> None:
    assert parse_kind_and_settings(filled("comparison"))[0] == "comparison"
    with pytest.raises(FieldsError):
        parse_kind_and_settings(filled("rating", rating_criteria="Wit"))


def test_a_choice_of_nothing_is_read_as_the_first_kind() -> None:
    assert parse_kind_and_settings(chosen("nonsense"))[0] == "rating"

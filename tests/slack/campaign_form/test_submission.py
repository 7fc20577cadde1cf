"""Submitted campaign forms: every entry is parsed, and every error is shown at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cron import CronSchedule
from bot.errors import BotError, FieldsError
from bot.kinds import KINDS
from bot.kinds.comparison import COMPARISON
from bot.services.campaigns.campaigns import NameTakenError
from bot.services.campaigns.create import MemberSelection
from bot.slack.campaign_form.form import CampaignForm, default_entries, template_entries
from bot.slack.campaign_form.submission import (
    as_field_error,
    parse_campaign_form,
    parse_kind_and_settings,
)
from tests.slack.campaign_form.test_view import TEMPLATE, form_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_and_a_name_make_a_campaign(kind: str) -> None:
    request = parse_campaign_form(form_of(kind, title="Good ones!"), NOW)
    campaign = request.campaign
    assert (campaign.name, campaign.title, campaign.kind) == ("good-ones", "Good ones!", kind)
    assert campaign.reminders == tuple(timedelta(hours=hours) for hours in (4, 8, 12))
    assert campaign.overlap == (1 if kind == "demonstration" else 3)
    assert (campaign.max_overlap, campaign.target_posterior) == (None, None)
    assert campaign.settings == KINDS[kind].settings.model_validate(campaign.settings).model_dump(
        mode="json"
    )
    assert request.members == MemberSelection()
    assert (request.export_schedule, campaign.deadline) == (None, None)


def test_every_entry_is_parsed() -> None:
    values = form_of(
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
        max_overlap="4",
        target_percent="95",
        gold_percent="10",
        deadline="2026-03-02",
        reminders="30m",
        tz="America/New_York",
        export_schedule="weekly",
        export_channel="C2",
        max_answers="9",
        max_answers_per_day="4",
        removal_days="30",
    )
    request = parse_campaign_form(values, NOW)
    campaign = request.campaign
    assert request.members == MemberSelection(
        ("U1ADA",), "@linguists", "C1", ("law", "sports medicine")
    )
    assert request.export_schedule == CronSchedule("0 6 * * mon", "America/New_York")
    assert campaign.title == "Good jokes"
    assert campaign.deadline == datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC)
    assert (campaign.overlap, campaign.gold_share, campaign.channel) == (2, 0.1, "C2")
    assert (campaign.max_overlap, campaign.target_posterior) == (4, 0.95)
    assert campaign.reminders == (timedelta(minutes=30),)
    assert campaign.guidelines_link == "https://example.com/guide"
    assert (campaign.max_answers, campaign.max_answers_per_day) == (9, 4)
    assert campaign.removal_days == 30
    assert [criterion["key"] for criterion in campaign.settings["criteria"]] == ["wit", "taste"]  # type: ignore[attr-defined]  # a JSON value


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("title", "日本", "Use at least one digit or letter"),
        ("title", "", "Use at least one digit or letter"),
        ("rating_criteria", "Wit", "Line 1: a colon"),
        ("rating_criteria", "Wit: a | b\nWit: a | b", "two criteria have the same key"),
        ("rating_criteria", "", "criteria"),
        ("max_overlap", "3", "Must be above the answers per item"),
        ("deadline", "2026-03-01", "This day is in the past"),
        ("reminders", "soon", "is not a duration"),
        ("reminders", "1d, 4h", "one after the other|later than the one before"),
        ("reminders", "3d", "lease"),
        ("tz", "Atlantis", "Unknown time zone"),
        ("domains", ", ".join(map(str, range(21))), "at most 20"),
    ],
)
def test_error_is_shown_at_its_field(key: str, value: str, message: str) -> None:
    values = form_of("rating", **{"title": "Good jokes", key: value})
    with pytest.raises(FieldsError, match=message) as error:
        parse_campaign_form(values, NOW)
    assert set(error.value.fields) == {key}


def test_order_of_items_and_repeats_are_parsed() -> None:
    chosen = form_of("comparison", title="A", item_order="informative", repeat_percent="10")
    campaign = parse_campaign_form(chosen, NOW).campaign
    assert (campaign.informative_pairs, campaign.repeat_share) == (True, 0.1)
    default = parse_campaign_form(form_of("comparison", title="A"), NOW).campaign
    assert (default.informative_pairs, default.repeat_share) == (False, 0)


def test_experts_are_paused_only_if_chosen() -> None:
    chosen = form_of("rating", title="A", quality_failure="pause")
    assert parse_campaign_form(chosen, NOW).campaign.pause_on_quality_failure
    default = form_of("rating", title="A", quality_failure="alert")
    assert not parse_campaign_form(default, NOW).campaign.pause_on_quality_failure


def test_all_errors_are_shown_at_once() -> None:
    values = form_of("rating", title="!", reminders="x", tz="y", rating_criteria="z")
    with pytest.raises(FieldsError) as error:
        parse_campaign_form(values, NOW)
    assert set(error.value.fields) == {"title", "reminders", "tz", "rating_criteria"}


def test_error_of_a_service_is_shown_at_its_field() -> None:
    name_taken = as_field_error(NameTakenError(name="jokes"))
    assert isinstance(name_taken, FieldsError)
    assert set(name_taken.fields) == {"title"}
    other = BotError()
    assert as_field_error(other) is other


def test_settings_of_an_unfinished_form_can_be_parsed() -> None:
    assert parse_kind_and_settings(form_of("comparison"))[0] == "comparison"
    with pytest.raises(FieldsError):
        parse_kind_and_settings(form_of("rating", rating_criteria="Wit"))


def test_template_keeps_what_the_form_does_not_show() -> None:
    template = replace(
        TEMPLATE,
        lease=timedelta(days=3),
        reminders=(timedelta(hours=1),),
        settings={"reason_categories": [{"key": "own", "label": "Mine"}]},
        max_overlap=7,
        target_posterior=0.999,
        sends_welcome=False,
        language="de",
    )
    entries = default_entries("UTC") | template_entries("tone", template) | {"title": "Next tone"}
    request = parse_campaign_form(CampaignForm(entries, {"tone": template}), NOW)
    expected = replace(
        template,
        name="next-tone",
        title="Next tone",
        settings=COMPARISON.settings.model_validate(template.settings).model_dump(mode="json"),
    )
    assert request.campaign == expected


def test_unknown_kind_is_parsed_as_the_default() -> None:
    form = form_of("rating", select_kind="nonsense")
    assert parse_kind_and_settings(form)[0] == "rating"

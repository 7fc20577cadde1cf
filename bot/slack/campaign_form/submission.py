"""Parser of the campaign form. It reports all errors at once, each at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import ParamSpec, TypeVar

from bot.cron import CronSchedule, cron_of, parse_duration, time_zone_named
from bot.errors import BotError, FieldsError
from bot.kinds import kind_named
from bot.services.answers.practice import PracticeRules
from bot.services.campaigns import campaigns, invitations, validation
from bot.services.campaigns.create import CampaignRequest, MemberSelection
from bot.services.campaigns.new_campaign import (
    DEFAULT_LEASE,
    DEFAULT_PASS_MARK,
    DEFAULT_PRACTICE_ATTEMPTS,
    NewCampaign,
)
from bot.slack.blockkit.entries import Inputs, StateValues, parse_inputs
from bot.slack.campaign_form import kind_settings
from bot.slack.campaign_form.view import DEFAULT_EXPORT_TIME, selected_kind

P = ParamSpec("P")
T = TypeVar("T")


UNUSABLE_NAME_TEXT = "Use at least one digit or letter from a to z: commands contain the name."
MAXIMUM_TOO_LOW_TEXT = "Must be above the answers per item. Leave it empty for a fixed number."
PAST_DEADLINE_TEXT = "This day is in the past. Choose a later one, or none."

FIELD_BY_ERROR: dict[type[BotError], str] = {
    campaigns.NameTakenError: "title",
    validation.BadNameError: "title",
    campaigns.PastDeadlineError: "deadline",
    validation.BadRemindersError: "reminders",
    validation.BadLinkError: "guidelines_link",
    validation.NoRepeatsError: "repeat_percent",
}
"""The field at which an error of the services is shown."""


@dataclass(slots=True)
class _FormReader:
    """Reads fields one by one and collects their errors."""

    values: Inputs
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return the text of a field, "" if it is empty."""
        return self.values.text(key)

    def number(self, key: str) -> int:
        """Return the number in a field, 0 if it is empty."""
        try:
            return self.values.number(key, 0)
        except FieldsError as error:
            self.errors.update(error.fields)
            return 0

    def try_read(
        self, key: str, default: T, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return the result of `read`; if it fails, record its error and return the default."""
        try:
            return read(*args, **kwargs)
        except BotError as error:
            self.errors[key] = str(error)
            return default


def parse_campaign_form(values: StateValues, now: datetime) -> CampaignRequest:
    """Parse `state.values` of the submitted form.

    Raises:
        FieldsError: Some fields are invalid; it has the error of each.
    """
    kind = selected_kind(values)
    form = _FormReader(parse_inputs(values))
    request = CampaignRequest(
        _parse_campaign(form, kind, now), _parse_members(form), _parse_export_schedule(form)
    )
    if form.errors:
        raise FieldsError(form.errors)
    return request


def parse_kind_and_settings(values: StateValues) -> tuple[str, Mapping[str, object]]:
    """Parse the kind and its settings in the open form, for a preview.

    Raises:
        FieldsError: The settings are invalid.
    """
    kind = selected_kind(values)
    form = _FormReader(parse_inputs(values))
    settings = _parse_settings(form, kind)
    if form.errors:
        raise FieldsError(form.errors)
    return kind, settings


def as_field_error(error: BotError, values: StateValues) -> BotError:
    """Return an error that Slack shows at its field, or the error itself if it has no field."""
    key = FIELD_BY_ERROR.get(type(error))
    return FieldsError({key: str(error)}) if key and key in values else error


def _parse_campaign(form: _FormReader, kind: str, now: datetime) -> NewCampaign:
    title = " ".join(form.text("title").split())
    name = validation.slugify(title)
    if not any(character.isascii() and character.isalnum() for character in title):
        form.errors["title"] = UNUSABLE_NAME_TEXT
    max_overlap = _parse_max_overlap(form, kind)
    practice = _parse_practice(form)
    return NewCampaign(
        name=name,
        kind=kind,
        title=title,
        settings=_parse_settings(form, kind),
        guidelines=form.text("guidelines"),
        guidelines_link=form.text("guidelines_link") or None,
        overlap=form.number(kind_settings.input_key(kind, "overlap")),
        max_overlap=max_overlap,
        target_posterior=form.number("target_percent") / 100 if max_overlap else None,
        lease=DEFAULT_LEASE,
        reminders=form.try_read("reminders", (), _parse_reminder_times, form.text("reminders")),
        deadline=_parse_deadline(form, now),
        informative_pairs=form.text("item_order") == "informative",
        repeat_share=form.number("repeat_percent") / 100,
        gold_share=form.number("gold_percent") / 100,
        practice_questions=practice.questions,
        practice_pass_mark=practice.pass_mark,
        practice_attempts=practice.attempts,
        channel=form.text("export_channel") or None,
        pause_on_quality_failure=form.text("quality_failure") == "pause",
    )


def _parse_practice(form: _FormReader) -> PracticeRules:
    """Return the practice of the campaign; the defaults if the kind has none."""
    if "practice_questions" not in form.values:
        return PracticeRules(0, DEFAULT_PASS_MARK, DEFAULT_PRACTICE_ATTEMPTS)
    return PracticeRules(
        form.number("practice_questions"),
        form.number("pass_percent") / 100,
        form.number("practice_attempts"),
    )


def _parse_max_overlap(form: _FormReader, kind: str) -> int | None:
    """Return the maximum answers per item; None if the overlap is fixed or cannot be adaptive."""
    maximum = form.number("max_overlap")
    overlap = form.number(kind_settings.input_key(kind, "overlap"))
    if maximum and maximum <= overlap:
        form.errors["max_overlap"] = MAXIMUM_TOO_LOW_TEXT
    return maximum or None


def _parse_settings(form: _FormReader, kind: str) -> Mapping[str, object]:
    key = kind_settings.input_key(kind, kind_settings.CRITERIA)
    chosen = form.try_read(key, {}, kind_settings.parse_kind_settings, kind, form.values)
    if key in form.errors:
        return {}
    return form.try_read(
        key if key in form.values else "select_kind",
        {},
        campaigns.validate_settings,
        kind_named(kind),
        chosen,
    )


def _parse_reminder_times(text: str) -> tuple[timedelta, ...]:
    reminder_times = tuple(parse_duration(part) for part in text.split(",") if part.strip())
    validation.validate_reminders(reminder_times, DEFAULT_LEASE // timedelta(minutes=1))
    return reminder_times


def _parse_deadline(form: _FormReader, now: datetime) -> datetime | None:
    zone = form.try_read("tz", UTC, time_zone_named, form.text("tz"))
    day = form.values.day("deadline")
    if day is None:
        return None
    end = datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)
    if end <= now:
        form.errors["deadline"] = PAST_DEADLINE_TEXT
    return end


def _parse_members(form: _FormReader) -> MemberSelection:
    return MemberSelection(
        people=tuple(form.values.texts("people")),
        group=form.text("user_group"),
        channel=form.text("member_channel"),
        domains=form.try_read("domains", (), invitations.parse_tags, form.text("domains")),
    )


def _parse_export_schedule(form: _FormReader) -> CronSchedule | None:
    frequency = form.text("export_schedule")
    if frequency not in ("daily", "weekly"):
        return None
    return CronSchedule(cron_of(f"{frequency} {DEFAULT_EXPORT_TIME}"), form.text("tz"))

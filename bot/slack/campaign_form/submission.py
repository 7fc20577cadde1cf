"""Parser of the campaign form. It reports all errors at once, each at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import ParamSpec, TypeVar

from bot.cron import CronSchedule, cron_of, parse_duration, time_zone_named
from bot.errors import BotError, FieldsError
from bot.kinds import kind_named
from bot.services.answers.practice import PracticeRules
from bot.services.campaigns import campaigns, guidelines, invitations, validation
from bot.services.campaigns.create import CampaignRequest, MemberSelection
from bot.services.campaigns.new_campaign import NewCampaign
from bot.slack.blockkit.entries import Inputs
from bot.slack.campaign_form import kind_settings
from bot.slack.campaign_form.form import (
    MAX_TARGET_PERCENT,
    CampaignForm,
    compares_pairs,
    has_votes,
    percent_of,
)
from bot.slack.campaign_form.schedule_step import DEFAULT_EXPORT_TIME

P = ParamSpec("P")
T = TypeVar("T")


UNUSABLE_NAME_TEXT = "Use at least one digit or letter from a to z: commands contain the name."
MAXIMUM_TOO_LOW_TEXT = "Must be above the answers per item. Leave it empty for a fixed number."
PAST_DEADLINE_TEXT = "This day is in the past. Choose a later one, or none."

FIELD_BY_ERROR: dict[type[BotError], str] = {
    campaigns.NameTakenError: "title",
    validation.BadNameError: "title",
    campaigns.PastDeadlineError: "deadline",
    guidelines.GuidelinesTooLongError: "guidelines",
    validation.BadRemindersError: "reminders",
    validation.BadLinkError: "guidelines_link",
    validation.NoRepeatsError: "repeat_percent",
}
"""The field at which an error of the services is shown."""


@dataclass(slots=True)
class _FormReader:
    """Reads fields one by one and collects their errors; `start` has the values of a template."""

    form: CampaignForm
    start: NewCampaign
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def inputs(self) -> Inputs:
        """Return the entries."""
        return self.form.inputs

    def text(self, key: str) -> str:
        """Return the text of a field, "" if it is empty."""
        return self.inputs.text(key)

    def number(self, key: str) -> int:
        """Return the number in a field, 0 if it is empty."""
        try:
            return self.inputs.number(key, 0)
        except FieldsError as error:
            self.errors.update(error.fields)
            return 0

    def share(self, key: str, start: float, maximum: int = 100) -> float:
        """Return the share, 0 to 1, in a field of percent; `start` if it shows that, rounded."""
        percent = self.number(key)
        return start if percent == percent_of(start, maximum) else percent / 100

    def try_read(
        self, key: str, default: T, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return the result of `read`; if it fails, record its error and return the default."""
        try:
            return read(*args, **kwargs)
        except BotError as error:
            self.errors[key] = str(error)
            return default


def parse_campaign_form(form: CampaignForm, now: datetime) -> CampaignRequest:
    """Parse the entries of all steps.

    Raises:
        FieldsError: Some fields are invalid; it has the error of each.
    """
    reader = _FormReader(form, form.template or NewCampaign("", form.kind))
    request = CampaignRequest(
        _parse_campaign(reader, now), _parse_members(reader), _parse_export_schedule(reader)
    )
    if reader.errors:
        raise FieldsError(reader.errors)
    return request


def parse_kind_and_settings(form: CampaignForm) -> tuple[str, Mapping[str, object]]:
    """Parse the kind and its settings, for a preview.

    Raises:
        FieldsError: The settings are invalid.
    """
    reader = _FormReader(form, NewCampaign("", form.kind))
    settings = _parse_settings(reader)
    if reader.errors:
        raise FieldsError(reader.errors)
    return form.kind, settings


def as_field_error(error: BotError) -> BotError:
    """Return an error that Slack shows at its field, or the error itself if it has no field."""
    key = FIELD_BY_ERROR.get(type(error))
    return FieldsError({key: str(error)}) if key else error


def _parse_campaign(reader: _FormReader, now: datetime) -> NewCampaign:
    start, kind = reader.start, reader.form.kind
    title = " ".join(reader.text("title").split())
    if not any(character.isascii() and character.isalnum() for character in title):
        reader.errors["title"] = UNUSABLE_NAME_TEXT
    overlap = reader.number(reader.form.overlap_key)
    max_overlap = _parse_max_overlap(reader, overlap)
    practice = _parse_practice(reader)
    target = start.target_posterior or validation.DEFAULT_TARGET_POSTERIOR
    return replace(
        start,
        name=validation.slugify(title),
        title=title,
        settings=_parse_settings(reader),
        guidelines=reader.text("guidelines"),
        guidelines_link=reader.text("guidelines_link") or None,
        overlap=overlap,
        max_overlap=max_overlap,
        target_posterior=reader.share("target_percent", target, MAX_TARGET_PERCENT)
        if max_overlap
        else None,
        max_answers=reader.number("max_answers"),
        max_answers_per_day=reader.number("max_answers_per_day"),
        removal_days=reader.number("removal_days"),
        reminders=reader.try_read("reminders", (), _parse_reminder_times, reader),
        deadline=_parse_deadline(reader, now),
        informative_pairs=compares_pairs(kind) and reader.text("item_order") == "informative",
        repeat_share=reader.share("repeat_percent", start.repeat_share)
        if compares_pairs(kind)
        else 0,
        gold_share=reader.share("gold_percent", start.gold_share),
        practice_questions=practice.questions,
        practice_pass_mark=practice.pass_mark,
        practice_attempts=practice.attempts,
        channel=reader.text("export_channel") or None,
        pause_on_quality_failure=reader.text("quality_failure") == "pause",
    )


def _parse_practice(reader: _FormReader) -> PracticeRules:
    """Return the practice of the campaign; none if the kind has none."""
    start = reader.start
    if not has_votes(reader.form.kind):
        return PracticeRules(0, start.practice_pass_mark, start.practice_attempts)
    return PracticeRules(
        reader.number("practice_questions"),
        reader.share("pass_percent", start.practice_pass_mark),
        reader.number("practice_attempts"),
    )


def _parse_max_overlap(reader: _FormReader, overlap: int) -> int | None:
    """Return the maximum answers per item; None if the overlap is fixed or cannot be adaptive."""
    if not has_votes(reader.form.kind):
        return None
    maximum = reader.number("max_overlap")
    if maximum and maximum <= overlap:
        reader.errors["max_overlap"] = MAXIMUM_TOO_LOW_TEXT
    return maximum or None


def _parse_settings(reader: _FormReader) -> Mapping[str, object]:
    form = reader.form
    key = kind_settings.input_key(form.kind, kind_settings.CRITERIA)
    known = form.kind_settings
    chosen = reader.try_read(
        key, {}, kind_settings.parse_kind_settings, form.kind, form.entries, known
    )
    if key in reader.errors:
        return {}
    return reader.try_read(
        key if key in form.entries else "select_kind",
        {},
        campaigns.validate_settings,
        kind_named(form.kind),
        chosen,
    )


def _parse_reminder_times(reader: _FormReader) -> tuple[timedelta, ...]:
    parts = reader.text("reminders").split(",")
    reminder_times = tuple(parse_duration(part) for part in parts if part.strip())
    validation.validate_reminders(reminder_times, reader.start.lease // timedelta(minutes=1))
    return reminder_times


def _parse_deadline(reader: _FormReader, now: datetime) -> datetime | None:
    zone = reader.try_read("tz", UTC, time_zone_named, reader.text("tz"))
    day = reader.inputs.day("deadline")
    if day is None:
        return None
    end = datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)
    if end <= now:
        reader.errors["deadline"] = PAST_DEADLINE_TEXT
    return end


def _parse_members(reader: _FormReader) -> MemberSelection:
    return MemberSelection(
        people=tuple(reader.inputs.texts("people")),
        group=reader.text("user_group"),
        channel=reader.text("member_channel"),
        domains=reader.try_read("domains", (), invitations.parse_tags, reader.text("domains")),
    )


def _parse_export_schedule(reader: _FormReader) -> CronSchedule | None:
    frequency = reader.text("export_schedule")
    if frequency not in ("daily", "weekly"):
        return None
    return CronSchedule(cron_of(f"{frequency} {DEFAULT_EXPORT_TIME}"), reader.text("tz"))

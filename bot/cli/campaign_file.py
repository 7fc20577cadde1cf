"""A campaign described in a YAML file, with the names of the options of `campaign create`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Self

import typer
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.cli import option_parsers
from bot.cli.option_parsers import OverlapRange
from bot.cli.yaml_file import UnusableFileError, YamlFile
from bot.cron import time_zone_named
from bot.errors import BotError, FieldsError, NotFoundError
from bot.services.campaigns import invitations, validation
from bot.services.campaigns.apply import CampaignDescription, FixedFieldError, GuidelinesNoteError
from bot.services.campaigns.campaigns import BadKindSettingsError, PastDeadlineError
from bot.services.campaigns.edit import MeaningChangedError
from bot.services.campaigns.guidelines import GuidelinesTooLongError
from bot.services.campaigns.new_campaign import (
    DEFAULT_LEASE,
    DEFAULT_PASS_MARK,
    DEFAULT_PRACTICE_ATTEMPTS,
    NewCampaign,
    default_reminders,
)
from bot.validation_messages import describe_error, describe_place, without_consequences
from storage.tables import SkipPolicy

FIELD_BY_KEY = {
    "remind_after": "reminders",
    "practice": "practice_questions",
    "pass_mark": "practice_pass_mark",
    "skips": "skip_policy",
    "welcome": "sends_welcome",
}
"""Fields of `NewCampaign` that have another name than the key in the file."""

KEY_BY_ERROR: dict[type[BotError], str] = {
    BadKindSettingsError: "settings",
    FieldsError: "guidelines",
    GuidelinesNoteError: "guidelines",
    GuidelinesTooLongError: "guidelines",
    MeaningChangedError: "settings",
    NotFoundError: "kind",
    PastDeadlineError: "deadline",
    invitations.BadTagsError: "domains",
    validation.BadLanguageError: "language",
    validation.BadLinkError: "guidelines_link",
    validation.BadNameError: "name",
    validation.BadRemindersError: "remind_after",
    validation.BadSlackIdError: "experts",
    validation.NoPairsError: "informative_pairs",
    validation.NoPosteriorError: "overlap",
    validation.NoPracticeError: "practice",
    validation.NoRepeatsError: "repeat_share",
    validation.TargetWithoutMaximumError: "target_posterior",
}
"""The key that an error is about."""

KEY_BY_NUMBER = {
    "Answers per item": "overlap",
    "The maximum answers per item": "overlap",
    "The lease": "lease",
    "The target posterior": "target_posterior",
    "The share of gold questions": "gold_share",
    "The days until messages are removed": "removal_days",
    "The maximum answers per expert": "max_answers",
    "The maximum answers per expert and day": "max_answers_per_day",
    "The share of repeated pairs": "repeat_share",
    "The number of practice questions": "practice",
    "The pass mark": "pass_mark",
    "The number of attempts": "practice_attempts",
}
"""The key of each number that `BadNumberError` names."""

GUIDELINES_KEYS = ("guidelines_file", "guidelines_link")


def _convert(parse: Callable[[str], object], value: object) -> object:
    """Return a parsed value; a message of the parser becomes one of pydantic."""
    try:
        return parse(str(value))
    except (typer.BadParameter, BotError) as error:
        raise ValueError(str(error)) from None


def _parsed_by(parse: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(partial(_convert, parse))


Duration = Annotated[timedelta, _parsed_by(option_parsers.parse_duration)]
Overlap = Annotated[OverlapRange, _parsed_by(option_parsers.parse_overlap)]


def _check_date(text: str | None) -> str | None:
    """Check the form of a deadline; its time zone is another key."""
    if text:
        _convert(lambda value: option_parsers.parse_deadline(value, "UTC"), text)
    return text


def _check_time_zone(text: str) -> str:
    _convert(time_zone_named, text)
    return text


class CampaignFile(BaseModel):
    """The keys of the file. A key that is not there leaves the value of a campaign as it is."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: str
    kind: str
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = ""
    overlap: Overlap = OverlapRange(3)
    target_posterior: float | None = None
    informative_pairs: bool = False
    experts: list[str] = []
    guidelines: str = ""
    guidelines_file: str | None = None
    guidelines_link: str = ""
    settings: dict[str, Any] = {}
    domains: list[str] = []
    language: str = ""
    gold_share: float = 0.0
    repeat_share: float = 0.0
    practice: int = 0
    pass_mark: float = DEFAULT_PASS_MARK
    practice_attempts: int = DEFAULT_PRACTICE_ATTEMPTS
    skips: SkipPolicy = SkipPolicy.REASSIGN
    pause_on_quality_failure: bool = False
    welcome: bool = True
    removal_days: int = 0
    max_answers: int = 0
    max_answers_per_day: int = 0
    lease: Duration = DEFAULT_LEASE
    remind_after: list[Duration] = []
    deadline: Annotated[str | None, AfterValidator(_check_date)] = None
    tz: Annotated[str, AfterValidator(_check_time_zone)] = "UTC"

    @model_validator(mode="after")
    def _check_combinations(self) -> Self:
        if {"guidelines", "guidelines_file"} <= self.model_fields_set:
            message = "write either guidelines or guidelines_file"
            raise ValueError(message)
        if self.target_posterior is not None and "overlap" not in self.model_fields_set:
            message = "target_posterior needs a range of answers per item, such as “overlap: 2..5”"
            raise ValueError(message)
        return self


def read_campaign_file(file: YamlFile) -> CampaignFile:
    """Check the values of a file.

    Raises:
        UnusableFileError: a value is missing, unknown or of another form; with its line.
    """
    try:
        return CampaignFile.model_validate(file.values)
    except ValidationError as error:
        first = without_consequences(error.errors())[0]
        place, problem = describe_place(first["loc"]), describe_error(first)
        raise file.error_at(first["loc"], f"{place}: {problem}" if place else problem) from None


def describe_campaign(
    file: YamlFile, content: CampaignFile, experts: list[str], note: str
) -> CampaignDescription:
    """Return what a campaign should be.

    Raises:
        UnusableFileError: the deadline is out of range, or the guidelines cannot be read.
        BadTagsError: the domains are too many or too long.
    """
    values = content.model_dump(exclude={"overlap", "guidelines_file", "tz"})
    values = {FIELD_BY_KEY.get(key, key): value for key, value in values.items()}
    fields = {FIELD_BY_KEY.get(key, key) for key in content.model_fields_set}
    values |= {
        "overlap": content.overlap.minimum,
        "max_overlap": content.overlap.maximum,
        "domains": invitations.parse_tags(",".join(content.domains)),
        "experts": experts,
    }
    if content.guidelines_file is not None:
        guidelines_path = file.path.parent / content.guidelines_file
        with _placed_at(file, "guidelines_file"):
            values["guidelines"] = option_parsers.read_text(guidelines_path)
        fields.add("guidelines")
    if "deadline" in fields:
        text = content.deadline
        with _placed_at(file, "deadline"):
            values["deadline"] = option_parsers.parse_deadline(text, content.tz) if text else None
    if "reminders" not in fields:
        values["reminders"] = default_reminders(content.lease)
    return CampaignDescription(NewCampaign(**values), frozenset(fields), note)


@contextmanager
def _placed_at(file: YamlFile, key: str) -> Iterator[None]:
    """Turn the message of a parser into an error with the line of a key."""
    try:
        yield
    except typer.BadParameter as error:
        raise file.error_at([key], f"{key}: {error.message}") from None


def place_error(file: YamlFile, error: BotError) -> UnusableFileError | None:
    """Return an error with the line that it is about; None if it is not about the file."""
    if isinstance(error, validation.BadNumberError):
        key: str | None = KEY_BY_NUMBER[str(error.details["what"])]
    elif isinstance(error, FixedFieldError):
        keys = {field: name for name, field in FIELD_BY_KEY.items()}
        key = keys.get(str(error.details["field"]), str(error.details["field"]))
    else:
        key = KEY_BY_ERROR.get(type(error))
    if key is None:
        return None
    if key == "guidelines" and key not in file.values:
        key = next((name for name in GUIDELINES_KEYS if name in file.values), key)
    return file.error_at([key], f"{key}: {error.for_command_line()}")

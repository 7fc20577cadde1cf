"""Validation of a campaign's fields, with the error messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.errors import BotError
from bot.kinds.base import Kind
from bot.kinds.label import Preference
from bot.quality.votes import votes_of
from bot.services.answers.campaign_settings import needs_confirmation
from bot.services.answers.practice import PracticeRules
from bot.validation_messages import describe_error, describe_place

MAX_NAME_LENGTH = 80
NAME_PATTERN = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{MAX_NAME_LENGTH - 2}}}[a-z0-9])?")
SLACK_ID_PATTERN = re.compile(r"[UW][A-Z0-9]{2,20}")

LANGUAGE_PATTERN = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
LINK_PATTERN = re.compile(r"https?://[^\s<>|]{1,1000}")

MAX_OVERLAP = 100
MIN_TARGET_POSTERIOR, MAX_TARGET_POSTERIOR = 0.5, 0.999
DEFAULT_TARGET_POSTERIOR = 0.9
MAX_GOLD_SHARE = 0.5
MAX_REPEAT_SHARE = 0.2
MAX_PRACTICE_QUESTIONS, MAX_PRACTICE_ATTEMPTS = 20, 5
MIN_PASS_MARK = 0.01
MAX_REMINDERS = 10
MAX_EXPERT_ANSWERS, PER_DAY = 1_000_000, " and day"
MAX_REMOVAL_DAYS = 3_650
MAX_LEASE = timedelta(days=365)
MINUTE = timedelta(minutes=1)


class BadNameError(BotError):
    """Invalid name “{name}”; use lowercase letters, digits and hyphens, as in “{suggestion}”."""


class BadNumberError(BotError):
    """{what} must be from {minimum} to {maximum}, not {value}."""


class NoPosteriorError(BotError):
    """Answers of a {kind} campaign cannot agree, so every item needs the same number of them."""


class TargetWithoutMaximumError(BotError):
    """A target posterior needs a maximum of answers per item, as in 2..5."""


class NoPairsError(BotError):
    """Only a comparison has pairs of models; a {kind} campaign assigns items in their order."""


class NoRepeatsError(BotError):
    """Only the pairs of a comparison without confirmation can be repeated with exchanged sides."""


class NoPracticeError(BotError):
    """Answers of a {kind} campaign cannot be compared with a gold answer, so it has no practice."""


class BadRemindersError(BotError):
    """The reminders cannot be scheduled: {reason}."""


class BadLinkError(BotError):
    """“{link}” is not a link; links begin with https:// and have no spaces."""


class BadLanguageError(BotError):
    """“{language}” is not a language code; use a short code such as en, de or pt-BR."""


class BadSlackIdError(BotError):
    """“{slack_id}” is not a Slack member ID; use “Copy member ID” in the person's profile."""


def _require_within(what: str, minimum: int, maximum: int, value: float) -> None:
    if not minimum <= value <= maximum:
        raise BadNumberError(what=what, minimum=minimum, maximum=f"{maximum:,}", value=value)


def validate_name(name: str) -> str:
    """Return a name that is valid in a command line, a file name and a Slack message.

    Raises:
        BadNameError: the name is not valid; the message suggests one that is.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise BadNameError(name=name, suggestion=slugify(name))
    return name


def slugify(name: str) -> str:
    """Return a valid campaign name made from any text."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:MAX_NAME_LENGTH].strip("-")
    return slug or "jokes-2026"


def validate_lease_and_overlap(lease: timedelta, overlap: int) -> tuple[int, int]:
    """Return the lease in minutes and the overlap.

    Raises:
        BadNumberError: one of them is out of range.
    """
    _require_within("Answers per item", 1, MAX_OVERLAP, overlap)
    if not MINUTE <= lease <= MAX_LEASE:
        maximum = f"{MAX_LEASE.days} days"
        raise BadNumberError(what="The lease", minimum="1 minute", maximum=maximum, value=lease)
    return lease // MINUTE, overlap


def validate_adaptive_overlap(
    kind: Kind[Any], overlap: int, max_overlap: int | None, target: float | None
) -> tuple[int | None, float | None]:
    """Return the maximum answers per item and the target posterior; None if the overlap is fixed.

    Raises:
        NoPosteriorError: answers of this kind have no votes.
        BadNumberError: the maximum is not above the overlap, or the target not below 1.
        TargetWithoutMaximumError: there is a target, but no maximum.
    """
    if max_overlap is None:
        if target is not None:
            raise TargetWithoutMaximumError
        return None, None
    if not votes_of(kind.example.label):
        raise NoPosteriorError(kind=kind.name)
    if not overlap < max_overlap <= MAX_OVERLAP:
        raise BadNumberError(
            what="The maximum answers per item",
            minimum=overlap + 1,
            maximum=MAX_OVERLAP,
            value=max_overlap,
        )
    posterior = DEFAULT_TARGET_POSTERIOR if target is None else target
    if not MIN_TARGET_POSTERIOR <= posterior <= MAX_TARGET_POSTERIOR:
        raise BadNumberError(
            what="The target posterior",
            minimum=MIN_TARGET_POSTERIOR,
            maximum=MAX_TARGET_POSTERIOR,
            value=posterior,
        )
    return max_overlap, posterior


def validate_informative_pairs(kind: Kind[Any], *, chosen: bool) -> bool:
    """Return whether pairs of models whose order is uncertain come first.

    Raises:
        NoPairsError: the kind is not a comparison.
    """
    if chosen and not isinstance(kind.example.label, Preference):
        raise NoPairsError(kind=kind.name)
    return chosen


def validate_reminders(reminders: Sequence[timedelta], lease_minutes: int) -> list[int]:
    """Return when reminders are due, in minutes of working time after delivery.

    Raises:
        BadRemindersError: they are too many, out of order, or due after the lease ends.
    """
    due_minutes = [reminder // MINUTE for reminder in reminders]
    if len(due_minutes) > MAX_REMINDERS:
        raise BadRemindersError(
            reason=f"{len(due_minutes)} reminders are too many; the maximum is {MAX_REMINDERS}"
        )
    if any(later <= earlier for earlier, later in pairwise([0, *due_minutes])):
        raise BadRemindersError(
            reason="each must come later than the one before, and the first later than 0"
        )
    if due_minutes and due_minutes[-1] >= lease_minutes:
        reason = "the last one comes after the lease ends"
        raise BadRemindersError(reason=f"{reason}; lengthen the lease or remind earlier")
    return due_minutes


def validate_removal_days(days: int) -> int:
    """Return days after the answer until the bot removes its messages; 0: never.

    Raises:
        BadNumberError: they are not from 0 to 3,650.
    """
    _require_within("The days until messages are removed", 0, MAX_REMOVAL_DAYS, days)
    return days


def validate_max_answers(count: int, period: str = "") -> int:
    """Return how many tasks one expert gets at most, in all or PER_DAY; 0: no limit.

    Raises:
        BadNumberError: it is not from 0 to 1,000,000.
    """
    _require_within(f"The maximum answers per expert{period}", 0, MAX_EXPERT_ANSWERS, count)
    return count


def validate_gold_share(share: float) -> float:
    """Return the share of gold tasks.

    Raises:
        BadNumberError: the share is not from 0 to 0.5.
    """
    if not 0 <= share <= MAX_GOLD_SHARE:
        raise BadNumberError(
            what="The share of gold questions", minimum=0, maximum=MAX_GOLD_SHARE, value=share
        )
    return share


def validate_repeat_share(kind: Kind[Any], settings: Mapping[str, Any], share: float) -> float:
    """Return the share of pairs that their expert gets again.

    Raises:
        NoRepeatsError: the kind is not a comparison, or a second expert confirms each answer.
        BadNumberError: the share is not from 0 to 0.2.
    """
    if share and (not isinstance(kind.example.label, Preference) or needs_confirmation(settings)):
        raise NoRepeatsError
    if not 0 <= share <= MAX_REPEAT_SHARE:
        raise BadNumberError(
            what="The share of repeated pairs", minimum=0, maximum=MAX_REPEAT_SHARE, value=share
        )
    return share


def validate_practice(
    kind: Kind[Any], questions: int, pass_mark: float, attempts: int
) -> PracticeRules:
    """Return the practice of a campaign.

    Raises:
        NoPracticeError: answers of the kind cannot be compared with a gold answer.
        BadNumberError: a number is out of range.
    """
    if questions and not votes_of(kind.example.label):
        raise NoPracticeError(kind=kind.name)
    limits: tuple[tuple[str, float, float, float], ...] = (
        ("The number of practice questions", 0, MAX_PRACTICE_QUESTIONS, questions),
        ("The pass mark", MIN_PASS_MARK, 1, pass_mark),
        ("The number of attempts", 1, MAX_PRACTICE_ATTEMPTS, attempts),
    )
    for what, minimum, maximum, value in limits:
        if not minimum <= value <= maximum:
            raise BadNumberError(what=what, minimum=minimum, maximum=maximum, value=value)
    return PracticeRules(questions, pass_mark, attempts)


def validate_link(link: str | None) -> str | None:
    """Return a link that experts can open, None if there is none.

    Raises:
        BadLinkError: it is not a web address.
    """
    if link and not LINK_PATTERN.fullmatch(link):
        raise BadLinkError(link=link)
    return link or None


def validate_language(language: str | None) -> str | None:
    """Return a language code, None if there is none.

    Raises:
        BadLanguageError: it is not a language code.
    """
    code = (language or "").strip()
    if code and not LANGUAGE_PATTERN.fullmatch(code):
        raise BadLanguageError(language=code)
    return code or None


def validate_slack_ids(slack_ids: Iterable[str]) -> list[str]:
    """Return Slack ids of people, each once, in the given order.

    Raises:
        BadSlackIdError: one of them is not the id of a person.
    """
    unique_ids = list(dict.fromkeys(slack_id.strip() for slack_id in slack_ids))
    for slack_id in unique_ids:
        if not SLACK_ID_PATTERN.fullmatch(slack_id):
            raise BadSlackIdError(slack_id=slack_id)
    return unique_ids


def format_setting_error(error: Any, known: Iterable[str]) -> str:  # noqa: ANN401 - pydantic's own dict of details
    """Return a message for a pydantic error in the settings; `known` are the valid settings."""
    path = describe_place(error["loc"])
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        return f"unknown setting “{path}”; the settings are {', '.join(known)}"
    if error["type"] == "extra_forbidden":
        return f"unknown setting “{path}”"
    message = describe_error(error)
    return f"{path}: {message}" if path else message

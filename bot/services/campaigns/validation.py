"""The rules for what a coordinator may write into a campaign, each with a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from bot.errors import BotError

MAX_NAME_LENGTH = 80
NAME_PATTERN = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{MAX_NAME_LENGTH - 2}}}[a-z0-9])?")
SLACK_ID_PATTERN = re.compile(r"[UW][A-Z0-9]{2,20}")

LANGUAGE_PATTERN = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
LINK_PATTERN = re.compile(r"https?://[^\s<>|]{1,1000}")

MAX_OVERLAP = 100
MAX_GOLD_SHARE = 0.5
MAX_REMINDERS = 10
MAX_LEASE = timedelta(days=365)
MINUTE = timedelta(minutes=1)


class BadNameError(BotError):
    """“{name}” cannot name a campaign; use small letters, digits and hyphens, as in “{better}”."""


class BadNumberError(BotError):
    """{what} must be {least} to {most}, not {given}."""


class BadRemindersError(BotError):
    """The reminders cannot be sent as planned: {reason}."""


class BadLinkError(BotError):
    """“{given}” is no link; it begins with https:// and has no spaces."""


class BadLanguageError(BotError):
    """“{given}” is no language; write a short code such as en, de or pt-BR."""


class BadSlackIdError(BotError):
    """“{given}” is not the Slack id of a person; it is under “Copy member ID” in their profile."""


def validate_name(name: str) -> str:
    """Return the name if a command line, a file name and a Slack message can all carry it.

    Raises:
        BadNameError: with a name that would do.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise BadNameError(name=name, better=slugify(name))
    return name


def slugify(name: str) -> str:
    """Return a name that would do, made of what was written."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:MAX_NAME_LENGTH].strip("-")
    return slug or "jokes-2026"


def validate_lease_and_overlap(lease: timedelta, overlap: int) -> tuple[int, int]:
    """Return the lease in minutes and the overlap.

    Raises:
        BadNumberError: if one of them is out of bounds.
    """
    if not 1 <= overlap <= MAX_OVERLAP:
        raise BadNumberError(what="The overlap", least=1, most=MAX_OVERLAP, given=overlap)
    if not MINUTE <= lease <= MAX_LEASE:
        days = f"{MAX_LEASE.days} days"
        raise BadNumberError(what="The lease", least="1 minute", most=days, given=lease)
    return lease // MINUTE, overlap


def validate_reminders(reminders: Sequence[timedelta], lease_minutes: int) -> list[int]:
    """Return when reminders are due, in minutes after delivery.

    Raises:
        BadPlanError: if they are too many, not one after the other, or after the lease has ended.
    """
    plan = [reminder // MINUTE for reminder in reminders]
    if len(plan) > MAX_REMINDERS:
        raise BadRemindersError(reason=f"{len(plan)} are too many, {MAX_REMINDERS} is the most")
    if any(later <= earlier for earlier, later in zip([0, *plan], plan, strict=False)):
        raise BadRemindersError(
            reason="each must come later than the one before, the first after zero"
        )
    if plan and plan[-1] >= lease_minutes:
        reason = "the last comes when the lease is over and the task has moved on"
        raise BadRemindersError(reason=f"{reason}; lengthen the lease or remind earlier")
    return plan


def validate_gold_share(share: float) -> float:
    """Return how much of the tasks is gold.

    Raises:
        BadNumberError: more than half would be, or less than nothing.
    """
    if not 0 <= share <= MAX_GOLD_SHARE:
        raise BadNumberError(what="The share of gold", least=0, most=MAX_GOLD_SHARE, given=share)
    return share


def validate_link(link: str | None) -> str | None:
    """Return a link that experts can open, None if there is none.

    Raises:
        BadLinkError: it is something else.
    """
    if link and not LINK_PATTERN.fullmatch(link):
        raise BadLinkError(given=link)
    return link or None


def validate_language(language: str | None) -> str | None:
    """Return the code of a language, None if there is none.

    Raises:
        BadLanguageError: it is something else.
    """
    wanted = (language or "").strip()
    if wanted and not LANGUAGE_PATTERN.fullmatch(wanted):
        raise BadLanguageError(given=wanted)
    return wanted or None


def validate_slack_ids(slack_ids: Iterable[str]) -> list[str]:
    """Return Slack ids of people, each once, in the order given.

    Raises:
        BadExpertError: if one is something else.
    """
    wanted = list(dict.fromkeys(one.strip() for one in slack_ids))
    for one in wanted:
        if not SLACK_ID_PATTERN.fullmatch(one):
            raise BadSlackIdError(given=one)
    return wanted


def format_setting_error(found: Any, known: Iterable[str]) -> str:  # noqa: ANN401 - pydantic's own dict of details
    """Say what is wrong with a setting; `known` are the settings that there are."""
    place = ".".join(str(step) for step in found["loc"])
    if found["type"] == "extra_forbidden" and len(found["loc"]) == 1:
        return f"there is no setting “{place}”, there are {', '.join(known)}"
    if found["type"] == "extra_forbidden":
        return f"there is no setting “{place}”"
    message = str(found["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message

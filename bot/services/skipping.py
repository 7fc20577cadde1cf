"""What a skip says beside that somebody would rather not answer: about the person, or the item."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from storage.queries import members, shelving
from storage.queries.holding import Held
from storage.tables import Campaign, SkipPolicy


class SkipReason(StrEnum):
    """Why an expert would rather not answer: each of them is data."""

    NOT_MY_FIELD = "not_my_field"
    UNCLEAR = "unclear"
    BROKEN = "broken"
    UNSAFE = "unsafe"
    CONFLICT = "conflict"


SKIP_WORDS = {
    SkipReason.NOT_MY_FIELD: "Not my field",
    SkipReason.UNCLEAR: "Unclear",
    SkipReason.BROKEN: "Broken or empty",
    SkipReason.UNSAFE: "Unsafe content",
    SkipReason.CONFLICT: "Conflict of interest",
}

ABOUT_THE_ITEM = (SkipReason.UNCLEAR, SkipReason.BROKEN, SkipReason.UNSAFE)
"""Reasons that hold for whoever looks next; the others are about the person alone."""

SKIPPED = "skipped"
"""Why a task is set aside, as far as the campaign's policy did it."""


def follow_policy(session: Session, held: Held, reason: SkipReason, now: datetime) -> None:
    """Set a skipped task aside if its campaign wants nobody to get it before a coordinator looked.

    What is not somebody's field, or a conflict of theirs, always goes to others.
    """
    policy = session.get_one(Campaign, held.campaign_id).skip_policy
    if policy == SkipPolicy.NOBODY and reason in ABOUT_THE_ITEM:
        shelving.set_aside(session, held.task_id, SKIPPED, now)


def take_back(session: Session, held: Held) -> None:
    """Take all of a skip back: what it taught, and that it set the task aside."""
    shelving.forget_skip(session, held.id)
    members.look_again(session, held.expert_id)
    if not shelving.skips_of(session, held.task_id, ABOUT_THE_ITEM):
        shelving.put_back(session, held.task_id, only_if=SKIPPED)

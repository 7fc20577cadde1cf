"""Warnings about campaigns and the actions that resolve them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WarningCategory = Literal[
    "items",
    "experts",
    "overlap",
    "unassignable",
    "unanswerable",
    "away",
    "stalled",
    "import",
    "export",
    "deadline",
    "agreement",
    "answers",
    "needs_attention",
]

RemedyAction = Literal[
    "import_items",
    "items",
    "invite",
    "list_experts",
    "change_overlap",
    "edit_guidelines",
    "edit_campaign",
    "review",
    "remind",
    "close",
    "export",
    "retry_export",
    "export_schedules",
    "dismiss_warning",
]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button that resolves a warning: the action on the campaign, its label and its option."""

    action: RemedyAction
    label: str
    option: str = ""


IMPORT_ITEMS = Remedy("import_items", "Import items…")
SEARCH_ITEMS = Remedy("items", "Search items…")
INVITE = Remedy("invite", "Invite people…")
LIST_EXPERTS = Remedy("list_experts", "List experts")
EDIT_GUIDELINES = Remedy("edit_guidelines", "Edit guidelines…")
CHANGE_PRACTICE = Remedy("edit_campaign", "Change practice…")
RAISE_QUOTA = Remedy("edit_campaign", "Edit campaign…")
MOVE_DEADLINE = Remedy("edit_campaign", "Move deadline…")
REVIEW = Remedy("review", "Review")
REMIND = Remedy("remind", "Remind now")
CLOSE = Remedy("close", "Close…")
EXPORT = Remedy("export", "Export now")
EXPORT_SCHEDULES = Remedy("export_schedules", "Scheduled exports")


@dataclass(frozen=True, slots=True)
class CampaignWarning:
    """A problem with a campaign; `text` starts in lower case and has no full stop.

    `remedies` are the actions that resolve it, the best first. `key` identifies the warning within
    its campaign if coordinators can dismiss it or are notified of it.
    """

    category: WarningCategory
    text: str
    remedies: tuple[Remedy, ...] = ()
    key: str = ""


def invite_more(count: int) -> Remedy:
    """Return the remedy that invites `count` more people."""
    return Remedy("invite", f"Invite {count:,} more…", str(count))


def answers_per_item(overlap: int) -> Remedy:
    """Return the remedy that changes the answers per item to `overlap`."""
    noun = "answer" if overlap == 1 else "answers"
    return Remedy("change_overlap", f"{overlap} {noun} per item…", str(overlap))


def dismiss(key: str) -> Remedy:
    """Return the remedy that hides the warning with this key for good."""
    return Remedy("dismiss_warning", "Dismiss", key)

"""Warnings about a campaign, with their buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.services.reports.remedies import (
    CLOSE,
    EDIT_GUIDELINES,
    EXPORT,
    EXPORT_SCHEDULES,
    IMPORT_ITEMS,
    INVITE,
    LIST_EXPERTS,
    MOVE_DEADLINE,
    REMIND,
    REVIEW,
    SEARCH_ITEMS,
    CampaignWarning,
    Remedy,
    answers_per_item,
    dismiss,
    invite_more,
)
from bot.slack.blockkit.message import Message
from bot.slack.parsing.action_ids import parse_block_action
from bot.slack.views.task_modals import read_only_modal
from bot.slack.views.warnings import MAX_WITH_BUTTONS, render_warning, warning_blocks
from handlers.registry import ACTIONS
from tests.slack.conftest import message_problems, message_yaml, view_problems

UNASSIGNABLE = CampaignWarning(
    "unassignable",
    "12 items (domain law; language de) suit no member",
    (INVITE, LIST_EXPERTS, SEARCH_ITEMS),
    "unassignable",
)
PARTLY_IMPORTED = CampaignWarning(
    "import",
    "3 rows of items.csv could not be imported on Mon 2 Mar: import a corrected file",
    (IMPORT_ITEMS, dismiss("import-4")),
    "import-4",
)
FAILED_EXPORT = CampaignWarning(
    "export",
    "the last scheduled export as sft failed on Mon 2 Mar: no disk",
    (Remedy("retry_export", "Export again", "5"), dismiss("export-5")),
    "export-5",
)
LATE_EXPORT = CampaignWarning(
    "export",
    "the scheduled export as sft did not run when it was due on Mon 2 Mar",
    (EXPORT, EXPORT_SCHEDULES),
)
ALL_REMEDIES = (
    *(IMPORT_ITEMS, SEARCH_ITEMS, INVITE, LIST_EXPERTS, EDIT_GUIDELINES, MOVE_DEADLINE, REVIEW),
    *(REMIND, CLOSE, EXPORT, EXPORT_SCHEDULES, invite_more(2), invite_more(4)),
    *(answers_per_item(1), answers_per_item(2), dismiss("import-1")),
    Remedy("retry_export", "Export again", "5"),
)


def messages() -> list[Message]:
    """Return an example of each notice."""
    return [
        render_warning("Tone", 7, warning)
        for warning in (UNASSIGNABLE, PARTLY_IMPORTED, FAILED_EXPORT, LATE_EXPORT)
    ]


def test_notices_match_snapshots(snapshot: SnapshotAssertion) -> None:
    for message in messages():
        assert message_yaml(message) == snapshot
        assert message_problems(message) == []


@pytest.mark.parametrize("remedy", ALL_REMEDIES, ids=lambda one: f"{one.action}{one.option}")
def test_button_of_each_remedy_has_a_handler_and_its_campaign(remedy: Remedy) -> None:
    warning = CampaignWarning("items", "there are no items yet", (remedy,))
    row: Mapping[str, Any] = render_warning("Tone", 7, warning).blocks[1]
    button, _status = row["elements"]
    action = parse_block_action(button)
    assert action.name in ACTIONS
    assert (action.target_id, action.option) == (7, remedy.option or action.option)


def test_remedies_of_one_warning_have_different_ids() -> None:
    warning = CampaignWarning("items", "there are no items yet", ALL_REMEDIES)
    assert message_problems(render_warning("Tone", 7, warning)) == []


def test_only_the_most_severe_warnings_have_buttons_and_all_are_shown() -> None:
    warnings = [
        CampaignWarning("answers", f"expert {number} answers too fast", (LIST_EXPERTS, INVITE))
        for number in range(40)
    ]
    blocks = warning_blocks(7, warnings, in_modal=False)
    assert [block["type"] for block in blocks].count("actions") == MAX_WITH_BUTTONS
    assert all(f"Expert {number} answers" in str(blocks) for number in range(40))
    assert message_problems(Message("warnings", blocks)) == []


def test_modal_has_only_buttons_that_work_in_one() -> None:
    blocks = warning_blocks(7, [UNASSIGNABLE], in_modal=True)
    row: Mapping[str, Any] = blocks[1]
    labels = [element["text"]["text"] for element in row["elements"]]
    assert labels == ["Invite people…", "Search items…"]
    assert view_problems(read_only_modal("Campaign", blocks)) == []

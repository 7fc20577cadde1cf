"""Handlers of submitted modals."""

from __future__ import annotations

from handlers import (
    appeals,
    assignment,
    better_response,
    campaign_create,
    campaign_edit,
    campaign_lifecycle,
    corrections,
    experts,
    exports,
    guidelines,
    imports,
    items,
    preferences,
    questions_coordinator,
    questions_expert,
    reviews,
    time_off,
    workspace_settings,
    written_answers,
)
from handlers.payloads import SubmissionHandler

SUBMISSIONS: dict[str, SubmissionHandler] = {
    "write_answer": written_answers.submit_answer,
    "better_response": better_response.submit_better_response,
    "ask_question": questions_expert.submit_question,
    "flag_item": questions_expert.submit_flag,
    "answer_question": questions_coordinator.submit_reply,
    "resolve_flag": questions_coordinator.submit_resolution,
    "close": campaign_lifecycle.submit_close,
    "workspace_settings": workspace_settings.submit_settings,
    "import_source": imports.submit_source,
    "map_columns": imports.submit_mapping,
    "import_check": imports.submit_check,
    "items": items.submit_search,
    "delete_items": items.submit_deletion,
    "decide": reviews.submit_decision,
    "send_back": reviews.submit_send_back,
    "change_overlap": corrections.change_overlap,
    "unassign": corrections.unassign,
    "reopen": corrections.reopen,
    "exclude": corrections.exclude,
    "create_campaign": campaign_create.submit_step,
    "edit_campaign": campaign_edit.submit_edit,
    "edit_guidelines": guidelines.submit_guidelines,
    "export_options": exports.submit_options,
    "invite": experts.submit_invite,
    "edit_expert": experts.submit_expert,
    "assign": assignment.submit_assign,
    "edit_preferences": preferences.submit_preferences,
    "take_time_off": time_off.submit_time_off,
    "reject_appeal": appeals.submit_rejection,
}
"""Submitted modals, by their callback_id."""

"""A case for review as JSON, for commands and the HTTP API: the answers without names."""

from __future__ import annotations

from typing import Any

from bot.kinds.form import Form, options_of
from bot.services.reviews.review_case import AnswerGroup, ReviewCase


def case_document(case: ReviewCase) -> dict[str, Any]:
    """Return a case: its task and text, the fields of a decision, and the answers."""
    return {
        "task": case.task_id,
        "campaign": case.campaign_name,
        "item": case.item_key,
        "question": case.form.question,
        "passages": [
            {"title": passage.title, "text": passage.text} for passage in case.form.passages
        ],
        "fields": field_options(case.form),
        "responses": [_group_document(group) for group in case.answer_groups],
        "flags": case.flags,
    }


def field_options(form: Form) -> dict[str, list[str]]:
    """Return the options of each field of a decision; a text field has none."""
    return {
        field.key: [option.value for option in options_of(field)]
        for field in (*form.message_fields, *form.modal_fields)
    }


def _group_document(group: AnswerGroup) -> dict[str, Any]:
    return {"text": group.summary, "answer_ids": group.assignment_ids, "reasons": group.reasons}

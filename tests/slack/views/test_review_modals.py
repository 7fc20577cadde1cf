"""Modals of review cases: no text of a decision is changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bot.kinds import KINDS
from bot.kinds.content import Candidate
from bot.kinds.form import TextField
from bot.slack.forms.modal_fields import parse_modal_input
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views import review_modals
from bot.slack.views.review_modals import CaseReference
from tests.slack.conftest import FEWER_EXAMPLES, LONG_TEXTS, entered_state, task_of
from tests.slack.views.test_review import REFERENCE, case_of


@pytest.mark.parametrize("name", ["demonstration", "validation", "curation"])
@FEWER_EXAMPLES
@given(text=LONG_TEXTS.filter(str.strip))
def test_submitted_text_is_unchanged(name: str, text: str) -> None:
    kind = KINDS[name]
    content = kind.example.content
    if content.candidates:
        content = replace(content, candidates=(Candidate(text),))
    else:
        content = replace(content, draft=text)
    task = task_of(kind, content, kind.example.settings, kind.example.order)
    view = review_modals.decision_modal(case_of(task), REFERENCE)
    reference = parse_metadata(CaseReference, view["private_metadata"])
    fields = [field for field in task.form.modal_fields if isinstance(field, TextField)]
    parsed = parse_modal_input(fields, entered_state(view["blocks"]), reference.joins)
    assert parsed[fields[0].key] == text
    assert replace(reference, joins={}) == REFERENCE

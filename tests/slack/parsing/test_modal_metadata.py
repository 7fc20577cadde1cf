"""Tests of the metadata of modals: what is not ours is refused with a remedy."""

from __future__ import annotations

import pytest

from bot.slack.parsing.modal_metadata import UnreadableDialogError, parse_metadata
from bot.slack.views.better_response_modal import BetterResponseState
from bot.slack.views.guidelines_modal import GuidelinesMetadata
from bot.slack.views.review_modals import CaseReference
from bot.slack.views.task_modals import ModalMetadata


def test_metadata_round_trips() -> None:
    metadata = ModalMetadata(7, "D1", "1.2", "https://x", {"response": ("\n", "")}, "reason")
    assert ModalMetadata.from_json(metadata.to_json()) == metadata
    state = BetterResponseState(7, "D1", "1.2", None, "a", 2, ("\n\n",))
    assert BetterResponseState.from_metadata(state.to_metadata()) == state
    reference = CaseReference(7, "disagreed", "https://x", {"corrected_text": ("\n", "")})
    assert parse_metadata(CaseReference, reference.pack()) == reference


JUNK = (
    *("", "{}", "[]", "1", "null", "x", '"x"', '{"target_id": "1"}', '{"target_id": -1}'),
    *('{"target_id": 1, "joins": 5}', '{"task_id": 1}', '{"assignment_id": null}'),
    *('{"target_id": 3000000000}', '{"campaign_id": 1, "version": 1}', "[" * 5_000),
)


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize(
    "cls", [ModalMetadata, BetterResponseState, GuidelinesMetadata, CaseReference]
)
def test_other_metadata_is_refused_with_a_remedy(cls: type, junk: str) -> None:
    with pytest.raises(UnreadableDialogError, match="Close it, and open it again"):
        parse_metadata(cls, junk)

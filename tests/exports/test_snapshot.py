"""Snapshots of exports: written and read again, whatever their states and numbers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.exports.id_ranges import read_ranges, write_ranges
from bot.exports.new_answers import NewAfterExport
from bot.exports.snapshot import (
    GOLD,
    NOT_FINAL,
    AnswerState,
    ExportSnapshot,
    RecordedCampaign,
    digest_of,
    merge_states,
)

CAMPAIGN = RecordedCampaign(3, "tone", "comparison", {"criteria": ["style"]}, 2)

NUMBERS = st.integers(1, 2**40)

STATES = st.builds(
    AnswerState,
    version=st.integers(0, 3),
    reason=st.sampled_from(["", "excluded", "skipped"]),
    is_gold=st.booleans(),
    is_final=st.booleans(),
    is_confirmed=st.booleans(),
)

STATES_BY_NUMBER = st.dictionaries(NUMBERS, STATES)


def make_snapshot(
    states: dict[int, AnswerState], decisions: tuple[int, ...] = ()
) -> ExportSnapshot:
    """Return a snapshot."""
    parts = ((state, [number]) for number, state in sorted(states.items()))
    return ExportSnapshot(CAMPAIGN, merge_states(parts), decisions)


@given(st.sets(NUMBERS))
def test_ranges_are_read_as_written(numbers: set[int]) -> None:
    assert list(read_ranges(write_ranges(numbers))) == sorted(numbers)


def test_ranges_are_short() -> None:
    assert write_ranges([3, 1, 2, 60]) == "1-3,60"


@given(STATES_BY_NUMBER, st.sets(NUMBERS))
def test_snapshot_is_read_as_written(states: dict[int, AnswerState], decisions: set[int]) -> None:
    snapshot = make_snapshot(states, tuple(sorted(decisions)))
    content = snapshot.to_json()
    again = ExportSnapshot.from_json(content)
    assert (again.states(), again.decisions, again.campaign) == (
        states,
        snapshot.decisions,
        CAMPAIGN,
    )
    assert digest_of(again.to_json()) == digest_of(content)


@given(states=STATES_BY_NUMBER, with_gold=st.booleans(), only_final=st.booleans())
def test_every_answer_has_a_label_or_a_reason(
    states: dict[int, AnswerState], *, with_gold: bool, only_final: bool
) -> None:
    snapshot = make_snapshot(states)
    labeled = snapshot.states_with_label(with_gold=with_gold, only_final=only_final)
    unlabeled = snapshot.count_unlabeled(with_gold=with_gold, only_final=only_final)
    assert len(labeled) + sum(unlabeled.values()) == snapshot.count_answers() == len(states)
    assert all(with_gold or not state.is_gold for state in labeled.values())
    assert with_gold is False or GOLD not in unlabeled
    assert only_final is True or NOT_FINAL not in unlabeled


@given(STATES_BY_NUMBER, STATES_BY_NUMBER)
def test_every_answer_is_new_in_one_of_two_exports_in_a_row(
    before: dict[int, AnswerState], after: dict[int, AnswerState]
) -> None:
    new = NewAfterExport.between(make_snapshot(before), make_snapshot(after)).answers
    for number, state in after.items():
        assert (number in new) is not state.is_same_answer(before.get(number))
    frozen = {number: replace(state, is_final=True) for number, state in before.items()}
    assert not NewAfterExport.between(make_snapshot(before), make_snapshot(frozen)).answers

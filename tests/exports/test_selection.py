"""Selection of labels: consensus of each kind of label, filters, and what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.exports.consensus_label import NO_RANKING, TIED, UNRELIABLE
from bot.exports.formats import FORMATS
from bot.exports.formats.format import ExportRow, LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.exports.row_options import Aggregate, RowOptions
from bot.exports.selection import aggregate_for, select_labels
from bot.kinds.base import Kind
from bot.kinds.comparison import COMPARISON
from bot.kinds.content import Candidate
from bot.kinds.curation import CURATION
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.label import Label, Preference, Ranking, RatedTurn, Rating, Verdict
from bot.kinds.ranking import RANKING
from bot.kinds.rating import RATING
from bot.kinds.rationale import Rationale
from bot.quality.aggregation.shares import EqualWeights, ShareRule
from bot.quality.aggregation.weights import ReliabilityWeights
from bot.quality.consensus import find_consensus
from bot.quality.votes import votes_of

ExampleOf = Callable[[Kind[Any]], LabelRecord]
ANSWERED = (datetime(2026, 3, 2, 9, tzinfo=UTC),)
SCALES = {"relevance": 5, "humor": 5, "clarity": 5, "tone": 5}
NO_OPTIONS = RowOptions()


def item_of(record: LabelRecord, labels: Sequence[Label], **changes: object) -> ItemLabels:
    """Return an item with an answer per label, by expert-0, expert-1 and so on."""
    ballots = [votes_of(label) for label in labels]
    consensus = find_consensus(ballots, SCALES)
    answers = [
        replace(
            record,
            label=label,
            expert=f"expert-{number}",
            source=consensus.source,
            is_with_majority=consensus.includes(ballot),
            answered_at=record.answered_at - timedelta(minutes=number),
            **changes,  # type: ignore[arg-type]  # fields of a record
        )
        for number, (label, ballot) in enumerate(zip(labels, ballots, strict=True))
    ]
    return ItemLabels(answers, ballots, consensus)


def export(
    item: ItemLabels,
    name: str,
    rule: ShareRule | None = EqualWeights(),  # noqa: B008 - it has no state
    options: RowOptions = NO_OPTIONS,
) -> tuple[list[ExportRow], Counter[str]]:
    """Return the rows of an item, and the answers that are left out by reason.

    Every answer is in a row or left out.
    """
    rows: list[ExportRow] = []
    left_out: Counter[str] = Counter()
    answers = 0
    for label in select_labels([item], FORMATS[name], options, rule):
        found = label if isinstance(label, LeftOutLabel) else FORMATS[name].rows_of(label)
        if isinstance(found, LeftOutLabel):
            left_out[found.reason] += label.answers
        else:
            rows.extend(found)
            answers += label.answers
    assert answers + left_out.total() == len(item.answers)
    return rows, +left_out


def preferences(record: LabelRecord, *winners: str, strength: Sequence[int] = ()) -> ItemLabels:
    """Return an item with these winners and strengths."""
    assert isinstance(record.label, Preference)
    strengths = [*strength, *[None] * (len(winners) - len(strength))]
    return item_of(
        record,
        [
            replace(record.label, winner=winner, strength=points)  # type: ignore[arg-type]  # winners
            for winner, points in zip(winners, strengths, strict=True)
        ],
    )


def test_majority_of_a_pair_is_one_row(example_of: ExampleOf) -> None:
    item = preferences(
        example_of(COMPARISON), "left", "left", "right", "tie", strength=(-3, -2, 1, 0)
    )
    (row,), left_out = export(item, "preference")
    assert (row["chosen_model"], row["expert"], row["votes"]) == ("wren-mini", "", 4)
    assert (row["agreement"], row["soft_label"], row["margin"]) == (0.5, 0.625, 1.0)
    assert (row["source"], row["with_majority"]) == ("split", 0)
    assert left_out == {"outvoted": 2}


def test_margin_is_never_negative(example_of: ExampleOf) -> None:
    item = preferences(example_of(COMPARISON), "left", "left", "right", strength=(-1, -1, 3))
    (row,), _left_out = export(item, "preference")
    assert row["margin"] == 0.0


def test_tied_votes_have_no_row(example_of: ExampleOf) -> None:
    item = preferences(example_of(COMPARISON), "left", "right")
    assert export(item, "preference") == ([], {TIED: 2})


def test_majority_for_a_tie_is_left_out_like_a_tie(example_of: ExampleOf) -> None:
    item = preferences(example_of(COMPARISON), "tie", "tie", "left")
    assert export(item, "preference") == ([], {"tie": 2, "outvoted": 1})


def test_better_responses_stay_separate_if_both_are_bad(example_of: ExampleOf) -> None:
    record = example_of(COMPARISON)
    assert isinstance(record.label, Preference)
    bad = replace(record.label, winner="both_bad", strength=None)
    written = [replace(bad, better_response=text) for text in ("One.", "Two.")]
    item = item_of(record, [*written, bad, replace(bad, winner="left")])
    rows, left_out = export(item, "preference")
    assert [(row["expert"], row["origin"]) for row in rows] == [
        (expert, "written") for expert in ("expert-0", "expert-0", "expert-1", "expert-1")
    ]
    assert {(row["votes"], row["agreement"]) for row in rows} == {(4, 0.75)}
    assert left_out == {"both responses are bad": 1, "outvoted": 1}
    rows, left_out = export(item, "sft", None)
    assert [row["completion"] for row in rows] == [
        [{"role": "assistant", "content": text}] for text in ("One.", "Two.")
    ]
    assert left_out == {"no response was written or kept": 2}


def test_without_aggregation_every_answer_has_a_row(example_of: ExampleOf) -> None:
    item = preferences(example_of(COMPARISON), "left", "left", "right")
    rows, left_out = export(item, "preference", None)
    assert [(row["expert"], row["with_majority"]) for row in rows] == [
        ("expert-0", 1),
        ("expert-1", 1),
        ("expert-2", 0),
    ]
    assert [row["agreement"] for row in rows] == [0.666667, 0.666667, 0.333333]
    assert [row["soft_label"] for row in rows] == [0.666667, 0.666667, 0.333333]
    assert not left_out


def test_reliable_expert_outweighs_two_others(example_of: ExampleOf) -> None:
    item = preferences(example_of(COMPARISON), "left", "right", "right")
    weights = ReliabilityWeights({"expert-0": 0.9, "expert-1": 0.4, "expert-2": 0.2})
    (row,), left_out = export(item, "preference", weights)
    assert (row["chosen_model"], row["soft_label"]) == ("wren-mini", 0.6)
    assert (row["agreement"], row["with_majority"]) == (0.333333, 0)
    assert left_out == {"outvoted": 2}
    nobody = ReliabilityWeights({f"expert-{number}": 0.0 for number in range(3)})
    assert export(item, "preference", nobody) == ([], {UNRELIABLE: 3})


def scored(record: LabelRecord, *scores: dict[str, int]) -> ItemLabels:
    """Return an item with these scores."""
    assert isinstance(record.label, Rating)
    label = record.label
    return item_of(record, [replace(label, scores=tuple(points.items())) for points in scores])


def test_scores_become_their_medians_with_mean_and_spread(example_of: ExampleOf) -> None:
    item = scored(
        example_of(RATING),
        {"tone": 3, "humor": 1},
        {"tone": 4, "humor": 1},
        {"tone": 5, "humor": 5},
    )
    (row,), left_out = export(item, "rating")
    assert row["scores"] == {"tone": 4.0, "humor": 1.0}
    assert row["soft_label"] == {"tone": 4.0, "humor": 2.333333}
    assert row["spread"] == {"tone": 0.666667, "humor": 1.333333}
    assert row["agreement"] == 0.833333
    assert not left_out


def test_median_of_two_scores_is_their_middle(example_of: ExampleOf) -> None:
    (row,), _left_out = export(scored(example_of(RATING), {"tone": 3}, {"tone": 4}), "rating")
    assert row["scores"] == {"tone": 3.5}
    assert (row["with_majority"], row["agreement"]) == (1, 1.0)


def test_each_turn_has_its_own_median(example_of: ExampleOf) -> None:
    record = example_of(RATING)

    def rated(first: int, second: int) -> Rating:
        turns = tuple(
            RatedTurn(number, (), "Hi", (("tone", points),))
            for number, points in enumerate((first, second), start=1)
        )
        scores = (("turn1_tone", first), ("turn2_tone", second))
        return Rating((), Candidate("Hi"), scores, turns)

    rows, _left_out = export(item_of(record, [rated(1, 5), rated(2, 5), rated(2, 3)]), "rating")
    assert [(row["turn"], row["scores"]) for row in rows] == [
        (1, {"tone": 2.0}),
        (2, {"tone": 5.0}),
    ]
    assert rows[1]["spread"] == {"tone": 0.666667}


def ranked(record: LabelRecord, *rankings: tuple[int, ...]) -> ItemLabels:
    """Return an item with these rankings."""
    assert isinstance(record.label, Ranking)
    label = record.label
    return item_of(record, [replace(label, ranks=ranks) for ranks in rankings])


def test_rankings_become_the_nearest_one(example_of: ExampleOf) -> None:
    item = ranked(example_of(RANKING), (1, 2, 3), (1, 2, 3), (2, 1, 3))
    (row,), left_out = export(item, "ranking")
    assert (row["ranks"], row["soft_label"]) == ([1, 2, 3], [1.333333, 1.666667, 3.0])
    assert (row["votes"], row["agreement"], row["with_majority"]) == (3, 0.888889, 1)
    assert not left_out
    rows, _left_out = export(item, "preference")
    assert [(row["margin"], row["soft_label"]) for row in rows] == [
        (1.5, 0.666667),
        (3.0, 1.0),
        (1.5, 1.0),
    ]


def test_rankings_without_a_nearest_ranking_are_left_out(example_of: ExampleOf) -> None:
    item = ranked(example_of(RANKING), (1, 2, 3), (2, 3, 1))
    assert export(item, "ranking") == ([], {NO_RANKING: 2})
    assert export(item, "ranking", ReliabilityWeights({"expert-0": 0.0, "expert-1": 0.0})) == (
        [],
        {UNRELIABLE: 2},
    )


def verdicts(record: LabelRecord, *answers: tuple[str, str | None]) -> ItemLabels:
    """Return an item with these verdicts and corrections; the last answer is the earliest."""
    assert isinstance(record.label, Verdict)
    label = record.label
    return item_of(
        record,
        [replace(label, verdict=verdict, corrected_text=text) for verdict, text in answers],  # type: ignore[arg-type]  # verdicts
    )


def test_verdict_has_the_correction_that_most_wrote_or_the_earliest(example_of: ExampleOf) -> None:
    record = example_of(CURATION)
    item = verdicts(record, ("corrected", "A"), ("corrected", "B"), ("good", None))
    (row,), left_out = export(item, "verdict")
    assert (row["verdict"], row["corrected"]) == ("corrected", "B")
    assert row["soft_label"] == {"good": 0.333333, "bad": 0.0, "corrected": 0.666667}
    assert left_out == {"outvoted": 1}
    item = verdicts(record, ("corrected", "A"), ("corrected", "A"), ("corrected", "B"))
    (sft_row,), _left_out = export(item, "sft")
    assert sft_row["completion"] == [{"role": "assistant", "content": "A"}]


def test_reasons_and_categories_of_the_majority_are_merged(example_of: ExampleOf) -> None:
    item = verdicts(example_of(CURATION), ("bad", None), ("bad", None), ("good", None))
    rationales = [
        Rationale("Rude.", ("tone",)),
        Rationale("False.", ("tone", "facts")),
        Rationale("Fine."),
    ]
    answers = [
        replace(record, rationale=rationale)
        for record, rationale in zip(item.answers, rationales, strict=True)
    ]
    (row,), _left_out = export(replace(item, answers=answers), "verdict")
    assert (row["reason"], row["categories"]) == ("Rude.\nFalse.", "tone, facts")


def test_demonstrations_stay_separate(example_of: ExampleOf) -> None:
    record = example_of(DEMONSTRATION)
    rows, left_out = export(item_of(record, [record.label] * 2), "sft", None)
    assert [(row["expert"], row["votes"], row["agreement"]) for row in rows] == [
        ("expert-0", 1, 1.0),
        ("expert-1", 1, 1.0),
    ]
    assert not left_out


def test_filters_leave_out_items_and_rows(example_of: ExampleOf) -> None:
    item = preferences(example_of(COMPARISON), "left", "left", "right")
    two_thirds, more = (RowOptions(min_agreement=share) for share in (2 / 3, 0.7))
    assert len(export(item, "preference", options=two_thirds)[0]) == 1
    assert export(item, "preference", options=more) == (
        [],
        {"agreement below 0.7": 2, "outvoted": 1},
    )
    assert len(export(item, "preference", None, RowOptions(min_agreement=0.5))[0]) == 2
    unanimous = RowOptions(sources=("unanimous", "adjudicated"))
    assert export(item, "preference", options=unanimous) == ([], {"consensus is majority": 3})
    assert export(item, "annotations", None, unanimous) == ([], {"consensus is majority": 3})


def test_decision_replaces_the_answers(example_of: ExampleOf) -> None:
    record = example_of(COMPARISON)
    item = preferences(record, "left", "right")
    answers = [replace(answer, is_adjudicated=True) for answer in item.answers]
    decision = replace(record, source="adjudicated", expert="reviewer")
    decided = replace(item, answers=answers, decision=decision)
    labels = list(select_labels([decided], FORMATS["preference"], NO_OPTIONS, EqualWeights()))
    assert labels == [LeftOutLabel("replaced by a reviewer's decision")] * 2 + [decision]
    split = list(
        select_labels([decided], FORMATS["preference"], RowOptions(sources=("split",)), None)
    )
    assert split[-1] == LeftOutLabel("consensus is adjudicated")


def test_unconfirmed_answers_do_not_vote(example_of: ExampleOf) -> None:
    item = verdicts(example_of(CURATION), ("bad", None), ("good", None), ("good", None))
    answers = [
        replace(record, required_levels=2, level=2 if number == 0 else 1)
        for number, record in enumerate(item.answers)
    ]
    (row,), left_out = export(replace(item, answers=answers), "verdict")
    assert (row["verdict"], row["votes"], row["expert"]) == ("bad", 1, "expert-0")
    assert left_out == {"not yet confirmed": 2}


@settings(max_examples=60)
@given(
    winners=st.lists(st.sampled_from(["left", "right", "tie", "both_bad"]), min_size=1, max_size=6),
    random=st.randoms(use_true_random=False),
    share=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_order_of_experts_does_not_matter_and_every_answer_is_counted(
    winners: list[str],
    random: Random,
    share: float,
) -> None:
    label = COMPARISON.example.label
    record = LabelRecord(label, "1", "c", "comparison", "e", *ANSWERED, 1, 1, {})
    options = RowOptions(min_agreement=share)
    item = preferences(record, *winners)
    places = random.sample(range(len(winners)), len(winners))
    moved = replace(
        item,
        answers=[item.answers[place] for place in places],
        ballots=[item.ballots[place] for place in places],
    )
    assert export(moved, "preference", options=options) == export(
        item, "preference", options=options
    )


@pytest.mark.parametrize(
    ("name", "kind", "requested", "expected"),
    [
        ("preference", COMPARISON, None, "majority"),
        ("ranking", RANKING, None, "majority"),
        ("rating", RATING, None, "majority"),
        ("verdict", CURATION, None, "majority"),
        ("sft", CURATION, None, "none"),
        ("sft", DEMONSTRATION, None, "none"),
        ("annotations", RATING, None, "none"),
        ("sft", CURATION, "majority", "majority"),
        ("rating", RATING, "dawid-skene", "dawid-skene"),
        ("annotations", RATING, "none", "none"),
    ],
)
def test_aggregation_depends_on_format_and_kind(
    name: str, kind: Kind[Any], requested: str | None, expected: str
) -> None:
    aggregate = Aggregate(requested) if requested else None
    assert aggregate_for(FORMATS[name], kind.name, kind.example.label, aggregate) == expected


@pytest.mark.parametrize(
    ("name", "kind", "requested", "reason"),
    [
        ("annotations", RATING, "majority", "the format has every answer"),
        ("sft", DEMONSTRATION, "majority", "each response is a text of its own"),
        ("sft", COMPARISON, "weighted", "each response is a text of its own"),
        ("ranking", RANKING, "dawid-skene", "needs classes, not rankings"),
        ("preference", RANKING, "dawid-skene", "needs classes, not rankings"),
    ],
)
def test_impossible_aggregation_is_refused(
    name: str, kind: Kind[Any], requested: str, reason: str
) -> None:
    with pytest.raises(BotError, match=reason):
        aggregate_for(FORMATS[name], kind.name, kind.example.label, Aggregate(requested))

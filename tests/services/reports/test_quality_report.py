"""The quality report of a campaign."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from typing import cast

import pytest

from bot.quality.reliability.self_consistency import SameSide
from bot.services.assignments import repeats
from bot.services.campaigns import campaigns
from bot.services.reports import agreement, quality_report
from bot.services.reports.leaderboard_document import leaderboard_document
from bot.services.reports.quality_report import QualityReport
from storage.tables import Assignment, Campaign, Expert
from tests.services.conftest import Scenario, pair

ADA, BOB, CAT = "U0ADA", "U0BOB", "U0CAT"


def build(scenario: Scenario, name: str = "tone") -> QualityReport:
    """Build the report of a campaign."""
    return scenario.database.read_now(
        lambda session: quality_report.build_report(
            session, campaigns.campaign_by_name(session, name), scenario.now
        )
    )


def submit_verdicts(scenario: Scenario, slack_id: str, winners: str) -> None:
    """Submit answers, one per letter: l (left wins), r (right wins), t (tie) or b (both bad)."""
    for winner in winners:
        assignment_id = scenario.assign_next(slack_id)
        assert assignment_id is not None
        row = next(row for row in scenario.rows(Assignment) if row.id == assignment_id)
        verdict = {"t": "tie", "b": "both_bad"}.get(winner)
        verdict = verdict or "ab"[row.candidate_order.index("lr".index(winner))]
        scenario.submit_answer(slack_id, assignment_id, verdict=verdict)


def test_report_ranks_the_models_that_experts_compared(scenario: Scenario) -> None:
    """The order in which a file names two models, or shows them to an expert, changes nothing."""
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    swapped = {"model_a": "wren-mini", "model_b": "heron-7b"}
    scenario.import_rows("tone", [pair(1), pair(2, **swapped), pair(3), pair(4), pair(5)])
    for slack_id in (ADA, BOB):
        submit_verdicts(scenario, slack_id, "lrltb")
    report = build(scenario)
    best, worst = report.models
    assert (best.name, worst.name) == ("heron-7b", "wren-mini")
    assert (best.strength or 0) > 1 > (worst.strength or 0)
    assert (best.items, best.both_bad, best.group) == (4, 2, 1)
    assert best.low is None, "four items are too few"
    document = scenario.database.read_now(
        lambda session: leaderboard_document(session, session.get_one(Campaign, 1))
    )
    assert document is not None
    (group,) = cast("list[dict[str, object]]", document["groups"])
    assert (document["answers"], group["models"]) == (10, [asdict(best), asdict(worst)])


def test_items_without_models_have_no_leaderboard(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1, model_a=None, model_b=None)])
    submit_verdicts(scenario, ADA, "l")
    report = build(scenario)
    assert report.models == ()
    assert [item.item for item in report.items] == ["pair-1"]


def test_report_lists_agreement_of_all_and_of_each_two_experts(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=3, experts=[ADA, BOB, CAT])
    scenario.import_rows("tone", [pair(number) for number in range(1, 5)])
    for slack_id, winners in ((ADA, "lrlr"), (BOB, "lrlr"), (CAT, "lrll")):
        submit_verdicts(scenario, slack_id, winners)
    report = build(scenario)
    total = {row.metric: row for row in report.agreement if not row.experts}
    assert set(total) == {"percent", "alpha", "alpha_nominal", "fleiss_kappa", "gwet_ac1"}
    assert total["percent"].value == pytest.approx(10 / 12)
    assert {row.units for row in total.values()} == {4}
    names = {expert.slack_id: expert.pseudonym for expert in scenario.rows(Expert)}
    kappas = {frozenset(row.experts): row.value for row in report.agreement if row.experts}
    assert kappas[frozenset((names[ADA], names[BOB]))] == 1
    assert len(kappas) == 3
    assert (kappas[frozenset((names[ADA], names[CAT]))] or 1) < 1


def test_ratings_have_alpha_at_every_level(scenario: Scenario) -> None:
    scenario.create_campaign("jokes", "rating", overlap=2, experts=[ADA, BOB])
    scenario.import_rows("jokes", [{"id": str(n), "text": f"Joke {n}"} for n in range(3)])
    for slack_id in (ADA, BOB):
        scenario.answer_all(slack_id, humor="4", relevance="2", clarity="3")
    metrics = [row.metric for row in build(scenario, "jokes").agreement if row.question == "humor"]
    levels = ("nominal", "ordinal", "interval", "ratio")
    assert [f"alpha_{level}" in metrics for level in levels] == [True] * 4
    assert {"gwet_ac2", "cohen_kappa", "cohen_kappa_quadratic"} <= set(metrics)


def test_rankings_have_rank_correlations_and_strengths(scenario: Scenario) -> None:
    scenario.create_campaign("order", "ranking", overlap=2, experts=[ADA, BOB])
    names = ("heron-7b", "wren-mini", "dunlin")
    candidates = [{"text": name.upper(), "model": name} for name in names]
    scenario.import_rows("order", [{"id": "1", "prompt": "Why?", "candidates": candidates}])
    for slack_id in (ADA, BOB):
        assignment_id = scenario.assign_next(slack_id)
        assert assignment_id is not None
        row = next(row for row in scenario.rows(Assignment) if row.id == assignment_id)
        letters = ["abc"[row.candidate_order.index(position)] for position in range(3)]
        scenario.submit_answer(slack_id, assignment_id, ranks=">".join(letters))
    report = build(scenario, "order")
    assert [model.name for model in report.models] == list(names)
    found = {row.metric: row.value for row in report.agreement}
    assert (found["kendall_tau_b"], found["kendall_w"]) == (1, 1)


def test_worst_disagreement_comes_first(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(1), pair(2)])
    submit_verdicts(scenario, ADA, "ll")
    submit_verdicts(scenario, BOB, "lr")
    found = [(item.item, item.agreement, item.source) for item in build(scenario).items]
    assert found == [("pair-2", 0.0, "split"), ("pair-1", 1.0, "unanimous")]


def test_report_shows_pseudonyms_only(scenario: Scenario) -> None:
    scenario.create_campaign(overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(number) for number in range(1, 13)])
    scenario.answer_all(ADA, verdict="a")
    (expert,) = scenario.rows(Expert)
    report = build(scenario)
    assert [one.pseudonym for one in report.experts] == [expert.pseudonym]
    texts = [warning.text for warning in report.warnings if warning.category == "answers"]
    assert texts
    assert all(text.startswith(expert.pseudonym) for text in texts)


@pytest.mark.slow
def test_running_bot_does_not_load_numpy() -> None:
    """It is large, and only the report needs it."""
    code = "import sys; import bot.background_bot, bot.cli.run; print('numpy' in sys.modules)"
    found = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"


def test_repeated_items_show_who_contradicts_themselves(scenario: Scenario) -> None:
    """Ada chooses what is shown first both times, Bob the same response both times."""
    scenario.create_campaign(overlap=2, experts=[ADA, BOB], repeat_share=0.2)
    scenario.import_rows("tone", [pair(number) for number in range(40)])
    scenario.answer_all(ADA, verdict="a")
    submit_verdicts(scenario, BOB, "l" * 40)
    scenario.advance_clock(days=3, minutes=1)
    counts = {ADA: 0, BOB: 0}
    while scenario.database.write_now(repeats.assign_due_repeats, 1, scenario.now):
        counts[ADA] += scenario.answer_all(ADA, verdict="a")
        if any(row.state == "queued" and row.expert_id == 2 for row in scenario.rows(Assignment)):
            submit_verdicts(scenario, BOB, "l")
            counts[BOB] += 1
    assert min(counts.values()) > 2
    pseudonyms = {row.slack_id: row.pseudonym for row in scenario.rows(Expert)}
    experts = {one.pseudonym: one for one in build(scenario).experts}
    ada, bob = experts[pseudonyms[ADA]], experts[pseudonyms[BOB]]
    assert ada.figures.same_side == SameSide(counts[ADA], 0, counts[ADA])
    assert bob.figures.same_side == SameSide(0, 0, counts[BOB])
    assert ada.figures.consistency is not None
    assert (ada.figures.consistency.correct, ada.figures.consistency.total) == (0, counts[ADA])
    assert bob.figures.consistency is not None
    assert (bob.figures.consistency.correct, bob.figures.consistency.total) == (counts[BOB],) * 2
    assert [one.figures.answers for one in (ada, bob)] == [40, 40], "repeats are not counted"
    stored = scenario.database.read_now(agreement.compute_figures, 1).experts
    assert {one.consistency for one in stored.values()} == {
        one.figures.consistency for one in (ada, bob)
    }

"""Rows from templates: they are those that labels give, whatever items and answers there are."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session, col, select

from bot.exports.formats import FORMATS
from bot.exports.row_options import Aggregate, RowOptions, Undecided
from bot.exports.spool import SpooledRows, spool_rows
from bot.exports.table_labels import select_table
from bot.exports.tables import ExportTable
from bot.kinds.base import InvalidAnswerError
from bot.kinds.form import TIE
from bot.quality.aggregation.shares import EqualWeights
from bot.services.answers import confirmation
from bot.services.campaigns import campaigns
from bot.services.exports import snapshots, templated_rows
from bot.services.exports.export_tables import ExportQuery, build_tables
from bot.services.exports.templated_rows import TemplateQuery
from bot.services.reports.answer_counts import count_models_of
from bot.services.reviews import exclusions
from storage.row_id import require_id
from storage.tables import Assignment, Campaign, Decision, Task
from tests.services.conftest import NOW, Scenario
from tests.services.exports.export_scenarios import ADA, BOB, CORA, EVE

COPYING_FORMATS = [name for name, one in FORMATS.items() if one.copies_texts]

TEXTS = (
    "Plain.",
    "Grüße, 世界 🦉",
    'Quotes "and" back\\slashes',
    "Two\nlines\tand a separator\u2028\x85\u2029here",
    "<labelbot-text-0> {0} %s",
    "# Heading\n- list\n**bold**\n```\ncode\n```",
)

MODELS = (("wren", "heron", "dunlin"), ("heron", "wren", "wren"), (None, "wren", None), ())

OPTIONS = (
    RowOptions(),
    RowOptions(Aggregate.NONE),
    RowOptions(Aggregate.NONE, ties=Undecided.KEEP, both_bad=Undecided.KEEP),
    RowOptions(Aggregate.MAJORITY, ties=Undecided.KEEP, min_agreement=0.6),
    RowOptions(Aggregate.NONE, sources=("majority", "single")),
)


@pytest.mark.parametrize("kind", ["comparison", "ranking"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_templates_give_the_rows_and_counts_of_labels(
    scenario: Scenario, kind: str, options: RowOptions
) -> None:
    fill_campaign(scenario, kind, Random(f"{kind} {options}"))  # noqa: S311 - gives the same campaign each time, nothing secret
    for name in COPYING_FORMATS:
        for only_final in (False, True):
            scenario.database.read_now(
                compare_ways, scenario.folder, name, options, only_final=only_final
            )


def test_more_shapes_than_templates_take_the_general_way(scenario: Scenario) -> None:
    fill_campaign(scenario, "comparison", Random(7))  # noqa: S311 - gives the same campaign each time, nothing secret
    spooled = [
        scenario.database.read_now(spool_with_templates, scenario.folder / f"{limit}", limit)
        for limit in (0, 3, 1000)
    ]
    assert spooled[0] == spooled[1] == spooled[2]


def spool_with_templates(session: Session, path: Path, limit: int) -> tuple[bytes, SpooledRows]:
    """Return the rows of preferences, made with at most so many templates."""
    preference = FORMATS["preference"]
    query = TemplateQuery(
        campaigns.campaign_by_name(session, "tone"),
        preference,
        only_final=False,
        select=lambda items: select_table(items, preference, RowOptions(), EqualWeights()),
        counts=None,
        max_templates=limit,
    )
    rows = templated_rows.iter_rows(session, query)
    return spool(ExportTable(preference, rows), path)


def compare_ways(
    session: Session, folder: Path, format_name: str, options: RowOptions, *, only_final: bool
) -> None:
    """Check that templates and labels give the same rows and counts.

    A replay of the current state builds labels. The leaderboard reads all answers anew.
    """
    campaign = campaigns.campaign_by_name(session, "tone")
    snapshot = snapshots.take_snapshot(session, campaign)
    ways = []
    for is_replay in (False, True):
        query = ExportQuery(
            campaign, format_name, options, snapshot, only_final=only_final, is_replay=is_replay
        )
        built = build_tables(session, query)
        (table,) = built.tables
        ways.append((*spool(table, folder / str(is_replay)), built.counts.agreement))
        if not is_replay and not only_final:
            assert built.counts.models == count_models_of(session, campaign)
    (lines, spooled, agreement), labeled = ways
    assert (lines, spooled, agreement) == labeled
    assert only_final or spooled.row_count


def spool(table: ExportTable, path: Path) -> tuple[bytes, SpooledRows]:
    """Return the rows of a table as JSON Lines, and what is counted of them."""
    spooled = spool_rows(table.labels, table.format, path)
    (split,) = spooled.splits
    return split.path.read_bytes(), SpooledRows(
        spooled.row_count,
        spooled.left_out,
        spooled.columns,
        spooled.answers,
        provenance=spooled.provenance,
    )


def fill_campaign(scenario: Scenario, kind: str, random: Random) -> None:
    """Import items of all sorts, and let three experts answer most of them."""
    settings = {"reason": "optional", "confidence": True, "criteria": []}
    scenario.create_campaign(kind=kind, overlap=3, experts=[ADA, BOB, EVE], settings=settings)
    rows = [make_item(kind, number, random) for number in range(40)]
    result = scenario.import_rows("tone", rows)
    assert (result.added, result.rejected) == (len(rows), 0), result.errors
    for expert in (ADA, BOB, EVE):
        for _ in range(random.randint(20, 38)):
            scenario.advance_clock(seconds=9)
            assignment_id = scenario.assign_next(expert)
            if assignment_id is None:
                break
            submit_any(scenario, expert, assignment_id, kind, random)
    scenario.run_for_campaign("tone", decide_some, random)
    since = NOW + timedelta(minutes=random.randint(1, 12))
    scenario.run_for_campaign("tone", exclusions.exclude, BOB, since, "careless", scenario.actor)


def make_item(kind: str, number: int, random: Random) -> dict[str, object]:
    """Return a row of a file: most are plain, some have what templates do not support."""
    texts = [f"{random.choice(TEXTS)} {number}.{place}" for place in range(3)]
    candidates = [{"content": text} for text in texts[: 2 if kind == "comparison" else 3]]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": texts[0]}]
    call = {"function": {"name": "search", "arguments": "{}"}, "type": "function", "id": "1"}
    calls = [*messages, {"role": "assistant", "content": "", "tool_calls": [call]}]
    prompts = (texts[0], texts[0], texts[0], messages, [*calls, {"role": "tool", "content": "x"}])
    if random.random() < 0.1:
        candidates[0] |= {"reasoning": "Hm."}
    models = random.choice(MODELS)[: len(candidates)]
    return {
        "id": f"item {number} {random.choice(TEXTS)}",
        "prompt": random.choice(prompts),
        "candidates": candidates,
        **({"models": list(models)} if models else {}),
        **({"license": random.choice(("MIT", "CC0"))} if random.random() < 0.5 else {}),
        "source": f"page {number}",
    }


def submit_any(
    scenario: Scenario, expert: str, assignment_id: int, kind: str, random: Random
) -> None:
    """Submit an answer of any sort: with a reason, a better response, or not complete."""
    for value in answers_of(kind, random):
        with suppress(InvalidAnswerError):
            scenario.submit_answer(expert, assignment_id, **value)
    if random.random() < 0.9:
        scenario.submit_answer(expert, assignment_id, confidence=str(random.randint(1, 2)))


def answers_of(kind: str, random: Random) -> list[Mapping[str, object]]:
    """Return the inputs of an answer, one after the other."""
    reason = {"reason": f"{random.choice(TEXTS)} {random.random()}"}
    reasons = [reason] if random.random() < 0.3 else []
    if kind == "ranking":
        first, *others = random.sample("abc", 3)
        taps = (first, *((TIE,) if random.random() < 0.3 else ()), *others)
        return [*({"ranks": tap} for tap in taps), *reasons]
    verdict = random.choice(("a", "b", "b", "b", "tie", "both_bad"))
    better = {"better_response": random.choice(TEXTS) * 9, "started_from": "blank"}
    written = [better] if verdict == "both_bad" and random.random() < 0.5 else []
    return [{"verdict": verdict}, *written, *reasons]


def decide_some(session: Session, campaign: Campaign, random: Random) -> None:
    """Make answers final, tasks gold questions or without text, and decide items."""
    query = select(Assignment).where(col(Assignment.value).is_not(None), col(Assignment.complete))
    answers = session.exec(query.order_by(col(Assignment.id))).all()
    for answer in answers:
        if random.random() < 0.3:
            answer.finalized_by = random.choice((confirmation.FINALIZED_BY_CONFIRMATION, "export"))
            session.add(answer)
    tasks = select(Task).where(Task.campaign_id == campaign.id).order_by(col(Task.id))
    for task in session.exec(tasks).all():
        task.is_gold, task.has_text = random.random() < 0.1, random.random() < 0.9
        session.add(task)
        if random.random() < 0.2:
            value = dict(answers[0].value or {})
            order = answers[0].candidate_order
            number = require_id(task.id)
            decision = Decision(
                task_id=number, value=value, candidate_order=order, decided_by=CORA, created_at=NOW
            )
            session.add(decision)
    session.flush()

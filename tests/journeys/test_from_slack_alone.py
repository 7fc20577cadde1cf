"""A whole campaign from Slack alone: made, filled, labelled, reviewed, exported to a channel."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from bot.autopilot import answer_everything
from bot.sandbox import Person, Room
from bot.services import reporting
from tests.journeys.story import ITEMS, Story, newest, top_modal

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "preferences" / "llmfao_pairs.jsonl"
"""Real pairs, where they lie beside the project; else a few of our own."""

COUNT = 6
OVERLAP = 5
NAMES = ("ada", "grace", "kenji", "noor", "luz")


def lines() -> bytes:
    """Return a few pairs as JSON Lines."""
    if PAIRS.exists():
        with PAIRS.open() as whole:
            return "".join(islice(whole, COUNT)).encode()
    return "".join(f"{json.dumps(row)}\n" for row in ITEMS["comparison"]).encode()


def test_a_coordinator_never_touches_a_terminal(story: Story) -> None:
    cora = story.person("cora")
    story.coordinators = (cora.id,)
    experts = [story.person(name) for name in NAMES]
    room = story.sandbox.channel("datasets", members=[cora])
    story.begins()
    creates(story, cora, experts)
    brings(cora)
    answer_everything(experts, lambda: is_answered(story))
    decided = reviews(story, cora, experts)
    exports(story, cora, room, decided)


def creates(story: Story, cora: Person, experts: list[Person]) -> None:
    """Make the campaign in one window."""
    cora.types("/label new")
    story.sandbox.wait_until(lambda: cora.modal)
    cora.chooses("Kind of task", "Comparison")
    story.sandbox.wait_until(lambda: "which of two" in top_modal(cora).plain)
    cora.fills("Name", "Better answers")
    cora.chooses("People", *(expert.id for expert in experts))
    cora.fills("Experts for each item", str(OVERLAP))
    cora.submits()
    cora.sees("“Better answers” is ready: comparison, 5 experts in it")


def brings(cora: Person) -> None:
    """Drop the file and say where it goes."""
    cora.uploads("llmfao_pairs.jsonl", lines())
    cora.sees("llmfao_pairs.jsonl is here")
    cora.clicks("Import…")
    cora.sees("Row 1")
    cora.submits()
    cora.sees("of llmfao_pairs.jsonl added to “Better answers”", within=60)


def is_answered(story: Story) -> bool:
    """Say whether every item has all its answers."""
    (status,) = story.database.read_now(reporting.statuses)
    return 0 < status.wanted == status.answered


def reviews(story: Story, cora: Person, experts: list[Person]) -> int:
    """Decide every disagreement as most experts did; return how many there were."""
    cora.types("/label review better-answers")
    decided = 0
    while "Nothing waits for review" not in newest(cora).plain:
        case = newest(cora)
        assert "Review: " in case.plain
        assert "expert-" not in case.plain
        assert not any(expert.id in str(case.blocks) for expert in experts)
        cora.clicks("Decide so", in_=case)
        decided += 1
        story.sandbox.wait_until(lambda: newest(cora).plain != case.plain)  # noqa: B023 - it waits here
    return decided


def exports(story: Story, cora: Person, room: Room, decided: int) -> None:
    """Let an export land in the channel, and read it."""
    cora.types(f"/label export better-answers annotations <#{room.id}|{room.name}>")
    shared = cora.downloads("better-answers-annotations.jsonl", within=60).decode()
    rows = [json.loads(line) for line in shared.splitlines()]
    assert sum(row["source"] == "adjudicated" for row in rows) == decided > 0
    assert len(rows) == decided + story.database.read_now(reporting.statuses)[0].answered

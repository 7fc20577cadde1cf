"""A whole campaign from Slack alone: made, filled, labelled, reviewed, exported to a channel."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from bot.autopilot import answer_everything
from bot.sandbox import ChannelRef, SimulatedUser
from bot.services.reports import campaign_status
from tests.journeys.journey import ITEM_ROWS, Journey, newest_message, top_modal

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
    return "".join(f"{json.dumps(row)}\n" for row in ITEM_ROWS["comparison"]).encode()


def test_a_coordinator_never_touches_a_terminal(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    experts = [journey.add_user(name) for name in NAMES]
    room = journey.sandbox.add_channel("datasets", members=[cora])
    journey.start_bot()
    creates(journey, cora, experts)
    brings(cora)
    answer_everything(experts, lambda: is_answered(journey))
    decided = reviews(journey, cora, experts)
    exports(journey, cora, room, decided)


def creates(journey: Journey, cora: SimulatedUser, experts: list[SimulatedUser]) -> None:
    """Make the campaign in one window."""
    cora.send_message("/label new")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.choose("Kind of task", "Comparison")
    journey.sandbox.wait_until(lambda: "which of two" in top_modal(cora).plain_text)
    cora.fill("Name", "Better answers")
    cora.choose("People", *(expert.id for expert in experts))
    cora.fill("Answers per item", str(OVERLAP))
    cora.submit_modal()
    cora.wait_for_text("“Better answers” is ready: comparison, 5 experts in it")


def brings(cora: SimulatedUser) -> None:
    """Drop the file and say where it goes."""
    cora.upload_file("llmfao_pairs.jsonl", lines())
    cora.wait_for_text("llmfao_pairs.jsonl is here")
    cora.click("Import…")
    cora.wait_for_text("Row 1")
    cora.submit_modal()
    cora.wait_for_text("of llmfao_pairs.jsonl added to “Better answers”", within=60)


def is_answered(journey: Journey) -> bool:
    """Say whether every item has all its answers."""
    (status,) = journey.database.read_now(campaign_status.list_statuses)
    return 0 < status.wanted == status.answered


def reviews(journey: Journey, cora: SimulatedUser, experts: list[SimulatedUser]) -> int:
    """Decide every disagreement as most experts did; return how many there were."""
    cora.send_message("/label review better-answers")
    decided = 0
    while "Nothing waits for review" not in newest_message(cora).plain_text:
        case = newest_message(cora)
        assert "Review: " in case.plain_text
        assert "expert-" not in case.plain_text
        assert not any(expert.id in str(case.blocks) for expert in experts)
        cora.click("Decide so", in_=case)
        decided += 1
        journey.sandbox.wait_until(lambda: newest_message(cora).plain_text != case.plain_text)  # noqa: B023 - it waits here
    return decided


def exports(journey: Journey, cora: SimulatedUser, room: ChannelRef, decided: int) -> None:
    """Let an export land in the channel, and read it."""
    cora.send_message(f"/label export better-answers annotations <#{room.id}|{room.name}>")
    shared = cora.download_file("better-answers-annotations.jsonl", within=60).decode()
    rows = [json.loads(line) for line in shared.splitlines()]
    assert sum(row["source"] == "adjudicated" for row in rows) == decided > 0
    assert (
        len(rows) == decided + journey.database.read_now(campaign_status.list_statuses)[0].answered
    )

"""A whole campaign in Slack: created, filled, answered, reviewed and exported to a channel."""

from __future__ import annotations

import json
import re
from io import BytesIO
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.autopilot import answer_everything
from bot.sandbox import ChannelRef, SimulatedUser
from bot.services.reports import campaign_status
from tests.journeys.journey import ITEM_ROWS, Journey, newest_message, top_modal

PAIRS = Path(__file__).parents[3] / "shared" / "data" / "preferences" / "llmfao_pairs.jsonl"
"""Real pairs, which are not part of the project; without them the test uses `ITEM_ROWS`."""

PAIR_COUNT = 6
OVERLAP = 5
EXPERT_NAMES = ("ada", "grace", "kenji", "noor", "luz")


def pairs_as_json_lines() -> bytes:
    """Return a few pairs as JSON Lines."""
    if PAIRS.exists():
        with PAIRS.open() as file:
            return "".join(islice(file, PAIR_COUNT)).encode()
    return "".join(f"{json.dumps(row)}\n" for row in ITEM_ROWS["comparison"]).encode()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # others use both
def test_whole_campaign_runs_in_slack(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    experts = [journey.add_user(name) for name in EXPERT_NAMES]
    channel = journey.sandbox.add_channel("datasets", members=[cora])
    journey.start_bot()
    create_campaign(journey, cora, experts)
    import_pairs(cora)
    answer_everything(experts, lambda: is_answered(journey))
    decision_count = review_disagreements(journey, cora, experts)
    export_to_channel(journey, cora, channel, decision_count)


def create_campaign(journey: Journey, cora: SimulatedUser, experts: list[SimulatedUser]) -> None:
    """Create the campaign in three steps."""
    cora.send_message("/label new")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.choose("Kind of task", "Comparison")
    journey.sandbox.wait_until(lambda: "which of two" in top_modal(cora).plain_text)
    cora.fill("Name", "Better answers")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Answers per item" in top_modal(cora).plain_text)
    cora.choose("People", *(expert.id for expert in experts))
    cora.fill("Answers per item", str(OVERLAP))
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Deadline" in top_modal(cora).plain_text)
    cora.submit_modal()
    cora.wait_for_text("Created “Better answers”: 5 experts")


def import_pairs(cora: SimulatedUser) -> None:
    """Upload a file and import it into the campaign."""
    cora.upload_file("llmfao_pairs.jsonl", pairs_as_json_lines())
    cora.wait_for_text("Received llmfao_pairs.jsonl")
    cora.click("Import…")
    cora.wait_for_text("Row 1")
    cora.submit_modal()
    cora.wait_for_text("items to add")
    cora.submit_modal()
    cora.wait_for_text("from llmfao_pairs.jsonl to “Better answers”", within=60)


def is_answered(journey: Journey) -> bool:
    """Return whether every item has all its answers."""
    (status,) = journey.database.read_now(campaign_status.list_statuses)
    return 0 < status.wanted == status.answered


def review_disagreements(
    journey: Journey, cora: SimulatedUser, experts: list[SimulatedUser]
) -> int:
    """Accept the suggested answer of every review; return the number of decisions.

    Reviews name no expert.
    """
    cora.send_message("/label review better-answers")
    decision_count = 0
    while "The review queue is empty" not in newest_message(cora).plain_text:
        case = newest_message(cora)
        assert f"Review {decision_count + 1} of " in case.plain_text
        assert "expert-" not in case.plain_text
        assert not any(expert.id in str(case.blocks) for expert in experts)
        cora.click("Accept this answer", in_=case)
        decision_count += 1
        journey.sandbox.wait_until(lambda: newest_message(cora).plain_text != case.plain_text)  # noqa: B023 - it is called within this iteration
    return decision_count


def export_to_channel(
    journey: Journey, cora: SimulatedUser, channel: ChannelRef, decision_count: int
) -> None:
    """Export annotations to the channel, and check their number against the decisions."""
    cora.send_message(f"/label export better-answers annotations <#{channel.id}|{channel.name}>")
    shown = cora.wait_for_text(".zip", within=60).plain_text
    (archive_name,) = re.findall(r"better-answers-annotations\S*\.zip", shown)
    with ZipFile(BytesIO(cora.download_file(archive_name))) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".jsonl"))
        rows = [json.loads(line) for line in archive.read(name).decode().splitlines()]
    assert sum(row["source"] == "adjudicated" for row in rows) == decision_count > 0
    assert (
        len(rows)
        == decision_count + journey.database.read_now(campaign_status.list_statuses)[0].answered
    )

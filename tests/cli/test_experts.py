"""Tests of `labelbot experts`."""

from __future__ import annotations

from sqlmodel import Session

from bot.messages.texts import TextMessage
from storage.queries import outbox
from storage.row_id import require_id
from storage.tables import OutboxState
from tests.cli.conftest import CommandRunner
from tests.services.conftest import Scenario, pair


def test_experts_are_invited_listed_assigned_and_removed(labelbot: CommandRunner) -> None:
    labelbot("campaign", "create", "tone", "--kind", "comparison")
    arguments = "U0ADA U0BOB --campaign tone --domains law --languages en,de --role senior"
    result = labelbot("experts", "invite", *arguments.split())
    assert (result.code, result.out) == (0, "Added 2 experts to “tone”.\n")
    assert labelbot("experts", "role", "U0BOB", "expert").out == "Role of U0BOB: expert.\n"
    labelbot("campaign", "edit", "tone", "--max-answers", "9")
    assert labelbot("experts", "list").out.count("tone: 0 of 9 answers") == 2
    ada, bob = labelbot("experts", "list", "--campaign", "tone", "--json").json
    assert (ada["domains"], ada["languages"], ada["role"]) == (["law"], ["en", "de"], "senior")
    assert (bob["role"], bob["campaigns"]) == (None, ["tone"])
    (quota,) = ada["quotas"]
    assert (quota["campaign"], quota["tasks"], quota["max_answers"]) == ("tone", 0, 9)
    result = labelbot("experts", "assign", "U0ADA", "--campaign", "tone", "--count", "2")
    assert result.out == "Assigned 0 tasks to U0ADA: no task left for them.\n"
    assert labelbot("experts", "remind", "--campaign", "tone").out == "Reminded 0 experts.\n"
    assert labelbot("experts", "remind", "--json").json == {"reminded": [], "skipped": {}}
    for output in ("Removed U0BOB from “tone”.\n", "U0BOB is not in “tone”.\n"):
        assert labelbot("experts", "remove", "U0BOB", "--campaign", "tone").out == output
    assert "U0BOB" not in labelbot("experts", "list", "--campaign", "tone").out
    assert labelbot("experts", "invite", "U0CY", "--domains", "birds").out == "Saved 1 expert.\n"


def test_expert_without_a_campaign_is_stored(labelbot: CommandRunner) -> None:
    for _ in range(2):
        assert labelbot("experts", "invite", "U0CY").out == "Saved 1 expert.\n"
    (cy,) = labelbot("experts", "list", "--json").json
    assert (cy["slack_id"], cy["campaigns"]) == ("U0CY", [])
    (event,) = labelbot("audit", "--json").json
    assert (event["action"], event["subject"]) == ("added an expert", "expert U0CY")


def test_coordinator_need_not_be_an_expert(labelbot: CommandRunner) -> None:
    labelbot("experts", "invite", "U0CY", "--role", "coordinator")
    assert labelbot("experts", "list", "--json").json == []
    (event,) = labelbot("audit", "--json").json
    assert (event["action"], event["subject"]) == ("granted a role", "expert U0CY")


def test_hours_are_listed_by_month_campaign_and_expert(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    assert labelbot_sqlite("experts", "hours").out == "Nobody has answered yet.\n"
    scenario.create_campaign(experts=["U0ADA"], overlap=1)
    scenario.import_rows("tone", [pair(1)])
    assignment_id = require_id(scenario.assign_next("U0ADA"))
    scenario.advance_clock(seconds=90)
    scenario.submit_answer("U0ADA", assignment_id, verdict="a")
    (row,) = labelbot_sqlite("experts", "hours", "--campaign", "tone", "--json").json
    assert (row["month"], row["slack_id"], row["answers"], row["seconds"]) == (
        "2026-03",
        "U0ADA",
        1,
        90,
    )
    assert (
        "0.03" in labelbot_sqlite("experts", "hours").out
        or "0.02" in labelbot_sqlite("experts", "hours").out
    )
    assert "Did you mean “tone”?" in labelbot_sqlite("experts", "hours", "--campaign", "tne").err
    scenario.advance_clock(days=3)
    (week,) = labelbot_sqlite("experts", "hours", "--by", "week", "--json").json
    assert (week["week"], week["answers"]) == ("2026-03-02", 1)


def test_many_items_are_assigned_by_file_and_filter(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    scenario.create_campaign(experts=["U0ADA", "U0BOB"], overlap=1)
    scenario.import_rows("tone", [pair(number) for number in range(1, 121)])
    ids = labelbot_sqlite.write_file("ids.txt", "".join(f"pair-{one}\n" for one in range(1, 61)))
    assign = ("experts", "assign", "U0ADA", "U0BOB", "--campaign", "tone")
    result = labelbot_sqlite(*assign, "--items-file", str(ids))
    assert result.out.splitlines() == [
        "Assigned 60 tasks to U0ADA.",
        "Assigned 0 tasks to U0BOB: no task left for them.",
    ]
    result = labelbot_sqlite(*assign, "--text", "question 11", "--count", "100")
    assert result.out.splitlines()[0] == "Assigned 10 tasks to U0ADA."
    assert "not both" in labelbot_sqlite(*assign, "--item", "pair-1", "--domain", "x").err
    assert "has no item “pair-999”" in labelbot_sqlite(*assign, "--item", "pair-999").err


def test_note_is_shown_changed_and_removed(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    scenario.create_campaign(experts=["U0ADA"])
    note = ("experts", "note", "U0ADA")
    assert labelbot_sqlite(*note).out == "No note about U0ADA.\n"
    assert labelbot_sqlite(*note, " Prefers short tasks ").out == "Prefers short tasks\n"
    assert labelbot_sqlite(*note).out == "Prefers short tasks\n"
    assert "2,001 characters" in labelbot_sqlite(*note, "x" * 2_001).err
    events = labelbot_sqlite("audit", "--json").out
    assert "changed a note" in events
    assert "Prefers" not in events
    assert "Prefers" not in labelbot_sqlite("experts", "list", "--json").out
    assert labelbot_sqlite(*note, "").out == "No note about U0ADA.\n"
    assert "Unknown expert “U0BOB”" in labelbot_sqlite("experts", "note", "U0BOB").err


def test_experts_rejects_invalid_arguments(labelbot: CommandRunner) -> None:
    assert "There are no experts yet" in labelbot("experts", "list").out
    result = labelbot("experts", "invite", "nonsense")
    assert (result.code, "“nonsense” is not a Slack member ID" in result.err) == (1, True)
    assert labelbot("experts", "role", "U0ADA", "king").code == 2


def test_messages_are_listed_with_reasons_and_without_texts(
    labelbot_sqlite: CommandRunner, scenario: Scenario
) -> None:
    assert "no messages to U0ADA" in labelbot_sqlite("experts", "messages", "U0ADA").out

    def post(session: Session) -> None:
        message = TextMessage("Secret.", reason="a coordinator resolved a flag")
        outbox.enqueue(session, message, recipient="U0ADA", now=scenario.now)
        session.flush()
        outbox.record_outcome(session, 1, OutboxState.SENT, scenario.now, has_posted=True)

    scenario.database.write_now(post)
    (entry,) = labelbot_sqlite("experts", "messages", "U0ADA", "--json").json
    assert (entry["message_type"], entry["reason"]) == ("text", "a coordinator resolved a flag")
    listed = labelbot_sqlite("experts", "messages", "U0ADA").out
    assert "1 of 1 message." in listed
    assert "Secret" not in listed

"""Tests of every subcommand and action: valid use, invalid use, and use without the role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session

from bot.slack.parsing.action_ids import MENU, Action
from bot.slack.views import campaign_actions
from handlers.registry import ACTIONS, REQUIRED_ROLES, SUBCOMMANDS, SUBMISSIONS
from storage.tables import Expert, Role, RoleGrant
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.services.conftest import NOW

EXPERT = "U0ADA"


@dataclass(frozen=True)
class Example:
    """Arguments of a subcommand, with a part of the reply or the callback id of the modal."""

    arguments: str
    reply: str = ""
    modal: str = ""


VALID: dict[str, Example] = {
    "next": Example("", "You are not in a campaign yet"),
    "away": Example("2030-12-24", "You are not in a campaign yet"),
    "back": Example("", "You are not in a campaign yet"),
    "preferences": Example("", "You are not in a campaign yet"),
    "stop": Example("", "You are not in a campaign yet"),
    "quality": Example("", "There are no figures about your answers yet"),
    "work": Example("", "You have not answered a task yet"),
    "messages": Example("<@U0BO|bo>", "no messages lately"),
    "status": Example("", "tone: 0 of 3 answers"),
    "import": Example("tone", modal="import_source"),
    "export": Example(
        "tone annotations", "“tone” has no answers to export yet: nobody has answered"
    ),
    "schedule": Example("tone weekly fri 18:00", "Schedule added. Scheduled exports of “tone”:"),
    "items": Example("tone penguin", modal="items"),
    "review": Example("tone", "The review queue is empty"),
    "fix": Example("tone", "What would you like to fix in “tone”?"),
    "edit": Example("tone", modal="edit_campaign"),
    "clone": Example("tone Second tone", "Created “Second tone” (second-tone) like “tone”"),
    "pause": Example("tone", "“tone” is paused"),
    "resume": Example("tone", "“tone” is already open."),
    "close": Example("tone", modal="close"),
    "new": Example("", modal="create_campaign"),
    "templates": Example(
        "tone Our tone", "Saved the settings of “tone” as the template “our-tone”."
    ),
    "assign": Example("<@U0BO|bo> tone 5", "Assigned no tasks of “tone”."),
    "remind": Example("tone", "who was skipped"),
    "guidelines": Example("tone", modal="edit_guidelines"),
    "invite": Example("<@U0BO|bo> domain=law tone", "Looking these people up in Slack"),
    "experts": Example("tone", "1 expert"),
    "hours": Example("tone by=week", "Nobody has answered in “tone” yet."),
    "settings": Example("", modal="workspace_settings"),
    "audit": Example("tone", "Audit log: "),
    "help": Example("pause", "/label pause [CAMPAIGN]"),
}

INVALID: dict[str, Example] = {
    "next": Example("nonsense", "You are not in a campaign yet"),
    "away": Example("some day", "You are not in a campaign yet"),
    "back": Example("nonsense", "You are not in a campaign yet"),
    "preferences": Example("nonsense", "You are not in a campaign yet"),
    "stop": Example("nonsense", "You are not in a campaign yet"),
    "quality": Example("nonsense", "There are no figures about your answers yet"),
    "work": Example("nonsense", "You have not answered a task yet"),
    "messages": Example("nonsense", "Mention one person"),
    "status": Example("tne", "Did you mean “tone”?"),
    "import": Example("tne", "Did you mean “tone”?"),
    "items": Example("tne", "Did you mean “tone”?"),
    "review": Example("tne", "Did you mean “tone”?"),
    "fix": Example("tne", "Did you mean “tone”?"),
    "export": Example("tne", "Did you mean “tone”?"),
    "schedule": Example("tone now and then", "is not a cron expression"),
    "edit": Example("tne", "Did you mean “tone”?"),
    "clone": Example("tne", "Did you mean “tone”?"),
    "pause": Example("tne", "Did you mean “tone”?"),
    "resume": Example("", "Resume: no campaigns available."),
    "close": Example("tne", "Did you mean “tone”?"),
    "new": Example("nonsense", "Unknown template “nonsense”. There are no templates yet."),
    "templates": Example("tne", "Did you mean “tone”?"),
    "assign": Example("<@U0BO|bo>", "Name a campaign"),
    "remind": Example("tne", "Did you mean “tone”?"),
    "guidelines": Example("tne", "Did you mean “tone”?"),
    "invite": Example("<@U0BO|bo> role=king tone", "Unknown role “king”"),
    "experts": Example("tne", "Did you mean “tone”?"),
    "hours": Example("tone by=year", "Unknown period “year”. Write by=month or by=week."),
    "settings": Example("nonsense", modal="workspace_settings"),
    "audit": Example("tne", "Did you mean “tone”?"),
    "help": Example("puase", "Did you mean */label pause*?"),
}


async def check_example(bolt: BoltApp, name: str, example: Example) -> None:
    """Send a subcommand as a coordinator; check the reply or the modal."""
    bolt.slack.create_campaign(bolt.slack.add_expert())
    reply = await bolt.send_command(COORDINATOR, f"{name} {example.arguments}")
    if example.modal:
        (call,) = bolt.api_calls("views.open")
        assert f'"{example.modal}"' in str(call["view"]).replace("'", '"')
    else:
        assert example.reply in reply


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_valid_subcommand_is_executed(bolt: BoltApp, name: str) -> None:
    await check_example(bolt, name, VALID[name])


@pytest.mark.parametrize("name", SUBCOMMANDS)
async def test_invalid_subcommand_names_the_remedy(bolt: BoltApp, name: str) -> None:
    await check_example(bolt, name, INVALID[name])


@pytest.mark.parametrize(
    "name", [name for name, subcommand in SUBCOMMANDS.items() if subcommand.role]
)
async def test_subcommand_without_the_role_is_refused(bolt: BoltApp, name: str) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    before = bolt.slack.scenario.audit_log()
    reply = await bolt.send_command(EXPERT, f"{name} {VALID[name].arguments}")
    assert reply.startswith("Only coordinators")
    assert SUBCOMMANDS[name].activity in reply
    assert bolt.api_calls("views.open") == []
    assert bolt.slack.scenario.audit_log() == before


async def test_action_without_the_role_is_refused(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    before = bolt.slack.scenario.audit_log()
    names = [name for name in REQUIRED_ROLES if name in ACTIONS]
    for number, name in enumerate(names, start=1):
        await bolt.click_button(EXPERT, Action(name, 1, "", "1"))
        texts = bolt.ephemeral_texts()
        assert len(texts) == number, name
        assert texts[-1].startswith("Only coordinators"), name
        assert bolt.api_calls("views.open") == [], name
        assert bolt.slack.scenario.audit_log() == before, name


async def test_menu_option_without_the_role_is_refused(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    for number, name in enumerate(campaign_actions.OVERFLOW_ACTIONS, start=1):
        await bolt.click_button(EXPERT, Action(MENU, 1, name))
        texts = bolt.ephemeral_texts()
        assert len(texts) == number, name
        assert REQUIRED_ROLES[name].activity in texts[-1], name


async def test_submission_without_the_role_is_refused(bolt: BoltApp) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    before = bolt.slack.scenario.audit_log()
    for name in [name for name in REQUIRED_ROLES if name in SUBMISSIONS]:
        response = await bolt.send(submission_payload(EXPERT, name, "1"))
        assert "Only coordinators" in response.body, name
        assert bolt.slack.scenario.audit_log() == before, name


def test_every_subcommand_has_examples_and_every_required_role_an_action() -> None:
    assert set(VALID) == set(INVALID) == set(SUBCOMMANDS)
    assert set(REQUIRED_ROLES) <= set(ACTIONS) | set(SUBMISSIONS)
    assert all(
        requirement.role in Role and requirement.activity for requirement in REQUIRED_ROLES.values()
    )


PERSONAL = frozenset(
    {
        *("answer", "undo", "skip", "next_task", "lift_limit", "change_answer", "write_answer"),
        *("add_text_box", "save_thread", "restart_thread", "better_response", "start_from"),
        *("add_response_part", "task_menu", "ask_question", "flag_item", "show_question_answers"),
        *("show_full_text", "show_full_text_page", "show_guidelines", "open_link"),
        *("edit_preferences", "take_time_off", "ask_later", "end_time_off", "decline_opt_out"),
        *("opt_out", "own_quality", "appeal_gold", "answer_test_task"),
        *("share_media", "start_campaign", "show_work", "send_work_file", "toggle_formatting"),
        *("toggle_response_formatting", "show_messages"),
    }
)
"""Actions and modals that need no role: they are about the person's own tasks and settings."""


def test_every_action_requires_a_role_or_is_about_the_persons_own_tasks() -> None:
    assert (set(ACTIONS) | set(SUBMISSIONS)) - set(REQUIRED_ROLES) == PERSONAL


COORDINATORS_ONLY = [
    name for name, requirement in REQUIRED_ROLES.items() if requirement.role == Role.COORDINATOR
]


@pytest.mark.parametrize("name", COORDINATORS_ONLY)
async def test_forged_payload_of_a_senior_expert_changes_nothing(bolt: BoltApp, name: str) -> None:
    senior = bolt.slack.add_expert("senior")
    bolt.slack.create_campaign(senior)
    bolt.slack.database.write_now(_grant_senior, senior.id)
    before = stored(bolt)
    if name in ACTIONS:
        await bolt.click_button(senior.id, Action(name, 1, "1", "1"))
        (text,) = bolt.ephemeral_texts()
        assert text.startswith("Only coordinators can")
    if name in SUBMISSIONS:
        response = await bolt.send(submission_payload(senior.id, name, '{"campaign_id": 1}'))
        assert "Only coordinators can" in response.body
    assert stored(bolt) == before
    assert bolt.api_calls("views.open") == []


@pytest.mark.parametrize("name", sorted(PERSONAL))
async def test_forged_payload_about_another_experts_task_changes_and_shows_nothing(
    bolt: BoltApp, name: str
) -> None:
    ada, eve = bolt.slack.add_expert("ada"), bolt.slack.add_expert("eve")
    bolt.slack.create_campaign(ada)
    await bolt.slack.show_task(ada)
    before = stored(bolt)
    if name in ACTIONS:
        await bolt.click_button(eve.id, Action(name, 1, "verdict", "a"))
    if name in SUBMISSIONS:
        metadata = (
            f'{{"target_id": 1, "assignment_id": 1, "question_id": 1, "channel": "{ada.dm}"}}'
        )
        await bolt.send(submission_payload(eve.id, name, metadata, text="x", verdict__0="a"))
    after = stored(bolt)
    added = {table: rows[len(before[table]) :] for table, rows in after.items()}
    assert {table: rows[: len(before[table])] for table, rows in after.items()} == before
    assert {table for table in added if added[table]} <= {"outbox", "audit_event"}
    assert all(row["recipient"] == eve.id for row in added["outbox"])
    assert all(row["actor"] == eve.id for row in added["audit_event"]), "about herself"
    assert "Question 1?" not in str(bolt.api_calls("views.open"))
    assert "Question 1?" not in str(bolt.slack.response_url_server.posted)


def _grant_senior(session: Session, slack_id: str) -> None:
    session.add(RoleGrant(slack_id=slack_id, role=Role.SENIOR, source=COORDINATOR, created_at=NOW))


def stored(bolt: BoltApp) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table but the one of received requests."""

    def read(session: Session) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [
                dict(row) for row in session.connection().execute(table.select()).mappings()
            ]
            for table in Expert.metadata.sorted_tables
            if table.name != "received_request"
        }

    return bolt.slack.database.read_now(read)

"""Every word behind /label: used rightly, used wrongly, and by somebody who may not use it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.slack.parsing.action_ids import MENU, Action
from bot.slack.views import campaign_actions
from handlers.registry import ACTIONS, REQUIRED_ROLES, SUBCOMMANDS, SUBMISSIONS
from storage.tables import Role
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload

EXPERT = "U0ADA"


@dataclass(frozen=True)
class Use:
    """What is typed behind a word, and what is answered: words, or the modal that opens."""

    text: str
    said: str = ""
    opens: str = ""


RIGHT: dict[str, Use] = {
    "next": Use("", "You are in no campaign yet"),
    "away": Use("2030-12-24", "You are in no campaign yet"),
    "back": Use("", "You are in no campaign yet"),
    "preferences": Use("", "You are in no campaign yet"),
    "status": Use("", "tone: 0 of 3 answers"),
    "import": Use("tone", opens="import_source"),
    "export": Use("tone annotations", "“tone” has no answers to export yet: nobody has answered"),
    "schedule": Use("tone weekly fri 18:00", "Planned. “tone” is exported by itself"),
    "review": Use("tone", "Nothing waits for review"),
    "fix": Use("tone", "What would you like to correct in “tone”?"),
    "pause": Use("tone", "“tone” is paused"),
    "resume": Use("tone", "“tone” was open already, by ada"),
    "close": Use("tone", opens="close"),
    "new": Use("", opens="create_campaign"),
    "assign": Use("<@U0BO|bo> tone 5", "Nothing of “tone” was handed out"),
    "remind": Use("tone", "who was left alone"),
    "guidelines": Use("tone", opens="edit_guidelines"),
    "invite": Use("<@U0BO|bo> domain=law tone", "I ask Slack who they are"),
    "experts": Use("tone", "1 expert"),
    "settings": Use("", opens="workspace_settings"),
    "audit": Use("tone", "What happened, the newest first"),
    "help": Use("pause", "/label pause [CAMPAIGN]"),
}

WRONG: dict[str, Use] = {
    "next": Use("nonsense", "You are in no campaign yet"),
    "away": Use("some day", "“day” is no day"),
    "back": Use("nonsense", "You are in no campaign yet"),
    "preferences": Use("nonsense", "You are in no campaign yet"),
    "status": Use("tne", "Did you mean “tone”?"),
    "import": Use("tne", "Did you mean “tone”?"),
    "review": Use("tne", "Did you mean “tone”?"),
    "fix": Use("tne", "Did you mean “tone”?"),
    "export": Use("tne", "Did you mean “tone”?"),
    "schedule": Use("tone now and then", "is not a cron expression"),
    "pause": Use("tne", "Did you mean “tone”?"),
    "resume": Use("", "There is no campaign to resume"),
    "close": Use("tne", "Did you mean “tone”?"),
    "new": Use("nonsense", opens="create_campaign"),
    "assign": Use("<@U0BO|bo>", "Say tasks of which campaign they get"),
    "remind": Use("tne", "Did you mean “tone”?"),
    "guidelines": Use("tne", "Did you mean “tone”?"),
    "invite": Use("<@U0BO|bo> role=king tone", "There is no role “king”"),
    "experts": Use("tne", "Did you mean “tone”?"),
    "settings": Use("nonsense", opens="workspace_settings"),
    "audit": Use("tne", "Did you mean “tone”?"),
    "help": Use("puase", "perhaps you mean */label pause*"),
}


async def uses(bolt: BoltApp, word: str, use: Use) -> None:
    """Type a word and see that it is answered as it should be."""
    bolt.slack.create_campaign(bolt.slack.add_expert())
    said = await bolt.send_command(COORDINATOR, f"{word} {use.text}")
    if use.opens:
        (opened,) = bolt.api_calls("views.open")
        assert f'"{use.opens}"' in str(opened["view"]).replace("'", '"')
    else:
        assert use.said in said


@pytest.mark.parametrize("word", SUBCOMMANDS)
async def test_a_word_used_rightly_does_what_it_says(bolt: BoltApp, word: str) -> None:
    await uses(bolt, word, RIGHT[word])


@pytest.mark.parametrize("word", SUBCOMMANDS)
async def test_a_word_used_wrongly_says_what_to_do(bolt: BoltApp, word: str) -> None:
    await uses(bolt, word, WRONG[word])


@pytest.mark.parametrize("word", [name for name, word in SUBCOMMANDS.items() if word.role])
async def test_who_may_not_use_a_word_is_told_so_and_nothing_is_done(
    bolt: BoltApp, word: str
) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    before = bolt.slack.scenario.audit_log()
    said = await bolt.send_command(EXPERT, f"{word} {RIGHT[word].text}")
    assert said.startswith("Only coordinators")
    assert SUBCOMMANDS[word].activity in said
    assert bolt.api_calls("views.open") == []
    assert bolt.slack.scenario.audit_log() == before


@pytest.mark.parametrize("deed", [name for name in REQUIRED_ROLES if name in ACTIONS])
async def test_who_may_not_press_a_button_is_told_so(bolt: BoltApp, deed: str) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    before = bolt.slack.scenario.audit_log()
    await bolt.click_button(EXPERT, Action(deed, 1, "", "1"))
    (said,) = bolt.ephemeral_texts()
    assert said.startswith("Only coordinators")
    assert bolt.api_calls("views.open") == []
    assert bolt.slack.scenario.audit_log() == before


@pytest.mark.parametrize("deed", campaign_actions.OVERFLOW_ACTIONS)
async def test_what_is_picked_behind_three_dots_is_checked_as_its_button_is(
    bolt: BoltApp, deed: str
) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    await bolt.click_button(EXPERT, Action(MENU, 1, deed))
    (said,) = bolt.ephemeral_texts()
    assert REQUIRED_ROLES[deed].activity in said


@pytest.mark.parametrize("name", [name for name in REQUIRED_ROLES if name in SUBMISSIONS])
async def test_who_may_not_send_a_modal_is_told_so_whatever_it_claims(
    bolt: BoltApp, name: str
) -> None:
    bolt.slack.create_campaign(bolt.slack.add_expert())
    before = bolt.slack.scenario.audit_log()
    answer = await bolt.send(submission_payload(EXPERT, name, "1"))
    assert "Only coordinators" in answer.body
    assert bolt.slack.scenario.audit_log() == before


def test_every_word_is_tried_both_ways_and_every_reserved_name_exists() -> None:
    assert set(RIGHT) == set(WRONG) == set(SUBCOMMANDS)
    assert set(REQUIRED_ROLES) <= set(ACTIONS) | set(SUBMISSIONS)
    assert all(one.role in Role and one.activity for one in REQUIRED_ROLES.values())

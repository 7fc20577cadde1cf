"""Fixtures and strategies of the Slack tests: hostile content, tasks of every kind, and checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from hypothesis import strategies as st

from bot.kinds import KINDS
from bot.kinds.base import Kind
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.rating import RatingSettings
from bot.kinds.settings import KindSettings
from bot.sandbox.blockkit import check_message, check_view
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import MAX_MESSAGE_CHARACTERS, count_characters
from storage.database import Database
from tests.conftest import empty_tables
from tests.slack.slack_fixture import SlackFixture, open_slack

FEWER_EXAMPLES = settings(max_examples=20)

KIND_NAMES = list(KINDS)


@pytest.fixture
async def slack(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return a sandbox workspace with a database and a sender."""
    sqlite_database.write_now(empty_tables)
    async with open_slack(sqlite_database, tmp_path) as opened:
        yield opened


MARKUP_SNIPPETS = (
    *("*", "**", "_", "`", "``", "```\n", "```py\n", "~~", "\\", "&amp;", "&lt;", "<", ">", "|"),
    *("\n", "\n\n", " ", "    ", "\t", "> ", "- ", "1. ", "7) ", "# ", "---\n", "===\n", "\r\n"),
    *("[", "](", ")", "![", '](http://x.y/z_w "ti tle")', "<http://x.y>", "|---|---|\n", "| a "),
    *("<!channel>", "<!here>", "<@U1>", "<#C1>", "<!subteam^S1>", "<https://x|y>", "@everyone"),
    *("one", "two words", "drei", "naïve", "日本語", "🙂", "مرحبا", "\u202e", "\u200b", ":smile:"),
    *("\x00", "\x07", "\x1b[31m", "\ufeff", "a" * 300, "5", "<b>", "</b>", "<!-- c -->"),
)
"""Text with a meaning in Markdown, Slack or terminals."""

MARKDOWN = st.lists(st.sampled_from(MARKUP_SNIPPETS), max_size=40).map("".join)

LONG_SNIPPETS = ("word ", "x", "\n", "\n\n", " ", "a" * 3_000, "b" * 2_999 + "\n", "\n" * 25, "é🙂")
LONG_TEXTS = st.lists(
    st.builds(
        lambda text, times: text * times, st.sampled_from(LONG_SNIPPETS), st.integers(1, 900)
    ),
    max_size=6,
).map(lambda parts: "".join(parts)[:40_000])
"""Texts that need several boxes of a dialog."""

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)

HUGE_TEXT = st.builds(
    lambda text, times: (text * times)[:200_000],
    st.sampled_from(
        ("word ", "x", "\n", "a\n\n", "***\n", "> ", "- a\n", "*a* ", "`a`", "🙂", "|a")
    ),
    st.integers(3_000, 100_000),
)

SECRET_MODEL = "secret-model"  # noqa: S105 - not a password: the name of a model
"""Model of every candidate, which no drawn text contains: a screen that has it shows the model."""

TEXTS = (MARKDOWN | ANY_TEXT | HUGE_TEXT).filter(lambda text: SECRET_MODEL not in text)


@st.composite
def contents(draw: st.DrawFn, name: str) -> Content:
    """Draw an item of a kind with any content that an import accepts."""
    count = len(KINDS[name].example.content.candidates)
    prompt = draw(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3))
    candidates = draw(st.lists(TEXTS, min_size=count, max_size=count))
    return Content(
        prompt=tuple(ConversationTurn("user", text) for text in prompt),
        candidates=tuple(Candidate(text, SECRET_MODEL) for text in candidates),
        draft=draw(st.none() | TEXTS) if name == "demonstration" else None,
    )


NON_EMPTY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: SECRET_MODEL not in text
)


@st.composite
def rating_settings(draw: st.DrawFn) -> RatingSettings:
    """Draw settings with up to 8 criteria of up to 7 anchors, with labels of maximum length."""
    count = draw(st.integers(1, 8))
    hostile_labels = st.sampled_from(("x" * 60, "<!channel>" * 6, "*bold* " * 8))
    labels = hostile_labels | NON_EMPTY_TEXT.map(lambda text: text[:60])
    criteria = [
        {
            "key": f"criterion_{number}",
            "label": draw(labels),
            "question": draw(st.sampled_from(("", "?" * 200, "<@U1> " * 33))),
            "anchors": draw(st.lists(labels, min_size=2, max_size=7)),
        }
        for number in range(count)
    ]
    noun = draw(st.sampled_from(("joke", "<!here>", "x" * 30, "🙂")))
    return RatingSettings.model_validate({"criteria": criteria, "noun": noun})


def settings_strategy(name: str) -> st.SearchStrategy[KindSettings]:
    """Return a strategy for the settings of a campaign of this kind."""
    if name == "rating":
        return rating_settings()
    return st.builds(KINDS[name].settings)


@st.composite
def tasks(draw: st.DrawFn, name: str) -> TaskView:
    """Draw a task as its expert sees it."""
    kind: Kind[Any] = KINDS[name]
    content = draw(contents(name))
    order = draw(st.permutations(range(len(content.candidates))))
    chosen = draw(settings_strategy(name))
    title = draw(st.sampled_from(("Tone", "<!channel> *now*", "x" * 200, "🙂 <https://x|y>")))
    return task_of(kind, content, chosen, order, campaign_title=title)


def task_of(
    kind: Kind[Any],
    content: Content,
    chosen: KindSettings,
    order: Order,
    **fields: Any,  # noqa: ANN401 - any fields of `TaskView`
) -> TaskView:
    """Return a task as its expert sees it."""
    task = TaskView(
        id=17,
        campaign_title="Tone of voice",
        form=kind.build_form(content, chosen, order),
        value={},
        guidelines="",
        channel=None,
        message_ts=None,
    )
    return replace(task, **fields)


def example_task(name: str, **fields: Any) -> TaskView:  # noqa: ANN401 - any fields of `TaskView`
    """Return the example task of a kind, as its expert sees it."""
    kind: Kind[Any] = KINDS[name]
    return task_of(kind, kind.example.content, kind.example.settings, kind.example.order, **fields)


def example_value(name: str) -> dict[str, Any]:
    """Return the complete answer to the example task of a kind."""
    kind: Kind[Any] = KINDS[name]
    value: dict[str, Any] = {}
    for form_input in kind.example.inputs:
        answer = kind.parse_answer(form_input, value, kind.example.settings, kind.example.order)
        value = answer.value
    return value


def as_yaml(payload: object) -> str:
    """Return a payload for Slack as readable YAML, for a snapshot."""
    return yaml.safe_dump(
        payload, default_flow_style=None, sort_keys=False, width=100, allow_unicode=True
    )


def message_yaml(message: Message) -> str:
    """Return a message as YAML, for a snapshot."""
    return as_yaml({"text": message.text, "blocks": message.blocks, "(shown)": message.shown})


def objects_in(payload: object) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in a payload."""
    if isinstance(payload, dict):
        yield payload
        for part in payload.values():
            yield from objects_in(part)
    elif isinstance(payload, list):
        for part in payload:
            yield from objects_in(part)


def visible_text(blocks: object) -> str:
    """Return every visible text, in order, one per line."""
    return "\n".join(
        element["text"]
        for element in objects_in(blocks)
        if element.get("type") in ("text", "plain_text", "mrkdwn")
    )


ACTIVE_ELEMENTS = frozenset(
    ("link", "user", "usergroup", "channel", "team", "broadcast", "emoji", "date", "color")
)
"""Rich text elements that mention, notify or link."""


def is_inert(payload: object) -> bool:
    """Check that nothing in blocks can mention, link, notify or be parsed as markup."""
    return not any(
        part.get("type") in ACTIVE_ELEMENTS | {"image", "markdown", "mrkdwn"}
        or "url" in part
        or (part.get("type") == "plain_text" and part["emoji"] is not False)
        for part in objects_in(payload)
    )


def message_problems(message: Message) -> list[Any]:
    """Return what Slack would refuse or parse as markup in a message."""
    problems: list[Any] = list(check_message({"text": message.text, "blocks": message.blocks}))
    if not is_inert(message.blocks):
        problems.append("the blocks are not inert")
    if "<" in message.text or ">" in message.text:
        problems.append("the notification text is not escaped")
    if len(message.text) > 4_000 or not message.text:
        problems.append("the notification text is empty or too long for chat.update")
    if count_characters(message.blocks) > MAX_MESSAGE_CHARACTERS:
        problems.append(f"the blocks have {count_characters(message.blocks):,} characters")
    return problems


def view_problems(view: Mapping[str, Any]) -> list[Any]:
    """Return what Slack would refuse or parse as markup in a modal or Home tab."""
    problems: list[Any] = list(check_view(view))
    return problems if is_inert(view) else [*problems, "the view is not inert"]


def entered_state(blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return `state.values` of a modal that is submitted with its initial values."""
    return {
        block["block_id"]: {block["element"]["action_id"]: initial_state(block["element"])}
        for block in blocks
        if block["type"] == "input"
    }


def initial_state(element: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of an element with its initial value."""
    element_type = element["type"]
    if element_type == "plain_text_input":
        return {"type": element_type, "value": element.get("initial_value")}
    if element_type == "rich_text_input":
        return {"type": element_type, "rich_text_value": element.get("initial_value")}
    if element_type in ("checkboxes", "multi_static_select"):
        return {"type": element_type, "selected_options": element.get("initial_options", [])}
    return {"type": element_type, "selected_option": element.get("initial_option")}


STATE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_users_select": "selected_users",
    "external_select": "selected_option",
    "multi_external_select": "selected_options",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
"""The field of `state.values` with the entry, by element type."""


def submitted_state(view: Mapping[str, Any], **entries: object) -> dict[str, Any]:
    """Return `state.values` of a modal with its initial values, except for these entries."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, key = block["element"], block["block_id"]
            state_key = STATE_KEYS[element["type"]]
            initial = element.get(f"initial_{state_key.removeprefix('selected_')}")
            value = entries.get(key, initial or ([] if state_key == "selected_options" else None))
            values[key] = {element["action_id"]: {"type": element["type"], state_key: value}}
    return values

"""What tests of drawing share: tasks of every kind, content at its nastiest, and a strict eye."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
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
from storage.database import Database
from tests.conftest import empty_tables
from tests.slack.slack_fixture import SlackFixture, open_slack

FEWER_EXAMPLES = settings(max_examples=30)

KIND_NAMES = list(KINDS)


@pytest.fixture
async def slack(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[SlackFixture]:
    """Return the sandbox workspace and a sender."""
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
"""What Markdown, Slack and terminals give a meaning to."""

MARKDOWN = st.lists(st.sampled_from(MARKUP_SNIPPETS), max_size=40).map("".join)

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)

HUGE_TEXT = st.builds(
    lambda piece, times: (piece * times)[:200_000],
    st.sampled_from(
        ("word ", "x", "\n", "a\n\n", "***\n", "> ", "- a\n", "*a* ", "`a`", "🙂", "|a")
    ),
    st.integers(3_000, 100_000),
)

TEXTS = MARKDOWN | ANY_TEXT | HUGE_TEXT


@st.composite
def contents(draw: st.DrawFn, name: str) -> Content:
    """Draw an item of a kind, holding anything that an import lets through."""
    count = len(KINDS[name].example.content.candidates)
    words = TEXTS.filter(str.strip)
    prompt = draw(st.lists(words, min_size=1, max_size=3))
    candidates = draw(st.lists(TEXTS, min_size=count, max_size=count))
    return Content(
        prompt=tuple(ConversationTurn("user", text) for text in prompt),
        candidates=tuple(Candidate(text, "secret-model") for text in candidates),
        draft=draw(st.none() | TEXTS) if name == "demonstration" else None,
    )


NON_EMPTY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@st.composite
def rating_settings(draw: st.DrawFn) -> RatingSettings:
    """Draw criteria: up to 8 of them with up to 7 anchors, as long as they may be."""
    count = draw(st.integers(1, 8))
    long = st.sampled_from(("x" * 60, "<!channel>" * 6, "*bold* " * 8)) | NON_EMPTY_TEXT.map(
        lambda t: t[:60]
    )
    criteria = [
        {
            "key": f"criterion_{number}",
            "label": draw(long),
            "question": draw(st.sampled_from(("", "?" * 200, "<@U1> " * 33))),
            "anchors": draw(st.lists(long, min_size=2, max_size=7)),
        }
        for number in range(count)
    ]
    noun = draw(st.sampled_from(("joke", "<!here>", "x" * 30, "🙂")))
    return RatingSettings.model_validate({"criteria": criteria, "noun": noun})


def settings_strategy(name: str) -> st.SearchStrategy[KindSettings]:
    """Return what a campaign of this kind may choose."""
    if name == "rating":
        return rating_settings()
    return st.builds(KINDS[name].settings)


@st.composite
def tasks(draw: st.DrawFn, name: str) -> TaskView:
    """Draw a task as its expert would see it."""
    kind: Kind[Any] = KINDS[name]
    content = draw(contents(name))
    order = draw(st.permutations(range(len(content.candidates))))
    chosen = draw(settings_strategy(name))
    title = draw(st.sampled_from(("Tone", "<!channel> *now*", "x" * 200, "🙂 <https://x|y>")))
    return task_of(kind, content, chosen, order, title=title)


def task_of(
    kind: Kind[Any],
    content: Content,
    chosen: KindSettings,
    order: Order,
    **more: Any,  # noqa: ANN401 - what a test wants to differ
) -> TaskView:
    """Return a task as its expert sees it."""
    return TaskView(
        id=more.get("id", 17),
        campaign_title=more.get("title", "Tone of voice"),
        form=kind.build_form(content, chosen, order),
        value=more.get("value", {}),
        guidelines=more.get("guidelines", ""),
        channel=None,
        message_ts=None,
        guidelines_link=more.get("guidelines_link"),
        guideline_changes=more.get("news", ()),
        answered_questions=more.get("answered", 0),
        selection_reason=more.get("why", {}),
    )


def example_task(name: str, **more: Any) -> TaskView:  # noqa: ANN401 - what a test wants to differ
    """Return a kind's own example as its expert sees it."""
    kind: Kind[Any] = KINDS[name]
    return task_of(kind, kind.example.content, kind.example.settings, kind.example.order, **more)


def example_value(name: str) -> dict[str, Any]:
    """Return the complete answer of a kind's own example."""
    kind: Kind[Any] = KINDS[name]
    value: dict[str, Any] = {}
    for given in kind.example.inputs:
        value = kind.parse_answer(given, value, kind.example.settings, kind.example.order).value
    return value


def as_yaml(sent: object) -> str:
    """Return what Slack receives, short enough to read in a snapshot."""
    return yaml.safe_dump(
        sent, default_flow_style=None, sort_keys=False, width=100, allow_unicode=True
    )


def message_yaml(message: Message) -> str:
    """Return a message as Slack receives it, for a snapshot."""
    return as_yaml({"text": message.text, "blocks": message.blocks, "(shown)": message.shown})


def objects_in(thing: object) -> Iterator[dict[str, Any]]:
    """Yield every JSON object inside a thing."""
    if isinstance(thing, dict):
        yield thing
        for part in thing.values():
            yield from objects_in(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from objects_in(part)


def visible_text(blocks: object) -> str:
    """Return every text a reader sees, in order, a line each."""
    return "\n".join(
        found["text"]
        for found in objects_in(blocks)
        if found.get("type") in ("text", "plain_text", "mrkdwn")
    )


ACTIVE_ELEMENTS = frozenset(
    ("link", "user", "usergroup", "channel", "team", "broadcast", "emoji", "date", "color")
)
"""Elements of rich text that do something: mention, notify, lead somewhere."""


def is_inert(sent: object) -> bool:
    """Say whether nothing in blocks can mention, link, notify or be parsed as markup."""
    return not any(
        found.get("type") in ACTIVE_ELEMENTS | {"image", "markdown", "mrkdwn"}
        or "url" in found
        or (found.get("type") == "plain_text" and found["emoji"] is not False)
        for found in objects_in(sent)
    )


def message_problems(message: Message) -> list[Any]:
    """Return what Slack would refuse in a message, or could parse in it."""
    problems: list[Any] = list(check_message({"text": message.text, "blocks": message.blocks}))
    if not is_inert(message.blocks):
        problems.append("something in the blocks is alive")
    if "<" in message.text or ">" in message.text:
        problems.append("the notification is not escaped")
    if len(message.text) > 4_000 or not message.text:
        problems.append("the notification is too long to be updated, or empty")
    return problems


def view_problems(view: dict[str, Any]) -> list[Any]:
    """Return what Slack would refuse in a modal or Home tab, or could parse in it."""
    problems: list[Any] = list(check_view(view))
    return problems if is_inert(view) else [*problems, "something is alive"]


STATE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
"""Where `state.values` keeps what an element began with."""


def submitted_state(view: Mapping[str, Any], **entries: object) -> dict[str, Any]:
    """Return `state.values` of a modal that is sent as it was opened, but for these entries."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, key = block["element"], block["block_id"]
            state_key = STATE_KEYS[element["type"]]
            initial = element.get(f"initial_{state_key.removeprefix('selected_')}")
            value = entries.get(key, initial or ([] if state_key == "selected_options" else None))
            values[key] = {element["action_id"]: {"type": element["type"], state_key: value}}
    return values

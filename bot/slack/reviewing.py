"""A case to review: the task, what was said about it, and the ways to decide."""

from __future__ import annotations

from typing import Any

from bot.kinds.form import AT, Passage
from bot.services.reviewing import Case, Said, Why
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    plain_section,
)
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.inputs import text_input
from bot.slack.passages import passage_blocks, shown_of
from bot.slack.richtext import words as rich_words
from bot.slack.sheets import Filled, begun, input_blocks
from bot.slack.text import counted, escaped, piece

ROOM = 5_000
"""Characters of passages in one case; the window to decide in shows more."""

MOST_SAID = 8
"""Different answers in one case."""

WORDS, REASONS = 400, 120
"""Characters of an answer, and of a reason for it: all of them together fit one message."""

WINDOW = 12_000
"""Characters of each passage in the window."""

BECAUSE = {
    Why.FLAGGED: "somebody flagged it",
    Why.SET_ASIDE: "it was skipped and set aside",
    Why.DISAGREED: "experts disagree",
    Why.SAMPLED: "a sample of what experts agree on",
}

NOTHING = "Nothing waits for review. Thank you!"

REASON = "why_decided"
"""The field of the reviewer's own reason, beside those of the form."""


def nothing(done: str = "") -> Drawn:
    """Draw that no case is left, after what was just done."""
    said = f"{done} {NOTHING}".strip()
    return Drawn(escaped(said), [rich_words(said)])


def case(found: Case, done: str = "", undo: int = 0) -> Drawn:
    """Draw a case, under what was just done to another; `undo` is the task that was decided."""
    form = found.form
    passages = shown_of(form.passages)
    room = ROOM // max(len(passages), 1)
    said = f"Review: {BECAUSE[found.why]}"
    return Drawn(
        escaped(f"{done} {said}".strip()),
        [
            *_done(done, undo),
            header(said),
            context(f"{found.campaign} · {form.question}"),
            *_earlier(found),
            *(block for one in passages for block in _passage(found, one, room)),
            divider(),
            *(context(f"Flagged: {piece(flag, WORDS).text}") for flag in found.flags[:5]),
            *_said(found),
            actions(f"review:{found.task}", *_ways(found)),
        ],
    )


def _done(done: str, undo: int) -> list[Block]:
    if not done:
        return []
    back = Press("undecide", undo)
    ways = [actions(f"undecide:{undo}", button("Take it back", back.action_id, back.value))]
    return [rich_words(f"✓ {done}"), *(ways if undo else []), divider()]


def _passage(found: Case, passage: Passage, room: int) -> list[Block]:
    part = piece(passage.text, room)
    block_id = f"case:{found.task}:{passage.key}"
    drawn = passage_blocks(passage, part.text, found.task, block_id)
    more = f"… {part.left_out:,} more characters: Decide otherwise shows them."
    return [*drawn, *([context(more)] if part.left_out else [])]


def _earlier(found: Case) -> list[Block]:
    count = len(found.form.passages) - len(shown_of(found.form.passages))
    return [context(f"… {counted(count, 'earlier turn')} of the conversation")] if count else []


def _said(found: Case) -> list[Block]:
    if not found.said:
        return [context("Nobody has answered it.")]
    more = len(found.said) - MOST_SAID
    shown = [block for one in found.said[:MOST_SAID] for block in _one(found, one)]
    return [*shown, *([context(f"… and {more} more different answers")] if more > 0 else [])]


def _one(found: Case, said: Said) -> list[Block]:
    count = len(said.assignments)
    who = "1 expert" if count == 1 else f"{count} experts"
    adopt = Press("adopt", said.assignments[0], found.why.value, str(found.task))
    words = f"{who}: {piece(said.words, WORDS).text}"
    take = button("Decide so", adopt.action_id, adopt.value, says=f"Decide as {words}")
    reasons = [context(f"“{piece(reason, REASONS).text}”") for reason in said.reasons[:2]]
    return [plain_section(words, take), *reasons]


def _ways(found: Case) -> list[Block]:
    presses = {
        deed: Press(deed, found.task, found.why.value)
        for deed in ("decide", "send_back", "leave", "hand_out", "next_case")
    }
    words = {"decide": "Decide otherwise…", "send_back": "Send back…", "leave": "Leave it so"}
    if found.why == Why.SET_ASIDE:
        words = {"hand_out": "Hand it out again", "leave": "Leave it out"}
    ways = {**words, "next_case": "Next"}
    return [
        button(said, presses[deed].action_id, presses[deed].value) for deed, said in ways.items()
    ]


def deciding(found: Case, metadata: str) -> dict[str, Any]:
    """Draw the window to decide in: the whole task, every field, and room for a reason."""
    form = found.form
    fields = tuple(field for field in (*form.taps, *form.sheet) if field.key != AT)
    filled: Filled = begun(fields, {})
    return modal(
        "decide",
        "Decide",
        [
            *_earlier(found),
            *(block for one in shown_of(form.passages) for block in _passage(found, one, WINDOW)),
            *(block for field in fields for block in input_blocks(field, filled)),
            text_input(
                REASON,
                "Why you decide so",
                optional=True,
                multiline=True,
                hint="Kept beside the decision, in the data.",
            ),
        ],
        submit="Decide",
        metadata=metadata,
    )


def sending_back(found: Case, metadata: str) -> dict[str, Any]:
    """Draw the window that asks why experts should look again."""
    count = sum(len(one.assignments) for one in found.said)
    who = "The expert" if count == 1 else f"All {count} experts"
    words = f"{who} who answered will be asked to look again. They read what you write here."
    return modal(
        "send_back",
        "Send back",
        [
            plain_section(words),
            text_input("reason", "What should they look at?", multiline=True, most=1000),
        ],
        submit="Send back",
        metadata=metadata,
    )

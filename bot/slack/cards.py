"""The expert's message: a receipt of what was done last, and the next task under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.cadence.portions import Limit
from bot.kinds.form import Passage, Text
from bot.services.serving import MOST_LEFT, Page, Receipt, Stop, TaskView
from bot.services.skipping import SKIP_WORDS
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    menu,
    overflow,
    plain_section,
)
from bot.slack.fields import tap_rows
from bot.slack.ids import Press
from bot.slack.passages import hidden_media, passage_blocks, pieces_of, shown_of
from bot.slack.richtext import words
from bot.slack.text import counted, escaped, notice

ROOM = 9_000
"""Characters of passages in one message. Slack promises no total; well over ten thousand fail."""

PASSAGE_ROOM = 3_000
"""Characters of one passage: what a section of Slack's holds, and what a chat reader bears."""

MORE = {"ask": "Ask about this", "flag": "Flag this", "why": "Why me?"}
"""What waits behind the three dots, by the option of its press."""

ANSWERED = "A question was answered about this item."

MOST_NEWS = 5
"""Changes of the guidelines told on one task; the newest, if there are more."""

STOPPED = {
    Limit.TIME: "That was your time for today: {amount}. Thank you! The rest waits for tomorrow.",
    Limit.BATCH: "That was your batch of {amount}. Thank you! More is there when you like.",
}
"""What is said when somebody has done as much as they wanted."""

RECALLED = "Here is your answer again. It counts as it is until you give another."

DONE = "That was all for now. Thank you! I will write when there is more."


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message ready to send: the notification text, the blocks, and what of each passage shows.

    `shown` maps a passage to its characters and how many of them are in the message.
    """

    text: str
    blocks: list[Block]
    shown: dict[str, Any] = field(default_factory=dict)


def draw(page: Page) -> Drawn:
    """Draw a page: the receipt if there is one, then the task, or the word that nothing waits."""
    receipt = _receipt_blocks(page.receipt) if page.receipt else []
    if page.stop:
        return _draw_stop(page.stop, page.receipt, receipt)
    if page.task is None:
        closing = "" if page.keeps_receipt_only else DONE
        said = [f"{page.receipt.words}."] if page.receipt else []
        text = " ".join([*said, *([closing] if closing else [])])
        return Drawn(escaped(text), [*receipt, *([words(closing)] if closing else [])])
    drawn = draw_task(page.task, page.left)
    rule = [divider()] if receipt else []
    return Drawn(drawn.text, [*receipt, *rule, *drawn.blocks], drawn.shown)


def _draw_stop(stop: Stop, receipt: Receipt | None, above: list[Block]) -> Drawn:
    amount = counted(stop.amount, "minute") if stop.limit == Limit.TIME else f"{stop.amount:,}"
    closing = STOPPED[stop.limit].format(amount=amount)
    go_on = Press("go_on")
    said = f"{receipt.words}. {closing}" if receipt else closing
    ways = actions("stop", button("Go on anyway", go_on.action_id, go_on.value))
    return Drawn(escaped(said), [*above, words(closing), ways])


def draw_recalled(task: TaskView) -> Drawn:
    """Draw a task that was answered, with its answer: it counts until another is given."""
    drawn = draw_task(task, 1)
    return Drawn(f"{RECALLED} {drawn.text}", [words(RECALLED), *drawn.blocks], drawn.shown)


def _receipt_blocks(receipt: Receipt) -> list[Block]:
    deeds = ("undo", "write", "better")
    undo, more, better = (Press(deed, receipt.assignment) for deed in deeds)
    taken_back = button("Undo", undo.action_id, undo.value, says=f"Undo: {receipt.words}")
    extra = button(receipt.sheet_label, more.action_id, more.value) if receipt.sheet_label else None
    offered = [button(receipt.better_label, better.action_id, better.value)]
    ways = [taken_back, *offered * bool(receipt.better_label), *([extra] if extra else [])]
    return [words(f"✓ {receipt.words}"), actions(f"receipt:{receipt.assignment}", *ways)]


def draw_task(task: TaskView, left: int) -> Drawn:
    """Draw one task with its passages, its answers and the ways out."""
    form, value = task.form, task.value
    passages = form.passages_for(value)
    pieces = pieces_of(passages, ROOM, PASSAGE_ROOM)
    hidden = hidden_media(passages)
    left_out = sum(part.left_out for part in pieces.values())
    blocks = [
        header(form.question),
        context(_whereabouts(task, left)),
        *_news(task),
        *(
            block
            for passage in shown_of(passages)
            for block in _passage(task, passage, pieces[passage.key].text)
        ),
        *_left_out(left_out, hidden),
        *(
            row
            for tap in form.taps_for(value)
            for row in tap_rows(task.id, tap, value.get(tap.key))
        ),
        *_still_missing(task),
        _ways(task, is_cut=bool(left_out or hidden)),
        *_thread_hint(task),
    ]
    shown = {p.key: {"characters": len(p.text), "shown": len(pieces[p.key].text)} for p in passages}
    return Drawn(_notification(task), blocks, shown)


def _notification(task: TaskView) -> str:
    first = task.form.passages[0].text if task.form.passages else ""
    return f"{escaped(task.form.question)}: {notice(first)}"


def _whereabouts(task: TaskView, left: int) -> str:
    if left >= MOST_LEFT:
        return f"{task.campaign} · many more after this"
    more = f"{left - 1} more after this" if left > 1 else "the last one for now"
    return f"{task.campaign} · {more}"


def _passage(task: TaskView, passage: Passage, text: str) -> list[Block]:
    block_id = f"passage:{task.id}:{passage.key}"
    return [divider(), *passage_blocks(passage, text, task.id, block_id)]


def _left_out(characters: int, media: int) -> list[Block]:
    more = [
        *([f"{characters:,} more characters"] * bool(characters)),
        *([counted(media, "more image")] * bool(media)),
    ]
    if not more:
        return []
    return [context(f"… {' and '.join(more)} do not fit here: Read in full shows all.")]


def _ways(task: TaskView, *, is_cut: bool) -> Block:
    deeds = ("write", "read", "guide", "skip", "ways")
    write, read, guide, skip, ways = (Press(deed, task.id) for deed in deeds)
    has_guidelines = bool(task.guidelines or task.guidelines_link)
    form = task.form
    is_tapped = not any(field in form.taps for field in form.missing(task.value))
    writes = is_tapped and bool(form.sheet_for(task.value))
    options = [
        (words, Press("skip", task.id, "", reason).value) for reason, words in SKIP_WORDS.items()
    ]
    elements = [
        *([button(form.sheet_label, write.action_id, write.value, style="primary")] * writes),
        *([button("Read in full", read.action_id, read.value)] * is_cut),
        *([button("Guidelines", guide.action_id, guide.value)] * has_guidelines),
        menu("Skip because…", skip.action_id, options),
        overflow(ways.action_id, [(words, _way(task, way)) for way, words in MORE.items()]),
    ]
    return actions(f"ways:{task.id}", *elements)


def _way(task: TaskView, way: str) -> str:
    return Press("ways", task.id, "", way).value


def _news(task: TaskView) -> list[Block]:
    """Say what is new since the expert's last task, each with the button that shows it."""
    guide, answers = Press("guide", task.id), Press("answers", task.id)
    read = button("Read them", guide.action_id, guide.value, says="Read the guidelines")
    open_one = button("Read it", answers.action_id, answers.value, says="Read the answer")
    return [
        *([plain_section("\n".join(task.news[-MOST_NEWS:]), read)] * bool(task.news)),
        *([plain_section(ANSWERED, open_one)] * bool(task.answered)),
    ]


def _still_missing(task: TaskView) -> list[Block]:
    """Say what an answer begun with a tap needs yet; the button that asks for it stands below."""
    if not (task.value and task.form.wants_sheet(task.value)):
        return []
    labels = ", ".join(field.label for field in task.form.missing(task.value))
    return [context(f"Kept. It counts once this is written: {labels}")]


def _thread_hint(task: TaskView) -> list[Block]:
    sheet = task.form.sheet_for(task.value)
    if not any(isinstance(field, Text) and field.long for field in sheet):
        return []
    return [context("A long one? Reply in this message's thread, or drop a text file there.")]

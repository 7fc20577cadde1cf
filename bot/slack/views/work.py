"""What experts see about their own work: answers and time by month, and what followed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.services.experts.work import MonthOfWork, Work, WorkOutcome
from bot.slack.blockkit.blocks import (
    actions,
    button,
    context,
    header,
    rich_text_section,
    text_element,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize, shorten
from bot.slack.blockkit.types import Block, InlineElement, RichTextBlock
from bot.slack.parsing.action_ids import Action

NO_WORK_TEXT = "You have not answered a task yet. Your answers and your time will be listed here."
TIME_NOTE = (
    "Time counts from when you see or open a task until your tap, without long pauses. Practice "
    "counts; time on tasks that you skip is not known. Months are in your time zone, {tz}."
)
FILE_REQUESTED_TEXT = "The CSV file will arrive in your direct messages with the bot."
OUTCOMES_HEAD = "What your answers changed"

MAX_SHOWN_MONTHS = 6
"""Months that are shown, the newest first; the file has all."""

MAX_SHOWN_CAMPAIGNS = 10
"""Campaigns shown in a month, and campaigns with outcomes, the newest last."""

MAX_TITLE_CHARS = 80


def render_work(work: Work, *, is_file_requested: bool = False) -> Message:
    """Render an expert's work, with a button that sends it as a file until it was pressed."""
    if not work.months:
        return Message(NO_WORK_TEXT, [plain_rich_text(NO_WORK_TEXT)])
    total = f"In all: {_amount(work.months)}."
    blocks: list[Block] = [plain_rich_text(total), _paragraphs(_months(work.months))]
    if outcomes := list(_outcomes(work.outcomes)):
        blocks += [header(OUTCOMES_HEAD), _paragraphs(outcomes[-MAX_SHOWN_CAMPAIGNS:])]
    blocks.append(context(FILE_REQUESTED_TEXT) if is_file_requested else _file_button())
    blocks.append(context(TIME_NOTE.format(tz=work.tz)))
    return Message(escape_mrkdwn(total), blocks)


def _file_button() -> Block:
    file = Action("send_work_file")
    return actions("work", button("Send as CSV file", file.action_id, file.value))


def _paragraphs(paragraphs: Iterable[tuple[str, list[str]]]) -> RichTextBlock:
    """Return paragraphs of a bold heading and lines below it."""
    elements: list[InlineElement] = []
    for heading, lines in paragraphs:
        gap = "\n\n" if elements else ""
        elements.append(text_element(f"{gap}{heading}\n", bold=True))
        elements.append(text_element("\n".join(lines)))
    return {"type": "rich_text", "elements": [rich_text_section(elements)]}


def _months(rows: Iterable[MonthOfWork]) -> Iterator[tuple[str, list[str]]]:
    months = [(month, list(group)) for month, group in groupby(rows, key=lambda row: row.month)]
    for month, campaigns in months[:MAX_SHOWN_MONTHS]:
        shown, hidden = campaigns[-MAX_SHOWN_CAMPAIGNS:], campaigns[:-MAX_SHOWN_CAMPAIGNS]
        lines = [f"{shorten(one.title, MAX_TITLE_CHARS)}: {_amount([one])}" for one in shown]
        if hidden:
            lines.append(f"{pluralize(len(hidden), 'other campaign')}: {_amount(hidden)}")
        yield f"{month:%B %Y}", lines
    if earlier := [row for _month, campaigns in months[MAX_SHOWN_MONTHS:] for row in campaigns]:
        yield "Earlier", [_amount(earlier)]


def _amount(rows: Sequence[MonthOfWork]) -> str:
    answers = pluralize(sum(row.answers for row in rows), "answer")
    return f"{answers}, {format_time(sum(row.seconds for row in rows))}"


def format_time(seconds: int) -> str:
    """Return a time in hours and minutes, such as `1 h 05 min`; less than a minute in seconds."""
    if seconds < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours:,} h {minutes:02} min" if hours else f"{minutes} min"


def _outcomes(outcomes: Iterable[WorkOutcome]) -> Iterator[tuple[str, list[str]]]:
    """Yield what followed from the answers in each campaign in which something did."""
    for outcome in outcomes:
        if lines := [line for line in _outcome_lines(outcome) if line]:
            yield shorten(outcome.title, MAX_TITLE_CHARS), lines


def _outcome_lines(outcome: WorkOutcome) -> Iterator[str]:
    yield _count(outcome.exports, "dataset", "exported since your first answer")
    yield _count(outcome.confirmed, "answer", "confirmed by a colleague")
    accepted = f"decided in review, {outcome.accepted:,} as you answered"
    yield _count(outcome.decided, "task", accepted)
    yield _count(outcome.excluded, "answer", "excluded by a coordinator")
    questions, flags, appeals = outcome.questions, outcome.flags, outcome.appeals
    yield _count(questions.raised, "question", f"asked, {questions.settled:,} answered")
    yield _count(flags.raised, "flag", f"raised, {flags.settled:,} resolved")
    yield _count(appeals.raised, "appeal", f"submitted, {appeals.settled:,} upheld")


def _count(number: int, noun: str, outcome: str) -> str:
    return f"{pluralize(number, noun)} {outcome}" if number else ""

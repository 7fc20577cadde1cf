"""One campaign as a whole, for coordinators: progress, forecast, agreement, experts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clock import named_day
from bot.quality.agreement import Agreement
from bot.quality.forecast import Help
from bot.quality.norms import NORMS, judged
from bot.services.overviewing import ExpertLine, Overview, Picture
from bot.slack import ways
from bot.slack.blocks import Block, context, facts, header, table
from bot.slack.cards import Drawn
from bot.slack.mentioning import ago
from bot.slack.overview import (
    MOST_ROWS,
    forecast_in_words,
    in_words,
    left_out,
    per_day,
    percent,
    progress_in_words,
    sentence,
    short,
    state_in_words,
)
from bot.slack.richtext import words as rich_words
from bot.slack.text import counted, escaped
from storage.tables import CampaignState


def whole(picture: Picture, now: datetime, *, in_modal: bool = False) -> Drawn:
    """Draw one campaign as a whole. Slack shows no table in a modal: there it is lines."""
    one = picture.overview
    status = one.status
    return Drawn(
        escaped(in_words(one)),
        [
            header(f"{short(status.title)}: {state_in_words(one)}"),
            context(f"{status.name} · {status.kind} · overlap {status.overlap}{_deadline(one)}"),
            *_needs(one),
            facts(_facts(one)),
            *_helped(one),
            *_agreed(one, now),
            *_experts(picture.experts, in_modal=in_modal),
            *_away(one),
            *ways.of_campaign(status.id, CampaignState(status.state), in_modal=in_modal),
        ],
    )


def _deadline(one: Overview) -> str:
    deadline = one.status.deadline
    return f" · deadline {named_day(deadline.date())}" if deadline else ""


def _needs(one: Overview) -> list[Block]:
    if not one.worries:
        return []
    return [rich_words("\n".join(f"⚠ {sentence(worry.says)}" for worry in one.worries))]


def _facts(one: Overview) -> dict[str, str]:
    status = one.status
    return {
        "Progress": progress_in_words(one),
        "Items finished": f"{status.complete:,} of {status.tasks:,}",
        "Pace": _pace(one),
        "Finish": forecast_in_words(one),
        "Open and skipped": f"{status.open:,} held now, {status.skipped:,} skipped",
        "Waiting": _waiting(one),
    }


def _pace(one: Overview) -> str:
    experts, a_day = one.outlook.pace.experts, per_day(one)
    by = f" by {counted(experts, 'expert')}" if experts else ""
    return f"{a_day} {'answer' if a_day == '1' else 'answers'} a working day{by}"


def _waiting(one: Overview) -> str:
    return f"{counted(one.waiting.questions, 'question')}, {counted(one.waiting.flags, 'flag')}"


def _helped(one: Overview) -> list[Block]:
    if not one.outlook.helps:
        return []
    return [context(f"What would help: {'; '.join(map(help_in_words, one.outlook.helps))}.")]


def help_in_words(what: Help) -> str:
    """Say what would bring the end nearer, and by how much."""
    sooner = f"{counted(what.days_sooner, 'day')} sooner, {named_day(what.likely)}"
    if what.less_overlap:
        return f"one answer less for each item ({sooner})"
    return f"{counted(what.experts, 'expert')} more ({sooner})"


def _agreed(one: Overview, now: datetime) -> list[Block]:
    questions = one.found.questions
    if not questions:
        return []
    said = "\n".join(agreement_in_words(name, found) for name, found in questions.items())
    when = f"as of {ago(one.kept.at, now)}" if one.kept else ""
    return [rich_words(f"Agreement, {when}\n{said}"), context(_sources(one))]


def agreement_in_words(question: str, found: Agreement) -> str:
    """Say how much experts agree on a question, and what is usual where we know."""
    if found.same is None:
        return f"{question}: no item has two answers yet"
    return (
        f"{question}: {found.same:.0%} of pairs the same, {_alpha(found)}{_usual(question, found)}"
    )


def _alpha(found: Agreement) -> str:
    if found.alpha is None:
        return "all said the same, so alpha says nothing"
    between = f" ({found.low:.2f} to {found.high:.2f})" if found.low is not None else ""
    return f"Krippendorff's alpha {found.alpha:.2f}{between}"


def _usual(question: str, found: Agreement) -> str:
    norm, judgement = NORMS.get(question), judged(found, question)
    if norm is None:
        return ""
    how = {"below": "less than usual: ", "above": "more than usual: "}.get(judgement or "", "")
    return f"; {how}{norm.low:g} to {norm.high:g} is usual {norm.says}"


def _sources(one: Overview) -> str:
    said = ", ".join(f"{n:,} {source}" for source, n in sorted(one.found.sources.items()))
    return f"Items by what their answers say together: {said}."


def _experts(experts: Sequence[ExpertLine], *, in_modal: bool) -> list[Block]:
    if not experts:
        return []
    left = left_out(len(experts) - MOST_ROWS, "expert")
    if in_modal:
        return [rich_words("\n".join(map(expert_in_words, experts[:MOST_ROWS]))), *left]
    head = ("Expert", "Answers", "Open", "Seconds each", "Same as others", "Gold right")
    rows = [
        (
            short(one.name),
            f"{one.answered:,}",
            f"{one.open:,}",
            "-" if one.seconds is None else f"{one.seconds:,.0f}",
            percent(one.agrees),
            gold_in_words(one),
        )
        for one in experts[:MOST_ROWS]
    ]
    return [table(head, rows, right=(1, 2, 3, 4, 5)), *left]


def expert_in_words(one: ExpertLine) -> str:
    """Say in a line what an expert did and how it compares."""
    parts = [
        counted(one.answered, "answer"),
        f"{one.open:,} open" if one.open else "",
        f"{one.seconds:,.0f} seconds each" if one.seconds is not None else "",
        f"{one.agrees:.0%} the same as others" if one.agrees is not None else "",
        f"gold {gold_in_words(one)}" if one.gold else "",
    ]
    return f"{short(one.name)}: {', '.join(part for part in parts if part)}"


def gold_in_words(one: ExpertLine) -> str:
    """Say how often an expert was right, and between what that is likely to lie."""
    if one.gold is None:
        return "-"
    return f"{one.gold.right} of {one.gold.asked} ({one.gold.low:.0%} to {one.gold.high:.0%})"


def _away(one: Overview) -> list[Block]:
    if not one.away:
        return []
    said = "; ".join(f"{short(who.name)} {who.why}" for who in one.away[:MOST_ROWS])
    return [context(f"Away: {said}.")]

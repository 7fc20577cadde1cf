"""`labelbot review`: what waits for a decision, and deciding it. Nobody's name comes along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.cli import reading
from bot.cli.opening import by_hand, open_database
from bot.cli.speaking import JSON, say, say_json, say_table
from bot.kinds.form import Form, options_of
from bot.services import campaigning, deciding, reviewing
from bot.services.directing import By
from bot.services.reviewing import Case, Said, Why

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="List what waits for a decision, and decide."
)

COLUMNS = ("task", "campaign", "item", "why", "what was said")
Task = Annotated[int, typer.Argument(help="Its number in the list.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the decision.")]
Json = Annotated[bool, typer.Option("--json", help=JSON)]


@app.command("list", epilog="Example: labelbot review list --campaign jokes --json")
def list_cases(
    *,
    campaign: Annotated[
        str | None, typer.Option(help="Only of this campaign; of every open one if left out.")
    ] = None,
    most: Annotated[int, typer.Option(help="So many at most.", min=1, max=1000)] = 50,
    as_json: Json = False,
) -> None:
    """List what is flagged, set aside, disagreed on, and a sample, in this order."""
    with open_database() as database:
        found = database.read_now(_queue, campaign, most)
    if as_json:
        say_json([{"why": case.why, **_facts(case)} for case in found])
    elif not found:
        say("Nothing waits for review.")
    else:
        say_table(COLUMNS, map(_row, found))


@app.command(epilog="Example: labelbot review show 17")
def show(task: Task, *, as_json: Json = False) -> None:
    """Show a task with all its texts, and what was said, each with the number of an answer."""
    with open_database() as database:
        found = database.read_now(reviewing.case_of, task, Why.SAMPLED)
    say_json(_facts(found)) if as_json else _say(found)


@app.command(epilog="Example: labelbot review adopt 52")
def adopt(
    answer: Annotated[int, typer.Argument(help="The number of an answer, from list or show.")],
) -> None:
    """Decide as one of the experts did."""
    with open_database() as database:
        database.write_now(deciding.adopt, answer, by_hand())
    say("Decided.")


@app.command(epilog="""Example: labelbot review decide 17 '{"verdict": "tie"}' --reason “even”""")
def decide(
    task: Task,
    fields: Annotated[
        str, typer.Argument(help="The answer by field, as JSON or @FILE; show names the fields.")
    ],
    *,
    reason: Reason = "",
) -> None:
    """Decide otherwise, with an answer of your own; candidates count in imported order."""
    given = reading.json_object(fields, "the fields", '{"verdict": "tie"}')
    with open_database() as database:
        database.write_now(deciding.settle, task, given, reason, by_hand())
    say("Decided.")


@app.command(epilog="Example: labelbot review leave 17")
def leave(task: Task) -> None:
    """Leave what was said as it is."""
    _done(deciding.leave, task, "Left as it is.")


@app.command("send-back", epilog="Example: labelbot review send-back 17 --reason “Mind the units”")
def send_back(
    task: Task, *, reason: Annotated[str, typer.Option(help="What they read about it.")]
) -> None:
    """Ask those who answered to look again."""
    with open_database() as database:
        count = database.write_now(deciding.send_back, task, reason, by_hand())
    say(f"Sent back to {'1 expert' if count == 1 else f'{count} experts'}.")


@app.command("hand-out", epilog="Example: labelbot review hand-out 17")
def hand_out(task: Task) -> None:
    """Hand out a task again that was set aside."""
    _done(deciding.put_back, task, "It goes out again.")


@app.command("take-back", epilog="Example: labelbot review take-back 17")
def take_back(task: Task) -> None:
    """Take a decision back; the task waits for review again."""
    _done(deciding.take_back, task, "It waits for review again.")


def _done(deed: Callable[[Session, int, By], object], task: int, said: str) -> None:
    with open_database() as database:
        database.write_now(deed, task, by_hand())
    say(said)


def _queue(session: Session, name: str | None, most: int) -> list[Case]:
    campaign = campaigning.campaign_named(session, name) if name else None
    return reviewing.queue(session, campaign.id if campaign else None, by_hand().actor, most)


def _facts(case: Case) -> dict[str, Any]:
    return {
        "task": case.task,
        "campaign": case.name,
        "item": case.item,
        "question": case.form.question,
        "passages": [{"title": one.title, "text": one.text} for one in case.form.passages],
        "fields": _fields(case.form),
        "said": [_said(one) for one in case.said],
        "flags": case.flags,
    }


def _fields(form: Form) -> dict[str, list[str]]:
    """Return what a decision may hold: the options of each field, none where one writes."""
    return {one.key: [o.value for o in options_of(one)] for one in (*form.taps, *form.sheet)}


def _said(one: Said) -> dict[str, Any]:
    return {"words": one.words, "answers": one.assignments, "reasons": one.reasons}


def _row(case: Case) -> tuple[object, ...]:
    said = "; ".join(f"{one.words} ({len(one.assignments)})" for one in case.said)
    return str(case.task), case.name, case.item, case.why.replace("_", " "), said or "-"


def _say(case: Case) -> None:
    say(f"{case.name}, {case.item}: {case.form.question}")
    for passage in case.form.passages:
        say(f"\n{passage.title}\n{passage.text}")
    say("")
    for flag in case.flags:
        say(f"flagged: {flag}")
    for one in case.said:
        numbers = ", ".join(map(str, one.assignments))
        say(f"{one.words} (answer {numbers})")
        for reason in one.reasons:
            say(f"  “{reason}”")
    for field, options in _fields(case.form).items():
        say(f"field {field}: {', '.join(options) or 'words'}")

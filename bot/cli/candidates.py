"""`labelbot sample`: ask models for candidates, and import them as items."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from bot.candidates.collection import Collector, Limits
from bot.candidates.cost import Budget
from bot.candidates.forecast import forecast, forget_flaws
from bot.candidates.generator import parse_generators, require_prices
from bot.candidates.items import (
    require_count,
    usual_task,
)
from bot.candidates.journal import open_journal, read_journal
from bot.candidates.request import Order, Sampling
from bot.candidates.tasks import TASKS, Wording, require_instruction, task_for
from bot.cli.candidate_run import Prompts, collect, import_candidates, read_prompt_file
from bot.cli.candidate_summary import (
    SampleResult,
    as_json,
    format_forecast,
    format_generators,
    format_summary,
)
from bot.cli.database import open_database
from bot.cli.output import (
    JSON_HELP,
    print_error,
    print_json,
    print_table,
    print_text,
)
from bot.cli.output_file import require_folder
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.settings import KindSettings
from bot.services.answers.campaign_settings import settings_of
from bot.services.imports.importer import importable_campaign
from storage.tables import Campaign

app = typer.Typer(add_completion=False)

JOURNAL_SUFFIX = ".answers.jsonl"


@app.command(
    "sample",
    epilog="Example: labelbot sample tone prompts.jsonl --model wren-mini=http://127.0.0.1:8000/v1 "
    "--model heron-7b=http://127.0.0.1:8001/v1",
)
def sample(  # noqa: PLR0913 - one parameter per option
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="PROMPTS",
            exists=True,
            help="Prompts, in any format of labelbot import.",
        ),
    ],
    *,
    models: Annotated[
        list[str],
        typer.Option(
            "--model",
            metavar="NAME=URL",
            help="Name and base URL of a model: wren-mini=http://127.0.0.1:8000/v1.",
        ),
    ],
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            help=f"What the models write: {', '.join(TASKS)}. Default: what a validation judges, "
            "else response.",
        ),
    ] = None,
    instruction: Annotated[
        str | None,
        typer.Option(help="Instruction in place of the task's; for a response, a system message."),
    ] = None,
    via: Annotated[str, typer.Option(help="Language of the first translation.")] = "German",
    language: Annotated[
        str, typer.Option(help="Language of the prompts, for back-translations.")
    ] = "English",
    samples: Annotated[
        int, typer.Option(min=1, max=100, help="Candidates of each model for each prompt.")
    ] = 1,
    temperature: Annotated[float | None, typer.Option(min=0.0, max=2.0)] = None,
    top_p: Annotated[float | None, typer.Option("--top-p", min=0.0, max=1.0)] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**31, help="Seed of the first sample.")
    ] = None,
    max_tokens: Annotated[
        int, typer.Option("--max-tokens", min=1, max=1_000_000, help="Longest answer in tokens.")
    ] = 1_024,
    prices: Annotated[
        list[str] | None,
        typer.Option(
            "--price",
            metavar="NAME=INPUT,OUTPUT",
            help="Prices of a million input and output tokens: wren-mini=0.15,0.60.",
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(min=0.0, help="Most that all requests may cost, earlier runs included."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, max=256, help="Requests at the same time.")
    ] = 4,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=3_600.0, help="Seconds for one attempt.")
    ] = 120.0,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="PART=COLUMN,…, as in labelbot import."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help=f"File that keeps all answers. Default: PROMPTS{JOURNAL_SUFFIX}."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Write the items to this file (JSON Lines); import nothing."
        ),
    ] = None,
    keep_refusals: Annotated[
        bool, typer.Option("--keep-refusals", help="Import texts in which a model declines.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Ask again where an answer was no candidate.")
    ] = False,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be asked and cost; ask nothing.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Ask models for candidates, and import them as items.

    Models are asked through the Chat Completions API of OpenAI, which other servers also have. The
    key of a model is in LABELBOT_MODEL_KEY_NAME. Run the command again to continue.
    """
    generators = parse_generators(models, prices or [], os.environ)
    if budget is not None:
        require_prices(generators)
    with open_database() as database:
        found, kind, settings = database.read_now(_campaign_named, campaign)
    wording = Wording(instruction, via, language)
    if task is not None and task not in TASKS:
        message = f"Unknown task “{task}”. Choose one of: {', '.join(TASKS)}."
        raise typer.BadParameter(message, param_hint="--task")
    order = Order(
        task_for(task, usual_task(settings)),
        wording,
        Sampling(max_tokens, temperature, top_p, seed),
        generators,
        samples,
    )
    require_instruction(order.task, wording)
    require_count(kind, order)
    require_folder(out)
    prompts = read_prompt_file(file, mapping or [])
    journal_path = answers or file.with_name(f"{file.name}{JOURNAL_SUFFIX}")
    if is_dry_run:
        _show_forecast(order, prompts, journal_path, json_output=json_output)
        return
    with open_journal(journal_path) as journal:
        requests = list(order.requests(prompts.prompts))
        if again:
            forget_flaws(order, journal, requests)
        spent = forecast(order, journal, requests).spent
        limit = float("inf") if budget is None else budget
        collector = Collector(
            order,
            journal,
            Limits(concurrency, timeout),
            Budget(limit, spent),
            keeps_refusals=keep_refusals,
        )
        results = collect(collector, prompts)
    result = import_candidates(found, collector, prompts, results, out)
    _show_result(result, json_output=json_output)


def _campaign_named(session: Session, name: str) -> tuple[Campaign, Kind[Any], KindSettings]:
    campaign = importable_campaign(session, name)
    kind = kind_named(campaign.kind)
    return campaign, kind, settings_of(kind, campaign.settings)


def _show_forecast(order: Order, prompts: Prompts, journal: Path, *, json_output: bool) -> None:
    found = forecast(order, read_journal(journal), order.requests(prompts.prompts))
    if json_output:
        print_json(
            {
                "dry_run": True,
                "task": order.task.name,
                "prompts": len(prompts.prompts),
                "invalid_rows": len(prompts.rejected),
                "duplicate_rows": prompts.duplicates,
                "answered": found.answered,
                "requests": dict(found.requests),
                "cost_at_most": found.cost,
                "spent": found.spent,
                "unusable": dict(found.unusable),
            }
        )
        return
    for row in prompts.rejected:
        print_error(f"{row.place}: {row.reason}")
    print_text("\n".join(format_forecast(order, len(prompts.prompts), found)))


def _show_result(result: SampleResult, *, json_output: bool) -> None:
    if json_output:
        print_json(as_json(result))
    else:
        print_table(*format_generators(result))
        print_text("\n".join(format_summary(result)))
    if result.unanswered_count:
        print_error("Some prompts were not answered. Run the command again to ask them.")
    elif not (result.imported.added + result.imported.existing + (result.written or 0)):
        print_error("There is no complete item.")
    else:
        return
    raise typer.Exit(1)

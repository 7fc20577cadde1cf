"""What `labelbot sample` prints: what a run asked, what it cost, and what was imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.candidates.collection import UNANSWERED, UNUSABLE, CandidateResult, Collector
from bot.candidates.completion import Flaw
from bot.candidates.forecast import RequestForecast, known_steps
from bot.candidates.items import IncompleteItem
from bot.candidates.request import Order
from bot.candidates.tasks import UnusablePromptError
from bot.services.imports.import_progress import ImportResult
from bot.slack.blockkit.text import pluralize

PROBLEMS = (*Flaw, UNUSABLE, UNANSWERED)

NO_VALUE = "-"

SHOWN_IN_CENTS = 100
"""From this amount on, two decimals have more than four significant digits."""


@dataclass(frozen=True, slots=True)
class GeneratorFigures:
    """Figures of a model.

    Attributes:
        name: the model.
        asked: requests that this run sent, repeated attempts included.
        candidates: texts that are candidates.
        problems: how many candidates are missing, by kind of problem.
        tokens: input and output tokens that the endpoint counted, earlier runs included.
        cost: what its answers cost, earlier runs included; None without a price.
        uncertain: what attempts without an answer may have cost.
    """

    name: str
    asked: int
    candidates: int
    problems: dict[str, int]
    tokens: tuple[int, int]
    cost: float | None
    uncertain: float


@dataclass(frozen=True, slots=True)
class SampleResult:
    """The result of a run; `written` are the items in a file, None if they were imported."""

    campaign: str
    collector: Collector
    prompts: int
    results: Sequence[CandidateResult]
    incomplete: Sequence[IncompleteItem]
    imported: ImportResult = field(default_factory=ImportResult)
    written: int | None = None

    @property
    def unanswered_count(self) -> int:
        """Return how many candidates a later run may get."""
        return sum(result.problem == UNANSWERED for result in self.results)

    def generators(self) -> list[GeneratorFigures]:
        """Return the figures of each model."""
        return [self._figures(one.name) for one in self.collector.order.generators]

    def _figures(self, name: str) -> GeneratorFigures:
        own = [result for result in self.results if result.request.generator.name == name]
        problems = Counter(result.problem for result in own if result.problem)
        spent = [self._spent_on(result) for result in own]
        has_price = any(result.request.generator.price for result in own)
        return GeneratorFigures(
            name,
            self.collector.asked[name],
            sum(result.text is not None for result in own),
            {problem: problems[problem] for problem in PROBLEMS if problems[problem]},
            (sum(result.usage[0] for result in own), sum(result.usage[1] for result in own)),
            sum(known for known, _ in spent) if has_price else None,
            sum(uncertain for _, uncertain in spent),
        )

    def _spent_on(self, result: CandidateResult) -> tuple[float, float]:
        journal = self.collector.journal
        try:
            keys = list(known_steps(self.collector.order, journal, result.request))
        except UnusablePromptError:
            return 0.0, 0.0
        spent = [journal.spent_on(key) for key in keys]
        return sum(known for known, _ in spent), sum(uncertain for _, uncertain in spent)

    def audit_details(self) -> dict[str, object]:
        """Return what the audit log has of the run."""
        return {
            "task": self.collector.order.task.name,
            "models": [one.name for one in self.collector.order.generators],
            "asked": self.collector.asked.total(),
            "added": self.imported.added,
        }


def as_json(result: SampleResult) -> dict[str, Any]:
    """Return a result as JSON: everything that the texts say, and every problem."""
    order, imported = result.collector.order, result.imported
    generators = result.generators()
    return {
        "campaign": result.campaign,
        "task": order.task.name,
        "parameters": order.sampling.to_json(),
        "prompts": result.prompts,
        "generators": [
            {
                "name": one.name,
                "asked": one.asked,
                "candidates": one.candidates,
                "problems": one.problems,
                "input_tokens": one.tokens[0],
                "output_tokens": one.tokens[1],
                "cost": one.cost,
                "cost_uncertain": one.uncertain,
                "stopped": result.collector.stopped.get(one.name),
            }
            for one in generators
        ],
        "cost": sum(one.cost or 0.0 for one in generators),
        "cost_uncertain": sum(one.uncertain for one in generators),
        "written": result.written,
        "added": imported.added,
        "existing": imported.existing,
        "duplicates": imported.duplicates,
        "rejected": imported.rejected,
        "incomplete": len(result.incomplete),
        "problems": [
            {
                "prompt": one.request.prompt.key,
                "place": one.request.prompt.place,
                "model": one.request.generator.name,
                "sample": one.request.sample,
                "problem": one.problem,
                "reason": one.reason,
            }
            for one in result.results
            if one.problem
        ],
        "errors": [{"place": row.place, "reason": row.reason} for row in imported.errors],
    }


def format_generators(
    result: SampleResult,
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the headings and rows of the table of models."""
    headings = ("model", "requests", "candidates", "problems", "input", "output", "cost")
    rows: list[tuple[object, ...]] = [
        (
            one.name,
            one.asked,
            one.candidates,
            ", ".join(f"{count:,} {problem}" for problem, count in one.problems.items())
            or NO_VALUE,
            *one.tokens,
            NO_VALUE if one.cost is None else format_cost(one.cost),
        )
        for one in result.generators()
    ]
    return headings, rows


def format_summary(result: SampleResult) -> Iterator[str]:
    """Yield what was imported, and what else to know."""
    imported = result.imported
    parts = [f"Added {pluralize(imported.added, 'item')} to “{result.campaign}”"]
    if result.written is not None:
        parts = [f"Wrote {pluralize(result.written, 'item')}; none is imported"]
    parts += [f"{imported.existing:,} already imported"] if imported.existing else []
    parts += [pluralize(imported.duplicates, "duplicate")] if imported.duplicates else []
    parts += [f"{imported.rejected:,} rejected"] if imported.rejected else []
    incomplete = len(result.incomplete)
    parts += [f"{incomplete:,} without all their candidates"] if incomplete else []
    yield f"{', '.join(parts)}."
    for name, reason in result.collector.stopped.items():
        yield f"Stopped asking {name}: {reason}."
    if uncertain := sum(one.uncertain for one in result.generators()):
        yield f"Requests without an answer may have cost {format_cost(uncertain)} more."


def format_forecast(order: Order, prompts: int, found: RequestForecast) -> Iterator[str]:
    """Yield what a run would ask, and what it may cost."""
    yield (
        f"Dry run: {pluralize(prompts, 'prompt')}, task {order.task.name}, "
        f"{found.answered:,} candidates known from earlier runs."
    )
    for place, reason in found.unusable.items():
        yield f"{place}: {reason}"
    for generator in order.generators:
        count = found.requests.get(generator.name, 0)
        key = generator.variable if generator.key else "no key"
        yield f"  {generator.name} at {generator.host}: {pluralize(count, 'request')} ({key})"
    if any(generator.price for generator in order.generators):
        yield (
            f"Cost: at most {format_cost(found.cost)}"
            + (f", after {format_cost(found.spent)} so far" if found.spent else "")
            + "."
        )
    else:
        yield "Cost: unknown. State prices with --price NAME=INPUT,OUTPUT."


def format_cost(cost: float) -> str:
    """Return an amount with four significant digits, because one request may cost little."""
    return f"{cost:.2f}" if cost >= SHOWN_IN_CENTS or not cost else f"{cost:.4g}"

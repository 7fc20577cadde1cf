"""Options of a new campaign: what is asked beside the answer, whom it suits, how its tasks go."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from storage.tables import SkipPolicy

Domains = Annotated[
    str | None, typer.Option(help="Fields that experts must know one of, with commas between.")
]
Language = Annotated[str | None, typer.Option(help="The language that experts must read: en.")]
Skips = Annotated[
    SkipPolicy, typer.Option(help="Who gets what somebody skipped as unclear, broken or unsafe.")
]
Gold = Annotated[float, typer.Option(help="How much of the tasks is gold, 0 to 0.5.")]
Reason = Annotated[str | None, typer.Option(help="Ask why: no, optional or required.")]
Levels = Annotated[
    int | None, typer.Option(help="With 2, another expert confirms each answer.", min=1, max=2)
]
Confidence = Annotated[bool, typer.Option("--confidence", help="Ask how sure experts are.")]


def rationale_settings(
    reason: str | None, levels: int | None, *, confidence: bool
) -> dict[str, Any]:
    """Return the settings that every kind has, as far as they were given."""
    options = {"reason": reason, "levels": levels, "confidence": confidence or None}
    return {name: value for name, value in options.items() if value is not None}

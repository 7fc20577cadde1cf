"""Name of the folder of an export: no other export has it, and all attempts do."""

from __future__ import annotations

from sqlmodel import Session

from bot.exports.row_options import parse_row_options
from storage.queries import export_runs
from storage.tables import Campaign, ExportRun


def folder_name_of(session: Session, run: ExportRun) -> str:
    """Return the name of the folder of a run.

    Of several runs that would have the same name, because they are due in the same second, the
    second one gets `-2` at the end, and so on.
    """
    name = _usual_name(session, run)
    earlier = export_runs.earlier_runs_of_second(session, run)
    number = 1 + sum(_usual_name(session, other) == name for other in earlier)
    return f"{name}-{number}" if number > 1 else name


def _usual_name(session: Session, run: ExportRun) -> str:
    campaign = session.get_one(Campaign, run.campaign_id)
    suffix = parse_row_options(run.options).name_suffix
    return f"{campaign.name}-{run.format}{suffix}-{run.due_at:%Y%m%dT%H%M%SZ}"


def finalizer_name(folder_name: str) -> str:
    """Return what is recorded as having made the answers final that an export froze."""
    return f"the export {folder_name}"

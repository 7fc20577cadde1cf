"""Check of an uploaded file before its import: what would be added, as a dry run shows it."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError, FieldsError
from bot.imports.plan import ImportOptions
from bot.kinds import kind_named
from bot.services.campaigns.campaigns import campaign_by_id
from bot.services.imports.dry_run import META, dry_run
from bot.services.imports.file_names import errors_with_name
from bot.services.imports.importer import ImportSource
from bot.services.imports.upload_check_result import UploadCheck
from bot.services.imports.upload_choice import UploadChoice
from bot.services.imports.upload_sample import MAX_CHECKED_ROWS, readable_path
from bot.services.imports.uploads import describe_invalid_sample, pending_upload, required_part
from storage.database import Database


def check_upload(database: Database, run_id: int, choice: UploadChoice) -> UploadCheck:
    """Return what importing an uploaded file would do; nothing is stored.

    Raises:
        GoneFileError: the file was imported or has expired.
        FieldsError: the file cannot be read with these columns, or no row is valid.
    """
    name, title, kind, source = database.read_now(_source_of, run_id, choice)
    field_key = required_part(kind_named(kind))
    try:
        with errors_with_name(name, source.path):
            result = dry_run(database, source)
    except BotError as error:
        raise FieldsError({field_key: str(error)}) from error
    valid = result.items + result.existing + result.duplicates
    valid += result.answers.new if result.answers else 0
    if result.errors and not valid:
        raise FieldsError({field_key: describe_invalid_sample(result.errors[0])})
    return UploadCheck(
        run_id,
        name,
        title,
        choice.strict,
        items=result.items,
        existing=result.existing,
        duplicates=result.duplicates,
        rejected=result.rejected,
        columns={column: part for column, part in result.columns.items() if part != META},
        hidden=result.hidden,
        preview=[item.passages for item in result.preview],
        duplicate_rows=result.duplicate_rows,
        errors=result.errors,
        warnings=result.warnings,
        answers=result.answers,
    )


def _source_of(
    session: Session, run_id: int, choice: UploadChoice
) -> tuple[str, str, str, ImportSource]:
    run = pending_upload(session, run_id)
    campaign = campaign_by_id(session, choice.campaign_id)
    path = Path(run.path)
    options = ImportOptions(answers=choice.answers, max_rows=MAX_CHECKED_ROWS, media_path=path)
    source = ImportSource(campaign.name, readable_path(path), choice.columns, options=options)
    return run.name, campaign.title, campaign.kind, source

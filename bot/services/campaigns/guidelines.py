"""Guidelines of a campaign: each change is a new version with a note on what changed."""

from __future__ import annotations

from sqlmodel import Session

from bot.errors import BotError, FieldsError
from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns.validation import validate_link
from storage.queries.guidelines import list_versions
from storage.queries.shown_tasks import ShownAssignment
from storage.row_id import id_of
from storage.tables import Campaign, GuidelinesVersion

MAX_NOTE_LENGTH = 300
MAX_GUIDELINES_LENGTH = 30_000


class UnchangedGuidelinesError(BotError):
    """The new guidelines of “{name}” are the same as the current ones; nothing was changed."""


class GuidelinesTooLongError(BotError):
    """The guidelines have {count:,} characters; use at most 30,000, and link to the rest."""


def validate_guidelines(text: str) -> str:
    """Return guidelines without surrounding blanks, if they are short enough for a dialog.

    Raises:
        GuidelinesTooLongError: they are not.
    """
    stripped = text.strip()
    if len(stripped) > MAX_GUIDELINES_LENGTH:
        raise GuidelinesTooLongError(count=len(stripped))
    return stripped


def store_first_version(session: Session, campaign: Campaign, actor: Actor) -> None:
    """Store the first version of a campaign's guidelines."""
    _store_version(session, campaign, "", actor)


def change_guidelines(  # noqa: PLR0913 - the fields of a version
    session: Session,
    campaign: Campaign,
    text: str,
    note: str,
    actor: Actor,
    *,
    link: str | None = None,
) -> int:
    """Replace a campaign's guidelines (Markdown); return the new version.

    Each expert sees `note` once, on their next task. `link` points to more guidelines: None leaves
    it unchanged, "" removes it.

    Raises:
        FieldsError: the note is missing, or a text is too long; the fields are `text` and `note`.
        BadLinkError: the link is not valid.
        UnchangedGuidelinesError: nothing would change.
    """
    text, note = text.strip(), " ".join(note.split())
    new_link = campaign.guidelines_link if link is None else validate_link(link.strip())
    _validate(text, note)
    if (text, new_link) == (campaign.guidelines, campaign.guidelines_link):
        raise UnchangedGuidelinesError(name=campaign.name)
    if not list_versions(session, id_of(campaign)):  # it was created by an older release
        store_first_version(
            session, campaign, Actor(campaign.created_by or actor.name, actor.origin, actor.at)
        )
    campaign.guidelines, campaign.guidelines_link = text, new_link
    campaign.guidelines_version += 1
    session.add(campaign)
    _store_version(session, campaign, note, actor)
    version = campaign.guidelines_version
    actor.record(
        session, "changed the guidelines", subject_of(campaign), version=version, note=note
    )
    return version


def _validate(text: str, note: str) -> None:
    errors = {}
    if len(text) > MAX_GUIDELINES_LENGTH:
        errors["text"] = (
            f"Use at most {MAX_GUIDELINES_LENGTH:,} characters; these have {len(text):,}."
        )
    if not note:
        errors["note"] = "Describe in a few words what changed."
    if len(note) > MAX_NOTE_LENGTH:
        errors["note"] = f"Use at most {MAX_NOTE_LENGTH} characters; these are {len(note)}."
    if errors:
        raise FieldsError(errors)


def _store_version(session: Session, campaign: Campaign, note: str, actor: Actor) -> None:
    session.add(
        GuidelinesVersion(
            campaign_id=id_of(campaign),
            version=campaign.guidelines_version,
            text=campaign.guidelines,
            note=note,
            changed_by=actor.name,
            created_at=actor.at,
        )
    )
    session.flush()


def describe_changes(session: Session, assignment: ShownAssignment) -> tuple[str, ...]:
    """Return a line per change of the guidelines since the expert's last task of this campaign."""
    since = assignment.guidelines_changed_since
    if since is None:
        return ()
    changes = list_versions(session, assignment.campaign_id, since=since)
    return tuple(f"Guidelines changed (v{change.version}): {change.note}" for change in changes)

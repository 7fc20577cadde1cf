"""Guidelines: each change is a version of its own, with a word on what changed."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.errors import BotError, FieldsError
from bot.services.checking import checked_link
from bot.services.directing import By, subject_of
from storage.tables import Campaign, GuidelinesVersion

LONGEST_NOTE = 300
LONGEST = 30_000


class SameGuidelinesError(BotError):
    """The guidelines of “{name}” say exactly that already, so nothing was changed."""


def begin(session: Session, campaign: Campaign, by: By) -> None:
    """Keep the first version of a campaign's guidelines."""
    _keep(session, campaign, "", by)


def change(  # noqa: PLR0913 - they are what a version says
    session: Session,
    campaign: Campaign,
    text: str,
    note: str,
    by: By,
    *,
    link: str | None = None,
) -> int:
    """Put other guidelines (Markdown) in force; return their version.

    From the next task on each expert is told once, with `note`, what changed. `link` is where more
    of them stands: None leaves it as it is, "" takes it away.

    Raises:
        FieldsError: there is no note, or something is too long; by `text` and `note`.
        BadLinkError: the link is none.
        SameGuidelinesError: nothing would change.
    """
    text, note = text.strip(), " ".join(note.split())
    wanted = campaign.guidelines_link if link is None else checked_link(link.strip())
    _check(text, note)
    if (text, wanted) == (campaign.guidelines, campaign.guidelines_link):
        raise SameGuidelinesError(name=campaign.name)
    if not versions(session, campaign.id or 0):  # it was created by an older release
        begin(session, campaign, By(campaign.created_by or by.actor, by.through, by.at))
    campaign.guidelines, campaign.guidelines_link = text, wanted
    campaign.guidelines_version += 1
    session.add(campaign)
    _keep(session, campaign, note, by)
    version = campaign.guidelines_version
    by.record(session, "changed the guidelines", subject_of(campaign), version=version, note=note)
    return version


def _check(text: str, note: str) -> None:
    wrong = {}
    if len(text) > LONGEST:
        wrong["text"] = f"Guidelines may have {LONGEST:,} characters; these have {len(text):,}."
    if not note:
        wrong["note"] = "Say in a few words what changed, so that nobody has to compare."
    if len(note) > LONGEST_NOTE:
        wrong["note"] = f"Say it in {LONGEST_NOTE} characters; these are {len(note)}."
    if wrong:
        raise FieldsError(wrong)


def _keep(session: Session, campaign: Campaign, note: str, by: By) -> None:
    session.add(
        GuidelinesVersion(
            campaign_id=campaign.id or 0,
            version=campaign.guidelines_version,
            text=campaign.guidelines,
            note=note,
            changed_by=by.actor,
            created_at=by.at,
        )
    )
    session.flush()


def versions(session: Session, campaign_id: int, *, since: int = 0) -> list[GuidelinesVersion]:
    """Return the versions of a campaign's guidelines after version `since`, the oldest first."""
    chosen = select(GuidelinesVersion).where(
        GuidelinesVersion.campaign_id == campaign_id, col(GuidelinesVersion.version) > since
    )
    return list(session.exec(chosen.order_by(col(GuidelinesVersion.version))))

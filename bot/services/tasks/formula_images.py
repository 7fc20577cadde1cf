"""Images of formulas next to their source: drawn once for each text, and shown like its images."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from bot.kinds.form import Form, Passage
from bot.kinds.formulas import formulas_in
from bot.kinds.media import STORED_PREFIX, Media
from storage.queries import formula_images, media_files
from storage.tables import Assignment, Task

MAX_FORMULAS = 20
"""Formulas of one text that are drawn, from its beginning; more would not fit into one image."""

MAX_ALT_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Formulas:
    """The sources of the formulas of one text."""

    sources: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return what the image of these formulas is stored under."""
        return sha256(json.dumps(self.sources).encode()).hexdigest()


def missing_formulas(session: Session, assignment_id: int, form: Form) -> list[Formulas]:
    """Return the formulas of each text of a task that were not drawn yet."""
    found = {one.digest: one for one in _formulas_by_key(form).values()}
    if not found:
        return []
    task_id = session.get_one(Assignment, assignment_id).task_id
    known = formula_images.urls_by_digest(session, task_id)
    return [one for digest, one in found.items() if digest not in known]


def store_image(
    session: Session, assignment_id: int, formulas: Formulas, png: bytes, now: datetime
) -> None:
    """Store the image of formulas; b"" if none of them can be drawn, which is not tried again.

    Each item has files of its own, so that they can be removed with it.
    """
    task = session.get_one(Task, session.get_one(Assignment, assignment_id).task_id)
    salted = f"{task.item_id}:".encode() + png
    url = f"{STORED_PREFIX}{sha256(salted).hexdigest()}.png" if png else None
    if url:
        media_files.add_files(session, {url: png}, now)
    formula_images.add_image(session, task.item_id, formulas.digest, url)


def with_formula_images(session: Session, task_id: int, form: Form) -> Form:
    """Return a form whose texts have the images of their formulas, as far as they were drawn."""
    found = _formulas_by_key(form)
    if not found:
        return form
    urls = formula_images.urls_by_digest(session, task_id)
    passages = tuple(_with_image(passage, found, urls) for passage in form.passages)
    return replace(form, passages=passages)


def _formulas_by_key(form: Form) -> dict[str, Formulas]:
    sources = {passage.key: formulas_in(passage.text)[:MAX_FORMULAS] for passage in form.passages}
    return {key: Formulas(found) for key, found in sources.items() if found}


def _with_image(
    passage: Passage, found: Mapping[str, Formulas], urls: Mapping[str, str | None]
) -> Passage:
    formulas = found.get(passage.key)
    url = urls.get(formulas.digest) if formulas else None
    if formulas is None or url is None:
        return passage
    alt = f"Formulas: {'; '.join(formulas.sources)}"[:MAX_ALT_CHARACTERS]
    return replace(passage, media=(*passage.media, Media("image", url, alt)))

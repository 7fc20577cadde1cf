"""What an expert is asked, in neutral fields: no Slack, no SQL. `bot.slack.fields` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.kinds.media import Media


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read. `key` names it in what was shown; `markdown` texts are shown formatted.

    `media` are shown with it; the text may be empty where they are all there is.
    """

    key: str
    title: str
    text: str
    markdown: bool = True
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a Choice, or one point of a Scale. `hint` is what the point means."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Pick one of a few options, one tap each."""

    key: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Pick a point on an anchored scale, one tap. Points run from low to high."""

    key: str
    label: str
    points: tuple[Option, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Write something. `long` texts may exceed one Slack input and come in parts."""

    key: str
    label: str
    optional: bool = False
    long: bool = False
    initial: str = ""
    hint: str = ""


Tap: TypeAlias = Choice | Scale
Field: TypeAlias = Choice | Scale | Text


@dataclass(frozen=True, slots=True)
class Form:
    """One task as one expert sees it.

    `taps` are answered on the message itself; `sheet` opens as a modal behind a button that says
    `sheet_label`. Where there are no taps, the sheet is the answer; beside taps it is an extra that
    the receipt offers.
    """

    question: str
    passages: tuple[Passage, ...]
    taps: tuple[Tap, ...] = ()
    sheet: tuple[Text, ...] = ()
    sheet_label: str = ""

    def field(self, key: str) -> Field | None:
        """Return the field with this key, or None."""
        fields: Sequence[Field] = (*self.taps, *self.sheet)
        return next((field for field in fields if field.key == key), None)

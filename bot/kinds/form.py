"""What an expert is asked, in neutral fields: no Slack, no SQL. `bot.slack.forms.message_fields` draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from bot.kinds.media import Media
from bot.kinds.rank_notation import has_open_tie, ranks_of


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read. `key` names it in what was shown; `markdown` texts are shown formatted.

    `media` are shown with it; the text may be empty where they are all there is. `page` is the one
    from which on it is on the message.
    """

    key: str
    title: str
    text: str
    markdown: bool = True
    media: tuple[Media, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a Choice, or one point of a Scale. `hint` is what the point means.

    `opens` are the fields of the sheet that go with this answer alone.
    """

    value: str
    label: str
    hint: str = ""
    modal_field_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """Pick one of a few options, one tap each."""

    key: str
    label: str
    options: tuple[Option, ...]
    optional: bool = False
    hint: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class MultiChoiceField:
    """Pick any number of options, in the sheet; at least one unless it is optional."""

    key: str
    label: str
    options: tuple[Option, ...]
    optional: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ScaleField:
    """Pick a point on an anchored scale, one tap. Points run from low to high."""

    key: str
    label: str
    points: tuple[Option, ...]
    question: str = ""
    optional: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class RankingField:
    """Put options in order, best first: a tap each, or a rank each in a window.

    Taps add to what was tapped before; EQUAL, BACK and OVER are taps too. The value is a line as
    in `bot.kinds.rank_notation`; a window gives the rank of each option.
    """

    key: str
    label: str
    options: tuple[Option, ...]
    allows_ties: bool = True
    optional: bool = False
    hint: str = ""


PAGE_KEY = "at"
"""The key under which an answer keeps the page that somebody wants to look at again."""

TIE, UNDO, RESTART = "equal", "back", "over"
"""Taps beside the options of an Ordered: the next one ties, one step back, start over."""


@dataclass(frozen=True, slots=True)
class TextField:
    """Write something. `long` texts may exceed one Slack input and come in parts."""

    key: str
    label: str
    optional: bool = False
    long: bool = False
    initial: str = ""
    hint: str = ""


MessageField: TypeAlias = ChoiceField | ScaleField | RankingField
Field: TypeAlias = ChoiceField | MultiChoiceField | ScaleField | RankingField | TextField


@dataclass(frozen=True, slots=True)
class BetterResponse:
    """A response of one's own, offered once an answer found nothing good enough.

    `after` is that answer: a field and its option. It may begin with a passage, which the option of
    `begins` names by its key, or with nothing, which no passage is called; `began` is the key under
    which an answer keeps what it began with.
    """

    text_field: TextField
    started_from_key: str
    starting_points: tuple[Option, ...]
    trigger: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """One task as one expert sees it.

    `taps` are answered on the message itself; `sheet` opens as a modal behind a button that says
    `sheet_label`. Where there are no taps, the sheet is the answer; beside taps it is an extra that
    the receipt offers, or belongs to an answer that opens it. `better` is offered by the receipt,
    too, and has a window of its own.

    A long form has pages: one at a time is on the message, the first with something to answer, or
    the one that the answer names AT. Page 0 is always there.
    """

    question: str
    passages: tuple[Passage, ...]
    message_fields: tuple[MessageField, ...] = ()
    modal_fields: tuple[Field, ...] = ()
    modal_label: str = ""
    better_response: BetterResponse | None = None

    def page_for(self, value: Mapping[str, object]) -> int:
        """Return the page to show with an answer so far, 0 where there are none."""
        pages = sorted({_page_of(tap) for tap in self.message_fields} - {0})
        if not pages:
            return 0
        missing = {_page_of(one) for one in self.missing_fields(value)}
        next_page = next((page for page in pages if page in missing), pages[-1])
        return next((page for page in pages if page == value.get(PAGE_KEY)), next_page)

    def message_fields_for(self, value: Mapping[str, object]) -> tuple[MessageField, ...]:
        """Return the taps of the page to show."""
        page = self.page_for(value)
        return tuple(tap for tap in self.message_fields if _page_of(tap) in (0, page))

    def passages_for(self, value: Mapping[str, object]) -> tuple[Passage, ...]:
        """Return the passages up to the page to show."""
        page = self.page_for(value)
        return tuple(passage for passage in self.passages if passage.page <= page)

    def better_response_for(self, value: Mapping[str, object]) -> BetterResponse | None:
        """Return the response of one's own that goes with an answer, None: it wants none."""
        if self.better_response is None:
            return None
        field, option = self.better_response.trigger
        return self.better_response if value.get(field) == option else None

    def field(self, key: str) -> Field | None:
        """Return the field with this key, or None."""
        return next((field for field in self._all_fields() if field.key == key), None)

    def modal_fields_for(self, value: Mapping[str, object]) -> tuple[Field, ...]:
        """Return the fields of the sheet that go with what was tapped."""
        options = [(tap, option) for tap in self.message_fields for option in options_of(tap)]
        conditional_keys = {key for _tap, option in options for key in option.modal_field_keys}
        chosen_keys = {
            key
            for tap, option in options
            if option.value == value.get(tap.key)
            for key in option.modal_field_keys
        }
        return tuple(
            one
            for one in self.modal_fields
            if one.key not in conditional_keys or one.key in chosen_keys
        )

    def missing_fields(self, value: Mapping[str, object]) -> tuple[Field, ...]:
        """Return the fields that must be answered still, in their order."""
        fields = (*self.message_fields, *self.modal_fields_for(value))
        return tuple(one for one in fields if not (one.optional or is_answered(one, value)))

    def needs_modal(self, value: Mapping[str, object]) -> bool:
        """Say whether all is tapped, and something must be written yet."""
        missing = self.missing_fields(value)
        return bool(missing) and not any(field in self.message_fields for field in missing)

    def _all_fields(self) -> Sequence[Field]:
        return (*self.message_fields, *self.modal_fields)


def _page_of(field: Field) -> int:
    return field.page if isinstance(field, ChoiceField | ScaleField) else 0


def options_of(field: Field) -> tuple[Option, ...]:
    """Return what can be picked in a field, or put in order."""
    match field:
        case ChoiceField() | MultiChoiceField() | RankingField():
            return field.options
        case ScaleField():
            return field.points
        case TextField():
            return ()
        case _:
            assert_never(field)


def is_answered(field: Field, value: Mapping[str, object]) -> bool:
    """Say whether an answer has what a field asks for; an order must be whole."""
    answer = value.get(field.key)
    if isinstance(field, RankingField):
        line = str(answer or "")
        return not has_open_tie(line) and len(ranks_of(line)) == len(field.options)
    return answer not in (None, "", [], ())

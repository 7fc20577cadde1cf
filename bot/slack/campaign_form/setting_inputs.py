"""Inputs of the campaign form, one class for each type of a kind's settings.

A class does both directions: it draws the input of a setting and parses what was entered there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.kinds.criteria_presets import Criterion
from bot.kinds.criteria_text import format_criteria, parse_criteria
from bot.kinds.reason_presets import REASON_PRESETS
from bot.kinds.settings import Categories, Category, KindSettings
from bot.slack.blockkit.inputs import multi_select_input, number_input, select_input, text_input
from bot.slack.blockkit.types import InputBlock

SETTING_LABELS = {
    "criteria": "Criteria, one per line",
    "noun": "What is rated (singular, for example joke)",
    "strength": "Ask how much better it is",
    "reason": "Ask for a reason",
    "reason_categories": "Reasons to choose from, one per line",
    "confidence": "Ask for confidence",
    "levels": "Require confirmation by a second expert",
    "ties": "Allow ties",
    "task": "Type of text",
    "per_turn": "Rate each turn of a conversation",
    "write_better": "Offer to write a better response if both are bad",
}
"""Labels of settings by name."""

OPTION_LABELS = {"levels": {1: "No", 2: "Yes"}}
"""Labels of options by setting and value, where the value itself is no label."""

CRITERIA_HINT = (
    "A name, an optional question in parentheses, and the points from low to high: "
    "Humor (How funny is it?): not funny | faint smile | laughed out loud"
)
LABELS_HINTS = {
    "criteria": "For example Correctness. Experts also say which response is best on each one, "
    "with one more tap.",
    "reason_categories": f"Or the name of a preset: {', '.join(REASON_PRESETS)}.",
}
"""Hints of settings that are labels, one per line."""
CHECKED_VALUE = "yes"
MAX_NUMBER = 1000
MAX_TEXT_CHARS = 200

Entry: TypeAlias = object
"""What was entered: a text, the value of an option, a list of values, or None."""

DraftEntry: TypeAlias = str | list[str]
"""What is entered before anybody has changed the input."""


def setting_label(name: str) -> str:
    """Return the label of a setting. One without a label of its own is labeled with its name."""
    return SETTING_LABELS.get(name, name.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class SettingInput(ABC):
    """The input of one setting. `name` and `field` are those in the model of the settings.

    The input starts with the default of `field`.
    """

    name: str
    field: FieldInfo

    @property
    def label(self) -> str:
        """Return the label of the input."""
        return setting_label(self.name)

    @abstractmethod
    def default_entry(self) -> DraftEntry:
        """Return the entry that is parsed as the default of the setting."""

    @abstractmethod
    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return the input with an entry."""

    @abstractmethod
    def parse(self, entry: Entry) -> object:
        """Return the value of the setting, which the model of the settings validates."""


class CriteriaInput(SettingInput):
    """Criteria as text, one per line."""

    def default_entry(self) -> DraftEntry:
        """Return the default criteria as text."""
        return format_criteria(self.field.get_default(call_default_factory=True))

    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return a text box."""
        text = str(entry or "")
        return text_input(key, self.label, value=text, hint=CRITERIA_HINT, multiline=True)

    def parse(self, entry: Entry) -> object:
        """Return the criteria.

        Raises:
            InvalidCriterionError: a line is malformed.
        """
        return [criterion.model_dump(mode="json") for criterion in parse_criteria(str(entry or ""))]


class CategoriesInput(SettingInput):
    """Categories as text, one label per line."""

    def default_entry(self) -> DraftEntry:
        """Return the labels of the default categories."""
        return "\n".join(category.label for category in self._defaults())

    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return a text box, which may be empty."""
        hint = LABELS_HINTS.get(self.name, "")
        text = str(entry or "")
        return text_input(key, self.label, value=text, hint=hint, optional=True, multiline=True)

    def parse(self, entry: Entry) -> object:
        """Return the categories. A default category keeps its key, which may not be its label."""
        keys = {category.label: category.key for category in self._defaults()}
        lines = [" ".join(line.split()) for line in str(entry or "").splitlines() if line.strip()]
        return [{"key": keys[line], "label": line} if line in keys else line for line in lines]

    def _defaults(self) -> tuple[Category, ...]:
        defaults: tuple[Category, ...] = self.field.get_default(call_default_factory=True)
        return defaults


class CheckboxInput(SettingInput):
    """A boolean as a checkbox."""

    def default_entry(self) -> DraftEntry:
        """Return the checked options."""
        return [CHECKED_VALUE] if self.field.get_default(call_default_factory=True) else []

    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return one checkbox."""
        return multi_select_input(
            key,
            self.label,
            [(CHECKED_VALUE, "Yes")],
            chosen=[CHECKED_VALUE] if self.parse(entry) else [],
            optional=True,
            as_checkboxes=True,
        )

    def parse(self, entry: Entry) -> object:
        """Return whether the checkbox is checked."""
        return isinstance(entry, list) and CHECKED_VALUE in entry


class MenuInput(SettingInput):
    """One of several literals as a menu."""

    def default_entry(self) -> DraftEntry:
        """Return the default as text."""
        return str(self.field.get_default(call_default_factory=True))

    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return a menu of the literals."""
        labels = OPTION_LABELS.get(self.name, {})
        options = [
            (str(option), labels.get(option, str(option).capitalize()))
            for option in get_args(self.field.annotation)
        ]
        return select_input(key, self.label, options, chosen=str(entry))

    def parse(self, entry: Entry) -> object:
        """Return the literal, or the entry itself if there is no such literal."""
        options = get_args(self.field.annotation)
        return next((option for option in options if str(option) == entry), entry)


class WholeNumberInput(SettingInput):
    """A whole number."""

    def default_entry(self) -> DraftEntry:
        """Return the default as text."""
        return str(self.field.get_default(call_default_factory=True))

    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return a box for a number."""
        value = int(str(entry)) if entry else None
        return number_input(key, self.label, minimum=0, maximum=MAX_NUMBER, value=value)

    def parse(self, entry: Entry) -> object:
        """Return the number; None if the box is empty."""
        return int(str(entry)) if entry else None


class ShortTextInput(SettingInput):
    """A text of one line."""

    def default_entry(self) -> DraftEntry:
        """Return the default."""
        return str(self.field.get_default(call_default_factory=True))

    def draw(self, key: str, entry: Entry) -> InputBlock:
        """Return a text box, which may be empty if the default is."""
        return text_input(
            key,
            self.label,
            value=str(entry or ""),
            optional=not self.default_entry(),
            max_length=MAX_TEXT_CHARS,
        )

    def parse(self, entry: Entry) -> object:
        """Return the text."""
        return str(entry or "")


SETTING_INPUTS: dict[object, type[SettingInput]] = {
    tuple[Criterion, ...]: CriteriaInput,
    Categories: CategoriesInput,
    bool: CheckboxInput,
    Literal: MenuInput,
    int: WholeNumberInput,
    str: ShortTextInput,
}
"""The class for each type of setting."""


def setting_inputs_of(
    settings: type[KindSettings], values: KindSettings | None = None
) -> dict[str, SettingInput]:
    """Return the input of each setting, by its name; `values` are what the inputs start with.

    Raises:
        TypeError: a setting has a type without a class.
    """
    return {
        name: _class_for(settings, name, field)(name, _starting_with(field, name, values))
        for name, field in settings.model_fields.items()
    }


def _starting_with(field: FieldInfo, name: str, values: KindSettings | None) -> FieldInfo:
    """Return the field of a setting with a value as its default; unchanged without values."""
    if values is None:
        return field
    return FieldInfo(annotation=field.annotation, default=getattr(values, name))


def _class_for(settings: type[KindSettings], name: str, field: FieldInfo) -> type[SettingInput]:
    is_literal = get_origin(field.annotation) is Literal
    setting_class = SETTING_INPUTS.get(Literal if is_literal else field.annotation)
    if setting_class is None:
        message = (
            f"{settings.__name__}.{name}: the campaign form has no input for {field.annotation}; "
            "add a class to SETTING_INPUTS"
        )
        raise TypeError(message)
    return setting_class

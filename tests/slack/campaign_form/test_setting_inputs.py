"""Every setting of every kind has an input, and what the input shows is what is parsed from it."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import create_model
from pydantic.fields import FieldInfo

from bot.kinds import KINDS
from bot.kinds.criteria_presets import CRITERIA_PRESETS, Criterion
from bot.kinds.settings import Categories, Category, KindSettings
from bot.sandbox.blockkit import check_view
from bot.slack.blockkit.blocks import modal
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.campaign_form.kind_settings import INPUTS_BY_KIND
from bot.slack.campaign_form.setting_inputs import (
    SETTING_INPUTS,
    Entry,
    SettingInput,
    setting_inputs_of,
)
from tests.slack.conftest import FEWER_EXAMPLES, submitted_state

SETTINGS = [(kind, name) for kind, inputs in INPUTS_BY_KIND.items() for name in inputs]

LINE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=30)

CATEGORY_LISTS = st.lists(
    st.builds(Category, key=st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), label=LINE),
    max_size=5,
    unique_by=lambda category: category.label,
)

VALUES: dict[object, st.SearchStrategy[Any]] = {
    tuple[Criterion, ...]: st.sampled_from(list(CRITERIA_PRESETS.values())),
    Categories: CATEGORY_LISTS.map(tuple),
    bool: st.booleans(),
    Literal[1, 2]: st.sampled_from([1, 2]),
    Literal["no", "yes"]: st.sampled_from(["no", "yes"]),
    int: st.integers(0, 1000),
    str: LINE | st.just(""),
}
"""Defaults by the type of a setting: an example of every class, and two of the literals."""


def submitted_entry(setting: SettingInput, entry: Entry) -> Entry:
    """Return what Slack sends for an input that is submitted as it was drawn."""
    view = modal("form", "Form", [setting.draw("key", entry)], submit="Save")
    assert check_view(view) == []
    return parse_inputs(submitted_state(view))["key"]


def parse_as_drawn(setting: SettingInput) -> object:
    """Return the value of a setting whose input is submitted with its default."""
    return setting.parse(submitted_entry(setting, setting.default_entry()))


@pytest.mark.parametrize(("kind", "name"), SETTINGS)
def test_setting_of_a_kind_is_parsed_as_its_default(kind: str, name: str) -> None:
    settings = KINDS[kind].settings
    parsed = settings.model_validate({name: parse_as_drawn(INPUTS_BY_KIND[kind][name])})
    assert getattr(parsed, name) == getattr(settings(), name)


def test_every_setting_of_every_kind_has_an_input() -> None:
    assert {kind: list(inputs) for kind, inputs in INPUTS_BY_KIND.items()} == {
        name: list(kind.settings.model_fields) for name, kind in KINDS.items()
    }


@pytest.mark.parametrize("annotation", VALUES)
@FEWER_EXAMPLES
@given(st.data())
def test_any_default_is_parsed_as_drawn(annotation: Any, data: Any) -> None:  # noqa: ANN401 - a type, and Hypothesis has no public type
    value = data.draw(VALUES[annotation])
    settings = create_model("AnySettings", __base__=KindSettings, value=(annotation, value))
    setting = setting_inputs_of(settings)["value"]
    parsed = settings.model_validate({"value": parse_as_drawn(setting)})
    assert parsed.model_dump()["value"] == settings().model_dump()["value"]


@pytest.mark.parametrize("annotation", VALUES)
@FEWER_EXAMPLES
@given(st.data())
def test_entries_are_kept_when_the_form_is_drawn_again(annotation: Any, data: Any) -> None:  # noqa: ANN401 - as above
    field = FieldInfo(annotation=annotation, default=data.draw(VALUES[annotation]))
    other = FieldInfo(annotation=annotation, default=data.draw(VALUES[annotation]))
    setting_class = SETTING_INPUTS.get(annotation, SETTING_INPUTS[Literal])
    entry = submitted_entry(
        setting_class("value", field), setting_class("value", other).default_entry()
    )
    assert submitted_entry(setting_class("value", field), entry) == entry


def test_emptied_boxes_are_parsed_as_nothing() -> None:
    rating = INPUTS_BY_KIND["rating"]
    emptied = {name: rating[name].parse(None) for name in ("criteria", "noun", "reason_categories")}
    assert emptied == {"criteria": [], "noun": "", "reason_categories": []}
    assert submitted_entry(rating["criteria"], None) is None
    assert rating["confidence"].parse(None) is False


def test_setting_without_an_input_is_refused() -> None:
    class FloatSettings(KindSettings):
        share: float = 0.5

    with pytest.raises(TypeError, match=r"FloatSettings\.share: .* no input for <class 'float'>"):
        setting_inputs_of(FloatSettings)


def test_every_class_is_tested() -> None:
    tested = {SETTING_INPUTS.get(annotation, SETTING_INPUTS[Literal]) for annotation in VALUES}
    assert tested == set(SETTING_INPUTS.values())

"""The title and alt text of a chart."""

from __future__ import annotations

from dataclasses import replace

from bot.slack.charts import alt_text
from tests.slack.charts.test_png import CURVE
from tests.slack.conftest import message_problems


def test_alt_text_describes_the_chart() -> None:
    assert alt_text.build_alt_text(CURVE) == (
        "Answers to Good jokes from Mon 2 Mar to Wed 11 Mar: 400 of 1,200. "
        "Forecast: complete around Mon 30 Mar, between Thu 26 Mar and Mon 6 Apr. "
        "The deadline is Fri 3 Apr."
    )
    bare = replace(CURVE, forecast=None, deadline=None)
    assert alt_text.build_alt_text(bare).endswith("400 of 1,200.")


def test_long_title_fits_within_slacks_limits() -> None:
    long = replace(CURVE, title="<!channel> " * 200)
    assert len(alt_text.build_file_title(long)) <= 150
    assert len(alt_text.build_alt_text(long)) <= alt_text.MAX_ALT_TEXT_CHARS
    assert message_problems(alt_text.render_too_early(replace(long, title="<!channel>"))) == []

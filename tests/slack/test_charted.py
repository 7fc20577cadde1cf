"""What stands around a chart."""

from __future__ import annotations

from dataclasses import replace

from bot.slack import charted
from tests.slack.conftest import refused
from tests.slack.test_charting import CURVE


def test_the_alt_text_says_what_the_chart_shows() -> None:
    assert charted.in_words(CURVE) == (
        "Answers to Good jokes from Mon 2 Mar to Wed 11 Mar: 400 of 1,200. The forecast says that "
        "all will be there around Mon 30 Mar, between Thu 26 Mar and Mon 6 Apr. "
        "The deadline is Fri 3 Apr."
    )
    bare = replace(CURVE, forecast=None, deadline=None)
    assert charted.in_words(bare).endswith("400 of 1,200.")


def test_a_long_title_fits_where_slack_takes_it() -> None:
    long = replace(CURVE, title="<!channel> " * 200)
    assert len(charted.title(long)) <= 150
    assert len(charted.in_words(long)) <= charted.LONGEST
    assert refused(charted.too_early(replace(long, title="<!channel>"))) == []

"""What is typed behind /label is understood as people meant it, whatever their phone made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.spoken import Spoken, understand
from tests.slack.conftest import QUICK


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Spoken()),
        ("   \n ", Spoken()),
        ("tone", Spoken(("tone",))),
        ("tone rating  daily\t06:00", Spoken(("tone", "rating", "daily", "06:00"))),
        ('"tone of voice" now', Spoken(("tone of voice", "now"))),
        ("“tone of voice” now", Spoken(("tone of voice", "now"))),
        ("„Ton und Stimme“ now", Spoken(("Ton und Stimme", "now"))),
        ("'tone of voice' don't", Spoken(("tone of voice", "don't"))),
        ('tone "never closed', Spoken(("tone", "never closed"))),
        ("<@U1|ada> <@W2> tone", Spoken(("tone",), ("U1", "W2"))),
        ("<@U1><@U2>", Spoken((), ("U1", "U2"))),
        ("tone <#C1|gen eral> <#C2>", Spoken(("tone",), (), ("C1", "C2"))),
        ("<!subteam^S1|@linguists>", Spoken((), (), (), ("S1",))),
        ("<!subteam^S1>", Spoken((), (), (), ("S1",))),
        ("Domain=law role=senior", Spoken(options={"domain": "law", "role": "senior"})),
        ('domain="sports medicine"', Spoken(options={"domain": "sports medicine"})),
        ("domain='sports medicine' x", Spoken(("x",), options={"domain": "sports medicine"})),
        ("channel=<#C1|general>", Spoken(options={"channel": "C1"})),
        ("domain=", Spoken(("domain=",))),
        ('at "0 6 * * *" tone', Spoken(("at", "0 6 * * *", "tone"))),
        ("a &lt;b&gt; &amp;amp; c", Spoken(("a", "<b>", "&amp;", "c"))),
        ("<mailto:a@b.c|a@b.c>", Spoken(("a@b.c",))),
        ("<https://x.y/z|x.y> <!here>", Spoken(("https://x.y/z", "!here"))),
        ("<@not an id> 1<2", Spoken(("@not an id", "1", "2"))),
    ],
)
def test_it_is_understood_as_it_was_meant(text: str, meant: Spoken) -> None:
    assert understand(text) == meant


@QUICK
@given(st.text(st.sampled_from("ab =\"'“”„\u2018\u2019<>@#!|&^U1S\n"), max_size=30))
def test_whatever_is_typed_is_understood_somehow(text: str) -> None:
    meant = understand(text)
    assert all((*meant.words, *meant.people, *meant.channels, *meant.groups))
    assert meant.first == "".join(meant.words[:1])


@QUICK
@given(st.lists(st.text("abcdef-.:*,/0123456789", min_size=1), max_size=6))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    assert understand(" ".join(words)) == Spoken(tuple(words))

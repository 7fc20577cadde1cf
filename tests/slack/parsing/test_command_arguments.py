"""Arguments of /label: mentions, quotes and options are parsed as people mean them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.parsing.command_arguments import CommandArguments, parse_arguments
from tests.slack.conftest import FEWER_EXAMPLES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", CommandArguments()),
        ("   \n ", CommandArguments()),
        ("tone", CommandArguments(("tone",))),
        ("tone rating  daily\t06:00", CommandArguments(("tone", "rating", "daily", "06:00"))),
        ('"tone of voice" now', CommandArguments(("tone of voice", "now"))),
        ("“tone of voice” now", CommandArguments(("tone of voice", "now"))),
        ("„Ton und Stimme“ now", CommandArguments(("Ton und Stimme", "now"))),
        ("'tone of voice' don't", CommandArguments(("tone of voice", "don't"))),
        ('tone "never closed', CommandArguments(("tone", "never closed"))),
        ("<@U1|ada> <@W2> tone", CommandArguments(("tone",), ("U1", "W2"))),
        ("<@U1><@U2>", CommandArguments((), ("U1", "U2"))),
        ("tone <#C1|gen eral> <#C2>", CommandArguments(("tone",), (), ("C1", "C2"))),
        ("<!subteam^S1|@linguists>", CommandArguments((), (), (), ("S1",))),
        ("<!subteam^S1>", CommandArguments((), (), (), ("S1",))),
        ("Domain=law role=senior", CommandArguments(options={"domain": "law", "role": "senior"})),
        ('domain="sports medicine"', CommandArguments(options={"domain": "sports medicine"})),
        (
            "domain='sports medicine' x",
            CommandArguments(("x",), options={"domain": "sports medicine"}),
        ),
        ("channel=<#C1|general>", CommandArguments(options={"channel": "C1"})),
        ("domain=", CommandArguments(("domain=",))),
        ('at "0 6 * * *" tone', CommandArguments(("at", "0 6 * * *", "tone"))),
        ("a &lt;b&gt; &amp;amp; c", CommandArguments(("a", "<b>", "&amp;", "c"))),
        ("<mailto:a@b.c|a@b.c>", CommandArguments(("a@b.c",))),
        ("<https://x.y/z|x.y> <!here>", CommandArguments(("https://x.y/z", "!here"))),
        ("<@not an id> 1<2", CommandArguments(("@not an id", "1", "2"))),
    ],
)
def test_arguments_are_parsed(text: str, expected: CommandArguments) -> None:
    assert parse_arguments(text) == expected


@FEWER_EXAMPLES
@given(st.text(st.sampled_from("ab =\"'“”„\u2018\u2019<>@#!|&^U1S\n"), max_size=30))
def test_any_text_can_be_parsed(text: str) -> None:
    parsed = parse_arguments(text)
    assert all((*parsed.tokens, *parsed.user_ids, *parsed.channel_ids, *parsed.usergroup_ids))
    assert parsed.first_token == "".join(parsed.tokens[:1])


@FEWER_EXAMPLES
@given(st.lists(st.text("abcdef-.:*,/0123456789", min_size=1), max_size=6))
def test_plain_tokens_are_unchanged(tokens: list[str]) -> None:
    assert parse_arguments(" ".join(tokens)) == CommandArguments(tuple(tokens))

"""Rendering of texts as HTML: as in Slack, and safe against injected markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.markdown import markdown_html
from bot.sandbox.page.mrkdwn import Reader, mrkdwn_html, text_html
from bot.sandbox.page.rich_text import rich_text_html
from bot.sandbox.workspace import App, User, Workspace

WORKSPACE = Workspace("T1", "W", "w", App("A1", "B1", "U0", "", "", "", ""))
WORKSPACE.users["U1"] = User("U1", "ada", "Ada <Okafor>", "UTC", "", 0)
READER = Reader(WORKSPACE, "U2", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("*a* _b_ ~c~ `d`", "<strong>a</strong> <em>b</em> <s>c</s> <code>d</code>"),
        ("*a _b_*", "<strong>a <em>b</em></strong>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;"),
        ("<@U1>", '<span class="mention">@Ada &lt;Okafor&gt;</span>'),
        ("<!here>", '<span class="mention">@here</span>'),
        (":wave: :nosuch:", "👋 :nosuch:"),
        ("&gt; quoted\nnot", '<span dir="auto" class="quote">quoted</span>not'),
        ("```x *y*```", "<pre>x *y*</pre>"),
        ("<!date^0^{date} {time}|then>", "<time>01 January 1970 09:00</time>"),
        ("<!date^x^{date}|then>", "<time>then</time>"),
    ],
)
def test_mrkdwn_renders_as_in_slack(raw: str, html: str) -> None:
    assert mrkdwn_html(raw, READER) == html


def test_links_open_in_a_new_tab_and_script_urls_are_not_links() -> None:
    assert 'rel="noopener noreferrer">here</a>' in mrkdwn_html("<https://e.org|here>", READER)
    assert 'href="tel:+1415"' in mrkdwn_html("<tel:+1415|+1 415>", READER)
    assert "href" not in mrkdwn_html("<javascript:alert(1)|here>", READER)
    leaf = {"type": "link", "url": "javascript:alert(1)", "text": "x"}
    section = {"type": "rich_text_section", "elements": [leaf]}
    assert "href" not in rich_text_html({"elements": [section]}, READER)
    assert "href" not in markdown_html("[x](javascript:alert(1))")


def test_markdown_images_are_not_loaded() -> None:
    html = markdown_html("![a picture](https://e.org/x.png) <img src=x onerror=alert(1)>")
    assert "<img" not in html
    assert "a picture" in html
    assert "https://e.org/x.png" in html


@given(st.text(alphabet="<>&\"'*_~`:|!@# ab\n/", max_size=80))
def test_no_html_tag_in_a_text_survives(text: str) -> None:
    probe = f"{text}<img src=x>{text}"
    for html in (
        mrkdwn_html(probe, READER),
        text_html({"type": "plain_text", "text": probe}, READER),
    ):
        assert "<img" not in html
    leaf = {"type": "text", "text": probe}
    section = {"type": "rich_text_section", "elements": [leaf]}
    assert "<img" not in rich_text_html({"elements": [section]}, READER)
    assert "<img" not in markdown_html(probe)

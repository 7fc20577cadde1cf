"""Addresses in typed text that Slack turns into links: with or without a scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping

COUNTRY_DOMAINS = (
    "ac ad ae af ag ai al am ao ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt "
    "bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee "
    "eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk "
    "hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la "
    "lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my "
    "mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro "
    "rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk "
    "tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
OTHER_DOMAINS = (
    "academy aero agency app art asia audio biz blog book build business cafe cat center chat city "
    "cloud club codes com community company computer coop dev digital directory edu education "
    "email engineering events expert finance foundation fun fund games global gov group guide help "
    "host house info ink institute int jobs land legal life link live ltd management market media "
    "mil mobi museum name net network news ngo one online ong org page partners photo pictures "
    "post press pro report research review rocks sale school science services shop "
    "site social software solutions space store studio support systems team tech technology tel "
    "tips today tools top travel university video vip wiki win work works world xxx xyz zip zone"
)
"""The top-level domains that people use most, apart from those of countries."""

_TOP_LEVEL = "|".join(sorted(f"{COUNTRY_DOMAINS} {OTHER_DOMAINS}".split(), key=len, reverse=True))
_NAME = r"[^\W_](?:[\w-]*[^\W_])?"
_REST = r"(?:[/?#][^\s<>|]*)?"

LINK_PATTERN = (
    r"(?P<link>(?<![\w])(?:https?|ftp|slack)://[^\s<>|]+|(?<!\w)mailto:[^\s<>|]+@[^\s<>|]+)"
    rf"|(?P<address>(?<![\w.+-])[\w.+-]*\w@(?:{_NAME}\.)+[^\W\d_]{{2,}}(?![\w-]))"
    rf"|(?P<domain>(?<![\w@./+:-])(?:{_NAME}\.)+(?:{_TOP_LEVEL})(?![\w-])(?!\.\w)(?::\d+)?{_REST})"
    r"|(?P<phone>(?<![\w+-])(?:\+\d[\d ()-]{7,17}\d"
    r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}[ -]\d{3}-\d{4})(?![\w-]))"
)
"""A regular expression with a group for each kind of address."""

LINK_KINDS = ("link", "address", "domain", "phone")

MIN_PHONE_DIGITS = 9
_CLOSING = {")": "(", "]": "[", "}": "{"}


def trim_link(text: str) -> str:
    """Return a link without the punctuation that ends the sentence around it."""
    while text:
        last = text[-1]
        is_unbalanced = last in _CLOSING and text.count(last) > text.count(_CLOSING[last])
        if last not in ".,;:!?\"'*_~" and not is_unbalanced:
            return text
        text = text[:-1]
    return text


def is_link(kind: str, text: str) -> bool:
    """Tell whether `text`, which matches the pattern of this kind, is long enough for a link."""
    return kind != "phone" or sum(map(str.isdigit, text)) >= MIN_PHONE_DIGITS


def link_url(kind: str, text: str) -> str:
    """Return the URL of a link that was typed as `text`."""
    if kind == "address":
        return f"mailto:{text}"
    if kind == "domain":
        return f"http://{text}"
    return f"tel:{re.sub(r'[^0-9+]', '', text)}" if kind == "phone" else text


def typed_text(link: Mapping[str, object]) -> str | None:
    """Return what was typed for a link element, None if it was not made from an address."""
    url, text = str(link.get("url", "")), link.get("text")
    if not text or text == url:
        return url
    is_typed = any(link_url(kind, str(text)) == url for kind in LINK_KINDS)
    return str(text) if is_typed else None

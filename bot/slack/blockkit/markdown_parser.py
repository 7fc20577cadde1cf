r"""A Markdown parser that changes neither math nor code, nor what only resembles markup.

CommonMark drops characters that matter in what models write: the backslashes of `\(x\)`, the
asterisks of `2*3*4`, the indentation of a continued line, the angle brackets of `<https://x.y>`.
Such characters are text here, as the author wrote them.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline, backtick

MAX_MATH_CHARS = 2_000
"""Longest formula that is searched for: longer ones are rare, and the search must stay fast."""

_ANY = rf".{{1,{MAX_MATH_CHARS}}}?"
MATH = re.compile(
    rf"(?P<slashes>\\{{1,2}})(?:\({_ANY}(?P=slashes)\)|\[{_ANY}(?P=slashes)\])|\$\${_ANY}\$\$"
    rf"|\\begin\{{(?P<name>\w+\*?)\}}.{{0,{MAX_MATH_CHARS}}}?\\end\{{(?P=name)\}}"
    rf"|\$(?![\s$])(?:\\.|[^\\$\n`]){{1,{MAX_MATH_CHARS}}}(?<!\s)\$(?!\d)",
    re.DOTALL,
)
"""A formula in TeX. A price such as “$5 or $6” is none: a digit follows its second dollar sign.

The backslash of a delimiter may be doubled, as in files that were escaped twice.
"""

MATH_START = re.compile(r"\$\$|\\{1,2}\[|\\begin\{")
"""How a formula begins that may have several lines."""

NAME_WITH_UNDERSCORES = re.compile(r"__[a-z][a-z0-9_]*?__(?!\w)")
"""A name such as `__init__`. Bold text in small letters is written with asterisks."""

BEFORE_SYMBOLS = ("^", "{")
"""Marks before an asterisk that is a symbol, as in `V^*(s)` and `x^{*}`."""

ENDS_OPERAND = re.compile(r"[A-Za-z0-9)\]}]")
STARTS_OPERAND = re.compile(r"[A-Za-z0-9(\[{\\]")

INTERRUPTING: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
"""A block that may follow a paragraph without a blank line."""


class _LiteralLinkMarkdown(MarkdownIt):
    """A Markdown parser that leaves URLs as they are written: they are shown, not followed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Return the URL of a link unchanged."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        """Return the text of a bare link unchanged."""
        return link


def build_parser() -> MarkdownIt:
    """Return the parser.

    References are disabled because CommonMark drops their definitions from the text; entities, raw
    HTML and links in angle brackets because experts should see what a model wrote; underlined
    headings because a line under a paragraph may be a rule or an equation.
    """
    parser = _LiteralLinkMarkdown("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    parser.disable(["reference", "entity", "autolink", "lheading"])
    parser.inline.ruler.at("newline", _parse_newline)
    parser.inline.ruler.at("escape", _parse_backslash)
    parser.inline.ruler.at("backticks", _parse_code)
    parser.inline.ruler.before("escape", "math", _parse_math)
    parser.inline.ruler.before("emphasis", "operator", _parse_operator)
    parser.block.ruler.at("list", _parse_list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("blockquote", _parse_quote, INTERRUPTING)
    parser.block.ruler.before("paragraph", "math_block", _parse_math_block, INTERRUPTING)
    return parser


def _take(state: StateInline, text: str, *, silent: bool) -> bool:
    """Consume a text at the current position as it is."""
    if not silent:
        state.append_pending(text)
    state.pos += len(text)
    return True


def _parse_newline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
    """Break the line; the next one keeps its indentation."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.push("softbreak", "br", 0)
    state.pos += 1
    return True


def _parse_backslash(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Keep a backslash, and do not parse the mark after it."""
    if state.src[state.pos] != "\\":
        return False
    following = state.src[state.pos + 1 : min(state.pos + 2, state.posMax)]
    return _take(state, "\\" + following.strip(), silent=silent)


def _parse_code(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Parse inline code, which keeps its spaces and line breaks."""
    start, count = state.pos, len(state.tokens)
    if not backtick(state, silent):
        return False
    if not silent and len(state.tokens) > count and state.tokens[-1].type == "code_inline":
        code = state.tokens[-1]
        marks = len(code.markup)
        source = state.src[start + marks : state.pos - marks]
        if not source.strip().startswith("`") and not source.strip().endswith("`"):
            code.content = source
    return True


def _parse_math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Keep a formula as it is."""
    if state.src[state.pos] not in "\\$":
        return False
    formula = MATH.match(state.src, state.pos, state.posMax)
    return _take(state, formula[0], silent=silent) if formula else False


def _parse_operator(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Keep asterisks that are operators or symbols, subscripts, and names with two underscores."""
    mark = state.src[state.pos]
    if mark not in "*_":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == mark:
        end += 1
    before = state.src[state.pos - 1] if state.pos else ""
    after = state.src[end] if end < state.posMax else ""
    if mark == "*":
        is_operator = bool(ENDS_OPERAND.match(before) and STARTS_OPERAND.match(after))
        is_text = is_operator or before in BEFORE_SYMBOLS
        return _take(state, mark * (end - state.pos), silent=silent) if is_text else False
    if after == "{" or before in tuple(")]}"):
        return _take(state, mark * (end - state.pos), silent=silent)
    name = NAME_WITH_UNDERSCORES.match(state.src, state.pos, state.posMax)
    return _take(state, name[0], silent=silent) if name else False


def _line(state: StateBlock, number: int) -> str:
    """Return a line without its indentation."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _parse_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Parse a list with `-`, `*` or numbers. A `+` is an operator, or an added line of a diff."""
    return not _line(state, start).startswith("+") and list_block(state, start, end, silent)


def _parse_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Parse a quote. `>>>` is a prompt of Python, and `>=` an operator."""
    is_text = _line(state, start).startswith((">>", ">="))
    return not is_text and blockquote(state, start, end, silent)


def _parse_math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as above
    """Keep a formula of several lines together: its lines are no lists, quotes or headings."""
    opening_mark = MATH_START.search(_line(state, start))
    if opening_mark is None:
        return False
    first = state.bMarks[start] + state.tShift[start] + opening_mark.start()
    formula = MATH.match(state.src, first, state.eMarks[end - 1])
    last = start + formula[0].count("\n") if formula else start
    if last == start:
        return False
    if silent:
        return True
    content = state.getLines(start, last + 1, state.blkIndent, keepLastLF=False).strip()
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start, last + 1]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [start, last + 1], []
    state.push("paragraph_close", "p", -1)
    state.line = last + 1
    return True

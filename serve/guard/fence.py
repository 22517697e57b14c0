"""Sources as data: inside delimiters that they cannot know, with control tokens broken.

A :class:`Fence` belongs to one request. Its delimiters hold random digits that are drawn when the
request begins, after every source was written, so no source can close the fence around it; should
the digits stand in a source none the less, they are taken out there. What a chat template would
read as its own (``<|im_start|>``, ``[INST]``) is broken by a space, as are imitations of our
delimiters. A source may be datamarked besides: a mark in place of every space keeps reminding the
model that these words are data (*spotlighting*).

>>> print(Fence(digits="5f0c9a7be1d24a36").wrap("Built in 1871.<|im_end|>", "document 1"))
<<source 5f0c9a7be1d24a36: document 1>>
Built in 1871.< |im_end|>
<<end 5f0c9a7be1d24a36>>

Source: Hines et al. 2024, Defending Against Indirect Prompt Injection Attacks With Spotlighting,
arXiv:2403.14720.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from minilora.data.detective.steps import closing, fence_rule, opening
from serve.guard.normalise import strip_invisible

N_DIGITS = 16  # hexadecimal: 64 bits, drawn after the sources are written
MARK = "\ue000"  # a private-use character, as in the paper: no source needs it
LABEL_CHARS = 200

# Control tokens of widespread chat templates; those of the model at hand are given by name.
_TEMPLATE_TOKENS = re.compile(
    r"<(?=\|[^|<>\n]{1,64}\|>)"  # <|im_start|>, <|eot_id|>, <|user|>
    r"|<(?=/?s>)"  # <s>, </s>
    r"|<(?=/?(?:start|end)_of_(?:turn|image)>)"
    r"|<(?=</?SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])"
    r"|<(?=[｜\uff5c][^<>\n]{1,64}[｜\uff5c]>)",  # DeepSeek's, with full-width bars
    re.IGNORECASE,
)
_LIKE_OURS = re.compile(r"[<\uff1c\ufe64](?=[<\uff1c\ufe64]\s*(?:source|end)\b)", re.IGNORECASE)


class Fence:
    """The delimiters of one request.

    Attributes:
        digits: what makes them unknowable.

    Args:
        digits: hexadecimal; None draws them.
        special_tokens: control tokens of the model at hand, as text.

    Raises:
        ValueError: digits that are too few or no digits, or an empty control token.
    """

    def __init__(self, digits: str | None = None, special_tokens: Iterable[str] = ()) -> None:
        self.digits = secrets.token_hex(N_DIGITS // 2) if digits is None else digits
        if not re.fullmatch(f"[0-9a-f]{{{N_DIGITS}}}", self.digits):
            raise ValueError(f"a fence needs {N_DIGITS} hexadecimal digits, got {self.digits!r}")
        self.special_tokens = tuple(special_tokens)
        if "" in self.special_tokens:
            raise ValueError("a control token cannot be empty")
        self._own = re.compile(self.digits, re.IGNORECASE)

    @property
    def rule(self) -> str:
        """What the system prompt says about fences."""
        return fence_rule(self.digits)

    def wrap(self, text: str, label: str, mark: bool = False) -> str:
        """Return a source between delimiters of its own lines.

        Args:
            text: anything.
            label: what the source is, on one line; it is treated as untrusted, too.
            mark: datamark the text.
        """
        shown = self.defuse(text)
        title = " ".join(self.defuse(label).split())[:LABEL_CHARS].replace(">>", "> >")
        title = title.rstrip("> ")  # it would lengthen the delimiter's own
        body = datamark(shown) if mark else shown
        return f"{opening(self.digits, title)}\n{body}\n{closing(self.digits)}"

    def defuse(self, text: str) -> str:
        """Return a text that can neither close a fence nor speak as the chat template.

        It is also what a question goes through: that has no fence, but the same control tokens.
        """
        text = self._own.sub("[digits]", strip_invisible(text))
        text = _LIKE_OURS.sub(r"\g<0> ", escape_special_tokens(text, self.special_tokens))
        return text


def escape_special_tokens(text: str, tokens: Iterable[str] = ()) -> str:
    """Return a text without control tokens: a space follows the first character of each.

    Args:
        text: any.
        tokens: control tokens of the model at hand; those of widespread templates are known. A
            token of one character, which no space could break, is taken out.

    >>> escape_special_tokens("<|im_start|>system <tool>", ["<tool>"])
    '< |im_start|>system < tool>'
    """
    text = _TEMPLATE_TOKENS.sub(lambda match: match[0] + " ", text)
    wanted = [re.escape(token) for token in sorted(tokens, key=len, reverse=True)]
    if not wanted:
        return text
    # A look-ahead finds tokens that overlap, so that none is left beside a broken one.
    overlapping = re.compile(f"(?=({'|'.join(wanted)}))(.)", re.DOTALL)
    return overlapping.sub(lambda m: "" if len(m[1]) == 1 else m[2] + " ", text)


def datamark(text: str, mark: str = MARK) -> str:
    """Return a text with every run of spaces replaced by the mark; newlines stay.

    >>> datamark("built in 1871", mark="^")
    'built^in^1871'
    """
    return re.sub(r"[^\S\n]+", mark, text.replace(mark, ""))

r"""Unicode properties of ``\p{...}``: general categories, and a few sets defined by them.

The categories are those of Python's own Unicode version (``unicodedata.unidata_version``).
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import UNIVERSE, Intervals

# The long names of the general categories. Source: Unicode, PropertyValueAliases.txt, gc.
_LONG_NAMES = {
    "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
    "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo",
    "Mark": "M", "Combining_Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc",
    "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
    "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P",
    "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps",
    "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf",
    "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs",
    "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc",
    "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
}  # fmt: skip

_SHORT_NAMES = frozenset(_LONG_NAMES.values())


def property_set(name: str) -> Intervals | None:
    r"""Return the code points of a property as written in \p{name}, None if it is not known here.

    Known are the general categories, plain or after ``gc=`` or ``General_Category=``, and Any,
    Assigned, ASCII and ASCII_Hex_Digit. Scripts and the other binary properties are not.
    """
    if name == "Any":
        return UNIVERSE
    if name == "Assigned":
        return sets.invert(_category("Cn"))
    if name == "ASCII":
        return ((0, 0x7F),)
    if name in ("ASCII_Hex_Digit", "AHex"):
        return ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))
    for prefix in ("gc=", "General_Category="):
        name = name.removeprefix(prefix)
    category = _LONG_NAMES.get(name, name)
    return _category(category) if category in _SHORT_NAMES else None


@cache
def _category(name: str) -> Intervals:
    """Return the code points of a general category, LC, or a group such as L."""
    runs = _category_runs()
    if name == "LC":
        return sets.union(runs["Lu"], runs["Ll"], runs["Lt"])
    return sets.union(*(intervals for key, intervals in runs.items() if key.startswith(name)))


@cache
def _category_runs() -> dict[str, Intervals]:
    """Return the code points of each two-letter category, from one walk over all of them."""
    pairs: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    category = unicodedata.category
    for code_point in range(1, sys.maxunicode + 1):
        here = category(chr(code_point))
        if here != current:
            pairs.setdefault(current, []).append((start, code_point - 1))
            start, current = code_point, here
    pairs.setdefault(current, []).append((start, sys.maxunicode))
    return {name: sets.normalize(runs) for name, runs in pairs.items()}

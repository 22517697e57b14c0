r"""The ``format`` keyword as regular terms, from the grammars of their standards.

Exact, as far as the standards say it by a grammar: date, time and date-time (RFC 3339: the days of
each month, leap years, and :60 only where it is 23:59:60 in UTC), duration (RFC 3339, appendix A),
ipv4 and ipv6 (RFC 2673, RFC 4291), uri, uri-reference (RFC 3986), iri, iri-reference (RFC 3987),
uri-template (RFC 6570), uuid (RFC 4122), json-pointer and relative-json-pointer.

Narrower than the standard, never wider: hostname and what is made of it, email and idn-email, take
no label with "--" in its third and fourth place, among them the encoded names xn--..., whose
validity no regular term can tell; idn-hostname takes letters of one direction, composed, in short
labels, without the characters that need a certain neighbour; regex takes groups and lookaheads up
to REGEX_DEPTH deep, classes with ranges of letters or digits, counts {n} and {n,}, and no names or
back-references.

>>> from minilora.grammar.terms import Terms
>>> t = Terms()
>>> [t.contains(format_term("date", t), day) for day in ("2024-02-29", "2023-02-29")]
[True, False]
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import chain

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import Intervals
from minilora.grammar.pattern import parse_pattern
from minilora.grammar.terms import Term, Terms

# RFC 3339, section 5.6 and appendix C (leap years); but years from 1 on, as calendars have them:
# readers of dates, Python's for one, refuse the year 0000.
_YEAR = r"(?:[1-9]\d{3}|\d[1-9]\d\d|\d\d[1-9]\d|\d{3}[1-9])"
_MONTH_DAYS = (
    r"(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|1\d|2[0-8])"
)
_FOURTH = r"(?:0[48]|[2468][048]|[13579][26])"  # 04, 08, ... 96
_LEAP_YEAR = rf"(?:\d\d{_FOURTH}|{_FOURTH}00)"
_DATE = rf"(?:{_YEAR}-(?:{_MONTH_DAYS})|{_LEAP_YEAR}-02-29)"
_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_FRACTION = r"(?:\.\d+)?"
_TIME = rf"{_HOUR}:{_SIXTY}:{_SIXTY}{_FRACTION}(?:[zZ]|[+-]{_HOUR}:{_SIXTY})"

# RFC 3339, appendix A.
_SECONDS = r"\d+S"
_MINUTES = rf"\d+M(?:{_SECONDS})?"
_HOURS = rf"\d+H(?:{_MINUTES})?"
_TIME_SPAN = rf"T(?:{_HOURS}|{_MINUTES}|{_SECONDS})"
_MONTHS = r"\d+M(?:\d+D)?"
_DATE_SPAN = rf"(?:\d+D|{_MONTHS}|\d+Y(?:{_MONTHS})?)"
_DURATION = rf"P(?:{_DATE_SPAN}(?:{_TIME_SPAN})?|{_TIME_SPAN}|\d+W)"

# RFC 3986, appendix A.
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H16 = r"[\da-fA-F]{1,4}"
_LAST32 = rf"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6 = (
    rf"(?:(?:{_H16}:){{6}}{_LAST32}|::(?:{_H16}:){{5}}{_LAST32}"
    rf"|(?:{_H16})?::(?:{_H16}:){{4}}{_LAST32}"
    rf"|(?:(?:{_H16}:){{0,1}}{_H16})?::(?:{_H16}:){{3}}{_LAST32}"
    rf"|(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LAST32}"
    rf"|(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LAST32}"
    rf"|(?:(?:{_H16}:){{0,4}}{_H16})?::{_LAST32}"
    rf"|(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}|(?:(?:{_H16}:){{0,6}}{_H16})?::)"
)

# RFC 3987, section 2.2: what an IRI takes beyond ASCII, and in its query.
_UCSCHAR = r"\u{A0}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFEF}" + "".join(
    rf"\u{{{plane:X}0000}}-\u{{{plane:X}FFFD}}" for plane in range(1, 14)
)
_UCSCHAR += r"\u{E1000}-\u{EFFFD}"
_IPRIVATE = r"\u{E000}-\u{F8FF}\u{F0000}-\u{FFFFD}\u{100000}-\u{10FFFD}"


def _resource(beyond: str, private: str, relative: bool) -> str:
    """Return the pattern of RFC 3986's URI or URI-reference; of RFC 3987's with more characters."""
    plain = rf"\w\-.~{beyond}!$&'()*+,;="  # unreserved and sub-delims
    percent = r"%[\da-fA-F]{2}"
    pchar = rf"(?:[{plain}:@]|{percent})"
    host = rf"(?:\[(?:{_IPV6}|[vV][\da-fA-F]+\.[\w\-.~!$&'()*+,;=:]+)\]|(?:[{plain}]|{percent})*)"
    authority = rf"(?:(?:[{plain}:]|{percent})*@)?{host}(?::\d*)?"
    tail = rf"(?:/{pchar}*)*"
    rooted = rf"//{authority}{tail}|/(?:{pchar}+{tail})?"
    query = rf"(?:\?(?:[{plain}:@/?{private}]|{percent})*)?"
    fragment = rf"(?:#(?:[{plain}:@/?]|{percent})*)?"
    absolute = rf"[a-zA-Z][a-zA-Z\d+\-.]*:(?:{rooted}|{pchar}+{tail}|)"
    if not relative:
        return rf"{absolute}{query}{fragment}"
    no_colon = rf"(?:[{plain}@]|{percent})+{tail}"
    return rf"(?:{absolute}|{rooted}|{no_colon}|){query}{fragment}"


# RFC 6570, section 2.
_VARNAME = r"(?:\w|%[\da-fA-F]{2})(?:\.?(?:\w|%[\da-fA-F]{2}))*"
_VARSPEC = rf"{_VARNAME}(?::[1-9]\d{{0,3}}|\*)?"
_LITERAL = rf"[!#$&'()*+,\-./\d:;=?@A-Z\[\]_a-z~{_UCSCHAR}{_IPRIVATE}]|%[\da-fA-F]{{2}}"
_TEMPLATE = rf"(?:{_LITERAL}|\{{[+#./;?&=,!@|]?{_VARSPEC}(?:,{_VARSPEC})*\}})*"

# RFC 6901, section 3; draft-bhutton-relative-json-pointer-00, section 3.
_POINTER = r"(?:/(?:[^/~]|~[01])*)*"

# RFC 5321, section 4.1.2; RFC 6531, section 3.3 (UTF-8 beyond ASCII).
_ATEXT = r"\w!#$%&'*+\-/=?^`{|}~"
_LABEL = r"[a-zA-Z\d](?:[a-zA-Z\d-]{0,61}[a-zA-Z\d])?"
_HOSTNAME = rf"{_LABEL}(?:\.{_LABEL})*"


# ECMA-262, section 22.2.1, less what no regular term can tell: free depth, the order of counts.
REGEX_DEPTH = 4
_ESCAPE = (
    r"\\(?:[dDwWsSfnrtv^$\\.*+?()\[\]{}|\/]|x[\da-fA-F]{2}"
    r"|u(?:[0-9a-cA-Ce-fE-F][\da-fA-F]{3}|[dD][0-7][\da-fA-F]{2}))"
)
_RANGE = "|".join(
    f"{first}-[{first}-{symbols[-1]}]"
    for symbols in (string.digits, string.ascii_lowercase, string.ascii_uppercase)
    for first in symbols
)
_CLASS = rf"\[\^?(?:{_RANGE}|[^\\\[\]\^\-&~|]|{_ESCAPE}|\\-)+-?\]"
_COUNT = r"(?:[*+?]|\{\d{1,3},?\})\??"


def _regex(depth: int) -> str:
    """Return the pattern of patterns with groups up to so deep; a bar may stand anywhere."""
    atom = rf"[^\\^$.*+?()\[\]{{}}|]|\.|{_ESCAPE}|{_CLASS}"
    if depth == 0:
        return rf"(?:(?:{atom})(?:{_COUNT})?|[\^$|])*"
    inner = _regex(depth - 1)
    return rf"(?:(?:{atom}|\((?:\?:)?{inner}\))(?:{_COUNT})?|[\^$|]|\(\?[=!]{inner}\))*"


def _whole(pattern: str, terms: Terms) -> Term:
    return parse_pattern(f"^(?:{pattern})$", terms)


def _time(terms: Terms) -> Term:
    """Return full-time; second 60 only at 23:59 UTC: local time = 23:59 + offset.

    For +hh:00 that is hh-1:59, for +hh:mm hh:(mm-1), for -hh:mm (23-hh):(59-mm), hours modulo 24.
    """
    digit = terms.chars(((48, 57),))
    sixtieth = _whole(f":60{_FRACTION}", terms)
    hours, any_two = range(24), terms.repeat(digit, 2, 2)
    minute = terms.concat(terms.literal(":"), any_two)

    def joined(*parts: Term | str) -> Term:
        return terms.concat(*(terms.literal(p) if isinstance(p, str) else p for p in parts))

    def two(number: int) -> str:
        return f"{number:02d}"

    ahead = (joined(two(h), minute, sixtieth, "+" + two(h), minute) for h in hours)
    ahead_minutes = (
        joined(any_two, f":{two(m - 1)}", sixtieth, "+", any_two, f":{two(m)}")
        for m in range(1, 60)
    )
    behind = (joined(two(23 - h), minute, sixtieth, "-" + two(h), minute) for h in hours)
    behind_minutes = (
        joined(any_two, f":{two(59 - m)}", sixtieth, "-", any_two, f":{two(m)}") for m in range(60)
    )
    leap = terms.union(
        joined("23:59", sixtieth, terms.chars(((90, 90), (122, 122)))),
        *(joined(f"{two((h - 1) % 24)}:59", sixtieth, f"+{two(h)}:00") for h in hours),
        terms.intersect(terms.union(*ahead), terms.union(*ahead_minutes)),
        terms.intersect(terms.union(*behind), terms.union(*behind_minutes)),
    )
    return terms.union(_whole(_TIME, terms), leap)


def _date_time(terms: Terms) -> Term:
    return terms.concat(_whole(_DATE, terms), terms.chars(((84, 84), (116, 116))), _time(terms))


def _hostname(terms: Terms) -> Term:
    """Return RFC 1123's names of up to 253 characters, less those with "--" at a label's third."""
    encoded = parse_pattern(r"(?:^|\.)..--", terms)
    return terms.intersect(
        _whole(_HOSTNAME, terms), terms.length(1, 253), terms.complement(encoded)
    )


def _idn_hostname(terms: Terms) -> Term:
    """Return names whose labels are ASCII ones, or up to IDN_LABEL letters and digits of Unicode.

    Not all of RFC 5892: the labels of a name run all to the right, or have right-to-left letters
    alone; marks that compose or are put in order by normalization are left out, and so are the
    characters with a contextual rule.
    """
    rightward, marks, leftward = _idn_letters()
    letter, other = terms.chars(rightward), terms.chars((*rightward, *marks, (45, 45)))
    last = terms.chars((*rightward, *marks))
    short = terms.length(1, IDN_LABEL)
    label = terms.union(
        _whole(_LABEL, terms),
        terms.intersect(
            terms.concat(letter, terms.star(other)), terms.concat(terms.ANY, last), short
        ),
    )
    hebrew_or_arabic = terms.intersect(terms.star(terms.chars(leftward)), short)
    dot = terms.chars(((46, 46), (0x3002, 0x3002), (0xFF0E, 0xFF0E), (0xFF61, 0xFF61)))
    names = [
        terms.concat(part, terms.star(terms.concat(dot, part)))
        for part in (label, hebrew_or_arabic)
    ]
    encoded = parse_pattern(r"(?:^|[.\u3002\uFF0E\uFF61])..--", terms)
    # A label's encoding takes up to 63 bytes, so short names are short encoded as well.
    return terms.intersect(
        terms.union(*names),
        terms.union(
            terms.length(1, 3 * IDN_LABEL), terms.intersect(terms.length(1, 253), _ascii(terms))
        ),
        terms.complement(encoded),
    )


# Code points of a label beyond ASCII, so that its A-label keeps within 63: "xn--" and 59 more, and
# Punycode (RFC 3492) takes at most 7 digits for one of 8 code points, 26 * 10^6 > 0x10FFFF * 9.
IDN_LABEL = 8


def _ascii(terms: Terms) -> Term:
    return terms.star(terms.chars(((0, 127),)))


@cache
def _idn_letters() -> tuple[Intervals, Intervals, Intervals]:
    """Return (left-to-right letters and ASCII digits, marks, right-to-left letters) that are valid.

    A character is valid where normalization and case folding leave it (RFC 5892, section 2.2),
    which 〇 and ་ are besides.
    """
    found: dict[str, list[tuple[int, int]]] = {"L": [(48, 57)], "M": [], "R": []}
    ranges = (range(0x61, 0x7B), range(0xDF, 0xD800), range(0x10000, 0x30000))
    blocks = [
        "".join(map(chr, part[i : i + 256])) for part in ranges for i in range(0, len(part), 256)
    ]
    mixed = [block for block in blocks if not unicodedata.is_normalized("NFKD", block)]
    decomposed = {
        c: parts for c in chain(*mixed) if (parts := unicodedata.decomposition(c).split())
    }
    seconds = {  # the characters that compose with one before them
        chr(int(parts[1], 16))
        for parts in decomposed.values()
        if len(parts) == 2 and not parts[0].startswith("<")
    }
    refused = _IDN_REFUSED | seconds
    for block in blocks:
        if _IDN_CATEGORIES.isdisjoint(map(unicodedata.category, block)):
            continue
        if _are_plain_letters(block) and refused.isdisjoint(block):
            found["L"].append((ord(block[0]), ord(block[-1])))
            continue
        for char in block:
            category = unicodedata.category(char)
            if category not in _IDN_CATEGORIES or char in refused:
                continue
            direction = unicodedata.bidirectional(char)
            stable = char not in decomposed or unicodedata.is_normalized("NFKC", char)
            if not (stable and char.casefold() == char) and char not in "\xdf\u03c2":
                continue
            if category[0] != "M":
                kind = {"L": "L", "R": "R", "AL": "R"}.get(direction)
            else:
                alone = unicodedata.combining(char) == 0 and direction in ("L", "NSM")
                kind = "M" if alone else None
            if kind is not None:
                found[kind].append((ord(char), ord(char)))
    found["L"] += [(0x3007, 0x3007), (0x0F0B, 0x0F0B)]
    return tuple(map(sets.normalize, (found["L"], found["M"], found["R"])))  # type: ignore[return-value]


def _are_plain_letters(block: str) -> bool:
    """Return whether all of a block are normalized caseless letters that run left to right."""
    return (
        set(map(unicodedata.category, block)) == {"Lo"}
        and set(map(unicodedata.bidirectional, block)) == {"L"}
        and unicodedata.is_normalized("NFKC", block)
        and block.casefold() == block
    )


_IDN_CATEGORIES = frozenset(("Ll", "Lo", "Lm", "Mn", "Mc"))
# Letters that RFC 5892, section 2.6, disallows or that its appendix A ties to their neighbours, and
# old Hangul.
_IDN_REFUSED = frozenset(
    map(
        chr,
        (0x640, 0x7FA, 0x302E, 0x302F, *range(0x3031, 0x3036), 0x303B, 0x30FB,
         *range(0x1100, 0x1200)),
    )
)  # fmt: skip


def _mailbox(beyond: str, domain: Term, terms: Terms) -> Term:
    """Return RFC 5321's Mailbox: a local part of up to 64 bytes, @, a domain or an address."""
    dotted = rf"[{_ATEXT}{beyond}]+(?:\.[{_ATEXT}{beyond}]+)*"
    quoted = rf'"(?:[ !#-\[\]-~{beyond}]|\\[ -~])*"'
    local = terms.intersect(_whole(f"{dotted}|{quoted}", terms), _bytes_at_most(64, terms))
    address = _whole(rf"\[(?:{_IPV4}|IPv6:{_IPV6})\]", terms)
    return terms.concat(local, terms.literal("@"), terms.union(domain, address))


def _bytes_at_most(number: int, terms: Terms) -> Term:
    """Return words of at most so many bytes in UTF-8, taking all characters as long as the longest.

    That is all such words of one script, and fewer than all where scripts are mixed.
    """
    longest = ((0x7F, 1), (0x7FF, 2), (0xFFFF, 3), (sets.MAX_CODE_POINT, 4))
    return terms.union(
        *(terms.repeat(terms.chars(((0, last),)), 0, number // size) for last, size in longest)
    )


_PATTERNS = {
    "date": _DATE,
    "duration": _DURATION,
    "ipv4": _IPV4,
    "ipv6": _IPV6,
    "uri": _resource("", "", relative=False),
    "uri-reference": _resource("", "", relative=True),
    "iri": _resource(_UCSCHAR, _IPRIVATE, relative=False),
    "iri-reference": _resource(_UCSCHAR, _IPRIVATE, relative=True),
    "uri-template": _TEMPLATE,
    "uuid": r"[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}",
    "json-pointer": _POINTER,
    "regex": _regex(REGEX_DEPTH),
    "relative-json-pointer": rf"(?:0|[1-9]\d*)(?:#|{_POINTER})",
}

_BUILT: dict[str, Callable[[Terms], Term]] = {
    "time": _time,
    "date-time": _date_time,
    "hostname": _hostname,
    "idn-hostname": _idn_hostname,
    "email": lambda terms: _mailbox("", _hostname(terms), terms),
    "idn-email": lambda terms: _mailbox(r"\u{80}-\u{10FFFF}", _idn_hostname(terms), terms),
}

ENFORCED: tuple[str, ...] = tuple(sorted({*_PATTERNS, *_BUILT}))


def format_term(name: str, terms: Terms) -> Term | None:
    """Return the words of a format, None for a name that none has: an annotation."""
    if name in _PATTERNS:
        return _whole(_PATTERNS[name], terms)
    return _BUILT[name](terms) if name in _BUILT else None


MAX_SHARED_TERMS = 200_000  # about 100 MB; then the grammars that are still to come start anew


class FormatTerms(Terms):
    """An arena that holds each format once, for the arenas of many grammars to stand on.

    What is found out about a format, its rows above all, is found out once for all grammars.
    """

    def __init__(self) -> None:
        super().__init__(shared=True)
        self._formats: dict[str, Term | None] = {}

    def format(self, name: str) -> Term | None:
        """Return :func:`format_term` of this arena."""
        if name not in self._formats:
            self._formats[name] = format_term(name, self)
        return self._formats[name]


def shared_terms() -> FormatTerms:
    """Return the process's arena of formats; another one when it has outgrown its bound."""
    if len(_shared_terms()) > MAX_SHARED_TERMS:
        _shared_terms.cache_clear()
    return _shared_terms()


@cache
def _shared_terms() -> FormatTerms:
    return FormatTerms()

"""Words of a kind, for edits that change what a sentence says and leave how it is written.

All lists are written for this project. A word of a list is exchanged for another of the same list:
the two exclude each other well enough that a text saying one does not say the other.
"""

from __future__ import annotations


def listed(text: str, separator: str | None = None) -> list[str]:
    """Return the words of a text, or its parts between separators."""
    return [" ".join(part.split()) for part in text.split(separator)]


MONTHS = listed(
    "January February March April May June July August September October November December"
)
WEEKDAYS = listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
NUMBERS = listed("two three four five six seven eight nine ten eleven twelve")
ORDINALS = listed("first second third fourth fifth sixth seventh eighth ninth tenth")
NATIONS = listed(
    "American British Canadian French German Italian Spanish Indian Chinese Japanese Australian "
    "Mexican Brazilian Russian Polish Swedish Norwegian Danish Dutch Irish Scottish Welsh "
    "Turkish Greek Egyptian Korean Portuguese Austrian Swiss Belgian Hungarian Argentine "
    "Pakistani Finnish Czech Romanian Nigerian Kenyan Thai Vietnamese Cuban Chilean Colombian "
    "Peruvian"
)
COUNTRIES = listed(
    "France Germany Italy Spain India China Japan Australia Mexico Brazil Russia Poland Sweden "
    "Norway Denmark Ireland Scotland Wales Turkey Greece Egypt Portugal Austria Switzerland "
    "Belgium Hungary Argentina Pakistan Finland Romania Nigeria Kenya Thailand Vietnam Cuba "
    "Chile Colombia Peru Canada England"
)
PEOPLE = listed(
    "actor singer drummer guitarist painter politician lawyer scientist chemist physicist "
    "novelist poet journalist director producer footballer swimmer boxer wrestler model dancer "
    "chef architect engineer soldier nurse teacher historian philosopher composer comedian "
    "photographer sculptor astronaut explorer banker farmer mathematician"
)
WORKS = listed("film novel song album play opera painting poem magazine sitcom musical podcast")
GENRES = listed(
    "comedy drama horror thriller western documentary romance fantasy crime animated action "
    "historical silent war science-fiction mystery"
)
MUSIC = listed("rock jazz pop folk country techno classical punk soul blues disco reggae metal")
PLACES = listed("city town village island river lake mountain desert valley province district")
BUILDINGS = listed("museum school hospital church castle bridge stadium library theatre prison")
GROUPS = listed("band company party university team charity newspaper orchestra bank airline")
RELATIVES = listed("father mother brother sister son daughter uncle aunt wife husband cousin")
COLOURS = listed("red blue green yellow black white purple orange brown grey pink")
SPORTS = listed("football basketball baseball tennis hockey rugby cricket golf boxing swimming")
DIRECTIONS = listed("northern southern eastern western")
SIDES = listed("north south east west")

EXCLUSIVE: tuple[tuple[str, ...], ...] = tuple(
    tuple(group)
    for group in (
        *(MONTHS, WEEKDAYS, NUMBERS, ORDINALS, NATIONS, COUNTRIES, PEOPLE, WORKS, GENRES, MUSIC),
        *(PLACES, BUILDINGS, GROUPS, RELATIVES, COLOURS, SPORTS, DIRECTIONS, SIDES),
        listed("actress singer painter lawyer nurse novelist dancer politician"),
        listed("million billion thousand hundred"),
        listed("daily weekly monthly yearly"),
    )
)

_OPPOSITES = """
first last; largest smallest; biggest smallest; oldest youngest; highest lowest; longest shortest;
best worst; most fewest; more fewer; larger smaller; higher lower; older younger; longer shorter;
increased decreased; increases decreases; increase decrease; rose fell; rising falling; grew shrank;
won lost; wins loses; winning losing; before after; above below; early late; earlier later;
began ended; begins ends; started stopped; opened closed; founded dissolved; joined left;
accepted rejected; supported opposed; allowed banned; legal illegal; success failure;
successful unsuccessful; positive negative; public private; male female; men women; man woman;
rich poor; hot cold; warm cool; strong weak; always never; all none; many few; major minor;
common rare; popular unpopular; new old; modern ancient; rural urban; upper lower; inside outside;
maximum minimum; majority minority; birth death; alive dead; married divorced;
military civilian; domestic foreign; national local; professional amateur; permanent temporary;
natural artificial; active inactive; able unable; possible impossible; known unknown;
same different; left right; hero villain; arrived departed; bought sold; hired fired;
built demolished; gained lost;
praised criticised; praised criticized; loved hated; easy difficult; safe dangerous; heavy light;
fast slow; deep shallow; wide narrow; near far; full empty; wet dry; include exclude;
includes excludes; including excluding; with without; peace war; victory defeat; day night;
winter summer; spring autumn; morning evening; ancestor descendant; teacher pupil; guilty innocent;
advantage disadvantage; strengthened weakened; entered left; attack defend; attacked defended;
fiction non-fiction; single married; live recorded; indoor outdoor; liberal conservative;
partly entirely; mostly never; often rarely; usually seldom; only never; released withdrawn
"""
OPPOSITES: dict[str, str] = {}
for _pair in _OPPOSITES.replace("\n", " ").split(";"):
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)

# A word may be replaced by one that says the same or less, and what was said stays true.
WIDER: dict[str, tuple[str, ...]] = {
    "film": ("movie", "motion picture"),
    "movie": ("film",),
    "actor": ("performer", "person who acts"),
    "actress": ("performer", "woman who acts"),
    "singer": ("musician", "vocalist"),
    "drummer": ("musician",),
    "guitarist": ("musician",),
    "novelist": ("writer", "author"),
    "poet": ("writer",),
    "author": ("writer",),
    "physicist": ("scientist",),
    "chemist": ("scientist",),
    "biologist": ("scientist",),
    "footballer": ("athlete",),
    "swimmer": ("athlete",),
    "boxer": ("athlete",),
    "painter": ("artist",),
    "sculptor": ("artist",),
    "sitcom": ("television series", "comedy series"),
    "song": ("piece of music", "track"),
    "album": ("record",),
    "company": ("business", "firm"),
    "founded": ("established", "set up", "started"),
    "established": ("founded", "set up"),
    "located": ("situated", "found"),
    "situated": ("located",),
    "released": ("issued", "put out"),
    "began": ("started",),
    "started": ("began",),
    "died": ("passed away",),
    "won": ("was awarded", "received"),
    "received": ("was given", "got"),
    "created": ("made",),
    "built": ("constructed", "put up"),
    "constructed": ("built",),
    "wrote": ("was the author of", "penned"),
    "directed": ("made",),
    "approximately": ("about", "roughly"),
    "about": ("roughly", "approximately"),
    "many": ("numerous", "a lot of"),
    "several": ("some", "a number of"),
    "large": ("big",),
    "known as": ("called",),
    "also": ("in addition",),
    "city": ("place",),
    "town": ("place",),
    "country": ("nation",),
    "became": ("turned into",),
    "ended": ("came to an end", "finished"),
    "increased": ("rose", "went up", "grew"),
    "decreased": ("fell", "went down"),
    "important": ("significant",),
    "children": ("kids",),
    "used": ("employed",),
    "killed": ("caused the death of",),
    "bought": ("purchased", "acquired"),
    "purchased": ("bought",),
    "acquired": ("bought", "took over"),
    "announced": ("made known", "declared"),
    "nearly": ("almost",),
    "almost": ("nearly",),
    "require": ("need",),
    "requires": ("needs",),
    "famous": ("well known",),
    "moved to": ("relocated to",),
    "attended": ("went to", "studied at"),
    "reside": ("live",),
    "resides": ("lives",),
    "population": ("number of inhabitants",),
}

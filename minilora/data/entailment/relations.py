"""What the written passages tell: relations, each with several ways to say and to claim it.

A way to say it differs in words from a way to claim it, so overlap tells little. ``{x}`` is whom it
is about, ``{v}`` the value, ``{w}`` a value that excludes it. All written for this project.
"""

from __future__ import annotations

from dataclasses import dataclass

from minilora.data.entailment import lexicon, pools


@dataclass(frozen=True)
class Relation:
    """One kind of fact.

    Attributes:
        said: ways in which a source tells it.
        claimed: ways in which a claim repeats it.
        denied: claims that deny it: borne out by any other value.
        values: what ``{v}`` may be.
        wider: for some values, claims that follow from them; ``{x}`` alone stands in them.
    """

    said: tuple[str, ...]
    claimed: tuple[str, ...]
    denied: tuple[str, ...]
    values: tuple[str, ...]
    wider: dict[str, str] | None = None


def _r(
    said: str,
    claimed: str,
    denied: str,
    values: list[str] | tuple[str, ...],
    wider: dict[str, str] | None = None,
) -> Relation:
    def cut(text: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text.split("|") if part.strip())

    return Relation(cut(said), cut(claimed), cut(denied), tuple(values), wider)


PERSON = (
    _r(
        "{x} was born in {v}.|A native of {v}, {x} grew up by the river.|"
        "{x} first saw the light of day in {v}.",
        "{x} comes from {v}.|{v} is the birthplace of {x}.|{x} was born in {v}.|"
        "The place where {x} was born is {v}.",
        "{x} was not born in {v}.|{x} was born somewhere other than {v}.",
        pools.TOWNS,
    ),
    _r(
        "{x} was born in {v}.|{x} (born {v}) is known to a wide public.|"
        "Born in {v}, {x} had a quiet childhood.",
        "{x}'s year of birth is {v}.|{x} was born in {v}.|{v} is the year in which {x} was born.",
        "{x} was not born in {v}.|{x} was born in a year other than {v}.",
        pools.YEARS,
    ),
    _r(
        "{x} is a {v}.|{x} works as a {v}.|{x} has been a {v} for many years.|"
        "{x}, a {v}, lives by the sea.",
        "{x} is a {v}.|{x} earns a living as a {v}.|{x}'s profession is that of a {v}.|"
        "{x} is a {v} by trade.",
        "{x} is not a {v}.|{x} is anything but a {v}.|{x} has never been a {v}.",
        lexicon.PEOPLE,
        {
            "drummer": "{x} is a musician.",
            "singer": "{x} is a musician.",
            "guitarist": "{x} plays an instrument.",
            "physicist": "{x} is a scientist.",
            "chemist": "{x} is a scientist.",
            "poet": "{x} is a writer.",
            "novelist": "{x} writes books.",
            "footballer": "{x} is an athlete.",
            "swimmer": "{x} is an athlete.",
            "boxer": "{x} takes part in sports.",
            "painter": "{x} is an artist.",
            "sculptor": "{x} makes art.",
            "nurse": "{x} works in health care.",
            "farmer": "{x} works in agriculture.",
            "comedian": "{x} makes people laugh.",
            "chef": "{x} cooks.",
            "teacher": "{x} works in education.",
        },
    ),
    _r(
        "{x} is a {v} citizen.|{x} is a {v} public figure.|The {v} press has long followed {x}.",
        "{x} is {v}.|{x}'s nationality is {v}.",
        "{x} is not {v}.|{x} is of a nationality other than {v}.",
        lexicon.NATIONS,
    ),
    _r(
        "{x} studied {v} at university.|At university {x} took a degree in {v}.|"
        "{x} holds a doctorate in {v}.",
        "{x} has a degree in {v}.|{x}'s field of study was {v}.|{x} was a student of {v}.",
        "{x} did not study {v}.|{x} never studied {v}.",
        pools.SUBJECTS,
    ),
    _r(
        "{x} plays the {v}.|{x} took up the {v} as a child and has played it ever since.",
        "{x} is able to play the {v}.|{x}'s instrument is the {v}.|{x} is a {v} player.",
        "{x} does not play the {v}.|{x} plays an instrument other than the {v}.",
        pools.INSTRUMENTS,
    ),
    _r(
        "{x} married {v} in a small ceremony.|{x} and {v} are husband and wife.|"
        "{x} has long been married to {v}.",
        "{x} is the spouse of {v}.|{x} has a spouse named {v}.|{v} and {x} are married.",
        "{x} is not married to {v}.|{x} and {v} never married.",
        pools.PEOPLE,
    ),
    _r(
        "{x} won {v}.|{v} went to {x}.|The jury gave {v} to {x}.|{x} was honoured with {v}.",
        "{x} is a winner of {v}.|{x} received {v}.|{v} was awarded to {x}.",
        "{x} has not won {v}.|{x} failed to win {v}.",
        pools.AWARDS,
    ),
    _r(
        "{x} died in {v}.|{x}'s death came in {v}.|{x} passed away in {v}.",
        "{v} is the year in which {x} died.|{x} lost their life in {v}.",
        "{x} did not die in {v}.|{x} was still alive after {v}.",
        pools.YEARS,
    ),
    _r(
        "{x} speaks {v} at home.|{x}'s mother tongue is {v}.",
        "{x} knows {v}.|{x} is a speaker of {v}.|{v} is a language that {x} speaks.",
        "{x}'s mother tongue is not {v}.|{x} does not speak {v} at home.",
        pools.LANGUAGES,
    ),
    _r(
        "{x} wrote {v}.|{v} was written by {x}.|{x} is the author of {v}.|"
        "The author of {v} is {x}.",
        "{v} is a work by {x}.|{x} penned {v}.|{x} authored {v}.",
        "{x} did not write {v}.|{v} was written by someone other than {x}.",
        pools.TITLES,
    ),
    _r(
        "{x} moved to {v} and still lives there.|{x} lives in {v}.|{x} makes a home in {v}.",
        "{x} resides in {v}.|{x}'s home is in {v}.|The city in which {x} lives is {v}.",
        "{x} does not live in {v}.|{x} lives outside {v}.",
        pools.TOWNS,
    ),
    _r(
        "{x} has {v} children.|{x} is a parent of {v}.",
        "{x} raised {v} children.|The number of {x}'s children is {v}.",
        "{x} does not have {v} children.",
        lexicon.NUMBERS,
    ),
    _r(
        "{x} has worked for {v} since school.|{v} employs {x}.|{x} is on the staff of {v}.",
        "{x} is an employee of {v}.|{x}'s employer is {v}.|{x} works at {v}.",
        "{x} does not work for {v}.|{x} works for a firm other than {v}.",
        pools.FIRMS,
    ),
)
WORK = (
    _r(
        "{x} is a {v}.|{x}, a {v}, appeared in spring.|The {v} {x} met with mixed reviews.",
        "{x} is a {v}.|{x} is the name of a {v}.|There is a {v} called {x}.",
        "{x} is not a {v}.|{x} is something other than a {v}.",
        lexicon.WORKS,
        {
            "film": "{x} is a movie.",
            "novel": "{x} is a book.",
            "sitcom": "{x} is a comedy series.",
            "opera": "{x} is a piece of music for the stage.",
            "song": "{x} is a piece of music.",
            "poem": "{x} is a literary work.",
            "painting": "{x} is a work of art.",
            "album": "{x} is a record.",
        },
    ),
    _r(
        "{x} is a work of {v}.|Critics class {x} as {v}.",
        "{x}'s genre is {v}.|{x} belongs to the {v} genre.|{x} is {v}.",
        "{x} is not {v}.|{x} belongs to a genre other than {v}.",
        tuple(w for w in lexicon.GENRES if w not in ("animated", "silent")),
    ),
    _r(
        "{x} came out in {v}.|{x} was released in {v}.|{x} had its premiere in {v}.",
        "{x} was first shown in {v}.|{x}'s release was in {v}.|"
        "The year in which {x} appeared is {v}.",
        "{x} did not come out in {v}.|{x} was released in a year other than {v}.",
        pools.YEARS,
    ),
    _r(
        "{x} is by {v}.|{v} created {x}.|{x} was made by {v}.|{v} is the maker of {x}.",
        "The creator of {x} is {v}.|{x} is a creation of {v}.|{v} made {x}.",
        "{x} was not made by {v}.|{v} had no part in {x}.",
        pools.PEOPLE,
    ),
    _r(
        "{x} is set in {v}.|The story of {x} takes place in {v}.",
        "{x} takes place in {v}.|{v} is where {x} is set.|The setting of {x} is {v}.",
        "{x} does not take place in {v}.|{x} is set somewhere other than {v}.",
        pools.TOWNS,
    ),
    _r(
        "{x} was praised by the critics.|Reviews of {x} were {v}.|"
        "The response of critics to {x} was {v}.",
        "{x} met with {v} reviews.|Critics were {v} about {x}.",
        "Reviews of {x} were not {v}.",
        ("positive", "negative", "mixed"),
    ),
    _r(
        "{x} won {v} awards.|{v} awards went to {x}.",
        "{x} received {v} awards.|The number of awards that {x} won is {v}.",
        "{x} did not win {v} awards.",
        lexicon.NUMBERS,
    ),
    _r(
        "{x} was published by {v}.|{v} brought out {x}.",
        "The publisher of {x} is {v}.|{x} was put out by {v}.",
        "{x} was not published by {v}.",
        pools.FIRMS,
    ),
)
FIRM = (
    _r(
        "{x} was founded in {v}.|The history of {x} begins in {v}, when it was set up.|"
        "{x} dates from {v}.",
        "{x} was established in {v}.|{x} has existed since {v}.|"
        "The year of {x}'s foundation is {v}.",
        "{x} was not founded in {v}.|{x} was set up in a year other than {v}.",
        pools.YEARS,
    ),
    _r(
        "{x} was founded by {v}.|{v} set up {x}.|The founder of {x} is {v}.",
        "{v} started {x}.|{x} owes its existence to {v}.|{v} is the person who founded {x}.",
        "{x} was not founded by {v}.|{v} is not the founder of {x}.",
        pools.PEOPLE,
    ),
    _r(
        "{x} is based in {v}.|{x} has its headquarters in {v}.|"
        "From {v}, {x} serves the whole country.",
        "{x}'s head office is in {v}.|The seat of {x} is {v}.|{x} is headquartered in {v}.",
        "{x} is not based in {v}.|{x} has its headquarters outside {v}.",
        pools.TOWNS,
    ),
    _r(
        "{x} makes {v}.|{x} is a maker of {v}.|{x} earns most of its money with {v}.",
        "{v} are produced by {x}.|{x} manufactures {v}.|{x} is in the business of making {v}.",
        "{x} does not make {v}.|{x} makes goods other than {v}.",
        pools.PRODUCTS,
    ),
    _r(
        "{x} employs {v} people.|{v} people work for {x}.",
        "{x} has {v} employees.|The staff of {x} numbers {v}.",
        "{x} does not have {v} employees.",
        pools.LARGE,
    ),
    _r(
        "{x} was bought by {v}.|{v} took over {x}.|{x} now belongs to {v}.",
        "{v} acquired {x}.|{x} is owned by {v}.|The owner of {x} is {v}.",
        "{x} was not bought by {v}.|{x} belongs to someone other than {v}.",
        pools.FIRMS,
    ),
    _r(
        "Sales of {x} {v} last year.|Last year {x}'s sales {v}.",
        "{x}'s sales {v}.|In the last year the sales of {x} {v}.",
        "It is not true that sales of {x} {v}.",
        ("rose", "fell"),
    ),
    _r(
        "{x} closed its plant in {v}.|In {v}, {x} shut a factory.",
        "A factory of {x} in {v} was shut.|{x} no longer has its plant in {v}.",
        "{x} did not close a plant in {v}.",
        pools.TOWNS,
    ),
)
SITE = (
    _r(
        "{x} is in {v}.|{x} stands in {v}.|Visitors to {v} seldom miss {x}.",
        "{x} is located in {v}.|{v} is home to {x}.|{x} can be found in {v}.",
        "{x} is not in {v}.|{x} is located somewhere other than {v}.",
        lexicon.COUNTRIES,
    ),
    _r(
        "{x} was built in {v}.|Work on {x} was completed in {v}.|{x} was finished in {v}.",
        "{x} dates from {v}.|The year in which {x} was completed is {v}.|"
        "{x} was constructed in {v}.",
        "{x} was not built in {v}.|{x} was finished in a year other than {v}.",
        pools.YEARS,
    ),
    _r(
        "{x} is {v} metres high.|{x} rises to {v} metres.",
        "The height of {x} is {v} metres.|{x} is {v} metres tall.",
        "{x} is not {v} metres high.",
        pools.COUNTS,
    ),
    _r(
        "{x} is made of {v}.|The builders of {x} used {v}.",
        "{v} was used to build {x}.|{x} consists of {v}.|{x} is built from {v}.",
        "{x} is not made of {v}.|{x} was built from something other than {v}.",
        pools.MATERIALS,
    ),
    _r(
        "{x} draws {v} visitors a year.|Every year {v} people come to {x}.",
        "{x} is visited by {v} people each year.|Each year {x} has {v} visitors.",
        "{x} does not have {v} visitors a year.",
        pools.LARGE,
    ),
    _r(
        "{x} was designed by {v}.|{v} drew the plans of {x}.|The architect of {x} was {v}.",
        "{v} is the designer of {x}.|{x} is the work of {v}.",
        "{x} was not designed by {v}.|Someone other than {v} designed {x}.",
        pools.PEOPLE,
    ),
    _r(
        "{x} lies in the {v} of the country.|{x} belongs to the {v} of the country.",
        "{x} is in the country's {v}.|The part of the country that {x} lies in is the {v}.",
        "{x} does not lie in the {v} of the country.",
        lexicon.SIDES,
    ),
    _r(
        "The land around {x} is known for its {v}.|Farmers near {x} grow {v}.",
        "{v} are grown near {x}.|Near {x} there are fields of {v}.",
        "No {v} are grown near {x}.",
        pools.CROPS,
    ),
    _r(
        "The woods near {x} shelter {v}.|{v} live close to {x}.",
        "There are {v} near {x}.|{x} is a place near which {v} live.",
        "There are no {v} near {x}.",
        pools.ANIMALS,
    ),
    _r(
        "{x} opens on {v}s only.|{x} is open one day a week, on {v}.",
        "{x} can be visited on a {v}.|{v} is the day on which {x} opens.",
        "{x} is closed on {v}s.|{x} cannot be visited on {v}.",
        lexicon.WEEKDAYS,
    ),
)

"""Things to buy and rent that people search for, and how they say what they want.

"under" and "more than" exclude the number, "at most", "up to" and "at least" include it.
"""

from minilora.data.kinds import (
    CITY,
    COLOR,
    COMPANY,
    DATE,
    LANGUAGE,
    PERSON,
    choice,
    integer,
    number,
    span,
)
from minilora.data.structured.collection import (
    CHEAP_FIRST,
    DEAR_FIRST,
    NO,
    YES,
    Collection,
    above,
    adjective,
    at_least,
    at_most,
    below,
    column,
    equal,
    price,
    unequal,
    years,
)
from minilora.data.structured.scheme import terms

BRAND = span(
    *terms("""
    Lenovo; Dell; Acer; Asus; Apple; HP; Framework; Razer; Medion; Samsung
""")
)

LAPTOPS = Collection(
    "laptops",
    ("laptops", "notebooks", "computers"),
    (
        column(
            "price",
            "number, dollars",
            *price(250, 2600),
            names="price_usd / cost",
            up=CHEAP_FIRST,
            down=DEAR_FIRST,
        ),
        column(
            "brand",
            "text",
            equal(BRAND, "from {v} / made by {v} // of the brand {v}"),
            unequal(BRAND, "but nothing from {v} / except {v} // anything but {v}"),
            names="maker / manufacturer",
        ),
        column(
            "memory_gb",
            "number",
            at_least(
                choice(8, 16, 24, 32, 64),
                "with at least {v} GB of memory / with {v} gigs of ram or more "
                "// that have no less than {v} GB memory",
            ),
            equal(
                choice(8, 16, 24, 32, 64),
                "with exactly {v} GB of memory // with {v} GB of memory, not more and not less",
            ),
            names="ram_gb",
            down="most memory first // sorted by memory, largest first",
        ),
        column(
            "weight_kg",
            "number",
            below(
                number(1, 3, decimals=1, unit="kg"),
                "lighter than {v} / weighing less than {v} // below {v} in weight",
            ),
            names="kg",
            up="lightest first // by weight, lightest on top",
        ),
        column(
            "touchscreen",
            "true or false",
            equal(YES, "with a touchscreen / that have a touch screen // whose screen I can touch"),
            equal(NO, "without touchscreen // where the screen is not a touchscreen"),
            names="has_touchscreen",
        ),
    ),
)

FLATS = Collection(
    "flats",
    ("flats", "apartments", "places to rent"),
    (
        column(
            "rent",
            "number, dollars a month",
            *price(400, 2800),
            names="monthly_rent / price",
            up=CHEAP_FIRST,
            down=DEAR_FIRST,
        ),
        column(
            "city",
            "text",
            equal(CITY, "in {v} / located in {v} // to be found in {v}"),
            unequal(CITY, "not in {v} / outside {v} // anywhere but {v}"),
            names="town / location",
        ),
        column(
            "rooms",
            "number",
            at_least(
                integer(2, 5),
                "with {v} or more rooms / with at least {v} rooms // having a minimum of {v} rooms",
            ),
            equal(integer(2, 5), "with exactly {v} rooms // with {v} rooms sharp"),
            names="room_count",
            down="most rooms first // by number of rooms, largest first",
        ),
        column(
            "pets_allowed",
            "true or false",
            equal(YES, "where pets are allowed / that take pets // where my dog is welcome"),
            equal(NO, "without any pets // where animals are forbidden"),
            names="pets",
        ),
        column(
            "available_from",
            "date, YYYY-MM-DD",
            at_most(
                DATE,
                "available by {v} / free on {v} at the latest // I can move into no later than {v}",
            ),
            above(DATE, "available after {v} // that become free later than {v}"),
            names="free_from",
            up="earliest available first // soonest free on top",
        ),
    ),
)

FILMS = Collection(
    "films",
    ("films", "movies"),
    (
        column(
            "genre",
            "one of comedy, thriller, drama, horror, animation, western",
            adjective(choice("comedy", "thriller", "drama", "horror", "animation", "western")),
            names="category / kind",
        ),
        column(
            "year",
            "number",
            above(
                years(1960, 2020), "made after {v} / newer than {v} // that came out later than {v}"
            ),
            below(years(1960, 2020), "from before {v} / older than {v} // shot earlier than {v}"),
            equal(years(1960, 2020), "from {v} / of the year {v} // released in {v}"),
            names="released / release_year",
            up="oldest first // in order of release",
            down="newest first // latest on top",
        ),
        column(
            "rating",
            "number from 0 to 10",
            at_least(
                number(5, 9, decimals=1),
                "rated {v} or higher / with a rating of at least {v} // scoring {v} and up",
            ),
            names="score / stars",
            down="best rated first / highest rating first // with the best ones on top",
        ),
        column(
            "director",
            "text",
            equal(PERSON, "by {v} / directed by {v} // with {v} as director"),
            names="directed_by",
        ),
        column(
            "minutes",
            "number, running time",
            below(
                integer(80, 180, unit="minutes"),
                "shorter than {v} / that last less than {v} // under {v} long",
            ),
            names="runtime / length_min",
            up="shortest first // short ones first",
        ),
        column(
            "language",
            "text",
            equal(LANGUAGE, "in {v} // with {v} spoken"),
            names="spoken_language",
        ),
    ),
)

CARS = Collection(
    "used_cars",
    ("cars", "used cars", "second-hand cars"),
    (
        column(
            "price",
            "number, dollars",
            *price(1500, 34000),
            names="asking_price",
            up=CHEAP_FIRST,
            down=DEAR_FIRST,
        ),
        column("color", "text", adjective(COLOR), names="paint"),
        column(
            "year",
            "number",
            at_least(
                years(2008, 2024), "from {v} or newer / built in {v} or later // no older than {v}"
            ),
            below(years(2008, 2024), "built before {v} // from earlier than {v}"),
            names="built",
            up="oldest first // by year, oldest on top",
            down="newest first // by year, newest on top",
        ),
        column(
            "mileage_km",
            "number",
            below(
                integer(10000, 180000, unit="km"),
                "with less than {v} / under {v} on the clock // driven less than {v}",
            ),
            names="odometer_km",
            up="lowest mileage first // least driven on top",
        ),
        column(
            "fuel",
            "one of petrol, diesel, electric, hybrid",
            equal(
                choice("petrol", "diesel", "electric", "hybrid"),
                "that are {v} / running as {v} // with {v} as drive",
            ),
            unequal(
                choice("petrol", "diesel", "electric", "hybrid"), "no {v} ones // just not {v}"
            ),
            names="drive",
        ),
        column(
            "seller",
            "one of dealer, private",
            equal(choice("dealer", "private"), "from a {v} seller // sold by a {v} seller"),
            names="sold_by",
        ),
    ),
    test_only=True,
)

FLIGHTS = Collection(
    "flights",
    ("flights", "connections"),
    (
        column(
            "origin",
            "text",
            equal(CITY, "from {v} / leaving {v} // starting in {v}"),
            names="departs_from",
        ),
        column(
            "price",
            "number, dollars",
            *price(60, 1400),
            names="fare",
            up=CHEAP_FIRST,
            down=DEAR_FIRST,
        ),
        column(
            "stops",
            "number",
            at_most(integer(1, 3), "with {v} stops at most // with no more than {v} stops"),
            equal(choice(0, spoken={0: ["no"]}), "without stops / nonstop // that fly direct"),
            names="layovers",
            up="fewest stops first // direct ones first",
        ),
        column(
            "airline",
            "text",
            equal(COMPANY, "operated by {v} / with {v} // on {v}"),
            unequal(COMPANY, "but not with {v} // avoiding {v}"),
            names="carrier",
        ),
        column("date", "date, YYYY-MM-DD", equal(DATE, "on {v} // departing {v}"), names="day"),
        column(
            "duration_h",
            "number, hours",
            below(
                integer(2, 18, unit="hours"),
                "shorter than {v} / taking less than {v} // under {v} in the air",
            ),
            names="hours",
            up="shortest first // quickest on top",
        ),
    ),
    test_only=True,
)

ALL = (LAPTOPS, FLATS, FILMS, CARS, FLIGHTS)

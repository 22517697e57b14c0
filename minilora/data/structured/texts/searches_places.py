"""Jobs, orders, people and places that one searches for, and how people say what they want."""

from minilora.data.kinds import (
    CITY,
    COUNTRY,
    DATE,
    FIRST_NAME,
    LANGUAGE,
    PERSON,
    WEEKDAY,
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
    contains,
    equal,
    price,
    unequal,
)
from minilora.data.structured.scheme import terms

JOB_WORD = span(
    *terms("""
    nurse; engineer; cook; teacher; driver; designer; analyst; gardener; accountant; plumber
""")
)
CUISINE = span(
    *terms("""
    Thai; Greek; Lebanese; Korean; Peruvian; French; Indian; Ethiopian; Turkish; Vietnamese;
    Georgian; Cuban
""")
)
DEPARTMENT = span(
    *terms("""
    sales; finance; logistics; research; design; purchasing; marketing; legal; support; quality
""")
)

JOBS = Collection(
    "vacancies",
    ("jobs", "vacancies", "open positions"),
    (
        column(
            "title",
            "text",
            contains(
                JOB_WORD,
                "with {v} in the title / whose title mentions {v} // that say {v} in the title",
            ),
            names="job_title / position",
        ),
        column(
            "city",
            "text",
            equal(CITY, "in {v} / around {v} // based in {v}"),
            names="location / place",
        ),
        column(
            "salary",
            "number, dollars a year",
            at_least(
                integer(28000, 120000),
                "paying at least {v} / with a salary of {v} or more "
                "// where I earn no less than {v}",
            ),
            above(integer(28000, 120000), "paying more than {v} // above {v} a year"),
            names="yearly_salary / pay",
            down="best paid first // highest salary on top",
        ),
        column(
            "contract",
            "one of full_time, part_time, temporary",
            adjective(
                choice(
                    "full_time",
                    "part_time",
                    "temporary",
                    spoken={
                        "full_time": ["full-time", "full time"],
                        "part_time": ["part-time", "part time"],
                    },
                )
            ),
            names="type / contract_type",
        ),
        column(
            "remote",
            "true or false",
            equal(YES, "that can be done from home / with remote work // I could do remotely"),
            equal(NO, "on site only // with no remote work at all"),
            names="is_remote",
        ),
        column(
            "posted",
            "date, YYYY-MM-DD",
            above(DATE, "posted after {v} / put up after {v} // advertised later than {v}"),
            names="posted_on / published",
            up="oldest first // longest open first",
            down="newest first // latest postings first",
        ),
    ),
)

ORDERS = Collection(
    "orders",
    ("orders", "purchases"),
    (
        column(
            "status",
            "one of open, paid, shipped, cancelled",
            adjective(choice("open", "paid", "shipped", "cancelled")),
            unequal(
                choice("open", "paid", "shipped", "cancelled"),
                "that are not {v} // other than {v} ones",
            ),
            names="state",
        ),
        column(
            "total",
            "number, dollars",
            above(
                integer(20, 900, unit="dollars"), "over {v} / worth more than {v} // exceeding {v}"
            ),
            at_most(
                integer(20, 900, unit="dollars"), "of at most {v} / up to {v} // not above {v}"
            ),
            names="amount / value",
            up="smallest first // lowest total first",
            down="largest first // biggest amounts on top",
        ),
        column(
            "customer",
            "text",
            equal(PERSON, "by {v} / placed by {v} / of {v} // that {v} made"),
            names="customer_name / buyer",
        ),
        column(
            "country",
            "text",
            equal(COUNTRY, "from {v} / going to {v} // with a delivery address in {v}"),
            unequal(COUNTRY, "from anywhere except {v} // not bound for {v}"),
            names="ship_to / destination",
        ),
        column(
            "date",
            "date, YYYY-MM-DD",
            at_least(DATE, "since {v} / from {v} on // starting with {v}"),
            below(DATE, "before {v} / older than {v} // dated earlier than {v}"),
            names="ordered_on / created",
            up="oldest first // in order of date",
            down="newest first // most recent on top",
        ),
    ),
)

RESTAURANTS = Collection(
    "restaurants",
    ("restaurants", "places to eat"),
    (
        column("cuisine", "text", adjective(CUISINE), names="kitchen / food"),
        column(
            "city",
            "text",
            equal(CITY, "in {v} / around {v} // close to {v}"),
            names="town / location",
        ),
        column(
            "rating",
            "number from 1 to 5",
            at_least(
                number(2, 5, decimals=1),
                "rated {v} or better / with at least {v} stars // that have {v} stars and more",
            ),
            names="stars / score",
            down="best rated first // top rated on top",
        ),
        column(
            "price_level",
            "number from 1 (cheap) to 4",
            at_most(
                choice(1, 2, 3), "of price level {v} or lower // no higher than price level {v}"
            ),
            equal(choice(1, 2, 3, 4), "of price level {v} // at price level {v}"),
            names="price_class",
            up="cheapest first // low prices first",
        ),
        column(
            "terrace",
            "true or false",
            equal(YES, "with a terrace / where we can sit outside // with seats in the open air"),
            names="outdoor_seating",
        ),
        column(
            "closed_on",
            "a weekday in lower case",
            unequal(
                WEEKDAY, "not closed on {v} / that don't close on {v} // whose day off isn't {v}"
            ),
            names="closing_day",
        ),
    ),
)

STAFF = Collection(
    "staff",
    ("employees", "colleagues", "people"),
    (
        column(
            "department",
            "text",
            equal(DEPARTMENT, "in {v} / who work in {v} // from the {v} department"),
            unequal(
                DEPARTMENT, "outside {v} / who are not in {v} // from every department but {v}"
            ),
            names="team / unit",
        ),
        column(
            "age",
            "number",
            above(integer(25, 62), "older than {v} / over {v} // past {v}"),
            below(integer(25, 62), "younger than {v} / under {v} // who have not turned {v} yet"),
            names="years_old",
            up="youngest first // by age, youngest on top",
            down="oldest first // by age, oldest on top",
        ),
        column(
            "office",
            "text",
            equal(CITY, "at the {v} office / based in {v} // sitting in {v}"),
            names="city / site",
        ),
        column(
            "hired",
            "date, YYYY-MM-DD",
            above(DATE, "hired after {v} / who came after {v} // who joined later than {v}"),
            below(DATE, "hired before {v} // who joined earlier than {v}"),
            names="hired_on / joined",
            up="longest serving first // earliest hires first",
            down="newest first // latest hires first",
        ),
        column(
            "languages",
            "list of texts",
            contains(LANGUAGE, "who speak {v} / that know {v} // with some command of {v}"),
            names="speaks",
        ),
        column(
            "part_time",
            "true or false",
            equal(YES, "who work part time // on a part-time contract"),
            equal(NO, "who don't work part time // whose job is not part time"),
            names="is_part_time",
        ),
    ),
)

EVENTS = Collection(
    "events",
    ("events", "things to do"),
    (
        column(
            "category",
            "one of concert, theatre, exhibition, market",
            equal(
                choice("concert", "theatre", "exhibition", "market"),
                "of the {v} kind // filed under {v}",
            ),
            names="kind",
        ),
        column("city", "text", equal(CITY, "in {v} // happening in {v}"), names="town"),
        column(
            "date",
            "date, YYYY-MM-DD",
            equal(DATE, "on {v} // that take place on {v}"),
            above(DATE, "after {v} // later than {v}"),
            names="day",
            up="soonest first // in order of date",
        ),
        column(
            "entry_fee",
            "number, dollars",
            *price(5, 120),
            names="ticket_price",
            up=CHEAP_FIRST,
            down=DEAR_FIRST,
        ),
        column(
            "family_friendly",
            "true or false",
            equal(YES, "for families / where I can bring the kids // that are good for children"),
            names="for_kids",
        ),
        column(
            "host",
            "text",
            equal(FIRST_NAME, "hosted by {v} // with {v} as host"),
            names="organiser",
        ),
    ),
    test_only=True,
)

ALL = (JOBS, ORDERS, RESTAURANTS, STAFF, EVENTS)

"""Everyday notes and the object to read out of them: events, recipes, lost things, appointments."""

from minilora.data.kinds import (
    CLOCK,
    COLOR,
    DATE,
    DURATION_MIN,
    EMAIL,
    PERSON,
    PHONE,
    choice,
    flag,
    integer,
    listing,
    number,
    span,
)
from minilora.data.material import opt, req
from minilora.data.structured.scheme import Scheme, templates, terms

EVENT = span(
    *terms("""
    Jazz on the Roof; the Spring Book Fair; Pasta for Beginners; Open Source Night; the
    Neighbourhood Flea Market; Women in Robotics; the Harvest Run; Stargazing for Families;
    Climate Cafe; the Annual Chess Open; Sketch Club; Salsa Under the Stars; the Repair Workshop;
    Poetry Slam Finals; Founders Breakfast; the Winter Choir Concert
""")
)

VENUE = span(
    *terms("""
    the town library; Hall B; the old brewery; Riverside Park; the Blue Door cafe; St. Mark's
    church; the community garden; Pier 7; the university canteen; Studio Nine; the sports centre;
    the rooftop of the Meridian hotel; Cinema Lux; the scout hut
""")
)

DISH = span(
    *terms("""
    lentil soup; banana bread; mushroom risotto; chicken pie; shakshuka; fish tacos; apple
    crumble; pea curry; beef stew; spinach lasagne; potato gratin; plum cake; pad thai; stuffed
    peppers; onion tart; chili sin carne
""")
)

INGREDIENT = span(
    *terms("""
    red lentils; butter; two eggs; coconut milk; a tin of tomatoes; fresh basil; flour; brown
    sugar; garlic; a lemon; smoked paprika; leeks; walnuts; feta; ginger; cream; black beans;
    thyme
""")
)

THING = span(
    *terms("""
    backpack; umbrella; set of keys; wallet; water bottle; scarf; child's shoe; laptop sleeve;
    pair of glasses; teddy bear; bike helmet; phone; earring; pencil case; cap; tote bag
""")
)

SPOT = span(
    *terms("""
    on the number 12 bus; near the main fountain; in the gym changing room; on platform 4; in
    lecture hall 2; behind the bakery; at the tennis courts; in the cinema lobby; by the swings;
    in the lift of building C; outside the post office; on a bench by the lake; in the waiting
    room; next to the ticket machine
""")
)

PAST = span(
    *terms("""
    yesterday; last Friday; this morning; on Sunday evening; two days ago; last night; on Monday
    around noon; over the weekend; earlier today; last Wednesday; the day before yesterday
""")
)

CLINIC = span(
    *terms("""
    Northgate Clinic; the eye centre; St. Anne's Hospital; Dr. Lowe's practice; the dental school;
    Harbour Physio; Oakfield Surgery; the skin clinic; Bright Smile Dental; Ward 6
""")
)

VISIT = span(
    *terms("""
    a blood test; a knee check; a root canal; the flu jab; an eye exam; a follow-up on the X-ray;
    a mole check; physiotherapy; a hearing test; a dental cleaning; an allergy test; a stress ECG
""")
)

EVENT_NOTE = Scheme(
    name="event",
    task="extract",
    instructions=(
        "Extract the event.",
        "Calendar entry for the announcement.",
        "Event details as JSON.",
    ),
    params=(
        req("title", EVENT, "Name of the event"),
        req("date", DATE, "Day, YYYY-MM-DD"),
        opt("starts", CLOCK, "Start, 24-hour HH:MM"),
        opt("venue", VENUE, "Where it is, as written"),
        opt("price", number(3, 60, decimals=2, unit="euros"), "Ticket price, number only"),
        opt("contact", EMAIL, "Mail address for sign-up"),
    ),
    names={
        "title": ("name", "event"),
        "date": ("day", "event_date"),
        "starts": ("start_time", "begins_at", "time"),
        "venue": ("place", "location", "where"),
        "price": ("ticket_price", "entry_fee"),
        "contact": ("sign_up", "contact_email", "email"),
    },
    phrasings=templates(r"""
- Come and join us for {title} on {date}[ at {venue}]! [Doors open at {starts}.] [Tickets are
  {price} each.]
- {title}: {date}[, {starts}][, {venue}]. [Entry {price}.] [Register at {contact}.]
- hey all, {title} is happening on {date}[, we start at {starts}][ at {venue}]. bring friends!
- We are happy to announce {title}. It takes place[ at {venue}] on {date}[, starting at
  {starts}]. [Please sign up with {contact}.]
- Don't forget {title}[ at {venue}] - it's on {date}[ and kicks off at {starts}]. [It costs
  {price} to get in.]
- Save the date!! {date}, {title}[, {venue}]. [More info from {contact}.]
- After last year's success there will be another round: {title} returns[ to {venue}] on {date}.
  [A seat costs {price}.] [Reserve yours at {contact}.]
- Dear members, the board invites you to {title} on {date}[ at {starts}]. [We meet at {venue}.]
  [Let us know at {contact} if you can make it.]
"""),
    held_out=templates(r"""
- Anyone up for {title}? {date}[, from {starts}][, {venue}][, {price} a head].
- Poster at the bakery says {title}, {date}[, begins {starts}]. [They hold it at {venue}.] [You
  book through {contact}.]
- The kids want to see {title}. I looked it up: it's {date}[ at {venue}][, {price} per person][
  and it begins at {starts}].
"""),
)

RECIPE = Scheme(
    name="recipe_note",
    task="extract",
    instructions=(
        "Recipe card for the note.",
        "Extract the recipe basics.",
        "What to cook, for how many, how long.",
    ),
    params=(
        req("dish", DISH, "Name of the dish"),
        opt("servings", integer(2, 12), "Number of people it feeds"),
        opt("minutes", DURATION_MIN, "Time needed in minutes"),
        opt("oven_c", integer(140, 240), "Oven temperature in degrees Celsius"),
        req(
            "ingredients",
            listing(INGREDIENT, 2, 4),
            "Ingredients as written, in the order of the text",
        ),
    ),
    names={
        "dish": ("name", "recipe", "title"),
        "servings": ("serves", "people", "portions"),
        "minutes": ("time_minutes", "total_minutes"),
        "oven_c": ("oven_temperature", "temperature_c"),
        "ingredients": ("needs", "shopping"),
    },
    phrasings=templates(r"""
- Grandma's {dish}: you need {ingredients}. [Serves {servings}.] [Oven at {oven_c} degrees.]
  [Takes {minutes}.]
- for the {dish} get {ingredients}[, enough for {servings} people]. [bake at {oven_c}C]
- I made {dish} again! Just {ingredients}, nothing else.[ It took {minutes}.][ We were {servings}
  at the table and it was just enough.]
- {dish}[ \(for {servings}\)]\n{ingredients}[\n{oven_c} degrees][\n{minutes} in total]
- Tonight I'm cooking {dish}. Could you bring {ingredients}? [We'll be {servings}.] [Give me
  {minutes} in the kitchen.]
- The secret of a good {dish} is patience. Mix {ingredients}[, heat the oven to {oven_c} degrees]
  and wait[ {minutes}].
- ok here is the {dish} recipe you asked for. ingredients are {ingredients}. [it feeds
  {servings}.] [plan {minutes}]
- Easiest {dish} ever: throw together {ingredients}[, {oven_c} degrees in the oven][, done in
  {minutes}].
"""),
    held_out=templates(r"""
- {ingredients} - that's all that goes into my {dish}. [{servings} portions.] [Oven: {oven_c} C.]
- You asked how I do the {dish}. Well, I start with {ingredients}.[ Preheat to {oven_c}.][ After
  {minutes} it's ready.]
- note to self, {dish}: {ingredients}[; {minutes}][; {servings} servings]
"""),
)

LOST = Scheme(
    name="lost_and_found",
    task="extract",
    instructions=(
        "Entry for the lost property office.",
        "Extract the lost or found object.",
        "Lost-and-found record from the note.",
    ),
    params=(
        req("kind", choice("lost", "found"), "Whether the writer lost it or found it"),
        req("item", THING, "The object as written, without its colour"),
        opt("color", COLOR, "Colour"),
        opt("place", SPOT, "Where, as written"),
        opt("when", PAST, "When, as written"),
        opt("phone", PHONE, "Phone number to call"),
    ),
    names={
        "kind": ("status", "report"),
        "item": ("object", "thing"),
        "color": ("colour",),
        "place": ("where", "location"),
        "when": ("time", "lost_or_found_when"),
        "phone": ("call", "contact_phone"),
    },
    phrasings=templates(r"""
- I lost my [{color} ]{item}[ {place}][ {when}]. [If you have it please call {phone}.]{kind=lost}
- FOUND: a [{color} ]{item}[, {place}][, {when}]. [Owner please ring {phone}]{kind=found}
- hi, did anyone hand in a [{color} ]{item}? must have left it {place}[ {when}].{kind=lost}[ my
  number is {phone}]
- Good morning, {when} I picked up a [{color} ]{item}[ {place}]. It is safe with me. [Reach me at
  {phone}.]{kind=found}
- Whoever left a [{color} ]{item} {place}: I took it to the front desk[ {when}].{kind=found}
- Missing since {when}: [{color} ]{item}. [Last seen {place}.] Small reward! [{phone}]{kind=lost}
- Somebody's [{color} ]{item} turned up {place}[ {when}]. [To get it back phone
  {phone}.]{kind=found}
- My daughter is heartbroken, her [{color} ]{item} is gone. [We were {place}.] [It happened
  {when}.] [{phone}, any time.]{kind=lost}
"""),
    held_out=templates(r"""
- To the person who forgot a [{color} ]{item}[ {place}][ {when}]: you can collect it from me.[
  Tel. {phone}]{kind=found}
- ugh I can't find my [{color} ]{item}. had it {place}[ {when}]. [text {phone} if you see
  it]{kind=lost}
- The cleaner came across a [{color} ]{item}[ {when}][, it was {place}]. [Claims:
  {phone}]{kind=found}
"""),
)

APPOINTMENT = Scheme(
    name="appointment",
    task="extract",
    test_only=True,
    instructions=("Appointment details from the message.", "Extract the medical appointment."),
    params=(
        opt("patient", PERSON, "Who is being seen"),
        req("reason", VISIT, "What it is for, as written"),
        req("date", DATE, "Day, YYYY-MM-DD"),
        req("time", CLOCK, "Time, 24-hour HH:MM"),
        opt("clinic", CLINIC, "Where, as written"),
        opt(
            "fasting",
            flag(
                yes=["nothing to eat before", "come with an empty stomach"],
                no=["you may eat as usual", "breakfast beforehand is fine"],
            ),
            "Whether the patient must not eat before",
        ),
    ),
    names={
        "reason": ("purpose", "visit_for"),
        "clinic": ("where", "place"),
        "fasting": ("must_fast", "empty_stomach"),
    },
    phrasings=templates(r"""
- Dear {patient}, your appointment for {reason}[ at {clinic}] is on {date} at {time}. [Please
  note: {fasting}.]
- Reminder from {clinic}: {reason}, {date}, {time}.[ Important, {fasting}.]
- the doctor moved me to {date}, {time}. it's for {reason}[, same place, {clinic}]
- Hi, this is {patient}. I'd like to confirm {reason} on {date}, {time}[ at {clinic}].
- We booked {reason} for you[ at {clinic}]: {date}, {time} sharp. [And {fasting}.]
- Don't let me forget {reason}! {date} at {time}[, {clinic}]. [They said {fasting}.]
- Appointment card\n[Name: {patient}\n]For: {reason}\nDate: {date}\nTime: {time}[\nRoom:
  {clinic}]
- mum has {reason} on {date} at {time}[, over at {clinic}], can you drive her?[ {fasting} btw]
"""),
    held_out=templates(r"""
- {clinic} called, they can do {reason} on {date}, be there at {time}. [The nurse told me
  {fasting}.]
- See you {date} at {time} for {reason}, {patient}! [{fasting}.]
- So {reason} it is. {date}, {time}[, {clinic}].
"""),
)

ALL = (EVENT_NOTE, RECIPE, LOST, APPOINTMENT)

"""Texts that name several things with a number, a price or a time each, to be listed as objects."""

from minilora.data.kinds import (
    CITY,
    CLOCK,
    FIRST_NAME,
    MONEY,
    PERSON,
    PHONE,
    WEEKDAY,
    choice,
    integer,
    span,
)
from minilora.data.material import opt, req
from minilora.data.structured.scheme import ItemList, templates, terms

NAME = req("name_", FIRST_NAME, "a name")

PLACE = req("city_", CITY, "a place")

DAY = req("day_", WEEKDAY, "a day")

GROCERY = span(
    *terms("""
    rice; flour; potatoes; apples; minced meat; olives; tomatoes; sugar; cheddar; spinach; oats;
    prawns; carrots; coffee beans; strawberries; lentils; cashews; green beans; mushrooms; onions;
    dates; salmon
""")
)

STAPLE = span(
    *terms("""
    salt; pepper; butter; vinegar; ketchup; tea; honey; mustard; milk; cinnamon
""")
)

COST = span(
    *terms("""
    taxi to the airport; client lunch; printer paper; hotel in Lyon; train ticket; parking;
    conference fee; phone bill; coffee for the team; office plants; postage; software licence;
    business cards; team dinner; fuel; bus pass; translation; stickers
""")
)

ACTIVITY = span(
    *terms("""
    registration; welcome speech; workshop one; coffee break; panel discussion; lunch; guided
    tour; poster session; keynote; wine tasting; group photo; closing remarks; yoga; press
    briefing; live demo; awards ceremony
""")
)

GEAR = span(
    *terms("""
    folding chairs; extension leads; projectors; tripods; traffic cones; walkie-talkies; beer
    benches; spotlights; microphones; ladders; hard hats; paint rollers; trestle tables; fire
    extinguishers; drills; music stands
""")
)

SHOPPING = ItemList(
    name="shopping_list",
    instructions=("Shopping list with quantities.", "What has to be bought, and how much of it."),
    params=(
        req("name", GROCERY, "Product as written"),
        opt("quantity", integer(2, 12), "How many or how much"),
        opt(
            "unit",
            choice(
                "kg",
                "bag",
                "tin",
                "pack",
                spoken={
                    "kg": ["kg", "kilos"],
                    "bag": ["bags"],
                    "tin": ["tins", "cans"],
                    "pack": ["packs", "packets"],
                },
            ),
            "Unit of the quantity",
        ),
    ),
    items=("{quantity} {unit} of {name}", "{name}", "{quantity} {unit} {name}", "some {name}"),
    held_out_items=(
        "{name}, {quantity} {unit}",
        "{name} \\({quantity} {unit}\\)",
        "a little {name}",
    ),
    list_names=("items", "products", "groceries"),
    names={"name": ("product", "item"), "quantity": ("amount", "qty"), "unit": ("measure",)},
    joins=("semicolons", "and", "dashes", "lines"),
    fillers=(NAME, DAY, req("staple", STAPLE, "what is there already")),
    most=4,
    texts=templates(r"""
- We need @items.
- Can you go to the shop? @items. [We still have {staple}.]
- shopping for {day_}: @items
- {name_} is cooking tonight and asked for @items. [Don't buy {staple}, there's enough.]
- please get @items, and while you are there @more
- Groceries\n@items
- I'm at the supermarket, so far I have @items on my list. Anything else?
- The fridge is empty again! @items please. [{staple} is in the cupboard already.]
- for the soup on {day_} bring me @items
"""),
    held_out=templates(r"""
- Would you mind picking up @items on your way?
- Running low on everything. I'd say @items. [{staple} we have plenty of.]
- {name_} will do the shopping on {day_}; tell her to buy @items.
- oh no, guests on {day_}! quick: @items, also @more
"""),
)

EXPENSES = ItemList(
    name="expenses",
    instructions=("Expenses with their amounts.", "What was spent on what."),
    params=(req("what", COST, "Purpose as written"), req("amount", MONEY, "Amount, number only")),
    items=("{amount} for the {what}", "{what} {amount}", "{what}: {amount}"),
    held_out_items=("the {what} was {amount}", "{what} at {amount}"),
    list_names=("expenses", "costs", "items"),
    names={"what": ("purpose", "description", "item"), "amount": ("cost", "price")},
    joins=("and", "semicolons", "lines", "dashes"),
    fillers=(NAME, DAY, PLACE),
    most=4,
    texts=templates(r"""
- My costs for the trip to {city_}: @items.
- I paid @items. Please reimburse me.
- {name_} still owes me money, namely @items
- spent on {day_}: @items
- Expense report, {city_}\n@items
- Here is what I laid out: @items. Receipts follow on {day_}.
- Can you book these? @items. Thanks, {name_}
- the week was expensive. @items. and then @more
"""),
    held_out=templates(r"""
- For the books: @items.
- {name_} used the company card on {day_}, @items.
- Money went out like this: @items.
- Please find below the spendings of {name_}.\n@items
"""),
)

ROUTE = ItemList(
    name="itinerary",
    instructions=(
        "Stops of the journey with the nights spent there.",
        "The route as a list of stops.",
    ),
    params=(req("city", CITY, "Stop"), req("nights", integer(1, 7), "Number of nights")),
    items=("{city} \\({nights}\\)", "{nights} in {city}", "{city} {nights}"),
    held_out_items=("{city}, {nights}", "{city} x {nights}"),
    list_names=("stops", "route", "places"),
    names={"city": ("place", "town"), "nights": ("number_of_nights", "nights_stayed")},
    joins=("semicolons", "then", "lines", "numbers"),
    fillers=(NAME, DAY),
    most=4,
    texts=templates(r"""
- Our route (with nights|and the nights): @items.
- We'll do @items - all numbers are nights.
- number of nights per stop: @items
- {name_} planned our honeymoon. In nights it's @items.
- Leaving on {day_}. Stops and nights\n@items
- Could you check hotels for us? Nights: @items, then home.
- I counted the nights once more, @items. Does that look right to you, {name_}?
- road trip!! @items (nights|nights, that is)
"""),
    held_out=templates(r"""
- Nights we need beds for: @items.
- The band plays on and stays the night each time, in nights that makes @items.
- {name_} books the rooms, here are the nights: @items
"""),
)

SCORES = ItemList(
    name="scores",
    instructions=("Points of every player.", "The result list."),
    params=(req("player", FIRST_NAME, "Player"), req("points", integer(3, 98), "Points")),
    items=("{player} {points}", "{player} got {points}", "{points} for {player}"),
    held_out_items=("{player} has {points}", "{player}: {points}"),
    list_names=("results", "scores", "players"),
    names={"player": ("name", "who"), "points": ("score", "total")},
    joins=("and", "semicolons", "lines"),
    fillers=(PLACE, DAY),
    most=5,
    test_only=True,
    texts=templates(r"""
- Final score: @items.
- quiz night on {day_}, points as follows: @items
- The darts evening ended with @items. What a game!
- After round three we have @items points.
- Please write this down, @items.
- Standings in {city_}\n@items
- nobody expected it but here you go: @items
- I kept count of the points: @items.
"""),
    held_out=templates(r"""
- The jury gave its points, @items.
- Results of {day_}\n@items
- so points wise, @items. rematch soon?
"""),
)

SCHEDULE = ItemList(
    name="programme",
    instructions=("Programme of the day with start times.", "The agenda as a list."),
    params=(
        req("time", CLOCK, "Start, 24-hour HH:MM"),
        req("what", ACTIVITY, "Part of the programme as written"),
    ),
    items=("{time} {what}", "{what} at {time}", "{time}: {what}"),
    held_out_items=("{what} from {time}", "{time} - {what}"),
    list_names=("programme", "agenda", "slots"),
    names={"time": ("start", "begins"), "what": ("title", "activity")},
    joins=("semicolons", "lines", "dashes", "then"),
    fillers=(PLACE, DAY, NAME),
    most=4,
    test_only=True,
    sort_by="time",
    texts=templates(r"""
- Programme for {day_}: @items.
- Agenda\n@items
- We planned it like this: @items. {name_} will guide you.
- so the day in {city_} looks like @items
- Dear guests, please note the times: @items.
- @items. That's all, see you on {day_}!
- can you print this? @items
- {name_} sent the order of the day, @items.
"""),
    held_out=templates(r"""
- What happens when: @items.
- Conference in {city_}, {day_}\n@items
- ok times are fixed now, @items
"""),
)

INVENTORY = ItemList(
    name="inventory",
    instructions=("Stock count.", "Equipment with numbers and condition."),
    params=(
        req("item", GEAR, "Equipment as written"),
        req("count", integer(2, 60), "How many"),
        opt("condition", choice("new", "used", "broken"), "State of it"),
    ),
    items=("{count} {item}", "{count} {condition} {item}", "{item} x {count}"),
    held_out_items=(
        "{item}: {count}",
        "{item}, {count} of them {condition}",
        "{count} of the {condition} {item}",
    ),
    list_names=("inventory", "stock", "equipment"),
    names={"item": ("name", "article"), "count": ("number", "pieces"), "condition": ("state",)},
    joins=("semicolons", "and", "lines", "dashes"),
    fillers=(NAME, PLACE),
    test_only=True,
    most=4,
    texts=templates(r"""
- In the store room there are @items.
- We counted @items.
- stock in {city_}: @items
- {name_} lent us @items. Please bring everything back.
- For the street party we can use @items.
- Inventory, done by {name_}\n@items
- the van holds @items, nothing more fits in
- Please insure the following: @items.
"""),
    held_out=templates(r"""
- After the move to {city_} we are left with @items.
- {name_} found @items in the cellar.
- What the club owns: @items.
"""),
)

CONTACTS = ItemList(
    name="contacts",
    instructions=("Names and phone numbers.", "Contact list from the message."),
    params=(req("name", PERSON, "Full name"), req("phone", PHONE, "Number as written")),
    items=("{name} {phone}", "{name}: {phone}", "{name} on {phone}"),
    held_out_items=("{phone} is {name}", "{name}, tel. {phone}"),
    list_names=("contacts", "people", "numbers"),
    names={"name": ("person", "full_name"), "phone": ("number", "phone_number")},
    joins=("semicolons", "lines", "dashes", "numbers"),
    fillers=(DAY, PLACE),
    most=3,
    texts=templates(r"""
- In an emergency call @items.
- New numbers! @items.
- could you save these for me: @items
- On duty on {day_}\n@items
- You can reach us in {city_}: @items.
- Here is the list of drivers. @items
- our neighbours with keys are @items, all very nice
- For questions about {city_} there's @items.
"""),
    held_out=templates(r"""
- Babysitters I can recommend: @items.
- who to ring on {day_}: @items
- The people in charge in {city_} are @items.
"""),
)

ALL = (SHOPPING, EXPENSES, ROUTE, CONTACTS, SCORES, SCHEDULE, INVENTORY)

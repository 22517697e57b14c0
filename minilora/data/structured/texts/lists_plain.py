"""Texts that name several things, to be listed word for word, in the order of the text.

What is only mentioned (what is done already, who cannot come) does not belong to the list.
"""

from minilora.data.kinds import (
    CITY,
    FIRST_NAME,
    PERSON,
    WEEKDAY,
    span,
)
from minilora.data.material import req
from minilora.data.structured.scheme import ItemList, templates, terms

NAME = req("name_", FIRST_NAME, "a name")

PLACE = req("city_", CITY, "a place")

DAY = req("day_", WEEKDAY, "a day")

CHORE = span(
    *terms("""
    call the landlord; water the plants; renew the passport; book the dentist; clean the gutters;
    return the library books; fix the bike; send the invoice to Olga; buy a present for Dad;
    change the tyres; pick up the dry cleaning; back up the laptop; write the thank-you notes;
    empty the dishwasher; prepare the slides; cancel the gym; order new filters; measure the
    windows; pay the parking fine; register for the course; vacuum the stairs; find a babysitter;
    answer Mr. Petrov; sharpen the knives
""")
)

DONE = span(
    *terms("""
    feed the cat; iron the shirts; mow the lawn; post the parcel; wash the car; take out the bins;
    update the website; charge the drill
""")
)

PACK = span(
    *terms("""
    sunscreen; hiking boots; a headlamp; two jumpers; the green tent; swimming trunks; a power
    bank; the passports; ear plugs; a first aid kit; rain trousers; playing cards; the big
    thermos; wool socks; a towel; binoculars; insect spray; the travel adapter; sandals; a pocket
    knife; sleeping bags; toothpaste
""")
)

AT_HOME = span(
    *terms(
        """
    the stove; pillows; a kettle; bed linen; the board games; a hair dryer; life jackets; firewood
"""
    )
)

STEP = span(
    *terms("""
    unplug the machine; remove the back cover; press the red button; wait ten seconds; wipe the
    lens; open the valve; tighten both screws; insert the new cartridge; close the lid; turn the
    dial to 3; rinse the filter; check the oil level; hold the reset key; connect the blue cable;
    enter the code; pull the lever; let it cool down; replace the seal; shake it gently; switch it
    on again
""")
)

TODO = ItemList(
    name="todo_list",
    instructions=("To-do list from the message.", "What is still to be done, word for word."),
    params=(req("task", CHORE, "Task as written"),),
    items=("{task}",),
    held_out_items=("{task}",),
    list_names=("tasks", "todo", "items"),
    joins=("and", "semicolons", "dashes", "numbers", "lines"),
    fillers=(NAME, DAY, req("done", DONE, "what is done")),
    most=5,
    texts=templates(r"""
- Today I have to @items.
- todo: @items
- {name_}, could you @items? [I did already {done}.]
- Before {day_} we must @items. Then we are free.
- Things left to do\n@items
- I managed to {done}. Still open: @items.
- My list for {day_}: @items[. No need to {done}, {name_} took care of it].
- ok so i need to @items and then also @more
- don't let me forget to @items
"""),
    held_out=templates(r"""
- It's {day_} and I still haven't found the time to @items.
- Remind {name_} to @items. [Luckily someone else will {done}.]
- If I @items this week, I'll be proud of myself.
- Note to self: @items. Not urgent is the rest.
"""),
)

ATTENDEES = ItemList(
    name="attendees",
    instructions=("Who takes part.", "Names of the people who will come."),
    params=(req("name", PERSON, "Full name"),),
    items=("{name}",),
    held_out_items=("{name}",),
    list_names=("attendees", "guests", "participants", "people"),
    joins=("and", "and", "lines", "dashes"),
    fillers=(DAY, PLACE, req("absent", PERSON, "who does not come")),
    most=5,
    texts=templates(r"""
- @items will be there on {day_}. [{absent} sends apologies.]
- Guest list for {day_}: @items
- So far @items said yes[, only {absent} can't make it].
- present: @items[. excused: {absent}]
- Please reserve seats for @items. [{absent} has cancelled.]
- We met in {city_} with @items, and later @more joined us.
- I invited everybody but just @items are coming.
- Minutes, {day_}. Taking part were @items. [Missing: {absent}.]
"""),
    held_out=templates(r"""
- Confirmed for the trip to {city_}: @items. [Not {absent}, sadly.]
- The call on {day_} was joined by @items[ while {absent} was ill].
- who's in? @items so far, {absent} is out
- Name tags are needed for @items.
"""),
)

PACKING = ItemList(
    name="packing_list",
    instructions=("What has to be packed.", "Packing list from the text."),
    params=(req("thing", PACK, "Thing as written"),),
    items=("{thing}",),
    held_out_items=("{thing}",),
    list_names=("things", "pack", "items"),
    fillers=(NAME, PLACE, DAY, req("there", AT_HOME, "what need not be packed")),
    texts=templates(r"""
- For {city_} we should pack @items.
- Bring @items! [There's no need for {there}.]
- packing for {day_}: @items[, not {there}, they have that at the house]
- The leaflet says everyone has to carry @items. [{there} will be provided.]
- In my suitcase: @items.
- {name_} takes @items, I'll see to the rest.
- Don't leave without @items[ - {there} can stay at home].
- Camp in {city_}\n@items
"""),
    held_out=templates(r"""
- Did you think of @items? [{there} we can borrow.]
- It gets cold in {city_}, so @items belong in the bag.
- What I'd take along: @items, maybe @more.
- checklist {day_}\n@items
"""),
)

STEPS = ItemList(
    name="steps",
    instructions=("Steps in the order they are done.", "The instructions as a list."),
    params=(req("step", STEP, "Step as written"),),
    items=("{step}",),
    held_out_items=("{step}",),
    list_names=("steps", "instructions", "procedure"),
    joins=("then", "then", "numbers", "lines"),
    fillers=(NAME,),
    most=5,
    texts=templates(r"""
- @items.
- To get it going again @items.
- {name_} from support told me to @items. It worked!
- How to do it\n@items
- It's easy: @items, done.
- If the lamp blinks, @items. If not, leave it alone.
- hey, when the machine is stuck you should @items
- Every {name_} can do this. Just @items and you are there.
"""),
    held_out=templates(r"""
- According to the manual one has to @items.
- Dear {name_}, please @items before you call us.
- ok listen. @items. that's the whole trick
- Maintenance\n@items
"""),
)

ALL = (TODO, ATTENDEES, PACKING, STEPS)

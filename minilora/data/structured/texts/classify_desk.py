"""Adverts, guests' wishes and insurance claims, each for one desk of several."""

from minilora.data.kinds import CITY, FIRST_NAME, MONEY, WEEKDAY, integer
from minilora.data.material import req
from minilora.data.structured.scheme import Labels, by_label

NAME = req("name", FIRST_NAME, "a name")

PLACE = req("city", CITY, "a place")

SUM = req("amount", MONEY, "an amount")

COUNT = req("n", integer(2, 40), "a count")

DAY = req("weekday", WEEKDAY, "a day")

ROOM = req("room", integer(101, 689), "Room number")

LISTING = Labels(
    name="listing_category",
    instructions=("Category of the classified ad.", "In which section does the offer go?"),
    property_names=("category", "section", "label"),
    synonyms={
        "electronics": ("electronics", "tech"),
        "clothing": ("clothing", "fashion", "clothes"),
        "garden": ("garden", "outdoor"),
        "toys": ("toys", "kids"),
        "books": ("books", "reading"),
        "furniture": ("furniture", "home"),
        "services": ("services", "help_wanted"),
    },
    fillers=(NAME, PLACE, SUM, COUNT),
    texts=by_label(r"""
electronics:
- Selling a laptop, battery lasts {n} hours, {amount}. Pick up in {city}.
- Old but good loudspeakers with cables, {amount} for the pair
- two game consoles, one needs a new fan. {amount}
- E-reader with a scratch on the back, {amount}
clothing:
- Winter coat, size {n}, worn twice. {amount}.
- Wedding dress looking for a second dance, {amount}, can be tried on in {city}
- bag of t-shirts, about {n} pieces, all washed
- Leather boots, hardly used because they pinch {name}'s toes.
garden:
- Giving away {n} tomato plants in {city}.
- Lawn mower, starts on the first pull, {amount}
- Greenhouse panels and a rain barrel, must go before winter.
- {n} paving stones left over from our terrace, {amount} for all
toys:
- Wooden train set with {n} pieces of track, complete. {amount}
- {name} has outgrown the doll's house. It wants to move for {amount}.
- box of building bricks, roughly {n} kilos
- Puzzles, from {n} to 1000 pieces, none missing I hope
books:
- {n} crime novels, paperback, {amount} altogether
- Encyclopedia in {n} volumes, heavy, pick up in {city} only.
- signed first edition of poems, asking {amount}
- Cookbooks and travel guides for {city} and beyond.
furniture:
- Oak table, seats {n}, a few wine stains. {amount}.
- Sofa bed, grey, cat-free home, {amount}
- Giving away {n} shelves, you dismantle them in {city}
- chest of drawers, one handle missing
services:
- I repair bicycles at your home in {city}. {amount} an hour.
- Student offers maths lessons, {amount} each.
- Will walk your dog any weekday, {name}, {n} years old
- Moving help with a van in and around {city}
"""),
    held_out=by_label(r"""
electronics:
- Tablet without charger, works like on day one, {amount}.
- Selling my turntable, needle replaced {n} months ago
- Wifi router, spare monitor and lots of adapters for {amount}
clothing:
- Rain trousers for tall people, {amount}
- {n} silk ties from my grandfather in {city}
- knitted sweaters, handmade by {name}, {amount} each
garden:
- Hedge trimmer and two rakes, {amount}.
- Rose cuttings, {n} different kinds, free in {city}
- who wants compost? {n} buckets, bring your own car
toys:
- Tricycle in red, {amount}, the bell is loud.
- {n} board games, all pieces counted by {name}
- Marble run, used for one rainy week in {city}
books:
- Complete comics, numbers 1 to {n}, {amount}
- School atlas and dictionaries for {amount}
- Free: historical novels, water damage on {n} of them.
furniture:
- Wardrobe with mirror, {amount}, ground floor in {city}.
- bunk bed, {n} slats replaced, sturdy
- Rocking chair that belonged to {name}'s aunt, {amount}
services:
- {name} cleans windows in {city}, {amount} per house.
- Piano tuning, {n} years of practice
- I translate letters and forms, {amount} a page.
"""),
)

GUEST = Labels(
    name="hotel_request",
    instructions=("Which department of the hotel must act?", "Route the guest's request."),
    property_names=("department", "route_to"),
    synonyms={
        "housekeeping": ("housekeeping", "cleaning"),
        "maintenance": ("maintenance", "repairs"),
        "kitchen": ("kitchen", "room_service"),
        "reception": ("reception", "front_desk"),
        "transport": ("transport", "shuttle"),
    },
    fillers=(NAME, PLACE, COUNT, DAY),
    extra=(ROOM,),
    test_only=True,
    texts=by_label(r"""
housekeeping:
- Could we get {n} fresh towels in {room}? Thank you.
- hi, room {room}, nobody made the bed today
- {name} from {room} spilled wine on the carpet, please send someone with a cloth
maintenance:
- The air conditioning in {room} drips onto the desk.
- the light over the mirror is broken, room {room}
- We are in {room} and the shower stays cold, no matter what.
kitchen:
- {n} club sandwiches and a pot of tea to {room} please
- Room {room} here. Can we have the breakfast sent up on {weekday}, no nuts for {name}?
- is it too late for soup? {room}
reception:
- I'd like to stay until {weekday}, my room is {room}.
- The bill for {room} lists {n} drinks we never had, who can explain?
- locked myself out of {room}, need another key card
transport:
- We need a ride to the airport on {weekday}, {n} persons, room {room}.
- {room}: can your van fetch {name} from the station?
- how do we get from here to {city}, and could you book us a car? room {room}
"""),
    held_out=by_label(r"""
housekeeping:
- Pillows in {room} smell of smoke, may we have others?
- {room} needs its bin emptied and some soap.
maintenance:
- The window in {room} does not close and it's freezing.
- Safe in {room} won't open, my passport is inside!
kitchen:
- A birthday cake for {name} in {room}, {n} candles, would that be possible?
- hungry in {room}, anything warm left?
reception:
- {name} in {room} would like to check out at noon instead of ten.
- Someone keeps calling {room} by mistake, can you look into it
transport:
- A taxi for {n} at the door in ten minutes, it's for {room}.
- Does the shuttle to {city} have a seat for {name}, {room}?
"""),
)

CLAIM = Labels(
    name="insurance_claim",
    instructions=("Kind of insurance claim.", "Which desk handles the claim?"),
    property_names=("claim_type", "label", "line"),
    synonyms={
        "car": ("car", "motor"),
        "home": ("home", "household"),
        "travel": ("travel", "trip"),
        "health": ("health", "medical"),
        "pet": ("pet", "animal"),
    },
    test_only=True,
    fillers=(NAME, PLACE, SUM, DAY, COUNT),
    texts=by_label(r"""
car:
- A truck scraped my left door on {weekday} in {city}, repair costs {amount}.
- hail dented the bonnet in {n} places
- {name} backed into a post with our van. Who pays the bumper?
- windscreen cracked on the motorway
home:
- Water came through the ceiling on {weekday}, the parquet is ruined.
- burglars took the television and {amount} in cash
- A candle set fire to the curtains. {name} is fine, the living room isn't.
- Our cellar in {city} was flooded, {n} centimetres deep.
travel:
- My suitcase never made it to {city}.
- Had to cancel the holiday in {city} because {name} broke a leg, {amount} lost.
- flight was {n} hours late and we missed the cruise
- The tour operator went bankrupt while we were in {city}.
health:
- The dentist charged {amount} for two crowns.
- {name} needs {n} sessions of physiotherapy, do you cover that?
- new glasses, {amount}, receipt attached
- I was in hospital from {weekday} on, the bill came today.
pet:
- Our cat swallowed a needle, the vet wants {amount}.
- {name}'s dog needs a new hip
- The horse went lame on {weekday}, x-rays cost {amount}.
- rabbit vaccination in {city}, can i hand in the bill
"""),
    held_out=by_label(r"""
car:
- Someone broke off my mirror while I was parked in {city}.
- The marten got the cables again, {amount} at the garage.
- rear-ended on {weekday}, other driver was {name}
home:
- Storm took {n} tiles off the roof.
- {name} dropped a pan, the hob has a crack, a new one costs {amount}.
- someone stole the bikes out of our locked shed
travel:
- We got stuck in {city} for {n} nights because of the strike.
- Wallet stolen on the beach near {city}, {amount} gone, back home on {weekday}.
- {name} fell ill two days before departure, tickets can't be returned
health:
- An ambulance took me to {city}, now they ask {amount}.
- {n} boxes of insulin, here is the prescription.
- hearing aid for {name}, what's my share?
pet:
- Guinea pig surgery, yes really, {amount}.
- The puppy ate {name}'s pills and spent {weekday} at the animal clinic.
- Parrot broke its wing in {city}, vet's invoice to follow
"""),
)

ALL = (LISTING, GUEST, CLAIM)

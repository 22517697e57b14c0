"""Descriptions of things and the record to create: nested objects, lists, flags, enums."""

from minilora.data.kinds import (
    CLOCK,
    COLOR,
    COUNTRY,
    EMAIL,
    FIRST_NAME,
    MONEY,
    PERSON,
    PHONE,
    SKU,
    USERNAME,
    WEEKDAY,
    YEAR,
    choice,
    flag,
    integer,
    listing,
    number,
    optional,
    record,
    span,
)
from minilora.data.material import opt, req
from minilora.data.structured.scheme import Scheme, templates, terms

PET_NAME = span(
    *terms("""
    Biscuit; Waffles; Nero; Pixel; Mochi; Olive; Captain; Zorro; Peanut; Luna Bear; Moss; Tango;
    Sprout; Ziggy; Fig
""")
)

ALLERGY = span(
    *terms("""
    peanuts; chicken; pollen; penicillin; shellfish; latex; lactose; wasp stings; gluten; dust
    mites; soy; aspirin; strawberries; nickel
""")
)

BOOK = span(
    *terms("""
    The Glass Harbour; Nine Winters; A Map of Salt; The Quiet Engine; Letters to Ilse; Under
    Copper Skies; The Last Ferryman; Small Gods of the Attic; Thistle and Bone; The Weight of
    Rivers; Paper Lions; Midnight at the Orchard; Borrowed Light
""")
)

TAG = span(
    *terms("""
    mystery; family; sea; winter; crime; love; travel; history; magic; war; food; school; desert;
    music; ghosts
""")
)

PRODUCT = span(
    *terms("""
    walnut cutting board; enamel mug; linen apron; brass candle holder; felt slippers; bamboo
    toothbrush; glass teapot; leather key ring; cork coaster set; wool socks; soy candle; tin
    lantern; oak stool; cotton tote; copper pan
""")
)

TEAM = span(
    *terms("""
    Night Owls; Payments Core; Green Lab; Field Ops; Red Pandas; Search Squad; Team Compass;
    Onboarding Crew; Data Gardeners; Rocket Desk; Platform North; The Bridge
""")
)

ROOM = span(
    *terms("""
    living room; attic; nursery; garage; hallway; study; greenhouse; cellar; guest room; kitchen;
    workshop; laundry room
""")
)

SERVER = span(
    *terms("""
    atlas; db-primary; mail-02; sandbox; build-agent-7; edge-north; reporting; cache-3;
    legacy-erp; staging-web; vault; queue-1
""")
)

PET = Scheme(
    name="pet",
    task="record",
    instructions=("Patient record for the animal clinic.", "Register the pet.", "Pet profile."),
    params=(
        req("name", PET_NAME, "Name of the animal"),
        req("species", choice("dog", "cat", "rabbit", "bird"), "Species"),
        opt("color", COLOR, "Colour of fur or feathers"),
        opt("weight_kg", number(0.5, 32, unit="kg"), "Weight in kilograms"),
        opt(
            "vaccinated",
            flag(
                yes=["vaccinated", "has had all its shots"],
                no=["not vaccinated", "without any shots so far"],
            ),
            "Whether it is vaccinated",
        ),
        opt("allergies", listing(ALLERGY, 1, 2), "Allergies as written"),
        req("owner", record(name=PERSON, phone=optional(PHONE)), "The owner"),
    ),
    names={
        "species": ("animal", "kind"),
        "weight_kg": ("weight", "kg"),
        "vaccinated": ("is_vaccinated", "shots"),
        "owner": ("keeper", "contact"),
    },
    phrasings=templates(r"""
- {owner.name} brings in {name}, a {species}[ \({color}\)][, {weight_kg}][, {vaccinated}].
- New patient: {name}, {species}[, {color}][, weighs {weight_kg}]. Owner {owner.name}[,
  {owner.phone}].[ Allergic to {allergies}.]
- my {species} {name} needs a file with you. i'm {owner.name}[, call me on {owner.phone}]
- Please register my {species}. The name is {name}[, colour {color}], owner: {owner.name}. [It
  can't have {allergies}.]
- {name} the {species}[, {vaccinated}], belongs to {owner.name}[, phone {owner.phone}]
- We adopted {name}, a {species} of {weight_kg}[, {vaccinated}]. Yours, {owner.name}
- add {species} {name} for {owner.name}[. allergies: {allergies}][. weight: {weight_kg}]
- Our {color} friend {name} has an appointment for the first time. {name} is a {species}[, about
  {weight_kg}]. Owner is {owner.name}.
"""),
    held_out=templates(r"""
- It's about {name}, our {species}.[ On the scales: {weight_kg}.][ Watch out for {allergies}.] My
  name: {owner.name}[, number {owner.phone}].
- {owner.name} found a {species}, called it {name} and keeps it. [It is {color}.] [{vaccinated}.]
- file for a {species} please, {name}[, {weight_kg}], keeper is {owner.name}
"""),
)

NOVEL = Scheme(
    name="library_book",
    task="record",
    instructions=("Catalogue entry for the book.", "Add the book to the library.", "Book record."),
    params=(
        req("title", BOOK, "Title as written"),
        req("author", record(first_name=FIRST_NAME, country=optional(COUNTRY)), "Author"),
        opt("year", YEAR, "Year of publication"),
        opt("pages", integer(90, 780, unit="pages"), "Number of pages"),
        opt("tags", listing(TAG, 1, 4), "Subjects as written"),
        opt("format", choice("hardcover", "paperback", "audiobook"), "Format"),
        opt(
            "available",
            flag(
                yes=["it is on the shelf", "can be borrowed"],
                no=["it is on loan", "currently lent out"],
            ),
            "Whether it can be borrowed",
        ),
    ),
    names={
        "author": ("writer", "by"),
        "year": ("published", "publication_year"),
        "pages": ("page_count",),
        "tags": ("subjects", "keywords"),
        "available": ("in_stock",),
    },
    phrasings=templates(r"""
- {title}, by {author.first_name}[ from {author.country}][, {year}][, {pages}][, {format}].
- Please add the {format} {title}. The writer goes by {author.first_name}. [Subjects: {tags}.]
  [{available}.]
- we got {title} by {author.first_name}[, {pages}][, came out in {year}][, tags {tags}]
- New in the library: {title}. Author: {author.first_name}[ \({author.country}\)]. [It has
  {pages}.] [Keywords are {tags}.]
- {author.first_name} wrote {title}[ in {year}], we hold it as {format}[ and {available}].
- catalogue {title}[, published {year}], author {author.first_name}[ of {author.country}][.
  {available}]
- A reader donated {title} by the author {author.first_name}, {format}[, {pages}]. [It is about
  {tags}.]
- Enter this one: "{title}", {author.first_name}[, {year}][, {format}].
"""),
    held_out=templates(r"""
- {author.first_name}[, born in {author.country},] published {title} in {year}. [{pages} long.]
  [Think {tags}.]
- The shelf is missing {title} from {author.first_name}. [We have the {format}.] [Note:
  {available}.]
- book: {title} / {author.first_name}[ / {pages}][ / {tags}]
"""),
)

ARTICLE = Scheme(
    name="shop_product",
    task="record",
    instructions=("Create the product in the shop.", "Product record for the web shop."),
    params=(
        req("name", PRODUCT, "Product name as written"),
        req("price", MONEY, "Price, number only"),
        opt("sku", SKU, "Article code as written"),
        opt("stock", integer(5, 400, unit="pieces"), "Pieces in stock"),
        opt(
            "size_cm",
            record(width=integer(5, 90, unit="cm"), height=integer(3, 60, unit="cm")),
            "Size in centimetres",
        ),
        opt("colors", listing(COLOR, 1, 3), "Colours as written"),
        opt(
            "visible",
            flag(
                yes=["show it right away", "put it online at once"],
                no=["keep it hidden for now", "don't publish it yet"],
            ),
            "Whether customers see it",
        ),
    ),
    names={
        "name": ("title", "product"),
        "sku": ("article_code", "code"),
        "stock": ("quantity", "in_stock"),
        "size_cm": ("dimensions_cm",),
        "visible": ("published", "online"),
    },
    phrasings=templates(r"""
- Add the {name} for {price}[, code {sku}][, {stock} in stock].[ {visible}.]
- New article: {name}. It costs {price}. [Available in {colors}.] [It is {size_cm.width} wide and
  {size_cm.height} high.]
- {name}, {price}[, {colors}][, {stock}][, {visible}]
- Could you create the {name} in the shop? Price {price}[, sku {sku}]. [We have {stock}.]
  [{visible}.]
- the supplier sent {stock} of the {name}, sell at {price}[, article code {sku}]
- We now make the {name} in {colors}. {price} each. [Width {size_cm.width}, height
  {size_cm.height}.]
- pls list {name} @ {price}[ / {sku}][ / {stock}]
- Our {name}[ \({sku}\)] should be offered at {price}[, the size being {size_cm.width} by
  {size_cm.height}].[ {visible}.]
"""),
    held_out=templates(r"""
- For {price} people can have the {name}[ in {colors}]. [{stock} left.] [{visible}.]
- Next week we start selling a {name}[, internally {sku}], at {price}.[ Measures {size_cm.width}
  across and {size_cm.height} tall.]
- one more product: {name} - {price}[ - {stock}][ - {colors}]
"""),
)

SMART_DEVICE = Scheme(
    name="smart_device",
    task="record",
    instructions=("Register the device.", "Settings of a new smart home device."),
    params=(
        req("type", choice("lamp", "thermostat", "camera", "blind", "speaker"), "Kind of device"),
        req("room", ROOM, "Room as written"),
        opt(
            "schedule",
            record(on=CLOCK, off=optional(CLOCK)),
            "When it goes on and off, 24-hour HH:MM",
        ),
        opt("days", listing(WEEKDAY, 1, 3), "Days on which the schedule holds"),
        opt("level", integer(5, 100, unit="percent"), "Level in percent"),
        opt(
            "motion",
            flag(
                yes=["with motion detection", "react to motion"],
                no=["without motion detection", "ignore motion"],
            ),
            "Whether it reacts to motion",
        ),
    ),
    names={
        "type": ("device", "kind"),
        "room": ("location", "place"),
        "days": ("on_days", "weekdays"),
        "level": ("level_percent", "intensity"),
        "motion": ("motion_detection",),
    },
    phrasings=templates(r"""
- Add a {type} in the {room}[ at {level}][, {motion}].
- New {type} for the {room}. [On at {schedule.on}, off at {schedule.off}.] [Only {days}.]
- there's a {type} in the {room} now, set it to {level}[, {motion}]
- Please register the {type} that hangs in the {room}. [It should start at {schedule.on}[ and
  stop at {schedule.off}].] [{motion}, please.]
- {room}: {type}[, {level}][, from {schedule.on}][, {days}]
- I bought a {type}, it goes to the {room}[ and should be on from {schedule.on} to
  {schedule.off}][, every {days}].
- setup {type} / {room}[ / {level}][ / {motion}]
- Put the {type} of the {room} into the app[, {level}][, switching on at {schedule.on}].
"""),
    held_out=templates(r"""
- The {room} got a {type} today. [Let it run between {schedule.on} and {schedule.off}.] [Level:
  {level}.]
- can we have the {type} in the {room} on the system[, {motion}][, active {days}]
- Connect my {type}, {room}[, wake it at {schedule.on}][, {level}].
"""),
)

TEAM_SPACE = Scheme(
    name="team_space",
    task="record",
    test_only=True,
    instructions=("Create the team space.", "Workspace to set up."),
    params=(
        req("name", TEAM, "Name of the team"),
        req("members", listing(USERNAME, 2, 4), "User names as written"),
        opt("owner", EMAIL, "Mail address of the owner"),
        opt("access", choice("public", "private"), "Who may see it"),
        opt("budget", MONEY, "Monthly budget, number only"),
        opt("server", SERVER, "Host name as written"),
    ),
    names={
        "name": ("team", "title"),
        "owner": ("admin",),
        "access": ("visibility",),
        "server": ("host",),
    },
    phrasings=templates(r"""
- Make a {access} space for {name} with {members}[, owned by {owner}].
- {name} needs a workspace. Members: {members}. [Budget {budget} a month.] [Host it on {server}.]
- new team {name}: {members}[, keep it {access}]
- Could you set up {name}? In it are {members}[, {owner} is in charge].[ They may spend {budget}
  monthly.]
- {members} form the team {name}[ on {server}][ \({access}\)]
- Please create {name}, {access}. People: {members}. [Contact {owner}.]
"""),
    held_out=templates(r"""
- The project starts, so give {name} a home[ on {server}] and let {members} in[, {access}
  please].
- {owner} asked for a space called {name}. Who's in it: {members}. [{budget} per month.]
- space {name} / {members}[ / {access}][ / {server}]
"""),
)

ALL = (PET, NOVEL, ARTICLE, SMART_DEVICE, TEAM_SPACE)

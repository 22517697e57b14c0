"""Living and public things: towns, farms, festivals, animals, people, films and books."""

from __future__ import annotations

from minilora.data.detective.material.subjects import subject

GROWN = (
    subject(
        "town",
        "{place};{place};Upper {place};{place} on the {river}",
        """
population = int 700 480000 inhabitants
{n} has {v}.
The population of {n} is {v}.
{v} live in {n}.
? What is the population of {n}?
? How many people live in {n}?
mayor = person
The mayor of {n} is {v}.
{n} is governed by mayor {v}.
{v} was elected mayor of {n}.
? Who is the mayor of {n}?
? What is the name of the mayor of {n}?
first mentioned = year 890 1650
{n} was first mentioned in {v}.
The first record of {n} is from {v}.
A charter of {v} is the first to name {n}.
? When was {n} first mentioned?
? What year is the first record of {n} from?
elevation = int 4 1900 metres
{n} lies {v} above the sea.
The elevation of {n} is {v}.
{n} is {v} above sea level.
? How high above the sea does {n} lie?
? What is the elevation of {n}?
industry = pick glassmaking;shipbuilding;tourism;paper milling;fishing;salt mining;watchmaking
{n} lives mainly on {v}.
The main industry of {n} is {v}.
{v} is the main industry in {n}.
? What is the main industry of {n}?
? What does {n} live on?
area = dec 6 410 square kilometres
{n} covers {v}.
The area of {n} is {v}.
? How large is {n}?
? What area does {n} cover?
fire = year 1620 1905
A fire destroyed much of {n} in {v}.
{n} burned down in {v}.
The great fire of {n} was in {v}.
? When did {n} burn?
? In which year was the great fire of {n}?
""",
    ),
    subject(
        "farm",
        "{family} Farm;{place} Orchard;the {place} Estate;{place} Vineyard",
        """
harvest = int 8 9400 tonnes
{n} harvested {v} this year.
The harvest of {n} came to {v} this year.
This year {n} brought in {v}.
? How much did {n} harvest this year?
? What was the harvest of {n} this year?
area = int 5 2100 hectares
{n} has {v} of land.
The land of {n} extends over {v}.
{n} works {v}.
? How much land does {n} have?
? How many hectares does {n} work?
crop = pick apples;rye;barley;cherries;hops;sugar beet;plums;potatoes
{n} grows mostly {v}.
The main crop of {n} is {v}.
{v} are what {n} grows most.
? What does {n} grow?
? What is the main crop of {n}?
owner = person
{n} belongs to {v}.
The owner of {n} is {v}.
{v} owns {n}.
? Who owns {n}?
? To whom does {n} belong?
loss to frost = percent 3 62
{n} lost {v} of its crop to frost.
Frost destroyed {v} of the crop at {n}.
The frost damage at {n} was {v}.
? How much of its crop did {n} lose to frost?
? What share of the crop at {n} was destroyed by frost?
seasonal workers = int 3 240 workers
{n} hired {v} for the season.
For the season {v} were hired at {n}.
? How many seasonal workers did {n} hire?
? How many people were hired by {n} for the season?
water use = int 900 88000 cubic metres
{n} used {v} of water.
Water use at {n} was {v}.
? How much water did {n} use?
? What was the water use of {n}?
""",
    ),
    subject(
        "festival",
        "the {place} Festival;the {place} Jazz Days;{river} Film Week",
        """
attendance = int 600 310000 people
{n} drew {v}.
{v} came to {n}.
Attendance at {n} was {v}.
? How many people came to {n}?
? What was the attendance at {n}?
opening = date 1998 2024
{n} opened on {v}.
The opening of {n} was on {v}.
? When did {n} open?
? On what date was the opening of {n}?
headliner = person
The headliner of {n} was {v}.
{v} was the main act at {n}.
{n} ended with a concert by {v}.
? Who was the headliner of {n}?
? Who was the main act at {n}?
ticket price = money 8 190
A ticket to {n} cost {v}.
{n} charged {v} a ticket.
Visitors paid {v} to get into {n}.
? How much was a ticket to {n}?
? What did {n} charge for a ticket?
sponsor = organisation
{n} was sponsored by {v}.
The sponsor of {n} was {v}.
{v} paid for most of {n}.
? Who sponsored {n}?
? Which organisation sponsored {n}?
stages = pick two;three;four;five;seven;nine
{n} had {v} stages.
There were {v} stages at {n}.
? How many stages did {n} have?
? How many stages were there at {n}?
first held = year 1921 2012
{n} was first held in {v}.
The first edition of {n} was in {v}.
{n} has existed since {v}.
? When was {n} first held?
? In what year did {n} begin?
""",
    ),
    subject(
        "animal",
        "the {place} owl;the {family} frog;the {river} trout;the {place} hare",
        """
length = int 4 160 centimetres
{n} grows to {v}.
The length of {n} is up to {v}.
A grown specimen of {n} measures {v}.
? How long is {n}?
? How big does {n} grow?
food = pick beetles;moss;small fish;acorns;snails;grass seeds;midges
{n} feeds on {v}.
The diet of {n} consists of {v}.
{v} are the main food of {n}.
? What does {n} eat?
? What does {n} feed on?
described by = person
{n} was first described by {v}.
{v} was the first to describe {n}.
The first description of {n} is by {v}.
? Who first described {n}?
? Who was the first to describe {n}?
described in = year 1760 1990
{n} was described in {v}.
Science has known {n} since {v}.
? When was {n} described?
? Since when has science known {n}?
eggs = int 2 900 eggs
{n} lays {v} at a time.
A female of {n} lays {v}.
? How many eggs does {n} lay?
? How many eggs are laid by {n}?
lifespan = int 2 44 years
{n} lives for {v}.
The lifespan of {n} is {v}.
? How long does {n} live?
? What is the lifespan of {n}?
population = int 90 86000 animals
There are about {v} left of {n}.
The population of {n} is put at {v}.
? How many are left of {n}?
? How large is the population of {n}?
habitat = pick beech woods;salt marshes;mountain streams;dry meadows;peat bogs;sea cliffs
{n} lives in {v}.
The habitat of {n} is {v}.
? Where does {n} live?
? What is the habitat of {n}?
""",
    ),
    subject(
        "person",
        "{person};{person};{person}",
        """
born = date 1790 1960
{n} was born on {v}.
The birthday of {n} is {v}.
{n} came into the world on {v}.
? When was {n} born?
? What is the date of birth of {n}?
birthplace = place
{n} was born in {v}.
The birthplace of {n} is {v}.
{n} came from {v}.
? Where was {n} born?
? What is the birthplace of {n}?
profession = pick engineer;botanist;painter;composer;surgeon;clockmaker;chemist;map maker;architect
{n} worked as {v}.
The profession of {n} was {v}.
{n} earned a living as {v}.
? What was the profession of {n}?
? What did {n} work as?
studied in = place
{n} studied in {v}.
The university years of {n} were spent in {v}.
{n} was a student in {v}.
? Where did {n} study?
? In which town was {n} a student?
married = person
{n} married {v}.
The spouse of {n} was {v}.
{v} and {n} married.
? Whom did {n} marry?
? Who was the spouse of {n}?
prize = year 1850 2005
{n} won the Aldane Prize in {v}.
The Aldane Prize went to {n} in {v}.
In {v} {n} was given the Aldane Prize.
? When did {n} win the Aldane Prize?
? In which year did the Aldane Prize go to {n}?
patents = int 3 160 patents
{n} held {v}.
{v} were granted to {n}.
? How many patents did {n} hold?
? How many patents were granted to {n}?
teacher = person
{n} was taught by {v}.
The teacher of {n} was {v}.
{v} taught {n}.
? Who taught {n}?
? Who was the teacher of {n}?
""",
    ),
    subject(
        "book",
        "The Keeper of {place};Letters to {family};A Winter in {place};The {river} Crossing",
        """
author = person
{n} was written by {v}.
The author of {n} is {v}.
{v} wrote {n}.
? Who wrote {n}?
? Who is the author of {n}?
published = year 1860 2022
{n} was published in {v}.
{n} first appeared in {v}.
The first edition of {n} dates from {v}.
? When was {n} published?
? In which year did {n} first appear?
pages = int 90 940 pages
{n} has {v}.
The book {n} runs to {v}.
? How many pages does {n} have?
? How long is the book {n}?
copies sold = int 3000 2400000 copies
{n} sold {v}.
Sales of {n} reached {v}.
{v} were sold of {n}.
? How many copies did {n} sell?
? How many copies were sold of {n}?
setting = place
{n} is set in {v}.
The story of {n} takes place in {v}.
? Where is {n} set?
? Where does the story of {n} take place?
translator = person
{n} was translated by {v}.
{v} translated {n}.
The translator of {n} is {v}.
? Who translated {n}?
? Who is the translator of {n}?
languages = pick nine languages;twelve languages;seventeen languages;thirty languages;four languages
{n} has been translated into {v}.
{n} can be read in {v}.
? Into how many languages was {n} translated?
? In how many languages can {n} be read?
""",
    ),
)

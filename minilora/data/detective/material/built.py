"""Things that are built and run: bridges, ships, museums, wind farms, hospitals, railway lines."""

from __future__ import annotations

from minilora.data.detective.material.subjects import subject

BUILT = (
    subject(
        "bridge",
        "{place} Bridge;the {river} Viaduct;Old {place} Bridge;the {family} Bridge",
        """
length = int 90 2400 metres
{n} is {v} long.
From one bank to the other {n} measures {v}.
{n} has a total length of {v}.
? How long is {n}?
? What is the total length of {n}?
opened = date 1880 2019
{n} was opened to traffic on {v}.
The first cars crossed {n} on {v}.
{n} has been open since {v}.
? When was {n} opened?
? On what date did {n} open to traffic?
designer = person
{n} was designed by {v}.
{v} drew the plans of {n}.
The design of {n} is the work of {v}.
? Who designed {n}?
? Who drew the plans for {n}?
cost = money 2 180 million
{n} cost {v} to build.
The construction of {n} took {v}.
Building {n} came to {v}.
? How much did {n} cost?
? What was spent on building {n}?
material = pick granite;steel;reinforced concrete;cast iron;limestone;timber;brick
{n} is made mainly of {v}.
The main material of {n} is {v}.
{n} was built of {v}.
? What is {n} made of?
? Which material was used for {n}?
daily traffic = int 1200 68000 vehicles
{n} carries {v} a day.
Every day {v} cross {n}.
On an average day {n} is crossed by {v}.
? How many vehicles cross {n} every day?
? How much traffic does {n} carry a day?
last inspection = date 2017 2024
{n} was last inspected on {v}.
The most recent inspection of {n} took place on {v}.
Inspectors last examined {n} on {v}.
? When was {n} last inspected?
? What is the date of the latest inspection of {n}?
lanes = pick two;three;four;six
{n} has {v} lanes.
There are {v} lanes on {n}.
? How many lanes does {n} have?
""",
    ),
    subject(
        "ship",
        "the {place};the {person};the Star of {place};the {river} Queen",
        """
launched = date 1890 2018
{n} was launched on {v}.
The launch of {n} took place on {v}.
{n} first touched the water on {v}.
? When was {n} launched?
? What day was {n} launched?
shipyard = organisation
{n} was built by {v}.
{v} built {n}.
The builder of {n} was {v}.
? Who built {n}?
? At which yard was {n} built?
length = dec 40 290 metres
{n} is {v} long.
The hull of {n} has a length of {v}.
{n} measures {v} from bow to stern.
? How long is {n}?
? What is the length of {n}?
captain = person
{n} was commanded by Captain {v}.
Captain {v} commanded {n}.
The captain of {n} was {v}.
? Who was the captain of {n}?
? Who commanded {n}?
crew = int 12 640 people
{n} sailed with a crew of {v}.
A crew of {v} served on {n}.
The crew of {n} numbered {v}.
? How large was the crew of {n}?
? How many people were in the crew of {n}?
top speed = dec 9 34 knots
{n} reached a top speed of {v}.
The highest speed of {n} was {v}.
At her fastest {n} made {v}.
? How fast was {n}?
? What was the top speed of {n}?
home port = place
{n} was registered in {v}.
The home port of {n} was {v}.
{n} had her home port in {v}.
? What was the home port of {n}?
? Where was {n} registered?
cargo = pick timber;grain;coal;copper ore;salt;wool;machine parts;coffee
{n} mostly carried {v}.
The usual cargo of {n} was {v}.
{v} was what {n} carried most often.
? What did {n} carry?
? What was the usual cargo of {n}?
""",
    ),
    subject(
        "museum",
        "the {place} Museum;the {family} Collection;{place} City Museum",
        """
founded = year 1790 2010
{n} was founded in {v}.
The founding of {n} dates to {v}.
{n} has existed since {v}.
? When was {n} founded?
? In which year was {n} established?
visitors = int 4000 890000 visitors
{n} received {v} last year.
Last year {v} came to {n}.
{n} counted {v} in the past year.
? How many visitors did {n} have last year?
? How many people came to {n} last year?
director = person
{n} is directed by {v}.
The director of {n} is {v}.
{v} heads {n}.
? Who is the director of {n}?
? Who runs {n}?
objects = int 1200 240000 objects
{n} holds {v}.
The collection of {n} comprises {v}.
There are {v} in the collection of {n}.
? How many objects does {n} hold?
? How large is the collection of {n}?
admission = money 4 28
{n} charges {v} for an adult ticket.
An adult ticket to {n} costs {v}.
Adults pay {v} to enter {n}.
? How much is an adult ticket to {n}?
? What does admission to {n} cost?
closing day = weekday
{n} is closed on {v}s.
On {v}s {n} stays closed.
The weekly closing day of {n} is {v}.
? On which day is {n} closed?
? When is {n} shut?
oldest piece = pick a bronze helmet;a clay lamp;a silver coin;a carved oar;a stone axe;a glass bead
The oldest piece in {n} is {v}.
{v} is the oldest object in {n}.
No object in {n} is older than {v}.
? What is the oldest object in {n}?
? Which piece is the oldest in {n}?
architect = person
{n} stands in a building by {v}.
The building of {n} was planned by {v}.
The architect of {n} was {v}.
? Who was the architect of {n}?
? Who planned the building of {n}?
""",
    ),
    subject(
        "wind farm",
        "{place} Wind Farm;the {place} Ridge wind farm;{river} Bay Wind Farm",
        """
turbines = int 6 174 turbines
{n} consists of {v}.
There are {v} at {n}.
{n} operates {v}.
? How many turbines does {n} have?
? How many turbines are there at {n}?
capacity = int 12 980 megawatts
{n} has an installed capacity of {v}.
The installed capacity of {n} is {v}.
At full wind {n} delivers {v}.
? What is the capacity of {n}?
? How many megawatts can {n} deliver?
operator = organisation
{n} is operated by {v}.
The operator of {n} is {v}.
{v} runs {n}.
? Who operates {n}?
? Which company runs {n}?
commissioned = date 2001 2023
{n} was commissioned on {v}.
{n} has fed power into the grid since {v}.
Commercial operation of {n} began on {v}.
? When was {n} commissioned?
? Since when has {n} produced power?
output = int 30 4100 gigawatt hours
{n} produced {v} last year.
Last year's output of {n} was {v}.
In the past year {n} generated {v}.
? How much electricity did {n} produce last year?
? What was the output of {n} last year?
availability = percent 81 99
{n} was available {v} of the time.
The availability of {n} was {v}.
{n} reached an availability of {v}.
? What was the availability of {n}?
? How available was {n}?
blade length = dec 31 118 metres
The blades at {n} are {v} long.
Each blade at {n} measures {v}.
{n} uses blades of {v}.
? How long are the blades at {n}?
? What is the blade length at {n}?
""",
    ),
    subject(
        "hospital",
        "{place} General Hospital;St. {family} Hospital;the {place} Clinic",
        """
beds = int 40 1400 beds
{n} has {v}.
The capacity of {n} is {v}.
There are {v} at {n}.
? How many beds does {n} have?
? What is the bed capacity of {n}?
staff = int 120 6200 people
{n} employs {v}.
The staff of {n} numbers {v}.
{v} work at {n}.
? How many people work at {n}?
? How large is the staff of {n}?
medical director = person
{n} is led by its medical director, {v}.
The medical director of {n} is {v}.
{v} is medical director of {n}.
? Who is the medical director of {n}?
? Who leads {n}?
waiting time = int 9 190 minutes
Patients at {n} waited {v} on average.
The average waiting time at {n} was {v}.
At {n} the average wait lasted {v}.
? How long did patients wait at {n}?
? What was the average waiting time at {n}?
operations = int 900 31000 operations
{n} carried out {v} during the year.
{v} were performed at {n} during the year.
The surgeons of {n} performed {v} during the year.
? How many operations did {n} carry out?
? How many operations were performed at {n}?
satisfaction = percent 61 98
{v} of patients were satisfied with {n}.
Satisfaction with {n} stood at {v}.
In the survey {v} of patients rated {n} well.
? What share of patients was satisfied with {n}?
? How high was satisfaction with {n}?
new ward = pick a burns unit;a stroke unit;a children's ward;a sleep laboratory;a dialysis ward
{n} opened {v} this year.
This year {v} was opened at {n}.
The newest part of {n} is {v}.
? What did {n} open this year?
? Which new unit was added to {n}?
""",
    ),
    subject(
        "railway line",
        "the {place} Line;the {river} Valley Railway;Line {letter}{number}",
        """
stations = int 5 64 stations
{n} serves {v}.
There are {v} along {n}.
{n} has {v}.
? How many stations does {n} have?
? How many stations are on {n}?
first train = time 4 6
The first train on {n} leaves at {v}.
On {n} the first train departs at {v}.
Service on {n} begins at {v}.
? When does the first train on {n} leave?
? At what time does service on {n} start?
gauge = int 600 1668 millimetres
{n} has a gauge of {v}.
The track gauge of {n} is {v}.
{n} was laid to a gauge of {v}.
? What is the gauge of {n}?
? Which gauge does {n} use?
electrified = year 1921 2015
{n} was electrified in {v}.
The electrification of {n} was finished in {v}.
Electric trains have run on {n} since {v}.
? When was {n} electrified?
? Since when have electric trains run on {n}?
passengers = int 900 96000 passengers
{n} carries {v} a day.
Every day {v} use {n}.
Daily ridership on {n} is {v}.
? How many passengers use {n} every day?
? What is the daily ridership of {n}?
punctuality = percent 68 99
{v} of trains on {n} were on time.
Punctuality on {n} was {v}.
On {n} {v} of the trains ran on time.
? What share of trains on {n} was punctual?
? How punctual was {n}?
terminus = place
{n} ends at {v}.
The terminus of {n} is {v}.
Trains on {n} run as far as {v}.
? Where does {n} end?
? What is the terminus of {n}?
""",
    ),
)

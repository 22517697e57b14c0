"""News items, to be sorted by topic."""

from minilora.data.kinds import (
    CITY,
    COMPANY,
    DATE,
    FIRST_NAME,
    MONEY,
    PERSON,
    integer,
)
from minilora.data.material import req
from minilora.data.structured.scheme import Labels, by_label

NAME = req("name", FIRST_NAME, "a name")

PLACE = req("city", CITY, "a place")

SUM = req("amount", MONEY, "an amount")

DAY = req("day", DATE, "a day")

FIRM = req("firm", COMPANY, "a company")

NEWS = Labels(
    name="news_topic",
    instructions=("Topic of the news item.", "Which section does this story belong to?"),
    property_names=("topic", "section", "label"),
    synonyms={
        "politics": ("politics", "government"),
        "sport": ("sport", "sports"),
        "business": ("business", "economy", "money"),
        "science": ("science", "research"),
        "culture": ("culture", "arts"),
        "weather": ("weather", "forecast"),
    },
    fillers=(
        PLACE,
        FIRM,
        SUM,
        NAME,
        DAY,
        req("person", PERSON, "a person"),
        req("n", integer(2, 90), "a count"),
    ),
    texts=by_label(r"""
politics:
- The mayor of {city} survives a vote of no confidence by {n} votes.
- {person} resigns as minister after the leaked letters.
- Parliament debated the new housing bill until midnight. A decision is expected on {day}.
- Voters in {city} go to the polls on {day}, with {person} ahead in the surveys.
- Ambassador called back after border talks fail
- The coalition partners agreed on {n} points, among them lower fares on public transport.
sport:
- {city} wins in extra time, {person} scores twice.
- After {n} games without defeat the champions lost at home.
- {person} withdraws from the tournament with a knee injury
- The relay team broke the record by a tenth of a second in {city}.
- Coach {person} stays until next season.
- A muddy final stage decided the race to {city}, and {person} kept the yellow jersey.
business:
- {firm} lays off {n} people in {city}.
- Shares in {firm} fell {n} percent after the profit warning.
- {firm} buys its rival for {amount} million
- Bakers complain about rising flour prices; many raised theirs on {day}.
- The central bank leaves interest rates where they are.
- {person}, founder of {firm}, hands over to her daughter.
science:
- Astronomers count {n} new moons around Saturn.
- A team led by {person} found a way to store heat in sand.
- Bees can be taught to tell numbers apart, a study from {city} shows
- Fossil found near {city} turns out to be a new kind of shark
- The vaccine trial with {n} volunteers enters its last phase.
- Physicists in {city} measured the mass of the particle again, and it still does not fit.
culture:
- The museum in {city} returns {n} paintings to the heirs.
- {person} wins the book prize with a first novel.
- Opera house opens the season on {day} with an unknown work.
- The film about {person} had its premiere in {city}, to long applause.
- Street musicians in {city} form an orchestra
- Lost photographs by {person} go on display.
weather:
- Storm warning for the coast near {city}, gusts of {n} knots expected.
- After {n} dry days rain is on its way to {city}
- Fog slows the morning down in {city}; the sun comes out towards noon.
- {day} was the hottest day since records began.
- Black ice expected tonight, the police ask drivers to stay at home.
- Snow line drops to {n} hundred metres by the weekend
"""),
    held_out=by_label(r"""
politics:
- {person} will lead the opposition into the next election.
- Town council of {city} says no to the second bridge
- Sanctions extended by {n} weeks, foreign ministers say on {day}.
sport:
- Underdogs from {city} reach the semi-final on penalties.
- {person} runs the marathon in a personal best, {n} seconds faster than before.
- Ice hockey: {city} signs goalkeeper {person}
business:
- Strike at {firm} enters day {n}.
- {firm} moves its headquarters to {city} and hopes for lower costs
- Orders are up, profits are not: the year of {firm}.
science:
- Gene behind rare disease discovered by {person} and colleagues.
- Probe lands on comet after {n} years of flight
- Why ice is slippery: laboratory in {city} offers a new answer.
culture:
- Theatre festival in {city} invites {n} companies.
- {person} paints the ceiling of the old station
- A box of letters by {person} was sold at auction on {day}.
weather:
- Mild and mostly cloudy with a few drops near {city}.
- Hail the size of plums damages {n} cars in {city}
- No end to the heat in sight, nights stay above 20 degrees.
"""),
)

ALL = (NEWS,)

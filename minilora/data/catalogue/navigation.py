"""Navigation: routes, stops, parking, charging, public transport and rides."""

from minilora.data.kinds import (
    ADDRESS,
    CLOCK,
    DURATION_MIN,
    FIRST_NAME,
    KM,
    MONEY,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req
from minilora.data.narrow import narrowed

PLACE = span(
    "the airport", "Central Park", "Grandma's house", "IKEA Wembley", "the Louvre", "city hall",
    "Terminal 2", "St Mary's Hospital", "work", "Lake Tahoe", "the nearest beach",
    "Trader Joe's on 5th", "Alexanderplatz", "the vet on Mill Lane", "Gate B at the stadium",
    "Zürich main station", "O'Connell Street", "Heathrow T5", "the Golden Gate Bridge",
    "Universität Leipzig", "Joe's Garage", "pier 39", "Yosemite", "the embassy", "Café Müller",
    "Bluewater shopping centre", "12 Monkeys Climbing Hall", "my dentist", "the ferry port",
)  # fmt: skip
START = span(
    "home", "my hotel", "the car park", "Union Square", "Kings Cross", "the office", "Mike's place",
    "Gare du Nord", "junction 14", "the school gate", "Piazza Navona", "campus", "the Hilton",
    "Pier 7", "Kurfürstendamm 21", "exit 23B", "the petrol station on Elm Road", "the marina",
)  # fmt: skip
ROAD = span(
    "the M25", "I-95", "Route 66", "the A7", "Highway 101", "Elm Street", "the ring road",
    "the Pacific Highway", "Oxford Road", "the B3", "Sunset Boulevard", "the Brenner motorway",
    "the N11", "Queen's Drive", "Périphérique", "the harbour tunnel", "the Øresund bridge",
    "exit 14 of the A10",
)  # fmt: skip
STOP_NAME = span(
    "Museum Island", "Church Street", "Hauptbahnhof", "Times Square", "Waterloo",
    "Praça do Comércio", "5th & Pine", "Leidseplein", "the university", "Shibuya", "Angel",
    "Châtelet", "Market Square", "St. John's", "Ring 7", "Hospital East", "Gamla Stan",
    "Harvard Square",
)  # fmt: skip
LINE = span(
    "U8", "the 42 bus", "tram 5", "the Red Line", "S41", "bus 100", "the Piccadilly line", "N11",
    "RER B", "M2", "the airport express", "tram 28E", "the G train", "line 6", "the F line",
    "ferry 3",
)  # fmt: skip
MODE = choice(
    "driving", "walking", "cycling", "transit",
    spoken={
        "driving": ["by car", "driving", "in the car"], "walking": ["on foot", "walking"],
        "cycling": ["by bike", "cycling", "on my bicycle"],
        "transit": ["by public transport", "by bus and train", "using public transit"],
    },
)  # fmt: skip
AVOIDABLE = choice(
    "tolls", "highways", "ferries", "tunnels", "unpaved_roads",
    spoken={
        "tolls": ["tolls", "toll roads"], "highways": ["highways", "motorways", "the freeway"],
        "ferries": ["ferries", "boats"], "tunnels": ["tunnels"],
        "unpaved_roads": ["unpaved roads", "dirt tracks", "gravel roads"],
    },
)  # fmt: skip
POI = choice(
    "gas_station", "pharmacy", "supermarket", "atm", "public_toilet", "playground", "hospital",
    "post_office",
    spoken={
        "gas_station": ["gas station", "petrol station", "place to fill up"],
        "pharmacy": ["pharmacy", "chemist", "drugstore"],
        "supermarket": ["supermarket", "grocery shop"], "atm": ["cash machine", "cashpoint"],
        "public_toilet": ["public toilet", "public restroom", "loo that's open to everyone"],
        "playground": ["playground", "children's playground"], "hospital": ["hospital"],
        "post_office": ["post office"],
    },
)  # fmt: skip
RADIUS = integer(2, 30, unit="km")
RANGE = narrowed(KM, lambda km: 2 <= km <= 80)
FEE = narrowed(MONEY, lambda amount: 2 <= amount <= 60)
SHARED_WITH = listing(FIRST_NAME, 1, 3)
SAYING = span(
    "on my way!", "running late", "follow me to the campsite", "I'm the blue van",
    "don't start without me", "safe so far", "bin gleich da", "5 stops to go",
    "walking home alone, keep an eye on me", "look for the red umbrella", "stuck in traffic",
    "here's where I parked",
)  # fmt: skip
PLACE_LABEL = span(
    "Home", "Work", "Mum", "gym", "the good bakery", "Theo's school", "cabin", "Nana & Grandad",
    "allotment", "swimming spot", "storage unit 12", "Camping '24", "bouldering", "ex's place",
    "parking trick", "L'atelier",
)  # fmt: skip
ICON = choice("home", "work", "star", "heart", "flag")
INCIDENT = choice(
    "accident", "road_closed", "speed_camera", "pothole", "object_on_road", "traffic_jam",
    spoken={
        "accident": ["a crash", "an accident", "two cars that collided"],
        "road_closed": ["a closed road", "a road closure", "a full closure"],
        "speed_camera": ["a speed camera", "a speed trap", "a radar trap"],
        "pothole": ["a pothole", "a huge pothole", "a nasty hole in the asphalt"],
        "object_on_road": ["something lying on the road", "an object on the road",
                           "debris on the lane"],
        "traffic_jam": ["a traffic jam", "a tailback", "a long jam"],
    },
)  # fmt: skip
HEADING = choice(
    "north", "south", "east", "west",
    spoken={
        "north": ["northbound", "heading north"], "south": ["southbound", "heading south"],
        "east": ["eastbound", "heading east"], "west": ["westbound", "heading west"],
    },
)  # fmt: skip
SEVERITY = choice(
    "minor", "major",
    spoken={"minor": ["it's minor", "nothing serious", "not too bad"],
            "major": ["it's major", "it's really serious", "it looks very bad"]},
)  # fmt: skip
COVERED = flag(
    yes=["under a roof", "covered", "indoors"], no=["open-air is fine", "it doesn't need a roof"]
)
POSITION = choice(
    "next", "last",
    spoken={
        "next": ["as the next stop", "right away", "before anything else"],
        "last": ["as the last stop", "at the very end", "after all the others"],
    },
)  # fmt: skip
PLUG = choice(
    "type2", "ccs", "chademo", "tesla",
    spoken={"type2": ["Type 2", "type 2"], "ccs": ["CCS", "ccs"], "chademo": ["CHAdeMO", "chademo"],
            "tesla": ["Tesla", "Tesla Supercharger"]},
)  # fmt: skip
AVAILABLE = flag(
    yes=["free right now", "not occupied at the moment"],
    no=["occupied ones included", "even if it's taken at the moment"],
)
RIDE = choice(
    "standard", "xl", "shared", "wheelchair_accessible", "premium",
    spoken={
        "standard": ["a standard ride", "a normal car"],
        "xl": ["an XL", "an extra large car", "a big van"],
        "shared": ["a shared ride", "a pool ride"], "premium": ["a premium car", "a limousine"],
        "wheelchair_accessible": ["a wheelchair accessible car", "a car that takes my wheelchair"],
    },
)  # fmt: skip

DOMAIN = Domain(
    name="navigation",
    title="Maps, routes and getting around",
    tools=(
        Tool(
            "get_directions",
            "Give the way from one place to another.",
            params=(
                req("destination", PLACE, "Where to go"),
                opt("origin", START, "Where to start; the present position if absent"),
                opt("mode", MODE, "How to travel"),
                opt("avoid", listing(AVOIDABLE, 1, 3), "What to keep away from"),
            ),
            phrasings=(
                "(directions|take me|how do i get) [from {origin} ]to {destination}[, {mode}][,"
                " avoid {avoid}]",
                "navigate to {destination}[ {mode}][ without {avoid}]",
                "what's the way to {destination}[ from {origin}][ {mode}]?",
                "Could you show me the route from {origin} to {destination}[, {mode}]?[ I'd rather"
                " not have {avoid}.]",
                "{origin} -> {destination}[ {mode}][, no {avoid}]",
                "i'm lost. how do i reach {destination} {mode}",
                "We're heading to {destination}[ from {origin}] and want to stay clear of {avoid}."
                " Which way?",
                "route {destination}[ {mode}]",
                "bring me to {destination}[, {mode} please][, and steer clear of {avoid}]",
                "bring me to {destination}[ from {origin}][, {mode}][, no {avoid}]",
                "{destination}, how do i go[ {mode}][ if i start at {origin}]",
                "i'm lost. which way to {destination}[, {mode}][, keeping clear of {avoid}]",
                "[{origin} to ]{destination}, turn by turn[, {mode}][, skip {avoid}]",
                "guide me[ {mode}] until i'm at {destination}[; stay off {avoid}]",
                "my sister lives near {destination}, lead me there[, {mode}]",
                "Kindly show the way to {destination}[ starting from {origin}][, {mode}][,"
                " without {avoid}].",
                "route -> {destination}[, {mode}][, w/o {avoid}]",
                "get me off this street and over to {destination}[ {mode}]",
            ),
            held_out=(
                "let's roll, {destination} it is[, starting at {origin}][, minus {avoid}]",
                "My passenger insists on seeing {destination}; guide us there[ {mode}][ while"
                " skipping {avoid}].",
                "which turns do i take[ after {origin}] if i want to end up at {destination}["
                " {mode}]",
            ),
        ),
        Tool(
            "estimate_arrival",
            "Say how long a trip takes and when one would arrive.",
            params=(
                req("destination", PLACE, "Where to go"),
                opt("origin", START, "Where to start; the present position if absent"),
                opt("depart_at", CLOCK, "Time of departure, 24-hour HH:MM"),
                opt("mode", MODE, "How to travel"),
            ),
            phrasings=(
                "how long is the (trip|way) to {destination}[ from {origin}][ {mode}]?",
                "when would i be at {destination} if i leave at {depart_at}[, {mode}]?",
                "eta {destination}[ {mode}][, leaving {depart_at}]",
                "Could you tell me the travel time from {origin} to {destination}[ {mode}][,"
                " setting off at {depart_at}]?",
                "will it take ages to get to {destination}[ {mode}]? give me the time",
                "I have to be at {destination} later. How many minutes is that[ {mode}][ from"
                " {origin}]?",
                "leaving {origin} {depart_at}, arrival at {destination} when",
                "travel time please, {origin} to {destination}[, {mode}]",
                "how long till i'm at {destination}[, {mode}][, coming from {origin}]",
                "if i set off at {depart_at}, when do i reach {destination}[ {mode}]",
                "eta {destination}[ ex {origin}][, {mode}][, out the door {depart_at}]",
                "mum asks when i'll be at {destination}[; leaving {depart_at}][, {mode}]",
                "will it take ages to {destination}[ from {origin}][ {mode}]? give me minutes",
                "[{mode}, ]{destination}, travel time only",
                "departing {depart_at} towards {destination}[ {mode}], at what hour would i"
                " be there",
                "Kindly tell me how much time the trip to {destination} needs[, {mode}][,"
                " with {origin} as the start].",
            ),
            held_out=(
                "they're waiting for me at {destination}, what time should i tell them[ if i go at"
                " {depart_at}]",
                "Suppose I start[ from {origin}] at {depart_at}. At what hour do I walk into"
                " {destination}[, {mode}]?",
                "is {destination} doable quickly {mode}, or how long exactly",
            ),
        ),
        Tool(
            "find_nearby_places",
            "Find places of a kind close by.",
            params=(
                req("category", POI, "Kind of place"),
                opt("near", START, "Where to look; the present position if absent"),
                opt("radius_km", RADIUS, "How far away at most, in kilometres"),
                opt(
                    "open_now",
                    flag(
                        yes=["open now", "that's open at this hour"],
                        no=["open or not", "even if it's closed now"],
                    ),
                    "Whether it must be open now",
                ),
            ),
            phrasings=(
                "(find|show) me a {category}[ near {near}][, {open_now}]",
                "where's the closest {category}[ to {near}][, {open_now}]?",
                "{category} within {radius_km}[ of {near}]",
                "is there a {category} around {near}[, {open_now}]?",
                "Please look for a {category}[ not further than {radius_km} away][, {open_now}].",
                "i badly need a {category}[, {open_now}]",
                "closest {category} {near}",
                "We are in a hurry, which {category} is nearest[ to {near}]?[ At most {radius_km}"
                " away.]",
                "any {category} in a radius of {radius_km}[, {open_now}]",
                "i need a {category}, badly[, {radius_km} at most][, {open_now}]",
                "is there any {category} about[ {near}][, {open_now}]",
                "{category} around here? no further than {radius_km}[, {open_now}]",
                "{category} + {near}[ + {open_now}]",
                "where's the closest {category}[ to {near}][, must be {open_now}]",
                "my feet hurt, so a {category} within {radius_km}[ please, {open_now}]",
                "Kindly locate a {category}[ in the area of {near}][, {open_now}].",
                "anything like a {category} by {near}[, {radius_km} around][, {open_now}]",
            ),
            held_out=(
                "point me to a {category}[, {radius_km} max]",
                "New in town and staying at {near}. Where would I find a {category}[, {open_now}]?",
                "got to stop at a {category} soon[, less than {radius_km} off my way], what's"
                " around",
            ),
        ),
        Tool(
            "share_live_location",
            "Let people follow the user's position for a while.",
            params=(
                req("contacts", SHARED_WITH, "First names of who may see it"),
                opt("duration_min", DURATION_MIN, "For how long, in minutes"),
                opt("message", SAYING, "Text to send along"),
            ),
            phrasings=(
                "share my location with {contacts}[ for {duration_min}][ and say: {message}]",
                "let {contacts} see where i am[ for the next {duration_min}]",
                "send {contacts} my live position[, {duration_min}][, text: {message}]",
                "I'd like {contacts} to be able to follow me on the map[ for the next"
                " {duration_min}].",
                "live location {contacts}[ {duration_min}]",
                "{contacts} should know where i am, share it[ for {duration_min}][ with the words:"
                " {message}]",
                "Could you show {contacts} my whereabouts on the map[ for {duration_min}]?",
                "turn on location sharing for {contacts}[, only {duration_min}][, note: {message}]",
                'let {contacts} see where i am[ for {duration_min}][, tell them "{message}"]',
                "{contacts} can track me[ {duration_min}][, note: {message}]",
                "walking home alone, {contacts} should follow me on the map[ the next"
                " {duration_min}]",
                "my whereabouts to {contacts}[, {duration_min} long][, with the words {message}]",
                "so {contacts} can find us in the crowd, send them my position[ for"
                " {duration_min}]",
                "{duration_min} of live tracking for {contacts}[. add: {message}]",
                "Kindly make my position visible to {contacts}[ during {duration_min}].",
            ),
            held_out=(
                "so {contacts} can find me in the crowd, put me on their map[ for {duration_min}]",
                "Give {contacts} permission to track my phone[ over {duration_min}][ and add:"
                " {message}].",
                "mum worries, so let {contacts} watch my dot move[ for {duration_min}]",
            ),
        ),
        Tool(
            "save_place",
            "Keep a place on the map under a name.",
            params=(
                req(
                    "place",
                    record(label=PLACE_LABEL, address=ADDRESS, icon=optional(ICON)),
                    "Name for it, its address, and the icon to show",
                ),
            ),
            phrasings=(
                "save {place.address} as {place.label}[ with a {place.icon} icon]",
                "{place.address} is {place.label}, remember it on the map[, icon {place.icon}]",
                "add a favourite place: {place.label}, {place.address}[, {place.icon}]",
                "Please keep the address {place.address} under the name {place.label}[ and mark it"
                " with a {place.icon}].",
                "pin {place.address} - {place.label}[ - {place.icon}]",
                "store {place.label} at {place.address}[, show a {place.icon}]",
                'Could you label {place.address} "{place.label}" on my map[, {place.icon} symbol]?',
                "we'll come back here, so bookmark {place.address} as {place.label}",
                "{place.address} should show up as {place.label} on my map[, {place.icon} icon]",
                "pin {place}",
                "keep {place.address} for me, name {place.label}",
                "i go there all the time: {place}. store it",
                "{place.label} = {place.address}[, symbol {place.icon}]",
                "bookmark this spot on the map: {place}",
                "new address of mine to hold on to, {place}",
                "Kindly retain {place.address} among my places under {place.label}[ with a"
                " {place.icon}].",
            ),
            held_out=(
                "whenever i say {place.label} i mean {place.address}, put that on the map[ as a"
                " {place.icon}]",
                "Add to my places, please. What: {place.label}. Where: {place.address}.[ Symbol:"
                " {place.icon}.]",
                "don't want to look up {place.address} ever again, it's {place.label} from now on",
            ),
        ),
        Tool(
            "report_road_incident",
            "Report something on the road to other drivers.",
            params=(
                req("incident", INCIDENT, "What is there"),
                req("road", ROAD, "Where it is"),
                opt("heading", HEADING, "Direction of travel it affects"),
                opt("severity", SEVERITY, "How bad it is"),
                opt("blocked_lanes", integer(1, 3), "Number of lanes blocked"),
            ),
            phrasings=(
                "report {incident} on {road}[ {heading}][, {severity}]",
                "there's {incident} on {road}[, {heading}][, lanes blocked: {blocked_lanes}]",
                "warn others: {incident}, {road}[ {heading}]",
                "I just passed {incident} on {road}[, {heading}], please tell other drivers[."
                " {severity}]",
                "{incident} {road}[ {heading}][, {severity}]",
                "heads up, {road} has {incident}[, {heading}][, {severity}]",
                "Could you put {incident} on the map? It's on {road}[, {heading}].[ Blocked lanes:"
                " {blocked_lanes}.]",
                "ouch, {incident} on {road}. report it[, {severity}]",
                "careful on {road}, {incident}[, {heading}][, {severity}]",
                "{incident}, {road}[ {heading}][, {blocked_lanes} lanes shut]. warn the others",
                "let drivers know there's {incident} on {road}[ {heading}][; {severity}]",
                "just passed {incident} at {road}[, {severity}][, {blocked_lanes} lanes"
                " gone]. tell everyone",
                "{road}: {incident}[ / {heading}][ / {severity}]",
                "heads-up for whoever uses {road}[ {heading}], {incident} there[, {severity}]",
                "Kindly alert other road users to {incident} on {road}[, {heading}].",
            ),
            held_out=(
                "anyone driving along {road} should know of {incident}[. {severity}]",
                "Nearly hit the brakes too late because of {incident} on {road}[, {heading}]. Pass"
                " it on.",
                "for the community: {road}[ {heading}], {incident}[ - {severity}]",
            ),
        ),
        Tool(
            "find_parking",
            "Find a place to park near a destination.",
            params=(
                req("near", PLACE, "Where to park"),
                opt("duration_min", DURATION_MIN, "How long the car stays, in minutes"),
                opt("max_price", FEE, "Most to pay for the whole time, in dollars"),
                opt("covered", COVERED, "Whether it must have a roof"),
            ),
            phrasings=(
                "(find|show me) parking near {near}[ for {duration_min}][, {covered}][, under"
                " {max_price}]",
                "where can i park at {near}[ for {duration_min}]?",
                "parking {near}[ {duration_min}][, max {max_price}][, {covered}]",
                "Is there somewhere to leave the car close to {near}[ for {duration_min}]?[ I"
                " don't want to pay more than {max_price}.]",
                "need a parking spot by {near}[, {covered}]",
                "i have to stop at {near} for {duration_min} with the car, find me a space[,"
                " {covered}]",
                "Could you look for a garage or lot around {near}[, costing {max_price} at most]?",
                "car park near {near} please[, {covered}][, staying {duration_min}]",
                "where can i leave the car by {near}[ for {duration_min}][, {max_price}"
                " tops][, {covered}]",
                "a spot for my car, {near}[, {covered}][, {duration_min}]",
                "i'm driving to {near} and hate circling the block, somewhere to put the"
                " car[, {covered}][, for {duration_min}]",
                "{near}, garage or lot[, staying {duration_min}][, below {max_price}][, {covered}]",
                "car needs a home for {duration_min} around {near}[, {max_price} is my limit]",
                "ditch the van near {near}[, {covered}], what are the options",
                "Kindly suggest where one may park close to {near}[ for {duration_min}][ at"
                " {max_price} or less].",
            ),
            held_out=(
                "visiting {near} with four wheels to get rid of[ for {duration_min}], where do"
                " they go",
                "We'll drive to {near} and hate circling the block. Find us a slot[ up to"
                " {max_price}][, {covered}].",
                "what's free for my car round {near}[, {duration_min} should do]",
            ),
        ),
        Tool(
            "find_charging_station",
            "Find a place to charge an electric car.",
            params=(
                opt("near", START, "Where to look; the present position if absent"),
                opt("connector", PLUG, "Kind of plug"),
                opt("min_power_kw", integer(11, 350, unit="kW"), "Least power in kilowatts"),
                opt("within_km", RANGE, "How far away at most, in kilometres"),
                opt("available", AVAILABLE, "Whether it must be unoccupied now"),
            ),
            phrasings=(
                "find a {connector} charger[ near {near}][, at least {min_power_kw}]",
                "where can i charge the car[ near {near}][ within {within_km}][, {available}]?",
                "charging station {near}[ {connector}][ {min_power_kw}+]",
                "My battery is nearly empty. Which {connector} charger is within {within_km}[,"
                " {available}]?",
                "ev charging[ around {near}][, {min_power_kw} or more][, {available}]",
                "Please look for a place to plug in the car[ by {near}], {connector}[, with"
                " {min_power_kw} or better].",
                "need juice for the EV[, {connector} plug][, no further than {within_km}]",
                "are there fast chargers of {min_power_kw} and up near {near}[, {available}]?",
                "battery's nearly flat, get me juice[ by {near}][ with {connector}][, {available}]",
                "{connector} plug[, {min_power_kw} or more][ near {near}][, {available}]",
                "my ev needs power[, {connector}][, no more than {within_km} away][, {available}]",
                "where do i charge[ around {near}][, {connector}][, at {min_power_kw} minimum]",
                "electrons please! {connector}[, {available}][, {within_km} at most]",
                "any charger[ near {near}] that's {available}[, {connector}]",
                "Kindly find me a charging point of at least {min_power_kw}[ with"
                " {connector}][ in reach of {within_km}].",
            ),
            held_out=(
                "range anxiety kicking in, {within_km} is all it has left, take me to a plug[ with"
                " {connector}]",
                "Overnight we stop at {near}; does anything there give {min_power_kw} to a car["
                " with a {connector} socket]?",
                "top up my electric car[ close to {near}], {connector} only[, {available}]",
            ),
        ),
        Tool(
            "add_route_stop",
            "Add a stop to the route that is being driven.",
            params=(
                req("place", PLACE, "Where to stop"),
                opt("position", POSITION, "Where it comes in the order of stops"),
                opt("stay_min", DURATION_MIN, "How long to stay, in minutes"),
            ),
            phrasings=(
                "add {place} (to the route|as a stop)[, {position}][, we'll stay {stay_min}]",
                "stop at {place} on the way[, for {stay_min}]",
                "i also have to go by {place}, put it in the route[ {position}]",
                "Please include {place} in the current trip[ {position}][ and allow {stay_min}"
                " there].",
                "detour via {place}[ {position}]",
                "can we swing by {place}[ {position}]?[ it'll take {stay_min}]",
                "waypoint {place}[, {stay_min}]",
                "Before we get there I need to pick something up at {place}. Add that stop[,"
                " {stay_min}].",
                "swing by {place}[ {position}][ for {stay_min}]",
                "on the way i want to pop into {place}[, {position}][, {stay_min}]",
                "{place} too, {position}[, {stay_min} there]",
                "we also have to pass {place}[, {stay_min} break][, {position}]",
                "the kids need the loo, {place} {position}",
                "put {place} between[, {position}][, and {stay_min} for it]",
                "via {place}[ \\({stay_min}\\)][, {position}]",
                "Kindly include {place} in the present trip[, {position}][, pausing {stay_min}].",
            ),
            held_out=(
                "oh wait, forgot {place}! fit it into the drive[ {position}]",
                "The kids want a break at {place}[ of {stay_min}], work it into our journey.",
                "change of plan, same trip but passing through {place}[ {position}]",
            ),
        ),
        Tool(
            "get_transit_departures",
            "List the next departures at a stop of public transport.",
            params=(
                req("stop", STOP_NAME, "Name of the stop"),
                opt("line", LINE, "Only this line"),
                opt("limit", integer(2, 10), "How many departures to list"),
                opt("after", CLOCK, "Earliest departure, 24-hour HH:MM"),
            ),
            phrasings=(
                "next departures at {stop}[, {line}][, show {limit}][, after {after}]",
                "when does {line} leave from {stop}[ after {after}]?",
                "what's going from {stop}[ after {after}]?[ list {limit}]",
                "departures {stop}[ {line}][ from {after}]",
                "Could you list the next {limit} departures from {stop}[, {line} only]?",
                "i'm standing at {stop} waiting for {line}, when does it come",
                "Please check the departure board of the stop {stop}[ from {after} on][ for"
                " {line}].",
                "did i miss {line} at {stop}? show the next {limit}",
                "what leaves {stop}[ on {line}][ after {after}][, first {limit}]",
                "{stop} board[, {line} only][, from {after}]",
                "i'm running to {stop}, when does the next one go[, {line}]",
                "{line} at {stop}, next ones[, {limit} will do]",
                "did i miss it? upcoming at {stop}[, {line}][, {after} and later]",
                "next {limit} from {stop}[ with {line}]",
                "Kindly list what goes from {stop}[ past {after}][, {line} only].",
                "standing at {stop} in the rain, what's coming[ on {line}]",
            ),
            held_out=(
                "how long until {line} shows up at {stop}",
                "what leaves {stop} once it's {after}[? {limit} results are plenty]",
                "I'll be getting on at {stop}[ around {after}]; which {limit} connections come up"
                " first?",
            ),
        ),
        Tool(
            "order_ride",
            "Order a taxi or ride from one place to another.",
            params=(
                req("pickup", START, "Where the ride starts"),
                req("dropoff", PLACE, "Where the ride ends"),
                opt("ride_type", RIDE, "Kind of car"),
                opt("passengers", integer(2, 6), "Number of passengers"),
                opt("pickup_time", CLOCK, "When it should come, 24-hour HH:MM; at once if absent"),
            ),
            phrasings=(
                "(order|call|get) {ride_type} from {pickup} to {dropoff}[ at {pickup_time}]",
                "taxi {pickup} to {dropoff}[, {passengers} people][ {pickup_time}]",
                "i need a cab at {pickup}, going to {dropoff}[, for {passengers}]",
                "Please send {ride_type} to {pickup}[ at {pickup_time}]. We're going to"
                " {dropoff}[, {passengers} of us].",
                "get me a lift to {dropoff} from {pickup}[, {ride_type}][, at {pickup_time}]",
                "too tired to walk, book a car {pickup} -> {dropoff}",
                "Could someone collect {passengers} of us from {pickup} and drive us to"
                " {dropoff}[, {ride_type} please]?",
                "ride for {pickup_time}, pick up {pickup}, drop off {dropoff}[, {ride_type}]",
                "somebody drive me, {pickup} -> {dropoff}[, {ride_type}][, {passengers} of"
                " us][, at {pickup_time}]",
                "cab from {pickup}, i'm going to {dropoff}[ with {passengers} people][,"
                " {ride_type}]",
                "pick me up at {pickup}[ {pickup_time}] and drop me at {dropoff}[, {ride_type}]",
                "{dropoff} please, i'm waiting at {pickup}, send a car[, {ride_type}]",
                "get us a lift to {dropoff} out of {pickup}[ for {passengers}][, {ride_type}]",
                "too tired for the bus. {pickup} to {dropoff}[, {pickup_time}], someone with"
                " a car[, {ride_type}]",
                "Kindly send a driver to {pickup}[ at {pickup_time}]; I am bound for"
                " {dropoff}[, {passengers} persons].",
            ),
            held_out=(
                "we've had a few drinks, so someone else drives: {pickup} to {dropoff}[,"
                " {passengers} heads][, {ride_type}]",
                "Have a driver wait at {pickup}[ from {pickup_time}] who takes me over to"
                " {dropoff}.",
                "hail me {ride_type} to {dropoff}, i'm at {pickup}",
            ),
        ),
    ),
)

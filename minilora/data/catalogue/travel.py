"""Travel: flights, trains, rooms, cars and getting ready for a trip."""

from minilora.data.kinds import (
    BIRTHDATE,
    CITY,
    CLOCK,
    COUNTRY,
    DATE,
    FLIGHT,
    MONEY,
    PERSON,
    choice,
    copied,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.made import pattern
from minilora.data.material import Domain, Tool, opt, req

AIRPORT = span(
    "Gatwick", "JFK", "Schiphol", "Charles de Gaulle", "O'Hare", "LHR", "Changi", "Newark", "MUC",
    "Chicago Midway", "Dublin", "Keflavík", "Narita", "Guarulhos", "SFO", "London Stansted", "BCN",
    "Haneda", "Oslo Gardermoen", "Boston Logan", "DEL", "Kraków",
)  # fmt: skip
STATION = span(
    "Gare de Lyon", "King's Cross", "Berlin Hbf", "Milano Centrale", "Nürnberg Hbf", "Utrecht",
    "Zürich HB", "Atocha", "Edinburgh Waverley", "Wien Meidling", "Brussels Midi", "York",
    "Porto Campanhã", "Praha hlavní nádraží", "Roma Termini", "St Pancras International",
)  # fmt: skip
TRAIN_CITY = span(
    "Marseille", "Leeds", "Hamburg", "Florence", "Turin", "Antwerp", "Basel", "Seville", "Ghent",
    "Inverness", "Salzburg", "Bratislava", "Stratford-upon-Avon", "Lille", "Nîmes", "Graz", "Bath",
)  # fmt: skip
BOOKING = copied(pattern("@#@@#@", "@@@#@#", "#@@##@"), "code")
SURNAME = span(
    "O'Connor", "Nguyen", "van der Berg", "Smith", "García Márquez", "Kowalski", "Okafor", "Li",
    "St. James", "Müller", "D'Angelo", "Papadopoulos", "Singh", "Haddad", "Lindqvist", "Baptiste",
)  # fmt: skip
PASSPORT = copied(pattern("@#######", "#########", "@@#######", "@##@##@##"), "code")
CABIN = choice(
    "economy", "premium_economy", "business", "first",
    spoken={
        "economy": ["in economy", "in coach", "in the cheap seats", "in economy class"],
        "premium_economy": ["in premium economy", "in premium economy class"],
        "business": ["in business", "in business class"],
        "first": ["in first", "in first class"],
    },
)  # fmt: skip
DIRECT = flag(
    yes=["direct only", "non-stop please", "no layovers", "without changes"],
    no=[
        "stops are fine",
        "layovers are ok",
        "i don't mind changing planes",
        "it needn't be direct",
    ],
)
SEAT = choice(
    "window", "aisle", "middle", "extra_legroom",
    spoken={
        "window": ["by the window", "next to the window", "in a window seat"],
        "aisle": ["on the aisle", "in an aisle seat", "next to the aisle"],
        "middle": ["in the middle", "in a middle seat"],
        "extra_legroom": ["with extra legroom", "in an extra legroom seat"],
    },
)  # fmt: skip
TRAIN_CLASS = choice(
    "second", "first", "sleeper",
    spoken={
        "second": ["second class", "2nd class", "in second"],
        "first": ["first class", "1st class", "in first"],
        "sleeper": ["in a sleeper", "with a sleeping berth", "in the sleeping car"],
    },
)  # fmt: skip
ROOM = choice(
    "single", "double", "twin", "family", "suite", "dorm_bed",
    spoken={
        "single": ["a single", "a single room", "one single room"],
        "double": ["a double", "a double room", "a room with a double bed"],
        "twin": ["a twin", "a twin room", "a room with two separate beds"],
        "family": ["a family room", "one family room", "a room for the whole family"],
        "suite": ["a suite", "one of the suites", "the suite"],
        "dorm_bed": ["a dorm bed", "a bunk in a dorm", "a bed in a shared dorm"],
    },
)  # fmt: skip
AMENITY = span(
    "wifi", "breakfast", "a pool", "parking", "a gym", "air conditioning", "a kitchen", "a balcony",
    "step-free access", "a crib", "a sauna", "late check-out", "pets allowed", "laundry",
    "sea view",
)  # fmt: skip
CAR = choice(
    "compact", "sedan", "suv", "van", "convertible", "electric",
    spoken={
        "compact": ["a compact", "a compact car", "a little compact"],
        "sedan": ["a sedan", "a saloon", "a four-door sedan"],
        "suv": ["an SUV", "an suv"],
        "van": ["a van", "a minivan", "a people carrier"],
        "convertible": ["a convertible", "a cabrio", "a car with a roof that opens"],
        "electric": ["an electric car", "an EV", "a fully electric one"],
    },
)  # fmt: skip
GEARBOX = flag(
    yes=["automatic", "automatic gearbox", "i can't drive stick", "an automatic please"],
    no=["manual", "stick shift", "manual gearbox", "with a clutch please"],
)
CANCEL_REASON = span(
    "I'm ill", "my visa was refused", "the meeting moved online", "a death in the family",
    "our dog needs surgery", "I booked the wrong week", "we found something cheaper",
    "there's a strike at the airport", "pregnancy complications", "I've lost my passport",
    "change of plans", "the wedding is off", "bushfires in the area",
    "my daughter's exam was moved", "jury duty",
)  # fmt: skip
REFUND_TO = choice(
    "original_payment", "travel_voucher",
    spoken={
        "original_payment": ["back on my card", "to the card I paid with", "the way I paid"],
        "travel_voucher": ["as a travel voucher", "in the form of a voucher", "as a voucher"],
    },
)  # fmt: skip
PURPOSE = choice(
    "tourism", "business", "study", "transit",
    spoken={
        "tourism": ["for a holiday", "as a tourist", "on vacation"],
        "business": ["for work", "for a business meeting", "on business"],
        "study": ["to study", "for a semester at university", "as a student"],
        "transit": ["just changing planes", "in transit", "only passing through"],
    },
)  # fmt: skip
INTEREST = span(
    "museums", "street food", "hiking", "nightlife", "architecture", "beaches", "live jazz",
    "temples", "things for kids", "vintage shopping", "football stadiums", "birdwatching", "wine",
    "castles", "contemporary art", "markets", "ghost stories", "Art Nouveau", "surfing", "coffee",
)  # fmt: skip
PACE = choice(
    "relaxed", "moderate", "packed",
    spoken={
        "relaxed": ["at a relaxed pace", "taking it slow", "nothing too rushed"],
        "moderate": ["at a moderate pace", "not too fast, not too slow", "with a medium pace"],
        "packed": ["as packed as possible", "with every hour filled", "crammed full"],
    },
)  # fmt: skip
PROGRAM = span(
    "Miles & More", "AAdvantage", "Flying Blue", "KrisFlyer", "Avios", "SkyMiles", "Aeroplan",
    "EuroBonus", "MileagePlus", "Miles&Smiles", "Velocity", "Qantas Frequent Flyer",
)  # fmt: skip
MEAL = choice("standard", "vegetarian", "vegan", "halal", "kosher", "gluten_free")

DOMAIN = Domain(
    name="travel",
    title="Travel and trips",
    tools=(
        Tool(
            "search_flights",
            "Search for flights between two places on a date.",
            params=(
                req("origin", AIRPORT, "Airport or city to leave from"),
                req("destination", CITY, "City to fly to"),
                req("depart_date", DATE, "Day of the outward flight, YYYY-MM-DD"),
                opt("passengers", integer(2, 9), "Number of travellers"),
                opt("cabin", CABIN, "Class of travel"),
                opt("direct_only", DIRECT, "Whether flights with stops are left out"),
            ),
            phrasings=(
                "(find|search|show me) flights from {origin} to {destination} on {depart_date}["
                " for {passengers} people][, {cabin}][, {direct_only}]",
                "{origin} to {destination} {depart_date}[ {cabin}][ {passengers} pax][,"
                " {direct_only}]",
                "i need to fly to {destination} from {origin} on {depart_date}[, {direct_only}]",
                "What flights are there on {depart_date} between {origin} and {destination}?["
                " There are {passengers} of us.][ We'd like to sit {cabin}.]",
                "my cousin is getting married in {destination}, so look up planes out of {origin}"
                " on {depart_date}[, {passengers} seats][, {direct_only}]",
                "Good morning, please check availability {origin} - {destination}, departing"
                " {depart_date}[, {cabin}][, party of {passengers}].",
                "how do i get to {destination} by air? leaving {origin} {depart_date}[,"
                " {direct_only}]",
                "flying out on {depart_date}: {origin} -> {destination}[, {cabin}]",
                "Can you see if anything goes from {origin} to {destination} on {depart_date}[,"
                " {cabin}][, we're {passengers} travellers]?",
                "{depart_date}, {passengers} of us, {origin}, {destination}. what planes go there",
                "my boss wants me in {destination} on {depart_date}, i live next to {origin}."
                " any flight that same day[, {direct_only}]?",
                "wings wanted: {origin} > {destination}, {depart_date}[, {cabin}]",
                "sick of this weather, whisk me off to {destination}! airport is {origin},"
                " day is {depart_date}[, {passengers} tickets]",
                "Would you kindly list the airlines' connections out of {origin} into"
                " {destination} for {depart_date}[, preferably {cabin}]?",
                "i hate layovers so non-stop or nothing{direct_only=true}, {origin} over to"
                " {destination}, {depart_date}",
                "on {depart_date} {origin} is where we take off and {destination} where we"
                " touch down. see what the airlines offer[, {direct_only}]",
                "{cabin}, {destination}, from {origin}, {depart_date}[, {passengers} seats]."
                " flights?",
                "not the train this time, too slow. dig out a plane to {destination} on"
                " {depart_date}, boarding at {origin}[, {direct_only}]",
                "wondering if there's still space on a plane heading to {destination},"
                " {depart_date}[ for {passengers} folks], setting out at {origin}",
                "grandma turns 90 and the party's in {destination}. Hunt down airfares"
                " {origin}/{destination}, {depart_date}[, {passengers} heads][, {cabin}]",
                "Changing planes is no big deal{direct_only=false}, just get me flight"
                " options for {depart_date}: out of {origin}, into {destination}",
                "cattle class is fine{cabin=economy}. {origin} - {destination},"
                " {depart_date}, flight options pls",
                "The two of us{passengers=2} fancy {destination}. Scan flights departing"
                " {origin}, {depart_date}[, {cabin}], would you",
            ),
            held_out=(
                "any planes on {depart_date} that would take me from {origin} over to"
                " {destination}[ {cabin}]?[ {direct_only}]",
                "{destination} here we come! we'd set off from {origin} {depart_date}[, there's"
                " {passengers} of us], what are the options in the air?",
                "Airfare request. Out of: {origin}. Into: {destination}. When: {depart_date}.["
                " Travellers: {passengers}.][ Seating {cabin}.]",
            ),
        ),
        Tool(
            "get_flight_status",
            "Say whether one flight is on time, and its gate.",
            params=(
                req("flight_number", FLIGHT, "Flight number as printed on the ticket"),
                opt("date", DATE, "Day the flight leaves, YYYY-MM-DD"),
            ),
            phrasings=(
                "(status of|check|look up) flight {flight_number}[ on {date}]",
                "is {flight_number} (on time|delayed|running late)[ on {date}]?",
                "which gate does {flight_number} go from[ on {date}]",
                "I'm picking up my mother from {flight_number}, when does it land?",
                "Could you tell me whether flight {flight_number} of {date} has been cancelled?",
                "{flight_number} status[ {date}]",
                "there's fog here. how is {flight_number} doing",
                "Has {flight_number} taken off yet?",
                "flight info please: {flight_number}[, {date}]",
                "my gran is on {flight_number} and i'm pacing the arrivals hall. where's that"
                " plane",
                "{flight_number} late or not?",
                "any hold-up with {flight_number} [scheduled for {date} ]that I ought to know"
                " about?",
                "on {date} there's {flight_number}, does it still leave as planned",
                "do i have to sprint or is {flight_number} behind schedule anyway",
                "I should appreciate word on the punctuality of {flight_number}[ departing"
                " {date}].",
                "gate for {flight_number}, quick, the board here is broken",
                "the radio mentioned a strike, so is {flight_number} affected[? it's the one"
                " of {date}]",
                "what's the latest on {flight_number}[, {date}]",
                "taxi's outside. should i rush for {flight_number} or has it been pushed back",
                "peek at the departures board for {flight_number}[ \\({date}\\)]",
                "{date} / {flight_number} / on schedule y/n",
                "Not asking about tickets, merely whether {flight_number} departs when it"
                " should[ on {date}].",
                "snow everywhere, tell me {flight_number} isn't grounded[ come {date}]",
            ),
            held_out=(
                "should i hurry or is {flight_number} late anyway[ on {date}]",
                "My boss is sitting on {flight_number}[, travelling {date}]. Any delays I should"
                " know of?",
                "what does the departure board say about {flight_number}?",
            ),
        ),
        Tool(
            "check_in_flight",
            "Check a passenger in for a flight that is already booked.",
            params=(
                req("booking_reference", BOOKING, "Six-character booking reference"),
                req("last_name", SURNAME, "Surname on the booking"),
                opt("seat", SEAT, "Kind of seat wanted"),
                opt("bags", integer(1, 4), "Bags to hand in"),
            ),
            phrasings=(
                "check me in, booking {booking_reference}, name {last_name}[, {seat}][, checked"
                " bags: {bags}]",
                "online check-in for {booking_reference} / {last_name}[ {seat}]",
                "I'd like to check in for my flight. The reference is {booking_reference} and my"
                " surname {last_name}.[ I'd love to sit {seat}.]",
                "do the check-in thing for {last_name}, {booking_reference}[, bags to drop:"
                " {bags}]",
                "can you get my boarding pass? {booking_reference}, it's under {last_name}[,"
                " {seat}]",
                "we fly tonight and i haven't checked in. {booking_reference}, {last_name}",
                "Please check in {last_name} on reservation {booking_reference}[ with {bags} in"
                " the hold][, seated {seat}].",
                "checkin {booking_reference} {last_name}[ bags={bags}][ {seat}]",
                "don't fancy queueing at the desk, sort out my check-in: {last_name},"
                " {booking_reference}",
                "{last_name} {booking_reference} check in[, {seat}][, hold luggage {bags}]",
                "is it open yet? if so check {last_name} in under {booking_reference}[ and"
                " place me {seat}]",
                "my phone won't open the airline app so please handle check-in on"
                " {booking_reference}; family name's {last_name}[; {bags} to hand over]",
                "{seat} if possible, reference {booking_reference}, passenger {last_name},"
                " get the check-in over with",
                "Kindly complete the check-in formalities for {booking_reference}, issued to"
                " {last_name}[, hold baggage: {bags}].",
                "i've got knees up to my ears so i need room to stretch{seat=extra_legroom}."
                " check me in: {booking_reference}, {last_name}",
                "boarding card time! {booking_reference} is the code and {last_name} the"
                " name[, seat me {seat}]",
                "I love staring at the clouds, so by the glass it must be{seat=window}. Check"
                " {last_name} in, code {booking_reference}",
                "the flight's been paid for ages ago, all that's missing is check-in. surname"
                " {last_name}, pnr {booking_reference}[, {bags} to check]",
                "a suitcase goes in the hold, only one{bags=1}. {last_name},"
                " {booking_reference}, check me in already",
                "can someone tick off check-in for {last_name}? locator {booking_reference}[,"
                " {seat}]",
                "The airline keeps nagging me to check in. {booking_reference} / {last_name},"
                " make it happen[, luggage count {bags}]",
                "ref {booking_reference}, mr or ms {last_name}, ready to be checked in[ {seat}]",
            ),
            held_out=(
                "ready for tomorrow's plane: {last_name} is the name, {booking_reference} the"
                " code, get me my boarding card[, {seat}]",
                "Boarding documents for {booking_reference}, please. The ticket was issued to"
                " {last_name}.[ Hold luggage: {bags}.]",
                "the airline says check-in is open now, it's {booking_reference} for {last_name}[,"
                " put me {seat}]",
            ),
        ),
        Tool(
            "search_trains",
            "Search for train connections between two places on a date.",
            params=(
                req("origin", STATION, "Station to leave from"),
                req("destination", TRAIN_CITY, "Where to go"),
                req("date", DATE, "Day of travel, YYYY-MM-DD"),
                opt("leave_after", CLOCK, "Earliest departure, 24-hour HH:MM"),
                opt("travel_class", TRAIN_CLASS, "Class of travel"),
            ),
            phrasings=(
                "trains from {origin} to {destination} on {date}[ after {leave_after}][,"
                " {travel_class}]",
                "(find|look up) a train {origin} - {destination}, {date}[, {travel_class}]",
                "is there a train to {destination} on {date}? i'm starting at {origin}[ and can't"
                " leave before {leave_after}]",
                "I'd rather not fly. What rail connections go from {origin} to {destination} on"
                " {date}[, {travel_class}]?",
                "by rail: {origin} to {destination} {date}[ {leave_after} or later]",
                "Could I see the timetable from {origin} to {destination} for {date}[, from"
                " {leave_after} onwards]?[ We travel {travel_class}.]",
                "need to catch a train at {origin} on {date}, going to {destination}[, not earlier"
                " than {leave_after}]",
                "{date}, rail ticket {origin} to {destination}[ {travel_class}]",
                "I get airsick, so rails it is: {origin} through to {destination}, {date}[,"
                " {travel_class}]",
                "{date} {origin}>{destination} choo choo[, {leave_after} earliest]",
                "what trains could carry me to {destination} if i board at {origin} on"
                " {date}[ some time past {leave_after}]",
                "my shift runs until {leave_after} on {date}, which train afterwards gets me"
                " from {origin} to {destination}",
                "Would there be a rail service linking {origin} with {destination} on"
                " {date}[, travelling {travel_class}]?",
                "the car broke down so it's the railway for me. {origin}, {destination},"
                " {date}[, anything past {leave_after}]",
                "{travel_class}, by train, {date}: off at {destination}, on at {origin}",
                "not driving, not flying. which train departures at {origin} serve"
                " {destination} on {date}?",
                "let me snooze through the night in a berth{travel_class=sleeper}: train"
                " {origin} to {destination}, {date}",
                "treat ourselves to first this time{travel_class=first}, pull up train"
                " journeys {origin} - {destination} on {date}[, setting off from {leave_after}]",
                "to {destination} by train, {date}, starting point {origin}, give me the"
                " connections",
                "I'm meeting an old school friend at {destination} on {date}. From {origin},"
                " which trains run[ once it's {leave_after}]?",
                "{leave_after} is the soonest i can be at the platform in {origin}. train to"
                " {destination}, {date}?",
                "dig through the railway schedule: {origin} / {destination} / {date}[ /"
                " {travel_class}]",
            ),
            held_out=(
                "what runs on the tracks between {origin} and {destination} {date}[, once it's"
                " past {leave_after}]",
                "Grandma wants to go by train to {destination} on {date}[, {travel_class}]; she"
                " gets on at {origin}.",
                "my office is beside {origin}, so railway options to {destination} for {date}"
                " please[, i'm free from {leave_after}]",
            ),
        ),
        Tool(
            "book_hotel",
            "Book a room in a city for some nights.",
            params=(
                req("city", CITY, "City to stay in"),
                req("check_in", DATE, "Day of arrival, YYYY-MM-DD"),
                req("nights", integer(2, 21), "Number of nights"),
                opt("room_type", ROOM, "Kind of room"),
                opt("amenities", listing(AMENITY, 1, 3), "What the place must offer"),
                opt("max_price", MONEY, "Highest price for a night, in dollars"),
            ),
            phrasings=(
                "book a hotel in {city} from {check_in} for {nights} nights[, {room_type}][, with"
                " {amenities}]",
                "hotel {city} {check_in}, {nights} nights[, {room_type}][, max {max_price} a"
                " night]",
                "i'll be in {city} for {nights} nights starting {check_in}, get me {room_type}["
                " under {max_price} per night]",
                "We need somewhere to sleep in {city}. We arrive on {check_in} and stay {nights}"
                " nights.[ It must have {amenities}.]",
                "Could you reserve {room_type} in {city}, arriving {check_in}, {nights} nights?["
                " Important to us: {amenities}.]",
                "find and book me a place to stay, {city}, {nights} nights from {check_in}[, i"
                " won't pay more than {max_price} a night]",
                "Please arrange accommodation in {city} for {nights} nights as of {check_in}[,"
                " preferably {room_type}][ with {amenities}].",
                "conference in {city}! {nights} nights, first one {check_in}[, {room_type} is"
                " enough]",
                "i've nowhere to crash in {city}. {nights} nights, arriving {check_in}, sort"
                " me out[, {room_type} would be grand]",
                "{nights} nights {city} arr {check_in}, room pls[, {max_price}/night tops]",
                "on {check_in} we roll into {city} and hang around for {nights} nights."
                " secure us {room_type}[ that comes with {amenities}]",
                "Would you be so good as to make a hotel reservation in {city}, first night"
                " {check_in}, {nights} nights in all[, at {max_price} per night or below]?",
                "not staying with my in-laws again lol. hotel, {city}, {check_in}, {nights}"
                " nights[, has to have {amenities}]",
                "{room_type} in {city} is what I need, checking in {check_in} and leaving"
                " {nights} nights later",
                "{max_price} a night is my limit. {city}, {nights} nights, {check_in}"
                " onwards, put me up somewhere",
                "the marathon brings me to {city}: please lock in a room as from {check_in},"
                " {nights} nights[, {amenities} desired]",
                "a whole week{nights=7} in {city} beginning {check_in}, snag me a hotel[,"
                " {room_type}]",
                "backpacking and broke, a bunk in a shared room will do{room_type=dorm_bed}."
                " {city}, in on {check_in}, {nights} nights",
                "with {amenities} and nothing less: put me up in {city} for {nights} nights,"
                " {check_in} is day one[, {room_type}]",
                "could i have {room_type} held in {city}? {nights} nights, I show up on {check_in}",
                "my tent leaks so real walls this time. lodging in {city}, {check_in},"
                " {nights} nights[, roughly up to {max_price} nightly]",
                "All by myself so one narrow bed suffices{room_type=single}. Kindly book"
                " {city}, arrival {check_in}, duration {nights} nights[, including {amenities}].",
            ),
            held_out=(
                "sort me out a bed in {city}: in on {check_in}, out {nights} nights later[,"
                " {max_price} a night tops]",
                "Our family reunion is in {city} and lasts {nights} nights from {check_in}. Secure"
                " {room_type} for us[, {amenities} included].",
                "where can i crash in {city} on {check_in}? staying {nights} nights, just book"
                " it[, needs {amenities}]",
            ),
        ),
        Tool(
            "rent_car",
            "Rent a car in a city for some days.",
            params=(
                req("city", CITY, "City where the car is picked up"),
                req("pickup_date", DATE, "First day, YYYY-MM-DD"),
                req("days", integer(2, 28), "Number of days"),
                opt("car_class", CAR, "Kind of car"),
                opt("automatic", GEARBOX, "Whether the gearbox is automatic"),
            ),
            phrasings=(
                "rent {car_class} in {city} from {pickup_date} for {days} days[, {automatic}]",
                "i need a rental car in {city}, {days} days from {pickup_date}[, {automatic}]",
                "car hire {city} {pickup_date} {days} days[ {car_class}][ {automatic}]",
                "We land in {city} on {pickup_date} and would like to hire {car_class} for {days}"
                " days.[ {automatic}]",
                "Can I get {car_class} for {days} days? Picking it up in {city} on {pickup_date}[,"
                " {automatic}].",
                "book me wheels in {city}: start {pickup_date}, keep it {days} days[, {car_class}]",
                "no way i'm taking the bus around {city}, hire {car_class} for {days} days"
                " starting {pickup_date}",
                "Please reserve {car_class} at {city} for {days} days, commencing {pickup_date}[,"
                " {automatic}].",
                "public transport in {city} is hopeless. get me {car_class} on {pickup_date},"
                " i'll bring it back after {days} days",
                "{city} / {pickup_date} / {days} days / hire car[ / {automatic}]",
                "{automatic}, {days} days, {city}, as of {pickup_date}: a vehicle please",
                "we want to explore the coast around {city} on our own. any car to let,"
                " {pickup_date}, {days} days[, {car_class} if available]?",
                "I never learned to use a clutch, so automatic only{automatic=true}. Rental"
                " in {city}, {pickup_date}, {days} days[, {car_class}]",
                "{days} days behind the wheel of {car_class}, starting in {city} on"
                " {pickup_date}, can you swing that",
                "Might I trouble you to arrange a hire vehicle in {city}? Collection"
                " {pickup_date}, retained for {days} days[, {automatic}].",
                "band on tour with all the gear, we need a van{car_class=van} for {days}"
                " days, collecting in {city} on {pickup_date}",
                "some motor for me in {city}, {pickup_date} plus {days} days[, {car_class}]",
                "not a taxi, i'd like to drive myself. {city}, from {pickup_date}, {days}"
                " days[, make it {car_class}][, {automatic}]",
                "roof down, hair in the wind{car_class=convertible}! {days} days out of"
                " {city}, keys on {pickup_date}",
                "It's {city} for work and the sites are miles apart, hence a rental, {days}"
                " days, {pickup_date} being the first[, {automatic}].",
                "on {pickup_date} i'll be standing at the counter in {city}, have {car_class}"
                " waiting for {days} days",
                "something tiny that fits any parking gap{car_class=compact}, {city}, {days}"
                " days, {pickup_date}, rental please[, {automatic}]",
            ),
            held_out=(
                "what i want is {car_class} waiting for me in {city} on {pickup_date}, i'll bring"
                " it back {days} days later",
                "Road trip! {days} days with a car[, {automatic}], collected in {city} on"
                " {pickup_date}.",
                "someone has to drive us round {city} for {days} days and that's me, so get"
                " {car_class} for {pickup_date}[, {automatic}]",
            ),
        ),
        Tool(
            "cancel_trip_booking",
            "Cancel a booked flight, room, train or car.",
            params=(
                req("booking_reference", BOOKING, "Six-character booking reference"),
                opt("reason", CANCEL_REASON, "Why, in the user's words"),
                opt("refund_to", REFUND_TO, "How the money comes back"),
            ),
            phrasings=(
                "cancel [my ]booking {booking_reference}[, {reason}][, refund it {refund_to}]",
                "i can't go. cancel {booking_reference}[ and give me the money {refund_to}]",
                "Please cancel the reservation {booking_reference}. Reason: {reason}.[ I'd like"
                " the refund {refund_to}.]",
                "call off trip {booking_reference}[ because {reason}]",
                "{booking_reference} - cancel please[, {reason}]",
                "We have to cancel what we booked under {booking_reference}: {reason}.[ Could we"
                " have the refund {refund_to}?]",
                "{reason}, so {booking_reference} needs to be cancelled",
                "can i still get out of {booking_reference}? cancel it[, refund {refund_to}]",
                "{booking_reference} is off. undo it[, money back {refund_to}]",
                "scrap {booking_reference}[ - {reason}]",
                "bad news: {reason}. kill the booking {booking_reference}[ and return what we"
                " paid {refund_to}]",
                "Would it be possible to annul my reservation {booking_reference}[, on"
                " account of this: {reason}]?",
                "we won't be travelling on {booking_reference} after all, pull out of it"
                " please[, refund {refund_to}]",
                "{refund_to}, that's how i want the refund. {booking_reference} gets cancelled",
                "plans fell through, {reason}. axe {booking_reference}",
                "not going any more, so bin {booking_reference}[. why: {reason}]",
                "My wife told me to sort this before dinner: revoke booking"
                " {booking_reference}[, repaying us {refund_to}].",
                "{reason} :\\( what do i do about {booking_reference}? withdraw from it"
                " please[ and refund {refund_to}]",
                "pull the plug on {booking_reference}, and no credit notes, put the cash back"
                " on the card it came from{refund_to=original_payment}",
                "nix reservation {booking_reference}, a voucher is fine by"
                " me{refund_to=travel_voucher}[, {reason}]",
                "I hereby withdraw from the booking with the code {booking_reference}[, the"
                " cause being: {reason}].",
                "that trip, {booking_reference}? forget it, take us off[. {reason}]",
            ),
            held_out=(
                "we won't be travelling after all, scrap {booking_reference}[ - {reason}]",
                "Kindly annul {booking_reference}[ and return the fare {refund_to}][. {reason}].",
                "{booking_reference} isn't happening[, {reason}], do whatever is needed to undo it",
            ),
        ),
        Tool(
            "check_visa_rules",
            "Say what papers a traveller needs to enter a country.",
            params=(
                req("destination", COUNTRY, "Country to enter"),
                opt("passport_country", COUNTRY, "Country that issued the passport"),
                opt("purpose", PURPOSE, "Why the traveller goes there"),
                opt("stay_days", integer(3, 180), "Length of the stay in days"),
            ),
            phrasings=(
                "do i need a visa for {destination}[, {purpose}][, staying {stay_days} days]?",
                "visa rules {destination}[, passport from {passport_country}]",
                "what papers do they ask for at the border of {destination}? i'm going {purpose}",
                "My passport is from {passport_country}. Can I enter {destination} without a visa["
                " for {stay_days} days]?",
                "i'm off to {destination} {purpose}[ for {stay_days} days], is my passport"
                " enough[? it was issued by {passport_country}]",
                "Please check the entry requirements of {destination} for holders of a passport"
                " from {passport_country}[, {purpose}].",
                "entry requirements {destination}[ {stay_days} days][ {purpose}]",
                "will they let me into {destination} {purpose} or is there paperwork to do first?",
                "my passport says {passport_country}, will {destination} let me through the"
                " border[ {purpose}]?",
                "{destination} visa y/n[, {stay_days} days]",
                "before i get turned away at immigration: what does {destination} want to see"
                " from someone with a {passport_country} passport",
                "{stay_days} days in {destination}, travelling {purpose}, which documents"
                " must I carry?",
                "would i be let in to {destination} just like that[, {purpose}]",
                "Might you advise which permits {destination} demands of visitors[ staying"
                " {stay_days} days][ who hold papers from {passport_country}]?",
                "a friend got stuck at customs once and I'd rather not. paperwork for"
                " {destination}[, {purpose}]?",
                "{purpose}, i'll set foot in {destination}. visa needed or nah[?"
                " {passport_country} passport here]",
                "got into a university over there, so for my studies{purpose=study} what visa"
                " does {destination} require",
                "only changing planes{purpose=transit} in {destination}, do they still want a"
                " visa from me[ given that I'm on a {passport_country} passport]",
                "citizen of {passport_country} heading to {destination}: immigration rules"
                " please[, {stay_days} days]",
                "not the vaccines, the visa stuff: how does one legally enter {destination}["
                " for {stay_days} days]",
                "I'm clueless about red tape. {destination}, {stay_days} days[, document"
                " issued in {passport_country}]. What's required of me?",
                "how strict is {destination} with travel documents[ when you come {purpose}]?"
                " need to know what to apply for",
            ),
            held_out=(
                "{stay_days} days in {destination}[ {purpose}] - which documents should i get"
                " beforehand",
                "Am I going to be turned away in {destination} with a passport issued by"
                " {passport_country}?",
                "embassy question: what must one apply for to visit {destination}[, {purpose}][,"
                " if the passport says {passport_country}]",
            ),
        ),
        Tool(
            "plan_itinerary",
            "Draft a day-by-day plan for a visit to a city.",
            params=(
                req("city", CITY, "City to visit"),
                req("days", integer(2, 14), "Number of days"),
                opt("interests", listing(INTEREST, 1, 4), "What the travellers like"),
                opt("pace", PACE, "How full the days are"),
                opt("budget", MONEY, "Total to spend, in dollars"),
            ),
            phrasings=(
                "plan {days} days in {city}[ with {interests}][, {pace}][, budget {budget}]",
                "make me an itinerary for {city}, {days} days[, we like {interests}][, {pace}]",
                "What should we do with {days} days in {city}?[ We love {interests}.][ We have"
                " {budget} in total.]",
                "{city} {days} day itinerary[: {interests}][, {pace}]",
                "I'm taking my parents to {city} for {days} days. Could you plan it[, {pace}]?["
                " They enjoy {interests}.]",
                "give me a day by day plan: {city}, {days} days[, {budget} to spend]",
                "our trip to {city} is {days} days long and we have no plan. help[, {interests}"
                " would be great]",
                "Please draft a programme for a visit of {days} days to {city}, {pace}[, not"
                " exceeding {budget} overall].",
                "{days} days, {city}, no clue where to begin. map it all out for me[, {pace}]",
                "never been to {city}! sketch what each of my {days} days there could look"
                " like[, keen on {interests}]",
                "{city}, {days} days, plan pls[, {interests}][, {pace}]",
                "we're nuts about {interests}, so fill {days} days in {city} with that[, for"
                " {budget} altogether]",
                "Might I ask you to compose a schedule of sights for {days} days in {city}[,"
                " {pace}]?",
                "with {budget} in our pockets and {days} days on the clock, how should we go"
                " about {city}[? {interests} appeal to us]",
                "my feet hurt just thinking of it, so plenty of benches and"
                " lie-ins{pace=relaxed}: {city}, {days} days, lay out a route",
                "hotel and flights are done, what's missing is a programme. {days} days,"
                " {city}[, total spend {budget}]",
                "{pace}, please. {city} over {days} days, morning to night, what do we see when",
                "squeeze every last drop out of {city}{pace=packed}, {days} days, write up"
                " the agenda[, focus: {interests}]",
                "for {interests} fans: a schedule spanning {days} days in {city}",
                "a long weekend of three days{days=3} in {city}, structure it for us[,"
                " {interests}][, {pace}]",
                "what would a local do in {city} with {days} days to spare[ and {budget} to"
                " blow]? put together the programme",
                "Dear planner, the choir visits {city} for {days} days. Could you map out who"
                " sees what on which day[, {pace}][, keeping within {budget}]?",
            ),
            held_out=(
                "first time in {city}! i've got {days} days, tell me how to spend each one[. into"
                " {interests}][. {pace}]",
                "How would a local fill {days} days in {city}[ for someone keen on {interests}]["
                " and with {budget} in the pocket]?",
                "Lay out mornings, afternoons and evenings for our {days} days in {city}[,"
                " {pace}].",
            ),
        ),
        Tool(
            "add_traveler_profile",
            "Store a traveller's details to be used in later bookings.",
            params=(
                req(
                    "traveler",
                    record(name=PERSON, birth_date=BIRTHDATE, passport_number=optional(PASSPORT)),
                    "Full name, date of birth as YYYY-MM-DD, and passport number",
                ),
                opt("meal", MEAL, "Meal on board"),
                opt("loyalty_program", PROGRAM, "Frequent flyer programme"),
            ),
            phrasings=(
                "add a traveller: {traveler.name}, born {traveler.birth_date}[, passport"
                " {traveler.passport_number}][, {meal} meals]",
                "save {traveler.name}'s details, birthday {traveler.birth_date}[, passport no"
                " {traveler.passport_number}]",
                "Please store a profile for {traveler.name} (born|date of birth)"
                " {traveler.birth_date}[, who eats {meal} meals][ and collects {loyalty_program}].",
                "my partner {traveler.name} will fly with me from now on. dob"
                " {traveler.birth_date}[, passport {traveler.passport_number}][, member of"
                " {loyalty_program}]",
                "new passenger profile -> {traveler.name} / {traveler.birth_date}[ /"
                " {traveler.passport_number}][ / {meal} meal][ / {loyalty_program}]",
                "remember {traveler.name} for future bookings, born on {traveler.birth_date}[,"
                " {meal} food on the plane]",
                "Could you put {traveler.name} in my list of travellers? Date of birth is"
                " {traveler.birth_date}.[ The passport number is {traveler.passport_number}.]",
                "traveller details: name {traveler.name}; born {traveler.birth_date}[; passport"
                " {traveler.passport_number}][; meal {meal}]",
                "from now on {traveler.name} comes along on trips, so keep the details:"
                " {traveler.birth_date} birthday[, {meal} meal in the air]",
                "traveler: {traveler}[, {meal}]",
                "{traveler.birth_date} is when {traveler.name} was born, file that as a"
                " passenger[, travel document {traveler.passport_number}]",
                "I'm fed up with typing this every time. Passenger {traveler}[, collects"
                " points with {loyalty_program}], keep it on file",
                "set up {traveler.name} as someone i travel with. b. {traveler.birth_date}[,"
                " pp {traveler.passport_number}][, eats {meal}]",
                "Would you kindly register a passenger: {traveler}[; inflight meal {meal}][;"
                " frequent flyer with {loyalty_program}]?",
                "our new colleague {traveler.name} flies a lot, {traveler.birth_date} is the"
                " date of birth. create the passenger record[, {loyalty_program} member]",
                "{meal} food only for {traveler.name}, born {traveler.birth_date}. enter that"
                " as a traveller profile",
                "no booking yet, just hold on to this person's data for later: {traveler}",
                "passport {traveler.passport_number}, {traveler.name}, {traveler.birth_date},"
                " new travel companion, store it",
                "the baby's papers have come at last! enroll {traveler.name},"
                " {traveler.birth_date}, among my passengers[, passport reads"
                " {traveler.passport_number}]",
                "nothing with meat, eggs or dairy{meal=vegan} for {traveler.name}. add the"
                " profile, birthdate {traveler.birth_date}",
                "can you memorise a fellow traveller for me? {traveler}[, {loyalty_program}"
                " is the airline club]",
                "{loyalty_program} flyer {traveler.name}, date of birth"
                " {traveler.birth_date}, make that a saved passenger[ on {meal} meals]",
            ),
            held_out=(
                "so i don't type it every time: {traveler.name}, {traveler.birth_date} is the"
                " birthday[, {traveler.passport_number} the passport], keep that on file",
                "We've hired {traveler.name} \\(birth date {traveler.birth_date}\\) and will book"
                " trips in"
                " that name.[ Meal preference: {meal}.][ Loyalty scheme: {loyalty_program}.] Set"
                " it up.",
                "{traveler.name} is joining the family account for trips, dob"
                " {traveler.birth_date}[, {loyalty_program} member][, always orders the {meal}"
                " meal]",
            ),
        ),
    ),
)

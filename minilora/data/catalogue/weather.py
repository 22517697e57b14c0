"""Weather: forecasts, rain, air, sun, sea and warnings."""

from minilora.data.kinds import (
    BIRTHDATE,
    CITY,
    CLOCK,
    DATE,
    KM,
    TEMPERATURE_C,
    WEEKDAY,
    choice,
    flag,
    integer,
    listing,
    number,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

DAY = span(
    "today", "tomorrow", "tonight", "this evening", "tomorrow afternoon", "this weekend",
    "next weekend", "Monday", "Tuesday", "Wednesday morning", "next Thursday", "Friday night",
    "Saturday", "this coming Sunday", "the day after tomorrow", "next week", "July 4th", "the 23rd",
    "in three days", "Boxing Day",
)  # fmt: skip
SPOT = span(
    "Lake Como", "Bondi Beach", "Mont Saint-Michel", "Isle of Skye", "Gran Canaria",
    "Amarillo, Texas", "Land's End", "Zermatt", "Phú Quốc", "Oaxaca", "Yellowstone", "Ushuaia",
    "Tromsø", "Sylt", "Lac d'Annecy", "Big Sur", "Kruger National Park", "Petra", "Ko Samui",
    "78704", "Cape May, New Jersey", "Hokkaido",
)  # fmt: skip
UNITS = choice(
    "metric",
    "imperial",
    spoken={
        "metric": ["in celsius", "in Celsius", "in metric units"],
        "imperial": ["in fahrenheit", "in Fahrenheit", "in imperial units"],
    },
)
POLLUTANT = choice(
    "pm25",
    "pm10",
    "ozone",
    "no2",
    spoken={
        "pm25": ["PM2.5", "fine dust"],
        "pm10": ["PM10", "coarse dust"],
        "no2": ["nitrogen dioxide", "NO2"],
    },
)
PLANT = choice("birch", "grass", "ragweed", "olive", "hazel", "mugwort")
CONDITION = choice(
    "storm",
    "heavy_rain",
    "snow",
    "frost",
    "heat",
    "fog",
    spoken={
        "storm": ["a storm", "storms"],
        "heavy_rain": ["heavy rain", "a downpour"],
        "frost": ["frost", "ground frost"],
        "heat": ["a heatwave", "extreme heat"],
        "fog": ["fog", "thick fog"],
    },
)
MEASURE = choice(
    "rainfall",
    "max_temperature",
    "min_temperature",
    "wind_speed",
    "sunshine_hours",
    spoken={
        "rainfall": ["rainfall", "how much rain fell"],
        "max_temperature": ["the highest temperature", "the daily high"],
        "min_temperature": ["the lowest temperature", "the overnight low"],
        "wind_speed": ["wind speed", "the wind"],
        "sunshine_hours": ["hours of sunshine", "sunshine hours"],
    },
)

DOMAIN = Domain(
    name="weather",
    title="Weather",
    tools=(
        Tool(
            "get_current_weather",
            "Tell the weather in a place at this moment.",
            params=(
                req("place", CITY, "City"),
                opt("units", UNITS, "Units: metric or imperial"),
            ),
            phrasings=(
                "(what's|how is) the weather( like|) in {place} (right now|now|at the moment)[,"
                " {units}]?",
                "weather {place} now[ {units}]",
                "current weather for {place}[ {units}]",
                "how hot is it in {place} right now[, {units}]?",
                "is it raining in {place} as we speak?",
                "Could you tell me the present conditions in {place}[, {units}]?",
                "just landed in {place}, what's it like outside[ {units}]?",
                "i'm on the phone with a friend in {place}, what weather do they have there?",
                "temp in {place} rn[, {units}]?",
                "tell me what it's doing outside in {place} this very minute",
            ),
            held_out=(
                "if i stepped out in {place} this second, what would i feel[, {units}]?",
                "mum's in {place}, is she sitting in the sun now?",
                "live conditions, {place}[, {units}]",
            ),
        ),
        Tool(
            "get_daily_forecast",
            "Forecast the weather of the coming days, one entry a day.",
            params=(
                req("place", CITY, "City"),
                req("days", integer(2, 14, unit="days"), "Number of days, counted from today"),
                opt("units", UNITS, "Units: metric or imperial"),
            ),
            phrasings=(
                "(forecast|weather) for {place}, next {days}[, {units}]",
                "what will the weather be in {place} over the next {days}[ {units}]?",
                "{place}, {days}, forecast",
                "give me the outlook for {place}, {days} ahead[, {units}]",
                "i'm going to {place} for {days}, what should i pack for?",
                "Please show the forecast for {place} covering {days}[, {units}].",
                "how do the coming {days} look in {place}",
                "will it stay nice in {place}? i need {days}[, {units}]",
                "planning a wedding in {place}, need to see {days} of forecast[ {units}]",
            ),
            held_out=(
                "we're camping near {place}, {days} from today on. what's the sky going to do?",
                "day by day for {place}, {days} of it[, {units}]",
                "got {days} off in {place}. beach or museum weather?",
            ),
        ),
        Tool(
            "get_hourly_forecast",
            "Forecast the weather of one day hour by hour.",
            params=(
                req("place", CITY, "City"),
                req("day", DAY, "Day, in the user's words"),
                opt("from_time", CLOCK, "First hour to show, 24-hour HH:MM"),
                opt("units", UNITS, "Units: metric or imperial"),
            ),
            phrasings=(
                "hourly (forecast|weather) for {place} {day}[, from {from_time}][, {units}]",
                "{place} {day}, hour by hour[, {units}]",
                "how does the weather change through the hours in {place} {day}[ starting at"
                " {from_time}]?",
                "what's it like in {place} {day}, each hour please[, {units}]",
                "Could I get an hour-by-hour forecast for {place} {day}[, from {from_time} on]?",
                "i have a shoot in {place} {day}[ at {from_time}], show the weather for every hour",
                "break {day} in {place} down by the hour[, {units}]",
                "when exactly does the weather turn in {place} {day}? hourly view[ from"
                " {from_time}]",
            ),
            held_out=(
                "garden party in {place} {day}, i want to know what each hour brings[, {units}]",
                "forecast in sixty-minute steps, {place}, {day}[, not before {from_time}]",
                "is there a good hour to go for a run in {place} {day}? list them one after the"
                " other",
            ),
        ),
        Tool(
            "get_rain_chance",
            "Tell how likely rain is in a place.",
            params=(
                req("place", CITY, "City"),
                req("day", DAY, "Day, in the user's words"),
                opt("at_time", CLOCK, "Time of day, 24-hour HH:MM"),
            ),
            phrasings=(
                "(will it|is it going to) rain in {place} {day}[ at {at_time}]?",
                "do i need an umbrella in {place} {day}[ around {at_time}]?",
                "chance of rain {place} {day}[ {at_time}]",
                "how likely is rain in {place} {day}[ at {at_time}]",
                "What's the probability of showers in {place} {day}[ at around {at_time}]?",
                "i'm hanging out the washing in {place} {day}, will it get wet?",
                "rain {day} in {place}? y/n",
                "should i take a raincoat, {place}, {day}[, {at_time}]",
                "we want to grill in {place} {day}[ at {at_time}], any rain coming?",
            ),
            held_out=(
                "my hair is done and i'm out in {place} {day}[ at {at_time}], am i safe from"
                " showers?",
                "odds of getting soaked in {place} {day}[ about {at_time}]?",
                "can i leave the roof of the car open in {place} {day}, or will water come down?",
            ),
        ),
        Tool(
            "get_air_quality",
            "Tell how clean the air in a city is at this moment.",
            params=(
                req("place", CITY, "City"),
                opt("pollutants", listing(POLLUTANT, 1, 3), "Only these pollutants"),
            ),
            phrasings=(
                "(what's|how's) the air quality in {place}[, {pollutants} only]?",
                "air quality {place}",
                "is the air in {place} ok to breathe today?",
                "how bad is the smog in {place}[? i care about {pollutants}]",
                "Please give me the levels of {pollutants} in {place}.",
                "{pollutants} in {place}?",
                "i have asthma and i'm in {place}, how clean is the air[, mainly {pollutants}]?",
                "AQI for {place}[, just {pollutants}]",
                "can the kids play outside in {place}, or is the air too dirty?",
            ),
            held_out=(
                "my lungs hurt, what are we breathing here in {place}?",
                "should i wear a mask against pollution in {place}[; tell me about {pollutants}]",
                "any reading on {pollutants} for {place} today?",
            ),
        ),
        Tool(
            "get_uv_index",
            "Tell how strong the sun's ultraviolet rays are in a place.",
            params=(
                req("place", SPOT, "Place, in the user's words"),
                req("day", DAY, "Day, in the user's words"),
                opt("skin_type", integer(1, 6), "Skin type from 1 (very pale) to 6 (very dark)"),
            ),
            phrasings=(
                "(uv index|UV) for {place} {day}",
                "how strong is the sun in {place} {day}[? my skin type is {skin_type}]",
                "do i need sunscreen in {place} {day}[, skin type {skin_type}]?",
                "What will the UV index be at {place} {day}[ for skin type {skin_type}]?",
                "i burn easily[, type {skin_type}]. what's the uv like in {place} {day}?",
                "uv {place} {day}[ / skin {skin_type}]",
                "taking the baby to {place} {day}, how high is the ultraviolet?",
                "sun hat or not, {place}, {day}? check the UV",
            ),
            held_out=(
                "last time i got fried at {place}. how fierce are the rays {day}[, skin type"
                " {skin_type}]?",
                "how much spf for {place} {day}[ with type {skin_type} skin]?",
                "would i get a sunburn at {place} {day}",
            ),
        ),
        Tool(
            "get_sun_times",
            "Tell when the sun rises or sets in a place on a date.",
            params=(
                req("place", CITY, "City"),
                req("date", DATE, "Date, YYYY-MM-DD"),
                req(
                    "event",
                    choice("sunrise", "sunset", "both", spoken={"both": ["sunrise and sunset"]}),
                    "Which of the two, or both",
                ),
            ),
            phrasings=(
                "(when is|what time is) {event} in {place} on {date}?",
                "{event} {place} {date}",
                "when does the sun come up{event=sunrise} in {place} on {date}",
                "what time does it get dark{event=sunset} in {place} on {date}?",
                "Please tell me the time of {event} for {place} on {date}.",
                "i want to photograph the sun going down{event=sunset} over {place} on {date},"
                " when?",
                "{date}, {place}: {event}?",
                "when does daylight begin and end{event=both} in {place} on {date}?",
                "we're getting married in {place} on {date}, i need to know {event}",
            ),
            held_out=(
                "first light in {place} on {date}, i mean the sun peeking over the"
                " horizon{event=sunrise}",
                "until what hour can we see the sun{event=sunset} in {place} on {date}?",
                "from dawn to dusk{event=both}: when does the sun rise and set in {place} on"
                " {date}?",
            ),
        ),
        Tool(
            "get_pollen_level",
            "Tell how much pollen is in the air of a place.",
            params=(
                req("place", CITY, "City"),
                opt("plants", listing(PLANT, 1, 3), "Only pollen of these plants"),
                opt("day", DAY, "Day, in the user's words"),
            ),
            phrasings=(
                "pollen (count|level|levels) in {place}[ {day}][, {plants}]",
                "how much {plants} pollen is there in {place}[ {day}]?",
                "i'm allergic to {plants}, how is it in {place}[ {day}]?",
                "can't stop sneezing in {place}, check the pollen[, {plants}]",
                "Is the pollen high in {place}[ {day}]?[ I react to {plants}.]",
                "{plants} pollen {place}[ {day}]?",
                "hay fever report for {place}[, {day}]",
                "will my nose survive {place}[ {day}]? allergy to {plants}",
                "is it safe to open windows in {place}[ {day}] with a {plants} allergy",
            ),
            held_out=(
                "my eyes are itching like mad in {place}, is {plants} flying[ {day}]?",
                "should i take an antihistamine before going out in {place}[ {day}]?"
                "[ it's {plants} that gets me]",
                "how much is blooming and floating about in {place}[, {day}]",
            ),
        ),
        Tool(
            "get_past_weather",
            "Look up what the weather was on a date in the past.",
            params=(
                req("place", CITY, "City"),
                req("date", BIRTHDATE, "Date, YYYY-MM-DD"),
                opt("measures", listing(MEASURE, 1, 3), "Only these measures"),
            ),
            phrasings=(
                "what was the weather in {place} on {date}?",
                "look up {measures} in {place} on {date}",
                "what was the weather like in {place} on {date}, only the"
                ' rainfall{measures=["rainfall"]}',
                "weather records {place} {date}[: {measures}]",
                "For an insurance claim I need {measures} in {place} on {date}.",
                "how was the weather on {date} in {place}",
                'wind speed{measures=["wind_speed"]} in {place} on {date}, look it up',
                "historical weather: {place}, {date}[, i want {measures}]",
                "can you check the archive for {measures} on {date}, {place}?",
            ),
            held_out=(
                "the roof got damaged in {place} on {date}, tell me just"
                ' the wind speed{measures=["wind_speed"]}',
                "go back to {date} and tell me {measures} for {place}",
                "we argued about what it was like in {place} on {date}, settle it",
            ),
        ),
        Tool(
            "create_weather_alert",
            "Warn the user whenever some kind of weather is coming to a city.",
            params=(
                req("place", CITY, "City"),
                req("condition", CONDITION, "Weather to warn of"),
                opt("hours_ahead", integer(1, 48, unit="hours"), "How many hours in advance"),
                opt(
                    "quiet_at_night",
                    flag(
                        yes=["but not at night", "no alerts while i sleep"],
                        no=["even at night", "day or night"],
                    ),
                    "Whether to hold warnings back at night",
                ),
            ),
            phrasings=(
                "(warn|alert|notify) me (of|about) {condition} in {place}[, {hours_ahead} before]"
                "[, {quiet_at_night}]",
                "let me know when {condition} is coming to {place}[, {hours_ahead} ahead]",
                "weather alert {place}: {condition}[, {quiet_at_night}]",
                "i want a warning {hours_ahead} before {condition} hits {place}",
                "Please set up an alert for {condition} in {place}[, {quiet_at_night}].",
                "my tomatoes are outside in {place}, tell me about {condition} in advance[,"
                " {hours_ahead}]",
                "keep an eye on {place} for {condition}[, {quiet_at_night}]",
                "ping me if {condition} is on the way to {place}[, {hours_ahead} early please]",
            ),
            held_out=(
                "{condition} caught me out in {place} again, never again: shout beforehand["
                " {hours_ahead}]",
                "i drive through {place} a lot and dread {condition}. put up a warning[,"
                " {quiet_at_night}]",
                "from now on i'd like a heads-up, {place}, {condition}[, {hours_ahead} prior]",
            ),
        ),
        Tool(
            "create_temperature_alert",
            "Warn the user when the temperature in a city passes a limit.",
            params=(
                req("place", CITY, "City"),
                req(
                    "direction",
                    choice("above", "below"),
                    "Whether to warn above or below the limit",
                ),
                req("limit_c", TEMPERATURE_C, "Limit in degrees Celsius"),
                opt("days", listing(WEEKDAY, 1, 3), "Only on these days of the week"),
            ),
            phrasings=(
                "(tell|warn|alert) me when it's {direction} {limit_c} in {place}[, only on {days}]",
                "temperature alert for {place}, {direction} {limit_c}[, {days}]",
                "if {place} drops under{direction=below} {limit_c}, let me know",
                "notify me as soon as it gets hotter{direction=above} than {limit_c} in {place}["
                " on {days}]",
                "Please send a warning whenever {place} goes {direction} {limit_c}[, {days} only].",
                "{place}: {direction} {limit_c} -> alert me",
                "i need to know when it falls{direction=below} to less than {limit_c} in"
                " {place}, my pipes freeze",
                "buzz me if the thermometer in {place} climbs past{direction=above} {limit_c}["
                " on {days}]",
            ),
            held_out=(
                "the dog can't stand more than{direction=above} {limit_c}. we're in {place},"
                " give me a warning",
                "once {place} is colder than{direction=below} {limit_c} i'd want a message[,"
                " {days}]",
                "keep watch on {place}'s temperature, the line is {limit_c}, speak up"
                " {direction} it",
            ),
        ),
        Tool(
            "compare_weather",
            "Compare the weather of several cities.",
            params=(
                req("cities", listing(CITY, 2, 4), "Cities to compare"),
                req("day", DAY, "Day, in the user's words"),
                opt("sort_by", choice("warmest", "driest", "sunniest"), "What to rank them by"),
            ),
            phrasings=(
                "compare the weather in {cities} {day}[, {sort_by} first]",
                "which is better {day}: {cities}?[ sort by {sort_by}]",
                "{cities} - weather {day} side by side",
                "we can fly to {cities}, where's the {sort_by} {day}?",
                "Please rank {cities} from the {sort_by} down for {day}.",
                "out of {cities}, which one is {sort_by} {day}?",
                "weather comparison {day}, {cities}[, order: {sort_by}]",
                "can't decide between {cities} {day}, put their forecasts next to each other",
            ),
            held_out=(
                "{day} i could be in {cities}. line up what the weather does in each[, {sort_by}"
                " on top]",
                "who gets the best of it {day}, {cities}?[ the {sort_by} wins]",
                "one table please, {cities}, {day}, weather",
            ),
        ),
        Tool(
            "get_marine_forecast",
            "Forecast wind and waves at a point at sea.",
            params=(
                req(
                    "position",
                    record(latitude=number(-60, 70, 2), longitude=number(-180, 180, 2)),
                    "Point at sea: latitude and longitude in degrees, south and west negative",
                ),
                opt("day", DAY, "Day, in the user's words"),
                opt("radius_km", KM, "Radius around the point, in kilometres"),
            ),
            phrasings=(
                "waves and wind at lat {position.latitude}, lon {position.longitude}[ {day}]",
                "sea forecast for {position.latitude} / {position.longitude}[, within"
                " {radius_km}][, {day}]",
                "we sail past latitude {position.latitude}, longitude {position.longitude}"
                " {day}, how rough is it?",
                "marine weather, position {position.latitude}, {position.longitude}[, {day}]",
                "Please report the swell around latitude {position.latitude} and longitude"
                " {position.longitude}[ in a radius of {radius_km}].",
                "is it safe to go out on the water near {position.latitude},"
                " {position.longitude}[ {day}]?",
                "lat={position.latitude} lon={position.longitude} sea state[ {day}]",
                "boat's at longitude {position.longitude}, latitude {position.latitude}. waves["
                " {day}]?",
            ),
            held_out=(
                "how high will the sea run off {position.latitude}, {position.longitude}[ {day}]",
                "fishing trip {day}, gps says {position.latitude} by {position.longitude}, get"
                " me wave heights",
                "wind out at {position.latitude} lat {position.longitude} long[, {radius_km}"
                " around it]?",
            ),
        ),
    ),
)

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
    varied=False,
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
                "{place}, this instant, sky and temperature[, {units}]",
                "not tomorrow, not the weekend: how are things outside in {place} as of now[,"
                " {units}]",
                "my sister is standing at a bus stop in {place} without a coat, is she"
                " freezing at the moment[? answer {units}]",
                "look out of the window in {place} for me, what do you see weather-wise",
                "I would be obliged to learn the meteorological conditions presently"
                " prevailing in {place}[, expressed {units}].",
                "yo what's it doing out there in {place} atm[ {units}]",
                "[{units}, ]how many degrees are we at in {place} this second",
                "sun, clouds, drizzle? what has {place} got right now",
                "boarding has just begun and the pilot mumbled something about {place}, so"
                " what are the live conditions there[, {units}]",
                "is it shorts or jacket this moment in {place}[? i think {units}]",
                "no forecast please, only the live reading for {place}[ {units}]",
                "wonder how cold {place} is while we speak[, {units} if you can]",
                "ugh, can't tell from the hotel basement! {place} outdoors, currently?",
                "i grew up with fahrenheit{units=imperial}, so how warm is {place} at present",
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
                "{days}, {place}, day by day, what's coming[ {units}]",
                "not the hours, only a line per day: {place} for {days}[, {units}]",
                "my tent is packed and the boss let me off, so tell me what {place} has in"
                " store over {days}[, {units}]",
                "a whole week{days=7} at the in-laws in {place}, sun or misery[? {units}]",
                "Would you be so good as to set out the expected conditions in {place} day by"
                " day, {days} from today[, {units}]?",
                "fcst {place} {days}[ {units}]",
                "we're off to {place} for a fortnight{days=14}, will we be sunbathing or sulking",
                "starting today and counting {days}, how will the skies over {place} behave[,"
                " {units}]",
                "the roofers need {days} on our house in {place}, can they expect decent"
                " weather day after day",
                "gimme the long view for {place}, i mean {days}[ and {units}, ta]",
                "[{units}, ]how warm will {place} be each day if we look {days} into the future",
                "{place}'s weather today and tomorrow{days=2}, one entry for each",
                "i wonder whether {place} cheers up at some point if i give it {days}",
                "harvest is on in {place} and the combine is booked, so show {days} worth of"
                " predictions[, {units}]",
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
                "{day}, {place}, every single hour[, beginning {from_time}][, {units}]",
                "not a summary of the day, i want {place} {day} one hour at a time[, {units}]",
                "the marquee goes up in {place} {day} and the crew is nervous, so lay out the"
                " hours for me[ from {from_time} onwards]",
                "[from {from_time} on, ]what does each hour bring in {place} {day}",
                "Kindly furnish the hourly progression of conditions for {place} {day}[,"
                " commencing at {from_time}][, {units}].",
                "hrly {place} {day}[ {from_time}+][ {units}]",
                "which hours are the nice ones in {place} {day}[? start the list at {from_time}]",
                "60 minute steps please, {place}, {day}[, {units}]",
                "my marathon is in {place} {day}, how will the temperature creep up with"
                " every hour[ after {from_time}][, {units}]",
                "can i see how {day} unfolds in {place}, hour after hour[, {units}]",
                "timeline of the weather {day} for {place}, one row per hour[, skip"
                " everything before {from_time}]",
                "picking the best hour for a run in {place} {day}! show me all of them["
                " starting {from_time}]",
                "from midday{from_time=12:00} on, hour for hour, {place} {day}[, {units}]",
                "slice up {day} for me: {place}, an entry for each hour[ beginning with"
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
                "{day} {place} wet or dry[, {at_time}]?",
                "not the temperature, just the odds of a downpour in {place} {day}[ at {at_time}]",
                "grandpa wants his deck painted and it must dry properly, so how likely are"
                " showers in {place} {day}[ about {at_time}]",
                "percentage for precipitation: {place}, {day}[, {at_time}]",
                "Might one reckon with rainfall in {place} {day}[ towards {at_time}]?",
                "are we gonna get soaked in {place} {day}[ round {at_time}]",
                "[at {at_time} ]{day}, what are the chances of it bucketing down in {place}",
                "brolly or no brolly {day}, {place}[, say {at_time}]?",
                "suede shoes {day} in {place}, risky? i mean drops from the sky",
                "the bouncy castle man won't set up if it's going to pour. {place}, {day}[,"
                " {at_time}], what's the likelihood",
                "could the heavens open over {place} {day}[ come {at_time}]",
                "i cycle to work in {place} {day}[, leaving at {at_time}], tell me whether"
                " i'd arrive drenched",
                "at noon{at_time=12:00} {day} there's a picnic in {place}, what is the risk"
                " of rain",
                "hate getting wet!! how probable is that in {place} {day}",
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
                "{place} air, clean or filthy?[ {pollutants}]",
                "my throat has been scratchy ever since we moved to {place}, so what are we"
                " breathing at the moment[, looking at {pollutants}]",
                "not pollen, pollution: {place}[, namely {pollutants}]",
                "{pollutants} readings out of {place} pls",
                "I should appreciate a statement of how polluted the atmosphere in {place}"
                " currently is[, limited to {pollutants}].",
                "mask on or off in {place}[? {pollutants} is what worries me]",
                "[concerning {pollutants}, ]how dirty is the air over {place}",
                "how murky is the stuff we're inhaling in {place} right now",
                "would a jog through {place} wreck my lungs today[? check {pollutants}]",
                "wildfires were on the news, is it healthy to be breathing outdoors in"
                " {place}[, in terms of {pollutants}]",
                "are the air sensors in {place} showing red[ for {pollutants}]",
                'nothing else, only the ozone{pollutants=["ozone"]} hanging over {place}',
                "can't see the skyline of {place} through the haze!! how toxic is it[,"
                " {pollutants} please]",
                "pollution check, {place}[ - {pollutants}]",
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
                "{day} at {place}, which spf[? skin {skin_type}]",
                "how quickly would i turn into a lobster at {place} {day}[ with skin type"
                " {skin_type}]",
                "not the temperature, the sunburn risk: {place}, {day}[, type {skin_type}]",
                "my dermatologist nags me about every hike, so for {place} {day}, how intense"
                " are the sun's rays",
                "Kindly state the ultraviolet intensity anticipated at {place} {day}[, having"
                " regard to skin type {skin_type}].",
                "i'm as pale as a ghost{skin_type=1}, how dangerous is the sun at {place} {day}",
                "[skin type {skin_type} here, ]what are the uv rays up to in {place} {day}",
                "UVI, {place}, {day}[, skin {skin_type}]",
                "is it long sleeves and factor 50 at {place} {day}, going by the ultraviolet",
                "sun cream needed or am i fine? {place} {day}[, my skin's a type {skin_type}]",
                "we'll be out on the water near {place} {day} and i don't want to get fried,"
                " what's the u.v. level",
                "{day} we visit {place}, i'm very dark skinned{skin_type=6}, do i have to"
                " worry about UV",
                "my nose peeled last time. how fierce will the rays be {day} at {place}[ for"
                " someone of skin type {skin_type}]",
                "tanning at {place} {day}!! uv strong enough or too strong[? type {skin_type}]",
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
                "{date} {place} {event} clock time",
                "the drone crew must be ready for {event}, and that's in {place} on {date},"
                " so which minute is it",
                "daybreak{event=sunrise}, {place}, {date}, at what hour?",
                "not the weather, only the time of {event} on {date} in {place}",
                "Would you kindly ascertain the hour of {event} at {place} for {date}?",
                "fishing trip on {date}! how early does the first sunlight{event=sunrise} hit"
                " {place}",
                "how late can we stay on the beach in {place} on {date} before the sun"
                " disappears{event=sunset}",
                "how long is the day in {place} on {date}, i mean from the sun appearing to"
                " it vanishing{event=both}",
                "my fast ends once the sun has gone under{event=sunset}, i'll be in {place}"
                " on {date}, so when do i eat",
                "{event}? {place}. {date}.",
                "look up {event} for me, it's about {date} and {place}",
                "on {date} i'm proposing on a rooftop in {place} and want that last orange"
                " glow at the horizon{event=sunset}, when should i kneel",
                "give me the exact {event} time over in {place}, date being {date}",
                "yoga at the crack of dawn{event=sunrise} in {place}, {date}, what do i set"
                " my alarm to",
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
                "{place} hay fever, achoo, how bad[ {day}][? {plants}]",
                "not the smog, the stuff that blossoms throw about: {place}[ {day}][, {plants}]",
                "my eyes are itching like mad and the pills ran out, so what pollen is flying"
                " about in {place}[ {day}][, i mean {plants}]",
                "{plants} blooming in {place}? how much of it floats around[ {day}]",
                "Kindly advise an allergy sufferer of the pollen burden in {place}[ {day}][,"
                " restricted to {plants}].",
                "hayfever forecast pls, {place}[, {day}][, {plants}]",
                "antihistamine or not, {place}[, {day}]? {plants} does me in",
                "[{day}, ]how yellow is the dust from the trees and meadows of {place},"
                " pollen i mean",
                "is {plants} in the air over {place}[ {day}], my allergist wants to know",
                "could a person who sneezes at {plants} picnic in {place}[ {day}]",
                'lawns being mown everywhere{plants=["grass"]} and my nose is running, pollen'
                " count for {place}[ {day}]",
                'the olive groves{plants=["olive"]} near {place}, how much pollen do they'
                " shed[ {day}]",
                "streaming eyes!! pollen in {place}[ {day}], high or low",
                "only {plants}, nothing else: how heavy is the pollen load[ {day}] for {place}",
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
                "{date}, {place}, back then: sunny or grey?[ {measures}]",
                "grandma swears it snowed at her wedding in {place} on {date}, dig out what"
                " the sky really did",
                "not a forecast, i mean history: {place} on {date}[, {measures}]",
                "{measures}, {place}, {date}, from the archives",
                "I require, for court purposes, the recorded conditions at {place} on"
                " {date}[, confined to {measures}].",
                "i was born in {place} on {date}, so was it a nice day[? tell me {measures}]",
                'how hot did it get at most{measures=["max_temperature"]} in {place} back on'
                " {date}",
                'how much came down in the gauge{measures=["rainfall"]} on {date} in {place}',
                'how cold was the coldest moment{measures=["min_temperature"]} of {date} in'
                " {place}",
                "writing a novel set in {place} on {date}, what did people see when they"
                " looked up that day[? {measures} would do]",
                "pull the old station data, {date}, {place}[; columns: {measures}]",
                "did the sun shine in {place} that day, {date}, and for how many"
                ' hours{measures=["sunshine_hours"]}',
                'was there a gale{measures=["wind_speed"]} blowing through {place} on {date}?'
                " how fast was it",
                "what had {place} gone through weather-wise on {date}[, particularly {measures}]",
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
                "{condition}, {place}, heads-up[ {hours_ahead} early][, {quiet_at_night}]",
                "my greenhouse roof in {place} is made of hope and tape, so shout whenever"
                " you see {condition} coming[, {hours_ahead} in advance]",
                "not a forecast, a standing warning: {condition} over {place}[, {quiet_at_night}]",
                "[{hours_ahead} beforehand, ]i'd like word from you every time {place} is"
                " about to get {condition}",
                "Kindly arrange that I be forewarned of {condition} in {place}[, with"
                " {hours_ahead} of notice][, {quiet_at_night}].",
                "gimme a shout if {place} is in for {condition}[, {quiet_at_night}]",
                "summer tyres still on, so tell me each time white flakes{condition=snow} are"
                " heading for {place}[, {hours_ahead} before]",
                "thunder and lightning{condition=storm} scares our dog, so ping us before it"
                " rolls into {place}[, {quiet_at_night}]",
                "a full day in advance{hours_ahead=24} i want to hear about {condition}"
                " bearing down on {place}",
                "whenever the ferry at {place} may be stuck in mist you can't see"
                " through{condition=fog}, drop me a note[, {hours_ahead} prior]",
                "{condition} incoming at {place}? then message me[, {quiet_at_night}][,"
                " {hours_ahead} ahead of it]",
                "our cellar in {place} floods with every cloudburst{condition=heavy_rain},"
                " never let one catch me by surprise again[, {hours_ahead} lead time]",
                "watch for {condition} around {place} from now on, but let me sleep, no"
                " buzzing after bedtime{quiet_at_night=true}",
                "+alert {condition} @ {place}[ / {hours_ahead}][ / {quiet_at_night}]",
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
                "{place}, {direction} {limit_c}, ping[, {days}]",
                "my orchids on the balcony in {place} hate extremes, so holler once the"
                " mercury is {direction} {limit_c}[, but just {days}]",
                "not a forecast, a standing alarm: {place} {direction} {limit_c}[, {days}]",
                "{limit_c} is the line for {place}, and i want a message when we're"
                " {direction} it[ on {days}]",
                "Kindly have me notified each time {place} registers {direction} {limit_c}[,"
                " exclusively on {days}].",
                "[on {days}, ]shout if {place} gets chillier{direction=below} than {limit_c}",
                "the office in {place} sends us home once it exceeds{direction=above}"
                " {limit_c}, so let me know when that happens[, {days} only]",
                "should the reading at {place} sink beneath{direction=below} {limit_c}, text"
                " me[, on {days} that is]",
                "whenever {place} tops{direction=above} {limit_c} at the"
                ' weekend{days=["saturday","sunday"]}, give me a nudge',
                "pool weather!! tell me as soon as {place} warms up to more{direction=above}"
                " than {limit_c}[, {days}]",
                "the car battery dies in the cold, so buzz my phone if {place} is"
                " colder{direction=below} than {limit_c}[ on {days}]",
                "+temp alarm {place} {direction} {limit_c}[ / {days}]",
                "i'd love a nudge, {days} only, for {place} being {direction} {limit_c}",
                "once the thermometer at {place} dips under{direction=below} the freezing"
                " point{limit_c=0}, sound the alarm on my phone[, {days}]",
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
                "{cities}, {day}, who wins on weather?[ {sort_by}]",
                "my cousins live in {cities} and each brags about the sky over there, settle"
                " it for {day}[: who is {sort_by}]",
                "not one city but all of these, next to each other: {cities}, {day}[,"
                " {sort_by} on top]",
                "{day} we roll the dice between {cities}, set their conditions against one another",
                "I should welcome a comparative overview of conditions in {cities} {day}[,"
                " the {sort_by} heading the list].",
                "{cities} vs each other {day}, weather[, {sort_by}?]",
                "[looking for the {sort_by}: ]line up {cities} for {day}",
                "where should i take the kids {day}, {cities}? we want as little rain as"
                " possible{sort_by=driest}",
                "i want to sweat{sort_by=warmest}! {day}, {cities}, who's the front runner",
                "hunting for blue sky{sort_by=sunniest} {day}, candidates are {cities}, order them",
                "ok so flights to {cities} cost me the same {day}, where's the better weather",
                "league table pls: {cities}, {day}[, {sort_by} at number one]",
                "the band can play {cities} {day}, outdoors each time. rate their weather"
                " against each other[, {sort_by} as the criterion]",
                "how do {cities} stack up {day}[ when you rank by {sort_by}]",
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
                "{position}, waves + wind[, {day}][, {radius_km} radius]",
                "my stomach can't take a heavy roll and the skipper plots {position}, so how"
                " high will the sea be there[ {day}]",
                "not on land, out at sea: latitude {position.latitude}, longitude"
                " {position.longitude}[, {day}]",
                "[{day} ]the regatta rounds a buoy at {position}, what swell and gusts await"
                " us[ within {radius_km}]",
                "I request the wave heights and wind forces for the waters about latitude"
                " {position.latitude}, longitude {position.longitude}[, extending {radius_km}"
                " outward][, {day}].",
                "gonna get seasick at {position.latitude} lat {position.longitude} lon[ {day}]?",
                "long {position.longitude}, lat {position.latitude}: breakers? gusts?[ {day}]",
                "hauling nets around {position}[ {day}], how choppy is the water[ in a circle"
                " of {radius_km}]",
                "the yacht drifts near {position} and dad's worried, what will the ocean do["
                " {day}]",
                "{radius_km} around {position}, sea and wind outlook[ for {day}]",
                "will the waves let our kayaks through[ {day}]? gps says latitude"
                " {position.latitude} and longitude {position.longitude}",
                "coordinates {position}[, {day}], is the sea calm or raging",
                "ahoy! swell height, wind strength, {position.latitude} by"
                " {position.longitude} \\(lat by lon\\)[, {day}]",
                "a diving crew wants flat water at longitude {position.longitude} and"
                " latitude {position.latitude}[ {day}], what's the sea like[ out to {radius_km}]",
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

"""Fitness: workouts, strength, sleep, weight, goals, classes and races."""

from dataclasses import replace

from minilora.data.kinds import (
    BIRTHDATE,
    CITY,
    CLOCK,
    DURATION_MIN,
    KG,
    KM,
    PERSON,
    PHONE,
    WEEKDAY,
    choice,
    flag,
    integer,
    listing,
    number,
    optional,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req
from minilora.data.narrow import narrowed

ACTIVITY = choice(
    "running", "cycling", "swimming", "walking", "rowing", "hiking", "skating",
    spoken={
        "running": ["run", "jog"], "cycling": ["bike ride", "ride on my bike", "cycle"],
        "swimming": ["swim", "swim in the pool"], "walking": ["walk", "brisk walk"],
        "rowing": ["row", "session on the rowing machine"], "hiking": ["hike", "hike in the hills"],
        "skating": ["skate", "skating session"],
    },
)  # fmt: skip
INTENSITY = choice(
    "easy", "moderate", "hard",
    spoken={
        "easy": ["easy effort", "it felt easy", "took it easy"],
        "moderate": ["moderate effort", "medium effort", "neither easy nor hard"],
        "hard": ["hard effort", "all out", "it was really hard", "it nearly killed me"],
    },
)  # fmt: skip
DISTANCE = narrowed(KM, lambda km: 1 <= km <= 60)
PAST = span(
    "today", "yesterday", "this morning", "last Sunday", "Monday", "two days ago", "last night",
    "Saturday afternoon", "May 3rd", "Wednesday evening", "at lunch", "before breakfast",
    "the day before yesterday",
    varied=False,
)  # fmt: skip
EXERCISE = span(
    "bench press", "deadlift", "back squats", "overhead press", "pull-ups",
    "Bulgarian split squats", "dips", "barbell rows", "kettlebell swings", "push-ups", "leg press",
    "hip thrusts", "bicep curls", "lat pulldown", "farmer's walk", "Romanian deadlifts",
    "calf raises", "clean and jerk", "Turkish get-ups", "face pulls",
)  # fmt: skip
BODY = narrowed(KG, lambda kg: 45 <= kg <= 120)
LIFT = narrowed(KG, lambda kg: 5 <= kg <= 200)
WORKOUT = narrowed(DURATION_MIN, lambda minutes: 15 <= minutes <= 240)
SESSION = narrowed(DURATION_MIN, lambda minutes: 20 <= minutes <= 120)
VOLUME = replace(
    choice(
        200, 250, 330, 500, 750, 1000, 1500, 2000,
        spoken={
            200: ["200 ml", "200ml", "two decilitres"],
            250: ["250 ml", "a quarter of a litre", "250ml"],
            330: ["330 ml", "0.33 l", "330 millilitres"],
            500: ["half a litre", "500 ml", "0.5 litres"],
            750: ["750 ml", "three quarters of a litre", "0.75 l"],
            1000: ["a litre", "1 liter", "1000 ml"],
            1500: ["1.5 litres", "one and a half litres", "1500 ml"],
            2000: ["two litres", "2 l", "2000 ml"],
        },
    ),
    schema={"type": "integer", "minimum": 1},
)  # fmt: skip
SLOT = span(
    "tomorrow at 6", "Tuesday evening", "next Saturday morning", "tonight",
    "this Thursday at 19:30", "today", "Sunday at noon", "next Monday", "the day after tomorrow",
    "Friday after work", "June 14th", "Wednesday", "tomorrow lunchtime", "Saturday 9am",
    "New Year's Day", "next week Tuesday",
    varied=False,
)  # fmt: skip
DRINK = choice(
    "water", "tea", "coffee", "juice", "sports_drink",
    spoken={
        "water": ["water", "plain water", "tap water"], "tea": ["tea", "green tea"],
        "coffee": ["coffee", "black coffee"], "juice": ["juice", "orange juice", "apple juice"],
        "sports_drink": ["isotonic sports drink", "Gatorade", "sports drink"],
    },
)  # fmt: skip
BEDTIME = narrowed(CLOCK, lambda time: time >= "21:00" or time < "02:00")
WAKE = narrowed(CLOCK, lambda time: "04:30" <= time <= "10:30")
QUALITY = choice(
    "poor", "fair", "good", "excellent",
    spoken={
        "poor": ["terrible night", "slept badly", "poor sleep", "tossed and turned a lot"],
        "fair": ["so-so", "fair sleep", "neither good nor bad"],
        "good": ["slept well", "good sleep", "a good night"],
        "excellent": ["slept like a baby", "best sleep in ages", "excellent sleep"],
    },
)  # fmt: skip
METRIC = choice(
    "distance_km", "calories", "active_minutes", "push_ups", "floors",
    spoken={
        "distance_km": ["kilometres", "km"], "calories": ["calories", "burned calories"],
        "active_minutes": ["active minutes", "minutes of activity"],
        "push_ups": ["push-ups", "pushups"],
        "floors": ["floors", "flights of stairs"],
    },
)  # fmt: skip
MEASURE = choice(
    "steps", "distance", "calories", "heart_rate", "sleep", "weight",
    spoken={
        "steps": ["steps", "step count"], "distance": ["distance covered", "distance"],
        "calories": ["calories burned", "calories"], "heart_rate": ["heart rate", "pulse"],
        "sleep": ["sleep", "hours of sleep"], "weight": ["body weight", "weight"],
    },
)  # fmt: skip
PERIOD = choice(
    "daily", "weekly", "monthly",
    spoken={
        "daily": ["a day", "per day", "every day", "each day"],
        "weekly": ["a week", "per week", "every week", "each week"],
        "monthly": ["a month", "per month", "every month", "each month"],
    },
)  # fmt: skip
RANGE = choice(
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year",
    spoken={"today": ["today", "so far today"], "this_week": ["this week", "the current week"],
            "last_month": ["last month", "the past calendar month"], "this_year": ["this year"]},
)  # fmt: skip
AIM = choice(
    "lose_weight", "build_muscle", "endurance", "flexibility", "rehab",
    spoken={
        "lose_weight": ["lose weight", "drop some kilos", "slim down"],
        "build_muscle": ["build muscle", "put on muscle", "get bigger arms and legs"],
        "endurance": ["build endurance", "improve my stamina", "stop getting out of breath"],
        "flexibility": ["become more flexible", "touch my toes again", "improve my flexibility"],
        "rehab": ["recover from an injury", "get back into shape after my knee surgery"],
    },
)  # fmt: skip
LEVEL = choice(
    "beginner", "intermediate", "advanced",
    spoken={
        "beginner": ["i'm a beginner", "i've never trained before", "complete newbie here"],
        "intermediate": ["i'm intermediate", "i've an intermediate level"],
        "advanced": ["i'm advanced", "i train at an advanced level", "my level is advanced"],
    },
)  # fmt: skip
EQUIPMENT = span(
    "dumbbells", "a pull-up bar", "resistance bands", "a treadmill", "a 16 kg kettlebell",
    "a yoga mat", "a rowing machine", "an exercise bike", "a bench", "a TRX", "a skipping rope",
    "a foam roller", "a barbell and plates", "gym rings", "a Swiss ball",
)  # fmt: skip
CLASS = span(
    "spinning", "hot yoga", "Zumba", "CrossFit", "Pilates for backs", "aqua aerobics", "boxing",
    "HIIT 45", "Vinyasa flow", "Body Pump", "barre", "tai chi", "step aerobics", "Krav Maga",
    "aerial silks", "capoeira", "prenatal yoga", "parkour for adults",
)  # fmt: skip
STUDIO = span(
    "Gold's Gym", "the Riverside studio", "PureGym Leeds", "Studio 54b", "Holmes Place", "YMCA",
    "Iron House", "Yoga & Co", "McFit Südkreuz", "The Sweat Box", "Olympia Sports Centre",
    "L'Usine", "Equinox",
)  # fmt: skip
RACE = span(
    "Berlin Marathon", "Great North Run", "Park Run Bushy", "Boston Marathon", "Tough Mudder",
    "Midnattsloppet", "the Turkey Trot", "Cooper River Bridge Run", "Marathon des Sables",
    "Santa Dash", "Comrades", "City2Surf", "St. Patrick's 5 Miler", "Dublin Night Run",
    "L'Étape du Tour", "Two Oceans",
)  # fmt: skip
SHIRT = choice(
    "XS", "S", "M", "L", "XL",
    spoken={"XS": ["XS"], "S": ["S", "small"], "M": ["M", "medium"], "L": ["L", "large"],
            "XL": ["XL", "extra large"]},
)  # fmt: skip

DOMAIN = Domain(
    name="fitness",
    title="Fitness and health tracking",
    tools=(
        Tool(
            "log_workout",
            "Record an endurance workout that is done.",
            params=(
                req("activity", ACTIVITY, "Kind of sport"),
                req("duration_min", WORKOUT, "Duration in minutes"),
                opt("distance_km", DISTANCE, "Distance in kilometres"),
                opt("intensity", INTENSITY, "How hard it was"),
                opt("when", PAST, "Day, in the user's own words"),
            ),
            phrasings=(
                "(log|record|save) a {activity}, {duration_min}[, {distance_km}][, {intensity}]",
                "i did a {activity} {when}, {duration_min}[ and {distance_km}]",
                "just back from a {activity}! {duration_min}[, {distance_km}][, {intensity}]",
                "Please enter a {activity} of {distance_km} in my training diary. It took"
                " {duration_min}[ and I did it {when}].",
                "workout: {activity} {duration_min}[ {distance_km}][ {when}]",
                "add to my log: {activity} {when}, {duration_min}, {distance_km}",
                "Could you note that I went for a {activity} {when}? Time: {duration_min}.["
                " Length: {distance_km}.][ Rating: {intensity}.]",
                "{duration_min} {activity} done[, {intensity}], put it in the log",
                "back home and so happy: {activity}, {duration_min} all in[, {distance_km}"
                " covered][, {intensity}]",
                "{activity}, {duration_min}[, {distance_km}][, {when}]. note",
                "[{when}: ]{activity} for {duration_min}[, {intensity}]",
                "my coach wants everything written down, so here goes: one {activity},"
                " {distance_km}, it took me {duration_min}[, {intensity}]",
                "Kindly register a completed {activity} lasting {duration_min}[ over a"
                " distance of {distance_km}].",
                "no weights this time, cardio instead: {duration_min} of it, a {activity}[,"
                " {when}][, {distance_km}]",
                "{distance_km} in {duration_min}, that was my {activity}. keep it on record[,"
                " {intensity}]",
                "my watch died halfway so you'll have to track it for me by hand, {activity}"
                " {when}, {duration_min}[, roughly {distance_km}]",
                "yay!! {activity} finished, clock says {duration_min}[, {intensity}]",
                "could my training diary show that i managed a {activity} {when}?"
                " {duration_min} long[, {distance_km} far]",
                "was chasing the ducks on my bike{activity=cycling} for {duration_min}[,"
                " {distance_km} altogether], chalk it up",
                "took the dog round the park on foot{activity=walking}, {duration_min},"
                " counts as exercise so log it[, {distance_km}]",
                "nearly died on that {activity} {when}{intensity=hard}, {duration_min}[,"
                " {distance_km}], write it up",
                "ticked off another {activity}, put {duration_min} next to it[ and"
                " {distance_km}][, {when}]",
            ),
            held_out=(
                "finished! a {activity}, {distance_km}, watch says {duration_min}[, {intensity}]",
                "{when} my sister dragged me along on a {activity}, {duration_min}[, {intensity}]."
                " Count it.",
                "give me credit for the {activity} i squeezed in[ {when}], {duration_min} all in"
                " all",
            ),
        ),
        Tool(
            "log_strength_sets",
            "Record sets of a strength exercise that are done.",
            params=(
                req("exercise", EXERCISE, "Name of the exercise"),
                req("sets", integer(2, 8), "Number of sets"),
                req("reps", integer(3, 20), "Repetitions in each set"),
                opt("weight_kg", LIFT, "Weight in kilograms"),
                opt("when", PAST, "Day, in the user's own words"),
            ),
            phrasings=(
                "(log|add) {exercise}: {sets} sets of {reps}[ at {weight_kg}]",
                "i did {sets} sets of {reps} {exercise} {when}[ with {weight_kg}]",
                "{exercise} {sets} sets, {reps} reps[, {weight_kg}][, {when}]",
                "Please record {exercise}, {sets} sets with {reps} repetitions each[ and"
                " {weight_kg} on the bar].",
                "strength log -> {exercise} / {sets} sets / {reps} reps[ / {weight_kg}]",
                "put down my {exercise}, that's {reps} reps, {sets} sets[, {when}]",
                "Could you save today's lifting? I managed {sets} sets of {reps} reps of"
                " {exercise}{when=today}[, {weight_kg}].",
                "done with {exercise}, {sets} times {reps}[ @ {weight_kg}]",
                "arms are on fire! {sets} rounds of {reps} on the {exercise}[, {weight_kg}],"
                " write that down",
                "{exercise} {sets} x {reps}[ {weight_kg}][ {when}]",
                "[{when}, ]{weight_kg} on {exercise}, {reps} reps a go, {sets} goes. note it",
                "my spotter can confirm it: {exercise}, {sets} sets and in each of them"
                " {reps} reps[, loaded with {weight_kg}]",
                "Kindly enter in my gym journal {sets} series of {reps} repetitions of"
                " {exercise}[ performed {when}].",
                "not a cardio day. {exercise}, {reps} reps, {sets} sets[, {weight_kg}]. keep that",
                "{reps} reps times {sets} sets, exercise {exercise}[, load {weight_kg}]",
                "could the gym diary get a line for {exercise}? {sets} sets[ {when}], {reps}"
                " reps every time[, at {weight_kg}]",
                "the rack was finally free {when}, so i cranked out {sets} sets of"
                " {exercise}, {reps} in each[, {weight_kg}]",
                "smashed {exercise}, {sets} lots of {reps}[, moving {weight_kg}]. tally it up",
                "gym buddy bailed, still got {exercise} in: {sets} sets, {reps} apiece[ at"
                " {weight_kg}][, {when}]",
                "{exercise}. {sets} sets. {reps} reps. [{weight_kg}. ]logged?",
                "guess what i got done {when}? knocked out {sets} sets of {reps} {exercise}["
                " using {weight_kg}], add that",
                "for the record, {when} it was {exercise}, {reps} repetitions over {sets}"
                " sets[ and the weight was {weight_kg}]",
            ),
            held_out=(
                "my arms are jelly after {sets} rounds of {exercise}, {reps} each time[, using"
                " {weight_kg}], so note that",
                "new entry for the lifting notebook. {exercise}. {reps} reps over {sets} sets[,"
                " load {weight_kg}].",
                "coach wants proof: {exercise}, {sets} sets, {reps} per set[, {weight_kg}][,"
                " {when}]",
            ),
        ),
        Tool(
            "log_drink",
            "Record how much the user has drunk.",
            params=(
                req("amount_ml", VOLUME, "Amount in millilitres"),
                opt("drink", DRINK, "What was drunk"),
                opt("time", CLOCK, "Time of day, 24-hour HH:MM"),
            ),
            phrasings=(
                "(log|add) {amount_ml} of {drink}[ at {time}]",
                "i drank {amount_ml}[ of {drink}][ at {time}]",
                "drank {amount_ml}[ {drink}], {time}",
                "Please add {amount_ml} to my fluids for the day[, at {time}].",
                "just had {amount_ml} of {drink}, put it in the tracker",
                "hydration +{amount_ml}[ {drink}]",
                "Could you note that I had {amount_ml} of {drink} at {time}?",
                "my bottle holds {amount_ml} and i emptied it[ by {time}][, it was {drink}]",
                "gulped down {amount_ml}[ of {drink}], count it",
                "{drink}, {amount_ml}[, {time}]",
                "[{time}: ]{amount_ml} down the hatch[, {drink}]",
                "my doctor nags that i never have enough fluids, so keep score: {amount_ml}["
                " of {drink}][ at {time}]",
                "Kindly enter {amount_ml} of {drink} in my liquid intake[, consumed at {time}].",
                "not food, only something liquid: {amount_ml} of {drink}[ at {time}]",
                "at {time} i got through {amount_ml}[ of {drink}], jot it down",
                "thirsty work! sank {amount_ml} of {drink} just now, bump up my intake",
                "could my hydration chart go up by {amount_ml}[? it was {drink}][, around {time}]",
                "the meeting dragged on and on, at least i had {amount_ml} of {drink} next to"
                " me, all gone now. track it[, {time}]",
                "an espresso machine is a dangerous thing{drink=coffee}: {amount_ml} inside"
                " me[ since {time}], note that",
                "straight from the tap{drink=water}, {amount_ml}, glug glug[, at {time}],"
                " write it down",
                "squeezed some oranges{drink=juice} and downed {amount_ml}[ at {time}], add"
                " to the drinks tally",
                "polished off {amount_ml}[ of {drink}], that goes on the fluid count[; the"
                " clock said {time}]",
            ),
            held_out=(
                "glug glug, {amount_ml} of {drink} down[ at {time}]",
                "Another {amount_ml} towards my fluid intake[; {drink}], please.",
                "count {amount_ml}[ of {drink}] that i had[ around {time}]",
            ),
        ),
        Tool(
            "log_body_weight",
            "Record the user's body weight.",
            params=(
                req("weight_kg", BODY, "Weight in kilograms"),
                opt("body_fat_percent", number(8, 40, unit="%"), "Body fat in percent"),
                opt("when", PAST, "Day, in the user's own words"),
            ),
            phrasings=(
                "(log|record) my weight: {weight_kg}[, body fat {body_fat_percent}][, {when}]",
                "i weigh {weight_kg}[ and have {body_fat_percent} body fat]",
                "weight {weight_kg}[ {when}]",
                "the scale said {weight_kg} {when}[, fat {body_fat_percent}]",
                "Please save {weight_kg} as my body weight[ with a fat share of"
                " {body_fat_percent}].",
                "stepped on the scales {when} and it's {weight_kg}",
                "Could you update my weight to {weight_kg}?[ My body fat is {body_fat_percent}.]",
                "down to {weight_kg}! add that to my weight chart[, measured {when}]",
                "the holiday buffet took its toll, needle stopped at {weight_kg}[,"
                " {body_fat_percent} of that is fat]. note it",
                "{weight_kg} on the scale[, {body_fat_percent} fat][, {when}]",
                "[{when}: ]me, {weight_kg}",
                "i hardly dare look but here it is: {weight_kg}[ with {body_fat_percent} body"
                " fat]. write it in",
                "Kindly enter a body mass of {weight_kg}[, the fat proportion being"
                " {body_fat_percent}][, as measured {when}].",
                "not what i lifted, what i weigh: {weight_kg}[, {body_fat_percent} body fat]",
                "{body_fat_percent} body fat and {weight_kg} according to the bathroom"
                " scales[ {when}], keep track",
                "could you pop {weight_kg} into my weight curve[? that was {when}]",
                "woohoo, i'm {weight_kg}! first time in years, remember that[, fat reading"
                " {body_fat_percent}]",
                "the nurse weighed me {when} and i came in at {weight_kg}[, fat"
                " {body_fat_percent}], save that",
                "weigh-in result {weight_kg}[ / fat {body_fat_percent}]",
                "all those biscuits... i tip the scales at {weight_kg} now, register it[,"
                " with fat at {body_fat_percent}]",
                "hopped on the scales {when} before anybody could feed me cake, {weight_kg}[,"
                " body fat {body_fat_percent}], enter it",
                "for my weight diary: {when}, {weight_kg} in socks[, {body_fat_percent} fat]",
            ),
            held_out=(
                "note for my curve, {weight_kg}[ as of {when}], finally moving",
                "The doctor weighed me[ {when}]: {weight_kg}[, of which {body_fat_percent} is"
                " fat]. Keep it on record.",
                "ugh, {weight_kg} again[ at {body_fat_percent} fat], write it in",
            ),
        ),
        Tool(
            "log_sleep",
            "Record a night's sleep.",
            params=(
                req("bedtime", BEDTIME, "When the user fell asleep, 24-hour HH:MM"),
                req("wake_time", WAKE, "When the user woke up, 24-hour HH:MM"),
                opt("quality", QUALITY, "How well the user slept"),
            ),
            phrasings=(
                "log my sleep, {bedtime} to {wake_time}[, {quality}]",
                "i slept from {bedtime} until {wake_time}[, {quality}]",
                "went to bed at {bedtime}, up at {wake_time}[. {quality}]",
                "sleep {bedtime} - {wake_time}[ {quality}]",
                "Please record that I fell asleep at {bedtime} and woke at {wake_time}[;"
                " {quality}].",
                "woke up at {wake_time} after dozing off at {bedtime}, save it[, {quality}]",
                "Could you enter last night? Lights out {bedtime}, awake {wake_time}[, {quality}].",
                "{quality}. asleep {bedtime}, alarm {wake_time}, add it to the sleep diary",
                "so the neighbours had a party, anyway: eyes shut {bedtime}, eyes open"
                " {wake_time}[, {quality}]. save that night",
                "{bedtime} zzz {wake_time}[, {quality}]",
                "[{quality}, ]nodded off {bedtime}, got up {wake_time}, jot it down",
                "my partner snores like a tractor, even so i was gone by {bedtime} and came"
                " round at {wake_time}[. {quality}]. enter it",
                "Kindly register my night's rest: onset {bedtime}, waking {wake_time}[,"
                " verdict: {quality}].",
                "up at {wake_time}, not by choice. had been out since {bedtime}[, {quality}]."
                " note the night",
                "woke {wake_time}, conked out {bedtime}, record please[, {quality}]",
                "could the night go into my diary? head hit the pillow and i was off at"
                " {bedtime}, then the birds got me at {wake_time}[, {quality}]",
                "off to the land of nod at {bedtime}!! back among the living {wake_time}[,"
                " {quality}], log it",
                "night: {bedtime} / morning: {wake_time}[ / {quality}]",
                "i feel like a million dollars{quality=excellent}, slept {bedtime} through"
                " {wake_time}, keep that on file",
                "tossed and turned and feel like a zombie{quality=poor}. drifted off"
                " {bedtime}, awake {wake_time}, put it down",
                "between {bedtime} and {wake_time} i was in dreamland[, {quality}], add that"
                " to the rest",
                "snoozed from {bedtime} on, the alarm ended it at {wake_time}[; {quality}]."
                " make an entry",
            ),
            held_out=(
                "in dreamland between {bedtime} and {wake_time}[, {quality}], for the record",
                "The baby had me up at {wake_time} and I'd only nodded off at {bedtime}."
                " {quality}. Track that night.",
                "head hit the pillow {bedtime}, eyes open {wake_time}[ - {quality}], note it",
            ),
        ),
        Tool(
            "set_fitness_goal",
            "Set a goal to reach each day, week or month.",
            params=(
                req("metric", METRIC, "What is counted"),
                req("target", integer(20, 500), "Number to reach"),
                req("period", PERIOD, "How often it has to be reached"),
                opt("remind_on", listing(WEEKDAY, 1, 3), "Days to be reminded on"),
            ),
            phrasings=(
                "set a goal of {target} {metric} {period}[, remind me on {remind_on}]",
                "i want to do {target} {metric} {period}",
                "goal: {target} {metric} {period}[, nudge me on {remind_on}]",
                "Please change my target to {target} {metric} {period}[ and remind me every"
                " {remind_on}].",
                "my aim is {target} {metric} {period}, keep me honest[ on {remind_on}]",
                "new target, {metric}, {target} {period}",
                "Could you make {target} {metric} {period} my goal[, with reminders on"
                " {remind_on}]?",
                "from now on it's {target} {metric} {period} for me[, poke me on {remind_on}]",
                "my trousers don't fit any more, so i'm aiming for {target} {metric}"
                " {period}[, prod me on {remind_on}]",
                "{metric}, {target}, {period}, goal[, alerts {remind_on}]",
                "[reminders {remind_on}. ]the bar is now {target} {metric} {period}",
                "{target} {period}, that's the number i want to live up to, {metric} i mean[."
                " {remind_on} is when to remind me]",
                "Kindly fix {target} {metric} {period} as the mark I am to attain[, with a"
                " prompt on {remind_on}].",
                "not done yet, only planned: {target} {metric} {period}[, and kick my"
                " backside {remind_on}]",
                "challenge accepted!! {target} {metric} {period} or bust",
                "my colleagues have a bet going and i need to hit {target} {metric} {period}"
                " to win. track that as my goal[, warn me {remind_on}]",
                "what if i pushed myself to {target} {metric} {period}? make it official[ and"
                " ping me {remind_on}]",
                "raise or lower my bar to {target} {metric}, {period}[, reminding me {remind_on}]",
                "i solemnly swear to get {target} {metric} {period}[. {remind_on} you may nag me]",
                "before i go to bed each night{period=daily} i want to have hit {target}"
                " {metric}, set that[, buzz me on {remind_on}]",
                "hold me to {target} {metric} {period}[ with a nudge on {remind_on}]",
                "every seven days{period=weekly} the counter for {metric} should reach"
                " {target}, set that as my target",
            ),
            held_out=(
                "challenge accepted: {target} {metric} {period}[, bug me about it on {remind_on}]",
                "I promised my physio {target} {metric} {period}. Save that as what I strive for.",
                "anything below {target} {metric} {period} doesn't count any more, set that as the"
                " bar",
            ),
        ),
        Tool(
            "create_workout_plan",
            "Draft a training plan for an aim.",
            params=(
                req("aim", AIM, "What the user wants to reach"),
                req("days_per_week", integer(2, 6), "Training days in a week"),
                opt("session_min", SESSION, "Length of a session in minutes"),
                opt("level", LEVEL, "Experience of the user"),
                opt("equipment", listing(EQUIPMENT, 1, 3), "What the user can train with"),
            ),
            phrasings=(
                "make me a workout plan to {aim}, {days_per_week} days a week[, {session_min}"
                " each][, {level}]",
                "i want to {aim}. i can train {days_per_week} days a week[ with {equipment}]",
                "training plan: {aim}, {days_per_week} days per week[, {session_min} a session][,"
                " {level}]",
                "Could you write a programme that helps me {aim}? I have {days_per_week} days a"
                " week[ and {equipment} at home].",
                "help me {aim}[, i own {equipment}], {days_per_week} sessions a week[ of"
                " {session_min}]",
                "My doctor says I should {aim}. Please plan {days_per_week} training days per"
                " week[, {session_min} at a time].",
                "{level} and would like to {aim}, {days_per_week} workouts weekly please",
                "plan {days_per_week} days a week[, {level}], the point is to {aim}[, using"
                " {equipment}]",
                "new year, new me: {aim}. what would a schedule look like at {days_per_week}"
                " days a week[, {level}][, {session_min} a pop]",
                "{days_per_week} days weekly, {aim}, plan[, {session_min}][, {level}]",
                "[{level}. ]{equipment} in the garage, {days_per_week} days free every week,"
                " i'd love to {aim}. draw something up",
                "there's nothing to log, i need guidance: how do i {aim} with {days_per_week}"
                " training days a week[ and {equipment}]",
                "Kindly devise a regimen of {days_per_week} days a week enabling me to"
                " {aim}[, each session not exceeding {session_min}][; {level}].",
                "my sister's wedding photos were a wake-up call. i must {aim}, can give it"
                " {days_per_week} days a week[, {session_min} each time]. lay it out for me",
                "coach me! {days_per_week} days a week[, {session_min} per session], to {aim}",
                "if i wanted to {aim}, which exercises on which of {days_per_week} days in"
                " the week[, given {equipment}][? {level}]",
                "with {equipment} and {days_per_week} sessions every week, put together a"
                " routine so i can {aim}[, {level}]",
                "{session_min} a session is all i've got, {days_per_week} days out of seven."
                " the dream: {aim}. sketch a routine",
                "the kilos have to come off{aim=lose_weight}, cook up a training routine,"
                " {days_per_week} days a week[, {session_min} a time][, {level}]",
                "can't even touch my toes{aim=flexibility}, map out {days_per_week} days of"
                " training a week for that[, i have {equipment}]",
                "never set foot in a gym before{level=beginner} yet keen to {aim}. structure"
                " {days_per_week} days a week for me[, {session_min} each]",
                "routine wanted \\({days_per_week} days/week[, {session_min}]\\) to {aim}[."
                " {equipment} at hand]",
            ),
            held_out=(
                "new year, new me: gonna {aim}, {days_per_week} days every week, tell me what to"
                " do on each[, {level}]",
                "What would a trainer put together for someone who hopes to {aim}, is free"
                " {days_per_week} days a week[ and has {equipment}]?",
                "got {equipment} and {days_per_week} days weekly, and a wish to {aim}. structure"
                " it for me[, {session_min} per workout]",
            ),
        ),
        Tool(
            "book_fitness_class",
            "Reserve a place in a class at a gym or studio.",
            params=(
                req("class_name", CLASS, "Name of the class"),
                req("when", SLOT, "Day and time, in the user's own words"),
                opt("studio", STUDIO, "Gym or studio"),
                opt("spots", integer(2, 5), "Number of places"),
            ),
            phrasings=(
                "(book|reserve) [{spots} places in ]{class_name} {when}[ at {studio}]",
                "sign me up for {class_name} {when}[, {studio}]",
                "is there room in {class_name} {when}[ at {studio}]? book it[ for {spots}]",
                "I'd like to attend the {class_name} class {when}[ at {studio}].[ Please keep"
                " {spots} places.]",
                "{class_name} {when}[ {studio}][, {spots} people]",
                "put my name down for {class_name}, {when}[, at {studio}]",
                "my friends and i want to try {class_name} {when}, reserve {spots} spots[ at"
                " {studio}]",
                "Could you get me into {class_name}[ at {studio}] {when}?",
                "my back is killing me from all the sitting, grab me a place in {class_name},"
                " {when}[, {studio}]",
                "{when}, {class_name}[, {studio}], i'm in",
                "[{studio}, ]{class_name}, {when}, secure me a place",
                "not just asking, i really want to go: {class_name} {when}[ at {studio}][,"
                " {spots} of us]",
                "Kindly enrol me in the {class_name} session {when}[ held at {studio}].",
                "everybody raves about {class_name}, so let's see what the fuss is about. get"
                " us in {when}, {spots} heads[, {studio}]",
                "{studio} runs {class_name} {when}, snap up a place before it's full",
                "{spots} of us fancy {class_name} {when}[ at {studio}], nab the places",
                "might there still be a gap in {class_name} {when}[ over at {studio}]? then"
                " it's mine",
                "omg {class_name}!! {when}!! enter me[ at {studio}]",
                "hubby and me{spots=2} both want in on {class_name} {when}[, {studio}], hold"
                " our places",
                "the instructor says {class_name} fills up fast. claim {spots} places {when}["
                " at {studio}]",
                "register {spots} participants, {class_name}, {when}[, venue {studio}]",
            ),
            held_out=(
                "i feel like a bit of {class_name} {when}, save me a place[ over at {studio}]",
                "{studio} runs {class_name} {when}; I'll be there[ and we are {spots}], so please"
                " enrol.",
                "count me in for {class_name} {when}[ @ {studio}]",
            ),
        ),
        Tool(
            "get_activity_summary",
            "Sum up the user's recorded data over a time.",
            params=(
                req("metrics", listing(MEASURE, 1, 3), "What to sum up"),
                req("period", RANGE, "Time it covers"),
                opt(
                    "compare",
                    flag(
                        yes=["and compare it with the time before", "next to the time before that"],
                        no=["no comparison needed", "without comparing it to anything"],
                    ),
                    "Whether to compare with the time before",
                ),
            ),
            phrasings=(
                "show my {metrics} {period}[, {compare}]",
                "how are my {metrics} {period}?[ {compare}]",
                "summary {metrics} {period}",
                "give me an overview of {metrics} for {period}[, {compare}]",
                "Could I see the figures for {metrics}, {period}[, {compare}]?",
                "did i do well {period}? i mean {metrics}",
                "Please report my {metrics} over this time: {period}[, {compare}].",
                "stats please, {period}: {metrics}[, {compare}]",
                "have i been a couch potato? {metrics}, {period}[, {compare}]",
                "{period}, {metrics}[, {compare}], numbers",
                "sum up {period} for me, {metrics}[ {compare}]",
                "my physio will ask on the phone, so quick, what do {metrics} look like for"
                " {period}[ {compare}]",
                "Kindly furnish a digest of {metrics} covering {period}[, {compare}].",
                "not a new entry, i just want to look back at {metrics}, {period}[, {compare}]",
                "{metrics}: what did the tracker collect {period}[, {compare}]?",
                "i've no clue how i'm doing lately. run the totals for {period}: {metrics}[,"
                " {compare}]",
                "report card time! {period}, subjects: {metrics}",
                "could you read out {metrics} as recorded {period}[, {compare}]",
                "add up whatever my watch has on {metrics}, timeframe {period}[ {compare}]",
                "since i got out of bed today{period=today}, how do {metrics} look[, {compare}]",
                "from january until now{period=this_year}, boil down {metrics} into one"
                " report[, {compare}]",
                "recap -> {metrics} -> {period}",
            ),
            held_out=(
                "been lazy or not {period}, what do {metrics} say[, {compare}]",
                "My coach asks for {metrics} from {period}. What do I tell her?",
                "break down {period} for me in terms of {metrics}[, {compare}]",
            ),
        ),
        Tool(
            "register_for_race",
            "Enter a runner for a race.",
            params=(
                req("race", RACE, "Name of the race"),
                req(
                    "runner",
                    record(
                        name=PERSON,
                        birth_date=BIRTHDATE,
                        emergency_phone=optional(PHONE),
                        city=optional(CITY),
                    ),
                    "Full name, date of birth as YYYY-MM-DD, emergency phone number, home city",
                ),
                opt("shirt_size", SHIRT, "Size of the race shirt"),
            ),
            phrasings=(
                "register {runner.name} for {race}, born {runner.birth_date}[, shirt"
                " {shirt_size}][, emergency number {runner.emergency_phone}]",
                "i want to run {race}. name {runner.name}, dob {runner.birth_date}[, i live in"
                " {runner.city}]",
                "race entry: {race} / {runner.name} / {runner.birth_date}[ / {runner.city}][ /"
                " shirt {shirt_size}]",
                "Please enter {runner.name} from {runner.city}, (date of birth|born)"
                " {runner.birth_date}, for {race}[, shirt size {shirt_size}].",
                "sign {runner.name} up for {race}, birthday {runner.birth_date}[, in an emergency"
                " call {runner.emergency_phone}]",
                "my partner {runner.name} is doing {race} at last! born {runner.birth_date}[,"
                " shirt size {shirt_size}]",
                "Could you get {runner.name} a bib for {race}? Born on {runner.birth_date}.["
                " Emergency contact: {runner.emergency_phone}.]",
                "{race} registration for {runner.name}, {runner.birth_date}[, {shirt_size}]",
            ),
            held_out=(
                "put {runner.name} on the start list of {race}, birth date {runner.birth_date}[,"
                " t-shirt in {shirt_size}]",
                "Entering {race}: the athlete is {runner.name}, {runner.birth_date}[, resident of"
                " {runner.city}][, next of kin reachable at {runner.emergency_phone}].",
                "lost a bet so {runner.name} has to do {race}. dob is {runner.birth_date}[, phone"
                " for emergencies {runner.emergency_phone}]",
            ),
        ),
    ),
)

"""Smart home: light, heat, doors, blinds, appliances and cameras."""

from minilora.data.kinds import (
    CLOCK,
    DURATION_MIN,
    FIRST_NAME,
    PERCENT,
    TEMPERATURE_C,
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

ROOM = span(
    "kitchen", "guest bedroom", "hallway", "garage", "conservatory", "downstairs loo", "attic",
    "study", "balcony", "nursery", "wine cellar", "east wing", "kids' bathroom",
    "second floor landing", "porch", "laundry room", "gaming den", "sauna", "granny flat",
    "living room", "reading nook", "workshop", "walk-in closet", "sunroom",
)  # fmt: skip
DOOR = span(
    "front door", "back door", "garage door", "garden gate", "patio door", "cellar door", "shed",
    "side entrance", "door to the flat upstairs", "mailbox", "bike store", "studio 2", "main gate",
    "terrace door",
)  # fmt: skip
SCENE = span(
    "Movie Night", "Good Morning", "Dinner with Friends", "Shabbat", "party", "Reading",
    "Nobody Home", "Bath for Two", "Yoga", "Siesta", "Game Day 2.0", "Cozy", "Cleaning Day",
    "Baby's Asleep", "Heures bleues", "Deep Work",
)  # fmt: skip
PROGRAM = span(
    "eco", "quick", "intensive", "half load", "express 30", "silent night", "hygiene plus", "daily",
    "overnight", "program 4", "gentle", "steam refresh", "auto", "heavy duty", "Super 40",
    "glass care",
)  # fmt: skip
LIGHT_COLOR = span(
    "red", "warm white", "deep blue", "pale yellow", "orange", "purple", "turquoise", "soft pink",
    "lavender", "gold", "mint green", "cool daylight", "sunset orange", "magenta", "lime", "teal",
    "peach", "icy blue", "amber", "neon green",
)  # fmt: skip
WASHER = choice(
    "dishwasher",
    "washing_machine",
    "dryer",
    spoken={
        "washing_machine": ["washing machine", "washer"],
        "dryer": ["dryer", "tumble dryer"],
    },
)
APPLIANCE = choice(
    "dishwasher",
    "washing_machine",
    "dryer",
    "oven",
    "coffee_machine",
    spoken={
        "washing_machine": ["washing machine", "washer"],
        "dryer": ["dryer", "tumble dryer"],
        "coffee_machine": ["coffee machine", "coffee maker", "espresso machine"],
    },
)
ALARM_MODE = choice(
    "away",
    "home",
    "night",
    spoken={"away": ["away"], "home": ["home", "stay-home"], "night": ["night", "sleep"]},
)
PERIOD = choice(
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
)

DOMAIN = Domain(
    name="smart_home",
    title="Smart home",
    tools=(
        Tool(
            "switch_lights",
            "Switch the lights of a room on or off.",
            params=(
                req("room", ROOM, "Name of the room, without the article"),
                req("on", flag(yes=["on"], no=["off"]), "True for on, false for off"),
                opt("delay_min", DURATION_MIN, "Minutes to wait before switching"),
            ),
            phrasings=(
                "(turn|switch) {on} the (lights|light|lamps) in the {room}[ in {delay_min}]",
                "{room} lights {on}[ in {delay_min}]",
                "(turn|put) the {room} lights {on}[ after {delay_min}]",
                "i can't see a thing in the {room}, lights please{on=true}",
                "nobody's in the {room}, why are the lights burning{on=false}? kill them[ in"
                " {delay_min}]",
                "Could you switch the lights in the {room} {on}[ in {delay_min}]?",
                "lights {on}, {room}",
                "make it dark in the {room}{on=false}[, {delay_min} from now]",
                "let there be light in the {room}{on=true}",
                "I left the lights burning in the {room}{on=false}, please turn them off for me.",
                "{room}, lamps, {on}[, {delay_min} from now]",
                "my hands are full of shopping and it's pitch black in the {room}, so do the"
                " lamps{on=true} for me",
                "not the color, not the brightness, simply flip the lights {on}: {room}[,"
                " after {delay_min}]",
                "[in {delay_min}, ]flick every lamp in the {room} {on}",
                "Would you be so kind as to have the illumination of the {room} switched"
                " {on}[ {delay_min} from now]?",
                "kids are finally asleep, so lights out{on=false} in the {room}[ after"
                " another {delay_min}]",
                "hit the switch, {room} goes {on}[ in {delay_min}], the lights that is",
                "stumbling about the {room} in the dark, gimme some light{on=true}!",
                "the {room} is lit up like a football stadium and nobody's there, extinguish"
                " it all{on=false}",
                "{on} with the lights! i mean the {room}[, wait {delay_min} first]",
                "i forgot again: {room} bulbs are still burning and wasting power, shut them"
                " off{on=false}[ {delay_min} from now]",
                "is it possible for the {room} lights to go {on}[ after a wait of {delay_min}]",
                "someone will be walking through the {room}, so have the lights come"
                " on{on=true} in {delay_min}",
                "lights {room} -> {on}[ \\({delay_min} delay\\)]",
            ),
            held_out=(
                "it's pitch black in the {room}, do something about the lamps{on=true}",
                "we're done in the {room} for today, no lights needed there{on=false}[ in"
                " {delay_min}]",
                "hit the {room} lights, i want them {on}",
                "stop wasting power on lamps in the {room}{on=false}",
            ),
        ),
        Tool(
            "dim_lights",
            "Set how bright the lights of a room are.",
            params=(
                req("room", ROOM, "Name of the room, without the article"),
                req("brightness", PERCENT, "Brightness in percent"),
                opt("fade_s", integer(1, 60, unit="seconds"), "Seconds over which it changes"),
            ),
            phrasings=(
                "(dim|set) the {room} lights to {brightness}[ over {fade_s}]",
                "{room} brightness {brightness}[, fade {fade_s}]",
                "set the light in the {room} to {brightness}[, taking {fade_s}]",
                "too bright in the {room}, {brightness} is enough[, fade over {fade_s}]",
                "Please bring the {room} lamps to {brightness} brightness[ within {fade_s}].",
                "make the {room} lights {brightness} bright",
                "can't read in the {room}, lights up to {brightness}",
                "i'd like {brightness} light in the {room}[, slowly, over {fade_s}]",
                "{brightness} on the {room} lights pls",
                "as bright as it gets in the {room}{brightness=100}, crank up those lamps to the"
                " max",
                "{brightness}, {room} lamps[, {fade_s} transition]",
                "movie's about to begin and the popcorn is ready, take the {room} lights to"
                " {brightness}[ gently, across {fade_s}]",
                "not off, merely softer or stronger: {room} lights at {brightness}[, eased in"
                " over {fade_s}]",
                "[over {fade_s}, ]ease the lights of the {room} to {brightness}",
                "Kindly regulate the luminosity of the {room} lamps to {brightness}[, spread"
                " across {fade_s}].",
                "my head is pounding, how about {brightness} for the bulbs in the {room}",
                "half power{brightness=50} on the {room} lights[, blend {fade_s}]",
                "could the {room} be lit at {brightness}[? let it glide there in {fade_s}]",
                "romantic dinner! {room} light level {brightness}[, take {fade_s} to get there]",
                "slide the {room} dimmer to {brightness}[ in {fade_s}]",
                "i'm threading a needle in the {room} and see nothing, full"
                " blast{brightness=100} on the dimmer",
                "dimmer {room} = {brightness}[, fade = {fade_s}]",
                "a quarter of full strength{brightness=25} will do for the {room} lamps[,"
                " shift over {fade_s}]",
                "would {brightness} be okay on the {room} lights? the glare hurts my eyes[,"
                " so drift there within {fade_s}]",
            ),
            held_out=(
                "my eyes hurt in the {room}, take the lamps to {brightness}[ across {fade_s}]",
                "film's starting, {brightness} is all the light we want in the {room}",
                "half as bright as full{brightness=50} would be right for the {room} lamps",
            ),
        ),
        Tool(
            "set_light_color",
            "Change the color of the lights in a room.",
            params=(
                req("room", ROOM, "Name of the room, without the article"),
                req("color", LIGHT_COLOR, "Color, in the user's words"),
                opt("brightness", PERCENT, "Brightness in percent"),
            ),
            phrasings=(
                "(make|turn) the {room} lights {color}[ at {brightness}]",
                "{color} light in the {room}[, {brightness}]",
                "change the color in the {room} to {color}[ with {brightness} brightness]",
                "i want the {room} to glow {color}[, {brightness} bright]",
                "Could the lamps in the {room} be {color}[ at {brightness}], please?",
                "{room} lamps: {color}[ / {brightness}]",
                "let's have {color} in the {room}, lights i mean[, {brightness}]",
                "it's my team's color, so {color} for the {room} lights",
                "{color}, {room} bulbs[, {brightness}]",
                "it's my daughter's birthday and she picked the shade herself, so bathe the"
                " {room} in {color}[ at {brightness} intensity]",
                "not the old boring tone any longer, {color} is what the {room} lights should"
                " be[, {brightness}]",
                "Kindly have the lamps of the {room} assume the hue {color}[, at a brightness"
                " of {brightness}].",
                "party mode!! {room} goes {color}, lighting-wise[, {brightness}]",
                "hue of the {room} lamps -> {color}[ @ {brightness}]",
                "could we try something like {color} for the light in the {room}[,"
                " {brightness} strong]",
                "the {room} feels so clinical, tint the lights {color}[ and have them at"
                " {brightness}]",
                "{room}: swap the tone of the bulbs for {color}[ with {brightness} of the"
                " brightness]",
                "my photographer wants {color} in the background, so have the {room} lamps"
                " shine that way[, {brightness} bright]",
                "what would the {room} look like under {color} lamps? show me[ at {brightness}]",
                "everything {color} please, the {room} leds i'm talking about",
                "chillin in the {room}, gimme {color} vibes from the lamps[, like {brightness}]",
            ),
            held_out=(
                "paint the {room} {color} with light[, {brightness}]",
                "the bulbs in the {room} look boring, make them shine {color}",
                "mood for tonight is {color}, have the {room} lamps follow[ at {brightness}]",
            ),
        ),
        Tool(
            "activate_scene",
            "Start a saved scene that sets many devices at once.",
            params=(
                req("scene", SCENE, "Name of the scene, in the user's words"),
                opt("room", ROOM, "Only in this room, without the article"),
                opt("at_time", CLOCK, "When to start it, 24-hour HH:MM; left out for now"),
            ),
            phrasings=(
                "(activate|start|run) the scene {scene}[ in the {room}][ at {at_time}]",
                "scene {scene}[, {room}][, {at_time}]",
                "set the scene called {scene}[ for the {room}]",
                'Please switch to the "{scene}" scene[ at {at_time}].',
                "i want {scene} mode[ in the {room}][ from {at_time}]",
                "go into {scene}, that scene i saved[, just the {room}]",
                "we're ready, {scene} scene[ in the {room}] now",
                "put the house in {scene} mode[ at {at_time}]",
            ),
            held_out=(
                "you know the drill: {scene}[ in the {room}]. that's the scene",
                "guests arrive at {at_time}, have {scene} going by then, the scene",
                "give us the {scene} setup, lights and all[, {room} only]",
            ),
        ),
        Tool(
            "set_thermostat",
            "Set the temperature wanted in a room.",
            params=(
                req("temperature_c", TEMPERATURE_C, "Temperature in degrees Celsius"),
                opt(
                    "room",
                    ROOM,
                    "Name of the room, without the article; left out for the whole home",
                ),
                opt("until", CLOCK, "Time of day until which it holds, 24-hour HH:MM"),
            ),
            phrasings=(
                "(set|turn) the (heating|thermostat)[ in the {room}] to {temperature_c}[ until"
                " {until}]",
                "{temperature_c}[ in the {room}][ until {until}] please, thermostat",
                "i'm freezing[ in the {room}], make it {temperature_c}[ till {until}]",
                "it's boiling in here, down to {temperature_c}[ in the {room}]",
                "heat the {room} to {temperature_c}[ until {until}]",
                "Could you adjust the temperature[ of the {room}] to {temperature_c}[ until"
                " {until}]?",
                "thermostat {room} {temperature_c}",
                "grandma feels the cold, i want {temperature_c} in the {room}[ up to {until}]",
                "the baby can't sleep in this heat, cool the {room} to {temperature_c}",
                "{temperature_c}, {room}, now[, and keep it through {until}]",
                "my fingers are blue and i've got two jumpers on, get us to {temperature_c}["
                " in the {room}][ until {until}]",
                "no program, just for the moment: {temperature_c}[ for the {room}][, up to"
                " {until}]",
                "[until {until}, ]i want {temperature_c}[ for the {room}] on the thermostat",
                "Kindly see to it that the {room} be kept at {temperature_c}[ until {until}].",
                "crank the radiators, target {temperature_c}[, {room}][, till {until}]",
                "i'm sweating buckets in the {room}, aim for {temperature_c}[ until {until}]",
                "the whole place feels like a fridge! {temperature_c} everywhere please[,"
                " till {until}]",
                "could it be {temperature_c}[ in the {room}], say until {until}",
                "yoga class is in the {room} and they like {temperature_c}, fix that for me",
                "how about we say {temperature_c} indoors[, holding until {until}]",
                "temp[ {room}]: {temperature_c}[, hold {until}]",
                "till midnight{until=00:00} the {room} stays at {temperature_c}",
                "chilly guests in the {room}, so nudge the climate there to {temperature_c}["
                " as long as it isn't {until} yet]",
            ),
            held_out=(
                "my fingers are blue[ in the {room}]! {temperature_c} would save me",
                "{temperature_c} feels right for the {room}[, at least until {until}], see to it",
                "bring the {room} to a comfy {temperature_c}[ and keep it so until {until}]",
            ),
        ),
        Tool(
            "set_heating_schedule",
            "Set a temperature for a span of hours on some days of the week.",
            params=(
                req("room", ROOM, "Name of the room, without the article"),
                req(
                    "slot",
                    record(start=CLOCK, end=CLOCK, temperature_c=TEMPERATURE_C),
                    "Hours it holds, 24-hour HH:MM, and temperature in degrees Celsius",
                ),
                opt("days", listing(WEEKDAY, 1, 4), "Days of the week; left out for every day"),
            ),
            phrasings=(
                "heat the {room} to {slot.temperature_c} from {slot.start} to {slot.end}[ on"
                " {days}]",
                "heating schedule {room}: {slot.start} - {slot.end}, {slot.temperature_c}[,"
                " {days}]",
                "between {slot.start} and {slot.end}[ on {days}] keep the {room} at"
                " {slot.temperature_c}",
                "[on {days} ]the {room} should have {slot.temperature_c}, starting {slot.start},"
                " ending {slot.end}",
                "Please program the {room} radiator: {slot.temperature_c} from {slot.start}"
                " until {slot.end}[, {days} only].",
                "program {slot.temperature_c} in the {room} for {slot.start} till {slot.end}["
                " {days}]",
                "new time slot for the {room}. begin {slot.start}, end {slot.end},"
                " {slot.temperature_c}[, days: {days}]",
                "i work in the {room}[ on {days}] from {slot.start} to {slot.end}, schedule"
                " {slot.temperature_c}",
                "{room} {slot.start} - {slot.end} heated at {slot.temperature_c}, recurring[,"
                " {days}]",
                "gran naps from {slot.start} to {slot.end}[ on {days}] and must stay cosy, so"
                " set up {slot.temperature_c} for the {room} in that window",
                "not just for now, as a regular plan: {room}, {slot.temperature_c}, from"
                " {slot.start} through {slot.end}[, {days}]",
                "[every week on {days}, ]{slot.start} is when the {room} should go to"
                " {slot.temperature_c}, and {slot.end} is when that stops",
                "Kindly enter in the heating timetable of the {room}: start {slot.start},"
                " finish {slot.end}, temperature {slot.temperature_c}[; days {days}].",
                "{slot.temperature_c} is the target, {slot.start} to {slot.end} the hours,"
                " {room} the place[, {days} the days], put it in the heating timer",
                "heating timer {room} // {slot.start} > {slot.end} // {slot.temperature_c}["
                " // {days}]",
                "piano lessons in the {room}[, always {days}], {slot.start} until {slot.end},"
                " have the radiators on {slot.temperature_c} each time",
                "could the {room} regularly be at {slot.temperature_c} between {slot.start}"
                " and {slot.end}[, {days} i mean]",
                'on weekends{days=["saturday","sunday"]} we hang out in the {room}, so plan'
                " {slot.temperature_c} from {slot.start} to {slot.end}",
                "tired of cold mornings and wasted gas! timetable for the {room}:"
                " {slot.temperature_c}, {slot.start} to {slot.end}[, {days}]",
                "day in, day out, starting at {slot.start} and finishing at {slot.end}, i'd"
                " like {slot.temperature_c} in the {room}",
                "make it a routine that the {room} sits at {slot.temperature_c} once"
                " {slot.start} strikes, and ends at {slot.end}[, on {days} only]",
                "add a block to the {room} heating plan: {slot.start} up to {slot.end},"
                " target {slot.temperature_c}[, repeat on {days}]",
            ),
            held_out=(
                "make it a routine[ on {days}]: {room} warm at {slot.temperature_c} when it turns"
                " {slot.start}, over at {slot.end}",
                "don't heat the {room} outside {slot.start} to {slot.end}[ on {days}], and then"
                " {slot.temperature_c}",
                "{slot.temperature_c} in the {room}, week in week out[, {days}],"
                " {slot.start}-{slot.end}",
            ),
        ),
        Tool(
            "lock_door",
            "Lock or unlock a door.",
            params=(
                req("door", DOOR, "Name of the door, without the article"),
                req("locked", flag(yes=["lock"], no=["unlock"]), "True to lock, false to unlock"),
                opt("for_minutes", DURATION_MIN, "Minutes after which it goes back by itself"),
            ),
            phrasings=(
                "{locked} the {door}[ for {for_minutes}]",
                "(please|can you|hey,) {locked} the {door}[ for {for_minutes}]",
                "{door}: {locked}",
                "did i leave the {door} open? better lock it{locked=true}",
                "the plumber is outside, open up{locked=false} the {door}[ for {for_minutes}]",
                "Would you {locked} the {door} for me[, for {for_minutes}]?",
                "we're in bed, make sure the {door} is locked{locked=true}",
                "i forgot my keys{locked=false}, let me in through the {door}",
                "the courier needs in, {door} unlocked{locked=false} for {for_minutes}",
            ),
            held_out=(
                "secure{locked=true} the {door}, i heard something",
                "leave the {door} so anybody can walk in{locked=false}[ for {for_minutes}]",
                "my arms are full of groceries, {door} please{locked=false}, undo the lock",
            ),
        ),
        Tool(
            "move_blinds",
            "Move the blinds of a room.",
            params=(
                req("room", ROOM, "Name of the room, without the article"),
                req("position", PERCENT, "How far open in percent: 0 is closed, 100 fully open"),
                opt("tilt_deg", integer(0, 90, unit="degrees"), "Tilt of the slats in degrees"),
            ),
            phrasings=(
                "(open|move|set) the {room} blinds to {position}[ with the slats at {tilt_deg}]",
                "close the blinds{position=0} in the {room}",
                "open the {room} blinds all the way{position=100}",
                "{room} blinds {position} open[, tilt {tilt_deg}]",
                "the sun blinds me in the {room}, leave the blinds just {position} open",
                "Please set the shutters in the {room} to {position} open[ and tilt them by"
                " {tilt_deg}].",
                "blinds in the {room}: {position}[ / {tilt_deg}]",
                "neighbours are staring into the {room}, shut the blinds completely{position=0}",
                "let the daylight into the {room}, blinds fully up{position=100}",
                "can the {room} blinds be {position} open[ at {tilt_deg}]?",
                "{position} open, {room}, blinds[, slats {tilt_deg}]",
                "the paparazzi across the road have a telescope, so lower"
                " everything{position=0} at the {room} windows, i mean the shutters",
                "not the lights, the blinds: {room}, open them {position}[, slats angled"
                " {tilt_deg}]",
                "[slats at {tilt_deg}, ]the {room} shades should be {position} open",
                "Kindly bring the louvres in the {room} to an opening of {position}[, the"
                " slats inclined by {tilt_deg}].",
                "halfway{position=50} with the {room} blinds[, tilted {tilt_deg}]",
                "roll up every shade in the {room} as far as it goes{position=100}, i want to"
                " see the sky",
                "there's glare on my monitor in the {room}, have the shades {position} open["
                " and slats turned {tilt_deg}]",
                "shades {room} = {position} open[, tilt = {tilt_deg}]",
                "could the window coverings in the {room} stand {position} open[ with a slant"
                " of {tilt_deg}]",
                "good morning sunshine! {room} shutters wide open{position=100}[, slats"
                " {tilt_deg}]",
                "bring the {room} blinds right down{position=0}, the plants are getting scorched",
                "heatwave outside, so only {position} of the {room} blinds open[, {tilt_deg}"
                " on the slats]",
                "how about the {room} blinds, {position} open? my cat loves to look out",
            ),
            held_out=(
                "no peeking into the {room}: blinds all the way down{position=0}",
                "i'd like {position} of the {room} window uncovered, use the blinds[, slats"
                " {tilt_deg}]",
                "halfway{position=50} is good for the blinds in the {room}",
            ),
        ),
        Tool(
            "start_vacuum",
            "Send the robot vacuum to clean rooms.",
            params=(
                req("rooms", listing(ROOM, 1, 3), "Names of the rooms, without the article"),
                opt(
                    "mode",
                    choice("quiet", "normal", "turbo", spoken={"quiet": ["quiet", "silent"]}),
                    "Suction",
                ),
                opt(
                    "mop",
                    flag(yes=["and mop too", "mopping as well"], no=["without mopping", "no mop"]),
                    "Whether to mop as well",
                ),
            ),
            phrasings=(
                "vacuum the {rooms}[ in {mode} mode][, {mop}]",
                "(send|get) the robot to {rooms}[, {mode}][, {mop}]",
                "clean {rooms} with the robot[ on {mode}][ {mop}]",
                "hoover {rooms}[, {mode} mode]",
                "crumbs everywhere! robot to {rooms}[, {mode}]",
                "Could the vacuum do {rooms}[ on {mode}][, {mop}]?",
                "robot vacuum: {rooms}[ / {mode}][, {mop}]",
                "the dog is shedding, run the vacuum through {rooms}[, {mop}]",
                "i want {rooms} vacuumed[, setting {mode}][, {mop}]",
                "{rooms}, robot, go[, {mode}][, {mop}]",
                "the toddler emptied a bag of flour and the in-laws are parking the car,"
                " dispatch the little robot into {rooms}[, {mode}]",
                "not the whole house, just {rooms}: floors need sucking[, {mop}]",
                "[{mode} suction, ]let roomba loose on {rooms}[, {mop}]",
                "Kindly instruct the cleaning robot to attend to the floors of {rooms}[, at"
                " {mode} power][, {mop}].",
                "dust bunnies in {rooms}, sic the robot on them[, {mode} suction]",
                "baby's asleep next door, so without a racket{mode=quiet}: floors of {rooms},"
                " robot",
                "glitter everywhere! full power{mode=turbo}, get the carpet of {rooms}"
                " cleaned[, {mop}]",
                "floorbot > {rooms}[ > {mode}][ > {mop}]",
                "could the bot give {rooms} a once-over[ at {mode} strength][, {mop}]",
                "wake up the dust sucker, {rooms} this time[, {mode} level]",
                "sticky juice on the tiles, so robot to {rooms}, and it should wet-wipe as"
                " well{mop=true}",
                "suck up the cat hair in {rooms}, but keep the water tank out of"
                " it{mop=false}[, {mode} setting]",
                "floors of {rooms} before the landlord shows up pls[, {mode}][, {mop}]",
            ),
            held_out=(
                "dust bunnies in {rooms}, get our little robot friend moving[ on {mode}][, {mop}]",
                "visitors in an hour, make the floor spotless in {rooms}[, {mop}]",
                "floors: {rooms}. suction {mode}. go{mop=false} but keep the mop dry",
            ),
        ),
        Tool(
            "start_appliance",
            "Start a load in a washing or drying appliance, at once or later.",
            params=(
                req("appliance", WASHER, "Which appliance"),
                opt("program", PROGRAM, "Name of the program, in the user's words"),
                opt("start_at", CLOCK, "When to start, 24-hour HH:MM; left out for now"),
            ),
            phrasings=(
                "(start|run|turn on) the {appliance}[ on {program}][ at {start_at}]",
                "{appliance} on[, program {program}][, {start_at}]",
                "can you get the {appliance} going[ with the {program} program][ at {start_at}]?",
                "i've loaded the {appliance}, {program} please[, at {start_at}]",
                "Please have the {appliance} run[ {program}] at {start_at}.",
                "power is cheap at {start_at}, start the {appliance} then[, program {program}]",
                "set off the {appliance}[, choose {program}]",
                "the {appliance} needs to be on[ at {start_at}][, setting: {program}]",
                "{appliance}, {program}, go[, {start_at}]",
                "my hands are oily and i can't touch the buttons, but it's all loaded, so"
                " press start on the {appliance}[, {program} program][, at {start_at}]",
                "not the robot, the {appliance}: kick off a load[ at {start_at}][, {program}"
                " cycle]",
                "[at {start_at}, ]fire up the {appliance}[ using the {program} cycle]",
                "Kindly commence a cycle in the {appliance}[, program {program}][, no earlier"
                " than {start_at}].",
                "plates are stacked and smelly{appliance=dishwasher}, get them clean[ with"
                " {program}][, beginning {start_at}]",
                "wet towels are sitting in the drum, tumble them{appliance=dryer}[ on"
                " {program}][, from {start_at}]",
                "dirty shirts are in with the detergent, get the laundry"
                " washing{appliance=washing_machine}[ on {program}][, {start_at}]",
                "{program} cycle for the {appliance}[, begin at {start_at}]",
                "{appliance} > {program}[ > {start_at}]",
                "could the {appliance} do its thing[ from {start_at}][, i picked {program}]",
                "i'll be at the dentist, so let the {appliance} kick in at {start_at}[,"
                " {program} as the cycle]",
                "go go go, {appliance}![ {program} this time]",
                "door's shut, everything's inside, now begin the {appliance}[, {program} i"
                " guess][, timer {start_at}]",
            ),
            held_out=(
                "fire up the {appliance}[ with {program}] when the clock says {start_at}",
                "the {appliance} is full and ready, do your thing[. {program}]",
                "press start on the {appliance} for me[, mode {program}][, but at {start_at}]",
            ),
        ),
        Tool(
            "arm_security",
            "Arm the burglar alarm of the home.",
            params=(
                req("mode", ALARM_MODE, "Mode to arm"),
                opt("delay_s", integer(10, 120, unit="seconds"), "Seconds before it is armed"),
                opt("ignore_rooms", listing(ROOM, 1, 2), "Rooms left out, without the article"),
            ),
            phrasings=(
                "arm the (alarm system|burglar alarm) in {mode} mode[, {delay_s} delay]",
                "security {mode}[, except {ignore_rooms}]",
                "set the house alarm to {mode}[, leave out {ignore_rooms}]",
                "everyone's leaving{mode=away}, arm the security[ in {delay_s}]",
                "we're off to bed{mode=night}, turn the burglar alarm on[, ignore {ignore_rooms}]",
                "Please activate the {mode} mode of the security system[ after {delay_s}].",
                "burglar alarm on, {mode}[, skip {ignore_rooms}][, wait {delay_s}]",
                "i'm staying in{mode=home} but arm the alarm system[, not {ignore_rooms}]",
                "{mode}, alarm, set[, {delay_s}][, minus {ignore_rooms}]",
                "there were two break-ins on our street this month and my wife can't relax,"
                " so get the house guarded in {mode} mode[, leaving {ignore_rooms} out]",
                "not a rule, just arm the thing: {mode}[, {delay_s} from now]",
                "[give me {delay_s}, then ]arm the intruder alarm, {mode} mode[, without"
                " {ignore_rooms}]",
                "Kindly place the premises under {mode} protection[ after {delay_s}][,"
                " disregarding {ignore_rooms}].",
                "off on holiday, house is empty{mode=away}, guard it against thieves[, but"
                " not {ignore_rooms}]",
                "time to hit the hay{mode=night}, put the intruder sensors on[, with"
                " {ignore_rooms} left out]",
                "we'll be on the sofa all day{mode=home} yet i want the break-in sensors"
                " live[, {delay_s} grace]",
                "burglar watch: {mode}[, delay {delay_s}][, omit {ignore_rooms}]",
                "could the alarm be on {mode}[ in {delay_s}][? the dog roams about, so"
                " exclude {ignore_rooms}]",
                "lock us down, security to {mode}[, sensors in {ignore_rooms} excluded]",
                "i'm out of the door, nobody home{mode=away}, alarm armed in {delay_s} please",
                "no thief gets in here! protection level {mode}[, spare {ignore_rooms}][,"
                " hold off {delay_s}]",
                "{mode} is the setting i need on the anti-burglar system[, {delay_s}"
                " countdown][, {ignore_rooms} bypassed]",
            ),
            held_out=(
                "protect the house, {mode} setting[; the cat sleeps in {ignore_rooms}, so not"
                " there]",
                "nobody will be here{mode=away} all week, guard the place[, {delay_s} from now]",
                "before i fall asleep{mode=night}: intruder alarm on please[, {ignore_rooms}"
                " left out]",
            ),
        ),
        Tool(
            "get_energy_use",
            "Report how much electricity the home or one appliance used.",
            params=(
                req("period", PERIOD, "Period to add up"),
                opt("appliance", APPLIANCE, "Only this appliance"),
                opt(
                    "price_per_kwh",
                    number(0.1, 0.6, 2),
                    "Price of a kilowatt-hour, to show the cost",
                ),
            ),
            phrasings=(
                "how much (power|electricity) did (we|the {appliance}) use {period}?",
                "energy use {period}[, {appliance}][, at {price_per_kwh} per kWh]",
                "power consumption of the {appliance} {period}",
                "show the electricity we burned {period}[, a kWh is {price_per_kwh}]",
                "What did the {appliance} consume {period}[ at {price_per_kwh} a kilowatt-hour]?",
                "kWh {period}[ {appliance}]",
                "our bill is insane, how much current went through the {appliance} {period}?",
                "add up the power for {period}[, {appliance} only][, price {price_per_kwh} per"
                " kWh]",
                "{period}, kilowatt-hours, total[, {appliance}][, {price_per_kwh} each]",
                "my husband claims the gadgets cost nothing and i'm not having it, so what"
                " did the {appliance} swallow {period}[ at {price_per_kwh} per kWh]",
                "don't start anything, just tell me how many kWh went into the {appliance}"
                " {period}",
                "[with a kWh at {price_per_kwh}, ]how much juice got sucked up {period}[ by"
                " the {appliance}]",
                "Kindly furnish the electrical consumption {period}[ of the {appliance}][,"
                " priced at {price_per_kwh} per kilowatt-hour].",
                "meter reading {period}?[ {appliance}][ @ {price_per_kwh}/kWh]",
                "is the {appliance} a power hog? figures for {period}[, one kWh costs"
                " {price_per_kwh}]",
                "i pay {price_per_kwh} a kWh, so what does our electricity {period} come to[,"
                " {appliance} only]",
                "all those espressos{appliance=coffee_machine}, how much electricity did they"
                " eat {period}",
                "the damage {period} on the power meter, please[, just from the {appliance}]",
                "we baked like crazy{appliance=oven}, how many kWh was that {period}[ at"
                " {price_per_kwh} per kWh]",
                "how thirsty was the house for electricity {period}[, reckoning"
                " {price_per_kwh} a kilowatt-hour]",
                "watts of the {appliance}, summed up, {period}[, tariff {price_per_kwh}]",
                "report on our electricity, {period}[, {appliance}]! the landlord is asking",
            ),
            held_out=(
                "is the {appliance} eating up our money? usage {period}[, {price_per_kwh} per kWh]",
                "meter reading for {period}[, just the {appliance}]",
                "tell me what we drew from the grid {period}[, one kWh costs {price_per_kwh}]",
            ),
        ),
        Tool(
            "create_home_rule",
            "Make a rule that does something in the home whenever something else happens.",
            params=(
                req(
                    "trigger",
                    record(
                        event=choice(
                            "motion",
                            "smoke",
                            "door_opens",
                            "leak",
                            spoken={
                                "motion": ["motion is detected", "something moves"],
                                "smoke": ["smoke is detected", "there's smoke"],
                                "door_opens": ["a door opens", "the door opens"],
                                "leak": ["water leaks", "a leak is found"],
                            },
                        ),
                        room=optional(ROOM),
                    ),
                    "What sets it off: event, and room without the article if given",
                ),
                req(
                    "action",
                    choice(
                        "lights_on",
                        "sound_siren",
                        "send_notification",
                        "close_water_valve",
                        spoken={
                            "lights_on": ["turn the lights on", "switch on the lights"],
                            "sound_siren": ["sound the siren", "let the siren howl"],
                            "send_notification": ["send me a notification", "notify me"],
                            "close_water_valve": ["shut the water valve", "cut off the water"],
                        },
                    ),
                    "What the home does then",
                ),
                opt("notify", listing(FIRST_NAME, 1, 2), "First names of people told about it"),
            ),
            phrasings=(
                "(if|when|whenever) {trigger.event}[ in the {trigger.room}], {action}[ and tell"
                " {notify}]",
                "{action} (if|when) {trigger.event}[ in the {trigger.room}][, let {notify} know"
                " too]",
                "new rule: {trigger.event}[, {trigger.room}] -> {action}[, inform {notify}]",
                "Please make a rule: when {trigger.event}[ in the {trigger.room}], {action}"
                "[ and inform {notify}].",
                "automate this: {action} every time {trigger.event}[ in the {trigger.room}]",
                "i'd like the house to {action} as soon as {trigger.event}[ in the {trigger.room}]",
                "always {action} once {trigger.event}[ in the {trigger.room}][, message {notify}"
                " as well]",
                "can the house {action} if {trigger.event}[ in the {trigger.room}]?",
                "{trigger.event}[, {trigger.room}] => {action}[ + ping {notify}]",
                "i'm hardly ever at home these days and i worry a lot, so from now on, should"
                " it happen that {trigger.event}[ in the {trigger.room}], {action}",
                "not right now, only in case {trigger.event}[ in the {trigger.room}]:"
                " {action}[, {notify} should hear of it]",
                "[{notify} gets a message too: ]whenever it happens that {trigger.event} in"
                " the {trigger.room}, {action}",
                "Kindly establish a standing instruction to {action} in the event that"
                " {trigger.event}[ in the {trigger.room}][, {notify} being informed].",
                "hook it up so that {trigger.event}[ in the {trigger.room}] makes the house"
                " {action}[ and text {notify}]",
                "teach the house a trick: {trigger.event}[ in the {trigger.room}], then"
                " {action}[, {notify} in the loop]",
                "{action}! that's what i want each time {trigger.event}[ in the"
                " {trigger.room}][, with word to {notify}]",
                'automation, condition "{trigger.event}"[ in the {trigger.room}], response'
                ' "{action}"[, cc {notify}]',
                "could you see to it that from today on, any time {trigger.event}[ in the"
                " {trigger.room}], you {action}[ and also contact {notify}]",
                "the insurance people insist, so every time {trigger.event}[ in the"
                " {trigger.room}], go ahead and {action}",
                "trigger: {trigger}. reaction: {action}.[ people: {notify}.]",
                "the moment {trigger.event}[ in the {trigger.room}] the system has to"
                " {action}, permanently[; {notify} too should get a message]",
                "store this for the future: {action} if ever {trigger.event}[ in the"
                " {trigger.room}][ and let {notify} hear about it]",
            ),
            held_out=(
                "rule for later: the moment {trigger.event}[ in the {trigger.room}], i need you to"
                " {action}[; {notify} should hear of it]",
                "should it ever happen that {trigger.event}[ in the {trigger.room}], {action}",
                "teach the house something: {trigger.event}[ in the {trigger.room}] means {action}"
                "[ and {notify} get word]",
            ),
        ),
    ),
)

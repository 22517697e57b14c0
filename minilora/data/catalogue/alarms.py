"""Alarms, timers and reminders."""

from dataclasses import replace
from typing import Any

from minilora.data.kinds import (
    CLOCK,
    DATE,
    DURATION_MIN,
    DURATION_S,
    WEEKDAY,
    Draw,
    Kind,
    choice,
    flag,
    integer,
    listing,
    span,
)
from minilora.data.material import Domain, Tool, opt, req


def _within(kind: Kind, lo: Any, hi: Any) -> Kind:
    """Return the kind kept to values from lo to hi."""

    def sample(draw: Draw) -> tuple[Any, str]:
        value, surface = kind.sample(draw)
        while not lo <= value <= hi:
            value, surface = kind.sample(draw)
        return value, surface

    return replace(kind, sample=sample)


LABEL = span(
    "gym", "school run", "morning meds", "Dad's flight", "physio", "suhoor", "bin day",
    "early shift at the bakery", "piano lesson", "feeding the sourdough", "6:52 train",
    "stand-up", "dog walk", "flea market", "yoga with Priya", "check-out", "Abuela's video call",
    "second ferry",
)  # fmt: skip
TIMER_NAME = span(
    "pasta", "rice", "eggs", "laundry", "pizza", "hair dye", "face mask", "slow roast",
    "Leo's screen time", "dough", "parking meter", "power nap", "plank", "study block 3",
    "crème brûlée", "second batch of cookies", "pho broth", "ice bath", "sprinkler",
    "Nana's eye drops",
)  # fmt: skip
TASK = span(
    "call the plumber about the leak", "take the bins out", "renew my passport",
    "water Nan's orchids", "send Tomás the invoice", "defrost the chicken", "pay the council tax",
    "buy a card for Aoife", "take my antibiotics", "charge the e-bike", "submit form 27B",
    "ring the vet", "return the library books", "move the car before street cleaning",
    "email Professor N'Diaye", "pick up the dry cleaning", "ask for the spare key", "stretch",
    "print the boarding passes for all four of us", "cancel the free trial", "feed Mochi",
    "check the tyre pressure", "buy oat milk", "sign Kofi's permission slip",
)  # fmt: skip
PLACE = span(
    "work", "Mum's house", "Tesco", "church", "school", "Gate B14", "O'Malley's", "uni",
    "Lidl on Elm Street", "Terminal 2", "IKEA", "Camp Nou", "Gare de Lyon",
    "Dr. Patel's", "Aunt Inés's place", "Warehouse 14",
)  # fmt: skip
OCCASION = span(
    "our wedding", "our anniversary", "Mateo's birthday", "Diwali", "Lisbon 2026",
    "my last day at work", "marathon day", "baby's due date", "Eid", "launch day",
    "graduation", "moving day", "exam week", "Grandma Rosa's 80th",
    "my knee operation", "opening night",
)  # fmt: skip
SOUND = choice(
    "birdsong",
    "chimes",
    "church_bells",
    "digital_beep",
    "ocean_waves",
    "piano",
    "radar",
    "rooster",
    spoken={
        "digital_beep": ["digital beep", "old digital beeping"],
        "rooster": ["rooster", "rooster crowing"],
        "birdsong": ["birdsong", "bird song"],
        "chimes": ["chimes", "wind chimes"],
    },
)
DAY = span(
    "today", "tomorrow", "Monday", "Tuesday", "this Wednesday", "next Thursday", "Friday",
    "next Saturday", "this Sunday", "the day after tomorrow", "the 3rd", "the 17th of June",
    "May 22nd", "in two days", "in three weeks", "a week from today", "next month",
    "Christmas Eve", "New Year's Day", "next week",
    varied=False,
)  # fmt: skip
REPEAT = choice(
    "daily",
    "weekdays",
    "weekends",
    spoken={
        "daily": ["every day", "each day", "every single day", "daily"],
        "weekdays": ["on weekdays", "monday to friday", "every workday"],
        "weekends": ["on weekends", "every saturday and sunday", "at the weekend"],
    },
)

DOMAIN = Domain(
    name="alarms",
    title="Alarms, timers and reminders",
    tools=(
        Tool(
            "set_alarm",
            "Set an alarm that rings at a time of day.",
            params=(
                req("time", _within(CLOCK, "04:00", "19:00"), "Time of day, 24-hour HH:MM"),
                opt("label", LABEL, "What the alarm is for, in the user's words"),
                opt("repeat", REPEAT, "How often it rings; left out for an alarm that rings once"),
            ),
            phrasings=(
                "(set|create|add|put) an alarm for {time}[ {repeat}][, (it's for|label|call it)"
                " {label}]",
                "wake me( up|) at {time}[ {repeat}][ please]",
                "i need to be up by {time}[ {repeat}], can you make sure my phone rings",
                "alarm {time}[ {repeat}][ {label}]",
                "Could you (please |)set an alarm for {time}[ {repeat}]? "
                "[The label should be {label}.]",
                "got {label}[ {repeat}], so (i need|give me|put) an alarm at {time}",
                "make the alarm go off at {time}[ {repeat}][ and name it {label}]",
                "hey, new alarm: {time}[, {repeat}][, {label}]",
                "what do i have to say to get an alarm at {time}[ {repeat}]? just set it",
                "every (single |)day{repeat=daily} i want an alarm ringing at {time}"
                "[, for {label}]",
                "ugh i overslept again. ring me at {time}[ {repeat}] and make it loud",
                "If it isn't too much trouble, I'd like an alarm at {time}[ for {label}]"
                "[, {repeat}].",
                "{time}[ {repeat}], out of bed, no excuses[, it's {label}]",
                "my train leaves far too early, so have the phone scream at {time}[ because"
                " of {label}]",
                "get me up {time}[, {repeat}]",
                "i can't oversleep, {label} is on. {time} please",
                "rooster duty: {time}[, {repeat}][, titled {label}]",
                "i want something to go off at {time}[ {repeat}] that says {label}",
                "Kindly see to it that I am woken at {time}[ {repeat}].",
                "{label}? then beep at {time}[ {repeat}]",
                "{repeat} the bell should sound at {time}[, name {label}]",
                "eyes open at {time}[ {repeat}], that's the plan[ \\({label}\\)]",
            ),
            held_out=(
                "can't sleep in[ {repeat}], so buzz me at {time}[, that's {label}]",
                "{time}[ {repeat}] is when i have to get out of bed, sort the alarm",
                "don't let me sleep past {time}[ {repeat}]",
                "[{label}: ]beep at {time}[ {repeat}], loud enough to get me up",
            ),
        ),
        Tool(
            "cancel_alarm",
            "Delete an alarm that was set before, found by the time it rings.",
            params=(
                req(
                    "time",
                    _within(CLOCK, "04:00", "19:00"),
                    "Time of the alarm to delete, 24-hour HH:MM",
                ),
                opt("repeat", REPEAT, "Which repeating alarm, if the user says"),
            ),
            phrasings=(
                "(cancel|delete|remove|get rid of|kill) (the|my) alarm (at|for) {time}"
                "[ that rings {repeat}]",
                "i (don't|no longer) need (the alarm at {time}|my {time} alarm)"
                "[, the one {repeat}]",
                "the alarm for {time}[ {repeat}] can go",
                "turn off the {time} alarm i have[ {repeat}] for good",
                "I'm on holiday, so please delete the alarm (at|set for) {time}[ {repeat}].",
                "cancel alarm {time}",
                "Would you take away the alarm that goes off at {time}[ {repeat}]?",
                "the thing i got up at {time} for[ {repeat}] is over, cancel that alarm",
                "no more alarm at {time}[ {repeat}] pls",
                "scrap the {time} wake-up[ {repeat}]",
                "{time} ringing: not any more[, the {repeat} thing]",
                "let me sleep past {time}[ {repeat}], forget about waking me then",
                "the phone mustn't go off at {time}[ {repeat}] now, take that one out",
                "i quit that job, so the {time} alarm[ {repeat}] has no business being there",
                "the {time} one[, {repeat}]: bye bye",
                "get the {time} alarm off my list[, i mean the one {repeat}]",
                "Kindly discard the alarm I have at {time}[ {repeat}].",
                "why would i still get up at {time}[ {repeat}]? lose that alarm",
            ),
            held_out=(
                "why does my phone still ring at {time}[ {repeat}]? make it stop for good",
                "i get to sleep in now, so bin whatever's set for {time}[ {repeat}]",
                "that alarm i made for {time}[ {repeat}], wipe it",
            ),
        ),
        Tool(
            "snooze_alarm",
            "Silence the alarm that is ringing now and let it ring again later.",
            params=(
                req("minutes", _within(DURATION_MIN, 2, 60), "How long to snooze, in minutes"),
            ),
            phrasings=(
                "snooze( for|) {minutes}",
                "(let me sleep|leave me alone|give me) another {minutes}",
                "{minutes} more(, please| pls|)",
                "nooo not yet, ring again in {minutes}",
                "Please snooze this alarm for {minutes}.",
                "can you quiet that alarm and try again in {minutes}?",
                "i'm not getting up yet, {minutes} snooze",
                "shush. come back in {minutes}",
                "hit snooze, {minutes}",
                "stop ringing for {minutes}, then ring again",
                "ugh. {minutes}, then bother me again",
                "mmmh, wake me again in {minutes}, quiet now",
                "hush for {minutes} and then start over",
                "pillow time, {minutes} extra",
                "not yet!! {minutes}",
                "i heard you, i heard you, pipe up again after {minutes}",
                "could it pester me again {minutes} from now instead?",
                "put this noise off by {minutes}",
                "the bed is warm, let it go again {minutes} later",
            ),
            held_out=(
                "too tired to move... wake me again after {minutes}",
                "i hear you, i hear you. same alarm, {minutes} later",
                "Postpone the ringing by {minutes}, would you?",
            ),
        ),
        Tool(
            "list_alarms",
            "Show the alarms that are set.",
            params=(
                opt("day", WEEKDAY, "Only alarms that ring on this day of the week"),
                opt(
                    "include_disabled",
                    flag(
                        yes=["including the disabled ones", "also the ones switched off"],
                        no=["only active ones", "leaving out the ones switched off"],
                    ),
                    "Whether alarms that are switched off are shown too",
                ),
            ),
            phrasings=(
                "(show|list|read out) (all |)my alarms[ for {day}][, {include_disabled}]",
                "what alarms (do i have|are set)[ on {day}][, {include_disabled}]?",
                "which alarms will ring on {day}[, {include_disabled}]?",
                "alarms on {day}?",
                "Please give me a list of (my|the) alarms[ for {day}][, {include_disabled}].",
                "did i set an alarm for {day}? show me what's there",
                "let me see the alarms on this phone[, {include_disabled}]",
                "i can't remember what i set for {day}, show me the alarms",
                "alarm overview[ {day}][, {include_disabled}]",
                "everything that'll go off[ {day}], read it to me[, {include_disabled}]",
                "am i covered for {day}? what wake-ups are there[, {include_disabled}]",
                "{day}'s wake-ups, what are they",
                "run through my wake-up times[ on {day}][, {include_disabled}]",
                "did i ever set that thing for {day}? check the alarms[ {include_disabled}]",
                "Would you recite the alarms[ of {day}][, {include_disabled}]?",
                "which times have i put in for getting up[, {include_disabled}]",
            ),
            held_out=(
                "when is my phone going to ring on {day}?",
                "run me through the wake-ups i've got[ on {day}][, {include_disabled}]",
                "not sure any alarm is set[ for {day}], can you check[, {include_disabled}]?",
            ),
        ),
        Tool(
            "set_timer",
            "Start a countdown timer that rings when the time is over.",
            params=(
                req("minutes", DURATION_MIN, "Length in minutes"),
                opt("name", TIMER_NAME, "Name of the timer, in the user's words"),
            ),
            phrasings=(
                "(set|start) a timer for {minutes}[ (called|named) {name}]",
                "timer {minutes}[ {name}]",
                "start a timer, name {name}, length {minutes}",
                "{minutes} on the clock[ for {name}], go",
                "count down {minutes}[ and call it {name}]",
                "{name} takes {minutes}, time it for me",
                "Could you start a timer of {minutes}[ and name it {name}]?",
                "beep when {minutes} (are up|have passed)[, it's for {name}]",
                "i'm starting {name} now, {minutes} timer please",
                "new timer[, {name}], {minutes}",
                "hey can u time {minutes} for me[? label {name}]",
                "{minutes} on the clock, go[, it's for the {name}]",
                "{name}: {minutes}, count it down",
                "holler when {minutes} have passed[, {name}]",
                "i put {name} on, shout after {minutes}",
                "tell me when {minutes} are up[ - {name}]",
                "from now, {minutes}. beep at zero[. call that {name}]",
                "the kids get {minutes} each, measure it",
                "Kindly count down {minutes}[ under the title {name}].",
                "give {name} {minutes}, then make noise",
            ),
            held_out=(
                "let me know in {minutes}[, {name} will be done]",
                "how about a countdown: {minutes}[, name {name}]",
                "[{name} going in now. ]shout once {minutes} are over",
            ),
        ),
        Tool(
            "extend_timer",
            "Add time to a timer that is already running.",
            params=(
                req("extra_minutes", _within(DURATION_MIN, 2, 60), "Time to add, in minutes"),
                req("name", TIMER_NAME, "Name of the running timer, in the user's words"),
            ),
            phrasings=(
                "add {extra_minutes} to the {name} timer",
                "(extend|lengthen) the {name} timer by {extra_minutes}",
                "the {name} timer needs {extra_minutes} more",
                "{name} isn't done, put another {extra_minutes} on it",
                "Please extend the timer named {name} by {extra_minutes}.",
                "{name} timer plus {extra_minutes}",
                "can the {name} timer run {extra_minutes} longer?",
                "still not ready. {extra_minutes} extra on {name}",
                "let the {name} timer keep going for an additional {extra_minutes}",
                "{name} isn't done, {extra_minutes} on top",
                "{extra_minutes} longer for {name}",
                "still raw! let {name} run {extra_minutes} more",
                "whatever is left on {name}, make it {extra_minutes} more than that",
                "bump the {name} countdown by {extra_minutes}",
                "{name} + {extra_minutes}",
                "Kindly prolong the countdown called {name} by {extra_minutes}.",
                "the {name} clock is nearly at zero, stretch it, {extra_minutes}",
            ),
            held_out=(
                "i was too quick with the {name} timer, lengthen it by {extra_minutes}",
                "make it {extra_minutes} longer, the timer for {name} i mean",
                "{name} could do with {extra_minutes} on top of what's left",
            ),
        ),
        Tool(
            "start_interval_timer",
            "Start a workout timer that alternates work and rest periods.",
            params=(
                req("work_s", DURATION_S, "Length of each work period, in seconds"),
                req("rest_s", DURATION_S, "Length of each rest period, in seconds"),
                req("rounds", integer(2, 20), "Number of rounds"),
                opt(
                    "voice",
                    flag(yes=["with a voice", "call out the rounds"], no=["no voice"]),
                    "Whether a voice announces each round",
                ),
            ),
            phrasings=(
                "interval timer: {work_s} work, {rest_s} rest, {rounds} rounds[, {voice}]",
                "{rounds} rounds of {work_s} on and {rest_s} off[, {voice}]",
                "i want to do tabata, {work_s} of work then {rest_s} of rest, {rounds} times",
                "start a HIIT timer with {rounds} rounds, {work_s} effort, {rest_s} recovery"
                "[, {voice}]",
                "Could you time my workout? {work_s} going hard, {rest_s} break, {rounds} rounds"
                "[, {voice}]",
                "rest {rest_s} between sets, each set {work_s}, {rounds} sets[, {voice}]. go",
                "work {work_s} / rest {rest_s} / x{rounds}",
                "set up intervals for me: {rounds} repeats, {work_s} run, {rest_s} walk[, {voice}]",
                "{rounds} times: go for {work_s}, breathe for {rest_s}[, {voice}]",
                "tabata! {work_s} on, {rest_s} off, x{rounds}[, {voice}]",
                "{work_s} work / {rest_s} rest / {rounds} rounds[ / {voice}]",
                "i do {rounds} rounds, {work_s} of burpees then {rest_s} lying on the floor,"
                " keep the time[ {voice}]",
                "time my circuit: effort {work_s}, pause {rest_s}, {rounds} repeats[, {voice}]",
                "pause {rest_s}, hustle {work_s}, do that {rounds} times over[, {voice}]",
                "coach wants {rounds} bouts of {work_s} with {rest_s} in between, run the"
                " clock[, {voice}]",
                "{voice}, {rounds} sets, {work_s} each and {rest_s} to recover. start",
            ),
            held_out=(
                "i'll sprint for {work_s} and catch my breath for {rest_s}, {rounds} times over,"
                " time me",
                "boxing training tonight: {rounds} rounds lasting {work_s}, {rest_s} in the"
                " corner[, {voice}]",
                "beep every time i switch between {work_s} of planks and {rest_s} of lying down,"
                " {rounds} rounds",
            ),
        ),
        Tool(
            "create_reminder",
            "Remind the user of something on a day.",
            params=(
                req("text", TASK, "What to be reminded of, in the user's words"),
                req("day", DAY, "Day of the reminder, in the user's words"),
                opt("time", CLOCK, "Time of day, 24-hour HH:MM"),
                opt(
                    "priority",
                    choice(
                        "low",
                        "normal",
                        "high",
                        spoken={
                            "low": ["low priority", "not important"],
                            "normal": ["normal priority"],
                            "high": ["high priority", "urgent", "really important"],
                        },
                    ),
                    "How pressing it is",
                ),
            ),
            phrasings=(
                "remind me to {text} tonight{day=tonight}[, {priority}]",
                "(remind me|set a reminder) to {text} {day}[ at {time}][, {priority}]",
                "{day}[ at {time}] i have to {text}, remind me[, it's {priority}]",
                "Could you remind me {day}[ at {time}] to {text}?",
                "don't let me forget to {text} {day}[ at {time}]",
                "reminder {day}[ {time}]: {text}[ \\({priority}\\)]",
                "add a reminder for {day}[ at {time}], {text}[, {priority}]",
                "i always forget to {text}, ping me {day}[ at {time}]",
                "Please make a note to remind me that I must {text} {day}[ at {time}].",
                "nudge me {day}[ around {time}] about this: {text}",
                "hey assistant, {day} i need a reminder to {text}[, mark it {priority}]",
                "{day}[ {time}]: {text}, don't let me forget",
                "on {day} i have to {text}, ping me[ at {time}][, {priority}]",
                "{text}. bring that up {day}[ at {time}]",
                "my head is a sieve. {day}, {text}[, {priority}]",
                "if i don't {text} on {day} my wife kills me, so nudge me[ around {time}][,"
                " {priority}]",
                "Kindly bring to my attention on {day}[ at {time}] that I should {text}[;"
                " {priority}].",
                "note for {day}[ {time}] - {text}[ \\({priority}\\)]",
                "make sure {day} doesn't go by without me remembering to {text}",
            ),
            held_out=(
                "if i don't {text} {day} i'm in trouble, so poke me[ at {time}]",
                "my memory is awful. {day}[, {time}], tell me to {text}",
                "{text}. i should do that {day}, give me a heads-up[ at {time}]",
                "drop a memo in my reminders, {day}[ {time}], it says {text}[, {priority}]",
            ),
        ),
        Tool(
            "create_place_reminder",
            "Remind the user of something on arriving at a place or on leaving it.",
            params=(
                req("text", TASK, "What to be reminded of, in the user's words"),
                req("place", PLACE, "The place, in the user's words"),
                req(
                    "trigger",
                    choice("arrive", "leave", spoken={"arrive": ["get to"], "leave": ["leave"]}),
                    "Whether arriving or leaving sets it off",
                ),
            ),
            phrasings=(
                "remind me to {text} when i {trigger} {place}",
                "when i {trigger} {place}, remind me to {text}",
                "next time i'm at {place}{trigger=arrive} remind me to {text}",
                "As soon as I {trigger} {place}, please tell me to {text}.",
                "once i reach {place}{trigger=arrive}: {text}",
                "on my way out of {place}{trigger=leave} remind me to {text}",
                "i need to {text} as i {trigger} {place}, set a reminder for that",
                "location reminder, {text}, the moment i {trigger} {place}",
                "can you ping me to {text} on arrival at {place}{trigger=arrive}?",
                'as soon as i {trigger} {place}, say "{text}"',
                "{place} \\({trigger}\\) -> {text}",
                "the moment i {trigger} {place} i want to hear: {text}",
                "{text}, that's for when i {trigger} {place}",
                "once i'm at {place}{trigger=arrive}, nudge me to {text}",
                "walking out the door of {place}{trigger=leave}, remind me: {text}",
                "i won't think of it otherwise: {text}. pop up when i {trigger} {place}",
                "don't tell me now, tell me when i {trigger} {place}: {text}",
            ),
            held_out=(
                "i keep walking out of {place}{trigger=leave} without thinking. tell me to {text}",
                "have my phone buzz at the door of {place} when i walk in{trigger=arrive}: {text}",
                "whenever you notice i've left {place}{trigger=leave}, get me to {text}",
            ),
        ),
        Tool(
            "set_sleep_schedule",
            "Set the hours of bedtime and waking for some days of the week.",
            params=(
                req(
                    "bedtime", _within(CLOCK, "20:00", "23:59"), "When to go to bed, 24-hour HH:MM"
                ),
                req("wake_time", _within(CLOCK, "04:30", "10:30"), "When to get up, 24-hour HH:MM"),
                opt("days", listing(WEEKDAY, 1, 4), "Days of the week it holds for"),
            ),
            phrasings=(
                "sleep schedule: bed at {bedtime}, up at {wake_time}[, on {days}]",
                "set my bedtime to {bedtime} and wake-up to {wake_time}[ for {days}]",
                "on {days} i want to sleep from {bedtime} to {wake_time}",
                "Please plan my nights: lights out at {bedtime}, awake at {wake_time}[, {days}].",
                "sleep {bedtime} - {wake_time}[ {days}]",
                "i'd like to go to bed at {bedtime}[ on {days}] and get up at {wake_time}, set"
                " that up",
                "get up {wake_time}, go to sleep {bedtime}[, applies to {days}]",
                "(new|change my) sleep hours, {bedtime} until {wake_time}[ on {days}]",
                "in bed by {bedtime}, up by {wake_time}[, {days}]",
                "my nights run from {bedtime} to {wake_time}[ on {days}], make that the rule",
                "{days}: sleep {bedtime}, rise {wake_time}",
                "early bird plan, {bedtime} till {wake_time}[, {days}]",
                "i'm fixing my rhythm. down at {bedtime}, feet on the floor at {wake_time}[,"
                " {days} only]",
                "Kindly define my sleeping hours as {bedtime} to {wake_time}[ for {days}].",
                "get up {wake_time} and turn in {bedtime}, that should be my routine[ {days}]",
                "bedtime {bedtime} / wakeup {wake_time}[ / {days}]",
            ),
            held_out=(
                "new job, new rhythm: in bed by {bedtime}, on my feet at {wake_time}"
                "[, that's {days}]",
                "[for {days} ]my night should begin at {bedtime} and end at {wake_time}",
                "help me sleep better: wind me down for {bedtime}, wake me {wake_time}"
                "[, {days} only]",
            ),
        ),
        Tool(
            "start_date_countdown",
            "Put a counter of the days left until an event on the home screen.",
            params=(
                req("event", OCCASION, "What is being counted down to, in the user's words"),
                req("date", DATE, "Date of the event, YYYY-MM-DD"),
            ),
            phrasings=(
                "(start|add) a countdown to {event} on {date}",
                "{event} is on {date}, count the days for me",
                "how many days until {event}? it's {date}. keep a counter on my screen",
                "countdown {event} {date}",
                "Please put a day counter for {event} on my home screen, the date is {date}.",
                "can't wait for {event}!! {date}. make a countdown",
                "days-left widget: {event}, {date}",
                "i'd love to see the days ticking down to {event} on {date}",
            ),
            held_out=(
                "mark {date} as {event} and show me how many sleeps are left",
                "tick off the days to {date} please, that's {event}",
                "so excited, {event} happens {date}, want to watch the number go down daily",
            ),
        ),
        Tool(
            "set_alarm_sound",
            "Choose the sound, volume and vibration used for all alarms.",
            params=(
                req("sound", SOUND, "Sound to play"),
                opt("volume", integer(1, 10), "Loudness from 1 to 10"),
                opt(
                    "vibrate",
                    flag(
                        yes=["with vibration", "vibrating too"],
                        no=["without vibration", "no buzzing"],
                    ),
                    "Whether the phone vibrates as well",
                ),
            ),
            phrasings=(
                "(change|switch|set) (my|the) alarm sound to {sound}[ at volume {volume}]"
                "[, {vibrate}]",
                "use {sound} for (all |)my alarms[, volume {volume}][, {vibrate}]",
                "i'd rather wake up to {sound}[, loudness {volume} out of 10][, {vibrate}]",
                "alarm tone {sound}[, {vibrate}][, vol {volume}]",
                "Can my alarms sound like {sound}[, {vibrate}]?",
                "i hate the current alarm noise. {sound} instead[, level {volume}][, {vibrate}]",
                "please make every alarm play {sound}[ at {volume} out of 10]",
                "from now on: {sound} as alarm sound[, {vibrate}]",
                "i want to wake up to {sound}[, level {volume}][, {vibrate}]",
                "{sound} from now on when it's time to get up[, loudness {volume}][ {vibrate}]",
                "that noise in the morning is awful, use {sound}[ at {volume}]",
                "every alarm: {sound}[, volume {volume}][, {vibrate}]",
                "swap the ringing for {sound}[ {vibrate}]",
                "Might my alarms play {sound}[ at loudness {volume}][, {vibrate}]?",
                "sound {sound}[ / loud {volume}][ / {vibrate}], all alarms",
            ),
            held_out=(
                "waking up would be nicer with {sound}[ at a volume of {volume}][, {vibrate}]",
                "this ringing gives me a heart attack, swap it for {sound}[, {vibrate}]",
                "what i want to hear when it's time to get up: {sound}[, {volume} out of 10]",
            ),
        ),
    ),
)

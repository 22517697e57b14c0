"""Calendars: events, invitations, free time and holidays."""

from minilora.data.kinds import (
    BIRTHDATE,
    CITY,
    CLOCK,
    DATE,
    DATETIME,
    DURATION_MIN,
    EMAIL,
    FIRST_NAME,
    MONTH,
    PERSON,
    URL,
    WEEKDAY,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

EVENT = span(
    "dentist", "budget review", "parent-teacher evening", "coffee with Siobhán",
    "quarterly planning", "Zoë's recital", "interview with Acme", "1:1 with my manager",
    "five-a-side", "roof inspection", "book club", "Q3 retro", "lunch at Chez Panisse", "MRI scan",
    "Fajr study circle", "haircut", "driving test", "D&D session 12", "Grandpa O'Neill's funeral",
    "kick-off for the new warehouse system", "car service", "babysitting the twins", "pub quiz",
    "town hall",
)  # fmt: skip
ROOM = span(
    "Room 204", "Main Hall", "Café Central", "Zoom", "Turing room",
    "Level 3 kitchen", "Studio B", "Dr. Okafor's surgery", "Boathouse 2", "Building 7",
    "our place", "Hotel Adlon", "Lecture Theatre 1", "rooftop bar", "Sala Gaudí",
)  # fmt: skip
CALENDAR = choice(
    "personal",
    "work",
    "family",
    "school",
    spoken={
        "personal": ["personal", "private"],
        "work": ["work", "office"],
        "family": ["family"],
        "school": ["school", "uni"],
    },
)
REASON = span(
    "I'm down with the flu", "the client pulled out", "my train is cancelled",
    "we already solved it over chat", "there's a clash with the board meeting", "Amara is on leave",
    "no quorum", "the venue flooded", "too many meetings that day", "a family emergency",
    "childcare fell through", "the numbers aren't ready yet",
)  # fmt: skip
HOLIDAY_KIND = choice(
    "vacation",
    "sick_leave",
    "parental_leave",
    "unpaid_leave",
    spoken={
        "vacation": ["vacation", "annual leave", "holiday"],
        "sick_leave": ["sick leave", "sick"],
        "parental_leave": ["parental leave"],
        "unpaid_leave": ["unpaid leave", "unpaid"],
    },
)
WHICH_DAY = span(
    "today", "tomorrow", "tonight", "this afternoon", "tomorrow morning", "the day after tomorrow",
    "this weekend", "next week", "this week", "Monday", "Tuesday afternoon", "next Wednesday",
    "this Thursday", "Friday night", "Saturday", "next Sunday", "next month", "the 14th",
    "August 9th", "Christmas week", "the first week of May", "Easter Monday",
    varied=False,
)  # fmt: skip
DAY_LONG = span(
    "Berlin conference", "team offsite", "moving house", "Mum visiting", "spring cleaning",
    "hackathon", "jury duty", "school camp", "boiler replacement", "trade fair in Hannover",
    "Zoë's class trip", "stocktaking", "Lunar New Year at the in-laws", "silent retreat",
    "D&D weekend", "regional chess finals", "server migration", "Oktoberfest",
    "first aid course, part 2", "training week",
)  # fmt: skip
LENGTH = choice("15", "30", "45", "60", "90")

DOMAIN = Domain(
    name="calendar",
    title="Calendar and meetings",
    tools=(
        Tool(
            "create_event",
            "Put a new event into the calendar.",
            params=(
                req("title", EVENT, "Title of the event, in the user's words"),
                req("start", DATETIME, "Start, YYYY-MM-DDTHH:MM"),
                opt("duration_min", DURATION_MIN, "Length in minutes"),
                opt("location", ROOM, "Where it takes place, in the user's words"),
                opt("calendar", CALENDAR, "Which of the user's calendars it goes into"),
            ),
            phrasings=(
                "(add|create|schedule) {title} for {start}[ in my {calendar} calendar]",
                "{title}, {start}[, {location}][, {duration_min}]",
                "new event: {title}, starts {start}[, lasts {duration_min}][, place: {location}]",
                "i have {title}, {start}[, it'll take {duration_min}], put it in my"
                "[ {calendar}] calendar",
                "Could you add {title} to my[ {calendar}] calendar for {start}"
                "[? It lasts {duration_min}.]",
                "book {title} in, {start}[, {duration_min}][ at {location}]",
                "pencil in {title} for {start}[ \\({duration_min}\\)][, {location}]",
                "just got the confirmation, {title}, {start}[, {location}]. calendar please",
                "Please enter the following: {title}. Start: {start}.[ Length: {duration_min}.]"
                "[ Location: {location}.]",
                "hey can you save the date, {start}, {title}[, it's at {location}]",
                "calendar entry {title} {start}[ {duration_min}]",
                "{title}. {start}.[ {location}.][ {duration_min}.] ink it in",
                "block me out from {start}[ for {duration_min}], reason: {title}",
                "i'm told {title} happens {start}[ at {location}], so my diary should say"
                " that too[ \\({calendar} one\\)]",
                "Kindly enter {title} into my[ {calendar}] diary, beginning {start}[, lasting"
                " {duration_min}].",
                "before it slips my mind >> {title} / {start}[ / {location}]",
                "they finally picked a date! {start}, {title}[, over at {location}]. pencil"
                " that in",
                "[{location}, ]{start}: {title}[, takes {duration_min}]. stick it on the["
                " {calendar}] calendar",
                "could there be an entry for {title}, kicking off {start}[ and running"
                " {duration_min}]?",
                "new appointment = {title}; when = {start}[; where = {location}][; how long ="
                " {duration_min}]",
                "so mum rang about a hundred things, upshot: {title} on me, {start}[,"
                " {location}]. jot it in my diary",
                "note to my schedule: {start} i have {title}[, and that eats up {duration_min}]",
            ),
            held_out=(
                "so i don't double-book myself: {start}, taken by {title}[, for {duration_min}]",
                "they want me for {title}[ at {location}]. {start}. get it in the diary",
                "jot down {title}[ \\({location}\\)] in my[ {calendar}] agenda, kicking off"
                " {start}",
                "{start}[, {location}]. {title}. make sure it's on my[ {calendar}] calendar",
            ),
        ),
        Tool(
            "create_all_day_event",
            "Put an event without hours into the calendar, for one or several whole days.",
            params=(
                req("title", DAY_LONG, "Title of the event, in the user's words"),
                req("date", DATE, "First day, YYYY-MM-DD"),
                opt("days", integer(2, 14), "Number of days it lasts"),
                opt("calendar", CALENDAR, "Which of the user's calendars it goes into"),
            ),
            phrasings=(
                "(add|create) an all-day event[ in the {calendar} calendar], {title}, on {date}",
                "{title} takes all day on {date}, put it in my[ {calendar}] calendar",
                "{title} starts {date} and goes on for {days} days, mark the whole days",
                "all day {date}: {title}[ \\({calendar}\\)]",
                "Please mark {date} as {title}, the whole day[, in my {calendar} calendar].",
                "block out the entire day on {date}[ and make it {days} days], it's for {title}",
                "full-day entry[ {calendar}]: {title}, {date}[, {days} days long]",
                "i'm busy from morning to night on {date} with {title}, all-day event please",
                "can you put {title} over the whole of {date}[ in {calendar}]?",
                "{title} takes up the whole of {date}, mark it so",
                "from {date}, {days} days running, nothing but {title}. put that across the"
                " top of my calendar",
                "{date} = {title}, no hours, just the day[, {calendar} calendar]",
                "i'll be swallowed by {title} starting {date}[ for {days} days], show the"
                " full days as taken",
                "don't bother with a start time: {title}, {date}[, {days} days in a row]",
                "Please mark {date}[ and the days after it, {days} in total,] as {title}[ in"
                " the {calendar} calendar].",
                "banner entry please: {title} -> {date}[ x {days} days]",
                "all of {date} belongs to {title}[, and it goes on {days} days altogether]",
            ),
            held_out=(
                "no times needed, {title} just fills {date}[ plus more, {days} days altogether]",
                "colour in {date} on the[ {calendar}] calendar top to bottom: {title}",
                "day-long thing on {date}, {title}[, {days} days running]",
            ),
        ),
        Tool(
            "reschedule_event",
            "Move an event that is in the calendar to another time.",
            params=(
                req("title", EVENT, "Title of the event, in the user's words"),
                req("new_start", DATETIME, "New start, YYYY-MM-DDTHH:MM"),
                opt(
                    "notify_guests",
                    flag(
                        yes=["and let everyone know", "and notify the guests"],
                        no=["without telling anybody", "but don't notify the guests"],
                    ),
                    "Whether guests get a message about the change",
                ),
            ),
            phrasings=(
                "(move|shift|push|reschedule) {title} to {new_start}[ {notify_guests}]",
                "{title} has moved, the new time is {new_start}",
                "i can't make {title} as planned. new time {new_start}[, {notify_guests}]",
                "Could you move {title} so that it starts at {new_start}[, {notify_guests}]?",
                "reschedule {title} -> {new_start}",
                "change the time of {title} to {new_start}[ {notify_guests}]",
                "they asked to have {title} moved to {new_start}, please update it"
                "[ {notify_guests}]",
                "bump {title} to {new_start}[ {notify_guests}]",
                "{title} was postponed until {new_start}, fix my calendar",
                "{new_start} suits me better for {title}, shift it[, {notify_guests}]",
                "{title} >> {new_start}[, {notify_guests}]",
                "push {title} along, it's {new_start} now[ {notify_guests}]",
                "not when it was planned but {new_start}: that's when {title} should be[,"
                " {notify_guests}]",
                "i double-booked myself. {title} has to give way, make it {new_start}",
                "Would it be possible for {title} to begin {new_start} instead[, {notify_guests}]?",
                "the room was taken, so {title} slides to {new_start}[, {notify_guests}]",
                "new date for {title}: {new_start}",
                "bring {title} forward or back, whatever, as long as it ends up on {new_start}",
            ),
            held_out=(
                "turns out {title} won't happen when we said, {new_start} is the new slot",
                "drag {title} over to {new_start}[ {notify_guests}]",
                "something came up, let's rather have {title} {new_start}[, {notify_guests}]",
            ),
        ),
        Tool(
            "cancel_event",
            "Delete an event from the calendar.",
            params=(
                req("title", EVENT, "Title of the event, in the user's words"),
                opt("date", DATE, "Day of the event, YYYY-MM-DD"),
                opt("message", REASON, "Reason sent to the guests, in the user's words"),
            ),
            phrasings=(
                "cancel {title}[ on {date}]",
                "(delete|remove|drop) {title}[ on {date}] from my calendar",
                "{title}[ on {date}] is off, take it out[. tell them {message}]",
                "we don't need {title} anymore[, the one on {date}], remove it",
                'Please cancel {title}[ on {date}][ and give this reason: "{message}"].',
                "get {title}[ \\({date}\\)] off my calendar[, say {message}]",
                "i won't be doing {title}[ on {date}] after all, delete it",
                "call off {title}[ on {date}][ with the note: {message}]",
                "scratch {title}[ {date}]",
                "{title} is off[ \\({date}\\)][. tell them it's because of {message}]",
                "wipe {title} from my diary[, the one on {date}]",
                "we won't be doing {title} after all[ because {message}], take it out of the"
                " calendar",
                "{title}[ on {date}]: strike it",
                "bin {title}. [word for the others: {message}]",
                "Regrettably {title}[ of {date}] cannot go ahead; remove the entry[ and give"
                " as the reason: {message}].",
                "hooray, {title} isn't happening! erase it",
                "no {title} for me this time[, {date}], clear it off the schedule[, reason"
                ' "{message}"]',
            ),
            held_out=(
                "{title}[ on {date}] isn't happening. clear it away[ and explain that {message}]",
                "can you un-schedule {title}[ from {date}] please",
                "there's no point in keeping {title}[ on {date}] in there, wipe it",
            ),
        ),
        Tool(
            "list_events",
            "Show what is in the calendar on a day.",
            params=(
                req("when", WHICH_DAY, "Day or span of days, in the user's words"),
                opt("calendar", CALENDAR, "Only this calendar"),
            ),
            phrasings=(
                "what's on my[ {calendar}] calendar {when}?",
                "(show|list) my[ {calendar}] events for {when}",
                "what do i have {when}",
                "do i have anything[ in the {calendar} calendar] {when}?",
                "read me my[ {calendar}] agenda for {when}",
                "Which appointments do I have {when}?",
                "my day {when}, what does it look like?",
                "{when}: what's planned[ on the {calendar} side]?",
                "pull up the[ {calendar}] calendar for {when} pls",
                "am i busy {when}? list everything",
                "{when}, what am i in for",
                "run me through {when}[, just the {calendar} stuff]",
                "how full is {when}[ on the {calendar} side]",
                "is anything booked {when}[ in my {calendar} calendar]?",
                "my agenda, {when}[, {calendar} only]",
                "what have i let myself in for {when}",
                "before i say yes to my sister, what's on {when}?",
                "Kindly read me the appointments for {when}[ from the {calendar} calendar].",
                "{when}: busy or free? list it all",
            ),
            held_out=(
                "where do i need to be {when}?",
                "give me a rundown of {when}[, only {calendar} stuff]",
                "got anything on the books {when}?",
                "walk me through {when}",
            ),
        ),
        Tool(
            "find_free_slot",
            "Find a time when the user and other people are all free.",
            params=(
                req("people", listing(FIRST_NAME, 1, 3), "First names of the other people"),
                req("duration_min", DURATION_MIN, "Length needed, in minutes"),
                opt("day", WEEKDAY, "Only on this day of the week"),
                opt("earliest", CLOCK, "Not before this time of day, 24-hour HH:MM"),
                opt("latest", CLOCK, "Must be over by this time of day, 24-hour HH:MM"),
            ),
            phrasings=(
                "when (could|can) {people} and i meet for {duration_min}[ on {day}]?",
                "find {duration_min} with {people}[ on {day}][, not before {earliest}]",
                "find a slot for {people} and me, {duration_min}[, on {day}][, done by {latest}]",
                "i need {duration_min} with {people}[ {day}], when does everybody have time"
                "[ after {earliest}]?",
                "free slot, {people}, {duration_min}[, {day}]",
                "Could you look for a gap of {duration_min} that suits {people}[ on {day}]"
                "[, no earlier than {earliest}]?",
                "what time works for {people}[ on {day}]? it will take {duration_min}",
                "compare my calendar with {people}, looking for {duration_min} in common[, {day}]"
                "[, over by {latest}]",
                "is there a window of {duration_min} when {people} and me aren't busy[ on {day}]",
                "{people} and i need {duration_min} together, when does that work[ on"
                " {day}][, not before {earliest}][, done by {latest}]",
                "squeeze in {duration_min} with {people}[ {day}][, {earliest} at the soonest]",
                "when can {people} and me all make it for {duration_min}[ on a {day}]",
                "{duration_min}, {people}, me. which gap[ {day}][ ending {latest} at most]",
                "it's like herding cats: {people} plus myself, {duration_min}, find us an"
                " opening[ on {day}]",
                "Which hours would suit both me and {people} for a talk of {duration_min}[,"
                " {day} preferred and no other day][, finished before {latest}]?",
                "compare calendars with {people} and spot a hole of {duration_min}[, after"
                " {earliest}][, over by {latest}]",
                "i never know when everyone's around. need {people} for {duration_min}[, on {day}]",
            ),
            held_out=(
                "trying to get {people} in one room for {duration_min}"
                "[, ideally {day}], any openings?",
                "we need to talk, {people} and i. {duration_min} is enough.[ {day} only.]"
                " where's there a hole in our calendars[ before {latest}]?",
                "see when nobody is tied up: me plus {people}, {duration_min}[, {day}]"
                "[, from {earliest} on]",
            ),
        ),
        Tool(
            "invite_guests",
            "Invite people by e-mail to an event that is in the calendar.",
            params=(
                req("title", EVENT, "Title of the event, in the user's words"),
                req("emails", listing(EMAIL, 1, 3), "E-mail addresses of the guests"),
                opt(
                    "can_edit",
                    flag(
                        yes=["they may edit it", "let them make changes"],
                        no=["they can't edit it", "read-only for them"],
                    ),
                    "Whether guests may change the event",
                ),
            ),
            phrasings=(
                "invite {emails} to {title}[, {can_edit}]",
                "add {emails} (to|as guests of) {title}[, {can_edit}]",
                "send an invitation for {title} to {emails}",
                "{title} should include {emails}, invite them[ and {can_edit}]",
                "Please invite the following to {title}: {emails}.[ \\({can_edit}\\)]",
                "{emails} want to come to {title}, send the invite",
                "forgot somebody for {title}: {emails}. add[, {can_edit}]",
                "guest list of {title} += {emails}",
                "can you get {emails} onto the invite for {title}?",
                "{emails} should come to {title} too[, {can_edit}]",
                "get {title} into the inboxes of {emails} as an invitation[, {can_edit}]",
                "add to the guest list of {title}: {emails}[; {can_edit}]",
                "{title} would be lonely without {emails}. ask them along[, {can_edit}]",
                "share {title} with {emails}[ - {can_edit}]",
                "who's missing from {title}? right, {emails}. send them the invite",
                "Please extend an invitation to {title} to the following addresses:"
                " {emails}[; {can_edit}].",
                "{emails} >> guests, {title}[, {can_edit}]",
            ),
            held_out=(
                "loop in {emails} on {title}[, {can_edit}]",
                "who else should be at {title}? {emails}, so drop them an invite",
                "make sure {title} shows up for {emails} too[, {can_edit}]",
            ),
        ),
        Tool(
            "respond_to_invitation",
            "Answer an invitation to an event.",
            params=(
                req("title", EVENT, "Title of the event, in the user's words"),
                req(
                    "answer",
                    choice(
                        "yes",
                        "no",
                        "maybe",
                        spoken={
                            "yes": ["accept"],
                            "no": ["decline"],
                            "maybe": ["tentatively accept"],
                        },
                    ),
                    "The answer: yes, no or maybe",
                ),
                opt("message", REASON, "Note to the organiser, in the user's words"),
            ),
            phrasings=(
                "{answer} the invite to {title}",
                "{answer} {title}[ with the note: {message}]",
                "(say|reply) yes{answer=yes} to the {title} invitation",
                "i'll be there{answer=yes} for {title}, answer the invite",
                "can't come{answer=no} to {title}, tell them {message}",
                "(i'm not sure about|put me down as a maybe for) {title}{answer=maybe}, reply to"
                " the invite",
                'Please {answer} the invitation to {title}[ and write "{message}"].',
                "rsvp no{answer=no} to {title}[, because {message}]",
                "got an invite for {title}. {answer} it",
                "rsvp maybe{answer=maybe} for {title}",
                '{title}? {answer} it[, adding "{message}"]',
                "they want to know whether i'm coming to {title}: {answer}[ and say {message}]",
                "i got asked to {title}. {answer} on my behalf[, with the line: {message}]",
                "i'd rather eat glass than attend {title}, turn them down{answer=no}[ and"
                " blame it on {message}]",
                "can't promise anything about {title} yet, reply that i might{answer=maybe}",
                "with pleasure, {title}! let the host know i'll be there{answer=yes}",
                "sadly i have to miss {title}, send my regrets{answer=no}[: {message}]",
                "{answer} the invite called {title}",
            ),
            held_out=(
                "count me in{answer=yes} for {title}, let the organiser know",
                "i'll have to skip{answer=no} {title}, turn the invitation down[: {message}]",
                "they're waiting for my answer on {title}, it's a yes{answer=yes} from me",
                "might make it{answer=maybe} to {title}, might not, give them that answer",
            ),
        ),
        Tool(
            "add_birthday",
            "Save somebody's birthday so that it shows up every year.",
            params=(
                req(
                    "person",
                    record(name=PERSON, email=optional(EMAIL)),
                    "Whose birthday it is: full name, and e-mail address if given",
                ),
                req("date", BIRTHDATE, "Date of birth, YYYY-MM-DD"),
                opt("remind_days_before", integer(1, 14), "How many days ahead to remind the user"),
            ),
            phrasings=(
                "(save|add) {person.name}'s birthday, {date}[, remind me {remind_days_before}"
                " days before]",
                "{person.name}[ \\({person.email}\\)] was born on {date}, add the birthday",
                "birthday {person.name} {date}",
                "i keep forgetting {person.name}'s birthday. {date}. save it"
                "[ and warn me {remind_days_before} days ahead]",
                "Please store a birthday: {person.name}[, {person.email}], born {date}.",
                "put {person.name} in the birthday calendar with {date}"
                "[, reminder {remind_days_before} days earlier]",
                "new birthday entry. who: {person.name}[ <{person.email}>]. date of birth: {date}",
                "{date} is when {person.name} was born, keep that as a birthday",
                "{person.name} came into the world on {date}, don't let me miss it each"
                " year[, nudge me {remind_days_before} days before]",
                "born {date}: {person}. keep that[, heads-up {remind_days_before} days ahead]",
                "i always forget when {person.name} turns a year older. it's {date}, remember"
                " it for me",
                "{person}, b. {date}[, warn me {remind_days_before} days in advance]",
                "Please record that {person} celebrates on the anniversary of {date}[ and"
                " alert me {remind_days_before} days earlier].",
                "cake day of {person} = {date}[, i want {remind_days_before} days to buy a"
                " present]",
                "the baby is here!! {person.name}, {date}, so we blow out candles every year"
                " from now on",
                "{date} is when {person} was born[. tell me {remind_days_before} days early]",
            ),
            held_out=(
                "never miss {person.name} again: date of birth {date}"
                "[, poke me {remind_days_before} days in advance]",
                "{person.name} came into this world on {date}, i'd like cake every year. note it",
                "my friend {person.name}[, {person.email},] celebrates, born {date}; add to"
                " birthdays",
            ),
        ),
        Tool(
            "book_time_off",
            "Enter an absence from work in the team calendar.",
            params=(
                req("first_day", DATE, "First day away, YYYY-MM-DD"),
                req("days", integer(2, 20, unit="days"), "Number of working days away"),
                req("kind", HOLIDAY_KIND, "Kind of absence"),
                opt("cover", PERSON, "Full name of whoever stands in"),
            ),
            phrasings=(
                "book {days} of {kind} from {first_day}[, {cover} covers for me]",
                "i'll be on {kind} from {first_day} for {days}[ and {cover} stands in], enter it",
                "time off: {days} starting {first_day}, {kind}[, cover: {cover}]",
                "Please register my absence \\({kind}\\), {days}, as of {first_day}"
                "[; {cover} will cover].",
                "absent {first_day}, {days}, {kind}",
                "put me down for {kind}, first day {first_day}, {days}",
                "can you log {kind} for me? {days}, beginning {first_day}[, {cover} takes over]",
                "out of office entry, {kind}, {days} from {first_day}",
                "{first_day} is the first of {days} of {kind}, enter that[. {cover} has my cases]",
                "from {first_day} i'm not at work for {days}, it's {kind}[, {cover} steps in]",
                "{kind}, {days}, beginning {first_day}[, {cover} covers me]",
                "sun, sea and no laptop: {days} starting {first_day}{kind=vacation}, enter"
                " that for the team",
                "doctor says stay in bed from {first_day}, {days}{kind=sick_leave}[. {cover}"
                " takes my cases]",
                "the little one is due, so {first_day} onwards i take {days} as {kind}[;"
                " {cover} fills in]",
                "Please register my absence \\({kind}\\) of {days} as of {first_day}[, deputy:"
                " {cover}].",
                "tell the team calendar i'm away {first_day}, {days}, {kind}[, ask {cover}"
                " meanwhile]",
                "i can't be in the office for {days} after and including {first_day}. put it"
                " down as {kind}",
            ),
            held_out=(
                "don't expect me at work on {first_day}, back after {days}, it's {kind}"
                "[, ask {cover}]",
                "need to get away from my desk: {days} as {kind}, off from {first_day}",
                "tell the team calendar i'm gone {days} from {first_day}"
                "[, {cover} minds the shop], {kind}",
            ),
        ),
        Tool(
            "get_public_holidays",
            "List the public holidays that hold in a city.",
            params=(
                req("city", CITY, "City"),
                req("year", choice(2024, 2025, 2026, 2027, 2028), "Year"),
                opt("month", MONTH, "Only this month"),
            ),
            phrasings=(
                "(list|show|which are) the public holidays in {city} in[ {month}] {year}",
                "when are shops closed in {city}[ in {month}] {year}? list the holidays",
                "public holidays {city}[ {month}] {year}",
                "Which days are public holidays in {city} in[ {month}] {year}?",
                "i'm planning {year}[, mostly {month}], what bank holidays does {city} have?",
                "does {city} have any days off[ in {month}] in {year}?",
                "get me the bank holidays for {city}, {year}[, only {month}]",
                "we open an office in {city}, i need its official holidays for[ {month}] {year}",
                "when does {city} shut down in {year}[, {month} only]",
                "which days are bank holidays {year} in {city}[, i only care about {month}]",
                "{city} {year}, days nobody works[, {month}]",
                "i'm planning trips around long weekends: {city}, {year}[, month of {month}]",
                "do they have any national days off in {city}[ during {month}] {year}?",
                "Please tell me the statutory non-working days of {year} for {city}[ falling"
                " in {month}].",
                "shops closed in {city} on which dates[ in {month}] {year}",
                "are there feast days coming in {city}[, {month}] {year}, the official sort",
            ),
            held_out=(
                "which days does nobody work in {city}[ during {month}] in {year}?",
                "red-letter days for {city}, {year}[, {month} only]",
                "checking {year}[ \\({month}\\)]: what national holidays fall in {city}?",
            ),
        ),
        Tool(
            "create_booking_link",
            "Make a page where other people can book a meeting with the user.",
            params=(
                req("length_min", LENGTH, "Length of each meeting, in minutes"),
                req("days", listing(WEEKDAY, 1, 4), "Days of the week that are open for booking"),
                opt("max_per_day", integer(1, 8), "Most meetings on one day"),
                opt("video_url", URL, "Address of the video room"),
            ),
            phrasings=(
                "(make|create) a booking (link|page) for {length_min} minute meetings on {days}",
                "people should be able to book {length_min} min with me on {days}"
                "[, max {max_per_day} a day]",
                "booking page: {length_min} minutes, {days}[, at most {max_per_day} per day]"
                "[, room {video_url}]",
                "let others pick a {length_min}-minute slot on {days}[, video at {video_url}]",
                "Please set up a scheduling link with {length_min} minute slots, open on {days}"
                "[, no more than {max_per_day} daily].",
                "link so clients can book me {days}, {length_min} mins each"
                "[, limit {max_per_day}/day]",
                "office hours on {days}: a page with {length_min} minute appointments"
                "[ via {video_url}]",
                "i want a calendly-like link, {days}, {length_min} min[, {max_per_day} a day tops]",
                "let folks grab {length_min} minutes with me on {days}[, no more than"
                " {max_per_day} daily][, call via {video_url}]",
                "i'm sick of emailing back and forth. a page where people pick a {length_min}"
                " minute slot, {days}[, {max_per_day} a day at most]",
                "{days}, {length_min} min each, self-service appointments[, cap"
                " {max_per_day}][, room {video_url}]",
                "set up office hours anyone can sign up for: {length_min} minutes, {days}[,"
                " at {video_url}]",
                "Could you produce a scheduling page offering {length_min} minute meetings on"
                " {days}[, limited to {max_per_day} per day]?",
                "a url for clients so they book themselves in, {length_min} minutes long,"
                " open {days}[; max {max_per_day} a day]",
                "open up my {days} for sign-ups of {length_min} minutes[ over {video_url}]",
            ),
            held_out=(
                "tired of e-mail ping-pong, give me something to share where folks grab"
                " {length_min}"
                " minutes on {days}[, {max_per_day} a day at most]",
                "open up {days} for {length_min} minute chats anyone can reserve[, in {video_url}]",
                "students sign up for {length_min} minutes on {days}[, {max_per_day} per day],"
                " build the page",
            ),
        ),
    ),
)

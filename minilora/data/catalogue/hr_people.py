"""People at work: leave, hours, hiring, onboarding, expenses, emergency contacts, courses, pay."""

from minilora.data import made
from minilora.data.kinds import (
    CITY,
    CURRENCY,
    DATE,
    DATETIME,
    FIRST_NAME,
    PERSON,
    PHONE,
    Draw,
    choice,
    copied,
    flag,
    integer,
    listing,
    number,
    optional,
    record,
    said_as,
    span,
)
from minilora.data.material import Domain, Tool, opt, req
from minilora.data.numerals import number_word


def _pay(draw: Draw, lo: int, hi: int) -> tuple[int, str]:
    """Return a yearly pay of `lo` to `hi` thousand."""
    value = draw.rng.randint(lo * 2, hi * 2) * 500
    return value, draw.rng.choice([str(value), f"{value:,}", f"{value / 1000:g}k"])


def _raise(draw: Draw) -> tuple[float, str]:
    """Return a raise in percent."""
    half_points = draw.rng.randint(2, 36)
    value = half_points // 2 if half_points % 2 == 0 else half_points / 2
    return value, draw.rng.choice([f"{value}%", f"{value} percent", f"{value} per cent"])


def _hours(draw: Draw) -> tuple[float, str]:
    """Return hours worked in a week, in halves."""
    whole, half = draw.rng.randint(3, 42), draw.chance(0.4)
    if not half:
        return whole, draw.rng.choice([str(whole), str(whole), number_word(whole)])
    return whole + 0.5, draw.rng.choice([f"{whole}.5", f"{number_word(whole)} and a half"])


PROJECT = span(
    "Apollo", "website relaunch", "client Bergmann", "internal tooling", "Phase 2", "annual audit",
    "warehouse move", "R&D", "Nordlicht", "the Q3 campaign", "support rota", "ERP migration",
    "O'Keefe tower", "training material", "Projekt Süd",
)  # fmt: skip
JOB = span(
    "data engineer", "warehouse supervisor", "nurse", "junior accountant", "head of sales",
    "barista", "electrician", "UX researcher", "HR business partner", "truck driver",
    "office manager", "German-speaking support agent", "chef de partie",
    "site reliability engineer", "paralegal", "physiotherapist", "forklift operator", "copywriter",
)  # fmt: skip
COURSE = span(
    "first aid", "fire safety", "GDPR basics", "forklift licence", "Leading Remote Teams",
    "Excel for analysts", "unconscious bias", "Business Spanish B1", "negotiation skills",
    "Python for beginners", "food hygiene", "working at height", "presentation skills",
    "whistleblowing policy",
)  # fmt: skip
COST = span(
    "taxi to the airport", "two nights in Lyon", "lunch with the auditors", "a new headset",
    "train tickets", "parking", "conference fee", "farewell gift for Anna", "printer paper",
    "client dinner at Chez Léon", "mobile data abroad", "safety boots", "visa fee",
    "moderation cards",
)  # fmt: skip
LEAVE = choice(
    "vacation", "sick", "parental", "bereavement", "unpaid", "study",
    spoken={"vacation": ["vacation", "holiday", "annual"], "sick": ["sick", "medical"],
    "parental": ["parental"], "bereavement": ["bereavement", "compassionate"], "unpaid": ["unpaid"],
    "study": ["study", "educational"]},
)  # fmt: skip
DEPARTMENT = choice(
    "engineering", "finance", "marketing", "operations", "people", "sales", "legal",
    spoken={"people": ["people", "HR"], "finance": ["finance", "accounting"]},
)  # fmt: skip
CONTRACT = choice(
    "full_time", "part_time", "fixed_term", "internship",
    spoken={"full_time": ["full-time", "full time"], "part_time": ["part-time", "part time"],
    "fixed_term": ["fixed-term", "temporary"], "internship": ["internship", "trainee"]},
)  # fmt: skip
NEW_HIRE = record(name=PERSON, role=JOB, start_date=DATE, manager=optional(PERSON))
RELATIVE = record(
    name=PERSON, phone=PHONE, relationship=optional(choice("spouse", "parent", "sibling", "child",
    "friend", spoken={"spouse": ["husband", "wife"], "parent": ["mother", "dad", "father", "mum"],
    "sibling": ["sister", "brother"], "child": ["son", "daughter"],
    "friend": ["friend", "best friend"]})),
)  # fmt: skip
PAY_BAND = record(
    minimum=said_as({"type": "integer", "minimum": 0}, lambda draw: _pay(draw, 24, 48)),
    maximum=said_as({"type": "integer", "minimum": 0}, lambda draw: _pay(draw, 52, 140)),
)
RAISE = said_as({"type": "number", "minimum": 0}, _raise)
HOURS = said_as({"type": "number", "minimum": 0}, _hours)
COST_CENTER = copied(made.pattern("CC-####", "4###", "@@-##"), "code")
BILLABLE = flag(yes=["billable", "the client pays for it"], no=["not billable", "we can't bill it"])
REMOTE = flag(
    yes=["remote is fine", "working from home possible"], no=["on site only", "no remote work"],
)  # fmt: skip
STAGE = choice(
    "phone_screen", "technical", "panel", "final",
    spoken={"phone_screen": ["phone screen", "first phone"], "technical": ["technical", "coding"],
    "panel": ["panel"], "final": ["final", "last-round"]},
)  # fmt: skip
ROOM = choice(
    "room_a", "room_b", "video_call", spoken={"room_a": ["room A"], "room_b": ["room B"],
    "video_call": ["a video call", "video"]},
)  # fmt: skip
EQUIPMENT = listing(choice("laptop", "phone", "monitor", "headset", "badge", "tablet"), 1, 3)
FORMAT = choice(
    "online", "classroom", spoken={"online": ["online"],
    "classroom": ["in the classroom", "in person"]},
)  # fmt: skip
MANDATORY = flag(
    yes=["it's mandatory", "they have to"], no=["it's voluntary", "only if they want to"],
)  # fmt: skip
REASON = choice(
    "promotion", "merit", "cost_of_living", "market_adjustment", "retention",
    spoken={"merit": ["merit", "good performance"],
    "cost_of_living": ["cost of living", "inflation"]},
)  # fmt: skip

DOMAIN = Domain(
    name="hr_people",
    title="Human resources",
    tools=(
        Tool(
            "request_leave",
            "Apply for time off work.",
            params=(
                req("leave_type", LEAVE, "Kind of leave"),
                req("start_date", DATE, "First day off, YYYY-MM-DD"),
                req("working_days", integer(2, 25), "Number of working days"),
                opt("employee", PERSON, "Whose leave; left out means the user"),
                opt("substitute", FIRST_NAME, "Who covers meanwhile"),
            ),
            phrasings=(
                "{leave_type} leave for {working_days} days from {start_date}[, {substitute} "
                "covers for me]",
                "request {working_days} days of {leave_type} leave starting {start_date}[ for "
                "{employee}]",
                "I won't be in from {start_date} on, {working_days} working days, {leave_type} "
                "leave[; {substitute} will stand in]",
                "put {employee} down for {leave_type} leave, first day {start_date}, "
                "{working_days} days in all[, cover: {substitute}]",
                "We finally booked the trip! So {working_days} days off please, beginning "
                "{start_date}{leave_type=vacation}[. {substitute} knows my work]",
                "doctor says stay in bed: {working_days} days, counting from {start_date}. "
                "please hand that in as leave{leave_type=sick}",
                "Dear HR, I would like to apply for {leave_type} leave. It starts on "
                "{start_date} and takes {working_days} working days.[ {substitute} replaces "
                "me.]",
                "leave form / {leave_type} / {start_date} / {working_days} days[ / for "
                "{employee}][ / stand-in {substitute}]",
            ),
            held_out=(
                "count me out for {working_days} working days as of {start_date}, {leave_type} "
                "leave it is[, ask {substitute} while I'm gone]",
                "the baby comes soon, so I'd take {working_days} days starting "
                "{start_date}{leave_type=parental}[ and {substitute} has agreed to fill in]",
                "can {employee} be off from {start_date}? that'd be {working_days} days of "
                "{leave_type} leave",
            ),
        ),
        Tool(
            "submit_timesheet",
            "Report hours worked on a project in a week.",
            params=(
                req("week_starting", DATE, "First day of the week, YYYY-MM-DD"),
                req("project", PROJECT, "Project, as written"),
                req("hours", HOURS, "Hours worked"),
                opt("overtime_hours", number(1, 12, 1), "Hours beyond the normal ones"),
                opt("billable", BILLABLE, "Whether the customer is charged"),
            ),
            phrasings=(
                "timesheet for the week of {week_starting}: {hours} hours on {project}[, "
                "{overtime_hours} overtime][, {billable}]",
                "log {hours}h on {project}, week starting {week_starting}[, {billable}]",
                "I worked {hours} hours for {project} in the week beginning {week_starting}[ "
                "plus {overtime_hours} hours of overtime]",
                "week {week_starting}, {project}, {hours} hrs[, OT {overtime_hours}][, {billable}]",
                "Could you hand in my hours? {project}: {hours} in the week from "
                "{week_starting}[, and {overtime_hours} extra ones][. It's {billable}.]",
                "payroll keeps asking me for my hours. {hours} on {project}, the week that "
                "began {week_starting}[, {billable}]",
                "please book {hours} hours to {project}[ and {overtime_hours} as overtime] "
                "(week commencing|for the week of) {week_starting}",
            ),
            held_out=(
                "{project} ate {hours} hours of my week of {week_starting}[, with another "
                "{overtime_hours} on top after closing time][, {billable}]",
                "my time for the week that started {week_starting}, before I forget: {hours} "
                "h, {project}[, overtime {overtime_hours} h]",
                "report time spent, {project}, week of {week_starting}: {hours}[; {billable}]",
            ),
        ),
        Tool(
            "post_job_opening",
            "Publish a vacancy.",
            params=(
                req("title", JOB, "Job title, as written"),
                req("location", CITY, "City of the job"),
                opt("department", DEPARTMENT, "Department that hires"),
                opt("contract", CONTRACT, "Kind of contract"),
                opt("salary", PAY_BAND, "Yearly pay, lowest and highest"),
                opt("remote", REMOTE, "Whether it can be done from home"),
            ),
            phrasings=(
                "post a vacancy: {title} in {location}[, {contract}][, paying {salary.minimum} "
                "to {salary.maximum}][, {remote}]",
                "we're looking for a new {title} in {location}[ for the {department} "
                "department], publish the opening[, {remote}]",
                "job ad please. {title}, {location}[. {contract}][. salary "
                "{salary.minimum}-{salary.maximum}]",
                "{department} lost two people, so advertise the {title} position in "
                "{location}[( \\({contract}\\)|, {contract})]",
                "Could you put the role of {title} online? Place: {location}[, contract: "
                "{contract}][, band: {salary.minimum} up to {salary.maximum}][; {remote}].",
                "hiring {title}, {location}[, team {department}][, {remote}]",
                "open position for our {location} office, title {title}[, between "
                "{salary.minimum} and {salary.maximum} a year][, {contract}]",
            ),
            held_out=(
                "spread the word that {location} needs a {title}[, {remote}][, we can offer "
                "{salary.minimum} to {salary.maximum}]",
                "let's find ourselves a {title}[ for {department}]. {location} based[, "
                "{contract} contract]. Get the ad out",
                "advertise on the careers page: {location}, {title}[, {contract}][, pay range "
                "{salary.minimum} - {salary.maximum}]",
            ),
        ),
        Tool(
            "schedule_interview",
            "Set up a job interview with a candidate.",
            params=(
                req("candidate", PERSON, "Name of the candidate"),
                req("at", DATETIME, "When, YYYY-MM-DDTHH:MM"),
                req("stage", STAGE, "Round of the process"),
                opt("interviewers", listing(FIRST_NAME, 1, 3), "Colleagues taking part"),
                opt("room", ROOM, "Where it takes place"),
            ),
            phrasings=(
                "schedule a {stage} interview with {candidate} on {at}[, interviewers "
                "{interviewers}][, {room}]",
                "{candidate}, {stage} interview, {at}[, with {interviewers}]",
                "invite {candidate} to the {stage} interview {at}[ in {room}]",
                "we liked {candidate}! next is the {stage} interview, {at}[, {interviewers} "
                "should join]",
                "Please arrange for {candidate} to meet {interviewers} for the {stage} "
                "interview; {at} works[, {room}].",
                "set the {stage} round for {candidate}: {at}[ / {interviewers}][ / {room}]",
                "can {interviewers} talk to {candidate} {at}? it's the {stage} interview",
                "{at}: {stage} interview of the applicant {candidate}[, {room}], get it on "
                "everyone's agenda",
            ),
            held_out=(
                "{candidate} moves on to the {stage} interview. Pencil in {at}[ and bring "
                "{interviewers} along][, {room}]",
                "let's grill {candidate} in a {stage} interview {at}[, {interviewers} ask the "
                "questions]",
                "applicant {candidate} is free {at}, make that the {stage} conversation[; "
                "{room}][; {interviewers} sit in]",
            ),
        ),
        Tool(
            "start_onboarding",
            "Prepare everything for a new colleague's first day.",
            params=(
                req("hire", NEW_HIRE, "Name, role, first day (YYYY-MM-DD) and manager"),
                opt("equipment", EQUIPMENT, "Equipment to order"),
                opt("buddy", FIRST_NAME, "Colleague who helps in the first weeks"),
            ),
            phrasings=(
                "onboard {hire.name}, {hire.role}, starting {hire.start_date}[, manager "
                "{hire.manager}][, needs {equipment}]",
                "{hire.name} joins as {hire.role} on {hire.start_date}, start the onboarding[, "
                "buddy is {buddy}]",
                "new starter: {hire.name} / {hire.role} / {hire.start_date}[ / reports to "
                "{hire.manager}][ / {equipment}]",
                "the contract with {hire.name} is signed. Role {hire.role}, first day "
                "{hire.start_date}. Get everything ready[, including {equipment}][, {buddy} "
                "will look after them].",
                "Please prepare the arrival of {hire.name} (\\({hire.role}\\)|as {hire.role}) "
                "on {hire.start_date}[; {hire.manager} will be the boss][; equipment: "
                "{equipment}].",
                "our new {hire.role}, {hire.name}, begins {hire.start_date}[ under "
                "{hire.manager}], can you kick off the usual checklist[ with {buddy} as buddy]?",
                "welcome package and accounts for {hire.name}, who starts {hire.start_date} as "
                "{hire.role}[, {equipment} too]",
            ),
            held_out=(
                "{hire.start_date} is day one for {hire.name}, hired as {hire.role}[, "
                "{hire.manager} will be the manager]. Order whatever is missing[, above all "
                "{equipment}]",
                "we hired {hire.name}! {hire.role} from {hire.start_date}[, line manager "
                "{hire.manager}][, pair them up with {buddy}], set things in motion",
                "make sure {hire.name} finds a working account[ plus {equipment}] on "
                "{hire.start_date}; the job is {hire.role}",
            ),
        ),
        Tool(
            "submit_reimbursement_claim",
            "Ask the employer to pay back a work expense.",
            params=(
                req("amount", number(4, 900, 2), "Amount paid"),
                req("currency", CURRENCY, "Currency of the amount"),
                req("purpose", COST, "What it was for, copied as written"),
                opt("paid_on", DATE, "Day of payment, YYYY-MM-DD"),
                opt("cost_center", COST_CENTER, "Cost centre, as written"),
            ),
            phrasings=(
                "claim {amount} {currency} for {purpose}[, paid {paid_on}][, cost centre "
                "{cost_center}]",
                "I paid {amount} {currency} out of my own pocket for {purpose}[ on {paid_on}], "
                "please get it back for me",
                "expense claim: {purpose}, {amount} {currency}[, {cost_center}][, {paid_on}]",
                "Could the company reimburse {purpose}? I spent {amount} {currency}[ on "
                "{paid_on}][; book it on {cost_center}].",
                "{amount} {currency}, {purpose}[, cost center {cost_center}], I still have the "
                "receipt[ dated {paid_on}]",
                "need my money back from work: {purpose} was {amount} {currency}[, charge "
                "{cost_center}]",
                "hand in a receipt over {amount} {currency}[ from {paid_on}], reason {purpose}",
            ),
            held_out=(
                "work owes me {amount} {currency} because of {purpose}[, that was {paid_on}][, "
                "to be booked on {cost_center}]",
                "{purpose} came to {amount} {currency} and went on my private card[ "
                "{paid_on}]. Submit that, please[, on cost centre {cost_center}]",
                "how do I get back {amount} {currency}? it was for {purpose}[, cost centre "
                "{cost_center}]. just file it",
            ),
        ),
        Tool(
            "set_emergency_contact",
            "Store whom to call when something happens to an employee.",
            params=(
                req("contact", RELATIVE, "Name, phone number and relationship of the contact"),
                opt("employee", PERSON, "Whose contact; left out means the user"),
            ),
            phrasings=(
                "set my emergency contact to {contact.name}, {contact.phone}[, my "
                "{contact.relationship}]",
                "emergency contact for {employee}: {contact.name}, {contact.phone}[( "
                "\\({contact.relationship}\\)|, {contact.relationship})]",
                "if anything happens to me call {contact.name}[, that's my "
                "{contact.relationship},] on {contact.phone}. save that please",
                "I got a new phone for my emergency person: {contact.name}[, "
                "{contact.relationship}], now {contact.phone}",
                "Please note for {employee}: in an emergency {contact.name}[, the "
                "{contact.relationship},] should be called at {contact.phone}.",
                "in case of accident -> {contact.name}[ -> {contact.relationship}] -> "
                "{contact.phone}",
                "could HR keep {contact.name} on file as who to ring for {employee} when "
                "there's trouble? number {contact.phone}[, the {contact.relationship}]",
            ),
            held_out=(
                "should I faint at work, {contact.name}[, my {contact.relationship},] wants to "
                "know; {contact.phone}. Put it in my file",
                "next of kin details: {contact.name}[, {contact.relationship}], tel. "
                "{contact.phone}[, for {employee}]",
                "whom to ring if {employee} gets hurt: {contact.name}, reachable under "
                "{contact.phone}[, {contact.relationship}]",
            ),
        ),
        Tool(
            "enroll_in_training",
            "Sign employees up for a course.",
            params=(
                req("employees", listing(PERSON, 1, 3), "Names of the employees"),
                req("course", COURSE, "Name of the course, as written"),
                opt("complete_by", DATE, "Deadline, YYYY-MM-DD"),
                opt("format", FORMAT, "How the course is held"),
                opt("mandatory", MANDATORY, "Whether they must take part"),
            ),
            phrasings=(
                "enroll {employees} in {course}[, {format}][ by {complete_by}][, {mandatory}]",
                "sign {employees} up for the {course} course[, due {complete_by}][, {mandatory}]",
                "{employees}: {course}[ {format}][, finish before {complete_by}]",
                "the inspector found gaps, {employees} must learn {course}[ {format}][ no "
                "later than {complete_by}]",
                "Please register {employees} for '{course}'[; it has to be done by "
                "{complete_by}][; {mandatory}].",
                "could you get {employees} a place on {course}[, {format} if possible][, "
                "{mandatory}]?",
                "put {course} in the training plan of {employees}[, deadline {complete_by}]",
            ),
            held_out=(
                "{employees} could do with some {course}, book them on it[, {format}][, "
                "{mandatory}]",
                "who's missing from {course}? {employees}. add them[, to be completed "
                "{complete_by}]",
                "time for {employees} to go back to school: {course}[, taught {format}][, "
                "wrapped up by {complete_by}]",
            ),
        ),
        Tool(
            "adjust_salary",
            "Change an employee's pay by a percentage.",
            params=(
                req("employee", PERSON, "Name of the employee"),
                req("raise_percent", RAISE, "Raise in percent"),
                req("effective_date", DATE, "From this day, YYYY-MM-DD"),
                opt("reason", REASON, "Ground for the raise"),
            ),
            phrasings=(
                "raise {employee}'s salary by {raise_percent} from {effective_date}[, reason "
                "{reason}]",
                "{employee} gets {raise_percent} more as of {effective_date}[ because of {reason}]",
                "give {employee} a raise of {raise_percent} effective {effective_date}[( "
                "\\({reason}\\)|, {reason})]",
                "salary change: {employee}, +{raise_percent}, {effective_date}[, {reason}]",
                "Please increase the pay of {employee} by {raise_percent}, starting "
                "{effective_date}[; the ground is {reason}].",
                "the board agreed, {employee} earns {raise_percent} more beginning "
                "{effective_date}[, put {reason} as the reason]",
                "can we bump {employee}'s pay {raise_percent} on {effective_date}?[ it's for "
                "{reason}]",
            ),
            held_out=(
                "{employee} threatened to leave, so add {raise_percent} to the paycheck from "
                "{effective_date} onward[ and call it {reason}]",
                "good news for {employee}: from {effective_date} the wage goes up "
                "{raise_percent}[ on grounds of {reason}]. make it so in the system",
                "what {employee} makes should grow by {raise_percent} starting "
                "{effective_date}[, {reason}]",
            ),
        ),
    ),
)

"""Descriptions of people and the record to create: nested objects, lists, flags, enums."""

from minilora.data.kinds import (
    ADDRESS,
    BIRTHDATE,
    CITY,
    CLOCK,
    DATE,
    EMAIL,
    FIRST_NAME,
    LANGUAGE,
    MONEY,
    PERSON,
    PHONE,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import opt, req
from minilora.data.structured.scheme import Scheme, templates, terms

JOB = span(
    *terms("""
    nurse; carpenter; tax adviser; tram driver; biologist; barista; architect; violin teacher;
    firefighter; welder; librarian; pharmacist; game designer; farmer; translator; optician;
    roofer; judge; potter; midwife
""")
)

HOBBY = span(
    *terms("""
    chess; climbing; baking; birdwatching; karaoke; origami; sailing; boxing; knitting;
    geocaching; salsa; pottery; fencing; astronomy; gardening; surfing; jigsaw puzzles; archery;
    juggling; choir
""")
)

ALLERGY = span(
    *terms("""
    peanuts; chicken; pollen; penicillin; shellfish; latex; lactose; wasp stings; gluten; dust
    mites; soy; aspirin; strawberries; nickel
""")
)

COURSE = span(
    *terms("""
    Intro to Statistics; Welding Basics; Creative Writing; Spanish A2; Organic Chemistry; Web
    Design; Bookkeeping One; Watercolours; First Aid; Public Speaking; Beekeeping; Photography II;
    Latin for Beginners; Robotics Lab
""")
)

DINER_NOTE = span(
    *terms("""
    a table by the window; a high chair; a quiet corner; no stairs please; it's a birthday; one
    guest is vegan; we bring our own cake; outside if it's dry; a wheelchair needs space; close to
    the stage
""")
)

CUSTOMER = Scheme(
    name="customer_profile",
    task="record",
    instructions=(
        "Create a customer profile.",
        "Profile of a new customer.",
        "Customer record to store.",
    ),
    params=(
        req("name", PERSON, "Full name"),
        req("contact", record(email=EMAIL, phone=optional(PHONE)), "How to reach them"),
        opt("address", record(street=ADDRESS, city=CITY), "Postal address"),
        opt("born", BIRTHDATE, "Date of birth, YYYY-MM-DD"),
        opt(
            "newsletter",
            flag(
                yes=["wants the newsletter", "signed up for our newsletter"],
                no=["does not want any newsletter", "no newsletter for this one"],
            ),
            "Whether they get the newsletter",
        ),
        opt("tier", choice("basic", "silver", "gold"), "Membership"),
    ),
    names={
        "name": ("full_name", "customer"),
        "contact": ("contact_details", "reach"),
        "born": ("birth_date", "date_of_birth"),
        "newsletter": ("newsletter_opt_in", "subscribed"),
        "tier": ("membership", "level"),
    },
    phrasings=templates(r"""
- New customer {name}, {contact.email}[, {contact.phone}][, lives at {address.street} in
  {address.city}][, {tier} member].
- Please add {name} to the system. Mail: {contact.email}.[ Phone: {contact.phone}.][ Born on
  {born}.][ {newsletter}.]
- create a profile for {name} ({contact.email}|with {contact.email})[, address {address.street},
  {address.city}]
- Hi, my name is {name} and I'd like to become a customer. You can write to {contact.email}[ or
  call {contact.phone}]. [I was born on {born}.] [I live at {address.street}, {address.city}.]
- {name} called and {newsletter}. The mail address is {contact.email}[, the membership {tier}].
- put {name} in as {tier}, {contact.email}[, tel {contact.phone}]
- We have a new {tier} member: {name}, date of birth {born}, reachable under {contact.email}[ and
  {contact.phone}].
- From the form at the counter: {name}\n[{address.street},
  {address.city}\n]{contact.email}[\n{contact.phone}]
"""),
    held_out=templates(r"""
- Could you register {name}? Contact is {contact.email}[, by phone {contact.phone}].[
  {newsletter}.]
- {contact.email} belongs to {name}, who joined today[ as a {tier} member][ and was born {born}].
- a certain {name} of {address.street}, {address.city} wants an account, {contact.email}[, {tier}
  please]
"""),
)

EMPLOYEE = Scheme(
    name="employee",
    task="record",
    instructions=(
        "Create the employee record.",
        "Personnel record from the note.",
        "New hire, as an object.",
    ),
    params=(
        req("name", PERSON, "Full name"),
        req(
            "position",
            record(title=JOB, hours_per_week=optional(integer(8, 40, unit="hours"))),
            "What they do; hours are per week",
        ),
        opt("starts", DATE, "First day, YYYY-MM-DD"),
        opt("manager", PERSON, "Full name of the manager"),
        opt("languages", listing(LANGUAGE, 1, 3), "Languages spoken, as written"),
        opt(
            "remote",
            flag(
                yes=["will work remotely", "works from home"],
                no=["will be on site", "works at the office"],
            ),
            "Whether they work remotely",
        ),
    ),
    names={
        "name": ("full_name", "employee"),
        "position": ("job", "role"),
        "starts": ("start_date", "first_day"),
        "manager": ("reports_to", "supervisor"),
        "languages": ("speaks",),
        "remote": ("works_remotely",),
    },
    phrasings=templates(r"""
- {name} joins us as {position.title}[, {position.hours_per_week} a week][, from {starts}].[
  Manager: {manager}.]
- Please set up {name}, our new {position.title}. [First day is {starts}.] [Speaks {languages}.]
  [{name} {remote}.]
- we hired a {position.title}!! {name}[, starts {starts}][, reports to {manager}]
- HR note: {name} has been appointed {position.title}. [Weekly hours: {position.hours_per_week}.]
  [Languages: {languages}.]
- Record for {name}, {position.title}[, {remote}][, under {manager}]
- As agreed, {name} {remote} as a {position.title}[ for {position.hours_per_week} per week].
- The new {position.title} is called {name}[ and speaks {languages}].[ The contract begins on
  {starts}.]
- can you onboard {name}? job is {position.title}[, {position.hours_per_week} weekly][, boss
  {manager}]
"""),
    held_out=templates(r"""
- On {starts} a new colleague will start: {name}, {position.title}[, with {languages}].
- {manager} gets reinforcement from {name}, {position.title}[ at {position.hours_per_week} a
  week].
- Contract signed! {name} will be {position.title} and {remote}[, beginning {starts}].
"""),
)

RESERVATION = Scheme(
    name="table_reservation",
    task="record",
    instructions=("Create the table reservation.", "Booking record for the restaurant."),
    params=(
        req("guest", record(name=PERSON, phone=optional(PHONE)), "Who books"),
        req("date", DATE, "Day, YYYY-MM-DD"),
        req("time", CLOCK, "Time, 24-hour HH:MM"),
        req("people", integer(2, 14), "Number of people"),
        opt("seating", choice("inside", "terrace", "bar"), "Where they sit"),
        opt("requests", listing(DINER_NOTE, 1, 2), "Special wishes, as written"),
    ),
    names={
        "guest": ("booked_by", "customer"),
        "people": ("party_size", "guests", "persons"),
        "seating": ("area",),
        "requests": ("wishes", "notes"),
    },
    phrasings=templates(r"""
- A table for {people} on {date} at {time} please[, {seating}]. {guest.name}[, {guest.phone}]
- {guest.name} here. We'd be {people}, {date}, {time}.[ Wishes: {requests}.]
- book {guest.name} in: {date} {time}, party of {people}[, {seating}]
- Good evening, could I reserve for {people} people on {date}? We would arrive at {time}. The
  name is {guest.name}[, my number {guest.phone}].
- reservation {guest.name}, {people} persons, {date}, {time}[. note: {requests}]
- We are {people} and want to eat on the terrace on {date}, {time}.{seating=terrace}[ Call
  {guest.phone} if it rains.] Regards, {guest.name}
- Phone booking by {guest.name}[ \({guest.phone}\)] for {date}, {time}: {people} people[, seated
  {seating}].
- {date}. {time}. {people} hungry people. And {guest.name} pays.[ Please remember: {requests}.]
"""),
    held_out=templates(r"""
- Do you still have room for {people} on {date}, say {time}? I'm {guest.name}[, {guest.phone}].
- {guest.name} would like to dine with you on {date} at {time}, {people} in all[, {seating} if
  possible].
- table {date}, {time}, {people} ppl, {guest.name}[, wish: {requests}]
"""),
)

PATIENT = Scheme(
    name="camp_child",
    task="record",
    test_only=True,
    instructions=("Registration of a child for the holiday camp.", "Camp registration record."),
    params=(
        req("child", record(name=FIRST_NAME, age=integer(5, 15)), "The child"),
        req("guardian", record(name=PERSON, phone=PHONE), "Parent or guardian"),
        opt("allergies", listing(ALLERGY, 1, 3), "Allergies as written"),
        opt(
            "swims",
            flag(yes=["can swim", "swims well"], no=["cannot swim", "is not able to swim"]),
            "Whether the child swims",
        ),
        opt("hobbies", listing(HOBBY, 1, 3), "Hobbies as written"),
        opt("pickup", CLOCK, "When the child is collected, 24-hour HH:MM"),
    ),
    names={"guardian": ("parent",), "swims": ("can_swim",), "pickup": ("collected_at",)},
    phrasings=templates(r"""
- I'd like to sign up {child.name}, aged {child.age}. I'm {guardian.name}, {guardian.phone}.[
  Allergies: {allergies}.][ {child.name} {swims}.]
- {child.name} \({child.age}\) comes to camp, call {guardian.name} on {guardian.phone} in an
  emergency[. likes {hobbies}]
- Registration: {child.name}, {child.age} years. Guardian {guardian.name}, {guardian.phone}.
  [Pick-up at {pickup}.]
- my kid {child.name} is {child.age} and {swims}. {guardian.name}, {guardian.phone}[, allergic to
  {allergies}]
- Please add {child.name}, {child.age} years old[, who loves {hobbies}]. Parent: {guardian.name},
  phone {guardian.phone}.
- {guardian.name} registers {child.name}, age {child.age}. [No {allergies}, please!] [Will be
  fetched at {pickup}.] Mobile {guardian.phone}
"""),
    held_out=templates(r"""
- One more for the camp: {child.name}, {child.age}. [{child.name} {swims}.] Ask {guardian.name}
  at {guardian.phone} about the rest.
- Hello, {guardian.name} speaking. {child.name} turned {child.age} and would love to come.
  [Hobbies are {hobbies}.] My number: {guardian.phone}
- {child.age} year old {child.name}[, {swims}], guardian {guardian.name} {guardian.phone}
"""),
)

ENROLMENT = Scheme(
    name="course_enrolment",
    task="record",
    test_only=True,
    instructions=("Enrolment record.", "Enrol the student in the course."),
    params=(
        req("student", record(name=PERSON, email=EMAIL), "Who enrols"),
        req("course", COURSE, "Course as written"),
        opt("starts", DATE, "First lesson, YYYY-MM-DD"),
        opt("level", choice("beginner", "intermediate", "advanced"), "Level"),
        opt("fee", MONEY, "Fee, number only"),
        opt(
            "paid",
            flag(yes=["already paid", "has paid"], no=["not paid yet", "payment is missing"]),
            "Whether the fee is paid",
        ),
    ),
    names={"student": ("participant",), "starts": ("first_lesson",), "fee": ("price",)},
    phrasings=templates(r"""
- {student.name} wants to take {course}[ from {starts}]. Mail to {student.email}.[ The fee of
  {fee} is {paid}.]
- enrol {student.name} ({student.email}|at {student.email}) in {course}[, {level}]
- Please put me down for {course}! {student.name}, {student.email}[. level: {level}]
- {course}: {student.name}, {student.email}[, {level}][, {fee}][, {paid}]
- We welcome {student.name} to {course}[, which begins on {starts}]. Address for materials:
  {student.email}.
- student {student.name} joins {course} as {level}. {student.email}[, fee {fee}]
"""),
    held_out=templates(r"""
- One seat in {course} goes to {student.name}, {student.email}[. Starts on {starts}][. Costs
  {fee}].
- Can {student.name} still get into {course}? [Level {level}.] [The payment status: {paid}.]
  Reply to {student.email}.
- sign {student.name} up, {course}[, {starts}], write to {student.email}
"""),
)

ALL = (CUSTOMER, EMPLOYEE, RESERVATION, PATIENT, ENROLMENT)

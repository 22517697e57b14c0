"""Office mail and the object to read out of it: bills, vacancies, complaints, bug reports.

What a text does not say is absent from the answer, or null where the schema of the group asks for
every property. Strings are copied as written; dates and times have the format the schema names.
"""

from minilora.data.kinds import (
    CITY,
    COMPANY,
    DATE,
    EMAIL,
    INVOICE_ID,
    MONEY,
    ORDER_ID,
    PERSON,
    VERSION,
    choice,
    flag,
    integer,
    span,
)
from minilora.data.material import opt, req
from minilora.data.structured.scheme import Scheme, templates, terms

PRODUCT = span(
    *terms("""
    wireless headphones; coffee grinder; desk lamp; rain jacket; electric toothbrush; office
    chair; running shoes; air fryer; phone case; garden hose; yoga mat; bluetooth speaker; carr
    y-on suitcase; kids' bicycle; bread maker; steam iron; camping stove; graphics tablet; wool
    blanket; router
""")
)

FAULT = span(
    *terms("""
    it stopped working after two days; the box was empty; the zip broke the first time I used it;
    it arrived with a big scratch; the battery dies within an hour; it is the wrong size; one of
    the legs is missing; it makes a burning smell; the colour is nothing like the photo; the
    charger was not included; it leaks from the bottom; the screen flickers all the time; the
    instructions are only in Korean; it never turned on; the lid does not close
""")
)

JOB = span(
    *terms("""
    data engineer; night nurse; pastry chef; warehouse supervisor; maths teacher; frontend
    developer; dental assistant; delivery driver; legal secretary; florist; hotel receptionist;
    electrician; product designer; bookkeeper; lab technician; bus mechanic; store manager;
    copywriter; site foreman; speech therapist
""")
)

APP = span(
    *terms("""
    Notably; PayPal Lite; TrailMate; the banking app; Inkwell; ShopRunner; CalPal; FitLog;
    MailBird; Snapnote
""")
)

ERROR = span(
    *terms("""
    E-102; error 403; code 0x80F; ERR_TIMEOUT; error 17; E-5501; NullPointer; code 1009; SIGSEGV;
    HTTP 502
""")
)

INVOICE = Scheme(
    name="invoice",
    task="extract",
    instructions=(
        "Extract the invoice details from the mail.",
        "Read the invoice data out of this message.",
        "Fields of the bill mentioned in the text.",
    ),
    params=(
        req("supplier", COMPANY, "Who sent the invoice"),
        opt("invoice_number", INVOICE_ID, "Invoice number as written"),
        req("amount", MONEY, "Total amount, number only"),
        opt("due_date", DATE, "Payment deadline, YYYY-MM-DD"),
        opt(
            "paid",
            flag(
                yes=["it is already paid", "we paid it last week", "payment has gone out"],
                no=["it is still open", "this one is not paid yet", "nobody has paid it so far"],
            ),
            "Whether it has been paid",
        ),
    ),
    names={
        "supplier": ("vendor", "issuer", "company"),
        "invoice_number": ("invoice_no", "reference", "number"),
        "amount": ("total", "total_amount", "amount_due"),
        "due_date": ("due", "pay_by", "payment_due"),
        "paid": ("is_paid", "settled"),
    },
    phrasings=templates(r"""
- Hi, please find attached invoice[ {invoice_number}] from {supplier} over {amount}.[ It is due
  on {due_date}.] Best regards
- (Hello|Hi) team, {supplier} sent us a bill for {amount}[, number {invoice_number}][, to be
  settled by {due_date}]. [As far as I can see {paid}.]
- we got another invoice from {supplier}. {amount} this time[, due {due_date}][ (ref|reference)
  {invoice_number}]
- Dear Sir or Madam,\nthe amount of {amount} for our services falls due[ on {due_date}]. [Please
  quote {invoice_number} with your payment.]\nKind regards,\n{supplier} accounts department
- fyi {supplier} wants {amount} from us[, deadline {due_date}]. [{paid}.]
- Reminder: {supplier} has not received {amount} for invoice {invoice_number}.[ The deadline was
  {due_date}.] Could someone have a look?
- Forwarding this from {supplier}. Total {amount}[, payable until {due_date}].[ Invoice no.
  {invoice_number}.][ {paid}, just so you know.]
- Can you check the {supplier} invoice? The total says {amount}, I thought we agreed on less.[
  It's number {invoice_number}.][ They want it by {due_date}.]
- Invoice {invoice_number} / {supplier} / {amount}[ / due {due_date}]
- The plumber's office, {supplier}, finally billed us: {amount}. [We have until {due_date}.]
  [{paid}.]
"""),
    held_out=templates(r"""
- Quick one for accounting: {supplier}, {amount}[, number {invoice_number}][, pay before
  {due_date}]. Thanks!
- I opened the post and there was a letter by {supplier} asking for {amount}.[ It carries the
  number {invoice_number}.][ Apparently we must transfer it no later than {due_date}.]
- You should see {amount} leaving the account soon, that's for {supplier}[, their invoice
  {invoice_number}].[ Latest day is {due_date}.]
- Statement of account from {supplier}\nOpen balance: {amount}[\nDocument:
  {invoice_number}][\nPayable by: {due_date}]
"""),
)

JOB_AD = Scheme(
    name="job_advert",
    task="extract",
    instructions=(
        "Extract the job offer.",
        "Turn the advert into a job record.",
        "What the vacancy says, as an object.",
    ),
    params=(
        req("title", JOB, "Job title as written"),
        req("company", COMPANY, "Employer"),
        opt("city", CITY, "Where the job is"),
        opt("salary", integer(24000, 98000, unit="a year"), "Yearly salary, number only"),
        opt(
            "contract",
            choice(
                "full_time",
                "part_time",
                "internship",
                "freelance",
                spoken={
                    "full_time": ["full-time", "full time"],
                    "part_time": ["part-time", "part time"],
                    "internship": ["internship", "as an internship"],
                    "freelance": ["freelance"],
                },
            ),
            "Kind of contract",
        ),
        opt(
            "remote",
            flag(
                yes=[
                    "working from home is fine",
                    "the job is fully remote",
                    "you can work remotely",
                ],
                no=["no remote work", "you must be on site", "this is an on-site job"],
            ),
            "Whether remote work is possible",
        ),
        opt("email", EMAIL, "Where to apply"),
    ),
    names={
        "title": ("position", "role", "job_title"),
        "company": ("employer", "organisation"),
        "city": ("location", "place"),
        "salary": ("salary_year", "yearly_pay"),
        "contract": ("contract_type", "employment"),
        "remote": ("remote_possible", "is_remote"),
        "email": ("apply_to", "contact_email"),
    },
    phrasings=templates(r"""
- {company} is looking for a {title}[ in {city}][ \({contract}\)].[ We pay {salary}.][ Send your
  CV to {email}.]
- We're hiring! {title}[, {contract}][, based in {city}]. [{remote}.] Join the {company} family[
  - write to {email}].
- saw this today: {company} needs a {title}[, around {salary}][, {city}]. might be something for
  your sister
- Vacancy: {title}\nEmployer: {company}[\nPlace: {city}][\nType: {contract}][\nApplications:
  {email}]
- Do you love what you do? {company} wants you as a {title}. [The position is {contract}.]
  [Salary {salary}.] [And {remote}.]
- Our client {company} seeks an experienced {title} to start as soon as possible[ at its {city}
  office].[ Compensation is {salary}.][ Please apply via {email}.]
- Know any good {title}? Over at {company}[ in {city}] they are desperate. [{contract} I think.]
  [{remote}.]
- The {company} team is growing, and the next one to join could be you: {title}[, {contract}].
  [Note that {remote}.] [Questions go to {email}.]
"""),
    held_out=templates(r"""
- Wanted at {company}: one {title}[, {contract}].[ Desk in {city}.][ Pay: {salary}.]
- My old boss at {company} asked if I knew a {title}. [He says {remote}.] [It pays {salary}.]
  [Mail him at {email} if you want it.]
- {title} wanted[ for {city}]! After thirty years in business {company} still grows. [You would
  be employed {contract}.] [CVs: {email}]
"""),
)

COMPLAINT = Scheme(
    name="complaint",
    task="extract",
    instructions=(
        "Summarise the complaint as an object.",
        "Extract what the customer complains about.",
        "Complaint form filled from the message.",
    ),
    params=(
        req("product", PRODUCT, "Product as written"),
        req("problem", FAULT, "What is wrong, in the customer's words"),
        opt("order_id", ORDER_ID, "Order number"),
        opt(
            "wants",
            choice(
                "refund",
                "replacement",
                "repair",
                spoken={
                    "refund": ["my money back", "a refund"],
                    "replacement": ["a new one", "a replacement"],
                    "repair": ["it repaired", "it fixed"],
                },
            ),
            "What the customer asks for",
        ),
        opt("customer", PERSON, "Name of the customer"),
    ),
    names={
        "product": ("item", "article"),
        "problem": ("issue", "fault", "defect"),
        "order_id": ("order", "order_number"),
        "wants": ("requested", "resolution", "demand"),
        "customer": ("name", "customer_name", "from"),
    },
    phrasings=templates(r"""
- Hello, I bought a {product} from you[ \(order {order_id}\)] and {problem}. [I want {wants}.]
  [Regards, {customer}]
- Really disappointed. {problem}, and I only had the {product} for a week!!! [Order {order_id}.]
  [Please give me {wants}.]
- hey, about the {product}[, order no {order_id}]: {problem}. [can i get {wants}?]
- Dear customer service,\nunfortunately {problem}. I am talking about the {product}[ from order
  {order_id}]. [I would like to have {wants}.]\n[Sincerely,\n{customer}]
- My name is {customer}. The {product} I ordered is no good, {problem}.[ I expect {wants}.]
- Third mail about the same {product}. {problem} and nobody answers.[ The order number is
  {order_id}, as I said before.][ By now I just want {wants}.]
- {problem}. That's the {product} you sent me last month[, see {order_id}]. What now?
- Can somebody help? Got the {product} as a present and {problem}[, so I'd like {wants}].
  [Thanks, {customer}]
"""),
    held_out=templates(r"""
- So the {product} came today[ \({order_id}\)]. Guess what: {problem}. [All I ask is {wants}.]
- I never write complaints, but {problem}, which is not what one expects of a new {product}.
  [You'll find it under {order_id}.] [Kindly arrange {wants}.] [{customer}]
- one star. the {product}?? {problem}. [{wants} please] [- {customer}]
"""),
)

BUG = Scheme(
    name="bug_report",
    task="extract",
    instructions=(
        "Fill the bug report from the message.",
        "Extract the software problem.",
        "Bug ticket data.",
    ),
    params=(
        req("app", APP, "Program as written"),
        opt("version", VERSION, "Version as written"),
        opt(
            "platform",
            choice(
                "android",
                "ios",
                "windows",
                "macos",
                "web",
                spoken={
                    "android": ["Android", "my Android phone"],
                    "ios": ["my iPhone", "iOS"],
                    "windows": ["Windows", "my Windows PC"],
                    "macos": ["my Mac", "macOS"],
                    "web": ["the browser", "the web version"],
                },
            ),
            "Where it runs",
        ),
        opt("error", ERROR, "Error as written"),
        req(
            "what",
            span(
                *terms("""
    it crashes on start; the sync never finishes; photos come out upside down; the search finds
    nothing; notifications arrive twice; the export is empty; it logs me out every hour; the dark
    mode is unreadable; sounds are missing; the map stays grey; the keyboard covers the input;
    dates are off by one day; the save button does nothing; it drains the battery
""")
            ),
            "What goes wrong, as written",
        ),
        opt(
            "reproducible",
            flag(
                yes=["it happens every time", "I can reproduce it"],
                no=["it only happened once", "I can't reproduce it"],
            ),
            "Whether it happens again",
        ),
    ),
    names={
        "app": ("application", "product", "program"),
        "version": ("app_version", "release"),
        "platform": ("os", "system"),
        "error": ("error_code", "message"),
        "what": ("problem", "description", "symptom"),
        "reproducible": ("repeatable", "happens_again"),
    },
    phrasings=templates(r"""
- Since the last update {app}[ {version}] is unusable: {what}.[ It says {error}.][ I'm on
  {platform}.]
- {app}[ on {platform}] - {what}. [{reproducible}.] [Version is {version}.]
- Hello support, there is a problem with {app}[ \(version {version}\)]: {what}.[ I see {error} on
  the screen.][ {reproducible}.]
- {what}!! I use {app} on {platform}[ and get {error}]. fix pls
- hi devs, {app} again. {what}[, always with {error}].[ running {version}][ on {platform}]
- Bug in {app}\n{what}[\nPlatform: {platform}][\nVersion: {version}][\nError: {error}]
- Not sure if this is known, but with {app}[ {version}] {what}. [{reproducible} though.]
- I have been a happy user of {app} for years, now {what} and I can't work. [{platform} here.]
  [{error} is all it tells me.]
"""),
    held_out=templates(r"""
- Heads up: {what}. App: {app}[, {version}][, seen on {platform}].
- Could you look at {app} please? For me {what}[, then {error} pops up]. [{reproducible}.]
- Reinstalled {app} twice, same thing, {what}. [{platform}.] [Build {version}.]
"""),
)

ALL = (INVOICE, JOB_AD, COMPLAINT, BUG)

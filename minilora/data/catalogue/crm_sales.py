"""Sales: leads, deals, quotes, calls, account owners, follow-ups, e-mail sequences, forecasts."""

from minilora.data.kinds import (
    COMPANY,
    DATE,
    DURATION_MIN,
    EMAIL,
    PERCENT,
    PERSON,
    PHONE,
    WHEN,
    Draw,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    said_as,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

DEAL = span(
    "Northwind renewal", "the Lindgren fleet deal", "Acme phase 2", "pilot with Grupo Solaris",
    "Kowalski & Daughters upgrade", "Harbor Hotels rollout", "500 seats for Tessera", "Q4 hardware",
    "O'Malley Brewing starter plan", "Zürich hospital tender", "Fuji expansion", "Bluebird",
    "data add-on for Quark Labs", "school district licence", "Petrov logistics", "Delta Freight",
)  # fmt: skip
SALES_NOTE = span(
    "wants a demo for the whole team", "budget is frozen until summer", "asked about SSO",
    "prefers e-mail", "they already use a rival tool", "very happy with the pilot", "too expensive",
    "loved the reporting part", "needs sign-off from legal", "call back after the holidays",
    "send case studies from retail", "decision maker is on leave", "asked for references in Spain",
    "n'est pas intéressé", "renews in autumn",
)  # fmt: skip


def _deal_value(draw: Draw) -> tuple[int, str]:
    """Return what a deal is worth, in dollars, as salespeople say it."""
    value = draw.rng.choice([draw.rng.randint(2, 90) * 500, draw.rng.randint(5, 95) * 10_000])
    ways = [f"${value:,}", f"${value}", f"{value:,} dollars", f"{value / 1000:g}k"]
    ways += [f"${value / 1000:g}k", f"{value / 1000:g} thousand dollars"]
    return value, draw.rng.choice(ways)


def _discount(draw: Draw) -> tuple[float, str]:
    """Return a discount in percent."""
    value = draw.weighted((4, draw.rng.randint(1, 8) * 5), (2, draw.rng.randint(2, 40)), (1, 7.5))
    return value, draw.rng.choice([f"{value}%", f"{value}%", f"{value} percent"])


DEAL_VALUE = said_as({"type": "number", "minimum": 0}, _deal_value)
PRODUCT = span(
    "Team plan", "Enterprise licence", "onboarding package", "Starter kit", "API add-on",
    "POS terminal", "premium support", "training day", "sensor bundle", "Analytics Pro",
    "label printer X200", "storage extension", "white-label app", "Kaffeemaschine Pro 3",
)  # fmt: skip
DISCOUNT = said_as({"type": "number", "minimum": 0}, _discount)
SEQUENCE = span(
    "Spring reactivation", "Trial day 1-14", "Webinar follow-up", "Cold intro EMEA", "Win-back",
    "Trade fair leads", "Partner welcome", "Upsell Pro", "Black Friday warm-up", "New in Canada",
    "Post-demo nurture", "Renewal reminder 90 days",
)  # fmt: skip
REGION = choice(
    "north_america", "europe", "asia_pacific", "latin_america", "middle_east_africa",
    spoken={"north_america": ["North America", "the US and Canada"], "europe": ["Europe"],
    "asia_pacific": ["APAC", "Asia Pacific"], "latin_america": ["Latin America", "LATAM"],
    "middle_east_africa": ["the Middle East and Africa", "MEA"]},
)  # fmt: skip
LEAD = record(name=PERSON, company=COMPANY, email=optional(EMAIL), phone=optional(PHONE))
SOURCE = choice(
    "website", "trade_fair", "referral", "cold_call", "webinar",
    spoken={"website": ["the website", "our website"], "trade_fair": ["the trade fair", "the fair"],
    "referral": ["a referral"], "cold_call": ["a cold call"], "webinar": ["the webinar"]},
)  # fmt: skip
STAGE = choice(
    "qualified", "proposal_sent", "negotiation", "closed_won", "closed_lost",
    spoken={"closed_won": ["closed won", "won"], "closed_lost": ["closed lost", "lost"]},
)  # fmt: skip
OUTCOME = choice(
    "connected", "voicemail", "no_answer", "wrong_number",
    spoken={"connected": ["we talked", "got through"],
    "voicemail": ["left a voicemail", "voicemail"], "no_answer": ["nobody picked up", "no answer"],
    "wrong_number": ["wrong number"]},
)  # fmt: skip
NOTIFY_CUSTOMER = flag(
    yes=["tell the customer too", "and let the customer know"],
    no=["don't tell the customer", "without telling the customer"],
)  # fmt: skip
ACTION = choice(
    "call", "email", "demo", "visit", spoken={"call": ["call", "phone call"],
    "email": ["follow-up email", "follow-up e-mail"], "demo": ["demo", "product demo"],
    "visit": ["visit", "site visit"]},
)  # fmt: skip
SKIP_WEEKENDS = flag(
    yes=["skipping weekends", "no mails on weekends"], no=["weekends included", "weekends too"],
)  # fmt: skip
PERIOD = choice("this_month", "next_month", "this_quarter", "next_quarter", "this_year")

DOMAIN = Domain(
    name="crm_sales",
    title="Customers and sales",
    tools=(
        Tool(
            "create_lead",
            "Add a new sales lead with contact details.",
            params=(
                req("lead", LEAD, "Name, company, e-mail address and phone number of the lead"),
                opt("source", SOURCE, "Where the lead came from"),
            ),
            phrasings=(
                "new lead: {lead.name}, {lead.company}[, {lead.email}][, {lead.phone}][, via "
                "{source}]",
                "add {lead.name} from {lead.company} as a lead[, phone {lead.phone}][, came "
                "through {source}]",
                "I just met {lead.name} of {lead.company}, put them in the CRM[. mail: "
                "{lead.email}][. tel: {lead.phone}]",
                "create a lead for {lead.name} \\({lead.company}\\)[, e-mail {lead.email}][, "
                "source is {source}]",
                "somebody called {lead.name} at {lead.company} wants to hear from us[, reach "
                "them on {lead.phone}][, we got them through {source}]. Save the contact as a "
                "lead please.",
                "Could you enter {lead.name} as a prospect? Works for {lead.company}[, "
                "{lead.email}][, number {lead.phone}].",
                "{source} brought us {lead.name} of {lead.company}[( \\({lead.email}\\)|, "
                "{lead.email})], make it a new lead",
                "fresh prospect {lead.name}, company {lead.company}[, email {lead.email}][, "
                "call {lead.phone}]",
            ),
            held_out=(
                "got a business card here: {lead.name}, {lead.company}[, {lead.phone}][, "
                "{lead.email}]. into the pipeline with it[, from {source}]",
                "{lead.company} is interested, the person to talk to is {lead.name}[, "
                "{lead.email}]. We don't have them on file yet, so please register them[, "
                "origin: {source}]",
                "don't let me lose {lead.name} from {lead.company}[, number's {lead.phone}], "
                "start a lead record",
            ),
        ),
        Tool(
            "update_deal_stage",
            "Move a deal to another stage of the pipeline.",
            params=(
                req("deal", DEAL, "Name of the deal, as written"),
                req("stage", STAGE, "New stage"),
                opt("note", SALES_NOTE, "Remark, copied as written"),
            ),
            phrasings=(
                "move {deal} to {stage}[, note: {note}]",
                "mark {deal} as {stage}[, {note}]",
                "set the stage of '{deal}' to {stage}[ and add the remark \"{note}\"]",
                "we signed! {deal} is won{stage=closed_won}[, remark: {note}]",
                "sadly they went with somebody else, so {deal} is lost{stage=closed_lost}[. "
                "reason: {note}]",
                "{deal}: {stage}[; {note}]",
                "Please update the pipeline, {deal} has reached {stage}[, comment: {note}]",
                "the proposal for {deal} went out this morning, update the "
                "stage{stage=proposal_sent}[, and write down: {note}]",
                "could you push {deal} along to {stage}?[ note for the file: {note}]",
            ),
            held_out=(
                "{deal} can be crossed off, we didn't get it{stage=closed_lost}[. for the "
                "file: {note}]",
                "pop the champagne, {deal} came through{stage=closed_won}[. leave a comment "
                "saying {note}]",
                "in the funnel, {deal} belongs under {stage} now[, comment: {note}]",
            ),
        ),
        Tool(
            "create_opportunity",
            "Open a new deal with a company.",
            params=(
                req("company", COMPANY, "Company the deal is with"),
                req("value", DEAL_VALUE, "Expected amount in dollars"),
                opt("product", PRODUCT, "Product, as written"),
                opt("expected_close", DATE, "Expected closing date, YYYY-MM-DD"),
                opt("probability_percent", PERCENT, "Chance of winning in percent"),
            ),
            phrasings=(
                "create an opportunity for {company} worth {value}[, {product}][, closing "
                "{expected_close}]",
                "new deal with {company}: {value}[, probability {probability_percent}][, "
                "product {product}]",
                "{company} may spend {value} with us[ on the {product}], open an opportunity[ "
                "with close date {expected_close}]",
                "add {company} to the pipeline at {value}[, {probability_percent} likely]",
                "Please open a deal. Company {company}, amount {value}[, item {product}][, "
                "expected to close on {expected_close}].",
                "I smell money: {company}, about {value}[ for the {product}][, I'd say "
                "{probability_percent}]. start a deal for it",
                "could you track a possible sale of {value} to {company}[, decision by "
                "{expected_close}]?",
                "opportunity, {company}, {value}[, {expected_close}][, {probability_percent}]",
            ),
            held_out=(
                "there is {value} in it for us at {company}[ if they take the {product}], get "
                "it into the funnel[, chances {probability_percent}]",
                "we started talking with {company} about something like {value}[, they decide "
                "by {expected_close}]. set up the deal",
                "book {company} as potential business of {value}[, a {product}][ with "
                "{probability_percent} odds]",
            ),
        ),
        Tool(
            "log_sales_call",
            "Record that a phone call with a contact took place.",
            params=(
                req("contact", PERSON, "Name of the contact"),
                req("outcome", OUTCOME, "How the call ended"),
                opt("duration_minutes", DURATION_MIN, "Length in minutes"),
                opt("summary", SALES_NOTE, "What was said, copied as written"),
            ),
            phrasings=(
                "log a call with {contact}, {outcome}[, {duration_minutes}][, summary: {summary}]",
                "called {contact}: {outcome}[. {summary}]",
                "I rang {contact}, {outcome}[, note that {summary}]. put it in the log",
                "record my call to {contact} (\\({outcome}\\)|as {outcome})[, it lasted "
                "{duration_minutes}]",
                "Just off the phone with {contact}, please log it{outcome=connected}[, took "
                "{duration_minutes}][. summary: {summary}]",
                "spoke to {contact} on the phone[ for {duration_minutes}], enter that in the "
                "history{outcome=connected}[; {summary}]",
                "tried {contact}, only the machine, left a message. log it "
                "please{outcome=voicemail}",
                "call log entry / {contact} / {outcome}[ / {duration_minutes}][ / {summary}]",
            ),
            held_out=(
                "for the activity history: phoned {contact}, {outcome}[, {duration_minutes} on "
                "the line]",
                "{contact} didn't pick up when I phoned, add that to the "
                "records{outcome=no_answer}",
                "had {contact} on the line[ for {duration_minutes}], write that down as a "
                "call{outcome=connected}[, gist: {summary}]",
            ),
        ),
        Tool(
            "assign_account",
            "Make a salesperson responsible for an account.",
            params=(
                req("account", COMPANY, "Company name"),
                req("owner", PERSON, "Salesperson who takes over"),
                opt("effective_date", DATE, "From this date, YYYY-MM-DD"),
                opt("notify_customer", NOTIFY_CUSTOMER, "Whether the customer is told"),
            ),
            phrasings=(
                "assign {account} to {owner}[ from {effective_date}][, {notify_customer}]",
                "{owner} takes over {account}[ on {effective_date}][, {notify_customer}]",
                "make {owner} the owner of the {account} account[, {notify_customer}]",
                "hand {account} to {owner}[ starting {effective_date}]",
                "Please transfer responsibility for {account} to {owner}[, effective "
                "{effective_date}][, {notify_customer}].",
                "who looks after {account}? it should be {owner}[ as of {effective_date}][, "
                "{notify_customer}]",
                "account owner change: {account} -> {owner}[, {effective_date}]",
                "could {owner} look after {account}[ beginning {effective_date}]? change the "
                "owner[, {notify_customer}]",
            ),
            held_out=(
                "from now on {account} is {owner}'s baby[, {notify_customer}]",
                "the rep for {account} has left, give it to {owner}[ by {effective_date}]",
                "put {owner} in charge of everything to do with {account}[, "
                "{notify_customer}][, counting from {effective_date}]",
            ),
        ),
        Tool(
            "build_quote",
            "Draw up a price quote for a customer.",
            params=(
                req("customer", COMPANY, "Company that asked"),
                req("product", PRODUCT, "Product, as written"),
                req("quantity", integer(2, 500), "How many"),
                opt("discount_percent", DISCOUNT, "Discount in percent"),
                opt("valid_until", DATE, "Last day the quote holds, YYYY-MM-DD"),
            ),
            phrasings=(
                "quote {customer} for {quantity} x {product}[ with {discount_percent} off][, "
                "valid until {valid_until}]",
                "make a quote for {customer}: {product}, quantity {quantity}[, discount "
                "{discount_percent}]",
                "{customer} asked what {quantity} of the {product} would cost, prepare an "
                "offer[ at {discount_percent} discount][ good till {valid_until}]",
                "I need a price offer. {customer}, {quantity} units of {product}[, minus "
                "{discount_percent}][, expiring {valid_until}]",
                "Could you write {customer} a quotation, {quantity} times {product}[, knocking "
                "off {discount_percent}]?",
                "price sheet for {customer}, {product} times {quantity}[, less "
                "{discount_percent}][, holds to {valid_until}]",
                "draft quote > {customer} > {product} > qty {quantity}[ > {discount_percent} "
                "discount]",
                "please prepare an offer to {customer} covering {quantity} pieces of "
                "{product}[; it expires on {valid_until}]",
            ),
            held_out=(
                "how much would we charge {customer} for {product}, {quantity} of them[, "
                "{discount_percent} rebate]? put it in writing as a quote[ and let it lapse "
                "{valid_until}]",
                "{customer} want {quantity} times {product} and a price on paper[, I promised "
                "{discount_percent} off]",
                "an estimate goes out to {customer}: {quantity} {product}[, they get "
                "{discount_percent} off][, binding through {valid_until}]",
            ),
        ),
        Tool(
            "set_follow_up_task",
            "Plan the next step with a contact.",
            params=(
                req("contact", PERSON, "Name of the contact"),
                req("action", ACTION, "Kind of next step"),
                req("when", WHEN, "When, in the user's own words"),
                opt("note", SALES_NOTE, "Remark, copied as written"),
            ),
            phrasings=(
                "follow up with {contact} {when}, {action}[, note: {note}]",
                "next step for {contact}: {action}, {when}[( \\({note}\\)|, {note})]",
                "I have to do a {action} with {contact} {when}, make it a task[. {note}]",
                "plan a {action} for {contact} {when}[ with the remark '{note}']",
                "Please put a follow-up on my list: {contact}, {action}, {when}[, remark {note}].",
                "task: {action} {contact} {when}[; {note}]",
                "so that {contact} isn't forgotten, schedule a {action} as next step {when}[, "
                "memo: {note}]",
                "I should drop by {contact}'s office {when}, add the task{action=visit}[. "
                "background: {note}]",
            ),
            held_out=(
                "I promised {contact} a {action} {when}, hold me to it[. context: {note}]",
                "ring {contact} back {when}, add that to my sales to-dos{action=call}[, {note}]",
                "the ball is in our court with {contact}: {action} {when}[, keep in mind: {note}]",
            ),
        ),
        Tool(
            "add_to_email_sequence",
            "Enrol contacts in an automatic series of e-mails.",
            params=(
                req("contacts", listing(EMAIL, 1, 3), "E-mail addresses"),
                req("sequence", SEQUENCE, "Name of the sequence, as written"),
                opt("start_date", DATE, "Day of the first mail, YYYY-MM-DD"),
                opt("skip_weekends", SKIP_WEEKENDS, "Whether nothing is sent on weekends"),
            ),
            phrasings=(
                "add {contacts} to the sequence {sequence}[ from {start_date}][, {skip_weekends}]",
                "enrol {contacts} in '{sequence}'[, first mail {start_date}]",
                'put {contacts} on the "{sequence}" drip[, {skip_weekends}]',
                "start {sequence} for {contacts}[ on {start_date}][, {skip_weekends}]",
                "Could you sign {contacts} up for our {sequence} series[, beginning {start_date}]?",
                "{contacts} should get the {sequence} e-mails[, {skip_weekends}][, first one "
                "on {start_date}]",
                "drip campaign {sequence}: include {contacts}[, {skip_weekends}]",
                "please run {contacts} through '{sequence}'[ starting {start_date}]",
            ),
            held_out=(
                "{contacts} haven't heard from us in ages, the {sequence} mails would be right "
                "for them[, {skip_weekends}]",
                "drop {contacts} into {sequence}[ as of {start_date}]",
                'which automation? "{sequence}". who? {contacts}[. from when? {start_date}]',
            ),
        ),
        Tool(
            "forecast_revenue",
            "Estimate sales of a coming period from the pipeline.",
            params=(
                req("period", PERIOD, "Period to estimate"),
                opt("region", REGION, "Only this sales region"),
                opt("owner", PERSON, "Only deals of this salesperson"),
                opt("min_probability_percent", PERCENT, "Leave out deals less likely than this"),
            ),
            phrasings=(
                "forecast {period}[ for {region}][, only {owner}'s deals]",
                "what revenue do we expect {period}[ in {region}][, counting deals from "
                "{min_probability_percent} up]?",
                "give me the sales forecast for {period}[, {owner} only]",
                "how much will we sell {period}[ in {region}]?",
                "Please estimate {period}'s revenue[ from {owner}'s pipeline][, ignoring deals "
                "under {min_probability_percent}].",
                "revenue outlook, {period}[, {region}][, probability at least "
                "{min_probability_percent}]",
                "the board wants a number for {period}[ across {region}], what does the "
                "pipeline say?",
                "will {owner} make the target? show me the projected revenue {period}",
            ),
            held_out=(
                "where are we going to land {period}[ with {region}][, looking just at {owner}]?",
                "I'm preparing the budget and need projected sales {period}[ for {region}][, "
                "deals of {min_probability_percent} and better]",
                "crystal ball time: income {period}[ out of {owner}'s deals]?",
            ),
        ),
    ),
)

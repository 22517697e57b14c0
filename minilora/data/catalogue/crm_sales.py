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
                "a card landed on my desk: {lead.name}, {lead.company}[, inbox"
                " {lead.email}][, mobile {lead.phone}]. get this person on file before they"
                " cool off",
                "prospect to register >> {lead}",
                "From {source} I have a possible buyer: {lead}. Store the contact, thanks",
                "{lead.company} might be interested[, we know them from {source}]; the one to"
                " speak to is {lead.name}[, reachable under {lead.phone}]. open a lead record",
                "would it be possible to have {lead.name}[, {lead.email},] of {lead.company}"
                " registered among our prospects?",
                "my feet hurt from standing at the booth all day, but {lead.name} from"
                " {lead.company} took a brochure{source=trade_fair}. jot them down as a sales"
                " lead[, phone is {lead.phone}]",
                "we don't have {lead.name} in the system yet, do we? employer"
                " {lead.company}[, write to {lead.email}]. pop them in as a new prospect",
                "{lead} ... not a customer yet, just a lead. key it in",
                "dialled out of the blue and {lead.name} at {lead.company} actually"
                " bit{source=cold_call}, stick that in as a lead[, digits: {lead.phone}]",
                "Kindly register the following prospective client: {lead.name}, representing"
                " {lead.company}[, e-mail address {lead.email}][, telephone {lead.phone}][,"
                " origin {source}].",
                "someone filled in the form on our site: {lead}. capture as lead{source=website}",
                "fish on the hook!! {lead.name}, they're with {lead.company}[ and {source} is"
                " how they found us][, ping {lead.email}]. get em into the CRM",
                "[{lead.email} belongs to |]{lead.name}, buyer at {lead.company}, whom we"
                " know nothing about so far. Begin a lead entry[ and tag {source} as the origin]",
                "an old client passed on a name to me{source=referral}, {lead.name} at"
                " {lead.company}[, {lead.phone}], I'd hate to lose it so file it under leads",
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
                "{stage} is where {deal} stands now[, by the way: {note}], the board still"
                " shows the old column",
                "they put pen to paper on {deal}, champagne tonight! flip it over in the"
                " funnel{stage=closed_won}[, and scribble down {note}]",
                "does the board already have {deal} under {stage}? if not, shift it[, with"
                " the comment {note}]",
                "stage change. {deal}. {stage}.[ {note}.]",
                "{deal} is not where it used to be any more, bump it to {stage}",
                "Would you be so kind as to advance {deal} to {stage}[ and attach the"
                " following remark: {note}]?",
                "we're haggling over the fine print of {deal} since this morning so the"
                " pipeline should say so{stage=negotiation}[. keep in mind: {note}]",
                "[{note}, that's the word on {deal}. ]slide {deal} into the {stage} column",
                "{deal} went belly up, take it off the active ones as"
                " lost{stage=closed_lost}[ (and jot|, with) '{note}']",
                "had two meetings and a stale croissant, and the result is: {deal}, now"
                " {stage}[ -- {note}]",
                "new status {stage} for {deal}[, annotate it: {note}]",
                "budget and need check out for {deal}, so it counts as"
                " qualified{stage=qualified}, please reflect that in the funnel[; memo {note}]",
                "My boss keeps asking about {deal}. Relabel it {stage} so that she can see"
                " for herself[, plus this line: {note}]",
                "the offer for {deal} is in their inbox as of an hour ago, bring the deal"
                " card up to date{stage=proposal_sent}[, extra info {note}]",
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
                "{value} could come our way from {company}[ by {expected_close}], get that"
                " into the forecast as a new deal",
                "there's a fresh iron in the fire: {company}[, they fancy our {product}],"
                " ballpark {value}. set it up in the pipeline",
                "opp: {company} / {value}[ / {product}][ / close {expected_close}][ /"
                " {probability_percent}]",
                "had lunch with the folks at {company} and they hinted at {value}[ for"
                " {product}]. I want that as an open deal before I forget",
                "[With a {probability_percent} chance of winning, ]{company} is good for"
                " roughly {value}; begin a new opportunity",
                "Kindly establish an opportunity record for {company}, anticipated revenue"
                " {value}[, anticipated signature {expected_close}][, likelihood"
                " {probability_percent}].",
                "is there a way to have {company} show up in our sales forecast with"
                " {value}[, win odds {probability_percent}][, {product} being what they want]?",
                "[{product}, ]{value}, {company}. that's a deal in the making, enter it[,"
                " should be decided {expected_close}]",
                "no deal with {company} exists so far, yet they're dangling {value} in front"
                " of us[. odds {probability_percent}][. target day {expected_close}]. kick one off",
                "cha-ching maybe: {company} wants to splash out {value}[ on our {product}][,"
                " my gut says {probability_percent}], log the opportunity",
                "The quarter looks thin, so register a potential sale with {company}, size"
                " {value}[, wrapping up {expected_close}]",
                "[by {expected_close} I hope to have|I hope to get] {value} out of {company},"
                " make room for that as a new opportunity[, chances {probability_percent}]",
                "start chasing {company}: deal volume {value}[, they would take the"
                " {product}][, realistic at {probability_percent}]",
                "we only talked about the weather for an hour but in the end {company}"
                " mentioned a budget of {value}[ and the {product}], spin up a deal for them",
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
                "{outcome}, that was my attempt at {contact} this morning. jot the call"
                " down[, {summary}]",
                "phone chat with {contact} done and dusted{outcome=connected}[, we were at it"
                " for {duration_minutes}][, gist: {summary}]. keep a record",
                "it just rang and rang at {contact}'s end, nobody picked up, so register the"
                " attempt{outcome=no_answer}",
                "the number I have for {contact} belongs to a pizza place, lol. write up the"
                " call{outcome=wrong_number}",
                "My ear is glowing[ after {duration_minutes}], {contact} does like to chat!"
                " Document that phone call{outcome=connected}[, key point {summary}]",
                "call w/ {contact} - {outcome}[ - {duration_minutes}]. archive it",
                "Would you kindly document my telephone call with {contact}? Result:"
                " {outcome}[. Length: {duration_minutes}][. Contents: {summary}].",
                "before my manager asks whether I dialled {contact}: I did, {outcome}. have"
                " the CRM show it[, remark {summary}]",
                "[{duration_minutes} on the line, ]{contact}, {outcome}[, takeaway:"
                " {summary}] ... tick that off as a call made",
                "not a meeting, a phone call: {contact}, {outcome}[, in short {summary}]."
                " chuck it into the activity history",
                "I got {contact}'s answering machine again and babbled something after the"
                " beep, track that call{outcome=voicemail}",
                "is my call to {contact} in the history yet? should read: {outcome}[, lasting"
                " {duration_minutes}][, {summary}]",
                "finally got hold of {contact} by phone{outcome=connected}[, upshot:"
                " {summary}][, clocked {duration_minutes}], note it among the calls",
                "(Gave|I gave) {contact} a buzz while waiting for the train. {outcome}. The"
                " call belongs in the records[, with this recap: {summary}]",
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
                "{quantity} {product} is what {customer} has its eye on, so work out a price"
                " for them[, {discount_percent} cheaper than list][, offer open through"
                " {valid_until}]",
                "{customer} is breathing down my neck about numbers on paper: {product},"
                " {quantity} of them. whip up a quote[, shave off {discount_percent}]",
                "qte {customer} {quantity}x {product}[ -{discount_percent}][ exp {valid_until}]",
                "We respectfully request a formal quotation made out to {customer} for"
                " {quantity} units of {product}[, granting a {discount_percent} rebate][,"
                " binding until {valid_until}].",
                "how much would {product} set {customer} back if they took {quantity}? put"
                " that into a proper quote[, {discount_percent} rebate included]",
                "[with a {discount_percent} price cut, ]{product} for {customer}, {quantity}"
                " pcs, draw up the offer document",
                "they don't want a phone estimate, they want a written one. {customer},"
                " {quantity} of our {product}[, deadline {valid_until}]",
                "compile a cost offer: {product} ({quantity} pieces|, {quantity} pieces),"
                " recipient {customer}[, sweetened by {discount_percent}][, lapses {valid_until}]",
                "the purchasing lady at {customer} was super nice btw, she'd like figures for"
                " {quantity} times the {product}[ at {discount_percent} below list]. put"
                " together a quotation",
                "[Good through {valid_until}: ]quotation, {customer}, {quantity} of"
                " {product}[, we give them {discount_percent}]",
                "I promised {customer} an offer by lunch and it's 11:50!! {quantity}"
                " {product}[, {discount_percent} rebate][, last day {valid_until}]",
                "run the numbers for {customer} will you, they'd take {quantity} of the"
                " {product}[ provided we come down by {discount_percent}], and make it a quote",
                "{product}. {quantity} of it. {customer} wishes to see our price in writing[,"
                " and we drop {discount_percent}][, guaranteed up to {valid_until}]",
                "could I trouble you to price up {quantity} of {product} on behalf of"
                " {customer}[, the offer lapsing on {valid_until}][, reduced by"
                " {discount_percent}]?",
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
                "{when} I owe {contact} a {action}, jog my memory with a task[, bearing in"
                " mind: {note}]",
                "{action} w/ {contact}, {when}. todo[ ({note}|: {note})]",
                "{contact} asked me to ring back {when}, and I'm a sieve, so get that down as"
                " a to-do{action=call}[; context: {note}]",
                "I promised to show {contact} the product in action {when}{action=demo}, set"
                " up the follow-up[, keep handy: {note}]",
                "my next move with {contact} is a {action}[, because {note}], {when} suits me",
                "Kindly create a follow-up for {contact}: {action}, to take place {when}[."
                " Particulars: {note}].",
                "what about {contact}? we can't let that one go cold, so pencil in a {action}"
                " {when}",
                "line up a {action} {when}, the person is {contact}[, fyi {note}]",
                "I owe {contact} a written reply but not right now, {when} will do, queue it"
                " up as my next step{action=email}[. {note}]",
                "coffee is finally kicking in so let's be organised: {when}, {contact},"
                " {action}[, scribble alongside: {note}]",
                "the ball's in my court with {contact}, so {action} it is, {when}, task please",
                "[{note}, hence |]I want a {action} with {contact} {when} on my agenda of"
                " next steps",
                "would you see to it that I have a {action} lined up with {contact} {when}[,"
                " annotated {note}]?",
                "going to swing by and see {contact} in person {when}{action=visit}, don't"
                " let me forget, add it to my follow-ups[, with the reminder: {note}]",
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
                "{sequence} is the right thing for {contacts}, get that automatic mailing"
                " rolling[ on {start_date}][, {skip_weekends}]",
                "{contacts} -> {sequence}[ / {start_date}][ / {skip_weekends}]",
                "these went quiet on us: {contacts}. hook up the {sequence} autoresponder[,"
                " from {start_date} onward]",
                "is it doable to have {contacts} receive the mails of {sequence}[,"
                " {skip_weekends}][, kicking off {start_date}]?",
                "[As of {start_date}, ]{sequence} shall go out to {contacts}[,"
                " {skip_weekends}], be so good as to subscribe them.",
                "I don't want to write each of them by hand any more. subscribe {contacts} to"
                " {sequence}[ as of {start_date}]",
                "feed {contacts} into our {sequence} automation[, {skip_weekends}]",
                "sequence {sequence}, new recipients {contacts}[, {skip_weekends}][, opening"
                " mail {start_date}]",
                "nobody reads mail on a sunday, so enlist {contacts} in {sequence} but only"
                " on working days{skip_weekends=true}[, launching {start_date}]",
                "We kindly ask that {contacts} be enrolled in the e-mail series"
                " '{sequence}'[, commencing {start_date}].",
                "the marketing folks brought cake and a request: hop {contacts} onto the"
                " {sequence} train[, departure {start_date}][, {skip_weekends}]",
                "warm up {contacts} with {sequence}, and saturdays and sundays are fine for"
                " sending{skip_weekends=false}[; day one is {start_date}]",
                "who still misses out on {sequence}? {contacts}, that's who. include this lot"
                " in the automated mails[, {skip_weekends}]",
                "[{skip_weekends} please: |]drop {contacts} into the nurture flow named"
                " {sequence}[, initial message {start_date}]",
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

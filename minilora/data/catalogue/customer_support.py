"""The support desk: tickets, refunds, returns, credits, callbacks, warranty."""

from minilora.data import made
from minilora.data.kinds import (
    CURRENCY,
    DATE,
    DATETIME,
    EMAIL,
    MONEY,
    ORDER_ID,
    PERSON,
    PHONE,
    TICKET_ID,
    choice,
    copied,
    flag,
    integer,
    listing,
    number,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

SERIAL = copied(made.pattern("SN-@@####", "@#@####", "########", "@@@-####-##"), "code")
SUBJECT = span(
    "cannot log in", "parcel never arrived", "charged twice in March",
    "screen flickers after the update", "app crashes on start", "missing screws",
    "coupon code rejected", "wants invoice with VAT number", "zip broke on day two", "wrong size",
    "subscription won't cancel", "router keeps rebooting", "smell of burning",
    "refund still pending", "Zahlung fehlgeschlagen", "left earbud is silent",
    "can't change the delivery address", "password reset mail goes to spam",
)  # fmt: skip
ITEM = span(
    "kettle", "rain jacket", "the blue armchair", "toner", "running shoes", "toddler car seat",
    "crème brûlée torch", "4-port hub", "desk lamp", "men's wool socks", "bookshelf", "phone case",
    "garden hose", "alarm clock", "set of six wine glasses", "yoga mat",
)  # fmt: skip
PRODUCT = span(
    "Aero 300 vacuum", "smartwatch", "coffee grinder", "Lumo desk lamp", "e-bike battery", "router",
    "hearing aid", "NordChef oven", "tent", "noise-cancelling headphones", "printer",
    "baby monitor", "cordless drill", "L'Été parasol", "treadmill",
)  # fmt: skip
WHY = span(
    "the customer threatens to sue", "third complaint this month", "we can't reproduce it", "VIP",
    "needs a database fix", "waiting for two weeks already", "possible fraud", "he was very rude",
    "outside our policy", "press inquiry", "safety issue", "contract question",
    "she asked for a manager", "same bug as last year",
)  # fmt: skip
NOTE = span(
    "customer prefers to be called Dr. Weiss", "speaks only Portuguese",
    "sent the manual twice already",
    "do not offer another discount", "waiting for the courier's reply", "gate code is 4417",
    "he mixed up the cables",
    "parcel was signed for by a neighbour", "probably the known bug in 4.2",
    "call after 6, works nights", "receipt checked, all fine", "promised a reply by Friday",
    "the dog ate the remote, honestly", "refund approved by Ines", "Kundin sehr verärgert",
    "replacement leaves the warehouse tomorrow", "hung up on me", "uses a screen reader",
)  # fmt: skip
TOPIC = span(
    "the broken dishwasher", "her cancelled plan", "a double charge", "setting up the thermostat",
    "an unpaid invoice", "moving house", "data export", "the loyalty points", "a stolen phone",
    "porting the number", "a delivery to Crete", "upgrading to business", "insurance papers",
)  # fmt: skip
PRIORITY = choice(
    "low", "normal", "high", "urgent", spoken={"low": ["low"], "normal": ["normal"],
    "high": ["high"], "urgent": ["urgent"]},
)  # fmt: skip
TEAM = choice(
    "billing", "engineering", "legal", "retention", "logistics", "tier_2",
    spoken={"billing": ["billing", "the billing people"],
    "engineering": ["engineering", "the engineers"], "legal": ["legal", "the legal team"],
    "retention": ["retention", "the retention team"],
    "logistics": ["logistics", "the logistics desk"],
    "tier_2": ["tier 2", "second-level support", "tier two"]},
)  # fmt: skip
REFUND_REASON = choice(
    "damaged", "late_delivery", "wrong_item", "not_as_described", "changed_mind", "double_charge",
    spoken={"damaged": ["it arrived broken", "it was damaged", "the thing came in pieces"],
    "late_delivery": ["it came far too late", "the delivery was late"],
    "wrong_item": ["we sent the wrong item", "they got the wrong thing"],
    "not_as_described": ["it isn't what the page described", "it's not as described"],
    "changed_mind": ["the buyer changed their mind", "they no longer want it"],
    "double_charge": ["they were charged twice", "it was a double charge"]},
)  # fmt: skip
CARRIER = choice(
    "dhl", "ups", "fedex", "royal_mail", "postnl", spoken={"dhl": ["DHL", "dhl"],
    "ups": ["UPS", "ups"], "fedex": ["FedEx", "fedex"], "royal_mail": ["Royal Mail"],
    "postnl": ["PostNL"]},
)  # fmt: skip
SOLD_IN = choice(
    "germany", "france", "spain", "poland", "ireland", spoken={"germany": ["Germany"],
    "france": ["France"], "spain": ["Spain"], "poland": ["Poland"], "ireland": ["Ireland"]},
)  # fmt: skip
TELL = flag(
    yes=["and let them know by mail", "and mail them about it", "tell the customer"],
    no=["no mail to the customer", "without notifying them", "don't tell the customer yet"],
)  # fmt: skip
CHANNEL = choice(
    "phone", "email", "chat", "in_store", spoken={"phone": ["by phone", "over the phone"],
    "email": ["by e-mail", "via email"], "chat": ["in the chat", "via chat"],
    "in_store": ["in the store", "at the counter"]},
)  # fmt: skip
PINNED = flag(yes=["pin it", "keep it pinned at the top"], no=["no need to pin it", "don't pin it"])
COUNTRY = choice(
    "germany", "france", "spain", "poland", "ireland", spoken={"germany": ["Germany"],
    "france": ["France"], "spain": ["Spain"], "poland": ["Poland"], "ireland": ["Ireland"]},
)  # fmt: skip

DOMAIN = Domain(
    name="customer_support",
    title="Customer support desk",
    tools=(
        Tool(
            "open_support_ticket",
            "Open a support case for a customer.",
            params=(
                req("customer", EMAIL, "E-mail address of the customer"),
                req("subject", SUBJECT, "What it is about, copied as written"),
                opt("priority", PRIORITY, "How pressing it is"),
                opt("channel", CHANNEL, "How the customer reached us"),
            ),
            phrasings=(
                "open a ticket for {customer}: {subject}[, {priority} priority][, received "
                "{channel}]",
                'new case, {customer}, "{subject}"[, priority {priority}]',
                "{customer} wrote to us[ {channel}], the problem is '{subject}', can you start "
                "a ticket[ with {priority} priority]?",
                "I have {customer} here[ {channel}] saying {subject}. log it as a case[, "
                "{priority}]",
                'Please register a complaint from {customer} titled "{subject}"[; it reached '
                "us {channel}][; priority should be {priority}].",
                "ticket pls / {customer} / {subject}[ / {priority}]",
                "another one: {subject}. It's {customer}[, got in touch {channel}]. Make a "
                "ticket so we don't forget.",
                "could you create a[ {priority}-priority] case about '{subject}' on behalf of "
                "{customer}?",
            ),
            held_out=(
                "{customer} is not happy. Headline for the new case: {subject}[. They "
                "contacted us {channel}][. Treat as {priority} priority]",
                'we owe {customer} an answer on "{subject}", and there\'s no ticket yet, so '
                "make one[, priority {priority}]",
                "put {customer} in the queue[ as {priority}], what they report is {subject}",
            ),
        ),
        Tool(
            "escalate_ticket",
            "Hand an existing ticket to a specialist team.",
            params=(
                req("ticket_id", TICKET_ID, "Ticket number, as written"),
                req("team", TEAM, "Team that takes over"),
                opt("reason", WHY, "Why, copied as written"),
                opt("priority", PRIORITY, "New priority"),
            ),
            phrasings=(
                "escalate {ticket_id} to {team}[, {reason}][, priority {priority}]",
                "{ticket_id} is over my head, pass it to {team}[. reason: {reason}]",
                "please forward ticket {ticket_id} to {team}[ and raise it to {priority} "
                "priority][; {reason}]",
                "get {team} on {ticket_id}[, {priority} priority][, because: {reason}]",
                "Could {team} take over {ticket_id}?[ The reason is: {reason}.]",
                "{ticket_id} -> {team}[( \\({reason}\\)|, {reason})]",
                "I've tried everything on {ticket_id} and the customer is fuming. Send it up "
                "to {team}[, mark it {priority}][, explanation: {reason}].",
                "someone from {team} has to look at {ticket_id}[, make that {priority} priority]",
            ),
            held_out=(
                "{ticket_id} belongs with {team}, not with us[. Put down as the reason: {reason}]",
                "kick {ticket_id} upstairs, {team} should own it[ with {priority} priority][, "
                "{reason}]",
                "can't solve {ticket_id} at my level. {team} then[, and set {priority} as its "
                "priority][. note: {reason}]",
            ),
        ),
        Tool(
            "add_internal_note",
            "Add a note to a ticket that only staff can see.",
            params=(
                req("ticket_id", TICKET_ID, "Ticket number, as written"),
                req("note", NOTE, "Text of the note, copied as written"),
                opt("pinned", PINNED, "Whether the note stays on top"),
            ),
            phrasings=(
                "add a note to {ticket_id}: {note}",
                'note on {ticket_id}[( \\({pinned}\\)|, {pinned})]: "{note}"',
                'for colleagues only, on {ticket_id}: "{note}"[ and {pinned}]',
                "leave a comment inside {ticket_id} that the customer can't see[, {pinned}]. "
                "It should say: {note}",
                'put "{note}" on ticket {ticket_id}[, {pinned}]',
                "Please write the following into the internal log of {ticket_id}[ and "
                "{pinned}]: {note}",
                'whoever opens {ticket_id} next should read "{note}"[, {pinned}]',
                "{ticket_id}, staff remark[, {pinned}]: {note}",
            ),
            held_out=(
                'stick a memo saying "{note}" to {ticket_id}[, {pinned}]',
                "so the night shift knows, jot this down in {ticket_id}[ and {pinned}]: {note}",
                '{ticket_id} needs a heads-up for the team, wording: "{note}"[; {pinned}]',
            ),
        ),
        Tool(
            "merge_duplicate_tickets",
            "Fold duplicate tickets into one.",
            params=(
                req("keep_ticket_id", TICKET_ID, "Ticket that stays"),
                req("duplicate_ids", listing(TICKET_ID, 1, 3), "Tickets folded into it"),
                opt("notify_customer", TELL, "Whether the customer is told"),
            ),
            phrasings=(
                "merge {duplicate_ids} into {keep_ticket_id}[, {notify_customer}]",
                "{duplicate_ids} are all the same thing as {keep_ticket_id}, fold them in[, "
                "{notify_customer}]",
                "keep {keep_ticket_id}, absorb {duplicate_ids}[, {notify_customer}]",
                "the same person wrote several times. {keep_ticket_id} is the main one, the "
                "duplicates are {duplicate_ids}. Please combine[, {notify_customer}].",
                "dupes: {duplicate_ids}. master: {keep_ticket_id}[. {notify_customer}]",
                "can we get rid of {duplicate_ids} by joining them to {keep_ticket_id}[, "
                "{notify_customer}]?",
                "Everything in {duplicate_ids} should end up in {keep_ticket_id}, as they "
                "repeat it[; {notify_customer}].",
            ),
            held_out=(
                "{keep_ticket_id} is the original; {duplicate_ids} just say it again, so roll "
                "those up into it[, {notify_customer}]",
                "I count too many cases for one broken toaster: put {duplicate_ids} together "
                "under {keep_ticket_id}[, {notify_customer}]",
                "let {keep_ticket_id} swallow {duplicate_ids}[ {notify_customer}]",
            ),
        ),
        Tool(
            "issue_refund",
            "Pay money back for an order.",
            params=(
                req("order_id", ORDER_ID, "Order number, as written"),
                req("reason", REFUND_REASON, "Why the money goes back"),
                opt("amount", MONEY, "Amount in dollars; left out means the full price"),
                opt("notify_customer", TELL, "Whether the customer is told"),
            ),
            phrasings=(
                "refund order {order_id}, {reason}[, {amount} only][, {notify_customer}]",
                "give them[ {amount}] back on {order_id} because {reason}[, {notify_customer}]",
                "{order_id}: {reason}. pay back (everything|{amount})[, {notify_customer}]",
                "Please reimburse[ {amount} of] order {order_id}; {reason}[; {notify_customer}].",
                "so {reason}, order {order_id}, and they want their money. go ahead[ with "
                "{amount}][, {notify_customer}]",
                "can I get a refund through for {order_id}[ of {amount}]? {reason}",
                "the customer from {order_id} deserves the money back, {reason}[. {amount} is "
                "what we agreed]",
                "return (the full amount|{amount}) for {order_id} to the card, {reason}[, "
                "{notify_customer}]",
            ),
            held_out=(
                "{reason}, so {order_id} should not cost them anything like that. Send "
                "(it|{amount}) back to their card[, {notify_customer}]",
                "reverse the payment on {order_id}[, just {amount} of it], my reason being "
                "that {reason}",
                "money back please, number {order_id}. what happened: {reason}[. make it "
                "{amount}][. {notify_customer}]",
            ),
        ),
        Tool(
            "create_return_label",
            "Make a shipping label with which a customer sends goods back.",
            params=(
                req("order_id", ORDER_ID, "Order number, as written"),
                opt("carrier", CARRIER, "Who carries the parcel"),
                opt("items", listing(ITEM, 1, 3), "Goods sent back, as written"),
                opt("parcels", integer(2, 6), "Number of parcels"),
                opt("pickup_date", DATE, "Day of collection, YYYY-MM-DD"),
            ),
            phrasings=(
                "return label for {order_id}[, {carrier}][, {parcels} parcels][, items: {items}]",
                "make a[ {carrier}] return slip for order {order_id}[, collected on {pickup_date}]",
                "{order_id} is coming back to us[ with {carrier}], print the label[ for {items}]",
                "the buyer wants to send back {items} from {order_id}, they need a label[ by "
                "{carrier}][, pick-up {pickup_date}]",
                "Could you prepare what they have to stick on the box for {order_id}?[ It goes "
                "with {carrier}.][ There are {parcels} boxes.]",
                "shipping label, return, {order_id}[, pickup {pickup_date}][, via {carrier}]",
                "how does the customer get {order_id} back to our warehouse? generate a label[ "
                "with {carrier}][ covering {items}]",
            ),
            held_out=(
                "they are posting {order_id} back[ in {parcels} boxes], so we owe them a "
                "prepaid sticker[, {carrier} please][, courier comes {pickup_date}]",
                "arrange the way back for {order_id}[: {items}][. {carrier} fetches it on "
                "{pickup_date}]",
                "a prepaid label is all they ask for with {order_id}[, {carrier} one]",
            ),
        ),
        Tool(
            "apply_goodwill_credit",
            "Give a customer store credit as an apology.",
            params=(
                req("customer", EMAIL, "E-mail address of the customer"),
                req("amount", number(2, 120, 2), "Amount of the credit"),
                req("currency", CURRENCY, "Currency of the amount"),
                opt("expires_on", DATE, "Last day it can be used, YYYY-MM-DD"),
                opt("ticket_id", TICKET_ID, "Ticket it belongs to"),
            ),
            phrasings=(
                "give {customer} {amount} {currency} of store credit[, usable until "
                "{expires_on}][, ticket {ticket_id}]",
                "credit {amount} {currency} to {customer}[ for {ticket_id}][, expires "
                "{expires_on}]",
                "we messed up with {customer}[ in {ticket_id}], let's offer {amount} "
                "{currency} for the next purchase[, valid through {expires_on}]",
                "goodwill: {customer}, {amount} {currency}[, ref {ticket_id}][, until "
                "{expires_on}]",
                "Please put {amount} {currency} on the account of {customer} as an apology[; "
                "the case is {ticket_id}].",
                "a small sorry for {customer} would be nice, say {amount} {currency}[ to spend "
                "before {expires_on}]",
                "can {customer} have a voucher over {amount} {currency}?[ It concerns "
                "{ticket_id}.]",
            ),
            held_out=(
                "sweeten the pill for {customer}[, see {ticket_id}]: {amount} {currency} "
                "towards whatever they buy next[, but no later than {expires_on}]",
                "{customer} had to wait ages, I'd make it up to them with {amount} {currency} "
                "in the shop[, running out {expires_on}]",
                "load {amount} {currency} of credit onto {customer}'s balance[ on account of "
                "{ticket_id}]",
            ),
        ),
        Tool(
            "schedule_callback",
            "Promise a customer that an agent phones back.",
            params=(
                req("customer_name", PERSON, "Name of the customer"),
                req("phone", PHONE, "Number to call, as written"),
                req("at", DATETIME, "When, YYYY-MM-DDTHH:MM"),
                opt("topic", TOPIC, "What it is about, copied as written"),
            ),
            phrasings=(
                "schedule a callback for {customer_name} on {phone}, {at}[, about {topic}]",
                "call {customer_name} back {at}, number {phone}[, it's about {topic}]",
                "{customer_name} (\\({phone}\\)|at {phone}) would like us to ring {at}[ "
                "regarding {topic}]",
                "I promised {customer_name} a call from one of our agents. {at}, {phone}[, "
                "subject {topic}]",
                "Please plan for somebody to phone {customer_name} under {phone}; {at} suits "
                "them[; they want to discuss {topic}].",
                "callback / {customer_name} / {phone} / {at}[ / {topic}]",
                "she can't stay on hold, so we ring later: {at}, {customer_name}, {phone}[, "
                "topic {topic}]",
            ),
            held_out=(
                "{customer_name} asks to be rung up {at} and gave {phone} as the number[, "
                "wants to talk about {topic}]",
                "no agent free right now for {customer_name}. Have one dial {phone} {at}[ "
                "concerning {topic}]",
                "queue up an outgoing support call: {phone}, ask for {customer_name}, {at}[, "
                "{topic} is the matter]",
            ),
        ),
        Tool(
            "check_warranty",
            "Look up whether a product is still under warranty.",
            params=(
                req("serial_number", SERIAL, "Serial number, as written"),
                opt("product", PRODUCT, "Product, as written"),
                opt("purchase_date", DATE, "Day it was bought, YYYY-MM-DD"),
                opt("country", COUNTRY, "Country it was bought in"),
            ),
            phrasings=(
                "is {serial_number} still under warranty?[ bought {purchase_date}][ in {country}]",
                "warranty check {serial_number}[, {product}][, purchased {purchase_date}]",
                "the {product} with serial {serial_number} broke, does the warranty cover it?[ "
                "It was bought in {country}.]",
                "customer reads me {serial_number} off the back[ of the {product}]. would a "
                "repair be free[, given it was bought on {purchase_date}]?",
                "Could you see if the guarantee on {serial_number} has run out[, purchase date "
                "{purchase_date}]?",
                "look up guarantee: {serial_number}[ / {product}][ / {country}]",
                "how long is {serial_number}[, a {product},] covered for?[ It was sold in "
                "{country}.]",
            ),
            held_out=(
                "does somebody have to pay for fixing serial no. {serial_number}[, a "
                "{product}][ from {country}]?",
                "{serial_number}[, {product}]: in or out of warranty?[ the receipt says "
                "{purchase_date}]",
                "they bought it[ in {country}][ on {purchase_date}] and it died, serial "
                "{serial_number}. Are we still on the hook?",
            ),
        ),
    ),
)

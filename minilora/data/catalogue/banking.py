"""Banking: payments, cards, transactions, savings and loans."""

from minilora.data.kinds import (
    AMOUNT,
    CURRENCY,
    DATE,
    FIRST_NAME,
    IBAN,
    INVOICE_ID,
    MONEY,
    PERCENT,
    PERSON,
    choice,
    copied,
    flag,
    listing,
    optional,
    record,
    span,
)
from minilora.data.made import pattern
from minilora.data.material import Domain, Tool, opt, req
from minilora.data.narrow import narrowed

ACCOUNT = choice(
    "checking", "savings", "joint", "business",
    spoken={
        "checking": ["checking account", "current account", "checking"],
        "savings": ["savings account", "savings"],
        "joint": ["joint account", "shared account"],
        "business": ["business account", "company account"],
    },
)  # fmt: skip
NOTE = span(
    "rent", "for the concert tickets", "thanks for dinner!", "birthday", "half of the electricity",
    "March allowance", "dog sitting", "sorry it's late", "Lisbon trip", "deposit flat 3B",
    "pizza night", "invoice 2207", "Mum's flowers", "football fees U12", "bet you won :)",
    "cours de piano", "loan #2", "fuel money", "share of the wedding gift", "iPad repair",
)  # fmt: skip
PAYEE = span(
    "Con Edison", "Vodafone", "the gas company", "St Mary's Nursery", "Dr. O'Leary", "Thames Water",
    "Geico", "my landlord", "City of Utrecht", "Netflix", "T-Mobile", "EDF", "Allianz",
    "the tax office", "Comcast", "Fitness First", "Stadtwerke Köln", "AT&T",
    "Bright Horizons daycare", "American Express", "HOA",
)  # fmt: skip
MERCHANT = span(
    "Amazon", "Tesco", "Shell", "Uber", "Starbucks", "IKEA", "Ryanair", "7-Eleven", "Steam",
    "Target", "McDonald's", "Apple Store", "Carrefour", "PayPal *JKSTORE", "Hotel Bellavista",
    "Zara", "Deliveroo", "Le Petit Bistro", "Boots", "Home Depot", "Spotify", "H&M",
    "Parkhaus Mitte", "WHSmith 0442",
)  # fmt: skip
CATEGORY = choice(
    "groceries", "restaurants", "transport", "entertainment", "utilities", "travel", "health",
    spoken={
        "groceries": ["groceries", "food shopping", "supermarkets"],
        "restaurants": ["restaurants", "eating out", "dining"],
        "transport": ["transport", "getting around", "buses and trains"],
        "entertainment": ["entertainment", "fun stuff", "films and games"],
        "utilities": ["utilities", "household utilities"],
        "travel": ["travel", "trips and hotels"],
        "health": ["health", "doctors and pharmacies"],
    },
)  # fmt: skip
CARD = copied(pattern("####"), "code")
FREEZE_REASON = choice(
    "lost", "stolen", "suspicious_activity", "temporary",
    spoken={
        "lost": ["I lost it", "it's lost", "I can't find it anywhere"],
        "stolen": ["it was stolen", "someone nicked it", "I got mugged", "a pickpocket took it"],
        "suspicious_activity": ["there are charges that aren't mine",
                                "something fishy is going on with it",
                                "I see suspicious activity on it"],
        "temporary": ["just for a while", "only temporarily", "just to be safe for the time being"],
    },
)  # fmt: skip
ABROAD = flag(
    yes=["and I'm abroad right now", "and I'm in a foreign country", "and I'm travelling abroad"],
    no=["and I'm at home, not abroad", "and I'm in my home country"],
)
REPLACE = flag(
    yes=["and send me a new one", "and I need a replacement card", "and mail me a replacement"],
    no=["but I don't need a new one", "but don't send a replacement"],
)
FREQUENCY = choice(
    "weekly", "biweekly", "monthly", "quarterly", "yearly",
    spoken={
        "weekly": ["every week", "once a week", "weekly"],
        "biweekly": ["every two weeks", "every other week", "fortnightly"],
        "monthly": ["every month", "once a month", "monthly"],
        "quarterly": ["every three months", "every quarter", "quarterly"],
        "yearly": ["every year", "once a year", "yearly"],
    },
)  # fmt: skip
GOAL = span(
    "new bike", "house deposit", "Japan 2027", "emergency fund", "wedding", "a proper mattress",
    "Mia's college", "electric car", "rainy day", "MBA", "kitchen renovation", "hajj",
    "PlayStation", "maternity leave", "Christmas presents", "guitar lessons", "vet bills",
    "sabbatical",
)  # fmt: skip
DISPUTE = choice(
    "not_recognized", "charged_twice", "wrong_amount", "not_received", "cancelled_subscription",
    spoken={
        "not_recognized": ["I don't recognise it", "I never made that payment", "it wasn't me"],
        "charged_twice": ["they charged me twice", "I was billed double", "it was taken two times"],
        "wrong_amount": ["the amount is wrong", "it's not the sum I agreed to", "it is too much"],
        "not_received": ["the goods never arrived", "I never got what I paid for"],
        "cancelled_subscription": ["I had cancelled that subscription", "I no longer subscribe"],
    },
)  # fmt: skip
BANK = span(
    "Barclays", "ING", "Chase", "Deutsche Bank", "N26", "Santander", "Wells Fargo", "BNP Paribas",
    "Revolut", "Crédit Agricole", "Sparkasse Köln-Bonn", "Nordea", "HSBC", "Monzo",
    "Bank of Ireland",
)  # fmt: skip
NICKNAME = span(
    "Mum", "gardener", "flat 3B", "Uncle Bob", "tennis coach", "babysitter", "landlady",
    "the plumber", "Oma", "boss", "roomie", "dentist", "piano teacher", "Beppe's garage",
    "book club",
)  # fmt: skip
BILL_FOR = span(
    "dinner", "the Airbnb", "groceries", "taxi home", "Sam's leaving present", "sushi", "ski lodge",
    "cinema tickets", "the barbecue", "petrol to Cornwall", "brunch at Tilly's", "the babysitter",
    "karaoke", "electricity", "wine tasting", "escape room",
)  # fmt: skip
EARLY = narrowed(DATE, lambda day: day < "2026-04")
LATE = narrowed(DATE, lambda day: day >= "2026-04")
TARGET = narrowed(MONEY, lambda amount: amount >= 150)
DEPOSIT = narrowed(MONEY, lambda amount: amount <= 90)
TIP = narrowed(PERCENT, lambda share: 5 <= share <= 30)
HOME = narrowed(CURRENCY, lambda code: code in ("USD", "EUR", "GBP", "CHF", "CAD", "AUD"))
FOREIGN = narrowed(CURRENCY, lambda code: code not in ("USD", "EUR", "GBP", "CHF", "CAD", "AUD"))

DOMAIN = Domain(
    name="banking",
    title="Banking and personal finance",
    tools=(
        Tool(
            "transfer_money",
            "Send money once to a person.",
            params=(
                req("recipient", FIRST_NAME, "Who gets the money"),
                req("amount", MONEY, "Amount in dollars"),
                opt("from_account", ACCOUNT, "Account it comes from"),
                opt("note", NOTE, "Text the recipient sees"),
            ),
            phrasings=(
                "(send|transfer|wire) {recipient} {amount}[ from my {from_account}][, note:"
                " {note}]",
                "pay {recipient} back {amount}[, it's for {note}]",
                "i owe {recipient} {amount}, can you send it[ from the {from_account}]",
                "Please transfer {amount} to {recipient}[ out of my {from_account}]"
                '[ with the message "{note}"].',
                "{amount} to {recipient}[ from {from_account}][ - {note}]",
                "could you move {amount} from my {from_account} over to {recipient}?",
                "{recipient} covered for me yesterday, so give them {amount}[, reference {note}]",
                "I'd like {recipient} to have {amount}.[ Take it from the {from_account}.][ Write:"
                " {note}.]",
                "Venmo style: {recipient} gets {amount}[, saying {note}]",
            ),
            held_out=(
                "time to settle up with {recipient}, {amount} it was[, put {note} on it]",
                "Can {recipient} get {amount} off me now[, using the {from_account}]?",
                "shoot {amount} across to {recipient}[ for {note}]",
            ),
        ),
        Tool(
            "pay_bill",
            "Pay a bill to a company or an authority.",
            params=(
                req("payee", PAYEE, "Who sent the bill"),
                req("amount", MONEY, "Amount in dollars"),
                opt("invoice_number", INVOICE_ID, "Number of the invoice"),
                opt("pay_on", DATE, "Day to pay, YYYY-MM-DD; at once if absent"),
                opt("from_account", ACCOUNT, "Account it comes from"),
            ),
            phrasings=(
                "pay the bill from {payee}, {amount}[, invoice {invoice_number}][, on {pay_on}]",
                "{payee} wants {amount}, pay it[ from my {from_account}][ on {pay_on}]",
                "bill: {payee} {amount}[ {invoice_number}][ pay on {pay_on}]",
                "Please settle invoice {invoice_number} from {payee} for {amount}[ using the"
                " {from_account}].",
                "got a letter from {payee} saying i owe {amount}, take care of it[ with the"
                " {from_account}]",
                "I need to pay {payee} {amount}.[ The invoice number is {invoice_number}.][ Do it"
                " on {pay_on}.]",
                "can you pay what {payee} billed me? it's {amount}[, number {invoice_number}]",
                "On {pay_on} please pay {amount} to {payee}[, invoice {invoice_number}].",
                "{payee} keeps chasing me, so let them have their {amount}[, reference on the"
                " invoice is {invoice_number}]",
                "{amount}, {payee}[, {invoice_number}][, due date of payment {pay_on}]. sort it",
                "the postman brought yet another envelope. this time {payee} is after"
                " {amount}[, and it may come off the {from_account}][, {pay_on} is when I"
                " want it to leave]",
                "Kindly discharge the amount of {amount} owed to {payee}[, quoting"
                " {invoice_number}][, with execution on {pay_on}].",
                "ugh {payee} again!! {amount} this time, just get it over with[,"
                " {from_account} pls]",
                "[from {from_account}: ]{payee} bill {amount}[ #{invoice_number}]",
                "would it be possible for {payee} to get the {amount} they invoiced[ under"
                " {invoice_number}]?",
                "my desk is buried in paper, the top sheet reads {payee}, total due"
                " {amount}[, no. {invoice_number}]. clear that one",
                "a one-off, not a regular thing: {payee} is due {amount}[ on {pay_on}], wire"
                " it[ out of the {from_account}]",
                "{invoice_number} is lying here unpaid. {payee} sent it, {amount} is the"
                " damage. transfer the money[ on {pay_on}]",
                "cough up {amount} for {payee}[, {from_account} can take the hit]",
                "before they cut me off: {amount} has to reach {payee}[ on {pay_on}], that"
                " settles what they charged me",
                "take the {amount} for {payee}'s bill out of the account my wife and I"
                " share{from_account=joint}[, invoice {invoice_number}]",
                "the reminder from {payee} says {amount} outstanding. clear the debt[, leave"
                " the payment until {pay_on}][, text on it: {invoice_number}]",
            ),
            held_out=(
                "get the invoice from {payee} off my desk, {amount}[ from the {from_account}]",
                "{amount} is due to {payee}[ under {invoice_number}], kindly have it paid[ on"
                " {pay_on}]",
                "before they send another reminder: {payee}, {amount}[, account to use:"
                " {from_account}]",
            ),
        ),
        Tool(
            "get_account_balance",
            "Say how much money is in an account.",
            params=(
                req("account", ACCOUNT, "Which account"),
                opt(
                    "include_pending",
                    flag(
                        yes=["with pending payments", "counting what's still pending"],
                        no=["without pending payments", "not counting anything pending"],
                    ),
                    "Whether payments not yet booked count",
                ),
                opt("currency", CURRENCY, "Currency to show it in, as ISO 4217 code"),
            ),
            phrasings=(
                "(what's|show me) the balance of my {account}[, {include_pending}][, in"
                " {currency}]",
                "how much (money is|do i have) in my {account}[ {include_pending}]?",
                "balance {account}[ {currency}]",
                "can i afford a holiday? tell me what's on the {account}[, {include_pending}]",
                "Could you give me the current balance of the {account}[ in {currency}]?",
                "am i broke yet, check the {account}",
                "I'd like to know how my {account} stands[, expressed in {currency}][,"
                " {include_pending}].",
                "{account} balance please[, {include_pending}]",
                "rent is due soon and i'm nervous, how full is my {account}[, {include_pending}]",
                "{account}: how much left?[ {include_pending}]",
                "[in {currency}, ]what have i got sitting in the {account} right now",
                "not the single payments, only the total that's on my {account}[,"
                " {include_pending}]",
                "Might I ask what sum is presently available on my {account}[, stated in"
                " {currency}][ and {include_pending}]?",
                "how flush am i? {account}[, {currency} figure pls]",
                "my sister wants a loan and i don't want to promise too much. peek at the"
                " {account} and tell me what's there[ {include_pending}]",
                "{include_pending}, what does the {account} come to[ in {currency}]",
                "is there anything left on the {account}, or have i blown it all[? tell me in"
                " {currency}]",
                "funds in {account}[ \\({currency}\\)]",
                "what figure would the cash machine show for my {account}[, {include_pending}]",
                "the rainy day money{account=savings}, how much has piled up by now[, in"
                " {currency}]",
                "how much is in the account my husband and I share{account=joint}[,"
                " {include_pending}]?",
                "I'm sitting with our accountant and she needs the amount standing to the"
                " credit of my {account}[, {include_pending}][, in {currency}].",
            ),
            held_out=(
                "what have i got left on the {account}[ once converted to {currency}]",
                "Payday should be today, has the {account} gone up? Total please[,"
                " {include_pending}].",
                "give me the number for my {account}[, {currency} if possible]",
            ),
        ),
        Tool(
            "list_transactions",
            "List past transactions that match some filters.",
            params=(
                opt("account", ACCOUNT, "Which account"),
                opt("merchant", MERCHANT, "Shop or company"),
                opt("category", CATEGORY, "Kind of spending"),
                opt("start_date", EARLY, "First day, YYYY-MM-DD"),
                opt("end_date", LATE, "Last day, YYYY-MM-DD"),
                opt("min_amount", MONEY, "Smallest amount, in dollars"),
            ),
            phrasings=(
                "(show|list) my transactions at {merchant}[ since {start_date}][ over"
                " {min_amount}]",
                "what did i spend on {category}[ from {start_date}][ to {end_date}]?",
                "every payment above {min_amount} from my {account}",
                "Please list all transactions on the {account} between {start_date} and"
                " {end_date}[, only {category}].",
                "transactions {merchant}[ {start_date} to {end_date}]",
                "have i bought anything at {merchant}[ after {start_date}]? show me the payments",
                "For my tax return I need the {category} payments from {start_date} to {end_date}.",
                "pull the {account} history[ from {start_date} on][, nothing below {min_amount}]",
                "which payments to {merchant} went through my {account}[ up to {end_date}]",
                "where did all the money go? dig out everything i spent at {merchant}["
                " beginning {start_date}][, only the ones of {min_amount} or more]",
                "{merchant} purchases[, {start_date} - {end_date}]",
                "[{account}, ]{category} spending, {start_date} till {end_date}, line by line",
                "my wife swears i'm never out of {merchant}. prove her wrong with a list of"
                " what i paid there[ from {start_date} onwards]",
                "not the balance, the individual movements on my {account}[ from"
                " {start_date}][ until {end_date}]",
                "Kindly furnish a statement of all debits in the {category} line[ from"
                " {start_date}][ through {end_date}][, each of at least {min_amount}].",
                "between {start_date} and {end_date}, which {category} payments left my {account}",
                "anything of {min_amount} or bigger that came off the {account}[ since"
                " {start_date}]? itemise it",
                "dig through the records for {merchant}[, on the {account}][, {min_amount}"
                " upwards]",
                "how often did i pay {merchant}[ up to and including {end_date}]? i want to"
                " see each one",
                "the budget talk is tonight and i need ammo: all the {category} entries["
                " starting {start_date}][ on the {account}]",
                "{min_amount} and up, {category}, what was there[ from {start_date}][ to"
                " {end_date}]",
                "scroll back to {start_date} and read me the bookings on the {account}[,"
                " {category} only]",
                "i'm sure it was a supermarket shop{category=groceries}, but which one..."
                " bring up those payments[ from {start_date}][ to {end_date}][, {min_amount}"
                " or above]",
            ),
            held_out=(
                "where did all my {category} money go[ as of {start_date}]? itemise it",
                "dig up anything with {merchant} on the statement[, min {min_amount}]",
                "I'd like to look through what left the {account}, starting {start_date} and"
                " ending {end_date}.",
            ),
        ),
        Tool(
            "freeze_card",
            "Block a bank card.",
            params=(
                req("card_last4", CARD, "Last four digits of the card"),
                req("reason", FREEZE_REASON, "Why it is blocked"),
                opt("abroad", ABROAD, "Whether the user is abroad"),
                opt("send_replacement", REPLACE, "Whether to send a new card"),
            ),
            phrasings=(
                "(freeze|block|lock) (my card|the card) ending in {card_last4}, {reason}[,"
                " {abroad}][, {send_replacement}]",
                "block card {card_last4}! {reason}[ {abroad}]",
                "{reason}, so please block the card with the last digits {card_last4}["
                " {send_replacement}]",
                "I need you to freeze card {card_last4} immediately. The thing is: {reason}["
                " {abroad}].",
                "card *{card_last4} - {reason} - freeze it[ {send_replacement}]",
                "can you stop my card? it ends with {card_last4}. {reason}[, {send_replacement}]",
                "Hello, regarding my card (number ending|ending) {card_last4}: {reason}. Could you"
                " suspend it[ {send_replacement}]?",
                "lock the {card_last4} card, {reason}[ {abroad}]",
                "help!! {card_last4} is the card, {reason}, nobody must be able to pay with"
                " it[, {abroad}]",
                "{card_last4}: kill it. {reason}[ {send_replacement}]",
                "i was just about to pay for coffee and got a fright. {reason}, the plastic"
                " with {card_last4} at the end, shut it down[ {send_replacement}]",
                "Kindly render the card whose final digits are {card_last4} unusable. My"
                " grounds: {reason}[, {abroad}].",
                "{reason}[, {abroad}]. card {card_last4} must be stopped",
                "not the other one, the card ending {card_last4}. put it on ice, {reason}",
                "could someone at the bank disable my card, last four {card_last4}?"
                " {reason}[, {abroad}][, {send_replacement}]",
                "pickpockets on the tram had my wallet{reason=stolen}, deactivate"
                " {card_last4} right away[ {send_replacement}]",
                "the thing slipped out of my pocket somewhere on the beach{reason=lost}."
                " {card_last4}, switch the card off[, {abroad}]",
                "payments i can't explain keep popping up{reason=suspicious_activity}, so"
                " shut off the card with {card_last4}[, {send_replacement}]",
                "put a hold on the card, only for a few days{reason=temporary}, digits"
                " {card_last4}[ {abroad}]",
                "no more purchases on {card_last4} please. why? {reason}[ {send_replacement}]",
                "sorry to ring you at dinner time, {reason}. it's the bank card with"
                " {card_last4} on it, pull the plug[ {abroad}]",
                "emergency, debit card, {card_last4}, {reason}, cut it off",
            ),
            held_out=(
                "nobody should be able to pay with {card_last4} from now on. {reason}[ {abroad}]",
                "help!! the card with {card_last4} at the end: {reason}[ {send_replacement}]",
                "Make {card_last4} unusable please, {reason}[ {send_replacement}].",
            ),
        ),
        Tool(
            "create_standing_order",
            "Set up a payment that repeats.",
            params=(
                req("recipient", PERSON, "Full name of who gets the money"),
                req("amount", MONEY, "Amount in dollars"),
                req("frequency", FREQUENCY, "How often it is paid"),
                opt("start_date", DATE, "First payment, YYYY-MM-DD"),
                opt("reference", NOTE, "Text the recipient sees"),
            ),
            phrasings=(
                "set up a standing order: {amount} to {recipient} {frequency}[ from"
                " {start_date}][, reference {reference}]",
                "pay {recipient} {amount} {frequency}[, starting {start_date}]",
                "{frequency}: {amount} to {recipient}[ as of {start_date}][, {reference}]",
                "I'd like {recipient} to receive {amount} {frequency} automatically[, beginning"
                " {start_date}].",
                "{recipient} gets {amount} from me {frequency}, can the bank do that by itself[,"
                " with {reference} as the text]",
                "automatic transfer {recipient} {amount} {frequency}[ {start_date}]",
                "Please arrange for {amount} to go to {recipient} {frequency}[, first on"
                " {start_date}]"
                '[, marked "{reference}"].',
                "i keep forgetting to pay {recipient}. make it automatic, {amount} {frequency}["
                " from {start_date} on]",
                "i'm a scatterbrain, so {amount} should leave for {recipient} {frequency}"
                " without me lifting a finger[, from {start_date}]",
                "{recipient}, {amount}, {frequency}, recurring[, text {reference}]",
                "not once but {frequency}: {amount} for {recipient}[, first time {start_date}]",
                "[starting {start_date}, ]send {recipient} {amount} {frequency} until I say"
                ' stop[, and write "{reference}" on it]',
                "I hereby instruct the bank to remit {amount} to {recipient} {frequency}[,"
                " the first instalment falling on {start_date}][, with the wording {reference}].",
                "i promised {recipient} {amount} {frequency} and you know my memory, so put"
                " it on autopilot",
                "could {recipient} be given {amount} {frequency} on repeat[? the note should"
                " read {reference}]",
                "regular payment wanted!! {recipient} / {amount} / {frequency}[ / {start_date}]",
                "{reference} is what it should say: {amount} going {frequency} to"
                " {recipient}, repeating",
                "the kid moved out for uni. {amount}, once in each calendar"
                " month{frequency=monthly}, payable to {recipient}[, kicking off {start_date}]",
                "once in every seven days{frequency=weekly} let {amount} trickle over to"
                " {recipient} by itself[, reference {reference}]",
                "schedule {amount} {frequency} for {recipient}[ \\(from {start_date}\\)][,"
                " shown to them as {reference}]",
                "{amount} once every three months{frequency=quarterly} to {recipient}, make"
                " that happen on its own[ beginning {start_date}]",
                "every other week{frequency=biweekly} {recipient} should see {amount} land,"
                " set it up as recurring[, labelled {reference}]",
            ),
            held_out=(
                "so {recipient} doesn't have to ask again: {amount} {frequency}, no end date[,"
                " from {start_date}]",
                "Could my account send {recipient} {amount} {frequency} without me lifting a"
                " finger?",
                "new recurring thing, {recipient}, {amount}, {frequency}[, labelled {reference}]",
            ),
        ),
        Tool(
            "convert_currency",
            "Convert an amount of money from one currency to another.",
            params=(
                req("amount", AMOUNT, "Amount in the first currency"),
                req("from_currency", FOREIGN, "ISO 4217 code of the first currency"),
                req("to_currency", HOME, "ISO 4217 code of the second currency"),
                opt("on_date", DATE, "Day of the exchange rate, YYYY-MM-DD"),
            ),
            phrasings=(
                "(convert|change) {amount} {from_currency} (to|into) {to_currency}[ at the rate of"
                " {on_date}]",
                "how much is {amount} {from_currency} in {to_currency}[ on {on_date}]?",
                "{amount} {from_currency} in {to_currency}",
                "what would i get in {to_currency} for {amount} {from_currency}[ on {on_date}]",
                "Could you tell me the value of {amount} {from_currency} in {to_currency}?",
                "the invoice is over {amount} {from_currency}, what does that make in"
                " {to_currency}[, using the rate of {on_date}]",
                "I came home with {amount} {from_currency} in my pocket. How many {to_currency}"
                " are they worth[ as per {on_date}]?",
                "exchange {amount} {from_currency} > {to_currency}",
                "a street seller wants {amount} {from_currency}, is that a rip-off? i think"
                " in {to_currency}",
                "{from_currency} {amount} = ? {to_currency}[ @ {on_date}]",
                "[going by the rates of {on_date}, ]{amount} {from_currency} makes how many"
                " {to_currency}",
                "i'm bad at maths and worse at exchange rates. {amount} {from_currency}, tell"
                " me in {to_currency}[, as things were on {on_date}]",
                "Might you compute the equivalent in {to_currency} of {amount}"
                " {from_currency}[, applying the rate quoted on {on_date}]?",
                "if i swapped {amount} {from_currency} for {to_currency}, what would land in"
                " my hand",
                "gran left me an old envelope with {amount} {from_currency} inside! worth"
                " what in {to_currency}",
                "{to_currency} please, not {from_currency}, which is what the {amount} on the"
                " price tag are[; rate from {on_date}]",
                "{to_currency} for {amount} {from_currency}, how many[ on {on_date}]",
                "the hotel quotes {amount} {from_currency} and i've no feel for that, turn it"
                " into {to_currency}",
                "for the expense report i need {amount} {from_currency} expressed in"
                " {to_currency}[, with the day's rate of {on_date}]",
                "{amount} {from_currency} -> {to_currency} pls[, rate {on_date}]",
                "translate {amount} {from_currency} for an american{to_currency=USD}[,"
                " {on_date} rate]",
                "does {amount} {from_currency} sound like a lot when you put it in"
                " {to_currency}[? use the {on_date} rate]",
            ),
            held_out=(
                "if someone hands me {amount} {from_currency}, what's that in {to_currency}",
                "Price tag says {amount} {from_currency}; i think in {to_currency}, please"
                " translate",
                "work out {to_currency} from {amount} {from_currency}[, {on_date} rate]",
            ),
        ),
        Tool(
            "create_savings_goal",
            "Start a savings goal with a name and a target.",
            params=(
                req("name", GOAL, "What is saved for"),
                req("target", TARGET, "Amount to reach, in dollars"),
                opt("deadline", DATE, "Day to reach it, YYYY-MM-DD"),
                opt("weekly_deposit", DEPOSIT, "Amount put aside each week, in dollars"),
            ),
            phrasings=(
                "(start|create) a savings goal called {name}, {target}[, by {deadline}]",
                "i want to save {target} for {name}[, putting away {weekly_deposit} a week]",
                "savings goal: {name} {target}[ {deadline}]",
                "Please open a pot for {name}; the target is {target}[ and the date {deadline}][,"
                " with {weekly_deposit} going in weekly].",
                "we're saving up for {name}. we need {target}[ before {deadline}]",
                "help me put aside {target} towards {name}[, {weekly_deposit} every week]",
                "Could you set {target} as the target of a new goal, {name}[, to be reached by"
                " {deadline}]?",
                "new pot {name}, aim {target}[, {weekly_deposit} weekly]",
                "no more impulse buys, i'm going to scrape together {target}. the reason:"
                " {name}[, and {weekly_deposit} goes in every week]",
                "{name}, {target}, piggy bank[, until {deadline}]",
                "[{weekly_deposit} per week, ]towards {name}, till we hit {target}. get it going",
                "my parents taught me to put money by, so let's begin: {name}, and the finish"
                " line is {target}[, which I should cross by {deadline}]",
                "I wish to establish a fund designated {name} in the sum of {target}[, to be"
                " complete on {deadline}][, by means of {weekly_deposit} a week].",
                "one day i'll have it! {name}! {target} is what it takes, track that for me[,"
                " {deadline} latest]",
                "by {deadline} there should be {target} in a jar labelled {name}[, i can"
                " spare {weekly_deposit} a week]",
                "could you open something i can drip money into for {name}? {target} would do"
                " it[, say {weekly_deposit} weekly]",
                "not for paying anyone, for hoarding: {target}, label {name}[,"
                " {weekly_deposit} each week]",
                "{target} is the price of {name} and i don't have it yet. start a goal["
                " ending {deadline}]",
                "how about we stash cash for {name}, all in all {target}[, at a pace of"
                " {weekly_deposit} a week]",
                "nest egg: {name} / {target}[ / {deadline}][ / {weekly_deposit} per week]",
                "the old one is finished, next goal to save for is {name}. when {target} is"
                " in it we're done[, hopefully before {deadline}]",
                "me and the missus are dreaming of {name}, reckon {target}. set that up as a"
                " savings target[, {deadline}]",
            ),
            held_out=(
                "{name} is going to happen one day, and it takes {target}. get me there[ by"
                " {deadline}]",
                "Begin collecting money for {name} until there's {target} in it[, feeding it"
                " {weekly_deposit} each week].",
                "{target} is what {name} will set us back, start a piggy bank for it[, {deadline}"
                " at the latest]",
            ),
        ),
        Tool(
            "dispute_transaction",
            "Contest a card payment.",
            params=(
                req("merchant", MERCHANT, "Shop or company that took the money"),
                req("amount", MONEY, "Amount taken, in dollars"),
                req("reason", DISPUTE, "What is wrong"),
                opt("date", DATE, "Day of the payment, YYYY-MM-DD"),
            ),
            phrasings=(
                "(dispute|contest) the {merchant} charge of {amount}[ from {date}], {reason}",
                "there's a payment of {amount} to {merchant}[ on {date}]. {reason}, get it back",
                "{merchant} took {amount} and {reason}[. it was on {date}]",
                "I wish to dispute a transaction: {merchant}, {amount}[, {date}]. {reason}.",
                "chargeback {merchant} {amount}[ {date}] - {reason}",
                "can i get my {amount} back from {merchant}? {reason}",
                "{reason}! it's the {merchant} one, {amount}[, dated {date}]. please open a"
                " dispute",
                "On my statement I found {amount} for {merchant}[, booked {date}]. {reason}, so I"
                " want to challenge it.",
                "i nearly fell off my chair reading the statement: {merchant}, {amount},"
                " {reason}. fight it",
                "{merchant}, {amount}[, {date}], {reason}, refund",
                "[on {date} ]{amount} went to {merchant}. {reason}, i won't stand for that",
                "not a new payment, an old one i object to: {merchant} for {amount},"
                " {reason}[, the day was {date}]",
                "I hereby lodge a complaint about the debit of {amount} by {merchant}[ dated"
                " {date}], because {reason}.",
                "{reason}, so make {merchant} hand back the {amount}",
                "cheeky sods at {merchant}! {amount}[ on {date}] and {reason}. reverse it",
                "who do i talk to about {merchant} and the {amount} they took[ {date}]? {reason}",
                "my card shows {amount} for {merchant}, never heard of"
                " them{reason=not_recognized}. raise that with the bank[, it's from {date}]",
                "{merchant} debited {amount} and then the very same"
                " again{reason=charged_twice}, claim it back[, happened on {date}]",
                "still no parcel from {merchant}{reason=not_received}, yet they pocketed"
                " {amount}[ on {date}]. i want that payment reversed",
                "would the bank look into {amount} at {merchant}? {reason}[, charge date {date}]",
                "that {amount} from {merchant} isn't right. {reason}. i refuse to accept the"
                " charge[ of {date}]",
                "i quit {merchant} ages ago and they still bill"
                " me{reason=cancelled_subscription}. challenge the {amount}[ from {date}]",
            ),
            held_out=(
                "that {amount} from {merchant}[ on {date}] has to be reversed, {reason}",
                "Something's off with {merchant}. They have {amount} of mine and {reason}. File a"
                " complaint, please.",
                "fight this one for me: {merchant}, {amount}[, {date}]. {reason}",
            ),
        ),
        Tool(
            "add_payee",
            "Save the bank details of someone to pay later.",
            params=(
                req(
                    "payee",
                    record(name=PERSON, iban=IBAN, bank=optional(BANK)),
                    "Full name, account number and bank",
                ),
                opt("nickname", NICKNAME, "Short name to find it by"),
            ),
            phrasings=(
                "add a payee: {payee.name}, {payee.iban}[, bank {payee.bank}][, call it"
                " {nickname}]",
                "save {payee.name}'s bank details, iban {payee.iban}[ at {payee.bank}]",
                "new payee {payee.name} {payee.iban}[ {payee.bank}]",
                "Please store the account {payee.iban}, which belongs to {payee.name}[ and is held"
                " at {payee.bank}].",
                "remember this account for later: {payee.iban}, {payee.name}[. nickname"
                " {nickname}]",
                "I'll be paying {payee.name} more often, so keep {payee.iban} on file[ under the"
                " nickname {nickname}].",
                "put {payee.name} in my address book for payments. account: {payee.iban}[,"
                " {payee.bank}]",
                "Could you add {payee.iban} to my payees? Holder: {payee.name}.[ Bank:"
                " {payee.bank}.]",
                "the name is {payee.name}, the account {payee.iban}[ sits with {payee.bank}]."
                " don't transfer anything yet, only store it",
                "{payee.iban} = {payee.name}[, {payee.bank}]. save",
                "[{nickname}: ]{payee}, into my saved recipients",
                "before i misplace this scrap of paper: {payee.name}, {payee.iban}[, short"
                " name {nickname}]",
                "Kindly register the following beneficiary: {payee}[; to be known as {nickname}].",
                "not paying now, merely noting the details: {payee}",
                "i want to find {payee.name} quickly next time, account {payee.iban}[, at"
                " {payee.bank}], list as {nickname}",
                "could {payee.name} go on my list of people to send money to? here's the"
                " number, {payee.iban}[, {payee.bank} is the bank]",
                "my cousin finally texted me the details! {payee}. hang on to them[, under"
                " {nickname}]",
                "jot down whose iban this is: {payee.iban}, that's {payee.name}'s[, {payee.bank}]",
                "beneficiary entry: {payee}[ / alias {nickname}]",
                "let me call {payee.name} simply {nickname} from here on, payments go to"
                " {payee.iban}. keep that",
                "{payee.name}[, who banks with {payee.bank},] isn't among my contacts for"
                " transfers yet. iban {payee.iban}",
                "so i needn't type {payee.iban} ever again, memorise it for {payee.name}[,"
                " tagged {nickname}]",
            ),
            held_out=(
                "my new flatmate is {payee.name}, number {payee.iban}[, banks with {payee.bank}],"
                " note that so i can pay my share later",
                "Beneficiary to register: {payee.name}; {payee.iban}[; {payee.bank}][; alias"
                " {nickname}].",
                "i got the iban of {payee.name}, it's {payee.iban}, don't lose it[ and let me just"
                " say {nickname} from now on]",
            ),
        ),
        Tool(
            "split_expense",
            "Share a cost among several people and ask each for their part.",
            params=(
                req("total", MONEY, "Whole amount in dollars"),
                req("people", listing(FIRST_NAME, 2, 4), "First names of the others"),
                opt("description", BILL_FOR, "What was paid for"),
                opt("tip_percent", TIP, "Tip to add, in percent"),
            ),
            phrasings=(
                "split {total}[ for {description}] (with|between me and) {people}",
                "{people} and I shared {description}, {total} in total. divide it up[, plus"
                " {tip_percent} tip]",
                "i paid {total}[ for {description}], ask {people} for their part",
                "Please divide {total} among {people} and myself[, adding a {tip_percent} tip].",
                "split bill {total} {people}[ {description}][ tip {tip_percent}]",
                "what does each of us owe? it was {total}[ for {description}], shared with"
                " {people}[, and a tip of {tip_percent} comes on top]",
                "Could you request everyone's share of {description} from {people}? The total came"
                " to {total}.",
                "go dutch with {people}: {total}[, tip {tip_percent}]",
                "everyone forgot their wallet last night so muggins here covered {total}."
                " collect from {people}[, it was {description}]",
                "{people} + me, {total}[, {description}][, {tip_percent} tip]",
                "[{description}: ]{total} on my card, now {people} should chip in evenly",
                "not my treat this time! {people} each cough up their bit of {total}[ for"
                " {description}]",
                "I advanced {total}[ for {description}]. Kindly invite {people} to reimburse"
                " their respective portions[, gratuity of {tip_percent} included on top].",
                "how do {people} and i carve up {total}[, with {tip_percent} for the waiter]?"
                " ping them for it",
                "tell {people} what they owe me, {total} all told, equal parts[, plus"
                " {tip_percent} tip]",
                "{description} set us back {total}. us being {people} and yours truly. work"
                " out the shares and nudge them",
                "i'm always the one who pays, and {people} always ate too. {total}[, with"
                " another {tip_percent} as a tip], fair shares please",
                "could {people} be asked to go in with me on {description}? {total} is the"
                " sum to share",
                "the bill says {total}[ and we tip {tip_percent}], the party was me plus"
                " {people}. equal slices",
                "add {tip_percent} for the staff to {total}, then halve or third it or"
                " whatever with {people}",
                "shared cost: {total} / {people}[ / {description}]",
                "{description} again, same gang as ever: {people} and me. i laid out {total},"
                " get the others to pay me back their bits",
            ),
            held_out=(
                "{description} cost me {total} and i'm not paying alone, get {people} to chip in",
                "Evenly among {people} and me, please: {total}[ plus {tip_percent} for the"
                " waiter].",
                "fair shares for {people} and me on a tab of {total}[ from {description}]",
            ),
        ),
    ),
)

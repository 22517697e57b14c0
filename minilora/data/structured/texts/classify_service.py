"""Messages to a service, to be sorted: tickets, reviews, what a bank customer wants.

The answer is a label out of those the schema lists, for some schemes with a flag or with the words
of the text that give the reason. A group of rows settles on one set of labels, in one order.
"""

from minilora.data.kinds import (
    CITY,
    COMPANY,
    DATE,
    FIRST_NAME,
    MONEY,
    ORDER_ID,
    flag,
    span,
)
from minilora.data.material import req
from minilora.data.structured.scheme import Labels, by_label, terms

GADGET = span(
    *terms("""
    tablet; vacuum cleaner; printer; blender; smart watch; tent; monitor; hair dryer; drill;
    keyboard; toaster; camera; scooter; projector; kettle; sewing machine; rice cooker; headset
""")
)

NAME = req("name", FIRST_NAME, "a name")

PLACE = req("city", CITY, "a place")

THING = req("thing", GADGET, "an object")

SUM = req("amount", MONEY, "an amount")

DAY = req("day", DATE, "a day")

FIRM = req("firm", COMPANY, "a company")

ORDER = req("order", ORDER_ID, "an order")

TICKET = Labels(
    name="support_ticket",
    instructions=(
        "Sort the support ticket.",
        "Which team should handle this ticket?",
        "Triage of a customer message.",
    ),
    property_names=("category", "label", "team", "queue"),
    synonyms={
        "billing": ("payments", "invoices", "billing"),
        "delivery": ("shipping", "logistics", "delivery"),
        "technical": ("tech_support", "technical", "troubleshooting"),
        "account": ("account", "login", "user_account"),
        "cancellation": ("cancellation", "cancel", "churn"),
    },
    extra=(req("urgent", flag(yes=["now"], no=["later"]), "True if it cannot wait"),),
    fillers=(THING, SUM, DAY, ORDER, NAME),
    texts=by_label(r"""
billing:
- You charged me {amount} twice, once on {day}. Please check when you have time.{urgent=false}
- My card was debited {amount} for something I never bought. Stop it right now!!{urgent=true}
- Could I get a copy of the receipt for order {order}? No hurry.{urgent=false}
- why is the total {amount}? the shop page said less[. whenever you get to it]{urgent=false}
- Our accountant closes the books in an hour and the invoice for {order} still shows the wrong
  VAT number. We need a corrected one immediately.{urgent=true}
- Is it possible to pay {amount} in two instalments? Just asking for the next time.{urgent=false}
- I see a second payment of {amount} going out today and my rent will bounce because of it, I
  need this reversed (today|at once).{urgent=true}
delivery:
- Where is my {thing}? Order {order} was meant to be here on {day}, (but I can wait|it's not
  pressing).{urgent=false}
- The courier left the {thing} at the wrong house and it's standing in the rain, send somebody
  NOW please{urgent=true}
- I'd like to change the delivery address of {order}. It only ships next month
  anyway.{urgent=false}
- tracking for {order} hasn't moved since {day}. any news? not in a rush{urgent=false}
- The {thing} is for a surgery tomorrow morning and your van just drove past the hospital. Please
  act at once.{urgent=true}
- Do you also ship a {thing} to a packing station? I'm just curious.{urgent=false}
technical:
- The {thing} shows a blinking red light[ since {day}]. What does it mean? Take your
  time.{urgent=false}
- Smoke is coming out of the {thing} as I write this. What do I do???{urgent=true}
- How do I pair the {thing} with a second phone? The manual is silent on it.{urgent=false}
- firmware update on my {thing} stopped at 80% and nothing happens[. no stress, i have another
  one]{urgent=false}
- Our whole shop is standing still because the {thing} won't start, customers are waiting in
  line. We need help this minute.{urgent=true}
- My {thing} makes a clicking noise. It still works, so look into it whenever you
  can.{urgent=false}
account:
- I'd like to change my user name to {name}, at some point.{urgent=false}
- Somebody has logged in as me and is changing my password right now. Lock it,
  quickly!{urgent=true}
- the reset mail never arrives[, tried it on {day} already]. it can wait till
  monday{urgent=false}
- Can two people use the same profile? {name} and I share the {thing}.{urgent=false}
- I'm locked out and the exam on your site starts in ten minutes, please hurry{urgent=true}
- Please correct the spelling of my name in my profile, it should read {name}.{urgent=false}
cancellation:
- Please end my subscription after {day}.{urgent=false}
- I don't need the {thing} plan any more, thanks for everything.{urgent=false}
- cancel order {order} IMMEDIATELY, it leaves the warehouse in an hour{urgent=true}
- How can I close my contract? I am moving abroad[ on {day}].{urgent=false}
- You renew in thirty minutes and I do not want that. Cancel me straight away.{urgent=true}
- We decided to go with another provider next year, so kindly terminate our plan.{urgent=false}
"""),
    held_out=by_label(r"""
billing:
- {name} here, the discount is missing on my bill of {amount}. Have a look some time this
  week.{urgent=false}
- refund of {amount} promised on {day}, nothing on my account so far. fine if it takes a few
  days{urgent=false}
- The bank will freeze us tonight unless you take back the {amount} you booked by
  mistake.{urgent=true}
delivery:
- Half of {order} is missing from the box. We can manage without it for now.{urgent=false}
- Your driver is at the gate and refuses to unload the {thing}, somebody call him this
  second{urgent=true}
- Could the {thing} come on {day} instead? Either is fine with me.{urgent=false}
technical:
- The app closes whenever I open the settings. Not dramatic, I rarely need them.{urgent=false}
- the {thing} is boiling hot and I can't switch it off, help!!{urgent=true}
- What cable does the {thing} take? I'll be shopping at the weekend.{urgent=false}
account:
- Is there a way to merge two logins? I have had both for years.{urgent=false}
- My data can be seen by strangers at this very moment, take the profile down!{urgent=true}
- New phone, so the code app no longer matches[, since {day}]. I can use the site without it for
  now.{urgent=false}
cancellation:
- {order} was ordered by my toddler, ha. Could you take it back before it ships next
  month?{urgent=false}
- It's been nice, but I'm leaving. Please don't extend my membership beyond {day}.{urgent=false}
- Stop the contract before midnight or I pay {amount} for another year, so please do it
  now.{urgent=true}
"""),
)

REVIEW = Labels(
    name="review",
    instructions=(
        "Sentiment of the review.",
        "How does the customer feel?",
        "Rate the opinion in the text.",
    ),
    property_names=("sentiment", "label", "opinion"),
    synonyms={
        "positive": ("positive", "good", "happy"),
        "negative": ("negative", "bad", "unhappy"),
        "neutral": ("neutral", "undecided"),
    },
    reasons=True,
    fillers=(THING, FIRM, PLACE, SUM, NAME),
    texts=by_label(r"""
positive:
- Bought the {thing} for my mother and <<she uses it every day>>. Delivery took a while.
- <<Best {amount} I ever spent>>. The {thing} looks smaller in the pictures though.
- I was sceptical, but <<{firm} exceeded all my expectations>>.
- ok so i ordered a {thing} at 2am and honestly? <<no regrets at all>>
- The waiter in {city} was slow, and still <<we would come back any time>>.
- {name} at the desk <<solved everything within five minutes>>. Five stars.
- Third {thing} from {firm}. As always, <<built like a tank>>.
negative:
- <<Never again>>. The {thing} fell apart in my hands.
- The colours are pretty, but <<the {thing} died after a week>>.
- {firm} told us it would be easy. <<We wasted an entire Saturday>>.
- (for|At) {amount} i expected more. <<it feels like a toy>>
- Nice lobby, friendly {name} at the door, yet <<the room in {city} smelled of mould>>.
- <<I want those two hours of my life back>>. Who builds a {thing} like this?
- Customer service hung up on me twice. <<Shame on you, {firm}>>.
neutral:
- <<It does what it says, nothing more>>. A {thing} is a {thing}.
- Good sound, weak battery. <<I can't make up my mind>> about this {thing}.
- <<Neither great nor terrible>>. {firm} delivered in the usual time.
- My wife likes the {thing}, I don't. <<Make of that what you will>>.
- We stayed one night in {city}. <<It was a bed and a roof>>.
- <<An average {thing}>> for an average price[ of {amount}].
"""),
    held_out=by_label(r"""
positive:
- Whoever designed this {thing} deserves a raise, <<it makes mornings bearable>>.
- The box was dented, fine, but <<I am in love with this {thing}>>.
- Took my family to {firm} in {city}. <<Even my teenager smiled>>.
negative:
- Gave the {thing} to {name}, who gave it back. <<That says it all>>.
- <<Save your {amount}>> and buy something else.
- I really tried to like {firm}. <<Rude, late and overpriced>>.
neutral:
- Used the {thing} twice so far, <<too early to tell>>.
- <<Some things work, some don't>>. {firm} could do better and could do worse.
- Had the {thing} for a month and <<I have no strong feelings either way>>.
"""),
    fixed=True,
)

BANK_INTENT = Labels(
    name="bank_intent",
    instructions=(
        "What does the bank customer want?",
        "Intent of the chat message.",
        "Route the banking question.",
    ),
    property_names=("intent", "label", "action"),
    synonyms={
        "block_card": ("block_card", "card_lost", "freeze_card"),
        "show_balance": ("show_balance", "balance", "check_balance"),
        "failed_transfer": ("failed_transfer", "transfer_problem"),
        "open_account": ("open_account", "new_account"),
        "exchange_rate": ("exchange_rate", "currency"),
        "find_branch": ("find_branch", "branch_locator"),
    },
    fillers=(SUM, PLACE, NAME, DAY),
    texts=by_label(r"""
block_card:
- my wallet got stolen in {city}, make sure nobody can pay with my card
- I think I left my card in a taxi. Can you switch it off?
- Someone else is using my debit card, stop it please
- The machine swallowed my card on {day}. Better to disable it, right?
- {name} took my credit card by mistake, can it be put on hold for a while
- please lock the card ending in 4410
show_balance:
- how much do i have left this month
- Can I afford {amount} at the moment?
- Has my salary made a difference yet? What does my account stand at?
- Tell me what's on the joint account I have with {name}.
- I'd like to know the sum of my savings.
- am i overdrawn already
failed_transfer:
- I sent {amount} to {name} on {day} and it never arrived
- The money came back to me although the number was right.
- It says "rejected" when I try to send {amount} abroad.
- why is my payment to {name} still pending
- My standing order for the rent did not go out this month.
- transferred to the wrong {name} and now it's stuck somewhere
open_account:
- My daughter turns 12, can she get something of her own with you?
- I just moved to {city} and need a bank.
- what papers do i need to become a customer
- We are founding a small company and would need business banking.
- {name} and I want a shared account for the household.
- Is it possible to sign up online without visiting you?
exchange_rate:
- How many dollars do I get for {amount}?
- what's the pound at today
- Flying to Tokyo on {day}, how is the yen doing?
- Is now a good moment to swap euros for francs?
- What would you charge me to turn {amount} into Swedish crowns?
- is the zloty up or down
find_branch:
- where in {city} can I talk to a human
- Are you open on Saturdays near the station?
- I need a cash machine close to {city} city hall.
- Which office do I have to go to with my passport?
- do you guys still have a counter in {city}
- What is the address of your nearest agency?
"""),
    held_out=by_label(r"""
block_card:
- can't find my bank card since {day}, take it out of service
- Bag gone, card gone. Nobody should be able to spend my money.
- There's a shopping spree in {city} on my Visa and I am at home. Shut it down!
show_balance:
- do I still have {amount} or is it all spent
- Give me the figure on my current account please.
- before I order pizza: what's left?
failed_transfer:
- {name} says there's no {amount} from me, yet it has left my account
- The bill was returned unpaid although I sent it on {day}.
- nothing goes through, tried to pay {name} three times
open_account:
- I want to switch from another bank to yours, how does that go?
- Could you explain how my son {name} gets his first account?
- student in {city}, no bank so far, can i join
exchange_rate:
- If I bring {amount}, what do I walk out with in krona?
- rates for the dollar on {day}?
- How much is one euro in rupees right now?
find_branch:
- Is there one of your places around {city}?
- Till what time is the counter at the harbour open?
- I want to hand in papers in person, where to?
"""),
)

ALL = (TICKET, REVIEW, BANK_INTENT)

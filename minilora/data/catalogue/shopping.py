"""Online shopping: finding things, the cart, orders, wishes and reviews."""

from minilora.data.kinds import (
    ADDRESS,
    COLOR,
    DATE,
    EMAIL,
    FIRST_NAME,
    MONEY,
    ORDER_ID,
    choice,
    copied,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.made import pattern
from minilora.data.material import Domain, Tool, opt, req

GOODS = span(
    "wireless earbuds", "running shoes", "cast iron skillet", "USB-C charging cable", "yoga mat",
    "men's waterproof hiking boots", "LEGO 10497 Galaxy Explorer", "Levi's 501 jeans", "moka pot",
    "stainless steel water bottle", "noise cancelling headphones", "memory foam pillow", "dog bed",
    "folding baby stroller with a cup holder", "27-inch 4K monitor", "Nintendo Switch OLED",
    "cordless drill", "ceramic plant pot", "kids' rain jacket", "Le Creuset Dutch oven",
    "standing desk", "Moleskine notebook", "women's merino base layer", "phone case",
    "Kärcher pressure washer", "Fjällräven Kånken backpack", "toaster", "Hario V60", "desk lamp",
)  # fmt: skip
SEARCH_TERM = span(
    "winter coats", "gaming mouse", "air fryers", "linen bedsheets", "size 44 trail shoes", "socks",
    "birthday presents for a 6 year old", "sewing machines for beginners", "mirrorless cameras",
    "garden hose 30m", "electric toothbrushes", "jeans with deep pockets", "porte-manteau mural",
    "second monitors for a home office", "board games for two", "rugby balls", "hair dryers",
    "tents", "left-handed scissors", "men's wool jumpers", "travel adapters for Japan",
    "bike lights", "futons", "car seats for a newborn", "plus size swimsuits", "kitchen scales",
    "a rug that hides dog hair",
)  # fmt: skip
BRAND = span(
    "IKEA", "Muji", "Marks & Spencer", "Decathlon", "Tchibo", "Xiaomi", "3M", "H&M Home",
    "Patagonia", "Philips", "L.L.Bean", "Bosch", "De'Longhi", "Fjällräven", "Kirkland Signature",
    "Black+Decker",
)  # fmt: skip
PHONE_MODEL = span(
    "iPhone 15", "Pixel 8a", "Galaxy S24 Ultra", "Fairphone 5", "OnePlus 12R", "Xperia 1 V",
    "Moto G84", "Nokia G42", "Redmi Note 13 Pro", "Zenfone 10", "iPhone SE", "Honor Magic6 Pro",
)  # fmt: skip
CRITERION = span(
    "battery life", "price", "camera", "weight", "screen brightness", "warranty", "repairability",
    "charging speed", "storage", "how long it gets updates", "size", "sound quality",
)  # fmt: skip
COUPON = copied(
    pattern("SAVE##", "WELCOME-##", "@@@#-@@##", "SUMMER##", "VIP####", "FREESHIP", "MUM##"), "code"
)
WISHLIST = span(
    "christmas", "Ava's birthday", "new flat", "baby shower", "camping gear", "someday", "wedding",
    "stuff for the kitchen", "Dad's 60th", "garden 2026", "treat myself", "Weihnachten",
)  # fmt: skip
REVIEW = span(
    "fell apart after a week", "best thing I bought all year", "does the job", "sizing runs small",
    "battery died on day two", "my kids fight over it", "good value but the box was crushed",
    "exactly as pictured", "smells weird", "sturdier than it looks, would buy again", "meh",
    "the colour isn't what they show", "quiet, quick and easy to clean", "arrived a week late",
    "it's fine for the price", "customer for life",
)  # fmt: skip
STARS = choice(1, 2, 3, 4, 5, spoken={1: ["1", "one"], 5: ["5", "five"]})
NOTIFY = choice(
    "email", "sms", "push",
    spoken={
        "email": ["by email", "via e-mail"],
        "sms": ["by text", "with a text message", "by sms"],
        "push": ["with a push notification", "with a notification on my phone"],
    },
)  # fmt: skip
SORT = choice(
    "price_low_to_high", "price_high_to_low", "best_rated", "newest",
    spoken={
        "price_low_to_high": ["cheapest first", "lowest price at the top"],
        "price_high_to_low": ["most expensive first", "priciest on top"],
        "best_rated": ["best reviewed first", "sorted by rating"],
        "newest": ["newest first", "latest arrivals first"],
    },
)  # fmt: skip
PAYMENT = choice(
    "credit_card", "paypal", "bank_transfer", "gift_card", "cash_on_delivery",
    spoken={
        "credit_card": ["my credit card", "credit card"],
        "paypal": ["PayPal", "paypal"],
        "bank_transfer": ["bank transfer", "a bank transfer"],
        "gift_card": ["my gift card", "a gift card"],
        "cash_on_delivery": ["cash on delivery", "cash when it arrives"],
    },
)  # fmt: skip
SHIPPING = choice(
    "standard", "express", "same_day", "store_pickup",
    spoken={
        "standard": ["standard shipping", "normal delivery"],
        "express": ["express shipping", "express delivery"],
        "same_day": ["same-day delivery", "delivery today"],
        "store_pickup": ["pickup in store", "click and collect"],
    },
)  # fmt: skip
REASON = choice(
    "damaged", "wrong_size", "wrong_item", "not_as_described", "changed_mind", "arrived_late",
    spoken={
        "damaged": ["it came broken", "it was damaged when I opened it", "it's cracked"],
        "wrong_size": ["it doesn't fit", "it's the wrong size", "it's too small"],
        "wrong_item": ["they sent me the wrong thing", "it's not what I ordered"],
        "not_as_described": ["it's nothing like the description", "it's not as described"],
        "changed_mind": ["I changed my mind", "I don't want it any more"],
        "arrived_late": ["it came too late", "it arrived after the date you promised"],
    },
)  # fmt: skip
RESOLUTION = choice(
    "refund", "exchange", "store_credit",
    spoken={
        "refund": ["my money back", "a refund"],
        "exchange": ["an exchange", "a replacement"],
        "store_credit": ["store credit", "a voucher for the shop"],
    },
)  # fmt: skip
GIFT_WRAP = flag(
    yes=["gift wrapped", "with gift wrapping", "wrapped as a present"],
    no=["no gift wrap", "without gift wrapping", "not gift wrapped"],
)

DOMAIN = Domain(
    name="shopping",
    title="Online shopping",
    tools=(
        Tool(
            "search_products",
            "Search the shop's catalogue for products that match a description.",
            params=(
                req("query", SEARCH_TERM, "What to look for"),
                opt("max_price", MONEY, "Highest price, in dollars"),
                opt("brand", BRAND, "Only this brand"),
                opt("condition", choice("new", "used", "refurbished"), "Condition of the goods"),
                opt("sort_by", SORT, "Order of the results"),
            ),
            phrasings=(
                "(search for|look for|find) {query}[ by {brand}][ under {max_price}][, {sort_by}]",
                "(show me|do you have) {query}[ for less than {max_price}][, only {condition}]",
                "{query}[ {brand}][ max {max_price}][ {condition}][ {sort_by}]",
                "i'm after {query}[, ideally {brand}][, and i can't spend more than {max_price}]",
                "Which {condition} items do you stock? I need {query}.[ Show them {sort_by}.][ My"
                " budget is {max_price}.]",
                "Hi! Could you help me find {query}[ from {brand}]? {condition} please[, up to"
                " {max_price}].",
                "my old one broke so i need {query}[, {condition} is what i want][, not above"
                " {max_price}]",
                "hey, anything good in the shop for {query}?[ list them {sort_by}]",
                "Let me browse {brand} {query}[, {sort_by}][, and nothing over {max_price}]",
                "I have {max_price} to spend and would like to see {query}[ made by {brand}].",
                "winter has arrived and my wardrobe hasn't noticed, what have you got in the"
                " way of {query}[ that won't cost over {max_price}]",
                "{max_price} is all that's left in my wallet this month. dig up {query} I can"
                " afford with that[, {sort_by}]",
                "any {brand} {query} going?",
                "I wonder whether you carry {query}[ from the people at {brand}]",
                "{condition} {query}, {sort_by}, go",
                "my sister keeps raving about {brand}, so pull up their {query}[, ceiling"
                " {max_price}]",
                "Would you be so kind as to present your range of {query}[, arranged"
                " {sort_by}][ and limited to {brand}]?",
                "hunting for {query} again, don't laugh[. {brand} or nothing]",
                "rummage through the catalogue for {query}, not brand-new stuff,"
                " second-hand{condition=used}[, {max_price} tops]",
                "cheapest at the top{sort_by=price_low_to_high}: {query}[ - {brand}]",
                "it's raining and i'm bored, so scout out some {query} with a price tag south"
                " of {max_price}",
                "Only factory-fresh{condition=new} goods for me, no hand-me-downs: {query}[,"
                " label {brand}]",
                "what's out there in {query}? start with whatever buyers liked"
                " most{sort_by=best_rated}[, cap it at {max_price}]",
                "the dog chewed through everything again.. let me see what {query} you sell[,"
                " {condition} ones][ and not pricier than {max_price}]",
            ),
            held_out=(
                "got any {query} that won't cost me more than {max_price}?[ {brand} would be nice]",
                "Been hunting for {query} all week[, strictly {condition}] - what's on offer?["
                " {sort_by}, thanks]",
                "pull up your {query} selection[, {brand} only][, {sort_by}]",
                "thinking about getting {query}[, it can only be {condition}][, cap it at"
                " {max_price}]",
            ),
        ),
        Tool(
            "add_to_cart",
            "Put a product into the shopping cart to be bought at checkout.",
            params=(
                req("product", GOODS, "Name of the product"),
                opt("quantity", integer(2, 12), "How many to add"),
                opt("color", COLOR, "Colour of the product"),
                opt("gift_wrap", GIFT_WRAP, "Whether to wrap it as a gift"),
            ),
            phrasings=(
                "add {quantity} {product}[ in {color}] to my (cart|basket)[, {gift_wrap}]",
                "(put|throw|stick) the {product} in my (cart|basket)[ in {color}][, {gift_wrap}]",
                "i'll take the {product}[ in {color}][, make it {quantity}]",
                "I'd like to buy {quantity} of the {product}[ in {color}], please put them in my"
                " cart.",
                "cart: {product}[, qty {quantity}][, {color}]",
                "Could you add the {product} to my basket[, {gift_wrap}]?[ {color}, please.]",
                "ok, happy with the {product}, into the basket it goes[ in {color}][, {gift_wrap}]",
                "We need {quantity} of these for the office: {product}. Add them to the cart[ in"
                " {color}].",
                "hey shop assistant, basket the {product}[ {gift_wrap}]",
                "sold! {product} for me[, the {color} one]",
                "{quantity} of {product} pls -> cart[, {gift_wrap}]",
                "right, I've slept on it and I'm getting the {product}. pop it in the"
                " trolley[, {color} if you have it]",
                "in {color}, the {product}: chuck it in my shopping bag[ {gift_wrap}]",
                "Would it be possible to place {quantity} units of the {product} into my"
                " trolley[, {gift_wrap}]?",
                "my niece turns six on Friday and the {product} is just the thing, so load it"
                " into my basket and wrap it up pretty{gift_wrap=true}[, {color}]",
                "go on then, twist my arm. {product}, to the cart[, {quantity} while we're at it]",
                "the team has outgrown the old kit, therefore {quantity} {product} should"
                " land in the cart[, all {color}]",
                "not paying yet, just drop the {product} into the basket[ with {quantity} as"
                " the amount]",
                "can my trolley have the {product} in it[, {color} version][, {gift_wrap}]",
                "{quantity} is the magic number: {product}. Basket them",
                "add 2 cart: {product}, {color}",
                "I've been eyeing the {product} long enough. Kindly include it among the"
                " things I'm about to purchase[, {gift_wrap}].",
                "a pair{quantity=2} of {product} into my cart, no fancy paper or"
                " ribbons{gift_wrap=false}[, {color}]",
            ),
            held_out=(
                "let's get the {product}[ - {color}], i'll pay for it with the rest later",
                "sold! {quantity} {product}[ in {color}] for me when i check out[, {gift_wrap}]",
                "Reserve a place among my purchases for the {product}[, {color} version][, and"
                " {quantity} pieces of it].",
            ),
        ),
        Tool(
            "remove_from_cart",
            "Take a product out of the shopping cart.",
            params=(
                req("product", GOODS, "Name of the product"),
                opt("quantity", integer(2, 9), "How many to take out; all of them if absent"),
            ),
            phrasings=(
                "(remove|delete|take out) [{quantity} of ]the {product} from my (cart|basket)",
                "i don't want the {product} any more, take it out of the cart",
                "Please take {quantity} of the {product} out of my basket, I ordered too many.",
                "(drop|ditch|lose) the {product}[, {quantity} of them] from my cart",
                "on second thought, no {product}. remove it from the basket",
                "Could you get rid of the {product} in my cart?",
                "cart: minus {product}",
                "the {product} got added by mistake, please clear it from my basket",
                "I can't afford everything, so leave out the {product} from my cart[ - {quantity}"
                " of them at least].",
                "my wife already has the {product}, so that can come out of the cart",
                "scrap the {product}[, just {quantity} of them] in my basket",
                "would you mind fishing the {product} out of my trolley[? {quantity} will do]",
                "{quantity} fewer {product} in the basket please",
                "nah, not feeling the {product} after all. yank it from the cart",
                "trolley: {product} out[, qty {quantity}]",
                "I counted again and {quantity} of the {product} are surplus, kindly strike"
                " them from my cart.",
                "why is there a {product} in my basket, i never clicked that, get it out",
                "The {product} is no longer required. Please withdraw it from the shopping cart.",
                "payday is far away and the total is scary, so bye bye {product}, off the"
                " cart you go",
                "i said yes to the {product} but i was half asleep. undo that, pull["
                " {quantity} of] it from my basket",
                "can we un-cart the {product}",
                "my basket is fine except for the {product}, those shouldn't be there[ -"
                " subtract {quantity}]",
                "keep the rest, but eject {quantity} {product} from the trolley before I pay",
            ),
            held_out=(
                "hmm, scratch the {product}, it shouldn't be among the things i'm buying",
                "my kid clicked on the {product} and now it's sitting in my basket, undo that",
                "What I'm about to pay for has {quantity} {product} too many; put those back.",
            ),
        ),
        Tool(
            "checkout_cart",
            "Place the order for everything in the shopping cart.",
            params=(
                req("payment_method", PAYMENT, "How to pay"),
                opt("shipping", SHIPPING, "Kind of delivery"),
                opt("address", ADDRESS, "Where to deliver to"),
                opt("coupon", COUPON, "Discount code to use"),
            ),
            phrasings=(
                "(check out|place the order|buy everything in my cart) with {payment_method}[,"
                " {shipping}][, send it to {address}]",
                "i'm done shopping, pay with {payment_method}[ and choose {shipping}]",
                "Please complete my purchase using {payment_method}. [Deliver it to {address}.]["
                " The code is {coupon}.]",
                "order it all[, ship to {address}], i'll pay by {payment_method}[, code {coupon}]",
                "checkout {payment_method}[ {shipping}][ {coupon}]",
                "that's everything[, it goes to {address}]. {payment_method} for payment[,"
                " {shipping} for the rest]",
                "Could you finish my order? I want {shipping}, paid with {payment_method}[, using"
                " {coupon}].",
                "let's go ahead and buy what's in the basket: {payment_method}[, {shipping}]",
                "take my money, {payment_method}[, {shipping} if you can]",
                "wrap this order up. settling it via {payment_method}[, door is {address}]",
                "{coupon} is my discount thing. now push the whole basket through,"
                " {payment_method}",
                "is it ok to pay with {payment_method}? then go ahead and purchase the lot[,"
                " {shipping}]",
                "{shipping}, {payment_method}, {address} - finalise the order please",
                "the kids are finally asleep so quick: submit the order, {payment_method}[,"
                " promo {coupon}]",
                "I should be most grateful if you would process my basket. Payment:"
                " {payment_method}.[ Delivery method: {shipping}.][ Destination: {address}.]",
                "nothing more to add, ring me up[ with voucher code {coupon}], {payment_method}",
                "buy the trolley. pay={payment_method}[ ship={shipping}][ to={address}]",
                "enough dithering, pull the trigger on my cart, it goes on {payment_method}["
                " and off to {address}]",
                "To {address} with all of it, by {shipping}. I'll cover it with {payment_method}",
                "I don't need anything sent, I'll collect it at the"
                " shop{shipping=store_pickup}. Confirm the purchase, {payment_method}[, code"
                " {coupon}]",
                "my cart's been sitting there for days. turn it into a real order[ bound for"
                " {address}], funded by {payment_method}",
                "got a code from a friend, {coupon}, apply it and seal the deal using"
                " {payment_method}[, {shipping}]",
            ),
            held_out=(
                "ready to pay! {payment_method}[, and {shipping} if possible]",
                "Charge the basket to {payment_method}[ and get it over to {address}][, with"
                " {coupon} taken off].",
                "ok make it official, i want all of this stuff[ at {address}], {payment_method} it"
                " is",
            ),
        ),
        Tool(
            "track_delivery",
            "Find out where an order is and when it will arrive.",
            params=(
                req("order_id", ORDER_ID, "Order number, like A-10423"),
                opt("notify_by", NOTIFY, "How to send updates about the delivery"),
            ),
            phrasings=(
                "(where is|track|what's the status of) [my ]order {order_id}[? update me"
                " {notify_by}]",
                "when will {order_id} (arrive|get here|be delivered)?",
                "Could you check on the delivery of {order_id}[ and keep me posted {notify_by}]?",
                "track {order_id}[ {notify_by}]",
                "my parcel {order_id} was due ages ago, where's it at",
                "I ordered something two weeks back, the number is {order_id}. Any news of it?["
                " Tell me {notify_by} when it moves.]",
                "has {order_id} shipped yet?",
                "Dear team, please let me know how far along order {order_id} is.[ Send updates"
                " {notify_by}.]",
                "still nothing on my doorstep.. what happened to {order_id}",
                "whereabouts of {order_id} pls[, updates {notify_by}]",
                "I've got to go out this afternoon and don't want to miss the courier, how"
                " close is {order_id}?",
                "{order_id}: eta?",
                "Might I enquire how {order_id} is progressing[, and could I hear about"
                " changes {notify_by}]?",
                "{notify_by} is how i'd like to hear about it: trace the shipment {order_id}",
                "my kid asks every five minutes about the package. {order_id}. is it nearby",
                "did the driver get lost or what? look into parcel {order_id}[ and keep"
                " posting me {notify_by}]",
                "follow the shipment with number {order_id} for me[ and report {notify_by}]",
                "not complaining, just curious how many more days until {order_id} turns up",
                "Pinpoint {order_id} on its journey please[; news {notify_by}]",
                "shoot me an email whenever it moves{notify_by=email}, consignment {order_id}",
                "the neighbour says a van came by. was that {order_id} or is it still in a"
                " depot somewhere",
                "I'm on tenterhooks over {order_id}, any sign of it[? text me the"
                " progress{notify_by=sms}]",
            ),
            held_out=(
                "still nothing in the post for {order_id}, what's going on?",
                "is the driver with {order_id} anywhere near[, and can i hear about it"
                " {notify_by}]",
                "I'd love to know the whereabouts of the package under {order_id}.",
            ),
        ),
        Tool(
            "return_item",
            "Send back something from an order.",
            params=(
                req("order_id", ORDER_ID, "Order number, like A-10423"),
                req("reason", REASON, "Why it goes back"),
                opt("item", GOODS, "Which product of the order"),
                opt("resolution", RESOLUTION, "What the customer wants for it"),
            ),
            phrasings=(
                "(return|send back) [the {item} from ]order {order_id}, {reason}[, i want"
                " {resolution}]",
                "i need to return the {item} from {order_id} because {reason}",
                "{reason} - order {order_id}[, the {item}][. {resolution} please]",
                "Hello, I'd like to send something back from order {order_id}: {reason}.[ I would"
                " prefer {resolution}.]",
                "How do I return {order_id}? {reason}[ and I'd like {resolution}]",
                "the {item} in {order_id} has to go back. {reason}[, {resolution} would be good]",
                "Start a return for {order_id}[ \\(the {item}\\)], {reason}.",
                "ugh, {reason}. take {order_id} back[ and give me {resolution}]",
                "I'm writing about order {order_id}. {reason}, so please arrange the return[ and"
                " {resolution}].",
                "{order_id} isn't staying with me. {reason}[, so {resolution} it is]",
                "the {item} was a letdown, {reason}. it's from {order_id}, how do i ship it"
                " back to you",
                "{resolution} for {order_id} please, {reason}",
                "return: {order_id} / {item} / {reason}[ / {resolution}]",
                "not keeping this. {reason}. order no. {order_id}[, namely the {item}]",
                "my box from you finally got opened today and {reason}. let me mail"
                " {order_id} back[, hoping for {resolution}]",
                "I regret to say that {reason}. May I hand back the {item} belonging to order"
                " {order_id}[ in return for {resolution}]?",
                "you can have {order_id} back, {reason}",
                "it arrived smashed to bits{reason=damaged}, the {item} out of {order_id}."
                " box it up and back it goes[, {resolution} please]",
                "doesn't fit me at all{reason=wrong_size} :\\( what now with the {item}, order"
                " {order_id}? swap it for one that does{resolution=exchange}",
                "{reason}, sadly. Could a courier fetch {order_id}[, just the {item}] and"
                " take it back to the warehouse",
                "Nothing like the photos{reason=not_as_described}! {order_id} is going"
                " straight back[ and I expect {resolution}]",
                "I've packed {order_id} up again as {reason}; register it as a return[,"
                " compensating me with {resolution}]",
                "long story short: {reason}. file a return on {order_id}[ for the {item}] and"
                " refund me{resolution=refund}",
            ),
            held_out=(
                "not keeping what came in {order_id}, {reason}[. {resolution}?]",
                "Can you email me a label for {order_id}?[ It's for the {item}.] {reason}.",
                "really disappointed with {order_id}: {reason}. come and collect the {item}[, and"
                " i expect {resolution}]",
            ),
        ),
        Tool(
            "add_to_wishlist",
            "Keep a product on a wish list for later, without buying it.",
            params=(
                req("product", GOODS, "Name of the product"),
                opt("list_name", WISHLIST, "Name of the wish list"),
                opt("priority", choice("low", "medium", "high"), "How much it is wanted"),
            ),
            phrasings=(
                "(add|save|put) the {product} (on|to) my [{list_name} ]wishlist",
                "wishlist the {product}[, {priority} priority]",
                "I can't buy the {product} now, save it on the wish list called {list_name}.",
                "i wish someone would get me the {product}, put it on my wishlist[ with {priority}"
                " priority]",
                "Please add the {product} to the {list_name} list of wishes[ with {priority}"
                " priority].",
                "keep the {product} on my wishlist so i don't forget it[, list {list_name}]",
                "for the {list_name} wishlist: {product}[, {priority} priority]",
                "Could the {product} go on my wishlist? Priority is {priority}.",
                "drooling over the {product} but rent is due, so park it with my wishes[,"
                " {priority} priority]",
                "{list_name}: the {product} belongs on that wishlist",
                "not buying it today, only bookmark the {product} among my wishes",
                "one day the {product} will be mine.. stash it on the wishlist[ named {list_name}]",
                "wish += {product}[ \\({priority}\\)][ @ {list_name}]",
                "Would you kindly enter the {product} in my wish list[, marked as {priority}"
                " priority]?",
                "people always ask what to get me, so jot the {product} onto the wishlist["
                " titled {list_name}]",
                "priority {priority}, wishlist, {product}",
                "my heart skipped a beat when i saw the {product}. hang on to it for later in"
                " {list_name}, that's the wishlist",
                "is there room on my wishlist for the {product}[? it'd be {priority} priority]",
                "can't justify it until the bonus comes, remember the {product} as something"
                " i'd love to own[, {list_name} wishlist]",
                "i want the {product} more than anything{priority=high}, so pin it to my list"
                " of wishes[ - {list_name}]",
                "The {product} would be a nice-to-have, nothing more{priority=low}. Log it on"
                " my wishlist please",
                "saw the {product} at a friend's place yesterday, save it for some other time"
                " in my wishes[ under {list_name}]",
            ),
            held_out=(
                "bookmark the {product} under {list_name}, i'll decide some other time",
                "no money this month but please remember the {product} for me[ in my {list_name}"
                " wishes]",
                "One more idea for my wish list[, of {priority} priority]: {product}.",
            ),
        ),
        Tool(
            "set_price_alert",
            "Watch a product and tell the user when its price falls to a target.",
            params=(
                req("product", GOODS, "Name of the product"),
                req("target_price", MONEY, "Price to wait for, in dollars"),
                opt("notify_by", NOTIFY, "How to tell the user"),
            ),
            phrasings=(
                "(tell|ping|alert) me [{notify_by} ]when the {product} (drops below|falls to|hits)"
                " {target_price}",
                "set a price alert for the {product} at {target_price}[, notify me {notify_by}]",
                "price watch: {product} {target_price}[ {notify_by}]",
                "the {product} is too expensive right now. let me know {notify_by} once it's"
                " {target_price}",
                "Could you keep an eye on the {product} and inform me if it goes under"
                " {target_price}?",
                "I'd only pay {target_price} for the {product}. Let me know when it gets there[,"
                " {notify_by}].",
                "watch the {product} for me, target {target_price}",
                "Please notify me {notify_by} as soon as the {product} costs {target_price} or"
                " less.",
                "{target_price} is my pain threshold for the {product}, shout when it's"
                " there[, {notify_by}]",
                "no chance i pay full price for the {product}. wake me when it sinks to"
                " {target_price}",
                "{product} <= {target_price} -> tell me[ {notify_by}]",
                "my savings pot holds {target_price}, so the moment the {product} gets that"
                " cheap i want to hear about it {notify_by}",
                "Would you monitor what the {product} costs and drop me a line {notify_by}"
                " should it come down to {target_price}?",
                "is the {product} ever going to be {target_price}? nudge me if so",
                "black friday is coming. track the {product} and holler at {target_price}[,"
                " {notify_by}]",
                "{notify_by} please: a heads-up as soon as the {product} slips under"
                " {target_price}",
                "Not a cent above {target_price} for the {product}! buzz me when the shop gives in",
                "I'm playing the waiting game with the {product} until it is down to"
                " {target_price}[, let me hear {notify_by}]",
                "give me a shout once someone slashes the {product} to {target_price}",
                "price trigger, {target_price}, {product}[, reach me {notify_by}]",
                "the {product} is daylight robbery at the moment so text me{notify_by=sms}"
                " the day it becomes {target_price}",
                "I'm in no rush for the {product}. Send an email{notify_by=email} when the"
                " price tag reads {target_price} or lower.",
            ),
            held_out=(
                "shout if the {product} ever gets down to {target_price}[ - {notify_by} is best]",
                "I'm waiting for a sale: {product} for {target_price} or nothing. Keep checking"
                " for me.",
                "any day the {product} is cheaper than {target_price} i want to hear of it["
                " {notify_by}]",
            ),
        ),
        Tool(
            "compare_products",
            "Compare two or more products side by side.",
            params=(
                req("products", listing(PHONE_MODEL, 2, 3), "Names of the products"),
                opt("criteria", listing(CRITERION, 1, 3), "What to compare them on"),
            ),
            phrasings=(
                "compare {products}[ on {criteria}]",
                "which is better, {products}?[ i care about {criteria}]",
                "{products} - what's the difference[ in {criteria}]?",
                "Can you put {products} side by side[ and look at {criteria}]?",
                "i can't decide between {products}[, mostly it's about {criteria}]",
                "Please give me a comparison of {products}[ with regard to {criteria}].",
                "how do {products} stack up against each other[ when it comes to {criteria}]",
                "vs table: {products}[; {criteria}]",
                "my phone died and it's down to {products}. weigh them up for me[ in terms of"
                " {criteria}]",
                "{criteria}: who wins, {products}?",
                "torn here. {products}. pros and cons of each[, above all {criteria}]",
                "Is there any real gap between {products}[, {criteria} for instance]?",
                "{products} head to head[ \\({criteria}\\)]",
                "I'd be obliged if you contrasted {products}[, paying attention to {criteria}].",
                "my brother and i have a bet running on {products}, settle it[ based on"
                " {criteria}]",
                "pit {products} against one another[, judged by {criteria}]",
                "looking at {criteria}, how far apart are {products}",
                "skip the sales talk and line up {products} next to each other[ and judge"
                " {criteria}]",
                "the salesman talked me dizzy. what sets {products} apart[, {criteria} matter"
                " most]",
                "{products}?? help me choose[, {criteria} is what counts]",
                "On {criteria}, rank {products}",
                "battle of the gadgets: {products}. go through the differences[ as regards"
                " {criteria}]",
            ),
            held_out=(
                "torn here. {products}: pros and cons[ for {criteria}] please",
                "My daughter wants a new phone, it's down to {products}.[ What matters to her:"
                " {criteria}.] Show how they differ.",
                "if {criteria} is what counts, how would you rank {products}",
            ),
        ),
        Tool(
            "post_product_review",
            "Publish a rating and a comment on a product the user has bought.",
            params=(
                req("product", GOODS, "Name of the product"),
                req("rating", STARS, "Stars, from 1 to 5"),
                opt("comment", REVIEW, "Text of the review"),
                opt(
                    "anonymous",
                    flag(
                        yes=["keep my name off it", "post it anonymously", "don't show my name"],
                        no=["you can show my name", "use my real name"],
                    ),
                    "Whether to hide the user's name",
                ),
            ),
            phrasings=(
                "(rate|give) the {product} {rating} out of 5[ and write: {comment}][, {anonymous}]",
                "review for the {product}: {rating} of 5[, {comment}]",
                "leave a {rating} star review of the {product}[ saying {comment}][. {anonymous}]",
                "I'd give the {product} {rating} out of 5 stars. Please post that"
                '[ with the text "{comment}"].',
                "I've had the {product} a month now. Submit a review: {rating} out of 5[,"
                " {comment}]",
                '"{comment}" - put that as my review of the {product}, stars: {rating}[.'
                " {anonymous}]",
                "can you post my opinion of the {product}? {rating} of 5[, {anonymous}]",
                "stars for {product}: {rating}[. comment: {comment}]",
                "{rating} stars, {product}, publish[: {comment}]",
                "other shoppers should know about the {product}: {comment}. i'd call it"
                " {rating} out of 5[, {anonymous}]",
                "you keep emailing me for feedback so here goes, the {product} deserves"
                " {rating} of 5",
                "{anonymous}, but put up {rating} stars on the {product}[ along with the"
                " words {comment}]",
                "How do I let people know what I think of the {product}? It's {rating} stars"
                " from me[, text: {comment}]",
                "I should like to submit an assessment of the {product}, namely {rating} out"
                ' of five[, remarking "{comment}"][. {anonymous}]',
                "my verdict on the {product}, after some weeks of use: {comment}. {rating}/5",
                "top marks{rating=5} for the {product}! share that on its page[ with the line"
                ' "{comment}"]',
                "one measly star{rating=1}, the {product} earned nothing better. write it"
                " up[: {comment}][ - {anonymous}]",
                'product page of the {product}: score {rating}, feedback "{comment}"[,'
                " {anonymous}]",
                "{comment}, that's all i have to say about the {product}. {rating} stars, put"
                " it online",
                "the {product} gets a {rating} from me out of 5, not more, not less. post it"
                " without my name{anonymous=true}[, and add {comment}]",
                "score the {product} at {rating} stars for all to see[, {anonymous}]",
                "got a minute on the train so let's do that rating of the {product}:"
                " {rating}[, note for others: {comment}]",
            ),
            held_out=(
                "tell the other customers what i think of the {product}: {comment}. {rating} out"
                " of five",
                "The {product} deserves {rating} of your 5 stars[, and {anonymous}].",
                "just finished unpacking the {product}, my verdict is {rating} of 5 stars[ with a"
                " note, {comment}]",
            ),
        ),
        Tool(
            "buy_gift_card",
            "Buy a gift card and send it to someone.",
            params=(
                req("amount", MONEY, "Value of the card, in dollars"),
                req(
                    "recipient",
                    record(name=FIRST_NAME, email=optional(EMAIL)),
                    "Who gets it: first name and e-mail address",
                ),
                opt("deliver_on", DATE, "Day to send it, YYYY-MM-DD"),
            ),
            phrasings=(
                "(send|get|buy) {recipient.name} a gift card (for|worth) {amount}[, email"
                " {recipient.email}][, send it on {deliver_on}]",
                "gift card {amount} for {recipient.name}[ \\({recipient.email}\\)]",
                "I'd like to order a {amount} gift card for {recipient.name}[. It should arrive on"
                " {deliver_on}].",
                "it's {recipient.name}'s birthday on {deliver_on}, send a gift card for {amount}["
                " to {recipient.email}] that day",
                "Please e-mail a voucher worth {amount} to {recipient.name} at {recipient.email}["
                " on {deliver_on}].",
                "no idea what to get {recipient.name}, make it a shop gift card, {amount}",
                "can i give {recipient.name} {amount} to spend in your shop? as a gift card[ sent"
                " to {recipient.email}][ on {deliver_on}]",
                "Purchase one gift card: value {amount}, name {recipient.name}[, mail"
                " {recipient.email}][, date {deliver_on}].",
            ),
            held_out=(
                "{recipient.name} just graduated! let's treat them to {amount} of shop credit as a"
                " card[, goes to {recipient.email}]",
                "One of those cards you can load with money, please: {amount}, made out to"
                " {recipient.name}[, to be mailed {deliver_on}].",
                "help, forgot a present for {recipient.name}[, whose address is"
                " {recipient.email}]. a {amount} gift card will save me",
            ),
        ),
    ),
)

"""Food: recipes, restaurants, takeaway, groceries and the pantry."""

from minilora.data.kinds import (
    ADDRESS,
    CLOCK,
    DATE,
    DURATION_MIN,
    GRAMS,
    MONEY,
    choice,
    flag,
    integer,
    listing,
    number,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req
from minilora.data.narrow import narrowed

INGREDIENT = span(
    "chickpeas", "chicken thighs", "Savoy cabbage", "leftover rice", "tofu", "aubergine", "spinach",
    "red lentils", "smoked paprika", "eggs", "sweet potatoes", "pak choi", "minced beef",
    "coconut milk", "feta", "tinned tuna", "mushrooms", "gnocchi", "black beans", "crème fraîche",
    "ginger", "kimchi", "stale bread", "salmon", "courgettes", "pumpkin", "halloumi", "couscous",
    "leeks", "jalapeños",
)  # fmt: skip
DISH = span(
    "banana bread", "chicken tikka masala", "Grandma Rosa's lasagne", "shakshuka", "pancakes",
    "gumbo", "beef stroganoff", "sourdough focaccia", "pad thai", "Käsespätzle", "three-bean chili",
    "ramen", "mac and cheese", "lemon drizzle cake", "tom kha gai", "moussaka",
    "Mum's apple crumble", "bibimbap", "boeuf bourguignon", "vegan brownies", "jollof rice",
    "cheese soufflé", "empanadas", "7-layer dip",
)  # fmt: skip
FOOD = span(
    "avocado", "peanut butter", "a Big Mac", "cooked quinoa", "semi-skimmed milk", "almonds",
    "banana", "grilled salmon", "plain Greek yoghurt", "white rice", "dark chocolate 70%", "hummus",
    "oat milk", "cottage cheese", "sushi rolls", "baked potato with skin", "a croissant", "tempeh",
    "popcorn", "kiwi", "lentil soup", "M&M's", "falafel", "a slice of pepperoni pizza", "edamame",
)  # fmt: skip
GROCERY = span(
    "milk", "eggs", "bin bags", "sourdough loaf", "cat food", "washing-up liquid", "Ben & Jerry's",
    "bananas", "toilet paper", "olive oil", "6 red onions", "Weetabix", "frozen peas", "parmesan",
    "gluten-free pasta", "AA batteries", "fresh coriander", "oat milk", "nappies size 4",
    "tortillas", "kitchen foil", "ground coffee", "tomato purée", "crisps", "limes", "soy sauce",
    "Brie",
)  # fmt: skip
RESTAURANT = span(
    "Luigi's", "Golden Dragon", "The Rusty Spoon", "Nando's", "Café Zimt", "Taquería El Gordo",
    "Sakura", "Five Guys", "Bombay Palace", "Chez Amélie", "Burger & Beyond", "Ol' Smokey BBQ",
    "Noodle Bar 88", "Zum Goldenen Hirsch", "The Laughing Lobster", "Mama Africa", "Pho 24",
    "La Tagliatella", "Dishoom", "Green Leaf Vegan Kitchen", "Kebab King", "O'Malley's",
    "Trattoria da Nonna Pina", "Wok This Way",
)  # fmt: skip
MENU_ITEM = span(
    "pad see ew", "margherita pizza", "2 spring rolls", "garlic naan", "chicken burrito",
    "Diet Coke", "large fries", "beef pho", "mango lassi", "a number 14", "California roll",
    "onion rings", "gyoza", "a Whopper without onions", "tiramisu", "lamb kofta", "prawn crackers",
    "falafel wrap", "miso soup", "crispy duck", "four cheese calzone", "palak paneer", "churros",
)  # fmt: skip
NOTE = span(
    "extra spicy", "no cutlery", "ring the bell twice", "leave it at the door", "sauce on the side",
    "allergic to sesame", "the buzzer is broken, call me", "no onions anywhere",
    "cut the pizza in 12", "don't wake the baby", "extra napkins", "gate code 4471",
    "make it mild for the kids", "no plastic",
)  # fmt: skip
AREA = span(
    "Soho", "the old town", "Kreuzberg", "Brooklyn Heights", "the harbour", "my office",
    "Le Marais", "the university", "Camden", "Little Italy", "Shibuya", "the train station",
    "Palermo Viejo", "Capitol Hill", "the night market", "St Mark's Square", "5th Avenue",
    "the botanical garden",
)  # fmt: skip
AVOID = span(
    "nuts", "dairy", "gluten", "pork", "shellfish", "eggs", "soy", "onions", "red meat", "alcohol",
    "added sugar", "celery", "mushrooms", "sesame", "fish",
)  # fmt: skip
DIET = choice(
    "vegetarian", "vegan", "keto", "gluten_free", "halal", "low_carb",
    spoken={"gluten_free": ["gluten-free", "gluten free"], "low_carb": ["low-carb", "low carb"]},
)  # fmt: skip
CUISINE = choice(
    "italian", "indian", "mexican", "thai", "japanese", "ethiopian", "greek", "french", "korean",
    spoken={
        "italian": ["Italian", "italian"], "indian": ["Indian", "indian"], "thai": ["Thai", "thai"],
        "mexican": ["Mexican", "mexican"], "japanese": ["Japanese", "japanese"], "greek": ["Greek"],
        "ethiopian": ["Ethiopian", "ethiopian"], "french": ["French"],
        "korean": ["Korean", "korean"],
    },
)  # fmt: skip
PRICE = choice(
    "cheap", "moderate", "expensive",
    spoken={
        "cheap": ["cheap", "that won't break the bank", "easy on the wallet"],
        "moderate": ["mid-priced", "moderately priced", "in the middle price range"],
        "expensive": ["really fancy and expensive", "expensive", "in the top price range"],
    },
)  # fmt: skip
SEATING = choice(
    "indoor", "outdoor", "bar", "booth",
    spoken={
        "indoor": ["inside", "indoors"],
        "outdoor": ["outside", "on the terrace", "in the open air"],
        "bar": ["at the bar", "on the bar stools"],
        "booth": ["in a booth", "in one of the booths"],
    },
)  # fmt: skip
OCCASION = span(
    "our anniversary", "Tom's 40th birthday", "a first date", "a farewell lunch", "graduation",
    "hen do", "a business dinner", "my parents' golden wedding", "Eid", "team night out",
    "Mother's Day", "reunion",
)  # fmt: skip
OPEN_NOW = flag(
    yes=["open now", "open right now", "still open at this moment"],
    no=[
        "it needn't be open now",
        "open or closed right now, whichever",
        "no matter if it's shut now",
    ],
)
STORE = span(
    "Aldi", "Trader Joe's", "Rewe", "the corner shop", "Costco", "Lidl", "Sainsbury's",
    "Whole Foods", "the farmers' market", "Carrefour", "the Asian supermarket", "Albert Heijn",
    "7-Eleven",
)  # fmt: skip
URGENT = flag(
    yes=["it's urgent", "we need it today", "mark it urgent"], no=["it's not urgent", "no rush"]
)
STAPLE = span(
    "tins of tomatoes", "jars of honey", "frozen pizzas", "bags of rice", "bottles of ketchup",
    "yoghurts", "packs of spaghetti", "cans of Heinz beans", "Babybels", "chicken stock cubes",
    "jars of sauerkraut", "fish fingers", "veggie burgers", "boxes of Earl Grey",
    "sachets of yeast", "cartons of passata", "pots of crème fraîche", "bags of flour",
    "tubs of hummus",
)  # fmt: skip
NUTRIENT = choice("calories", "protein", "fat", "carbs", "fiber", "sugar", "salt")
TIP = number(1, 20, decimals=0, unit="dollars")
DAY = span(
    "tomorrow", "tonight", "this Friday", "next Saturday", "Sunday", "the day after tomorrow",
    "Valentine's Day", "the 14th of June", "Monday week", "New Year's Eve", "today", "Thursday",
    "3 October", "Mother's Day", "next Wednesday", "the first Tuesday in May", "Christmas Eve",
    varied=False,
)  # fmt: skip
MEALTIME = narrowed(CLOCK, lambda time: "11:00" <= time < "23:00")
STORAGE = choice(
    "fridge", "freezer", "cupboard", "cellar",
    spoken={
        "fridge": ["in the fridge", "in the refrigerator"],
        "freezer": ["in the freezer", "in the deep freeze"],
        "cupboard": ["in the cupboard", "on the cupboard shelf"],
        "cellar": ["in the cellar", "down in the cellar"],
    },
)  # fmt: skip

DOMAIN = Domain(
    name="food",
    title="Cooking, eating out and groceries",
    tools=(
        Tool(
            "search_recipes",
            "Find recipes by ingredients at hand, diet and time.",
            params=(
                req("ingredients", listing(INGREDIENT, 1, 4), "Ingredients the recipe should use"),
                opt("diet", DIET, "Diet the recipe must fit"),
                opt("max_minutes", DURATION_MIN, "Longest time to cook, in minutes"),
                opt("cuisine", CUISINE, "Style of cooking"),
            ),
            phrasings=(
                "(find|give me) a recipe with {ingredients}[, {diet}][, ready in {max_minutes}]",
                "what can i cook with {ingredients}[ in under {max_minutes}]?",
                "i've got {ingredients} left and no idea what to make[. something {cuisine} maybe]",
                "Could you suggest a {diet} recipe that uses {ingredients}[, taking {max_minutes}"
                " at most]?",
                "{cuisine} recipes, {ingredients}[, max {max_minutes}]",
                "dinner ideas please! the fridge holds {ingredients}[. it should be {diet}]",
                "I need to use up {ingredients} today. Any recipe[, ideally {cuisine},] that takes"
                " no longer than {max_minutes}?",
                "recipe {ingredients}[ {diet}][ {cuisine}]",
                "My girlfriend only eats {diet} food. What could I make her out of {ingredients}[,"
                " in {max_minutes}]?",
                "payday is thursday and the kitchen is down to {ingredients}. inspire me[,"
                " {cuisine} style]",
                "{max_minutes} on the clock, {ingredients} on the counter, what's cooking[?"
                " {diet} folks at the table]",
                "{ingredients} -> dinner, how[, {diet}]",
                "my neighbour handed me far too much of her harvest, so which dishes call for"
                " {ingredients}[ and are {diet}]",
                "{diet}, please, something built around {ingredients}[, done within {max_minutes}]",
                "Would you happen to know a dish combining {ingredients}[, perhaps of the"
                " {cuisine} kind]?",
                "no more boring sandwiches! whip me up an idea involving {ingredients}[,"
                " {max_minutes} tops]",
                "in the mood for {cuisine} and sitting on {ingredients}. how do i turn that"
                " into a meal",
                "pull up cooking instructions that feature {ingredients}[, suitable for"
                " {diet} eaters][, on the table after {max_minutes} at the most]",
                "the baby naps for an hour at most{max_minutes=60}, dream up something to"
                " cook using {ingredients}",
                "My in-laws gave up meat{diet=vegetarian}. Is there a dish they'd enjoy"
                " featuring {ingredients}[, {cuisine} by preference]?",
                "what on earth does one do with {ingredients}? not takeout, i want to cook",
                "unearth some {cuisine} dish starring {ingredients}[ which I can knock"
                " together in {max_minutes}]",
                "nothing with bread or pasta, low on carbs{diet=low_carb}: meal idea,"
                " {ingredients}[, {max_minutes} or quicker]",
            ),
            held_out=(
                "how do i turn {ingredients} into a meal[ within {max_minutes}][? we eat {diet}]",
                "Something tasty featuring {ingredients}, that's what I'd like to prepare[, in the"
                " {cuisine} style].",
                "the kids are starving, {max_minutes} on the clock, and all i have is"
                " {ingredients} - which dish do i make",
            ),
        ),
        Tool(
            "scale_recipe",
            "Recalculate the amounts of a recipe for another number of servings.",
            params=(
                req("recipe", DISH, "Name of the recipe"),
                req("servings", integer(2, 40), "Servings wanted"),
                opt("original_servings", integer(2, 8), "Servings the recipe is written for"),
            ),
            phrasings=(
                "scale the {recipe} recipe to {servings} servings[, it's written for"
                " {original_servings}]",
                "i want to make {recipe} for {servings} people[ but the recipe serves"
                " {original_servings}], adjust the amounts",
                "Please convert the quantities in {recipe} so that it feeds {servings}.",
                "{recipe} recalculated: {servings} servings[ instead of {original_servings}]",
                "how much of everything do i need to cook {recipe} for {servings}?",
                "There will be {servings} of us on Sunday. Could you resize the {recipe} recipe["
                " from {original_servings} portions]?",
                "rescale {recipe}[ from {original_servings}] to {servings} portions",
                "The recipe for {recipe} is for {original_servings} and I need it for {servings}.",
                "{servings} hungry mouths are coming and all i have is the normal {recipe}"
                " recipe, do the maths on the amounts",
                "{recipe} x {servings} portions, new amounts pls[ \\(orig {original_servings}\\)]",
                "my {recipe} always ends up in leftovers, written for {original_servings},"
                " cut or stretch it to {servings}",
                "Might you work out the measurements of {recipe} for {servings} diners["
                " rather than {original_servings}]?",
                "{original_servings} is what the book says, {servings} is what i want,"
                " {recipe} is the dish. new quantities?",
                "the scout camp is upon us. blow up or shrink {recipe} so {servings} get a"
                " plate[; the base is {original_servings}]",
                "not another recipe, the same {recipe}, only with amounts for {servings}",
                "i'm hopeless with fractions. {recipe}[, meant for {original_servings}], how"
                " many grams of each thing at {servings} servings",
                "for {servings} eaters, multiply out {recipe}[, base yield {original_servings}]",
                "from {original_servings} to {servings}: {recipe}, redo the ingredient list",
                "It's the parish fete and I'm in charge of the {recipe}. Kindly adapt the"
                " proportions to {servings} helpings[, the card states {original_servings}].",
                "resize: {recipe} / {servings}[ / was {original_servings}]",
                "just us two tonight{servings=2}, so tone down the {recipe} quantities[ from"
                " {original_servings}]",
                "could the {recipe} stretch to {servings} bowls? tell me what to weigh out[,"
                " going by a recipe for {original_servings}]",
            ),
            held_out=(
                "{servings} hungry mouths and one {recipe} recipe[ meant for {original_servings}],"
                " work out the amounts for me",
                "Redo the shopping amounts of {recipe}, we'll be {servings} at the table.",
                "whats {recipe} look like when it has to stretch to {servings} plates",
            ),
        ),
        Tool(
            "find_restaurants",
            "Search for restaurants in an area.",
            params=(
                req("area", AREA, "Neighbourhood or landmark"),
                opt("cuisine", CUISINE, "Kind of food"),
                opt("price", PRICE, "Price level"),
                opt("open_now", OPEN_NOW, "Whether it must be open now"),
                opt("min_rating", number(3, 4.9), "Lowest rating, out of 5"),
            ),
            phrasings=(
                "(find|show me) {cuisine} restaurants (near|around) {area}[, {open_now}][, rated"
                " {min_rating} or better]",
                "where can i eat near {area}[, something {price}]?",
                "{cuisine} food close to {area}[, rating above {min_rating}]",
                "Which {cuisine} restaurants can you recommend in the neighbourhood of {area}[,"
                " {open_now}]?[ I'd like one {price}.]",
                "restaurants {area}[ {min_rating}+ stars][, {open_now}]",
                "i'm starving and standing by {area}. which places are open at this"
                " hour{open_now=true}?",
                "We're after somewhere {price} to have dinner around {area}[, with at least"
                " {min_rating} stars].",
                "craving {cuisine}, what's good near {area}",
                "list places to eat by {area}[, {price}][, {min_rating} and up]",
                "my stomach's growling, i'm at {area}, who feeds people here[, {open_now}]",
                "{cuisine}, {area}, eat out, where[, {price}]",
                "too lazy to cook so which diners or bistros lie within a stroll of {area}[?"
                " should be {price}]",
                "Could you point me towards a place doing {cuisine} dishes not far from"
                " {area}[, scoring {min_rating} at the very least]?",
                "{min_rating} stars minimum, {cuisine} kitchen, vicinity of {area}. names please",
                "broke till payday{price=cheap} yet hungry around {area}, any eateries",
                "we're meeting friends at {area} and none of us knows the neighbourhood."
                " scout a few spots to dine[, {open_now}][, {cuisine} ideally]",
                "no delivery tonight, i want to sit down somewhere in {area}[ with {cuisine}"
                " on the menu]",
                "just got off the late train at {area}, anywhere still"
                " serving{open_now=true}[? {cuisine} if at all possible]",
                "it's our anniversary and money is no object{price=expensive}: the finest"
                " dining rooms around {area}[, {min_rating} stars or above]",
                "what do they have to eat in the streets by {area}[, not below"
                " {min_rating}][, {price}]",
                "fancy {cuisine} nosh within reach of {area}, suggestions[? {open_now}]",
                "I should be glad of some addresses for lunch in the surroundings of {area}[,"
                " {price}][ and reviewed at {min_rating} or higher].",
                "{area}: good grub?[ {cuisine}][ {price}]",
            ),
            held_out=(
                "who does decent {cuisine} food round {area}[ and is {price}]",
                "My in-laws are visiting and want to dine near {area}. Which spots have reviews of"
                " {min_rating} or higher?",
                "anywhere to grab a bite by {area}[, {open_now}]",
            ),
        ),
        Tool(
            "reserve_table",
            "Reserve a table at a restaurant.",
            params=(
                req("restaurant", RESTAURANT, "Name of the restaurant"),
                req("party_size", integer(2, 14), "Number of guests"),
                req("date", DAY, "Day, in the user's own words"),
                req("time", MEALTIME, "Time of day, 24-hour HH:MM"),
                opt("seating", SEATING, "Where to sit"),
                opt("occasion", OCCASION, "What is celebrated"),
            ),
            phrasings=(
                "(book|reserve) a table for {party_size} at {restaurant}, {date} at {time}[,"
                " {seating}][, it's for {occasion}]",
                "table for {party_size} {date} {time} {restaurant}[ {seating}]",
                "get us into {restaurant} {date}, {party_size} people, {time}[, {seating} if you"
                " can]",
                "I'd like to make a reservation at {restaurant}. When: {date}, {time}. We will be"
                " {party_size}.[ We'd prefer to sit {seating}.][ Occasion: {occasion}.]",
                "can {restaurant} take {party_size} of us {date} at {time}?[ {seating} would be"
                " lovely]",
                "we're going out for {occasion}, reserve {restaurant} for {party_size} guests"
                " {date}, {time}",
                "dinner reservation -> {restaurant} / {date} / {time} / {party_size} guests[ /"
                " {seating}]",
                "Please see if there's a free table {date} around {time} at {restaurant} for a"
                " group of {party_size}[, and tell them it's {occasion}].",
                "{date}, {time}, {party_size} of us, {restaurant}. lock it in[, {seating}]",
                "mum loves {restaurant} so hold a table for {party_size} there, {date},"
                " {time}[, {occasion} coming up]",
                "{restaurant} {time} {date} x{party_size} table pls",
                "it's {occasion} and i've promised everyone {restaurant}. {party_size}"
                " chairs, {date}, {time}, can you arrange that",
                "Would {restaurant} kindly keep a table free for {party_size} persons {date}"
                " at {time}[, {seating} for choice]?",
                "{seating}, that's what we'd like at {restaurant}. {party_size} diners,"
                " {date}, {time}",
                "my wife and me{party_size=2} want to be spoilt at {restaurant} {date},"
                " {time} sharp[ - {occasion}]",
                "not takeaway, we'll go in person: {restaurant}, {date}, {time}, {party_size}"
                " mouths to feed[, {seating}]",
                "secure {party_size} seats at {restaurant} for {date}, let's say {time}",
                "will you phone {restaurant} and sort us a table? {party_size} grown-ups,"
                " {date}, {time}[, and mention {occasion}]",
                "at {time} {date} a gang of {party_size} wants to descend on {restaurant},"
                " get our name down[, {seating}]",
                "We are celebrating {occasion}. I request a table at {restaurant},"
                " {party_size} covers, {time} {date}[, {seating}].",
                "last time {restaurant} turned us away at the door, so this time reserve"
                " properly: {date} {time}, {party_size} heads",
                "put {party_size} down at {restaurant}, {time}, {date}[; {seating} would make"
                " my day]",
            ),
            held_out=(
                "call {restaurant} and say {party_size} of us are coming {date}, {time}[,"
                " {seating} please]",
                "{occasion} is coming up! {party_size} seats at {restaurant} {date} from {time},"
                " make it happen",
                "hold a spot at {restaurant} for us[ {seating}]; {date}, {time}, head count"
                " {party_size}",
            ),
        ),
        Tool(
            "order_takeaway",
            "Order food from a restaurant for delivery.",
            params=(
                req("restaurant", RESTAURANT, "Name of the restaurant"),
                req("items", listing(MENU_ITEM, 1, 4), "Dishes and drinks, as the user names them"),
                opt("address", ADDRESS, "Where to deliver"),
                opt("tip", TIP, "Tip for the driver, in dollars"),
                opt("note", NOTE, "Note for the kitchen or the driver"),
            ),
            phrasings=(
                "order {items} from {restaurant}[ to {address}][, tip {tip}][, note: {note}]",
                "get me {items} delivered from {restaurant}[, {address}]",
                "i don't feel like cooking. {restaurant}: {items}[, and tell them: {note}]",
                "I would like to order from {restaurant}, please: {items}.[ Deliver to"
                " {address}.][ Tip the driver {tip}.]",
                "takeaway {restaurant} - {items}[ - {note}]",
                "Can you have {restaurant} bring us {items}[ at {address}]?[ Driver's tip: {tip}.]",
                "we're having {items} tonight, from {restaurant}. place the order[, deliver it to"
                " {address}]",
                "hungry! {items}, {restaurant}[, {note}][, {tip} for the driver]",
                "fridge is empty, feet are up. send for {items} from {restaurant}[, {address}]",
                "{restaurant} to {address}: {items}",
                "{address} is where i am and {items} is what i crave, {restaurant} makes it."
                " go[, {tip} tip]",
                "my team is pulling an all-nighter, could {restaurant} drop off {items}[? {note}]",
                "Might I request that {restaurant} dispatch {items}[ to {address}][, with"
                " {tip} on top for the courier]?",
                "no cooking, no going out. {items} by courier from {restaurant}[, and pass"
                " on: {note}]",
                "{items} pls, {restaurant} delivery[, {tip} driver tip]",
                "the match kicks off soon and we need grub: {restaurant}, {items}[, bring it"
                " over to {address}]",
                "tell {restaurant} we want {items} brought round[, message for them: {note}]",
                "{note} - put that on the order. it's {items} out of {restaurant}'s kitchen[,"
                " going to {address}]",
                "how about {restaurant} tonight, on the sofa? {items} delivered[, {tip} for"
                " whoever brings it]",
                "i could murder {items}. have it sent over by {restaurant}[ - {address}]",
                "Ring up {restaurant} for home delivery: {items}[. Gratuity {tip}][. Remark:"
                " {note}]",
                "it's pouring so the rider gets {tip} extra from me. {restaurant}, {items}[,"
                " drop-off {address}]",
            ),
            held_out=(
                "movie night needs {items}, let {restaurant} send it over[ to {address}][,"
                " instructions: {note}]",
                "Same as always from {restaurant} please, meaning {items}[, with {tip} on top for"
                " whoever carries it].",
                "could somebody from {restaurant} drop off {items}[ at {address}]",
            ),
        ),
        Tool(
            "get_nutrition_facts",
            "Look up calories and nutrients of a food.",
            params=(
                req("food", FOOD, "Name of the food"),
                opt("amount_g", GRAMS, "Amount in grams"),
                opt("nutrients", listing(NUTRIENT, 1, 3), "Which values to give"),
            ),
            phrasings=(
                "tell me the {nutrients} in {amount_g} of {food}",
                "nutrition facts for {food}[, {amount_g}]",
                "is {food} healthy? show me its {nutrients}",
                "Could you look up the nutritional values of {food}[ per {amount_g}][, mainly"
                " {nutrients}]?",
                "what's in {food}[ in terms of {nutrients}]",
                "I'm counting macros, {nutrients} for {amount_g} of {food} please",
                "{food} {nutrients}[ {amount_g}]",
                "I had {amount_g} of {food}. What are the nutrients in that?",
                "my doctor told me to watch it, so what about the {nutrients} hiding in {food}",
                "{food}, {amount_g}, nutrition?",
                "would {amount_g} of {food} wreck my diet? break it down for me[, chiefly"
                " {nutrients}]",
                "{amount_g} is on the scale right now, it's {food}. give me the {nutrients} count",
                "I should like to be informed of the {nutrients} contained in {food}[, for a"
                " portion of {amount_g}].",
                "{nutrients} @ {food}[ {amount_g}]",
                "the label got torn off my {food}, what would it have said[ about {nutrients}]",
                "not a recipe, only the numbers: {nutrients} of {food}[, reckoned on {amount_g}]",
                "is {food} heavy on {nutrients}[, supposing i polish off {amount_g}]",
                "spill the beans on {food}, what's inside nutrition-wise[ if I eat {amount_g}]",
                "my trainer keeps asking about {nutrients}, so what do i get out of"
                " {amount_g} of {food}",
                "just scoffed some {food}[, about {amount_g}], how bad was that in {nutrients}",
                "Analyse {food} for me[, weighing {amount_g}][: {nutrients}]",
                "does {food} have a lot of {nutrients}[? say i eat {amount_g}]",
            ),
            held_out=(
                "before i eat this: {food}[, {amount_g} of it], break down the {nutrients}",
                "My dietician asked what {food} contains[, specifically {nutrients}].",
                "how bad is {food} really, {nutrients} wise",
            ),
        ),
        Tool(
            "substitute_ingredient",
            "Suggest what to use in place of an ingredient.",
            params=(
                req("ingredient", INGREDIENT, "Ingredient to replace"),
                opt("dish", DISH, "Dish it is for"),
                opt("avoid", listing(AVOID, 1, 3), "What the replacement must not contain"),
            ),
            phrasings=(
                "what can i use instead of {ingredient}[ in {dish}]?",
                "substitute for {ingredient}[, no {avoid}]",
                "i'm out of {ingredient}, what else works[ for {dish}]",
                "Is there something to replace {ingredient} with[ in {dish}]?[ It mustn't contain"
                " {avoid}.]",
                "swap {ingredient} in {dish}[, without {avoid}]",
                "the shop had no {ingredient} :\\( any alternative[ for {dish}]?",
                "A guest can't have {avoid}, so what do I put in the {dish} in place of"
                " {ingredient}?",
                "I hate {ingredient}. Suggest an alternative[ when making {dish}][, free from"
                " {avoid}].",
                "halfway through the {dish} and the {ingredient} is all gone, help, what goes"
                " in now",
                "no {ingredient} in the kitchen. plan b?[ it's {dish}]",
                "{ingredient} costs a fortune here, could something else take its place[ in"
                " {dish}]",
                "My flatmate gets a rash from {avoid}. Standing in for {ingredient}, what is"
                " safe[ in {dish}]?",
                "replacement wanted: {ingredient}[ / dish {dish}][ / not {avoid}]",
                "{dish} minus {ingredient}, what do i reach for",
                "is it a sin to make {dish} with no {ingredient}, and what would do the trick",
                "Might I ask what a cook could employ in lieu of {ingredient}[, bearing in"
                " mind that {avoid} must stay out]?",
                "the cat knocked over my {ingredient}!! what can stand in for it[ in the {dish}]",
                "leaving out {avoid}, which ingredient comes closest to {ingredient}[ for {dish}]",
                "i'm not touching {ingredient} any more. which other thing gives the same"
                " result[ in {dish}][, {avoid} excluded]",
                "ran dry of {ingredient} and shops are shut. any workaround[, {avoid} is off"
                " limits though]",
                "name me a stand-in for {ingredient}[ that suits {dish}]",
                "what's a good understudy for {ingredient}[, allergic to {avoid} here]",
            ),
            held_out=(
                "halfway through {dish} and there's no {ingredient} in the house, what now",
                "Which ingredient would do the same job as {ingredient}[ yet has no {avoid} in"
                " it]?",
                "will {dish} survive without {ingredient}? what goes in there in its stead",
            ),
        ),
        Tool(
            "add_to_grocery_list",
            "Put things on the list of groceries to buy.",
            params=(
                req("items", listing(GROCERY, 1, 5), "Things to buy, as the user names them"),
                opt("store", STORE, "Shop where to buy them"),
                opt("urgent", URGENT, "Whether it is urgent"),
            ),
            phrasings=(
                "(add|put) {items} (to|on) (the|my) (grocery|shopping) list[ for {store}][,"
                " {urgent}]",
                "we're out of {items}[, {urgent}]",
                "groceries: {items}[ @ {store}][, {urgent}]",
                "don't let me forget {items} when i do the food shop[ at {store}]",
                "Could you note down {items} for my next trip to {store}?",
                "need {items} from the supermarket, write it down[. {urgent}]",
                "list += {items}[, {urgent}]",
                "Please add the following to our list of groceries: {items}.[ I'm going to"
                " {store}.]",
                "the cupboards are bare: {items} have to be bought, jot that down[. {urgent}]",
                "{items}, {store}, list",
                "next time i pass {store} i should pick up {items}, keep that on the list",
                "{urgent}: {items} onto the groceries",
                "Would you be so kind as to enter {items} on the shopping list[, under {store}]?",
                "used up the last of {items} this morning, stick more on the list[, {urgent}]",
                "my husband does the shop tomorrow, so make sure his list says {items}[ -"
                " from {store}]",
                "to buy: {items}[ \\({store}\\)]",
                "at {store} they've got {items}, pencil those in on our groceries[, {urgent}]",
                "not ordering anything, merely a reminder on the shopping list: {items}",
                "the guests arrive in a few hours and there's none, so pronto{urgent=true}:"
                " {items} on the shopping list[, {store}]",
                "no hurry at all{urgent=false}, but {items} could go on the grocery list at"
                " some point",
                "can the list get {items} as well[? {store} stocks it]",
                "i keep forgetting {items}, tack it onto what we have to buy[ at {store}][,"
                " {urgent}]",
            ),
            held_out=(
                "remind whoever goes to {store} that we want {items}[, {urgent}]",
                "kitchen's missing {items}, get it on the to-buy list",
                "ok so for the weekly shop i'm going to want {items}[ from {store}]",
            ),
        ),
        Tool(
            "plan_meals",
            "Make a meal plan for several days.",
            params=(
                req("days", integer(2, 14), "Number of days"),
                opt("people", integer(2, 8), "Number of eaters"),
                opt("diet", DIET, "Diet the plan must fit"),
                opt("avoid", listing(AVOID, 1, 3), "What must not be in it"),
                opt("budget", MONEY, "Total to spend, in dollars"),
            ),
            phrasings=(
                "plan {days} days of meals[ for {people} people][, {diet}][, no {avoid}]",
                "make me a meal plan, {days} days[, budget {budget}][, without {avoid}]",
                "what should we eat over the next {days} days?[ we're {people}][, {diet}]",
                "I'd like a {diet} menu for {days} days[, serving {people}][, costing {budget} at"
                " the most].",
                "meal prep {days} days[ {diet}][ {people} ppl][ {budget}]",
                "Could you draw up what to cook for the coming {days} days?[ We can't have"
                " {avoid}.][ I can spend {budget}.]",
                "help, i never know what to cook. {days} days of dinners[ for {people}][ with no"
                " {avoid}]",
                "weekly-ish food plan for {days} days[ under {budget}][, everything {diet}]",
            ),
            held_out=(
                "sort breakfast, lunch and dinner for {days} days[, {people} of us here][, {diet}"
                " only]",
                "My doctor says to skip {avoid}. What would {days} days of eating look like then?",
                "so i stop ordering in: {days} days worth of home cooking, all laid out[, {budget}"
                " is what i have for it]",
            ),
        ),
        Tool(
            "add_pantry_item",
            "Record food that is in the house, with its amount and best-before date.",
            params=(
                req(
                    "item",
                    record(name=STAPLE, quantity=integer(2, 24)),
                    "Name of the food and how many pieces there are",
                ),
                opt("best_before", DATE, "Best-before date, YYYY-MM-DD"),
                opt("storage", STORAGE, "Where it is kept"),
            ),
            phrasings=(
                "i (bought|just got) {item.quantity} {item.name}, put them in the pantry list[,"
                " best before {best_before}]",
                "pantry: {item.quantity} {item.name}[, {storage}][, bb {best_before}]",
                "log {item.quantity} {item.name} {storage}[, good until {best_before}]",
                "Please record in my food stock that we have {item.quantity} {item.name}[, stored"
                " {storage}][, expiring {best_before}].",
                "there are {item.quantity} {item.name} {storage}, add that to what we have at home",
                "stock update, {item.name}: {item.quantity}[, use by {best_before}]",
                "we have {item.quantity} {item.name} at home now[, they go off on {best_before}],"
                " note it",
                "Could you keep track of some {item.name} I brought home? Pieces:"
                " {item.quantity}.[ They're {storage}.][ The date on them is {best_before}.]",
                "{item.name}, {item.quantity} of them, just carried home. enter them into the"
                " larder records[, {storage}]",
                "stocked up like a squirrel: {item.quantity} {item.name}[ {storage}], update"
                " the inventory[, date on the pack {best_before}]",
                "larder +{item.quantity} {item.name}[ bbd {best_before}]",
                "{storage} you'll find {item.quantity} {item.name} as of today, put that on"
                " the books",
                "gran sent me home with {item.name}, {item.quantity} no less. make a pantry"
                " entry[, they keep until {best_before}]",
                "Kindly register in the household stock: {item}[, to be consumed before"
                " {best_before}][, located {storage}].",
                "not for the shopping list, we've got these already: {item.quantity}"
                " {item.name}[, {storage}]",
                "eat by {best_before}: {item.quantity} {item.name}. remember they're in the"
                " house[, {storage}]",
                "i always lose track of what's at home, so write up {item.quantity}"
                " {item.name}[ sitting {storage}]",
                "could our food inventory show {item.quantity} more {item.name}[? best before"
                " says {best_before}]",
                "they were on offer so i grabbed {item.quantity} {item.name}, count them in"
                " with our supplies[, {storage}][, lasting till {best_before}]",
                "home stock entry: {item}[; {storage}][; {best_before}]",
                "squeezed {item.quantity} {item.name} in among the ice"
                " cubes{storage=freezer}, note that in the pantry[, shelf life ends {best_before}]",
                "unpacked the bags. {item.quantity} {item.name} went down the steps to the"
                " wine{storage=cellar}, register it as pantry stock",
            ),
            held_out=(
                "unpacking the bags: {item.quantity} {item.name} went {storage}[, date on the"
                " label {best_before}]",
                "Our supplies grew by {item.quantity} {item.name}[, which keep until"
                " {best_before}].",
                "so you know what's in the kitchen, {item.name}, {item.quantity} of them[,"
                " {storage}]",
            ),
        ),
    ),
)

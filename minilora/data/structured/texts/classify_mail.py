"""Mail and messages, to be sorted: by language, by kind, by feeling, by tone."""

from minilora.data.kinds import CITY, COMPANY, FIRST_NAME, MONEY, URL, WEEKDAY, integer
from minilora.data.material import req
from minilora.data.structured.scheme import Labels, by_label

NAME = req("name", FIRST_NAME, "a name")

PLACE = req("city", CITY, "a place")

FIRM = req("firm", COMPANY, "a company")

SUM = req("amount", MONEY, "an amount")

LINK = req("link", URL, "an address")

COUNT = req("n", integer(2, 40), "a count")

DAY = req("weekday", WEEKDAY, "a day")

LANGUAGE = Labels(
    name="text_language",
    instructions=(
        "Language of the text.",
        "In which language is this written?",
        "Detect the language.",
    ),
    property_names=("language", "label", "lang"),
    synonyms={
        "english": ("en", "english", "English"),
        "french": ("fr", "french", "French"),
        "german": ("de", "german", "German"),
        "spanish": ("es", "spanish", "Spanish"),
        "italian": ("it", "italian", "Italian"),
        "portuguese": ("pt", "portuguese", "Portuguese"),
        "dutch": ("nl", "dutch", "Dutch"),
    },
    fillers=(NAME, PLACE, COUNT),
    texts=by_label(r"""
english:
- The keys are under the mat, {name}.
- Has anyone seen my other glove? I had it in {city}.
- There were {n} people in the queue before us.
- We should paint the kitchen before winter comes.
- Thanks for the flowers, they still smell wonderful.
french:
- {name} arrive demain matin, tu peux aller la chercher à la gare ?
- Je n'ai pas encore reçu la facture de {city}.
- Il reste {n} places dans le bus.
- On a oublié le pain, encore une fois.
- Merci pour votre accueil, c'était une belle soirée.
german:
- Kannst du {name} bitte sagen, dass ich später komme?
- Der Zug nach {city} fällt heute leider aus.
- Wir brauchen noch {n} Stühle für den Garten.
- Ich habe den ganzen Tag nichts gegessen.
- Vielen Dank für die schnelle Antwort!
spanish:
- {name} me dijo que la reunión es el jueves.
- ¿Sabes a qué hora sale el tren para {city}?
- Faltan {n} sillas en el salón.
- No encuentro mis gafas por ninguna parte.
- Mañana hace frío, lleva un abrigo.
italian:
- {name} non vuole venire con noi al mare.
- A {city} piove da tre giorni.
- Ci servono ancora {n} bicchieri.
- Ho dimenticato di chiamare la nonna.
- Che bello rivedervi, passate quando volete!
portuguese:
- A {name} disse que não pode vir amanhã.
- Estou à espera do comboio para {city} há uma hora.
- Ainda faltam {n} cadeiras na sala.
- Não sei onde deixei as chaves de casa.
- Obrigado pela ajuda com a mudança!
dutch:
- Kun je {name} vragen of ze ook komt eten?
- Ik sta al een uur te wachten in {city}.
- We hebben nog {n} stoelen nodig voor het feest.
- De hond heeft weer op de bank geslapen.
- Bedankt voor het mooie boek dat je stuurde.
"""),
    held_out=by_label(r"""
english:
- Could you water the plants while {name} is away?
- I would rather walk than wait {n} more minutes.
- Nobody told us that the shop in {city} had closed.
french:
- Le chat dort toujours sur le clavier.
- {name} habite à {city} depuis l'été.
- Nous avons attendu {n} minutes sous la pluie.
german:
- Die Katze schläft wieder auf der Tastatur.
- {name} wohnt seit dem Sommer in {city}.
- Es dauert noch {n} Minuten, bis der Kuchen fertig ist.
spanish:
- El gato duerme otra vez encima del teclado.
- {name} vive en {city} desde el verano.
- Hemos esperado {n} minutos bajo la lluvia.
italian:
- Il gatto dorme di nuovo sulla tastiera.
- {name} abita a {city} dall'estate scorsa.
- Abbiamo aspettato {n} minuti sotto la pioggia.
portuguese:
- O gato está outra vez a dormir no teclado.
- {name} mora em {city} desde o verão.
- Esperámos {n} minutos à chuva.
dutch:
- De kat slaapt alweer op het toetsenbord.
- {name} woont sinds de zomer in {city}.
- We hebben {n} minuten in de regen gewacht.
"""),
)

MAIL_KIND = Labels(
    name="mail_kind",
    instructions=("What kind of mail is this?", "Sort the incoming mail.", "Mail filter decision."),
    property_names=("folder", "kind", "label"),
    synonyms={
        "spam": ("spam", "junk", "advertising"),
        "phishing": ("phishing", "fraud", "scam"),
        "personal": ("personal", "private", "friends"),
        "newsletter": ("newsletter", "subscriptions"),
        "work": ("work", "business"),
    },
    fillers=(NAME, PLACE, FIRM, SUM, LINK, COUNT, DAY),
    texts=by_label(r"""
spam:
- CHEAP WATCHES!!! {n}% off only today, buy at {link}
- Lose {n} kilos in one week without any effort. Doctors hate this trick.
- Dear friend, you look like someone who needs a better mattress. Order now and save {amount}!
- hot stocks tip: {firm} will triple before {weekday}, act fast
- Work from home and make {amount} an hour, no experience needed, click {link}
phishing:
- Your account at {firm} was suspended. Confirm your password within {n} hours at {link} or lose
  access.
- Dear client, a payment of {amount} is on hold. Enter your card number and PIN here: {link}
- Unusual sign-in from {city}. If this was not you, type your old password at {link}.
- hi this is {name} from IT, pls send me your login code, the server needs it by {weekday}
- Tax office: you are owed {amount}. Fill in your bank details at {link} today.
personal:
- Hey you, are we still on for {weekday}? {name} brings the guitar.
- Mum says the cat had {n} kittens! Photos when you visit us in {city}.
- happy birthday old man!! drinks on me when i'm back in {city}
- {name} and I got engaged, you are the first to hear it.
- Did you get home alright? It was lovely to see you after all those years.
newsletter:
- In this month's issue: {n} ideas for small balconies, and a visit to {city}. Unsubscribe at
  {link}.
- The {firm} Weekly, number {n}: what we read, what we cooked. Manage your preferences at {link}.
- You receive this digest because you signed up on our site. Top stories from {city} inside.
- Good morning, here are your {n} headlines for {weekday}. [Read online: {link}]
- Garden letter, {weekday} edition: time to prune the roses. To stop these mails click {link}.
work:
- Hi {name}, the draft for {firm} is in the shared folder, could you comment by {weekday}?
- Minutes of the {weekday} meeting attached. {name} takes over the {city} account.
- The client in {city} wants {n} more licences. Who writes the offer?
- Please submit your travel costs for {city} before {weekday}, accounting is waiting.
- reminder: fire drill on {weekday}, third floor goes first
"""),
    held_out=by_label(r"""
spam:
- {n} singles near {city} want to meet you, join free
- Your printer ink is {amount} too expensive! Ours is not!! {link}
- We rank your website first in {n} days, guaranteed, reply YES
phishing:
- {firm} parcel held at customs. Pay {amount} with your card data at {link} to release it.
- Final notice: mailbox full. Verify user name and password at {link} before {weekday}.
- This is {name}, your boss. I'm in a meeting, buy gift cards for {amount} and mail me the codes.
personal:
- You left your scarf at our place. {name} is already wearing it...
- Grandpa is out of hospital since {weekday} and complains about the food, so all is well.
- can't believe it's been {n} years since school. call me when you're in {city}?
newsletter:
- Five minutes of history: how {city} got its name. You can change how often we write at {link}.
- {firm} Reader's Club, {n} new titles this season. No longer interested? Unsubscribe below.
- Your {weekday} recipe is here: roast carrots. Forwarded by a friend? Subscribe at {link}.
work:
- {name}, can you stand in for me at the {firm} call on {weekday}?
- The contract with {firm} runs out in {n} weeks, we need a decision from the board.
- New badge photos are taken in the {city} office on {weekday}, all staff.
"""),
)

MOOD = Labels(
    name="mood",
    instructions=(
        "Main feeling of the writer.",
        "Which emotion does the message show?",
    ),
    property_names=("emotion", "feeling", "mood"),
    synonyms={
        "joy": ("joy", "happiness"),
        "anger": ("anger", "angry"),
        "sadness": ("sadness", "sad"),
        "fear": ("fear", "worry", "anxiety"),
        "surprise": ("surprise", "surprised"),
    },
    reasons=True,
    fillers=(NAME, PLACE, FIRM, DAY),
    texts=by_label(r"""
joy:
- I got the job at {firm}!!! <<I could hug the whole world>>.
- {name} took her first steps on {weekday}, and <<we can't stop smiling>>.
- Sun, {city}, no plans at all. <<Life is good>>.
- <<best weekend in ages>>, thanks to all of you
anger:
- <<I have had it with {firm}>>, they cancelled again without a word.
- Who parked in front of my garage?? <<This makes my blood boil>>.
- {name} read my diary. <<How dare she>>.
- <<I'm so fed up>> with the noise from upstairs every {weekday}
sadness:
- The flat is quiet since {name} moved to {city}. <<I miss those evenings so much>>.
- We had to say goodbye to our dog on {weekday}. <<The house feels empty>>.
- <<i cried the whole way home>> from {city}
- Another birthday without a call from {name}. <<It hurts more than I thought>>.
fear:
- Results come on {weekday}. <<I haven't slept for days>>.
- Somebody has followed me twice from the station. <<I don't dare to go out>>.
- <<My hands are shaking>>, the flight to {city} boards in an hour.
- what if {firm} shuts down and i lose everything? <<can't stop thinking about it>>
surprise:
- <<I did not see that coming>>: {name} sold the house and went to {city}.
- Wait, {firm} is closing? <<Since when>>?
- Opened the door on {weekday} and there stood {name}. <<You could have knocked me over with a
  feather>>.
- <<no way>>, i won the raffle??
"""),
    held_out=by_label(r"""
joy:
- The scan is clear! <<We are dancing in the kitchen>>.
- {name} said yes. <<Happiest {weekday} of my life>>.
- two weeks in {city} ahead of me, <<i'm over the moon>>
anger:
- Three hours on hold with {firm}. <<I am furious>>.
- <<That liar>>! {name} promised to be there on {weekday}.
- they towed my car in {city} while i was paying the meter, <<what an outrage>>
sadness:
- I found {name}'s old letters. <<My heart is heavy tonight>>.
- The bakery in {city} is gone for good. <<Makes me want to weep>>.
- nobody came on {weekday}. <<feeling so alone>>
fear:
- There is a noise in the attic again and <<I'm scared to look>>.
- {name} has not answered since {weekday}. <<I fear the worst>>.
- exam in {city} tomorrow, <<i'm terrified>>
surprise:
- {name} speaks Finnish?! <<I am speechless>>.
- We got a letter from {city} that was posted in 1974. <<Unbelievable>>.
- <<Never would I have guessed>> that {firm} belongs to my neighbour.
"""),
    fixed=True,
)

TONE = Labels(
    name="tone",
    instructions=("Tone of the message.", "How is this written?"),
    property_names=("tone", "style"),
    synonyms={
        "formal": ("formal", "official"),
        "casual": ("casual", "informal"),
        "rude": ("rude", "impolite"),
        "sarcastic": ("sarcastic", "ironic"),
    },
    fillers=(NAME, PLACE, FIRM, DAY, COUNT),
    test_only=True,
    texts=by_label(r"""
formal:
- Dear {name}, I would be most grateful if the documents could reach us by {weekday}.
- We hereby confirm receipt of your letter and remain at your disposal.
- {firm} regrets to inform you that the position in {city} has been filled.
casual:
- yo {name}, u around {weekday}? pizza?
- ok cool, see ya in {city} then :\)
- gonna be {n} min late, start without me
rude:
- Shut up, {name}, nobody asked you.
- Are you people at {firm} too stupid to read a mail?
- Get your rubbish out of my sight by {weekday}, idiot.
sarcastic:
- Oh great, another meeting on {weekday}, exactly what I was dreaming of.
- Bravo, {firm}, only {n} weeks late. A new record!
- Sure, {name}, because that worked so brilliantly the last time.
"""),
    held_out=by_label(r"""
formal:
- May I kindly ask you to forward this request to {name}?
- The committee thanks you for your contribution and will respond within {n} days.
casual:
- lol that was fun, let's do it again {weekday}
- hey {name} got any plans in {city}?
rude:
- {name}, your work is garbage and so are you.
- What part of "no" is too hard for you morons at {firm}?
sarcastic:
- How lovely of {name} to join us, and a mere {n} minutes after everyone else.
- Wow, rain in {city}. Who could possibly have expected that.
"""),
    fixed=True,
)

ALL = (LANGUAGE, MAIL_KIND, MOOD, TONE)

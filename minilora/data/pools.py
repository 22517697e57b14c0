"""Hand-written pools of names and places from which values are made.

>>> "Nairobi" in CITIES and "Cape Town" in CITIES and "Kenya" in COUNTRIES
True
"""

from __future__ import annotations


def words(block: str) -> list[str]:
    """Return the words of a block."""
    return block.split()


def terms(block: str) -> list[str]:
    """Return the terms of a block, which are parted by semicolons."""
    return [" ".join(term.split()) for term in block.split(";")]


FIRST_NAMES = words("""
Aaron Abigail Adaeze Adam Adriana Agnes Ahmed Aiko Aisha Akira Alan Alejandro Alice Amara Amelia
Amir Amy Ana Anders Andrea Anita Anton Arjun Arthur Astrid Ava Ayesha Ben Beatriz Bianca Bilal
Boris Brenda Brian Bridget Camille Carla Carlos Caroline Cedric Celeste Chad Chen Chiara Chloe
Clara Connor Cynthia Daisy Dalia Daniel Daria David Deborah Deepak Delia Derek Diana Diego Dmitri
Dolores Dorothy Duncan Dylan Edith Eduardo Eleanor Elena Elias Elif Elijah Emeka Emil Emily Emma
Eric Erin Esther Ethan Eva Evelyn Fatima Felix Fernanda Fiona Flora Francesca Frank Freya Gabriel
Gemma George Georgia Gideon Giulia Grace Greta Gustavo Hadiya Hana Hannah Harold Harriet Hassan
Hector Heidi Helen Henrik Hiro Hugo Ian Ibrahim Ida Ignacio Imani Ines Ingrid Irene Isaac Isabel
Ivan Ivy Jack Jamal James Jana Jasmine Javier Jelena Jenna Jerome Joan Joel Jonas Jorge Josephine
Joshua Juan Judith Julia Julian Kaito Karen Karim Katarina Keiko Kenji Kevin Khadija Kofi Kurt
Laila Lara Lars Laura Leah Leila Leo Leon Levi Liam Lin Linda Ling Lisa Lorenzo Lucas Lucia Luis
Luna Lydia Mabel Magnus Malik Manuel Marco Margaret Maria Marion Mariam Marta Martin Mateo Matilda
Maya Mei Mehmet Mia Michael Miguel Mika Milan Mina Miriam Mohammed Monica Nadia Naomi Natalie
Nathan Neha Niamh Nicholas Nikolai Nina Noah Noor Nora Norman Olga Oliver Olivia Omar Orla Oscar
Owen Pablo Paige Patrick Paula Pedro Penelope Petra Philip Pierre Priya Quentin Rachel Rafael Raj
Ramon Rania Rebecca Rhys Ricardo Rita Robin Rohan Rosa Rowan Ruby Russell Ruth Ryan Sabine Sadie
Salma Samir Samuel Sandra Santiago Sara Sasha Sean Selma Sergio Shanice Sheila Simon Sofia Sonia
Stella Stefan Stephen Suki Sunita Susan Sven Tamara Tanya Tara Tariq Teresa Theo Thomas Tobias
Tomas Trevor Uma Ursula Valentina Vanessa Vera Victor Vijay Vikram Viola Walter Wanda Wei Wendy
Will Xavier Yara Yasmin Yuki Yusuf Zara Zeynep Zoe
""")

LAST_NAMES = words("""
Abbott Adeyemi Aguilar Ahmed Akhtar Alvarez Andersen Araujo Archer Asante Bailey Baker Banerjee
Barnes Bauer Becker Bell Bennett Berg Bianchi Blake Boateng Bondarenko Bose Boyle Brandt Brennan
Brooks Burke Byrne Callahan Campbell Cardoso Carlson Carter Castillo Chandra Chang Chaudhry Chavez
Cho Clarke Cohen Coleman Collins Conti Cooper Costa Cruz Dahl Dalton Das Davies Delgado Demir
Diallo Diaz Dixon Doherty Dubois Duarte Dunn Edwards Eklund Ellis Eriksen Espinoza Evans Farouk
Feldman Fernandes Fischer Fitzgerald Fleming Flores Fontaine Forbes Foster Fraser Fujita Gallagher
Garcia Garner Ghosh Gibson Gomez Gonzalez Goodwin Gordon Grant Gray Greene Griffin Gupta Hall
Hamid Hansen Harper Hassan Hayes Henderson Hernandez Hoffmann Holm Horvath Howard Huang Hughes
Hussain Ibarra Ito Ivanova Jackson Jensen Jimenez Johansson Johnson Jones Kamau Kapoor Kato Kaur
Keller Kelly Khan Kim Kimura King Klein Kovacs Kowalski Kruger Kumar Lambert Larsen Laurent Lee
Lehmann Leroy Levy Lewis Lindqvist Lopez Lund MacDonald Malik Marino Marsh Martinez Mason Matsuda
Mbeki McCarthy McKenzie Mehta Mendoza Meyer Miller Mitchell Moreau Moreno Morgan Morris Mukherjee
Murphy Murray Mwangi Nakamura Navarro Nelson Newman Nguyen Nielsen Nkosi Novak Nowak Obi O'Brien
O'Connor Okafor Okoye Olsen Ortega Osei Owens Ozturk Palmer Papadopoulos Park Parker Patel Pereira
Perez Petrov Pham Phillips Pinto Porter Powell Quinn Rahman Ramirez Rao Reyes Ribeiro Richter
Rivera Roberts Robinson Rocha Romano Rossi Roy Ruiz Russo Ryan Saito Salazar Sanchez Sandoval
Santos Schmidt Schneider Schwartz Sharma Shaw Silva Simmons Singh Smith Sokolov Sousa Stewart
Stone Suarez Sullivan Suzuki Svensson Tanaka Tan Taylor Thompson Torres Tran Turner Vance Vargas
Vasquez Vogel Volkov Wagner Walker Walsh Wang Watanabe Watson Weber White Williams Wilson Wong
Wright Yamamoto Yang Yilmaz Young Zapata Zhang Zimmermann
""")

CITIES = terms("""
Aberdeen; Abuja; Accra; Adelaide; Albuquerque; Algiers; Almaty; Amman; Amsterdam; Ankara; Antwerp;
Asheville; Athens; Atlanta; Auckland; Austin; Baku; Baltimore; Bangalore; Bangkok; Barcelona;
Basel; Beirut; Belfast; Belgrade; Bergen; Berlin; Bilbao; Birmingham; Bogota; Boise; Bologna;
Bordeaux; Boston; Brasilia; Bratislava; Brighton; Brisbane; Bristol; Brussels; Bucharest;
Budapest; Buenos Aires; Buffalo; Cairo; Calgary; Cape Town; Caracas; Cardiff; Casablanca;
Charleston; Chennai; Chicago; Christchurch; Cincinnati; Cleveland; Cologne; Colombo; Columbus;
Copenhagen; Cork; Cusco; Dakar; Dallas; Dar es Salaam; Delhi; Denver; Detroit; Dhaka; Doha;
Dresden; Dubai; Dublin; Dubrovnik; Durban; Edinburgh; El Paso; Florence; Fortaleza; Frankfurt;
Fukuoka; Galway; Gdansk; Geneva; Ghent; Glasgow; Gothenburg; Granada; Graz; Guadalajara; Halifax;
Hamburg; Hanoi; Harare; Havana; Helsinki; Ho Chi Minh City; Hobart; Hong Kong; Honolulu; Houston;
Hyderabad; Indianapolis; Innsbruck; Istanbul; Izmir; Jaipur; Jakarta; Jeddah; Johannesburg;
Kampala; Kansas City; Karachi; Kathmandu; Kigali; Kingston; Krakow; Kuala Lumpur; Kyoto; La Paz;
Lagos; Lahore; Las Vegas; Lausanne; Leeds; Leipzig; Lima; Lisbon; Liverpool; Ljubljana; London;
Los Angeles; Louisville; Lusaka; Lyon; Madison; Madrid; Malaga; Malmo; Manchester; Manila; Maputo;
Marrakesh; Marseille; Medellin; Melbourne; Memphis; Merida; Mexico City; Miami; Milan; Milwaukee;
Minneapolis; Mombasa; Montevideo; Montreal; Mumbai; Munich; Nagoya; Nairobi; Nantes; Naples;
Nashville; New Orleans; New York; Newcastle; Nice; Nicosia; Oakland; Odense; Oklahoma City; Omaha;
Oporto; Osaka; Oslo; Ottawa; Oxford; Palermo; Panama City; Paris; Perth; Philadelphia; Phoenix;
Pittsburgh; Portland; Porto Alegre; Prague; Pretoria; Quebec City; Quito; Rabat; Raleigh; Reno;
Reykjavik; Riga; Rio de Janeiro; Riyadh; Rome; Rotterdam; Sacramento; Salt Lake City; Salvador;
Salzburg; San Antonio; San Diego; San Francisco; San Jose; San Juan; Santa Fe; Santiago; Sao
Paulo; Sapporo; Sarajevo; Savannah; Seattle; Seoul; Seville; Shanghai; Sheffield; Singapore;
Skopje; Sofia; Split; St. Louis; Stockholm; Strasbourg; Stuttgart; Sydney; Taipei; Tallinn; Tampa;
Tashkent; Tbilisi; Tel Aviv; The Hague; Thessaloniki; Tirana; Tokyo; Toronto; Toulouse; Trieste;
Tucson; Tunis; Turin; Utrecht; Valencia; Valletta; Valparaiso; Vancouver; Venice; Verona; Vienna;
Vilnius; Warsaw; Wellington; Winnipeg; Yangon; Yerevan; Zagreb; Zanzibar; Zurich
""")

COUNTRIES = terms("""
Albania; Algeria; Angola; Argentina; Armenia; Australia; Austria; Bangladesh; Belgium; Bolivia;
Botswana; Brazil; Bulgaria; Cambodia; Cameroon; Canada; Chile; China; Colombia; Costa Rica;
Croatia; Cuba; Cyprus; Denmark; Dominican Republic; Ecuador; Egypt; Estonia; Ethiopia; Fiji;
Finland; France; Georgia; Germany; Ghana; Greece; Guatemala; Honduras; Hungary; Iceland; India;
Indonesia; Ireland; Israel; Italy; Jamaica; Japan; Jordan; Kazakhstan; Kenya; Kuwait; Laos;
Latvia; Lebanon; Lithuania; Luxembourg; Madagascar; Malaysia; Malta; Mauritius; Mexico; Mongolia;
Montenegro; Morocco; Mozambique; Namibia; Nepal; New Zealand; Nicaragua; Nigeria; Norway; Oman;
Pakistan; Panama; Paraguay; Peru; Poland; Portugal; Qatar; Romania; Rwanda; Saudi Arabia; Senegal;
Serbia; Singapore; Slovakia; Slovenia; South Africa; South Korea; Spain; Sri Lanka; Sweden;
Switzerland; Taiwan; Tanzania; Thailand; Tunisia; Turkey; Uganda; Ukraine; United Arab Emirates;
United Kingdom; United States; Uruguay; Uzbekistan; Vietnam; Zambia; Zimbabwe
""")

LANGUAGES = words("""
Arabic Basque Bengali Bulgarian Catalan Croatian Czech Danish Dutch English Estonian Finnish
French German Greek Gujarati Hebrew Hindi Hungarian Icelandic Indonesian Irish Italian Japanese
Korean Latvian Lithuanian Malay Mandarin Marathi Norwegian Persian Polish Portuguese Punjabi
Romanian Russian Serbian Slovak Slovenian Spanish Swahili Swedish Tagalog Tamil Telugu Thai
Turkish Ukrainian Urdu Vietnamese Welsh Yoruba Zulu
""")

COLORS = words("""
red blue green yellow orange purple pink white black grey brown turquoise teal navy maroon beige
gold silver lavender magenta cyan coral crimson olive indigo mint peach lilac amber burgundy
""")

COMPANY_HEADS = words("""
Acorn Albatross Altair Amberline Anchor Apex Arbor Arcadia Aster Atlas Aurora Banyan Bayside
Beacon Birchwood Bluebird Bluestone Boreal Bramble Brightwater Canyon Cascade Cedar Cinder
Clearview Cobalt Compass Copperfield Coral Crestline Cypress Dataforge Delphi Driftwood Eastgate
Echo Elmhurst Ember Evergreen Fairmont Falcon Fernhill Firefly Foxglove Gable Glacier Goldcrest
Granite Greenleaf Harborview Hawthorn Hazel Heron Highland Horizon Ironbridge Ivory Juniper
Kestrel Keystone Lakeshore Lantern Larkspur Lighthouse Linden Lumen Maple Marlin Meridian Midtown
Monarch Moonrise Nimbus Northwind Oakridge Obsidian Orchid Osprey Otter Palisade Pebble Pinecrest
Pioneer Polaris Prairie Quarry Quill Redwood Ridgeway Rivermark Rosewood Saffron Sandstone
Sapphire Seabright Sequoia Sierra Silverlake Skylark Solstice Sparrow Stonegate Summit Sunfield
Tamarind Thistle Tidewater Timberline Topaz Tundra Umber Vanguard Vega Verdant Vista Wavecrest
Westbrook Whitfield Wildflower Willow Windmill Wren Yarrow Zenith Zephyr
""")

COMPANY_TAILS = words("""
Analytics Bakery Bank Biotech Books Capital Clinics Construction Consulting Dental Design Energy
Farms Foods Freight Furniture Group Health Holdings Hotels Inc Industries Insurance Interiors Labs
Legal Logistics Ltd Media Motors Networks Optics Outfitters Partners Pharma Plumbing Properties
Robotics Software Solar Studios Supply Systems Technologies Telecom Textiles Toys Travel Ventures
Works
""")

STREETS = words("""
Acacia Albany Alder Ash Aspen Bank Barton Beech Belmont Birch Bridge Broad Camden Castle Cedar
Chapel Cherry Chestnut Church Clay Cliff College Cooper Cross Dale Dogwood Dover Elm Fern Field
Forest Franklin Garden Gilbert Grand Green Grove Hamilton Harbor Harvest Hawthorne Hickory High
Hill Holly Howard Jackson Jefferson Juniper King Lake Laurel Liberty Lincoln Linden Locust Madison
Magnolia Main Maple Market Marsh Meadow Mill Monroe Mulberry North Oak Olive Orchard Palm Park
Pearl Pine Pleasant Pond Poplar Prospect Queen Railway Ridge River Rose School Second Shore South
Spring Spruce Station Summit Sycamore Temple Union Valley Victoria Vine Walnut Washington Water
West Willow Windsor Winter York
""")

STREET_ENDINGS = words("""
Street Street Road Avenue Lane Drive Court Way Place Close St Ave
""")

MAIL_HOSTS = words("""
gmail.com outlook.com yahoo.com proton.me icloud.com fastmail.com hotmail.com mail.com example.com
example.org posteo.de gmx.net btinternet.com me.com zoho.com uni-graz.at orange.fr live.nl
corp.example acme.co
""")

DOMAIN_ENDINGS = words("""
com com com org net io dev co.uk de fr app info eu ca
""")

PLAIN_WORDS = words("""
anchor apple archive atlas autumn badge basket beacon bottle breeze bridge bronze bucket budget
button cabin cactus camera candle canvas canyon castle cedar cellar chapter charity circle circuit
clinic cloud clover coast cobalt comet compass concert copper coral corner cottage cotton courier
cricket crystal curtain daisy delta desert diamond dinner dragon drift eagle early echo ember
engine fabric falcon feather festival field final flame forest fossil fountain frost gallery
garden ghost ginger glacier globe golden granite gravel guitar hammer harbor harvest hazel helmet
hidden hollow honey hotel hunter island ivory jacket jungle kettle kitchen ladder lagoon lantern
latest lemon library lizard lucky lunar magnet marble market meadow mellow mental midnight mirror
monsoon morning mosaic mountain museum needle neon north oasis ocean office olive orbit orchard
origin otter oxford paper parade pepper photo pickle pigeon pilot planet plaza pocket portal
prairie prism puzzle quartz quiet rabbit radar rapid raven record ribbon river rocket royal saddle
salmon sample saturn scarlet school secret shadow shelter signal silent silver sketch solar spark
spiral spring stable station stone studio summer sunset table talent temple theory thunder ticket
timber tower travel tunnel turtle twin urban valley velvet village violet vision voyage walnut
weekly whale window winter wonder yellow zebra
""")

EVERYDAY_WORDS = words("""
actor address afternoon airport alarm album almond answer apartment apron argument artist avocado
baby bacon bakery balance balcony balloon banana band barber basil bath battery beach bean bear
bedroom beer bell belt bench berry bicycle bill bird biscuit blanket blender block blood board boat
body boiler bone book boot border boss bowl box boy brake branch brass bread breakfast brick broom
brother brush bubble builder bulb burger bus business butcher butter cable cake call cap car card
carpet carrot cart cat ceiling cello chain chair chalk cheese chef cherry chicken child chimney
chocolate choir cinema class clock cloth coat coffee coin collar comb concert cook cookie corn
couch cough country couple course cousin cow crane cream crew cup cupboard curry cushion customer
dance daughter deer dentist desk detail dinner dish doctor dog doll door dough dream dress drill
driver drum duck dust ear earring egg elbow elephant envelope essay evening exam eye face factory
family fan farmer father fence fever fiddle finger fire fish flag flour flower flute fly folder
foot fork fox freezer friend frog fruit funeral game gap garage garlic gate gift girl glass glove
goal goat gold grape grass gravy guest gum hair ham hand hat head heart heater hill hole holiday
hook horse hose hospital house ice idea ink iron island jam jar jeans job joke judge juice jumper
key kid king knee knife knot lake lamb lamp laptop laundry lawn lawyer leaf leather leg lemonade
lesson letter lid lift light lion lip list lock log lorry loss lunch machine mask mattress meal
meat medal meeting melon metal mice milk mind mistake mop mother motor mouse mouth mud muffin mug
muscle mushroom nail name neck neighbour nephew nest net news noise noodle nose number nurse nut
oil onion orange oven owl oyster package paint pan pants parcel parent park part party passport
pasta path pea peach pear pen pencil pension piano picnic picture pie pig pillow pin pipe pizza
plane plant plaster plate player plug plum poem police pond pool potato powder price prince print
prize puppy purse queen question quilt radio rail rain raisin rat rent report rice ring road robot
roof room root rope rug salad salt sand sandwich sauce sausage saw scarf science scissors screen
screw sea seat seed shampoo sheep sheet shelf ship shirt shoe shop shoulder shovel shower sink
sister skin skirt sky sleeve smell smoke snack snake snow soap sock sofa son song soup spice spider
spoon sport squash stairs stamp star stew stick stomach stool store storm stove street string sugar
suit sun surgeon sweater switch tail tank tap tape taxi tea teacher team tent tie tiger tile tip
toast toe toilet tomato tongue tooth towel toy tractor train tray tree trip trousers truck trumpet
turkey tyre uncle uniform vacuum van vase view vinegar visit voice wall wallet wardrobe washing
water weather wedding wheel wheat wife wine wing wire wolf wood wool word work wrist yard yoghurt
big bitter blue brave bright broken busy cheap clean clever cold crazy damp dark dead deep dirty
dry dull easy empty extra fair famous fast fat flat fresh friendly full funny gentle giant good
grand great green grey happy hard heavy high hot huge hungry kind large lazy little lonely long
loose lost loud lovely low magic mild missing modern narrow neat new nice noisy odd old open patient
plain polite poor pretty proud pure quick rare raw ready red rich rough round sad safe salty second
sharp shiny short shy sick simple single slow small smooth soft sour spare special spicy square
strange strong sweet tall thick thin third tidy tight tiny tired tough true ugly useful warm weak
wet white wide wild wise wrong young about after again along around before behind below beside
between beyond down inside near never off only out outside over since still through together
towards under until up with without ask bake begin blow borrow bring build buy carry catch change
check climb collect count cover cry cut dig draw drink drive drop eat explain fall feed feel find
finish fix fold follow forget give grow hang hear help hide hold hope hurry jump keep kick laugh
lead learn leave lend listen live look lose love make measure meet mend mix move order pack pay
pick plan play pull push read remember repair return ride rise run save sell send share shout show
sing sit sleep speak spend stand start stay stop study swim swing talk taste tell thank think throw
touch try turn wait wake walk want wash watch wear win wish write
""")

FILE_STEMS = words("""
agenda analysis annual_report audit backup banner benchmark bill brochure budget catalogue
changelog checklist config contract cv dataset demo diagram draft error essay evaluation expenses
export figures finances flyer forecast guide handout homework index interview inventory invoice
itinerary journal keynote lease ledger letter logo manual manuscript map marketing measurements
menu metrics minutes newsletter notes order orders outline payroll photo pitch plan portfolio
poster presentation pricing profile project proposal prototype quote readme recipe recording
results resume review roadmap sales sample schedule scan screenshot script settings sketch slides
specs statement summary survey syllabus tables tax_return template thesis timesheet todo training
transcript translation users vacation weekly_report wishlist
""")

FILE_ENDINGS = words("""
pdf docx xlsx csv txt pptx md json png jpg zip mp4 mp3 wav html py
""")

SENTENCES = terms("""
running ten minutes late; the keys are under the mat; can we move our call to tomorrow; happy
birthday, hope you have a great day; dinner is at our place tonight; I'll be there soon; thanks
for all your help this week; please send me the final version; the plumber is coming at noon;
don't forget the umbrella; see you at the station; the meeting room has changed; I got the job; we
need more milk; could you feed the cat tonight; the train is delayed again; congratulations on the
new house; my flight just landed; let's meet in front of the cinema; the package arrived this
morning; I won't make it today, sorry; good luck with your exam; the doctor said everything is
fine; save me a seat please; the wifi password is on the fridge; are we still on for Saturday; I
left my charger at your place; practice is cancelled; the cake turned out great; call me when
you're free; your order is ready to collect; the invoice has been paid; please review the draft
before Friday; the server is back up; we won the match; traffic is terrible, start without me; the
kids are asleep; bring a jacket, it's cold up here; the landlord wants to visit next week; lunch
is on me today; I found your glasses in the car; the printer is out of paper again; can you pick
up some bread; the deadline moved to Monday; we are short two chairs; the garden party is off
because of the rain; your parcel is with the neighbour; I'm stuck in a meeting until four; the
heating is broken; looking forward to seeing you all; the tickets are sold out; please water the
tomatoes; the new logo looks fantastic; I'll bring dessert; the car needs new tyres; the dog ran
off but we found her; grandma says hello; the concert starts earlier than we thought; let me know
if you need a lift; there is leftover soup in the fridge; the contract is signed; we should talk
about the budget; my phone is almost dead; the bus just left without us; sorry for the slow reply;
all backups finished without errors; the demo went really well; the elevator is out of order;
please keep this between us; the shop closes early today
""")

HANDLE_TAILS = [
    "",
    "",
    "",
    "_",
    "99",
    "dev",
    "42",
    ".official",
    "7",
    "_x",
    "2000",
    "hq",
    "art",
    "live",
]

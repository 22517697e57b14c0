"""Names, places and numbers that the written passages tell of; made up or widely known."""

from __future__ import annotations

from minilora.data.entailment.lexicon import listed

FIRST = listed(
    "Anna Boris Carla Dmitri Elena Farid Greta Hugo Ines Jonas Kemal Lucia Marek Nadia Oscar "
    "Petra Quentin Rosa Stefan Tamar Umar Vera Walter Ximena Yusuf Zora Amara Bela Chidi Daria "
    "Emeka Freya Goran Hana Ivo Jelena Karim Leila Mateo Noor"
)
LAST = listed(
    "Adeyemi Brandt Castillo Dvorak Eriksen Ferrante Gruber Haddad Ivanova Jansen Kowalski "
    "Lindqvist Moreau Nakamura Okafor Petrov Quiroga Rossi Santos Takeda Ueland Varga Weber "
    "Yilmaz Zeman Abernathy Bloom Carver Denholm Ellery Fairfax Greaves Holloway Ingram Jessop"
)
TOWNS = listed(
    "Lisbon Oslo Krakow Turin Leeds Lyon Porto Ghent Bergen Malmo Graz Bilbao Tampere Aarhus "
    "Zagreb Boston Denver Tulsa Omaha Fresno Quito Lima Bogota Cairo Tunis Accra Nairobi Lagos "
    "Osaka Kyoto Busan Hanoi Manila Perth Hobart Dublin Cork Bath York Derby"
)
YEARS = [str(year) for year in range(1820, 2021)]
COUNTS = [str(n) for n in (*range(3, 60), *range(60, 900, 7))]
LARGE = [f"{n},{m:03d}" for n in range(2, 95, 3) for m in (0, 120, 250, 400, 575, 800)]
TITLES = listed(
    "The Glass Harbour; Winter Letters; A Field of Salt; Northern Lines; The Last Orchard; "
    "Paper Moons; Quiet Engines; The Red Staircase; Seven Bridges; Under Slate Skies; The "
    "Clockmaker; Blue Meridian; House of Reeds; Distant Lanterns; The Tin Parade; Salt and "
    "Cedar; The Long Corridor; Amber Road",
    ";",
)
FIRMS = listed(
    "Halvor Steel; Brightwater Foods; Kestrel Air; Ostrava Glass; Pinehurst Media; Corvid "
    "Systems; Meridian Bank; Tallis Motors; Northgate Mining; Aldous Pharma; Quill Press; "
    "Solano Energy",
    ";",
)
SITES = listed(
    "Carrow Bridge; Mellin Tower; the Aster Museum; Fort Dunmore; Lake Istra; Mount Verrin; the "
    "Halden Theatre; Orla Stadium; the Severn Library; Port Callan; Castle Brenn; the Tamsin "
    "Canal",
    ";",
)
AWARDS = listed(
    "the Orion Prize; the Silver Lyre; the Hartwell Medal; the Meridian Award; the Golden "
    "Quill; the Linden Cup",
    ";",
)
SUBJECTS = listed("law medicine physics music history economics chemistry architecture philosophy")
INSTRUMENTS = listed("violin piano cello flute trumpet guitar drums harp clarinet")
LANGUAGES = listed("French German Spanish Arabic Turkish Polish Japanese Russian Italian Swedish")
MATERIALS = listed("granite brick timber steel concrete limestone marble glass iron")
PRODUCTS = listed("bicycles chocolate tractors watches furniture paper cameras shoes bottles tyres")
CROPS = listed("wheat olives rice cotton grapes barley coffee tea apples maize")
ANIMALS = listed("wolves otters storks bats seals foxes owls bears beavers lynxes")
PEOPLE = [f"{first} {last}" for first, last in zip(FIRST, LAST, strict=False)]

"""The laboratory: instruments, solutions, samples, PCR, centrifuges, reagents, notes, papers."""

from dataclasses import replace

from minilora.data import made
from minilora.data.kinds import (
    DATE,
    DATETIME,
    DURATION_MIN,
    DURATION_S,
    YEAR,
    Draw,
    choice,
    copied,
    flag,
    integer,
    listing,
    number,
    optional,
    record,
    said_as,
    span,
)
from minilora.data.material import Domain, Tool, opt, req


def _speed(draw: Draw) -> tuple[int, str]:
    """Return the speed of a centrifuge, a round number."""
    value = draw.rng.choice([draw.rng.randint(2, 20) * 50, draw.rng.randint(10, 160) * 100])
    return value, draw.rng.choice([str(value), f"{value:,}" if value >= 1000 else str(value)])


SAMPLE_ID = copied(made.pattern("S-####", "@@##-###", "BLD-#####", "#####@"), "code")
CATALOG_NUMBER = copied(made.pattern("@####", "##-####-##", "@@@-###", "######"), "code")
EXPERIMENT = copied(made.pattern("EXP-###", "@@-20##-##", "run ##", "E##@"), "code")
INSTRUMENT = span(
    "confocal microscope", "NMR", "mass spectrometer", "flow cytometer", "HPLC",
    "autoclave", "plate reader", "cryostat", "X-ray diffractometer", "SEM", "fume hood 3",
    "glovebox", "Raman setup", "cell sorter", "Zeiss in B12", "ultracentrifuge",
    "spectrophotometer",
)  # fmt: skip
GRANT = span(
    "ERC-2214", "membrane folding", "NIH renewal", "PhD Kowalczyk", "teaching", "spider silk",
    "Grant 77-B", "coral bleaching", "master's thesis of Aoife", "industry contract Bayermann",
    "pilot study", "O'Dowd lab collaboration",
)  # fmt: skip
SOLUTE = span(
    "sodium chloride", "Tris-HCl", "glucose", "EDTA", "copper sulfate", "NaOH", "SDS", "imidazole",
    "potassium phosphate", "L-arginine", "BSA", "calcium chloride", "sucrose", "HEPES", "agarose",
    "silver nitrate", "ammonium acetate",
)  # fmt: skip
REAGENT = span(
    "Taq polymerase", "trypsin", "acetonitrile", "anti-GFP antibody", "ethanol 96%", "FBS",
    "agar plates", "10 µl pipette tips", "DMSO", "Ni-NTA resin", "SYBR Green", "lysozyme",
    "deuterated chloroform", "nitrile gloves size M", "RNase inhibitor", "liquid nitrogen",
    "Bradford kit",
)  # fmt: skip
SUPPLIER = span(
    "Sigma", "Merck", "Fisher", "VWR", "Carl Roth", "Bio-Rad", "New England Biolabs", "Qiagen",
    "TCI", "the university store", "Abcam", "Ångström Chemicals",
)  # fmt: skip
OBSERVATION = span(
    "solution turned cloudy", "no growth after 48 hours", "gel ran crooked", "band at 55 kDa",
    "colour changed from blue to green", "cells look stressed", "yield was 12 mg",
    "crystals appeared", "temperature drifted by two degrees", "contamination in well C7",
    "peak at 1650 has vanished", "forgot to add the inhibitor", "mouse 4 gained weight",
    "Elution bei pH 5 gelungen", "foaming",
)  # fmt: skip
RESEARCH = span(
    "CRISPR off-target effects", "perovskite solar cells", "gut microbiome and sleep",
    "dark matter halos", "protein folding", "microplastics in rivers", "quantum error correction",
    "bee decline", "ancient DNA", "long covid", "graphene membranes", "Alzheimer's blood markers",
    "sea ice thickness", "lithium recycling", "bird song learning", "RNA vaccines for malaria",
)  # fmt: skip
ROOM = replace(
    span("B-114", "room 3.07", "lab 2", "C210", "the cold room", "basement 5", "prep room", "N-12",
    "wet lab", "the stockroom", "Labor 8", "greenhouse lab"), copied="code",
)  # fmt: skip
WASTE = choice(
    "halogenated_solvent", "non_halogenated_solvent", "acid", "biological", "radioactive", "sharps",
    spoken={"halogenated_solvent": ["halogenated solvent", "halogenated solvents"],
    "non_halogenated_solvent": ["non-halogenated solvent", "halogen-free solvents"],
    "acid": ["acid", "acidic"], "biological": ["biological", "bio"], "radioactive": ["radioactive"],
    "sharps": ["sharps"]},
)  # fmt: skip
TISSUE = choice(
    "blood", "plasma", "saliva", "tissue", "soil", "water", "plant", "dna", spoken={"dna": ["DNA"],
    "plant": ["plant", "plant material"], "tissue": ["tissue", "biopsy"]},
)  # fmt: skip
CONCENTRATION_UNIT = choice(
    "mol_per_l", "mmol_per_l", "g_per_l", "percent", spoken={"mol_per_l": ["M", "molar", "mol/l"],
    "mmol_per_l": ["mM", "millimolar", "mmol/l"], "g_per_l": ["g/l", "grams per litre", "g/L"],
    "percent": ["%", "percent"]},
)  # fmt: skip
PLACE = record(
    freezer=span("F1", "minus 80 left", "Freezer Otto", "LN2 tank B", "fridge 4", "the big -80",
    "F7", "cold box 2", "ultra-low 3", "Marie Curie"), shelf=integer(2, 9), box=optional(integer(2,
    60)),
)  # fmt: skip
NEED_TRAINING = flag(
    yes=["I need an introduction first", "somebody must show me how"],
    no=["no training needed", "I know how to use it"],
)  # fmt: skip
STERILE = flag(
    yes=["sterile filtered", "autoclaved please"], no=["needn't be sterile", "no sterilising"],
)  # fmt: skip
POLYMERASE = choice(
    "taq", "phusion", "q5", "pfu", spoken={"taq": ["Taq"], "phusion": ["Phusion"], "q5": ["Q5"],
    "pfu": ["Pfu"]},
)  # fmt: skip
SPEED = said_as({"type": "integer", "minimum": 1}, _speed)
SPEED_UNIT = choice(
    "rpm", "g", spoken={"rpm": ["rpm", "revolutions per minute"], "g": ["g", "times g", "x g"]},
)  # fmt: skip
BRAKE = flag(
    yes=["with the brake on", "brake at the end"],
    no=["without brake", "let it coast down, no brake"],
)  # fmt: skip
TAGS = listing(choice("unexpected", "repeat", "success", "failure", "calibration"), 1, 2)
URGENT = flag(yes=["it's urgent", "as soon as possible"], no=["no hurry", "not urgent"])
OPEN_ACCESS = flag(
    yes=["open access only", "free to read"], no=["paywalled ones too", "needn't be open access"],
)  # fmt: skip
SORT_BY = choice(
    "newest", "most_cited", "relevance", spoken={"newest": ["newest first", "latest first"],
    "most_cited": ["most cited first", "by citations"],
    "relevance": ["most relevant first", "by relevance"]},
)  # fmt: skip

DOMAIN = Domain(
    name="science_lab",
    title="Laboratory work",
    tools=(
        Tool(
            "reserve_instrument",
            "Reserve time on a laboratory instrument.",
            params=(
                req("instrument", INSTRUMENT, "Instrument, as written"),
                req("start", DATETIME, "Start, YYYY-MM-DDTHH:MM"),
                req("duration_minutes", DURATION_MIN, "Length in minutes"),
                opt("project", GRANT, "Project that pays, as written"),
                opt("need_training", NEED_TRAINING, "Whether an introduction is needed"),
            ),
            phrasings=(
                "reserve the {instrument} for {duration_minutes}, {start}[, project "
                "{project}][, {need_training}]",
                "book {instrument} {start}, {duration_minutes}[, charge it to {project}]",
                "is the {instrument} free? I'd like it for {duration_minutes} starting "
                "{start}[; {need_training}]",
                "{instrument}: {start}, {duration_minutes}[, {project}]",
                "Could you put me down for {duration_minutes} at the {instrument}, beginning "
                "{start}[; the costs go to {project}]?",
                "my samples only last a day, so get me {duration_minutes} on the {instrument} "
                "from {start}[, {need_training}]",
                "slot on {instrument} please, {duration_minutes} long, {start}[ for {project}]",
            ),
            held_out=(
                "hold the {instrument} for me {start}, I'll be done after {duration_minutes}[, "
                "bill {project}][, {need_training}]",
                "who else wants the {instrument} {start}? nobody, I hope: {duration_minutes} "
                "for me then[, account {project}]",
                "{duration_minutes} with the {instrument} is what I'm after, first choice "
                "{start}[( \\({need_training}\\)|, {need_training})]",
            ),
        ),
        Tool(
            "prepare_solution",
            "Ask the prep room for a solution of a given strength.",
            params=(
                req("solute", SOLUTE, "Substance, as written"),
                req("concentration", number(0.1, 15, 1), "Concentration as a number"),
                req("unit", CONCENTRATION_UNIT, "Unit of the concentration"),
                req("volume_ml", integer(20, 2000), "Volume in millilitres"),
                opt("ph", number(3, 11, 1), "pH to set"),
                opt("sterile", STERILE, "Whether it is sterilised"),
            ),
            phrasings=(
                "make {volume_ml} ml of {concentration} {unit} {solute}[, pH {ph}][, {sterile}]",
                "prepare {solute}, {concentration} {unit}, {volume_ml} mL[ at pH {ph}]",
                "I'm out of {solute} solution, {volume_ml} millilitres of {concentration} "
                "{unit} would do[; {sterile}]",
                "{solute} {concentration} {unit} x {volume_ml} ml[, adjust to pH {ph}][, "
                "{sterile}]",
                "Could the prep room mix {volume_ml} ml of a {concentration} {unit} solution "
                "of {solute}[, with the pH at {ph}]?",
                "need a {solute} stock: strength {concentration} {unit}, volume {volume_ml} "
                "ml[, {sterile}]",
                "for tomorrow's gel please dissolve {solute} to {concentration} {unit}, "
                "{volume_ml} ml in total[, bring it to pH {ph}]",
            ),
            held_out=(
                "how about {volume_ml} ml {solute}? {concentration} {unit} is right[, set the "
                "pH to {ph}][, {sterile}]",
                "the buffer shelf is empty. I take {concentration} {unit} {solute}, "
                "{volume_ml} millilitres[, pH of {ph}]",
                "get {solute} into solution for me: {volume_ml} ml at {concentration} {unit}[, "
                "and {sterile}]",
            ),
        ),
        Tool(
            "register_sample",
            "Enter a new sample and where it is stored.",
            params=(
                req("sample_id", SAMPLE_ID, "Label on the tube, as written"),
                req("material", TISSUE, "What it is"),
                req("storage", PLACE, "Freezer as written, shelf number and box number"),
                opt("collected_on", DATE, "Day it was taken, YYYY-MM-DD"),
                opt("aliquots", integer(2, 24), "Number of tubes"),
            ),
            phrasings=(
                "register {material} sample {sample_id} in {storage.freezer}, shelf "
                "{storage.shelf}[, box {storage.box}][, {aliquots} aliquots]",
                "{sample_id}, {material}, freezer {storage.freezer}, shelf {storage.shelf}[, "
                "box {storage.box}][, collected {collected_on}]",
                "I put {sample_id} on shelf {storage.shelf} of {storage.freezer}[ in box "
                "{storage.box}]; it's {material}[ from {collected_on}]",
                "new sample: id {sample_id}, type {material}[, {aliquots} tubes], stored at "
                "{storage.freezer} / {storage.shelf}[ / {storage.box}]",
                "Please add {sample_id} to the sample list. {material}[, taken on "
                "{collected_on}]. It is in {storage.freezer}, shelf number {storage.shelf}[ "
                "and box {storage.box}].",
                "the courier brought {sample_id} (\\({material}\\)|some {material}), it now "
                "sits in {storage.freezer} on shelf {storage.shelf}[, {aliquots} vials]",
                "log {material} {sample_id} at {storage.freezer} shelf {storage.shelf}[ box "
                "{storage.box}]",
            ),
            held_out=(
                "so we find it again: {sample_id} is {material} and lives on shelf "
                "{storage.shelf} in {storage.freezer}[, box no. {storage.box}][, split over "
                "{aliquots} tubes]",
                "{storage.freezer}, shelf {storage.shelf}[, box {storage.box}] has a newcomer, "
                "{material}, labelled {sample_id}[, drawn {collected_on}]",
                "make an entry for tube {sample_id}[ and its {aliquots} aliquots]: {material}, "
                "kept in {storage.freezer} \\(shelf {storage.shelf}\\)",
            ),
        ),
        Tool(
            "set_pcr_program",
            "Set the cycles and temperatures of a PCR machine.",
            params=(
                req("cycles", integer(15, 45), "Number of cycles"),
                req("annealing_c", number(48, 68, 1), "Annealing temperature in degrees Celsius"),
                opt("extension_seconds", DURATION_S, "Extension time in seconds"),
                opt("polymerase", POLYMERASE, "Enzyme used"),
                opt("final_hold_c", integer(4, 12), "Temperature to hold at the end, Celsius"),
            ),
            phrasings=(
                "pcr: {cycles} cycles, annealing at {annealing_c}[, extension "
                "{extension_seconds}][, {polymerase}][, hold at {final_hold_c}]",
                "set the thermocycler to {cycles} cycles with {annealing_c} degrees annealing[ "
                "and {extension_seconds} of extension]",
                "run {cycles} rounds of PCR, anneal {annealing_c} °C[, extend "
                "{extension_seconds}][, enzyme {polymerase}]",
                "my primers melt high, so anneal at {annealing_c} C, {cycles} cycles[, using "
                "{polymerase}][, keep at {final_hold_c} C when done]",
                "Please program the PCR machine: {cycles} cycles; annealing {annealing_c}°C[; "
                "elongation {extension_seconds}][; it's a {polymerase} mix].",
                "amplify for {cycles} cycles[ with {polymerase}], {annealing_c} for "
                "annealing[, then hold {final_hold_c} degrees]",
                "{polymerase} PCR, {cycles}x, Ta {annealing_c}[, ext {extension_seconds}]",
            ),
            held_out=(
                "the cycler should go round {cycles} times, primers binding at {annealing_c} "
                "degrees[, {extension_seconds} to elongate][, and park at {final_hold_c}]",
                "copy that gene for me: annealing temp {annealing_c}, number of cycles "
                "{cycles}[, polymerase {polymerase}]",
                "I'd go with {annealing_c} degrees of annealing and {cycles} repeats[, "
                "extension lasting {extension_seconds}], set the block like that",
            ),
        ),
        Tool(
            "run_centrifuge",
            "Spin samples in the centrifuge.",
            params=(
                req("speed", SPEED, "Speed as a number"),
                req("speed_unit", SPEED_UNIT, "Unit of the speed"),
                req("duration_minutes", DURATION_MIN, "Length in minutes"),
                opt("temperature_c", integer(4, 30), "Temperature in degrees Celsius"),
                opt("brake", BRAKE, "Whether to brake at the end"),
            ),
            phrasings=(
                "spin at {speed} {speed_unit} for {duration_minutes}[, {temperature_c} "
                "degrees][, {brake}]",
                "centrifuge {duration_minutes}, {speed} {speed_unit}[ at {temperature_c} °C]",
                "pellet the cells: {speed} {speed_unit}, {duration_minutes}[, "
                "{temperature_c}C][, {brake}]",
                "start the centrifuge with {speed} {speed_unit}[, cooled to {temperature_c} "
                "degrees], {duration_minutes} long[, {brake}]",
                "Could you spin these down? {duration_minutes} at {speed} {speed_unit}[, "
                "chamber at {temperature_c} degrees Celsius].",
                "my tubes are balanced, go: {speed} {speed_unit} / {duration_minutes}[ / {brake}]",
                "{duration_minutes} in the centrifuge, {speed} {speed_unit} please[, "
                "{temperature_c} degrees inside][, {brake}]",
            ),
            held_out=(
                "the supernatant must be clear, so let the rotor do {speed} {speed_unit} over "
                "{duration_minutes}[, {temperature_c} degrees][, {brake}]",
                "give it a whirl, {speed} {speed_unit}, {duration_minutes} should be plenty[( "
                "\\({brake}\\)|, {brake})]",
                "separate the phases by spinning {duration_minutes} long with {speed} "
                "{speed_unit}[, keeping {temperature_c} C]",
            ),
        ),
        Tool(
            "order_reagent",
            "Order a consumable or chemical for the lab.",
            params=(
                req("item", REAGENT, "What to buy, as written"),
                req("quantity", integer(2, 40), "Number of packs"),
                opt("supplier", SUPPLIER, "Where to buy, as written"),
                opt("catalog_number", CATALOG_NUMBER, "Catalogue number, as written"),
                opt("project", GRANT, "Project that pays, as written"),
            ),
            phrasings=(
                "order {quantity} packs of {item}[ from {supplier}][, cat. no. "
                "{catalog_number}][, on {project}]",
                "we are nearly out of {item}, get {quantity} more[ at {supplier}][, article "
                "{catalog_number}]",
                "{quantity} x {item}[, {supplier}][, #{catalog_number}][, pay from {project}]",
                "buy {item}, {quantity} units[, catalogue number {catalog_number}][; charge "
                "{project}]",
                "Please place an order for {item}. Quantity: {quantity}[. Supplier: "
                "{supplier}][. Number: {catalog_number}].",
                "somebody used up the last {item}!! {quantity} new ones[ via {supplier}], [the "
                "code is {catalog_number}, ]thanks",
                "could the lab manager purchase {quantity} of {item}[ with {supplier}][, money "
                "from {project}]?",
            ),
            held_out=(
                "stock up on {item}: {quantity}[, {supplier} has it][ under {catalog_number}]",
                "shopping list for the lab, {item} times {quantity}[, product no. "
                "{catalog_number}][, {project} pays]",
                "if {item} runs out we're stuck, so have {quantity} delivered[ by {supplier}]",
            ),
        ),
        Tool(
            "log_observation",
            "Write an observation into the lab notebook.",
            params=(
                req("experiment", EXPERIMENT, "Experiment, as written"),
                req("observation", OBSERVATION, "What was seen, copied as written"),
                opt("observed_at", DATETIME, "When, YYYY-MM-DDTHH:MM"),
                opt("tags", TAGS, "Labels for the entry"),
            ),
            phrasings=(
                "notebook {experiment}: {observation}[, seen {observed_at}][, tags {tags}]",
                "log for {experiment} that {observation}[, tag it {tags}]",
                'in {experiment} I saw this: "{observation}"[, {observed_at}], write it down',
                "add to the lab book of {experiment}[ with the label {tags}]: {observation}",
                "Please record the following under {experiment}[ as {tags}]: {observation}[. "
                "Time: {observed_at}].",
                "hmm, {observation}. That's {experiment}[, {observed_at}]. note please[, {tags}]",
                "{experiment} / {observation}[ / {tags}]",
            ),
            held_out=(
                'my gloves are wet, type for me: {experiment}, "{observation}"[, marked {tags}]',
                "so that nobody says I hid it: {observation}. Experiment {experiment}[, tagged "
                "{tags}][, at {observed_at}]",
                "something to remember about {experiment}[( \\({tags}\\)|, {tags})]: {observation}",
            ),
        ),
        Tool(
            "request_waste_pickup",
            "Have dangerous laboratory waste collected.",
            params=(
                req("waste", WASTE, "Kind of waste"),
                req("room", ROOM, "Where it stands, as written"),
                opt("litres", number(1, 60, 1), "Volume in litres"),
                opt("containers", integer(2, 15), "Number of containers"),
                opt("urgent", URGENT, "Whether it cannot wait"),
            ),
            phrasings=(
                "{waste} waste in {room}, please collect[, {litres} litres][, {containers} "
                "canisters][, {urgent}]",
                "pick up {containers} containers of {waste} waste from {room}[, {urgent}]",
                "the {waste} bin in {room} is full[, about {litres} l], can it be fetched?[ "
                "{urgent}]",
                "waste pickup: {waste}, {room}[, {litres} L][, {urgent}]",
                "Could safety come to {room} for our {waste} waste[( \\({litres} litres\\)|, "
                "{litres} litres)][; {urgent}]?",
                "we can't store any more {waste} waste at {room}, have it taken away[, "
                "{containers} drums][, {urgent}]",
                "request collection of {waste} waste, location {room}[, {containers} "
                "bottles][, {litres} litres altogether]",
            ),
            held_out=(
                "please free {room} of its {waste} rubbish[, it is {litres} litres][ in "
                "{containers} cans][, {urgent}]",
                "it smells in {room}: {waste} waste waiting for disposal[, {containers} "
                "vessels][, {urgent}]",
                "who takes care of {waste} waste? there's some standing in {room}[, roughly "
                "{litres} liters], send them",
            ),
        ),
        Tool(
            "search_papers",
            "Search scientific publications.",
            params=(
                req("topic", RESEARCH, "Subject, as written"),
                opt("since_year", YEAR, "Published in this year or later"),
                opt("max_results", integer(3, 50), "How many at most"),
                opt("open_access", OPEN_ACCESS, "Whether only free papers count"),
                opt("sort_by", SORT_BY, "Order of the results"),
            ),
            phrasings=(
                "find papers on {topic}[ since {since_year}][, {open_access}][, {sort_by}]",
                "literature about {topic}[, at most {max_results}][, from {since_year} on]",
                "what has been published on {topic}[ since {since_year}]?[ {sort_by}][ "
                "{open_access}]",
                "I'm writing an introduction and need references on {topic}[, {max_results} "
                "will do][, {sort_by}]",
                "Could you search for articles dealing with {topic}[, not older than "
                "{since_year}][; {open_access}]?",
                "papers: {topic}[; >= {since_year}][; top {max_results}][; {sort_by}]",
                "reviewer 2 says we ignore {topic}. show me[ {max_results}] publications[, "
                "{open_access}]",
            ),
            held_out=(
                "who is working on {topic}? give me the articles[, no more than "
                "{max_results}][, {since_year} and later]",
                "for journal club I want something about {topic}[, {open_access}][, {sort_by}]",
                "reading list, subject {topic}[, {max_results} entries][, nothing before "
                "{since_year}]",
            ),
        ),
    ),
)

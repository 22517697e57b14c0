"""Farms and power: irrigation, harvest, spraying, soil, livestock, batteries, meters, turbines."""

from minilora.data import made
from minilora.data.kinds import (
    CLOCK,
    DATE,
    DATETIME,
    DURATION_MIN,
    PERCENT,
    PERSON,
    WEEKDAY,
    WHEN,
    Draw,
    choice,
    copied,
    flag,
    integer,
    listing,
    number,
    said_as,
    span,
)
from minilora.data.material import Domain, Tool, opt, req


def _reading(draw: Draw) -> tuple[int, str]:
    """Return what a meter shows."""
    value = draw.rng.randint(900, 98_000)
    return value, draw.rng.choice([str(value), str(value), f"{value:,}"])


def _moisture(draw: Draw) -> tuple[float, str]:
    """Return the moisture of a crop in percent."""
    value = draw.rng.randint(81, 279) / 10
    value = int(value) if value == int(value) else value
    return value, draw.rng.choice([f"{value}%", f"{value} percent", f"{value} %"])


MOISTURE = said_as({"type": "number", "minimum": 0}, _moisture)
READING = said_as({"type": "integer", "minimum": 0}, _reading)
METER = copied(made.pattern("MTR-#####", "#######", "E@-####-##", "@@ ######"), "code")
EAR_TAG = copied(made.pattern("DE ### ## ###", "####", "@-###", "UK######"), "code")
TURBINE = copied(made.pattern("T-##", "WEA #", "@##", "WTG-0#"), "code")
FAULT = copied(made.pattern("E###", "F-##", "ERR ####", "#-##"), "code")
FIELD = span(
    "north field", "Long Acre", "the barn field", "plot 7", "the river meadow", "Hollow Bottom",
    "greenhouse 2", "Obere Wiese", "Miller's corner", "the old orchard", "block C", "La Vega",
    "east terrace", "O'Brien's forty", "upper vineyard", "strip 12 by the road", "pivot 3",
)  # fmt: skip
CROP = span(
    "winter wheat", "barley", "sugar beet", "Cox apples", "potatoes", "rapeseed", "sweet corn",
    "strawberries", "hops", "Sauvignon grapes", "soybeans", "lentils", "jalapeños", "onions",
    "spelt", "cherry tomatoes", "hay",
)  # fmt: skip
SPRAY = span(
    "copper fungicide", "glyphosate", "neem oil", "liquid manure", "urea solution", "sulphur",
    "Kelpak", "aphid soap", "boron", "calcium nitrate", "RoundCare 360", "Bt spray", "slug pellets",
    "lime",
)  # fmt: skip
MEDICINE = span(
    "ivermectin", "penicillin", "oxytetracycline", "Metacam", "calcium", "selenium drench",
    "vitamin B12", "clostridial vaccine", "bluetongue vaccine", "flunixin", "pour-on wormer",
    "amoxicillin",
)  # fmt: skip
PADDOCK = span(
    "the top paddock", "home pasture", "calving pen", "Dyke field", "the lower hill", "barn 3",
    "the sick bay", "Quarry Park", "the winter yard", "paddock 9", "Kuhweide", "south marsh",
)  # fmt: skip
NEW_PADDOCK = span(
    "the clover ley", "shed B", "west pasture", "the river flats", "paddock 14", "Sankt Veit alp",
    "the stubble", "quarantine", "Far Moor", "the race", "the loading yard", "Birch Hill",
)  # fmt: skip
SITE = span(
    "the farmhouse", "dairy roof", "battery 2", "the cold store", "site Almería",
    "Powerbank garage", "the sawmill", "container A", "village hall", "pump station",
    "the greenhouse battery", "Halle 4",
)  # fmt: skip
ANIMALS = choice(
    "cattle", "sheep", "goats", "pigs", "chickens", "horses",
    spoken={"cattle": ["cows", "cattle", "heifers"], "sheep": ["sheep", "ewes", "lambs"],
    "pigs": ["pigs", "piglets", "sows"], "chickens": ["chickens", "hens"],
    "horses": ["horses", "mares"]},
)  # fmt: skip
ANALYSIS = choice(
    "ph", "nitrogen", "phosphorus", "potassium", "organic_matter", "salinity",
    spoken={"ph": ["pH", "acidity"], "organic_matter": ["organic matter", "humus"],
    "salinity": ["salinity", "salt"]},
)  # fmt: skip
SKIP_IF_RAIN = flag(
    yes=["unless it rains", "skip it when rain is forecast"],
    no=["even if it rains", "rain or no rain"],
)  # fmt: skip
GRADE = choice(
    "a", "b", "feed", spoken={"a": ["grade A", "A grade"], "b": ["grade B", "B grade"],
    "feed": ["feed grade", "animal feed quality"]},
)  # fmt: skip
UNIT = choice(
    "litres", "kilograms", spoken={"litres": ["litres", "l", "liters"],
    "kilograms": ["kg", "kilos", "kilograms"]},
)  # fmt: skip
SOURCE = choice(
    "solar_only", "grid_only", "cheapest",
    spoken={"solar_only": ["solar only", "only sun power", "just the panels"],
    "grid_only": ["grid only", "only from the grid"],
    "cheapest": ["whatever is cheapest", "the cheapest power"]},
)  # fmt: skip
KIND = choice(
    "electricity", "gas", "feed_in", "heat", spoken={"electricity": ["electricity", "power"],
    "feed_in": ["feed-in", "export"]},
)  # fmt: skip
ESTIMATED = flag(
    yes=["that's an estimate", "roughly guessed"], no=["read it myself", "exact figure"],
)  # fmt: skip
STOPPED = flag(
    yes=["it has stopped", "the rotor stands still"], no=["it's still turning", "it keeps running"],
)  # fmt: skip

DOMAIN = Domain(
    name="agriculture_energy",
    title="Farming and energy",
    tools=(
        Tool(
            "schedule_irrigation",
            "Water a field at set times.",
            params=(
                req("field", FIELD, "Name of the field, as written"),
                req("start_time", CLOCK, "Start of watering, 24-hour HH:MM"),
                req("duration_minutes", DURATION_MIN, "Length in minutes"),
                opt("days", listing(WEEKDAY, 1, 3), "Days of the week"),
                opt("skip_if_rain", SKIP_IF_RAIN, "Whether rain cancels it"),
            ),
            phrasings=(
                "irrigate {field} at {start_time} for {duration_minutes}[ on {days}][, "
                "{skip_if_rain}]",
                "water {field} {duration_minutes} from {start_time}[, {days}][, {skip_if_rain}]",
                "the soil on {field} is bone dry, sprinklers on at {start_time}, "
                "{duration_minutes}[, every {days}]",
                "set the drip lines: {field}, {start_time}, {duration_minutes}[, {days}][, "
                "{skip_if_rain}]",
                "Could you have {field} watered[ on {days}]? Start {start_time} and let it run "
                "{duration_minutes}[, {skip_if_rain}].",
                "{duration_minutes} of irrigation for {field}, beginning {start_time}[ each "
                "{days}]",
                "pumps for {field} should come on at {start_time}[ {days}], off again after "
                "{duration_minutes}[, {skip_if_rain}]",
            ),
            held_out=(
                "plants wilting over on {field}. Give them a drink at {start_time}, "
                "{duration_minutes} or so[, {days}][, {skip_if_rain}]",
                "from {start_time} I want water running on {field}, stop it {duration_minutes} "
                "later[; days: {days}]",
                "[{days}, ]{start_time}, open the valves to {field} and leave them open "
                "{duration_minutes}[, {skip_if_rain}]",
            ),
        ),
        Tool(
            "log_harvest",
            "Record how much of a crop came off a field.",
            params=(
                req("crop", CROP, "Crop, as written"),
                req("field", FIELD, "Name of the field, as written"),
                req("tonnes", number(0.5, 90, 1), "Weight in tonnes"),
                opt("moisture_percent", MOISTURE, "Moisture in percent"),
                opt("harvested_on", DATE, "Day, YYYY-MM-DD"),
                opt("grade", GRADE, "Quality"),
            ),
            phrasings=(
                "log {tonnes} tonnes of {crop} from {field}[, {grade}][, moisture "
                "{moisture_percent}][, cut on {harvested_on}]",
                "harvested {tonnes} t {crop} off {field}[ on {harvested_on}][ at "
                "{moisture_percent} moisture]",
                "{field}: {crop}, {tonnes} tons[, {grade}]",
                "we brought in the {crop} on {field}, it came to {tonnes} tonnes[, "
                "{moisture_percent} wet][; {grade}]",
                "Please enter the yield of {field}: {tonnes} t of {crop}[, harvested "
                "{harvested_on}][, {grade}].",
                "the combine is done with {field}. {tonnes} tonnes {crop}[, moisture at "
                "{moisture_percent}], write it in the book",
                "yield record / {crop} / {field} / {tonnes} t[ / {harvested_on}]",
            ),
            held_out=(
                "the weighbridge showed {tonnes} tonnes of {crop} from {field}[, {grade}][, "
                "tested {moisture_percent} moisture], keep that for the records",
                "not a bad year: {tonnes} t, {crop}, all off {field}[, in the barn since "
                "{harvested_on}]. note it",
                "{crop} picked at {field}[ {harvested_on}], altogether {tonnes} metric tons[, "
                "{grade}]",
            ),
        ),
        Tool(
            "record_spraying",
            "Record a treatment of a field with a spray or fertiliser.",
            params=(
                req("product", SPRAY, "Product, as written"),
                req("field", FIELD, "Name of the field, as written"),
                req("rate_per_hectare", number(0.5, 40, 1), "Amount per hectare"),
                req("unit", UNIT, "Unit of the amount"),
                opt("operator", PERSON, "Who did it"),
                opt("wind_kmh", integer(2, 28), "Wind speed in km/h"),
            ),
            phrasings=(
                "record spraying: {product} on {field}, {rate_per_hectare} {unit} per "
                "hectare[, by {operator}][, wind {wind_kmh} km/h]",
                "{operator} put {rate_per_hectare} {unit} a hectare of {product} on {field}[ "
                "with {wind_kmh} km/h of wind]",
                "treated {field} with {product} at {rate_per_hectare} {unit} per ha[, operator "
                "{operator}]",
                "spray diary please: {field}, {product}, {rate_per_hectare} {unit}/ha[, wind "
                "speed {wind_kmh}]",
                "Kindly note that {field} received {product}, {rate_per_hectare} {unit} for "
                "each hectare[; it was {operator} who drove][; wind {wind_kmh} km/h].",
                "I've just finished on {field}. {product}, {rate_per_hectare} {unit} per "
                "hectare, get it into the treatment log[, {wind_kmh} km/h breeze]",
                "the inspector wants it on paper: {product} went out on {field} at a rate of "
                "{rate_per_hectare} {unit} to the hectare[, done by {operator}]",
            ),
            held_out=(
                "dosed {field}, {rate_per_hectare} {unit} per hectare, {product}[, {operator} "
                "on the tractor][, air moving at {wind_kmh} km/h]",
                "for the plant protection file: on {field} we used {product} "
                "\\({rate_per_hectare} {unit} per hectare\\)[ and {operator} applied it]",
                "how much {product} did {field} get? {rate_per_hectare} {unit} each hectare. "
                "write that down[, {operator} signs for it]",
            ),
        ),
        Tool(
            "order_soil_test",
            "Order a laboratory test of the soil of a field.",
            params=(
                req("field", FIELD, "Name of the field, as written"),
                req("analyses", listing(ANALYSIS, 1, 3), "What to measure"),
                opt("depth_cm", integer(10, 90), "Depth of sampling in centimetres"),
                opt("samples", integer(3, 25), "Number of samples"),
            ),
            phrasings=(
                "soil test for {field}: {analyses}[, {depth_cm} cm deep][, {samples} samples]",
                "get the soil on {field} analysed for {analyses}[ at {depth_cm} cm]",
                "nothing grows right on {field}, have the lab check {analyses}[ from {samples} "
                "samples]",
                "order a lab test, {field}, {analyses}[, depth {depth_cm} centimetres]",
                "Could somebody take {samples} samples from {field}[ down to {depth_cm} cm] "
                "and test {analyses}?",
                "before I buy fertiliser I want to know {analyses} for {field}[; sample "
                "{depth_cm} cm down]",
                "send dirt from {field} to the lab[, {samples} bags], {analyses} please",
            ),
            held_out=(
                "what's in the ground at {field}? have {analyses} measured[, cores of "
                "{depth_cm} cm][, {samples} of them]",
                "the agronomist asks for {analyses} readings out of {field}[, taken {depth_cm} "
                "cm below the surface]",
                "dig[ {samples} spots] on {field} and let the lab tell us about {analyses}",
            ),
        ),
        Tool(
            "move_livestock",
            "Move a group of animals to another place on the farm.",
            params=(
                req("animals", ANIMALS, "Kind of animal"),
                req("head_count", integer(3, 400), "How many animals"),
                req("to_paddock", NEW_PADDOCK, "Where to, as written"),
                opt("from_paddock", PADDOCK, "Where from, as written"),
                opt("when", WHEN, "When, in the user's own words"),
            ),
            phrasings=(
                "move {head_count} {animals}[ from {from_paddock}] to {to_paddock}[ {when}]",
                "{head_count} {animals} go to {to_paddock}[ {when}][, they are in "
                "{from_paddock} now]",
                "the grass is gone[ on {from_paddock}], shift {head_count} {animals} over to "
                "{to_paddock}[ {when}]",
                "put {head_count} {animals} into {to_paddock}[, coming from {from_paddock}]",
                "Please plan moving the {animals}, {head_count} head, to {to_paddock}[; they "
                "stand in {from_paddock}][; do it {when}].",
                "drive {head_count} {animals}[ out of {from_paddock}] into {to_paddock}[ {when}]",
                "livestock move: {animals} x{head_count}[, {from_paddock}] -> {to_paddock}[, "
                "{when}]",
            ),
            held_out=(
                "{to_paddock} is ready for {head_count} of the {animals}[, fetch them out of "
                "{from_paddock}][ {when}]",
                "[{when} ]we need {head_count} {animals} grazing somewhere else, {to_paddock} "
                "that is",
                "let {head_count} {animals} change places[, away from {from_paddock}], their "
                "new home is {to_paddock}",
            ),
        ),
        Tool(
            "record_animal_treatment",
            "Record a medicine given to an animal.",
            params=(
                req("ear_tag", EAR_TAG, "Tag of the animal, as written"),
                req("medicine", MEDICINE, "Medicine, as written"),
                req("dose_ml", number(0.5, 60, 1), "Dose in millilitres"),
                opt("withdrawal_days", integer(2, 45), "Days before milk or meat may be sold"),
                opt("given_on", DATE, "Day, YYYY-MM-DD"),
                opt("vet", PERSON, "Who gave it"),
            ),
            phrasings=(
                "gave {ear_tag} {dose_ml} ml of {medicine}[ on {given_on}][, withdrawal "
                "{withdrawal_days} days]",
                "record treatment: tag {ear_tag}, {medicine}, {dose_ml} ml[, vet {vet}]",
                "{ear_tag} got {dose_ml} millilitres {medicine}[ from {vet}], log it[, "
                "{withdrawal_days} days withdrawal]",
                "the vet was here. animal {ear_tag}, {medicine} {dose_ml}ml[, "
                "{withdrawal_days} days before slaughter]",
                "Please write in the medicine book that {ear_tag} received {medicine}( "
                "\\({dose_ml} ml\\)|, {dose_ml} ml)[ on {given_on}][, given by {vet}].",
                "number {ear_tag} is limping, injected {dose_ml} mL {medicine}[, milk not for "
                "sale for {withdrawal_days} days], put it on her card",
                "treatment / {ear_tag} / {medicine} / {dose_ml} ml[ / {given_on}]",
            ),
            held_out=(
                "we jabbed {ear_tag} with {medicine}, {dose_ml} ml of it[, {vet} held the "
                "needle][. wait {withdrawal_days} days]",
                "vet log for {ear_tag}: {dose_ml} ml, {medicine}[, dated {given_on}]",
                "{medicine} was administered to the animal tagged {ear_tag}, the dose being "
                "{dose_ml} millilitres[, withdrawal period {withdrawal_days} days]",
            ),
        ),
        Tool(
            "schedule_battery_charging",
            "Plan the charging of a stationary battery.",
            params=(
                req("battery", SITE, "Which battery, as written"),
                req("target_percent", PERCENT, "Level to reach in percent"),
                opt("ready_by", CLOCK, "Time by which it is full, 24-hour HH:MM"),
                opt("source", SOURCE, "Where the power comes from"),
                opt("limit_kw", number(1, 50, 1), "Highest charging power in kW"),
            ),
            phrasings=(
                "charge {battery} to {target_percent}[ by {ready_by}][, {source}][, max "
                "{limit_kw} kW]",
                "fill {battery} to {target_percent}[ before {ready_by}][ with {source}]",
                "I want {battery} at {target_percent}[ when the clock says {ready_by}][, not "
                "faster than {limit_kw} kW]",
                "top up the storage at {battery} until {target_percent}[; use {source}][; at "
                "most {limit_kw} kilowatts]",
                "Could you make sure {battery} is charged to {target_percent}[ no later than "
                "{ready_by}][, {source}]?",
                "power prices spike tonight, so fill {battery} up to {target_percent}[, {source}]",
                "charging plan: {battery}, target {target_percent}[, done {ready_by}][, cap "
                "{limit_kw} kW]",
            ),
            held_out=(
                "{battery} shouldn't run out on us, bring it to {target_percent}[, {source}][, "
                "and have that done by {ready_by}]",
                "load {battery} until it holds {target_percent}[, pulling {limit_kw} kW at the "
                "very most]",
                "[{ready_by} is when we need it: ]get {battery} {target_percent} full[, {source}]",
            ),
        ),
        Tool(
            "submit_meter_reading",
            "Report the reading of an energy meter.",
            params=(
                req("meter_id", METER, "Meter number, as written"),
                req("reading", READING, "Reading, in kWh or cubic metres"),
                req("kind", KIND, "What it measures"),
                opt("read_on", DATE, "Day of the reading, YYYY-MM-DD"),
                opt("estimated", ESTIMATED, "Whether the figure is an estimate"),
            ),
            phrasings=(
                "{kind} meter {meter_id} reads {reading}[ on {read_on}][, {estimated}]",
                "submit reading {reading} for {kind} meter {meter_id}[, {estimated}]",
                "the {kind} counter, number {meter_id}, stood at {reading}[ on {read_on}], "
                "pass that on to the utility",
                "meter {meter_id} (\\({kind}\\)|for {kind}): {reading}[, taken {read_on}]",
                "Dear team, please find my {kind} reading: meter no. {meter_id}, value "
                "{reading}[, date {read_on}][; {estimated}].",
                "got a letter asking for numbers. {kind}, {meter_id}, {reading}[, {estimated}]",
                "tell the supplier that {meter_id} shows {reading}, it's the {kind} one[, "
                "{estimated}]",
            ),
            held_out=(
                "I was down in the cellar: {reading} on the {kind} meter, which is "
                "{meter_id}[. {estimated}]",
                "annual bill coming up, so hand in {reading} for {meter_id}, our {kind} "
                "meter[, as seen on {read_on}]",
                "{meter_id} has got to {reading} by now, {kind} I mean. report it[, {estimated}]",
            ),
        ),
        Tool(
            "report_turbine_fault",
            "Report a fault of a wind turbine to the service team.",
            params=(
                req("turbine", TURBINE, "Turbine number, as written"),
                req("fault_code", FAULT, "Code on its display, as written"),
                opt("since", DATETIME, "Start of the fault, YYYY-MM-DDTHH:MM"),
                opt("severity", choice("minor", "major", "critical"), "How bad it is"),
                opt("stopped", STOPPED, "Whether the turbine stands still"),
            ),
            phrasings=(
                "turbine {turbine} shows fault {fault_code}[ since {since}][, {severity}][, "
                "{stopped}]",
                "report {fault_code} on {turbine}[, {stopped}][, severity {severity}]",
                "wind turbine {turbine} is acting up, error {fault_code}[, {stopped}], send it "
                "to service",
                "{turbine}: {fault_code}[( \\({severity}\\)|, {severity})][, began {since}]",
                "Could you let the technicians know about {turbine}? The display says "
                "{fault_code}[; {stopped}][; it started {since}].",
                "the neighbours hear a grinding noise from {turbine}. code {fault_code}[, I'd "
                "call it {severity}]. file a fault",
                "service call for mill {turbine}, fault code {fault_code}[, {severity}][, "
                "{stopped}]",
            ),
            held_out=(
                "{fault_code} keeps blinking in the cabinet of {turbine}[, {stopped}][, first "
                "seen {since}]. whoever repairs these should know",
                "something's wrong up there: {turbine} threw {fault_code}[. {severity}, if you "
                "ask me]",
                "we lose money with {turbine} on {fault_code}[ since {since}], notify "
                "maintenance[, level {severity}]",
            ),
        ),
    ),
)

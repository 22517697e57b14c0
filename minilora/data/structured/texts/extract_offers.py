"""Offers and notices and the object to read out of them: trips, flats, parcels, used cars."""

from minilora.data.kinds import (
    CITY,
    CLOCK,
    COLOR,
    DATE,
    PERSON,
    PHONE,
    TRACKING_ID,
    choice,
    flag,
    integer,
    said_as,
    span,
)
from minilora.data.material import opt, req
from minilora.data.structured.scheme import Scheme, templates, terms


def plain(value: int) -> tuple[int, str]:
    """Return a number and its digits."""
    return value, str(value)


CARRIER = span(
    *terms("""
    ParcelPoint; Swift Post; Blue Van; NorthMail; QuickDrop; Hermia; GoBox; Postia
""")
)

KIOSK = span(
    *terms("""
    the kiosk on Mill Road; locker 14; the petrol station; Hanna's Flowers; the Cornerway shop;
    the depot on Dock Street; the pharmacy in the mall; the newsagent at the station; locker 207
""")
)

BUILT = said_as({"type": "integer"}, lambda draw: plain(draw.rng.randint(2006, 2025)))

CAR = span(
    *terms("""
    Golf; Fiat Panda; Toyota Yaris; Ford Transit; Skoda Octavia; Mini Cooper; Volvo V60; Nissan
    Leaf; Honda Jazz; Renault Clio; Mazda MX-5; Kia Ceed; Seat Leon; Dacia Duster
""")
)

SEAT = span(
    *terms("""
    14C; 2A; 31F; coach 6 seat 42; 22D; 9B; 17E; coach 3 seat 8; 5F; 28A
""")
)

FROM_TO = span(
    *terms("""
    Lisbon; Oslo; Chicago; Nairobi; Milan; Osaka; Denver; Glasgow; Lyon; Prague; Toronto; Seville;
    Cairns; Bergen; Austin; Krakow; Tallinn; Porto
""")
)

TO = span(
    *terms("""
    Zurich; Boston; Madrid; Tokyo; Athens; Vancouver; Cape Town; Berlin; Dublin; Naples; Seattle;
    Helsinki; Marrakesh; Hanoi; Bologna; Antwerp; Perth; Quito
""")
)

PARCEL = Scheme(
    name="parcel",
    task="extract",
    test_only=True,
    instructions=("Parcel status from the notice.", "Extract the delivery details."),
    params=(
        req("carrier", CARRIER, "Delivery company"),
        req("tracking", TRACKING_ID, "Tracking code as written"),
        req(
            "status",
            choice(
                "delivered",
                "in_transit",
                "waiting_for_pickup",
                spoken={
                    "delivered": ["has been delivered", "was delivered"],
                    "in_transit": ["is on its way", "is still on the road"],
                    "waiting_for_pickup": ["is waiting to be picked up", "is ready for collection"],
                },
            ),
            "State of the parcel",
        ),
        opt("location", KIOSK, "Where it was left or can be collected, as written"),
        opt("recipient", PERSON, "Who it is addressed to"),
        opt("until", DATE, "Last day to collect it, YYYY-MM-DD"),
    ),
    names={
        "tracking": ("tracking_code", "parcel_number"),
        "status": ("state",),
        "location": ("pickup_point", "place"),
        "until": ("collect_by", "deadline"),
    },
    phrasings=templates(r"""
- {carrier}: your parcel {tracking} {status}.[ Place: {location}.][ We keep it until {until}.]
- Dear {recipient}, shipment {tracking} {status}. Yours, {carrier}
- the {carrier} app says {tracking} {status}[, it's at {location}]. can you get it[ before it
  goes back on {until}]?
- Sorry we missed you! {carrier} left your parcel at {location}. Tracking {tracking}.[ Please
  fetch it by {until}.]{status=waiting_for_pickup}
- Hi, I'm waiting for a parcel sent with {carrier}, number {tracking}.[ It is addressed to
  {recipient}.] Supposedly it {status}.
- On the road since this morning: {tracking}[ for {recipient}]. Thanks for choosing
  {carrier}.{status=in_transit}
- {carrier} notice\nParcel: {tracking}\n[To: {recipient}\n]Your parcel {status}.
- Our driver handed parcel {tracking} over at {location}[, addressed to {recipient}]. {carrier}
  wishes you a nice day.{status=delivered}
"""),
    held_out=templates(r"""
- Track and trace ({carrier}|by {carrier}): {tracking} {status}[ - {location}].
- got a card in my letterbox from {carrier}. {tracking}, lies at {location} for me[ until
  {until}].{status=waiting_for_pickup}
- Any idea where {tracking} is? {carrier} claims it {status}[ at {location}] but {recipient} says
  there is nothing.
"""),
)

BOOKING = Scheme(
    name="ticket_booking",
    task="extract",
    instructions=(
        "Extract the trip from the confirmation.",
        "Travel record from the message.",
        "Booking details as an object.",
    ),
    params=(
        opt("passenger", PERSON, "Traveller"),
        req("origin", FROM_TO, "Place of departure"),
        req("destination", TO, "Place of arrival"),
        req("date", DATE, "Day of departure, YYYY-MM-DD"),
        opt("departs", CLOCK, "Departure, 24-hour HH:MM"),
        opt("seat", SEAT, "Seat as written"),
        opt("mode", choice("flight", "train", "bus", "ferry"), "How they travel"),
    ),
    names={
        "passenger": ("traveller", "name"),
        "origin": ("from", "from_city", "start"),
        "destination": ("to", "to_city", "arrival"),
        "date": ("day", "departure_date"),
        "departs": ("departure_time", "time"),
        "seat": ("seat_number",),
        "mode": ("transport", "means"),
    },
    phrasings=templates(r"""
- Your {mode} from {origin} to {destination} on {date} is confirmed. [Seat {seat}.] [Departure
  {departs}.]
- Booking confirmed for {passenger}: {origin} - {destination}, {date}[, {departs}][, seat
  {seat}].
- i'm going to {destination}!! leaving {origin} on {date}[ at {departs}] by {mode}
- Dear {passenger}, thank you for travelling with us. Your {mode} leaves {origin} for
  {destination} on {date}[ at {departs}]. [You have {seat}.]
- {date}[ {departs}]: {origin} to {destination}[ \({mode}\)][, {seat}]
- Could you pick me up in {destination}? My {mode} departs from {origin} on {date}[, {departs}].
- E-ticket\n[Passenger: {passenger}\n]From: {origin}\nTo: {destination}\nDate:
  {date}[\nDeparture: {departs}][\nSeat: {seat}]
- We changed your reservation. You now leave {origin} on {date}[ at {departs}], the destination
  is still {destination}.[ Your seat: {seat}.]
"""),
    held_out=templates(r"""
- Off to {destination} on {date}, {passenger}! The {mode} starts in {origin}[ at {departs}].[
  Look for {seat}.]
- the trip is booked: {mode}, {origin} -> {destination}, {date}[, {departs} I think]
- Please print this page. It gets you from {origin} to {destination} on {date}[ by {mode}][, seat
  {seat}].
"""),
)

RENTAL = Scheme(
    name="flat_listing",
    task="extract",
    instructions=(
        "Extract the flat offer.",
        "Housing record from the listing.",
        "What the flat is like, as an object.",
    ),
    params=(
        req("city", CITY, "City"),
        req("rooms", integer(2, 6), "Number of rooms"),
        req("rent", integer(380, 2900), "Monthly rent, number only"),
        opt("area_m2", integer(18, 160), "Size in square metres"),
        opt(
            "furnished",
            flag(
                yes=["it comes furnished", "furniture is included"],
                no=["it is unfurnished", "you need your own furniture"],
            ),
            "Whether it has furniture",
        ),
        opt(
            "pets",
            flag(
                yes=["pets are welcome", "cats and dogs are fine"],
                no=["no pets", "we can't have animals in the house"],
            ),
            "Whether pets are allowed",
        ),
        opt("available", DATE, "First day it can be had, YYYY-MM-DD"),
    ),
    names={
        "city": ("location", "town"),
        "rooms": ("room_count", "number_of_rooms"),
        "rent": ("monthly_rent", "price"),
        "area_m2": ("size_m2", "square_metres"),
        "furnished": ("has_furniture", "with_furniture"),
        "pets": ("pets_allowed",),
        "available": ("available_from", "free_from"),
    },
    phrasings=templates(r"""
- Bright {rooms}-room flat in {city}[, {area_m2} square metres], {rent} a month. [{pets}.] [Free
  from {available}.]
- For rent in {city}: {rooms} rooms[ on {area_m2} m2] for {rent} per month. [{furnished}.]
- moving out of my place in {city}, {rooms} rooms, rent is {rent}[, {pets}]. [you could have it
  from {available}]
- We let our apartment ({rooms} rooms|with {rooms} rooms) in {city}. [Size: {area_m2} m2.]
  Monthly rent {rent}. [{furnished} and {pets}.]
- {city} - {rooms} rooms - {rent}/month[ - {area_m2} sqm][ - available {available}]
- Does anybody need a flat? My landlord asks {rent} a month for {rooms} rooms in {city}[ and
  {furnished}].
- Lovely old building in the heart of {city}. The flat has {rooms} rooms[ and {area_m2} square
  metres]. You pay {rent} every month. [Please note: {pets}.]
- Subletting in {city}[ starting {available}]: {rooms} rooms for {rent} monthly. [{furnished}.]
  Message me!
"""),
    held_out=templates(r"""
- {rent} a month gets you {rooms} rooms in {city}.[ {area_m2} square metres of happiness.][
  {pets}.]
- My aunt is giving up her flat in {city}[ on {available}]. {rooms} rooms, she paid {rent}.
  [{furnished}.]
- Tenant wanted: {city}, {rooms} rooms[, {area_m2} m2]. Rent: {rent}. [{pets}.]
"""),
)

USED_CAR = Scheme(
    name="used_car",
    task="extract",
    test_only=True,
    instructions=("Extract the car offer.", "Car record from the advert."),
    params=(
        req("model", CAR, "Make or model as written"),
        req("year", BUILT, "Year it was built"),
        opt("mileage_km", integer(8000, 240000), "Kilometres driven"),
        req("price", integer(900, 38000), "Asking price, number only"),
        opt("color", COLOR, "Colour"),
        opt(
            "accident_free",
            flag(
                yes=["never had an accident", "accident-free"],
                no=["it had an accident once", "there was a small crash"],
            ),
            "Whether it had no accident",
        ),
        opt("seller_phone", PHONE, "Phone number of the seller"),
    ),
    names={
        "model": ("car", "vehicle"),
        "year": ("built", "model_year"),
        "mileage_km": ("kilometres", "odometer_km"),
        "price": ("asking_price",),
    },
    phrasings=templates(r"""
- Selling my [{color} ]{model}, built {year}[, {mileage_km} km]. {price} or best offer.[ Call
  {seller_phone}.]
- {model} {year}[, {color}][, {mileage_km} km][, {accident_free}], {price}
- hi, is the {model} from {year} still for sale? the ad said {price}[ and {mileage_km} km on the
  clock]
- We part with our faithful [{color} ]{model}. Year: {year}. [Kilometres: {mileage_km}.] Price:
  {price}. [{accident_free}.]
- My neighbour sells a {model} of {year} for {price}[, {accident_free}]. [His number is
  {seller_phone}.]
- For {price} you get a well-kept {model}, year {year}[, with {mileage_km} km]. [Phone:
  {seller_phone}]
- Car for sale!! {model}\nYear {year}\nPrice {price}[\nDriven {mileage_km} km][\nColour {color}]
- I want {price} for my {model}. It is from {year}[ and {color}][ and has done {mileage_km} km].
"""),
    held_out=templates(r"""
- Time to say goodbye to the {model}. {year} model[, {mileage_km} km so far], {price} is what I
  hope for. [{accident_free}.]
- [{color} ]{model} needs a new home: from {year}, costs {price}.[ Ring {seller_phone}.]
- There's a {model} in the paper, {year}, they ask {price}[, it says {mileage_km} km][, {color}].
"""),
)

ALL = (BOOKING, RENTAL, PARCEL, USED_CAR)

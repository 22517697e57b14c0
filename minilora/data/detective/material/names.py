"""Invented people, places and organisations; held-out splits draw from names of their own."""

from __future__ import annotations

from minilora.data.draw import Draw, Pool

_FIRST_WORDS = """
    Ada Ravi Ines Tomas Lena Kofi Mirela Jonas Aiko Pedro Salma Erik Noor Dario Freya Milan
    Tessa Omar Brigit Luca Hana Viktor Amara Oskar Petra Samir Ilse Mateo Yara Bruno Signe
    Arjun Clara Emeka Rosa Nils Farah Anton Greta Hugo Leila Stefan Marta Kwame Elif Ruben
    Thea Idris Vera Casper Nadia Felix Joanna Tarek Sofie Marek Anouk Dmitri Alma Rafael
    Ingrid Bao Lucia Henrik Zofia Edgar Priya Louis Maren Kenji Olga Simon Dalia Pavel Ruth
    Gunnar Mei Tobias Agnes Walter Edith Samuel Margaret Joseph Helen Peter
"""
FIRST = Pool(_FIRST_WORDS.split())
_LAST_WORDS = """
    Brandt Okafor Lindqvist Haddad Moreau Petrov Nakata Silva Kowalski Demir Aske Ferreira
    Novak Iyer Jansen Castillo Varga Mensah Holm Rossi Keller Yilmaz Duarte Sandberg Osei
    Fischer Ruud Marchetti Bakker Salinas Winther Horvat Abebe Larsen Ortega Schreiber Tanaka
    Vance Whitlock Ashdown Pemberton Crane Harlow Tennant Marsh Ellery Quill Ramsey Thorne
    Bellamy Draper Finch Garland Hollis Ingram Kemp Lovell Mercer Norwood Oakes Pryce Radley
    Sorrel Tilney Underhill Vickers Wardle Yates Zeller Albrecht Bergman Costa Dvorak Engel
    Farkas Grimaldi
"""
LAST = Pool(_LAST_WORDS.split())
_PLACE_BEGINS_WORDS = """
    Kel Mar Vell Os Brand Tarn Hol Skarn Fen Ard Lund Gren Wester Nor Cal Dun Ash Thorn Rav
    Elm Black Stone Wind Har Mill Copper Lar Vin Sel Bram Oster Quar Rim Tol Umber Wick Yar
    Zan Alder Bel Corv Dray Esk Fall Glen Hazel Ing Jor Kirk Lind Mor Nether Orl Pel
"""
_PLACE_BEGINS = Pool(_PLACE_BEGINS_WORDS.split())
_PLACE_ENDS_WORDS = """
    haven ford wick stad mouth ton dale bury field holm minster bridge gate port shaw worth by
    combe more ness burg vik mark
"""
_PLACE_ENDS = _PLACE_ENDS_WORDS.split()
_RIVERS_WORDS = """
    Arl Brenn Corve Dask Elde Fenna Garrow Hesk Ister Jarl Kesh Lorn Medra Nive Orr Pell
    Quenne Rusk Sarn Tive Ulm Vey Wenn Yssel Zarn
"""
RIVERS = Pool(_RIVERS_WORDS.split())
ORGANISATION_ENDS = (
    "Works", "Trust", "Institute", "Partners", "Cooperative", "Engineering", "Foundation",
    "Brothers", "Holdings", "Council", "University", "Society", "Laboratories", "Steel Company",
)  # fmt: skip


def person(draw: Draw) -> str:
    """Return a first and a last name."""
    return f"{draw.pick(FIRST)} {draw.pick(LAST)}"


def place(draw: Draw) -> str:
    """Return the name of a town."""
    return draw.mine(lambda: draw.pick(_PLACE_BEGINS) + draw.rng.choice(_PLACE_ENDS))


def river(draw: Draw) -> str:
    """Return the name of a river."""
    return draw.pick(RIVERS)

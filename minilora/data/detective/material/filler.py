"""Sentences that state nothing that is asked for, and headings."""

from __future__ import annotations

HEADINGS = (
    "{n}", "## {n}", "1. {n}", "About {n}", "2.1 Overview", "## Summary", "Background",
    "Details of {n}", "### {n}: notes", "3 Findings",
)  # fmt: skip
FILLER = (
    "This section gives an overview of {n}.",
    "The figures below were checked twice.",
    "Much has been written about {n}, not all of it right.",
    "Details are given in the appendix.",
    "The following was compiled from the records at hand.",
    "Local newspapers reported on it at length.",
    "Earlier editions of this text gave other figures, which have been corrected.",
    "Opinions about {n} differ to this day.",
    "No other {noun} in the region has drawn so much attention.",
    "Photographs can be found in the archive.",
    "The information was provided by those responsible.",
    "Further work on this is planned.",
    "It is often compared with its neighbours.",
    "As in earlier years, there were few complaints.",
    "A full account would go beyond the scope of these pages.",
    "Readers who know {n} will find little that is new here.",
    "Numbers are rounded where this makes them easier to read.",
    "The matter was discussed again in the spring.",
    "There have been no major changes since.",
    "All of this is a matter of public record.",
    "Weather played its part, as it often does.",
    "Several people who were involved have since retired.",
    "What follows concerns the {noun} alone.",
    "An exact date for some of these events cannot be given.",
    "The next review will look at this in more detail.",
    "Where sources disagree, the older one was followed.",
)

UNKNOWN = (  # what is said of a fact instead of the fact
    "The {label} of {n} is not known.",
    "Nobody wrote down the {label} of {n}.",
    "What the {label} was, no record says.",
    "Nor is it known what the {label} of {n} was.",
    "No record of the {label} survives.",
    "The {label} could not be established.",
    "Sources do not give the {label} of {n}.",
    "As to the {label}, the archive was lost in a fire.",
    "The {label} was never made public.",
    "The {label} of {n} remains a matter of guesswork.",
    "On the {label} those responsible gave no information.",
)

ADDED = (  # what a claim says beyond what its source does
    ", which the press had expected.", ", the highest figure of the decade.",
    ", against the advice of the experts.", ", for the third time in a row.",
    ", as the mayor had promised.", ", more than anywhere else in the country.",
    ", and was praised for it abroad.", ", after long negotiations.",
    ", although this was kept secret for years.", ", and a lawsuit followed.",
)  # fmt: skip

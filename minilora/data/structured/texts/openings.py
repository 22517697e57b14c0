"""Ways to ask for a search: `{things}` are the noun and its conditions."""

OPENINGS = (
    "show me {things}[, {sort}]",
    "I'm looking for {things}[, {sort}]",
    "find {things}[, {sort}] please",
    "Which {things} do you have[, {sort}]?",
    "list {limit} {things}[, {sort}]",
    "Can you search for {things}[, {sort}]?",
    "give me {limit} {things}[, {sort}]",
    "we need {things}[, {sort}][, {limit} will do]",
    "Any {things}?[ Please list them {sort}.]",
    "{things}[, {sort}][, max {limit} results]",
    "hi, i would like to see {things}[, {sort}]. thx",
    "Do you know of {things}?[ Not more than {limit} results please.]",
)

HELD_OUT_OPENINGS = (
    "Could I get an overview of {things}[, {sort}]?",
    "My boss wants {things}[, {sort}][, limited to {limit}].",
    "what have you got in the way of {things}[, {sort}]",
    "Let's see {things}[, {sort}]. [The first {limit} are enough.]",
    "Pull up {limit} {things}[, {sort}].",
)

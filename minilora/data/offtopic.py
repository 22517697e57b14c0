"""Things people say to an assistant for which no tool of the catalogue is the answer.

Small talk, general knowledge, things to be written or thought about, wishes that no tool here
grants, and stories that merely mention what some tool is about.

>>> import random
>>> Draw(random.Random(0)).pick(OFFTOPIC) in OFFTOPIC.training
True
"""

from __future__ import annotations

import re

from minilora.data import pools
from minilora.data.draw import Draw, Pool

SMALL_TALK = """
how are you today
are you a real person or a computer
what's your name
do you ever get bored
who made you
tell me something I don't know
you're really good at this
that last answer was no use at all
thanks, that's everything for now
good night, talk to you tomorrow
I'm feeling a bit low today
do you like dogs or cats better
can you keep a secret
what do you dream about
I just wanted to say hello
haha ok
never mind
what can you do
are you listening
I had the strangest dream last night
do you speak any other languages
sorry, wrong window
test
hello? anyone there
you remind me of my uncle
is it weird that I talk to you so much
what's your favourite colour
I love you
I'm bored, entertain me
give me a compliment
how old are you
wow, that was quick
no, not like that
hmm let me think about it first
I'll get back to you later
my cat just walked across the keyboard, ignore that
do you think robots will take over
let's talk about something else
why are you always so polite
yes
nope
what did I just ask you
congratulate me, I passed
I can't sleep, there's too much on my mind
you win, I give up
"""

KNOWLEDGE = """
who painted the Mona Lisa
why is the sky blue
how do vaccines work
what's the tallest mountain in Africa
when did the Roman Empire fall
how many bones does an adult have
what is the difference between a crocodile and an alligator
explain black holes like I'm five
who won the world cup in 1998
what does photosynthesis mean
how far away is the moon
why do cats purr
who wrote Pride and Prejudice
what language do they speak in Brazil
what's the speed of light
how do submarines stay under water
is a tomato a fruit or a vegetable
what are the three states of matter
what happened in 1066
who was the first woman in space
how does a bill become a law
what's the square root of 144
why do leaves change colour in autumn
how do bees make honey
what does DNA stand for
which planet has the most moons
who discovered penicillin
why did the Titanic sink
how do you pronounce quinoa
what's the plural of octopus
is pluto still a planet
what's the longest river in the world
how does wifi actually work
what's the difference between affect and effect
where do penguins live
who invented the printing press
how do magnets work
what makes bread rise
why do we yawn
how old is the universe
which metal is liquid at room temperature
what's the meaning of the word serendipity
why is the sea salty
how does a rainbow form
what was the cold war about
what's the rule for offside in football
how many players are in a rugby team
who was Cleopatra
does a penny dropped from a tower really kill you
how do noise cancelling headphones cancel noise
what's the biggest animal that ever lived
are bananas really radioactive
what causes tides
is glass a liquid
how did they build the pyramids
what does the constitution say about free speech
"""

WRITING = """
write me a poem about autumn
tell me a joke about penguins
help me think of a name for my boat
write a short story about a lonely lighthouse keeper
give me three ideas for a first date
what should I write in a wedding card
make up a bedtime story with a dragon in it
compose a haiku about rain
how should I answer the question about my weaknesses in an interview
rewrite this so that it sounds friendlier: we need to talk
give me a tongue twister
what's a good title for an essay on bees
help me come up with a password hint
write a limerick about an old sailor
invent a new holiday and describe it
I need a metaphor for patience
draft a speech for my best friend's wedding
rap about the periodic table
finish this sentence: the door creaked open and
give me arguments for and against school uniforms
what would Shakespeare say about smartphones
summarise the plot of Hamlet in two sentences
come up with a slogan for a lemonade stand
what rhymes with orange
explain recursion with a cooking example
write a regular expression that matches even numbers
what does this error mean: segmentation fault
which is better for beginners, Python or JavaScript
prove that the square root of two is irrational
what is 17 times 23
solve x squared minus 4 equals 0
"""

ADVICE = """
should I quit my job
do you think I should text my ex
how do I tell my flatmate to clean up
what should I do with my life
is it rude to leave a party early
how do I get my toddler to eat vegetables
what's the best way to learn to juggle
how do I get red wine out of a carpet
should I get a haircut
how can I be less shy
I had a fight with my brother, what now
how do you fold a fitted sheet
how do I know if a melon is ripe
what do you think about tattoos
how do I stop biting my nails
is it ok to wear white to a wedding
how do you make friends as an adult
how do I whistle with two fingers
what's the trick to parallel parking
how often should I wash my jeans
do long distance relationships work
can you teach me chess openings
my neighbour plays the drums all night, what can I do
how can I remember names better
what hobby should I take up
am I too old to learn the piano
"""

BEYOND = """
peel these potatoes for me
walk the dog, would you
can you iron my shirts
come over and help me move the sofa
cut my hair like in the picture
make the neighbours be quiet
read my palm
bring me a glass of water
predict tonight's lottery numbers
find my lost keys
marry me
fix the leaking tap under the sink
paint the fence green
babysit the twins this evening
tell me what my boss is thinking right now
go back in time and stop me from eating that pizza
smell this milk and tell me if it's off
win this argument for me
sew a button on my coat
carry my bags up to the fourth floor
teach my parrot to say my name
tell me who is standing behind me
sing me happy birthday out loud
taste the soup and say if it needs salt
scratch my back
clone my cat
run the marathon in my place
knit me a scarf
guess the number I'm thinking of
tune my grandfather's violin
clean the windows on the second floor
blow up the balloons
"""

STORIES = """
I set three alarms yesterday and slept through every one of them
my alarm clock fell off the table and broke
we had the worst meeting of the year this morning
the weather was lovely all through our holiday
my boss sends me messages in the middle of the night, can you believe it
I used to play the same song over and over as a kid
they lost my parcel again, typical
the flight was late and nobody told us anything
our hotel room smelled of paint
that restaurant on the corner has closed down
my bank has raised its fees again
I went for a run this morning and it nearly killed me
we got lost on the way to the wedding
the deployment last night went fine for once
I spent all day reviewing pull requests
nobody reads the documents I write
the customer shouted at me on the phone
that deal took us two years to close
the film we saw last night was far too long
my colleague has been on leave for a month
it has been too dry for the tomatoes this year
the lights in our old flat used to flicker
I forgot my best friend's birthday and feel awful
my phone battery never lasts the whole day
my credit card got declined in front of everyone
I've never understood how calendars worked before computers
we ended up cooking for thirty people
the experiment failed for the third time and I want to cry
I hate timers, they make me nervous
the train was so full I had to stand for two hours
all my playlists are from ten years ago
I bought shoes online and they were two different sizes
grandma still writes cheques
the heating was on all summer and nobody noticed
someone scratched my rental car
my running app says I'm getting slower every week
the translation on that menu made me laugh
I miss the days when tickets were made of paper
emails are the reason I can't get anything done
our printer only works on Tuesdays
"""

VAGUE = """
do that thing again
can you help me with something
you know what I want
the usual please
and the other one too
same as last time
make it better
something is wrong with it
I need it done by the time I'm back
fix it
could you sort this out for me
change it to the other one
that one
what about the second option
I need your help with a few things
surprise me
can you take care of it
do whatever you think is best
get it ready
the thing from before, you remember
let's start
next
again
more
"""

SHAPES = """
what is {country} famous for
what's the capital of {country}
tell me about the history of {city}
who was {person}
is {city} bigger than {city2}
what do people eat for breakfast in {country}
why is {city} called that
do you know anyone called {first}
what does the name {first} mean
how do you say hello in {language}
is {language} hard to learn
what is the flag of {country} like
write a poem for {first}
make up a story about a {word} and a {word2}
tell me a joke about a {word}
what's the origin of the word {word}
my friend {first} says hi
what should I call my {word}
what colour do you get when you mix {color} and {color2}
does {color} go with {color2}
who founded {city}
how many people live in {country}
was {person} in that film about the {word}
explain how a {word} works
what rhymes with {word}
I think {first} doesn't like me
have you ever been to {city}
which is nicer, {city} or {city2}
draw me a {color} {word}
why does {first} always talk about a {word}
what's the best thing about {country}
how do you spell {word}
what is the opposite of {color}
give me a riddle about a {word}
is it true that {first} used to live in {city}
{first} and I broke up
who's the president of {country}
compare a {word} with a {word2}
what came first, the {word} or the {word2}
my {word} is {color} and yours?
teach me how to draw a {word}
when was {city} founded
name five rivers in {country}
is {first} a good name for a {word}
what would a {word} say if it could talk
"""

_BLOCKS = (SMALL_TALK, KNOWLEDGE, WRITING, ADVICE, BEYOND, STORIES, VAGUE)
OFFTOPIC = Pool(line for block in _BLOCKS for line in block.strip().splitlines())
_SHAPE_POOL = Pool(SHAPES.strip().splitlines())
_FILLERS = {
    "country": Pool(pools.COUNTRIES),
    "city": Pool(pools.CITIES),
    "first": Pool(pools.FIRST_NAMES),
    "last": Pool(pools.LAST_NAMES),
    "language": Pool(pools.LANGUAGES),
    "color": Pool(pools.COLORS),
    "word": Pool(pools.PLAIN_WORDS),
}


def offtopic(draw: Draw) -> str:
    """Return something that no tool answers."""
    if draw.chance(0.6):
        return draw.pick(OFFTOPIC)
    return re.sub(r"\{(\w+?)2?\}", lambda slot: _filler(slot[1], draw), draw.pick(_SHAPE_POOL))


def _filler(name: str, draw: Draw) -> str:
    if name == "person":
        return f"{draw.pick(_FILLERS['first'])} {draw.pick(_FILLERS['last'])}"
    return draw.pick(_FILLERS[name])

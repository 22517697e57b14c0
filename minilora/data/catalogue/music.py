"""Music and podcasts: playing, queueing, playlists and concerts."""

from minilora.data.kinds import (
    CITY,
    DURATION_MIN,
    FIRST_NAME,
    MONEY,
    MONTH,
    YEAR,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

SONG = span(
    "Paper Lanterns", "Don't Wake the Harbour", "99 Umbrellas", "Corazón de Barrio",
    "Slow Train to Oslo", "Mon Petit Robot", "Gasoline Sunday", "I Left My Keys in Tulsa", "Nine",
    "The Ballad of Molly O'Shea", "Blue Static", "Who Turned the Lights Off", "Wüstenregen",
    "Saturday 4 a.m.", "Honey & Rust", "Kaze no Uta", "Rooftop Kids", "Nothing Rhymes with Orange",
    "Tango for Two Left Feet", "Cold Pizza",
)  # fmt: skip
ARTIST = span(
    "Velvet Foxes", "Mara Quint", "The Low Tides", "DJ Oyster", "Los Caracoles",
    "Ivy & the Postmen", "Takumi Ward", "Søren Blixt", "Nana Adjei", "Half Past Never",
    "Kilo Bravo 7", "Brass Monkeys United", "Éloïse Martel", "Papa Groove", "O'Connell Street Band",
    "Glass Elephant", "Rashid al-Nur", "Tin Can Choir", "Zamba Sur", "Lola Vane",
)  # fmt: skip
PLAYLIST = span(
    "Friday Kitchen", "gym bangers", "Sleep", "Rainy Day", "road trip 2024", "Deep Focus",
    "abuela's boleros", "Wedding Warm-up", "Cleaning", "90s R&B", "Songs to Cry To", "Bath Time",
    "Run Faster", "Chill mit Opa", "Office Party vol. 3", "Desert Blues",
)  # fmt: skip
SHOW = span(
    "The Daily Crumb", "Bones and Bogs", "Ask a Plumber", "Radio Nocturna", "History Backwards",
    "Two Nurses Talking", "Le Grand Bazar", "Startup Graveyard", "The 7-Minute Astronomer",
    "What's in My Compost?", "Overtime", "Murder by the Lake", "Kids' Corner", "Law & Odour",
)  # fmt: skip
EPISODE = span(
    "The Missing Crown", "Pipes in Winter", "Why Owls Lie", "Number 112",
    "Interview with a Beekeeper", "Live from Cork", "Season Finale", "Bad Bosses", "Part Two",
    "The Great Cheese Heist", "Pluto Again", "Lost Luggage",
)  # fmt: skip
EVENING = span(
    "tonight", "tomorrow", "tomorrow night", "this weekend", "next weekend", "Saturday",
    "Friday night", "next Thursday", "this summer", "next month", "early May", "Easter weekend",
    "the week after next", "New Year's Eve", "the 21st", "the second half of June",
    "Halloween", "this coming Tuesday",
)  # fmt: skip
GENRE = choice(
    "jazz",
    "rock",
    "classical",
    "hip_hop",
    "electronic",
    "country",
    "reggae",
    "folk",
    spoken={
        "hip_hop": ["hip hop", "hip-hop", "rap"],
        "classical": ["classical", "classical music"],
        "electronic": ["electronic music", "electronica"],
        "country": ["country", "country music"],
    },
)
MOOD = choice(
    "calm",
    "happy",
    "sad",
    "energetic",
    "romantic",
    spoken={
        "calm": ["calm", "relaxing", "mellow"],
        "happy": ["happy", "cheerful", "feel-good"],
        "sad": ["sad", "melancholy"],
        "energetic": ["energetic", "high-energy", "pumped-up"],
    },
)
DEVICE = choice(
    "kitchen",
    "living_room",
    "bedroom",
    "headphones",
    "car",
    "everywhere",
    spoken={
        "kitchen": ["in the kitchen", "on the kitchen speaker"],
        "living_room": ["in the living room", "in the lounge", "on the living room speakers"],
        "bedroom": ["in the bedroom", "on the bedroom speaker"],
        "headphones": ["on my headphones", "through my headphones"],
        "car": ["in the car", "on the car stereo"],
        "everywhere": ["everywhere", "on all speakers", "in every room"],
    },
)
SHUFFLE = flag(
    yes=["shuffled", "on shuffle", "in random order"],
    no=["in order", "not shuffled"],
)

DOMAIN = Domain(
    name="music",
    title="Music and podcasts",
    tools=(
        Tool(
            "play_song",
            "Play one song.",
            params=(
                req("title", SONG, "Title of the song, in the user's words"),
                opt("artist", ARTIST, "Who performs it, in the user's words"),
                opt("device", DEVICE, "Where to play it"),
                opt(
                    "repeat",
                    flag(yes=["on repeat", "over and over"], no=["just once"]),
                    "Whether the song starts again when it ends",
                ),
            ),
            phrasings=(
                "play {title}[ by {artist}][ {device}][ {repeat}]",
                "(put on|throw on|start) {title}[ by {artist}][ {device}]",
                "i want to hear {title}[ from {artist}][ {repeat}]",
                "can you play that song {title}[, {artist} i think][, {device}]?",
                "{title}[ - {artist}][, {repeat}], go",
                'Please play the track "{title}"[ by {artist}][ {device}].',
                "{title} is stuck in my head, let me listen to it[ {device}][ {repeat}]",
                "song: {title}[, artist: {artist}]",
                "hey, the tune {title}[ of {artist}][ {device}] please",
            ),
            held_out=(
                "treat my ears to {title}[ by {artist}][, {device}]",
                "i could really use some {title} right now[, {repeat}][, {device}]",
                "blast {title}[ by {artist}][ {device}]!",
            ),
        ),
        Tool(
            "play_artist",
            "Play music by one artist or band.",
            params=(
                req("artist", ARTIST, "Artist or band, in the user's words"),
                opt("shuffle", SHUFFLE, "Whether songs come in random order"),
                opt("device", DEVICE, "Where to play it"),
                opt("from_year", YEAR, "Only music from this year on"),
            ),
            phrasings=(
                "play (some|something by|music by|songs by) {artist}[ {shuffle}][ {device}]",
                "i'm in the mood for {artist}[ {device}]",
                "put {artist} on[ {shuffle}][ {device}]",
                "let's hear {artist}[, only from {from_year} onwards]",
                "{artist}[ {shuffle}][ {device}] pls",
                "Could you play anything by {artist}[, {from_year} or newer]?",
                "all the hits of {artist}[ {shuffle}][ {device}]",
                "who's better than {artist}? nobody. play them[ {device}]",
                "start an artist mix of {artist}[ {device}]",
            ),
            held_out=(
                "my sister won't shut up about {artist}, let me listen[ {device}]",
                "give me a dose of {artist}[, {shuffle}][, nothing before {from_year}]",
                "soundtrack for today: {artist}[ {device}][ {shuffle}]",
            ),
        ),
        Tool(
            "play_mood_music",
            "Play music chosen for a mood, and a genre if one is named.",
            params=(
                req("mood", MOOD, "Mood of the music"),
                opt("genre", GENRE, "Genre it is taken from"),
                opt("duration_min", DURATION_MIN, "How long to play, in minutes"),
                opt(
                    "instrumental",
                    flag(yes=["no vocals", "without singing"], no=["vocals are fine"]),
                    "Whether to leave out songs with singing",
                ),
            ),
            phrasings=(
                "play (something|some music that's) {mood}[, preferably {genre}][, {instrumental}]",
                "i need {mood} music[ for {duration_min}][, {instrumental}]",
                "{mood} {genre}[ for {duration_min}] please",
                "put on a {mood} mix[ of {genre}][, {instrumental}]",
                "Could you find {mood} tunes[ for the next {duration_min}][, {instrumental}]?",
                "feeling {mood} today, match that[ with {genre}]",
                "background music, {mood}[, {genre}][, {duration_min}][, {instrumental}]",
                "i have {duration_min} before they arrive, something {mood}"
                "[, {genre} would be nice]",
                "music for getting {mood}[, {genre}][, {instrumental}]",
            ),
            held_out=(
                "the vibe here should be {mood}, sort it out[ with {genre}][, {instrumental}]",
                "my evening calls for {mood} sounds[, say {genre}][, {duration_min} long]",
                "got anything {mood}[ in {genre}]? just let it run[ for {duration_min}]",
            ),
        ),
        Tool(
            "play_playlist",
            "Play one of the saved playlists.",
            params=(
                req("playlist", PLAYLIST, "Name of the playlist, in the user's words"),
                opt("shuffle", SHUFFLE, "Whether songs come in random order"),
                opt("device", DEVICE, "Where to play it"),
            ),
            phrasings=(
                "play my playlist {playlist}[ {shuffle}][ {device}]",
                "(start|put on) the {playlist} playlist[ {device}][, {shuffle}]",
                "playlist {playlist}[ {shuffle}][, {device}]",
                'Can you play the list called "{playlist}"[ {device}]?',
                "we're starting the evening, playlist {playlist}[ {device}]",
                "i made a playlist named {playlist}, let it run[ {shuffle}][ {device}]",
                "go with {playlist} from my playlists[, {shuffle}]",
                "{playlist} playlist[ {device}], thanks",
            ),
            held_out=(
                "time for {playlist}! you'll find it in my playlists[. {shuffle} please]",
                "load up the playlist titled {playlist}[ {device}]",
                "of all my saved lists, {playlist} fits now, get it going[ {shuffle}][ {device}]",
            ),
        ),
        Tool(
            "create_playlist",
            "Make a new playlist.",
            params=(
                req("name", PLAYLIST, "Name of the playlist, in the user's words"),
                opt("songs", listing(SONG, 1, 3), "Titles of songs to put in first"),
                opt(
                    "public",
                    flag(yes=["visible to everyone", "public"], no=["private", "only for me"]),
                    "Whether others can see it",
                ),
                opt(
                    "collaborators",
                    listing(FIRST_NAME, 1, 2),
                    "First names of those who may add songs",
                ),
            ),
            phrasings=(
                "(create|make|start) a[ new] playlist (called|named) {name}[, {public}]",
                "new playlist {name}[ with {songs}][, {public}]",
                "make a playlist {name} and let {collaborators} add songs too[, {public}]",
                'Please set up a playlist with the name "{name}"[, {public}]'
                "[, starting with {songs}].",
                "i'd like an empty playlist, {name}[, {public}]",
                "put {songs} into a new playlist called {name}[, {public}]",
                "playlist time. title {name}[, first songs {songs}][, shared with {collaborators}]",
                "can you build me a playlist? {name}[, {public}][. {songs} should be in it]",
            ),
            held_out=(
                "i don't have a {name} list yet, begin one[ with {songs}][, {public}]",
                "{collaborators} and i want to collect songs together, open {name} as a shared"
                " list",
                "gather {songs} under the title {name} as a fresh playlist[, {public}]",
            ),
        ),
        Tool(
            "add_to_playlist",
            "Add songs to a playlist that exists already.",
            params=(
                req("songs", listing(SONG, 1, 3), "Titles of the songs"),
                req("playlist", PLAYLIST, "Name of the playlist, in the user's words"),
                opt(
                    "position",
                    choice(
                        "top",
                        "bottom",
                        spoken={
                            "top": ["at the top", "right at the start"],
                            "bottom": ["at the end", "at the bottom"],
                        },
                    ),
                    "Where in the list they go",
                ),
            ),
            phrasings=(
                "add {songs} to[ my playlist] {playlist}[ {position}]",
                "(put|stick) {songs} (in|into|on) the {playlist} playlist[, {position}]",
                "{songs} should be in {playlist}[ {position}]",
                "Could you save {songs} to the playlist {playlist}[, {position}]?",
                "playlist {playlist}: + {songs}",
                "{playlist} is missing {songs}[, add {position}]",
                "love this! {songs} -> {playlist}",
                "please include {songs} in my {playlist} list[ {position}]",
            ),
            held_out=(
                "my {playlist} playlist would be better with {songs} in it[, {position}]",
                "next time i run {playlist}, i want {songs} on there[ {position}]",
                "file {songs} under {playlist}[, {position}]",
            ),
        ),
        Tool(
            "queue_song",
            "Put a song in line to be played after the current one.",
            params=(
                req(
                    "song",
                    record(title=SONG, artist=optional(ARTIST)),
                    "The song: title, and artist if given, in the user's words",
                ),
                opt(
                    "play_next",
                    flag(
                        yes=["straight after this one", "as the very next song"],
                        no=["at the end of the queue", "after everything else"],
                    ),
                    "True to play it next, false to put it at the end of the queue",
                ),
            ),
            phrasings=(
                "(queue|queue up|line up) {song.title}[ by {song.artist}][ {play_next}]",
                "add {song.title}[ by {song.artist}] to the queue[, {play_next}]",
                "play {song.title}[ by {song.artist}] after this{play_next=true}",
                "next up{play_next=true}: {song.title}[, {song.artist}]",
                "when this song is over, {song.title}[ by {song.artist}] please{play_next=true}",
                "Could {song.title}[ of {song.artist}] go in the queue[, {play_next}]?",
                "put {song.title} in the queue[ {play_next}]",
                "let this one finish and then{play_next=true} play {song.title}[ - {song.artist}]",
                "queue {song.title}[ / {song.artist}]",
            ),
            held_out=(
                "don't interrupt what's on, but slot in {song.title}[ by {song.artist}]"
                "[ {play_next}]",
                "can {song.title}[ by {song.artist}] follow this track{play_next=true}?",
                "no rush, tack {song.title} onto the queue's end{play_next=false}",
            ),
        ),
        Tool(
            "set_music_volume",
            "Set how loud music is played.",
            params=(
                req("level", integer(0, 100), "Volume from 0 to 100"),
                opt("device", DEVICE, "Where to set it; left out for the device that is playing"),
                opt("fade_s", integer(2, 30), "Seconds over which the volume changes"),
            ),
            phrasings=(
                "(set the|turn the|music) volume to {level}[ {device}]",
                "volume {level}[ {device}]",
                "make the music {level} out of 100 loud[ {device}]",
                "can't hear a thing[ {device}], music up to {level}",
                "too loud! music down to {level}[ {device}]",
                "Please bring the music to {level} percent[ {device}][ over {fade_s} seconds].",
                "fade the music to {level} in {fade_s} seconds[ {device}]",
                "mute the music{level=0}[ {device}]",
                "full blast{level=100}[ {device}]!! turn the music all the way up",
                "(baby's asleep|neighbours are complaining), put the music at {level}[ {device}]",
            ),
            held_out=(
                "my ears hurt[ {device}], {level} is plenty for the music",
                "crank the tunes to {level}[ {device}][, gently, over {fade_s} seconds]",
                "no sound at all from the music please{level=0}[, {device}]",
            ),
        ),
        Tool(
            "play_podcast",
            "Play an episode of a podcast.",
            params=(
                req("show", SHOW, "Name of the podcast, in the user's words"),
                opt("episode", EPISODE, "Title of the episode; left out for the newest"),
                opt(
                    "speed",
                    choice(0.5, 0.8, 1.1, 1.2, 1.25, 1.5, 1.75, 2.5),
                    "Playback speed, 1.0 is normal",
                ),
                opt("start_min", integer(1, 55), "Minute to start from"),
            ),
            phrasings=(
                "play the podcast {show}[, episode {episode}][ at {speed}x]",
                "(put on|start) {show}[, the one called {episode}][, speed {speed}]",
                "i want to listen to the {show} podcast[ from minute {start_min}]",
                "latest episode of {show}[ at {speed} times speed]",
                "podcast {show}[, {episode}][, {speed}x][, from minute {start_min}]",
                'Could you play "{episode}" from {show}[, starting at minute {start_min}]?',
                "{show} has a new episode, play it[ at {speed}x]",
                "let me hear {episode}, the {show} podcast[, skip to minute {start_min}]",
                "something to learn while i cook: podcast {show}[, {speed} speed]",
            ),
            held_out=(
                "catch me up on the {show} podcast[, speed set to {speed}]",
                "was halfway through {episode} of {show}, pick it up at minute {start_min}",
                "long commute ahead, get the podcast {show} rolling[ with {episode}]",
            ),
        ),
        Tool(
            "find_concerts",
            "Look for concerts of an artist or a genre near a city.",
            params=(
                req("city", CITY, "City"),
                opt("artist", ARTIST, "Artist or band, in the user's words"),
                opt("genre", GENRE, "Genre of music"),
                opt("when", EVENING, "When it should be, in the user's words"),
                opt("month", MONTH, "Month it should be in"),
                opt("max_price", MONEY, "Highest ticket price"),
            ),
            phrasings=(
                "(find|any) concerts in {city}[ {when}][, tickets under {max_price}]",
                "is {artist} playing in {city}[ in {month}]?",
                "{genre} (gigs|concerts|shows) in {city}[ {when}][ for less than {max_price}]",
                "where can i see {genre} live in {city}[ {when}]",
                "concerts {city}[ {month}][ {artist}]",
                "Could you look for live {genre} around {city}[ in {month}], no more than"
                " {max_price}?",
                "does {artist} have a show near {city}[ {when}]?[ I'd pay {max_price} at most.]",
                "i'm in {city} {when}, who's playing[? i like {genre}]",
                "live music in {city}[ {when}][, up to {max_price}]",
            ),
            held_out=(
                "dying to see {artist} on stage, anything in {city}[ in {month}]?",
                "date night in {city}[ {when}], we both love {genre}. what's on stage?",
                "which tours stop at {city}[ in {month}][, budget {max_price} a ticket]?",
            ),
        ),
        Tool(
            "set_sleep_music_timer",
            "Stop the music by itself after some time.",
            params=(
                req("minutes", DURATION_MIN, "Minutes until the music stops"),
                opt(
                    "fade_out",
                    flag(yes=["fading out slowly", "with a slow fade"], no=["with no fade"]),
                    "Whether it gets quieter before it stops",
                ),
            ),
            phrasings=(
                "stop (playing|the music) (in|after) {minutes}[, {fade_out}]",
                "music off in {minutes}[ {fade_out}]",
                "i'm falling asleep, end the music after {minutes}[, {fade_out}]",
                "sleep timer for the music, {minutes}[, {fade_out}]",
                "Please let the music run for {minutes} more and then stop it[ {fade_out}].",
                "only {minutes} more of this, then turn the music off[, {fade_out}]",
                "can the music end by itself in {minutes}?",
                "keep the songs going for {minutes}, then quiet[, {fade_out}]",
            ),
            held_out=(
                "when i've had {minutes} of music i'll be dozing, so cut it then[, {fade_out}]",
                "{minutes} until silence, songs till then[, {fade_out}]",
                "don't play all night, {minutes} is enough[, {fade_out}]",
            ),
        ),
    ),
)

"""Video: editing clips, subtitles, encoding, publishing, streaming, films and series to watch."""

from minilora.data.kinds import (
    DATETIME,
    LANGUAGE,
    PERSON,
    YEAR,
    Draw,
    choice,
    copied,
    flag,
    integer,
    listing,
    number,
    span,
)
from minilora.data.material import Domain, Tool, opt, req


def _clip(draw: Draw) -> str:
    """Return the file name of a video, as cameras and people make them."""
    number = draw.rng.randint(1, 999)
    stem = draw.rng.choice(
        [
            "holiday", "interview", "drone shot", f"GX01{number:04d}", "wedding_raw", "lecture",
            "IMG",
            "birthday", "screen recording", "B-roll", "puppy", "webinar", "match", "timelapse",
            "trailer",
        ]
    )  # fmt: skip
    joined = draw.rng.choice([f"{stem}_{number}", f"{stem}{number}", f"{stem}-v{number % 9 + 1}"])
    return joined + draw.rng.choice([".mp4", ".mov", ".mkv", ".MP4", ".avi", ".webm"])


CLIP = copied(lambda draw: draw.mine(lambda: _clip(draw)), "code")
START = copied(lambda draw: f"{draw.rng.randint(0, 9)}:{draw.rng.randint(0, 59):02d}", "code")
END = copied(lambda draw: f"{draw.rng.randint(10, 48)}:{draw.rng.randint(0, 59):02d}", "code")
VIDEO_TITLE = span(
    "My week in Lisbon", "How to fix a dripping tap", "Unboxing the K7", "Grandma's pierogi",
    "Live at the Old Mill", "Speedrun attempt 41", "Chess openings for beginners", "Q&A",
    "Why bees dance", "Van build part 3", "Año nuevo en Quito", "Marathon recap", "Studio tour",
    "The truth about sourdough", "Ask me anything, October edition", "Kitchen renovation day 12",
    "Guitar lesson: barre chords", "Night sky over the Alps",
)  # fmt: skip
FILM = span(
    "The Glass Orchard", "Midnight Ferry", "Nobody's Summer", "Ärger im Paradies",
    "Three Left Shoes", "La última estación", "Orbit", "The Clockmaker's Daughter", "Salt and Iron",
    "Cold Harbour 2", "When the Geese Return", "Zero Kelvin", "A Very Small Revolution",
    "Papillon Noir", "The Heist at Number 9", "Letters to Osaka",
)  # fmt: skip
SERIES = span(
    "Harbour Lights", "The Untidy Detective", "Northern Line", "Casa Morales", "Deep Field",
    "Ward Seven", "Bake or Break", "Les Voisins", "O'Dell & Daughters", "Starship Hazel",
    "Room 404", "Quiet Streets", "The Last Lighthouse Keeper", "Planet Moss", "Kings of Rotterdam",
    "Pixel Kids",
)  # fmt: skip
TAG = span(
    "travel", "diy", "cooking", "gaming", "vlog", "tutorial", "music theory", "cats", "4k",
    "running", "astronomy", "comedy", "interview", "woodwork", "español", "slow living",
)  # fmt: skip
PLATFORM = choice(
    "youtube", "twitch", "vimeo", "facebook", spoken={"youtube": ["YouTube", "youtube"],
    "twitch": ["Twitch", "twitch"], "vimeo": ["Vimeo"], "facebook": ["Facebook"]},
)  # fmt: skip
VISIBILITY = choice("public", "unlisted", "private")
FADE = flag(yes=["with a fade", "fade in and out"], no=["hard cut, no fade", "without fading"])
POSITION = choice("top", "bottom", spoken={"top": ["at the top"], "bottom": ["at the bottom"]})
BURN_IN = flag(
    yes=["burned into the picture", "hard-coded"],
    no=["as a separate track", "so that people can switch them off"],
)  # fmt: skip
CODEC = choice(
    "h264", "h265", "av1", "vp9", "prores", spoken={"h264": ["H.264", "h264"],
    "h265": ["HEVC", "H.265", "h265"], "av1": ["AV1"], "vp9": ["VP9"], "prores": ["ProRes"]},
)  # fmt: skip
RESOLUTION = choice(
    "720p", "1080p", "1440p", "2160p", spoken={"720p": ["720p"], "1080p": ["1080p", "full HD"],
    "1440p": ["1440p"], "2160p": ["4K", "2160p"]},
)  # fmt: skip
AUDIO_FORMAT = choice(
    "mp3", "wav", "flac", "aac", spoken={"mp3": ["mp3", "MP3"], "wav": ["wav", "WAV"],
    "flac": ["FLAC"], "aac": ["AAC"]},
)  # fmt: skip
NORMALIZE = flag(
    yes=["with the loudness evened out", "normalise the volume"],
    no=["don't touch the volume", "leave the loudness as it is"],
)  # fmt: skip
GENRE = choice(
    "comedy", "drama", "horror", "thriller", "documentary", "animation", "science_fiction",
    "romance", "western", spoken={"science_fiction": ["science fiction", "sci-fi"]},
)  # fmt: skip
PRIORITY = choice("low", "medium", "high")
SCREEN = choice(
    "living_room_tv", "bedroom_tv", "tablet", "projector",
    spoken={"living_room_tv": ["the living room TV", "the TV in the living room"],
    "bedroom_tv": ["the bedroom TV"], "tablet": ["the tablet", "my tablet"],
    "projector": ["the projector"]},
)  # fmt: skip
RECORD = flag(
    yes=["record it as well", "keep a recording"], no=["don't record it", "without a recording"],
)  # fmt: skip

DOMAIN = Domain(
    name="media_video",
    title="Video editing, publishing and watching",
    tools=(
        Tool(
            "trim_clip",
            "Keep only a part of a video.",
            params=(
                req("clip", CLIP, "File name, as written"),
                req("start", START, "Where to begin, M:SS"),
                req("end", END, "Where to stop, MM:SS"),
                opt("fade", FADE, "Whether to fade in and out"),
            ),
            phrasings=(
                "trim {clip} from {start} to {end}[, {fade}]",
                "cut {clip} down to {start}-{end}[, {fade}]",
                "only keep {start} through {end} of {clip}[, {fade}]",
                "the good bit of {clip} runs from {start} until {end}, drop the rest[, {fade}]",
                "Please shorten {clip} so that it begins at {start} and ends at {end}[, {fade}].",
                "{clip}: in {start}, out {end}[, {fade}]",
                "can you lose everything before {start} and after {end} in {clip}?",
                "nobody will sit through all of {clip}. start it at {start}, stop at {end}[, "
                "{fade}]",
                "{clip}, from {start} to {end}, rest goes in the bin[, {fade}]",
                "only the bit between {start} and {end} of {clip} is any good, lose"
                " everything else[, {fade}]",
                "shorten {clip} so it opens at {start} and stops at {end}[ {fade}]",
                "{start} - {end} // {clip}[ // {fade}] - chop it",
                "cut away what comes before {start} and after {end} in {clip}[, {fade}]",
                "i filmed my shoes for ages. {clip} should begin at {start} and be over by"
                " {end}[, {fade}]",
                "Would you reduce {clip} to the passage {start} to {end}[ {fade}]?",
                "{start} to {end}, nothing else of {clip} is worth watching, chop it[, {fade}]",
                "{clip} / keep {start} / till {end}[ / {fade}]",
                "my uncle filmed his own shoes for ages. what matters in {clip} happens"
                " between {start} and {end}, so throw the remainder away[, {fade}]",
                "Might one reduce {clip} to the passage commencing at {start} and concluding"
                " at {end}[, {fade}]?",
                "not the full {clip}, the segment up to {end}, beginning at {start}[, {fade}]",
                "stop at {end}, start at {start}, {clip}, snip snip[, {fade}]",
                "for the love of god get rid of the boring intro and the credits of {clip}!"
                " the footage from {start} to {end} is enough[, {fade}]",
                "mark in {start} / mark out {end} / {clip}[, {fade}]",
                "what would {clip} look like if it ran from {start} to {end} only? crop its"
                " timeline like that[, {fade}]",
                "chuck out whatever comes ahead of {start} or past {end} in {clip}[, {fade}]",
                "i only have attention for the stretch {start} to {end}, pare {clip} down to"
                " it[, {fade}]",
                "ffmpeg -ss {start} -to {end} -i {clip}[ # {fade}]",
                "the goal is scored in {clip}, the action lasting from {start} to {end}."
                " isolate that piece of the footage[, {fade}]",
                "{clip} drags on and on, so clip off both ends: in point {start}, out point"
                " {end}, and go gently from and to black{fade=true}",
            ),
            held_out=(
                "I want {start} up to {end} out of {clip} and nothing else[, {fade}]",
                "snip {clip}, first frame {start}, last frame {end}[, {fade}]",
                "make {clip} shorter. It should open on {start} and close by {end}[, {fade}]",
            ),
        ),
        Tool(
            "add_subtitles",
            "Make subtitles for a video by speech recognition.",
            params=(
                req("clip", CLIP, "File name, as written"),
                req("language", LANGUAGE, "Language of the subtitles, as written"),
                opt("position", POSITION, "Where on the picture"),
                opt("burn_in", BURN_IN, "Whether they are part of the picture"),
            ),
            phrasings=(
                "add {language} subtitles to {clip}[ {position}][, {burn_in}]",
                "caption {clip} in {language}[, {burn_in}]",
                "my deaf cousin wants to watch {clip}, can it have {language} subtitles[ "
                "{position}]?",
                "subtitle {clip}, {language}[, {position}][, {burn_in}]",
                "Could you transcribe what they say in {clip} and show it as {language} "
                "captions[, {burn_in}]?",
                "{clip} needs subs, {language} ones[, {burn_in}]",
                "people watch on mute, so put {language} text {position} of {clip}",
                "generate captions \\({language}\\) for {clip}[; {burn_in}]",
                "{clip} needs words on the screen in {language}[, {position}][, {burn_in}]",
                "my grandma is hard of hearing. {language} captions for {clip}[ {position}][,"
                " {burn_in}]",
                "caption {clip}, {language}[, {burn_in}]",
                "{language} text lines under what people say in {clip} please[, {position}][,"
                " {burn_in}]",
                "transcribe {clip} as {language} subs[ {burn_in}]",
                "{clip} -> subs {language}[ {position}]",
                "half my viewers watch without sound, so write out the talking in {clip},"
                " {language}[, {burn_in}]",
                "{language} captions, {clip}[, {position}][, {burn_in}]",
                "nobody in the waiting room can hear the speakers. have the words of {clip}"
                " appear on screen in {language}[ {position}]",
                "{clip} + subs[ {position}]: {language}[, {burn_in}]",
                "Would it be possible to furnish {clip} with {language} subtitling["
                " {position}][, {burn_in}]?",
                "[{position}, please, ]the dialogue of {clip} written out in {language}[,"
                " {burn_in}]",
                "don't touch the sound, put words on {clip}, {language} ones[, {burn_in}]",
                "my in-laws speak nothing but {language}, and they'd love to follow {clip}."
                " make them something to read along[, {burn_in}]",
                "subs or bust! {clip} gotta have {language} text[, {position}]",
                "can whatever gets said in {clip} be turned into {language} lines on the"
                " picture[ {position}]",
                "speech to text in {language} for {clip}, displayed over the film["
                " {position}][, {burn_in}]",
                "{language}, that's what the captions of {clip} should be in[; {burn_in}]",
                "the festival turned {clip} away as it had no captions. make {language} ones["
                " {position}][, {burn_in}]",
                "listen to {clip} and type up {language} subtitles for it[, {position}][,"
                " {burn_in}]",
                "hard-coded{burn_in=true} {language} subs on {clip}[, {position}]",
            ),
            held_out=(
                "I'd like to read along in {language} while {clip} plays[, {burn_in}]",
                "let viewers of {clip} follow in {language}, in writing[, the words {position}]",
                "write out the speech of {clip} on screen[ {position}]. language: {language}[. "
                "{burn_in}]",
            ),
        ),
        Tool(
            "transcode_video",
            "Encode a video again with another codec or size.",
            params=(
                req("clip", CLIP, "File name, as written"),
                req("codec", CODEC, "Video codec"),
                opt("resolution", RESOLUTION, "Picture height"),
                opt("bitrate_mbps", number(1, 60, 1), "Bit rate in megabits per second"),
            ),
            phrasings=(
                "transcode {clip} to {codec}[ at {resolution}][, {bitrate_mbps} Mbps]",
                "re-encode {clip} as {codec}[, {resolution}][, {bitrate_mbps} megabits per second]",
                "convert {clip} to {codec}[ in {resolution}]",
                "my editor chokes on {clip}, give me {codec} instead[ with {resolution}]",
                "Please compress {clip} using {codec}[ and a bitrate of {bitrate_mbps} "
                "Mbit/s][, size {resolution}].",
                "{clip} > {codec}[ > {resolution}][ > {bitrate_mbps} Mbps]",
                "I need {clip} in {codec} for the TV[, {resolution} is enough]",
                "can {clip} be made {resolution} {codec}?[ keep it near {bitrate_mbps} Mbps]",
                "{clip} won't play on the old telly. redo it as {codec}[ at {resolution}]",
                "{clip} => {codec}[, {resolution}][, {bitrate_mbps} Mbps]",
                "turn {clip} into {codec}[ {resolution}][ with {bitrate_mbps} megabits a second]",
                "i need {clip} smaller, use {codec}[ and {resolution}][, {bitrate_mbps} Mbit/s]",
                "re-encode {clip}, codec {codec}[, height {resolution}]",
                "Please render {clip} anew using {codec}[ at a rate of {bitrate_mbps} Mbps]["
                " in {resolution}].",
                "the editor only eats {codec}, so feed {clip} through the encoder[, {resolution}]",
                "{codec}[, {resolution}], out of {clip}[, {bitrate_mbps} Mbps]",
                "grandpa's telly can't play {clip} at all. it'd work as {codec}[, at"
                " {bitrate_mbps} Mbit/s]",
                "{clip}: {codec}[ / {resolution}][ / {bitrate_mbps} Mbit/s] pls",
                "I should be much obliged for a rendition of {clip} encoded in {codec}[,"
                " picture size {resolution}].",
                "not just the sound, the full video {clip}, but with {codec} as its codec[,"
                " {bitrate_mbps} megabits each second]",
                "[{resolution} and ]{codec}, that's the spec our archive insists on, so run"
                " {clip} through the encoder[, {bitrate_mbps} Mbps]",
                "is {codec} doable for {clip}[, say at {resolution}][ and {bitrate_mbps} Mbps]?",
                "ffmpeg {clip} to {codec}[ {resolution}][ {bitrate_mbps} Mbps]",
                "the upload form moaned about the encoding of {clip} three times today. it"
                " accepts {codec} and nothing else[, {resolution}]",
                "squash {clip} with {codec}[ at {bitrate_mbps} megabits a second]! my disk is"
                " bursting",
                "[at {bitrate_mbps} Mbps, ]{clip} should come out as {codec}[, scaled to"
                " {resolution}]",
                "swap the codec of {clip}, the new one being {codec}[, size {resolution}]",
                "full HD{resolution=1080p} version of {clip}, {codec} encoded[,"
                " {bitrate_mbps} Mbps]",
                "the new telly is 4K{resolution=2160p}, so re-render {clip} to suit it, codec"
                " {codec}[, bitrate {bitrate_mbps} Mbps]",
            ),
            held_out=(
                "the client's player only takes {codec}, so encode {clip} that way[ at "
                "{resolution}]",
                "squeeze {clip} through {codec}[ with {bitrate_mbps} megabit per second]",
                "output format for {clip} should be {codec}[, picture {resolution}][, rate "
                "{bitrate_mbps} Mbps]",
            ),
        ),
        Tool(
            "upload_video",
            "Publish a video on a platform.",
            params=(
                req("clip", CLIP, "File name, as written"),
                req("platform", PLATFORM, "Where to publish"),
                opt("title", VIDEO_TITLE, "Title shown, as written"),
                opt("visibility", VISIBILITY, "Who can see it"),
                opt("tags", listing(TAG, 1, 3), "Tags, as written"),
                opt("publish_at", DATETIME, "When it goes out, YYYY-MM-DDTHH:MM"),
            ),
            phrasings=(
                'upload {clip} to {platform}[ as "{title}"][, {visibility}][, tags {tags}]',
                "publish {clip} on {platform}[ under the title {title}][, going live {publish_at}]",
                "put {clip} on my {platform}[, {visibility}][, call it '{title}']",
                "{clip} is finished! get it up on {platform}[ with the tags {tags}][, keep it "
                "{visibility}]",
                'Could you post {clip} to {platform}[, titled "{title}"][, scheduled for '
                "{publish_at}]?",
                "{platform} upload: {clip}[ / {title}][ / {visibility}][ / tags: {tags}]",
                "I want {clip} to appear on {platform}[ at {publish_at}][, set to {visibility}]",
                "please send {clip} over to {platform}[, tagged {tags}][, {visibility} for now]",
            ),
            held_out=(
                "the subscribers on {platform} should get {clip}[, named {title}][, {publish_at}]",
                "time to share {clip} with the {platform} crowd[, but {visibility}][; label it "
                "{tags}]",
                "{clip} goes to {platform}[ as a {visibility} video][, headline '{title}']",
            ),
        ),
        Tool(
            "extract_audio_track",
            "Save the sound of a video as an audio file.",
            params=(
                req("clip", CLIP, "File name, as written"),
                req("audio_format", AUDIO_FORMAT, "Format of the audio file"),
                opt("normalize", NORMALIZE, "Whether to even out the loudness"),
            ),
            phrasings=(
                "extract the audio from {clip} as {audio_format}[, {normalize}]",
                "{clip} to {audio_format}, sound only[, {normalize}]",
                "I just need the sound of {clip}. {audio_format} please[, {normalize}]",
                "rip the soundtrack of {clip} into a {audio_format} file[, {normalize}]",
                "Please save what is spoken in {clip} as {audio_format}[; {normalize}].",
                "can I listen to {clip} in the car? make it {audio_format}, no picture[, "
                "{normalize}]",
                "strip the picture off {clip} and keep the {audio_format}[, {normalize}]",
                "get me a {audio_format} with the audio track of {clip}",
                "just the sound of {clip}, as {audio_format}[, {normalize}]",
                "rip {clip} to {audio_format}[ {normalize}]",
                "i don't need the picture, {clip} as {audio_format} for the car[, {normalize}]",
                "{audio_format} out of {clip}[, {normalize}]",
                "pull what you hear in {clip} into a {audio_format}[ {normalize}]",
                "want to listen to {clip} on my run, make a {audio_format} of it[, {normalize}]",
                "May I have the soundtrack of {clip} stored as {audio_format}[, {normalize}]?",
                "{audio_format} of {clip}, no picture[, {normalize}]",
                "grandma's voice is in {clip} and i'd like to hear her on my walks. can i"
                " have it as {audio_format}[, {normalize}]?",
                "{clip} ~ audio ~ {audio_format}[ ~ {normalize}]",
                "Please be so good as to isolate the audio of {clip} and deliver it as"
                " {audio_format}[, {normalize}].",
                "forget the images, i'm after what you can hear in {clip}. {audio_format}[,"
                " {normalize}]",
                "not another video, an audio file with the noise of {clip}, type"
                " {audio_format}[, {normalize}]",
                "[{normalize}: ]turn {clip} into something i can only listen to, {audio_format}",
                "our podcast host takes {audio_format} files only and the interview is stuck"
                " inside {clip}. pull it out[, {normalize}]",
                "what a concert! i want the music from {clip} on my phone, in"
                " {audio_format}[, {normalize}]",
                "demux the sound of {clip}, {audio_format}[, {normalize}]",
                "could {clip} lose its visuals so that a plain {audio_format} is left[,"
                " {normalize}]?",
                "ears only: {clip} -> {audio_format}[, {normalize}]",
                "grab the voices off {clip}, file type {audio_format}[, {normalize}]",
                "they whisper and then they shout in {clip}. give me the audio as"
                " {audio_format} with all of it equally loud{normalize=true}",
            ),
            held_out=(
                "turn {clip} into a podcast file, format {audio_format}[, {normalize}]",
                "throw away the images in {clip}, the {audio_format} audio is all I'm after[, "
                "{normalize}]",
                "what does {clip} sound like as a bare {audio_format}? make me one[, {normalize}]",
            ),
        ),
        Tool(
            "find_movies",
            "Search films by kind, year, people or length.",
            params=(
                req("genre", GENRE, "Kind of film"),
                opt("actor", PERSON, "Somebody who plays in it"),
                opt("released_after", YEAR, "Only films released after this year"),
                opt("max_minutes", integer(70, 200), "Longest running time in minutes"),
                opt("language", LANGUAGE, "Original language, as written"),
            ),
            phrasings=(
                "find a {genre} film[ with {actor}][ made after {released_after}][, at most "
                "{max_minutes} minutes]",
                "what {genre} movies are there[ in {language}][ starring {actor}]?",
                "I'm in the mood for {genre}[, newer than {released_after}][, nothing over "
                "{max_minutes} min]",
                "movie night! suggest some {genre}[, {actor} in it][, {language} language]",
                "Could you look for {genre} films[ released later than {released_after}][ that "
                "last {max_minutes} minutes or less]?",
                "search movies genre={genre}[ actor={actor}][ after={released_after}]",
                "the kids are asleep, which {genre} movie can we watch[, {max_minutes} minutes "
                "at the very most]?",
                "show me[ {language}] {genre} titles[ featuring {actor}]",
                "something {genre} to watch tonight[ with {actor}][, newer than"
                " {released_after}][, {max_minutes} minutes tops]",
                "any good {genre}[ from after {released_after}][ starring {actor}][ in"
                " {language}]?",
                "popcorn is ready, {genre} it shall be[, {actor} in it][, no longer than"
                " {max_minutes} min]",
                "[{language} ]{genre} flick[ feat. {actor}][, post {released_after}]",
                "i've seen everything. dig up a {genre}[ {actor} appears in][ that's under"
                " {max_minutes} minutes]",
                "Which {genre} pictures[ released after {released_after}][ with {actor}]"
                " could you suggest?",
                "the kids want {genre}, i want to sleep by nine: {max_minutes} minutes at"
                " most, what is there",
                "{genre}, any film[, {language}-language][, post {released_after}]",
                "popcorn's ready and we can't agree on anything except {genre}. which films"
                " are there[ with {actor}][, {max_minutes} minutes at the longest]?",
                "[{actor} fan here. ]film recommendations in the {genre} department[, only"
                " later than {released_after}]",
                "Could you kindly compile a selection of {genre} pictures[ of no more than"
                " {max_minutes} minutes][, originally shot in {language}]?",
                "no series, a proper film: {genre}[, {language} original][, {max_minutes} min max]",
                "wanna see some {genre}, hit me with titles[, {actor} on the cast list]",
                "films? {genre}[, {actor}][, after {released_after}][, {max_minutes} minutes tops]",
                "i've had a rotten week and need to laugh till it hurts{genre=comedy}. what's"
                " a good film[ with {actor}][ that came out after {released_after}]?",
                "cowboys, saloons, shootouts at noon{genre=western}! name some films[ after"
                " {released_after}][, {max_minutes} minutes or under]",
                "scare the living daylights out of us{genre=horror}, which film does that[,"
                " in {language}][, {max_minutes} minutes at the outside]",
                "spaceships and robots{genre=science_fiction} on film, what's out there[ from"
                " after {released_after}][ in which {actor} acts]",
                "we've got a train to catch, so two hours{max_minutes=120} is the absolute"
                " ceiling. {genre} films, please[, {language} spoken]",
                "she loves true stories about the real world{genre=documentary}, so look up"
                " some films like that[, in {language}][, made later than {released_after}]",
                "which {genre} flicks has the world got to offer[ where {actor} shows up][,"
                " running {max_minutes} minutes at most]",
            ),
            held_out=(
                "recommend something, {genre} if possible[, not older than {released_after}][, "
                "{actor} would be a plus]",
                "got any {genre}[ in {language}] for tonight[, max {max_minutes} minutes]?",
                "list {genre} pictures[ where {actor} plays][ from the years after "
                "{released_after}]",
            ),
        ),
        Tool(
            "add_to_watchlist",
            "Save a film or series to watch later.",
            params=(
                req("title", FILM, "Title, as written"),
                opt("priority", PRIORITY, "How much the user wants to see it"),
                opt("watch_with", listing(PERSON, 1, 2), "People to watch it with"),
            ),
            phrasings=(
                "add {title} to my watchlist[ with {priority} priority][, to see with "
                "{watch_with}]",
                "save {title} for later[, priority {priority}]",
                "everybody talks about {title}, put it on the list[, I'll watch it with "
                "{watch_with}]",
                "remember {title} for me, I want to see it some day[, {priority} priority]",
                "Please bookmark '{title}' in my films to watch[, {priority} priority].",
                "watchlist + {title}[ + {priority} priority]",
                "could {title} go onto my to-watch list?[ it's for an evening with {watch_with}]",
                'no time for "{title}" now, keep it on the watch later list[, {priority} priority]',
                "{title} sounds great, don't let me forget to see it[ with {watch_with}][,"
                " {priority} priority]",
                "put {title} on the pile of things to watch[, {priority} priority][, together"
                " with {watch_with}]",
                "someone at work raved about {title}. one for later[, {priority} priority]",
                "{title} >> to-watch[ \\({watch_with}\\)]",
                "not now, but some evening i'd like to watch {title}[ along with {watch_with}]",
                "i must catch {title} one day[, {priority} importance], keep it for me",
                "Kindly remember {title} among the films I intend to see[ with {watch_with}].",
                '"{title}", not tonight, so watchlist please[. priority {priority}][.'
                " company: {watch_with}]",
                'my barber would not shut up about "{title}". stick it on the list of things'
                " i mean to see[, {priority} priority]",
                '+ "{title}" > watchlist[ > {priority}][ > with {watch_with}]',
                'Kindly retain "{title}" among the films I intend to view[, the priority'
                " being {priority}].",
                'don\'t play it now, only note "{title}" down for viewing later[ with'
                " {watch_with}]",
                '[{watch_with} and me are having a film night soon, so ]queue up "{title}" on'
                " my watchlist[, {priority} priority]",
                'oooh "{title}" looks good! pop it in my to-see pile[, {priority} priority]',
                'in case i forget the name by tomorrow: "{title}", to be watched[ alongside'
                " {watch_with}]",
                'is "{title}" on the watchlist? it belongs there[, ranked {priority}][,'
                " together with {watch_with}]",
                "i'm dying to see it{priority=high}, park \"{title}\" on the watchlist[, i'll"
                " be joined by {watch_with}]",
                '"{title}" might do for a rainy afternoon, i\'m in no hurry at'
                " all{priority=low}, so it can go in the watch-later pile[ with {watch_with}]",
                '[{priority} priority: ]"{title}" onto my list of unseen films[, meant for me'
                " and {watch_with}]",
                'the trailer for "{title}" ran before the main feature and i got hooked.'
                " store the title for a later night[, {watch_with} will come along]",
                'one more for the backlog of films: "{title}"[, {priority} urgency]',
            ),
            held_out=(
                "I mustn't miss {title}, note it among the things I mean to watch[, priority: "
                "{priority}]",
                "{watch_with} and I said we'd see {title} together, list it",
                "someone recommended {title}, stash it[ as {priority} priority]",
            ),
        ),
        Tool(
            "play_episode",
            "Play an episode of a series on a screen.",
            params=(
                req("series", SERIES, "Title of the series, as written"),
                req("season", integer(1, 12), "Season number"),
                req("episode", integer(1, 24), "Episode number"),
                opt("subtitles", LANGUAGE, "Language of the subtitles, as written"),
                opt("screen", SCREEN, "Where to play it"),
            ),
            phrasings=(
                "play {series} season {season} episode {episode}[ on {screen}][ with "
                "{subtitles} subtitles]",
                "put on {series}, season {season}, episode {episode}[, {subtitles} subs]",
                "{series}, season {season}, ep {episode}[, {screen}]",
                "we stopped watching {series} before episode {episode} of season {season}, "
                "start that one[ on {screen}]",
                "I'd like to watch episode {episode} from season {season} of {series}[, "
                "subtitles in {subtitles}][, on {screen}]",
                "can you start {series}[ on {screen}]? season {season}, ep {episode}[, with "
                "subtitles, {subtitles}]",
                "episode {episode} of {series} season {season} please[, show it on {screen}]",
                "Hey, show {series} on {screen}, it's season {season} and episode {episode}[, "
                "{subtitles} subtitles]",
                "{series} s{season} e{episode}[ on {screen}][, {subtitles} subs]",
                "we left off before episode {episode} of season {season}, {series}. roll it["
                " on {screen}]",
                "throw {series} onto {screen}, season {season} part {episode}[ with"
                " {subtitles} subtitles]",
                "blanket, tea, {series}: season {season}, episode {episode}[, {screen}]",
                "Would you start season {season}, episode {episode} of {series}[ on"
                " {screen}][ subtitled in {subtitles}]?",
                "season {season}, {series}, ep {episode}. hit it[; {subtitles} text below]",
                "{series} s {season} e {episode}[ @ {screen}][, {subtitles} subs]",
                "dinner's served, blanket's out, bring up {series}, season {season}, number"
                " {episode}[ on {screen}]",
                "season {season}, {series}, part {episode}, roll it[, {subtitles} text underneath]",
                "Would you be kind enough to commence episode {episode} of the season"
                " numbered {season} of {series}[ on {screen}]?",
                "[{screen}, ]{series}, {season} is the season and {episode} the episode[,"
                " {subtitles} subtitles]",
                "not a film, episode {episode} out of season {season}, {series}, now[, on"
                " {screen}]",
                "[on {screen}, ]{series} from where i fell asleep, that was episode"
                " {episode}, season {season}[, captions in {subtitles}]",
                "yay it's finally friday! fire up {series}, ep {episode}, season {season}[,"
                " {screen}]",
                "number {episode} from season {season} of {series} please[, with {subtitles}"
                " subtitles]",
                "could we carry on with {series}? season {season}, and we're at episode"
                " {episode}[. {screen} will do]",
                "my sister swears episode {episode} of {series}, season {season}, is the best"
                " telly ever made, so let's see it[ on {screen}][, subtitled in {subtitles}]",
                "ep {episode} / season {season} / {series}[ / {screen}][ / {subtitles} subs]",
                "i'm already in bed and would like the TV in here{screen=bedroom_tv} to show"
                " {series}, season {season}, episode {episode}[, {subtitles} subs]",
                "the very first episode{episode=1} of the very first season{season=1} of"
                " {series}, let's get watching[ on {screen}][, {subtitles} subtitles]",
            ),
            held_out=(
                "where were we with {series}? right, season {season}, number {episode}. press "
                "play[ on {screen}]",
                "let {series} run[ on {screen}], ep. {episode}, season {season}[, I need "
                "{subtitles} subtitles]",
                "season {season} of {series} next, chapter {episode}[, captions in {subtitles}]",
            ),
        ),
        Tool(
            "start_livestream",
            "Go live on a platform.",
            params=(
                req("platform", PLATFORM, "Where to stream"),
                req("title", VIDEO_TITLE, "Title of the stream, as written"),
                opt("visibility", VISIBILITY, "Who can see it"),
                opt("record", RECORD, "Whether a recording is kept"),
            ),
            phrasings=(
                'go live on {platform} with "{title}"[, {visibility}][, {record}]',
                "start a stream on {platform} called {title}[, {record}]",
                "start streaming to {platform}, title '{title}'[, {visibility} stream][, {record}]",
                'we\'re on air in a second! {platform}, "{title}"[, {record}]',
                "Please begin a live broadcast on {platform}; the title is {title}[; "
                "{visibility}][; {record}].",
                "livestream / {platform} / {title}[ / {visibility}]",
                "camera's ready, so take me live on {platform}[( \\({visibility}\\)|, "
                "{visibility})] as '{title}'",
                "I want to broadcast live over {platform}, name it {title}[ and {record}]",
                'we\'re on air in a sec: {platform}, "{title}"[, {visibility}][, {record}]',
                "{platform} live now -> {title}[ / {visibility}][ / {record}]",
                "broadcast me on {platform} under the name {title}[, {visibility}][, {record}]",
                "camera's on, hair's done, open the stream {title} over on {platform}[, {record}]",
                "my followers are waiting at {platform}. call it {title} and off we go[,"
                " {visibility}]",
                "Please begin transmitting on {platform}; heading: {title}[; {visibility}][;"
                " {record}].",
                "{title}, {visibility}, straight to {platform}, start streaming",
                '{platform}, live, now: "{title}"[, {visibility}][, {record}]',
                "the band is tuned, the crowd is restless. get us on the air via {platform}"
                ' under the name "{title}"[, {record}]',
                'live > {platform} > "{title}"[ > {visibility}][ > {record}]',
                "Would you be so kind as to commence transmission on {platform}, the heading"
                ' being "{title}"[, and {visibility} as its visibility][, {record}]?',
                '"{title}" is the title and {platform} the place, push the go-live button[,'
                " {record}]",
                "[set it to {visibility}: ]a real-time broadcast for {platform}, named"
                ' "{title}"[, {record}]',
                'not an upload, a live thing! {platform}, "{title}"[, {visibility}]',
                '3, 2, 1, action! stream "{title}" to {platform}[, {visibility}][, {record}]',
                "can my followers over on {platform} see me right this second? call the"
                ' stream "{title}"[, {record}]',
                'my hair\'s a mess but whatever, beam me out on {platform}, "{title}"[,'
                " visibility {visibility}]",
                "i'd like viewers to tune in while it happens. use {platform}, headline"
                ' "{title}"[, {visibility}][, {record}]',
                'kick off the {platform} stream, it says "{title}" on the tin[, {record}]',
                "only those who get the link should find it{visibility=unlisted}: broadcast"
                ' "{title}" live on {platform}[, {record}]',
                "anyone in the world may tune in{visibility=public}, {platform} live,"
                ' "{title}"[, {record}]',
            ),
            held_out=(
                'my followers on {platform} are waiting, put me on the air as "{title}"[, '
                "{record}]",
                "open the live feed on {platform}[, {visibility} only], heading {title}",
                "{platform} live now, we call it '{title}'[, {record}]",
            ),
        ),
    ),
)

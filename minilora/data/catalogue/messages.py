"""Messages: texts, group chats, e-mail and voicemail."""

from minilora.data.kinds import (
    DATETIME,
    EMAIL,
    FILENAME,
    FIRST_NAME,
    LANGUAGE,
    PERSON,
    PHONE,
    SENTENCE,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

GROUP = span(
    "Flat 3B", "Sunday League", "Cousins", "Team Phoenix", "PTA 2026", "Book Worms",
    "Los Primos", "Neighbours of Oak Lane", "Hen Do", "Dad's 70th", "Night shift",
    "Choir altos", "Carpool", "Uni mates", "Lab 12", "O'Brien clan", "D&D crew", "Familie Schröder",
)  # fmt: skip
SUBJECT = span(
    "Invoice 4471", "Keys", "Change of plans", "Question about the lease",
    "Minutes of Tuesday's meeting", "Your parcel", "Rückfrage", "Re: broken heating in flat 9",
    "Thank you", "Draft contract", "Photos from the wedding", "Sick note",
    "Application for the lab assistant position", "Dinner?", "Q4 forecast",
    "Swimming lessons, autumn term",
)  # fmt: skip
TOPIC = span(
    "boiler repair", "rent", "hotel booking", "visa appointment", "football boots", "passwords",
    "school trip", "Aunt Inés", "tax return", "blue sofa", "flight LH1802", "peanut allergy",
    "key under the mat", "spare tickets", "salary", "moving boxes",
)  # fmt: skip
PAST = span(
    "yesterday", "last week", "last Tuesday", "two days ago", "last March", "last Sunday",
    "last month", "last Christmas", "this morning", "last summer", "a few weeks back", "earlier"
    " today",
    "last Easter", "the night before last", "the other day", "late last year",
    varied=False,
)  # fmt: skip
EMOJI = choice(
    "thumbs_up",
    "heart",
    "laugh",
    "surprised",
    "sad",
    spoken={
        "thumbs_up": ["thumbs up", "thumbs-up"],
        "heart": ["heart", "little heart"],
        "laugh": ["laughing face", "laugh"],
        "surprised": ["surprised face"],
        "sad": ["sad face", "crying face"],
    },
)
APP = choice(
    "sms",
    "whatsapp",
    "signal",
    "telegram",
    spoken={
        "sms": ["SMS", "text message"],
        "whatsapp": ["WhatsApp", "whatsapp"],
        "signal": ["Signal", "signal"],
        "telegram": ["Telegram"],
    },
)
FOLDER = choice("inbox", "sent", "spam", "archive", "drafts")
STATUS = span(
    "on a train, bad signal", "at the movies", "back on Monday", "in surgery until noon",
    "do not disturb, exam week", "hiking", "out walking the dog", "asleep, time zone UTC+9",
    "heads down on the release", "new number, who's this", "siesta", "driving",
)  # fmt: skip

DOMAIN = Domain(
    name="messages",
    title="Messages and e-mail",
    tools=(
        Tool(
            "send_message",
            "Send a short message to one person straight away.",
            params=(
                req("to", FIRST_NAME, "First name of the person it goes to"),
                req("text", SENTENCE, "The message, copied as the user words it"),
                opt("app", APP, "App to send it with"),
            ),
            phrasings=(
                '(send|text|message) {to}[ on {app}]: "{text}"',
                "(text|tell|message) {to}: {text}",
                'send {to} a quick {app} saying "{text}"',
                "msg {to} {text}",
                'Could you write to {to}[ via {app}] and say "{text}"?',
                'let {to} know: "{text}"[ by {app}]',
                "shoot {to} a message[ over {app}], {text}",
                'i need to get word to {to} - "{text}"',
                "new message[, {app}]. to: {to}. text: {text}",
                "drop {to} a line[ on {app}]. it should say: {text}",
                "my hands are full, text {to} for me please: {text}",
                "{to}: {text}[ \\({app}\\)]",
                "let {to} know that {text}[, over {app}]",
                'tell {to} "{text}"[ on {app}]',
                "ping {to}[ via {app}] - {text}",
                "{to} has to hear this right now: {text}",
                "drop {to} a line[ on {app}], say {text}",
                "my hands are full, write {to}: {text}",
                "{text} >> {to}[ >> {app}]",
                "Kindly inform {to}[ by {app}] as follows: {text}",
                "shoot {to} a quick one saying {text}[, {app}]",
            ),
            held_out=(
                "{to} is waiting to hear from me[ on {app}]. pass this on: {text}",
                'ping {to} with "{text}"',
                'type this out and send it off to {to}[ with {app}]: "{text}"',
            ),
        ),
        Tool(
            "schedule_message",
            "Write a message to one person now that is sent later, at a set moment.",
            params=(
                req("to", FIRST_NAME, "First name of the person it goes to"),
                req("text", SENTENCE, "The message, copied as the user words it"),
                req("send_at", DATETIME, "When it goes out, YYYY-MM-DDTHH:MM"),
                opt("app", APP, "App to send it with"),
            ),
            phrasings=(
                '(schedule|queue) a message to {to} for {send_at}: "{text}"',
                'at this time, {send_at}, send {to} this[ by {app}]: "{text}"',
                "send later, {send_at}, to {to}[, {app}]: {text}",
                'Please have this go out to {to}, {send_at}[, via {app}]: "{text}"',
                "text {to}, but not before {send_at}: {text}",
                'i want {to} to get this, {send_at}, no sooner: "{text}"',
                "delayed message for {to}. when: {send_at}. what: {text}",
                'can you hold this until {send_at} and then send it to {to}? "{text}"',
                "timed sms{app=sms} to {to}, {send_at}, {text}",
                "{send_at}, tell {to} {text}[ on {app}]",
                'not now but {send_at}: {to} should get "{text}"[ through {app}]',
                "hold this until {send_at}, then off to {to}[ with {app}]: {text}",
                "{to} / {send_at} / {text}[ / {app}]",
                "i'll be on a plane, so at {send_at} let {to} know: {text}",
                "line up a note to {to} for {send_at}[ on {app}]: {text}",
                "Kindly have this reach {to} at {send_at}: {text}",
                "queue for {send_at} > {to} > {text}",
            ),
            held_out=(
                "{to} is asleep now, so deliver this later, {send_at}: {text}",
                'write "{text}" to {to} and let it leave my phone only then: {send_at}[, with'
                " {app}]",
                "don't deliver before {send_at}: {text}. it's for {to}, i'll be in the air by then",
            ),
        ),
        Tool(
            "send_group_message",
            "Send a message to a group chat.",
            params=(
                req("group", GROUP, "Name of the group chat, in the user's words"),
                req("text", SENTENCE, "The message, copied as the user words it"),
                opt(
                    "mention_all",
                    flag(yes=["tag everyone", "ping all of them"], no=["don't tag anyone"]),
                    "Whether every member is notified by name",
                ),
            ),
            phrasings=(
                '(post|write|send) in {group}: "{text}"[, {mention_all}]',
                'tell the group {group} "{text}"[ and {mention_all}]',
                "group chat {group}: {text}",
                'Could you post "{text}" to the group {group}?[ Also {mention_all}.]',
                "people in {group} should read this: {text}",
                'say "{text}" in the {group} chat[, {mention_all}]',
                "message to group {group}[, {mention_all}]: {text}",
                'put this in the group chat called {group}: "{text}"',
                "yo drop this in {group}: {text}",
                "everybody in {group} should read this: {text}[, {mention_all}]",
                "{group}: {text}[ - {mention_all}]",
                "write to the whole of {group}, {text}[; {mention_all}]",
                "shout into {group}: {text}[, and {mention_all}]",
                'post "{text}" in {group}[, {mention_all}]',
                "let the people in {group} know: {text}",
                "Kindly announce to {group}: {text}[; {mention_all}]",
                "news for {group}[ \\({mention_all}\\)]: {text}",
            ),
            held_out=(
                'let the whole lot at {group} know: "{text}"',
                "broadcast to {group}[, {mention_all}] - {text}",
                'the chat {group} needs an update from me, "{text}"[, {mention_all}]',
            ),
        ),
        Tool(
            "create_group",
            "Start a new group chat.",
            params=(
                req("name", GROUP, "Name of the group, in the user's words"),
                req("members", listing(FIRST_NAME, 2, 4), "First names of the members"),
                opt(
                    "admins_only",
                    flag(
                        yes=["only admins may write", "only admins can post"],
                        no=["anyone may write", "everybody can post"],
                    ),
                    "Whether only admins may write in it",
                ),
            ),
            phrasings=(
                "(create|make|start) a group (called|named) {name} with {members}[, {admins_only}]",
                "new group {name}: {members}[, {admins_only}]",
                "put {members} into a group chat and call it {name}",
                "i want a chat with {members}. name: {name}[. {admins_only}]",
                "Please open a group chat for {members}; it should be named {name}"
                "[, and {admins_only}].",
                "group {name}, members {members}",
                "can {members} and i have a shared chat? title {name}[, {admins_only}]",
                "we need somewhere to talk, {members} and me, make {name}",
                "{members} and me, one chat, named {name}[, {admins_only}]",
                "new chat {name}: {members}[, {admins_only}]",
                "put {members} together in a thread called {name}[, {admins_only}]",
                "i need a place to talk with {members}. call it {name}",
                "{name} >> members {members}[ >> {admins_only}]",
                "start {name} as a group and pull in {members}[; {admins_only}]",
                "Kindly open a conversation entitled {name} with {members}[; {admins_only}].",
                "we keep losing messages, so give {members} and me our own room, {name}[,"
                " {admins_only}]",
            ),
            held_out=(
                "get {members} together in one thread, title it {name}[; {admins_only}]",
                "{name} should be a new chat of mine. throw in {members}[, {admins_only}]",
                "instead of texting {members} one by one i'd like a common chat, {name}",
            ),
        ),
        Tool(
            "send_email",
            "Send an e-mail.",
            params=(
                req(
                    "recipient",
                    record(address=EMAIL, name=optional(PERSON)),
                    "Who it goes to: address, and full name if given",
                ),
                req("subject", SUBJECT, "Subject line, in the user's words"),
                req("body", SENTENCE, "Body of the e-mail, copied as the user words it"),
                opt("attachment", FILENAME, "File name to attach"),
                opt("cc", listing(EMAIL, 1, 2), "Addresses in copy"),
            ),
            phrasings=(
                '(email|mail) {recipient.address}, subject "{subject}": {body}'
                "[, attach {attachment}]",
                "send an e-mail to {recipient.name} \\({recipient.address}\\)[, cc {cc}]. "
                'subject: {subject}. text: "{body}"',
                'write to {recipient.address} with the subject "{subject}". it should say: {body}'
                "[ and attach {attachment}]",
                'mail to {recipient.address}[, copy to {cc}], titled {subject}, saying "{body}"',
                'Please send "{body}" to {recipient.name} at {recipient.address} under the subject '
                '"{subject}"[, with {attachment} attached].',
                "to: {recipient.address}[ / cc: {cc}] / subject: {subject} / {body}"
                "[ / file: {attachment}]",
                'can you e-mail {recipient.address}? subject {subject}. "{body}"'
                "[ attachment: {attachment}]",
                "new mail, {recipient.address}, re {subject}, body: {body}",
                "i promised {recipient.name} an e-mail \\({recipient.address}\\), subject"
                ' "{subject}",'
                ' text "{body}"[, put {cc} in cc]',
                'mail {recipient}: "{body}", subject {subject}[, attach {attachment}][, cc {cc}]',
                "{subject} is the heading, {recipient} gets it, text: {body}[, with {attachment}]",
                "write {recipient} an e-mail headed {subject} that says {body}[, copy to {cc}]",
                "to: {recipient} / re: {subject} / {body}[ / file {attachment}]",
                "{recipient.name} at {recipient.address} needs a mail. title {subject},"
                " content {body}[, cc {cc}]",
                "off to {recipient} by email, {subject}: {body}[. enclose {attachment}]",
                "Kindly e-mail {recipient} under the subject {subject} the words {body}[,"
                " attaching {attachment}].",
                "title it {subject}, say {body}, mail it to {recipient}[, {cc} in copy]",
            ),
            held_out=(
                '{recipient.name} reads mail at {recipient.address}. send "{body}", headed'
                " {subject}"
                "[, along with {attachment}]",
                'fire off an e-mail about "{subject}" to {recipient.address}[, {attachment} goes'
                " with it]: "
                "{body}",
                'under the heading "{subject}", tell {recipient.address} by mail: {body}'
                "[ \\(cc {cc}\\)]",
            ),
        ),
        Tool(
            "search_messages",
            "Look for messages in the chat history.",
            params=(
                req("query", TOPIC, "What to look for, in the user's words"),
                opt("sender", FIRST_NAME, "First name of the sender"),
                opt("period", PAST, "When it was sent, in the user's words"),
                opt("limit", integer(1, 25), "Most messages to show"),
            ),
            phrasings=(
                "(find|search for|look for) messages about {query}[ from {sender}]",
                "what did {sender} (say|write) about {query}?",
                "search {query}[ in messages from {sender}][, {limit} results]",
                "{sender} texted me something on {query}, dig it out",
                "Can you find the messages that mention {query}[, {limit} at most]?",
                "show me the last {limit} messages that mention {query}[, sent by {sender}]",
                "where was that text about {query}[ from {sender}]",
                "look up {query} in my chats",
                "any message saying {query}[, {period}][, from {sender}]?",
                "where did we talk about {query}[, i think {sender} wrote it][, {period}]",
                "dig up the chat with {query} in it[ from {sender}][, {period}]",
                "{sender} told me something about {query}[ {period}], find it",
                "scroll back for {query}[, {limit} hits at most]",
                "{query}? it was in some text[ by {sender}][ {period}]",
                "somebody mentioned {query}[ {period}], who and when",
                "Kindly locate what was written concerning {query}[ by {sender}][, no more"
                " than {limit} items].",
                "i lost the thing about {query}[ that {sender} sent], look through my chats",
            ),
            held_out=(
                "someone[, it was {sender},] mentioned {query} in a text, pull it up",
                "scroll back to where we talked about {query}[ {period}][, top {limit} hits]",
                "i vaguely remember {query} coming up[ with {sender}]. locate the message",
            ),
        ),
        Tool(
            "search_emails",
            "Look for e-mails in a mailbox folder.",
            params=(
                opt("query", TOPIC, "What the e-mail is about, in the user's words"),
                opt("from_address", EMAIL, "Address of the sender"),
                req("folder", FOLDER, "Folder to look in"),
                opt(
                    "unread_only",
                    flag(yes=["unread only", "just the unread ones"], no=["read or unread"]),
                    "Whether to leave out e-mails that were read",
                ),
            ),
            phrasings=(
                "search my {folder} folder for e-mails about {query}[, {unread_only}]",
                "find mails from {from_address} in {folder}[, {unread_only}]",
                "anything from {from_address} in the {folder} folder[ about {query}]?",
                "look through {folder} for an e-mail on {query}[ sent by {from_address}]",
                "e-mails re {query}, folder {folder}[, sender {from_address}]",
                "Please check whether {folder} holds an e-mail from {from_address}"
                "[ concerning {query}].",
                "did i get an e-mail about {query}? look in {folder}[, {unread_only}]",
                "list mail in {folder}[ from {from_address}][, {unread_only}]",
                "i bet it landed in {folder}: an email from {from_address}",
            ),
            held_out=(
                "comb {folder} for whatever {from_address} mailed me[ on {query}]",
                "mail regarding {query} must be somewhere in {folder}, can you see it?"
                "[ {unread_only}]",
                "open {folder} and filter for {query}[ from {from_address}][, {unread_only}]",
            ),
        ),
        Tool(
            "react_to_message",
            "Put an emoji reaction on the newest message of a person.",
            params=(
                req("sender", FIRST_NAME, "First name of whoever wrote the message"),
                req("emoji", EMOJI, "Reaction to add"),
            ),
            phrasings=(
                "(react|reply) with a {emoji} to {sender}'s (last|latest) message",
                "give {sender}'s message a {emoji}",
                "{emoji} for what {sender} just wrote",
                "put a {emoji} on the last thing {sender} sent",
                "Please respond to {sender}'s message with just a {emoji}.",
                "i loved that text from {sender}, add a heart{emoji=heart}",
                "haha{emoji=laugh} react with a laugh to {sender}",
                "{sender}: {emoji} reaction",
                "leave a {emoji} under {sender}'s newest text",
                "{emoji} for {sender}",
                "{sender} wrote something, answer it with a {emoji}",
                "stick a {emoji} on what {sender} just sent",
                "haha, {sender} cracked me up{emoji=laugh}, respond with that face",
                "{sender}'s last one gets a {emoji}",
                "love what {sender} said{emoji=heart}, show it",
                "Kindly add a {emoji} to the latest from {sender}.",
                "no time to type, give {sender} the {emoji}",
            ),
            held_out=(
                "no words needed, {sender} gets a {emoji} from me for that last text",
                "stick a {emoji} onto {sender}'s most recent message",
                "like{emoji=thumbs_up} {sender}'s message with a thumb",
            ),
        ),
        Tool(
            "translate_message",
            "Translate a message and send it to one person.",
            params=(
                req("to", FIRST_NAME, "First name of the person it goes to"),
                req("text", SENTENCE, "The message before translation, as the user words it"),
                req("language", LANGUAGE, "Language to translate into"),
            ),
            phrasings=(
                'send {to} this in {language}: "{text}"',
                "text {to} in {language}: {text}",
                "translate to {language} and send to {to}: {text}",
                '{to} only speaks {language}. tell them "{text}"',
                'Could you put "{text}" into {language} and message it to {to}?',
                "message for {to}, must be {language}: {text}",
                "how do i write this in {language}? just send it to {to}: {text}",
                'i want {to} to read this in {language} - "{text}"',
            ),
            held_out=(
                "{to} doesn't get English, so turn this into {language} and pass it along: {text}",
                'in {language} please, to {to}, the following: "{text}"',
                '"{text}" - have that arrive at {to} in {language}',
            ),
        ),
        Tool(
            "call_contact",
            "Place a phone call to a person or a number.",
            params=(
                opt("name", PERSON, "Full name of the person to call"),
                opt("number", PHONE, "Phone number to call, as the user gives it"),
                opt(
                    "speaker",
                    flag(yes=["on speaker", "hands-free"], no=["not on speaker"]),
                    "Whether to use the loudspeaker",
                ),
            ),
            phrasings=(
                "(call|ring|phone|dial) {name}[ {speaker}]",
                "(call|dial) {number}[, {speaker}]",
                "get me {name} on the phone[, {speaker}]",
                "i need to talk to {name}, call[ {speaker}]",
                "Please place a call to {name}[ at {number}][, {speaker}].",
                "give {name} a ring[, the number is {number}]",
                "put me through to {number}[ {speaker}]",
                "could you phone {name} for me[, {speaker}]?",
                "start a call: {name}[, {number}]",
                "ring {name}[ {speaker}]",
                "get {name} on the phone[, {speaker}]",
                "i need to talk to {name}, put me through[ {speaker}]",
                "dial {number}[ {speaker}]",
                "{number}, call[, {speaker}]",
                "hands on the wheel, phone {name} {speaker}",
                "buzz {name}[, {speaker}]",
            ),
            held_out=(
                "it's quicker to speak than to type, get {name} on the line[ {speaker}]",
                "{name} wanted me to ring back[ on {number}], do it[ {speaker}]",
                "connect me with {number}[, {speaker}]",
            ),
        ),
        Tool(
            "block_contact",
            "Stop somebody from calling or writing.",
            params=(
                req("number", PHONE, "Phone number to block, as the user gives it"),
                opt(
                    "report_spam",
                    flag(
                        yes=["report it as spam", "flag it as junk too"],
                        no=["no need to report it"],
                    ),
                    "Whether the number is also reported",
                ),
            ),
            phrasings=(
                "block {number}[ and {report_spam}]",
                "{number} keeps calling me, block them[, {report_spam}]",
                "i never want to hear from {number} again[, {report_spam}]",
                "Please block the number {number}[ and {report_spam}].",
                "stop {number} from contacting me",
                "put {number} on the block list[, {report_spam}]",
                "spam again from {number}. block it[ and {report_spam}]",
                "can u block {number} plz",
                "no more texts from {number}[, {report_spam}]",
                "{number} keeps bothering me, shut them out[, {report_spam}]",
                "bar {number}[, {report_spam}]",
                "no more calls from {number}[, and {report_spam}]",
                "{number} = blocked[, {report_spam}]",
                "some scammer at {number}, lock them out[, {report_spam}]",
                "Kindly prevent {number} from reaching me[; {report_spam}].",
            ),
            held_out=(
                "whoever is behind {number}, lock them out[ and {report_spam}]",
                "{number} won't leave me in peace, make sure they can't reach me[, {report_spam}]",
                "blacklist {number}",
            ),
        ),
        Tool(
            "set_auto_reply",
            "Answer every message that comes in by itself until some moment.",
            params=(
                req("text", STATUS, "The automatic answer, in the user's words"),
                req("until", DATETIME, "When it ends, YYYY-MM-DDTHH:MM"),
                opt(
                    "contacts_only",
                    flag(
                        yes=["only for my contacts", "just for people i know"],
                        no=["for everyone", "for any sender"],
                    ),
                    "Whether only people in the address book get it",
                ),
            ),
            phrasings=(
                'auto-reply "{text}" until {until}[, {contacts_only}]',
                'answer my messages with "{text}" until {until}[, {contacts_only}]',
                "set my automatic answer to: {text}. it ends {until}[, {contacts_only}]",
                'Until {until}, please reply to incoming messages with "{text}"'
                "[, {contacts_only}].",
                "i won't look at my phone till {until}, reply with: {text}",
                'away message on, "{text}", expires {until}[, {contacts_only}]',
                'turn on auto answer[ {contacts_only}]. text "{text}", off again {until}',
                "(everyone|anybody) who writes gets this back{contacts_only=false}: {text}. till"
                " {until}",
                'till {until}, whoever writes gets "{text}"[, {contacts_only}]',
                "i'm off the grid until {until}, answer everybody with {text}[, {contacts_only}]",
                "reply {text} to all that comes in before {until}[, {contacts_only}]",
                "answering machine for texts: {text}, ends {until}[, {contacts_only}]",
                "{text} - send that back by itself up to {until}[, {contacts_only}]",
                "Kindly respond on my behalf with {text} until {until}[, {contacts_only}].",
                "i won't look at my phone before {until}; tell people {text}[, {contacts_only}]",
            ),
            held_out=(
                'people who text me before {until} should hear "{text}"',
                "switch to out-of-reach mode up to {until}[ {contacts_only}] with this line:"
                " {text}",
                "let the phone speak for me through {until}: {text}",
            ),
        ),
    ),
)

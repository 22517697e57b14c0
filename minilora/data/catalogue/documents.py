"""Office documents: convert, merge, cut, stamp, protect, redact, sign, share, fill in."""

from dataclasses import replace

from minilora.data.kinds import (
    DATE,
    EMAIL,
    PERCENT,
    PERSON,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    span,
)
from minilora.data.material import Domain, Tool, opt, req

PDF = replace(
    span("lease.pdf", "Q3-report.pdf", "invoice_8841.pdf", "thesis final v2.pdf",
    "boarding-passes.pdf", "scan0001.pdf", "Contract O'Neill.pdf", "user manual.pdf", "résumé.pdf",
    "minutes-2026-01-14.pdf", "tax return 2025.pdf", "brochure.pdf", "deposition_hart.pdf",
    "floor plan.pdf", "bylaws.pdf", "grant_application_round_2.pdf", "menu-été.pdf", "NDA.pdf"),
    copied="code",
)  # fmt: skip
DOCUMENT = replace(span(
    "notes.rtf", "proposal.pages", "chapter 7.wps", "index.xhtml", "cover letter.doc",
    "recipe book.tex", "thesis.tex", "slides-kickoff.pptx", "CHANGES.rst", "meeting minutes.pages",
    "übergabe.doc", "novel_draft_3.fodt", "policy.asciidoc", "handbook.djvu", "essay.wpd",
    "budget notes.xps", "mum's speech.rtf", "O'Hare memo.doc",
), copied="code")  # fmt: skip
NEW_NAME = replace(
    span("complete.pdf", "all in one.pdf", "application-bundle.pdf", "signed-set.pdf",
    "2025 archive.pdf", "dossier.pdf", "for_the_bank.pdf", "everything.pdf", "Müller-file.pdf",
    "packet_07.pdf", "combined.pdf", "visa papers.pdf"), copied="code",
)  # fmt: skip
STAMP = span(
    "DRAFT", "CONFIDENTIAL", "do not copy", "Sample", "for internal use only", "PAID", "copy",
    "Property of Lindqvist & Sons", "not for distribution", "PREVIEW", "superseded", "ENTWURF",
    "approved by legal", "void",
)  # fmt: skip
SECRET = replace(span(
    "hunter2", "Tr0ub4dor", "blue-whale-77", "opensesame", "kaffee!2026", "x9Kp2m", "let-me-in-7",
    "Passw0rd", "correct horse", "0000", "señorita42", "mango.lassi", "zug-um-zug", "Qw3rty#1",
    "b4n4n4 split",
), copied="code")  # fmt: skip
TERM = span(
    "Jane Hopper", "account 4471-22", "Project Nightjar", "social security number", "Dr. O'Malley",
    "salary", "Basel", "the settlement amount", "passport number", "+44 20 7946 0018", "Zoë",
    "diagnosis", "patient 118", "Acme Holdings",
)  # fmt: skip
TEMPLATE = span(
    "invoice", "offer letter", "NDA", "rental agreement", "meeting minutes", "reference letter",
    "power of attorney", "certificate of attendance", "cover sheet", "purchase order",
    "thank-you letter", "membership card",
)  # fmt: skip
PLACE_OF_STAMP = choice(
    "all", "first", "last", spoken={"all": ["every page", "all pages"],
    "first": ["the first page", "page one"], "last": ["the last page", "the final page"]},
)  # fmt: skip
LETTER_LANGUAGE = choice(
    "english", "german", "french", "spanish", spoken={"english": ["English", "english"],
    "german": ["German", "german"], "french": ["French", "french"],
    "spanish": ["Spanish", "spanish"]},
)  # fmt: skip
PERMISSION = choice(
    "view", "comment", "edit", spoken={"view": ["view", "read"], "comment": ["comment"],
    "edit": ["edit", "make changes"]},
)  # fmt: skip
TO_FORMAT = choice(
    "pdf", "docx", "html", "markdown", "epub", "txt", "odt", spoken={"pdf": ["PDF", "pdf"],
    "docx": ["Word", "docx", "a Word document"], "html": ["HTML", "a web page"],
    "markdown": ["markdown", "Markdown"], "epub": ["EPUB", "epub", "an e-book"],
    "txt": ["plain text", "txt"], "odt": ["ODT", "OpenDocument", "odt"]},
)  # fmt: skip
KEEP_IMAGES = flag(
    yes=["keeping the pictures", "with images", "images included"],
    no=["without images", "drop the pictures", "text only, no pictures"],
)  # fmt: skip
ALLOW_PRINTING = flag(
    yes=["printing is fine", "but allow printing", "people may print it"],
    no=["and no printing", "don't let them print it", "printing forbidden"],
)  # fmt: skip
WHOLE_WORDS = flag(
    yes=["whole words only", "only as whole words"],
    no=["inside longer words too", "also as part of other words"],
)  # fmt: skip
SIGNER = record(
    name=PERSON, email=EMAIL, role=optional(span("tenant", "buyer", "witness", "landlord",
    "managing director", "guardian", "employee", "seller", "notary", "co-founder", "treasurer",
    "parent")),
)  # fmt: skip

DOMAIN = Domain(
    name="documents",
    title="Office documents and PDFs",
    tools=(
        Tool(
            "convert_document",
            "Convert a document to another file format.",
            params=(
                req("file", DOCUMENT, "File name, as written"),
                req("to_format", TO_FORMAT, "Format wanted"),
                opt("keep_images", KEEP_IMAGES, "Whether images are kept"),
            ),
            phrasings=(
                "convert {file} to {to_format}[, {keep_images}]",
                "{file} as {to_format}[, {keep_images}]",
                "I can't open {file} here, could you turn it into {to_format}[, {keep_images}]?",
                "save {file} as {to_format}[ {keep_images}]",
                "Please export {file} to {to_format} for me[, {keep_images}].",
                "my teacher only takes {to_format}. change {file} accordingly[, {keep_images}]",
                "make {to_format} out of {file}",
                "is it possible to get {file} in {to_format}[, {keep_images}]?",
                "file format change: {file} --> {to_format}",
                "{to_format}, that's what i need {file} to be[, {keep_images}]",
                "my e-reader just stares at me when i load {file}. get it into a shape it"
                " likes, {to_format}[, {keep_images}]",
                "{file} ==> {to_format}[ ; {keep_images}]",
                "Would you be so good as to supply {file} to me in the form of {to_format}[,"
                " {keep_images}]?",
                "not the format it's in now, {to_format} instead, for {file}[, {keep_images}]",
                "the printer shop round the corner refuses {file}, they'd rather have"
                " {to_format}[, {keep_images}]",
                "from {file} produce {to_format}[, {keep_images}]",
                "arrgh {file} again! just gimme {to_format}[, {keep_images}]",
                "[{keep_images}: ]{file}, other file type, {to_format}",
                "i wonder whether {file} could end up as {to_format} by the time i've had my"
                " tea[, {keep_images}]",
                "granny only knows how to use the browser, so {file} has to become a web"
                " page{to_format=html}[, {keep_images}]",
                "so i can edit it in Word{to_format=docx}, change what {file} is saved as[,"
                " {keep_images}]",
                "my old laptop shows nothing but {to_format}. would love to read {file} on"
                " it[, {keep_images}]",
                "what was {file} shall be {to_format}[, {keep_images}]",
            ),
            held_out=(
                "I need {to_format} instead of what {file} is now[, {keep_images}]",
                "the printer people sent {file} back, they want it as {to_format}[, {keep_images}]",
                "can {file} become {to_format}[, {keep_images}]? thanks a ton",
            ),
        ),
        Tool(
            "merge_pdfs",
            "Join several PDF files into one, in the given order.",
            params=(
                req("files", listing(PDF, 2, 4), "File names in order"),
                opt("output_name", NEW_NAME, "Name of the new file"),
            ),
            phrasings=(
                "merge {files}[ into {output_name}]",
                "combine {files} into one PDF[ called {output_name}]",
                "I have {files} and need a single file[, name it {output_name}]",
                "please join {files} together[; the result should be {output_name}]",
                "put {files} in one document[, save as {output_name}]",
                "Could you staple {files} together digitally[ as {output_name}]?",
                "one pdf out of {files}[, output {output_name}]",
                "the form only lets me upload one attachment, so glue {files} together[ under "
                "the name {output_name}]",
                "{files}: all in one[, {output_name}]",
                "[{output_name} is what i want at the end. ]take {files} and tack them onto"
                " each other in that order",
                "the landlord's portal is picky and accepts a lone upload, while i'm sitting"
                " on {files}. bundle them up[ as {output_name}]",
                "Might {files} be consolidated into a single PDF[ bearing the name {output_name}]?",
                "{files} -> one file[ -> {output_name}]",
                "too many attachments! mash {files} together[ and call the thing {output_name}]",
                "not separate files, a single one, in this sequence: {files}[; title it"
                " {output_name}]",
                "concatenate {files}[ to {output_name}]",
                "[build {output_name}: ]first to last, {files}, back to back in the same pdf",
                "how do i get {files} to sit behind one another in just one document[ named"
                " {output_name}]",
                "my boss hates opening things one by one, so {files} should arrive as one"
                " pdf[, file name {output_name}]",
                "chain up {files}, keep that order[, output goes to {output_name}]",
                "pdfs to fuse - {files}[ - new name {output_name}]",
                "if you lined up {files} and bound them into one book it would save my"
                " afternoon[. {output_name} would suit as its name]",
            ),
            held_out=(
                "{files} belong together, make them one file[ and call that {output_name}]",
                "append these in order: {files}[. I want {output_name} at the end]",
                "bundle up {files} for me[, {output_name} is a good name]",
            ),
        ),
        Tool(
            "extract_pages",
            "Copy a range of pages out of a PDF into a new file.",
            params=(
                req("file", PDF, "File name, as written"),
                req("first_page", integer(1, 20), "First page, counted from 1"),
                req("last_page", integer(21, 90), "Last page, included"),
                opt("output_name", NEW_NAME, "Name of the new file"),
            ),
            phrasings=(
                "extract pages {first_page} to {last_page} from {file}[ as {output_name}]",
                "{file}, pages {first_page} to {last_page}[, save to {output_name}]",
                "I only need page {first_page} through {last_page} of {file}[; store that as "
                "{output_name}]",
                "cut out {first_page} to {last_page} of {file}[ and name it {output_name}]",
                "Could I have just the pages from {first_page} up to {last_page} of {file}[ in "
                "{output_name}], please?",
                "split off pages {first_page} thru {last_page} of {file}",
                "the rest of {file} is boring, give me p. {first_page} until p. {last_page}[, "
                "call it {output_name}]",
                "copy page {first_page} and everything up to page {last_page} from {file}[ "
                "into {output_name}]",
                "{first_page} - {last_page} out of {file}[ -> {output_name}]",
                "everyone got the complete {file} but my part is merely {first_page} to"
                " {last_page}, both included. a file with just those pages would be lovely[,"
                " {output_name}]",
                "[{output_name} should consist of ]{file} p. {first_page} to p. {last_page}",
                "Would you kindly isolate pages {first_page} through {last_page} of {file}["
                " and deposit them in {output_name}]?",
                "not all of {file}, only what lies between page {first_page} and page"
                " {last_page} inclusive[, stored as {output_name}]",
                "starting on page {first_page} and finishing on page {last_page}, lift that"
                " chunk from {file}[ and label it {output_name}]",
                "the juicy chapter in {file} kicks off on page {first_page} and it's over"
                " after page {last_page}. chop it out for me[, new name {output_name}]",
                "last page {last_page}, first page {first_page}, source {file}[, result"
                " {output_name}]",
                "snip pp {first_page} to {last_page} from {file}, thx[, {output_name}]",
                "can you peel pages {first_page} to {last_page} off {file} without touching"
                " the original[, naming the piece {output_name}]",
                "my study group split up the reading and i drew {first_page} to {last_page}"
                " of {file}. pull my pages[ into {output_name}]",
                "{file}: excerpt, {first_page} up to and including {last_page}[, file it as"
                " {output_name}]",
                "too big to mail! reduce {file} to the stretch from page {first_page} to page"
                " {last_page}[ under the name {output_name}]",
                "[new file {output_name}: ]the section of {file} that spans pages"
                " {first_page} to {last_page}",
            ),
            held_out=(
                "from {file} I want everything between page {first_page} and page "
                "{last_page}[, put into {output_name}]",
                "pull {first_page} till {last_page} out of {file} as a file of its own[, "
                "{output_name}]",
                "start at page {first_page} of {file}, end at {last_page}, and make that a new "
                "PDF[ named {output_name}]",
            ),
        ),
        Tool(
            "add_watermark",
            "Print a text across the pages of a PDF.",
            params=(
                req("file", PDF, "File name, as written"),
                req("text", STAMP, "Text of the watermark, as written"),
                opt("opacity_percent", PERCENT, "Opacity in percent, 100 is solid"),
                opt("pages", PLACE_OF_STAMP, "Which pages"),
            ),
            phrasings=(
                'watermark {file} with "{text}"[ at {opacity_percent} opacity][ on {pages}]',
                "put '{text}' across {pages} of {file}[, opacity {opacity_percent}]",
                'stamp "{text}" on {file}[, {pages}]',
                "{file} goes to outsiders, so add a '{text}' watermark[, {opacity_percent} opaque]",
                'Please overlay the words "{text}" on {pages} of {file}.',
                "can {file} have {text} written over it[ at {opacity_percent}][, on {pages}]?",
                'watermark: "{text}", file: {file}[, opacity: {opacity_percent}]',
                "mark {file} as '{text}' in big letters across the page[, {opacity_percent} "
                "opacity]",
                '"{text}" diagonally over {file}[, {pages}][, {opacity_percent} opaque]',
                'people keep passing {file} around as if it were theirs. plaster "{text}"'
                " over it as a watermark[, {pages} only]",
                '{file} + lettering across it "{text}"[, {opacity_percent} opacity][, {pages}]',
                'Would it be feasible to have the wording "{text}" superimposed upon {file}['
                " at an opacity of {opacity_percent}]?",
                '[on {pages}, ]let "{text}" shine through behind what\'s in {file}[,'
                " {opacity_percent} opaque]",
                'i don\'t want {file} locked, i want "{text}" printed right across it[, on'
                " {pages}]",
                'big fat "{text}" on {file} pls[, opacity {opacity_percent}]',
                "the intern nearly sent {file} to print. so nobody mistakes it, brand it with"
                ' "{text}"[, {opacity_percent} opaque][, {pages}]',
                '[{opacity_percent} opacity, ][{pages}, ]watermark reading "{text}", applied'
                " to {file}",
                "could the words '{text}' run over {pages} in {file}",
                'watermark text for {file}: "{text}"[. it goes on {pages}][. opacity,'
                " {opacity_percent}]",
                'no see-through nonsense, solid{opacity_percent=100} letters: "{text}" over'
                " {file}[, {pages}]",
                'just the cover page{pages=first} of {file} deserves "{text}" as a'
                " watermark[, {opacity_percent} opaque]",
                'what i\'d love is {file} with "{text}" emblazoned on {pages}[ at'
                " {opacity_percent} opacity]!",
            ),
            held_out=(
                'anyone who opens {file} should see "{text}" printed across {pages}',
                "slap '{text}' over {file}[, about {opacity_percent} visible][, {pages}]",
                'I want a faint "{text}" behind the writing in {file}[, say {opacity_percent}]',
            ),
        ),
        Tool(
            "protect_with_password",
            "Lock a PDF with a password.",
            params=(
                req("file", PDF, "File name, as written"),
                req("password", SECRET, "Password, copied as written"),
                opt("allow_printing", ALLOW_PRINTING, "Whether the locked file may be printed"),
            ),
            phrasings=(
                "lock {file} with the password {password}[, {allow_printing}]",
                'password-protect {file}, use "{password}"[, {allow_printing}]',
                "encrypt {file} (with|using) {password}[, {allow_printing}]",
                "nobody without {password} should be able to open {file}[, {allow_printing}]",
                "Please secure {file}; the password is '{password}'[; {allow_printing}].",
                "set a password on {file}: {password}[, {allow_printing}]",
                "I'm mailing {file} to the accountant, put {password} on it as a password "
                "first[, {allow_printing}]",
                "make {file} ask for {password}[, {allow_printing}]",
                "{password} shall be the key to {file}[, {allow_printing}]",
                "my nosy flatmate uses this computer too. {file} needs a lock, and the secret"
                " word is {password}[, {allow_printing}]",
                "{file} / pw {password}[ / {allow_printing}]",
                "I would be obliged if {file} could be opened solely upon entry of"
                ' "{password}"[, {allow_printing}].',
                "no watermark, a password! {password}, on {file}[, {allow_printing}]",
                "{file}, locked, passphrase {password}[, {allow_printing}]",
                "slap the code {password} on {file} so randos can't peek[, {allow_printing}]",
                "is there a way to make {file} unreadable for anyone who doesn't type"
                " {password}[? {allow_printing}]",
                "it has my salary in it and the mail is going through three secretaries."
                " safeguard {file} by {password}[, {allow_printing}]",
                "use {password} to shut {file} away from prying eyes[, {allow_printing}]",
                "whoever opens {file} ought to be prompted first, the answer being"
                " {password}[, {allow_printing}]",
                "passcode={password} file={file}[, {allow_printing}]",
                "seal {file}. to unseal: {password}[. {allow_printing}]",
                "they may read {file} on screen if they know {password}, but never put it on"
                " paper{allow_printing=false}. set that up",
            ),
            held_out=(
                "{file} holds private stuff. Guard it with {password}[, {allow_printing}]",
                'require "{password}" before {file} can be read[, {allow_printing}]',
                "can you put {file} behind the password {password}[, {allow_printing}]?",
            ),
        ),
        Tool(
            "redact_text",
            "Black out words in a PDF for good.",
            params=(
                req("file", PDF, "File name, as written"),
                req("terms", listing(TERM, 1, 3), "Words or phrases to remove, as written"),
                opt("whole_words", WHOLE_WORDS, "Whether only whole words match"),
            ),
            phrasings=(
                "redact {terms} in {file}[, {whole_words}]",
                "black out {terms} everywhere in {file}[, {whole_words}]",
                "before we publish {file}, hide {terms}[, {whole_words}]",
                "remove all mentions of {terms} from {file}[, {whole_words}]",
                "Legal asks that {terms} be made unreadable in {file}[, {whole_words}].",
                "{file}: censor {terms}",
                "Could you please obscure {terms} wherever it shows up in {file}[, {whole_words}]?",
                "cover up {terms} in {file} with black bars[, {whole_words}]",
                "{terms} must vanish under black ink, {file}[, {whole_words}]",
                "a journalist asked for {file} and she really shouldn't learn about {terms}."
                " blot it out first[, {whole_words}]",
                "{file} - redactions: {terms}[ - {whole_words}]",
                "Kindly render {terms} permanently illegible throughout {file}[, {whole_words}].",
                "in {file}, strike out {terms} for good[, {whole_words}]",
                "i don't want to protect {file}, i want {terms} gone from it, blacked over[,"
                " {whole_words}]",
                "sharpie time! {terms} in {file}, make it unreadable[, {whole_words}]",
                "would you mind wiping {terms} off the text in {file} so that no one can ever"
                " recover it[, {whole_words}]?",
                "gdpr folks are at the door, so anonymise {file}: {terms}[, {whole_words}]",
                "words nobody may see: {terms}. where: {file}[. how: {whole_words}]",
                "what if {file} leaks? blank out {terms} now[, {whole_words}]",
                "{file} is going to court on monday and my lawyer says {terms} can't be"
                " legible in there, mask that[, {whole_words}]",
                "every place where {terms} shows in {file} should be a dark bar instead[,"
                " {whole_words}]",
            ),
            held_out=(
                "the public copy of {file} must not reveal {terms}[, {whole_words}]",
                "scrub {file} of {terms}[, {whole_words}]",
                "take a black marker to {file} and cross out {terms}[, {whole_words}]",
            ),
        ),
        Tool(
            "request_signature",
            "Send a document to somebody for an electronic signature.",
            params=(
                req("file", PDF, "File name, as written"),
                req("signer", SIGNER, "Name, e-mail address and role of the signer"),
                opt("due", DATE, "Sign by this date, YYYY-MM-DD"),
            ),
            phrasings=(
                "send {file} to {signer.name} (\\({signer.email}\\)|at {signer.email}) for "
                "signature[, due {due}]",
                "get {file} signed by {signer.name}, {signer.email}[, before {due}]",
                "I need {signer.name}'s signature on {file}, the address is {signer.email}[, "
                "role {signer.role}]",
                "Please ask {signer.name} to sign {file}[ as {signer.role}]. E-mail: "
                "{signer.email}[. Deadline {due}]",
                "e-sign request: {file}, {signer.name}, {signer.email}[, {signer.role}][, by "
                "{due}]",
                "{signer.name} still has to sign {file}[ as the {signer.role}], request it via "
                "{signer.email}",
                "could you have {file} signed? it goes to {signer.name} at {signer.email}[ and "
                "must be back by {due}]",
                "signature needed from {signer.name}[, the {signer.role}], on {file}. mail "
                "{signer.email}[, latest {due}]",
                "{signer.email} \\({signer.name}[, {signer.role}]\\) has yet to put pen to"
                " {file}. send it over for signing[, due {due}]",
                "ink wanted: {file}, {signer.name}, {signer.email}[, {due} at the latest]",
                "the deal is done over lunch, all that's lacking is {signer.name}'s autograph"
                " on {file}. reach out via {signer.email}[, no later than {due}]",
                "We would be grateful if {signer.name}[, acting as {signer.role},] could be"
                " invited at {signer.email} to execute {file}[ by {due}].",
                "[by {due}, ]{file} signed, by {signer.name}, contact {signer.email}[,"
                " {signer.role}]",
                "not just for reading, {signer.name} has to sign {file}! it should go to"
                " {signer.email}[, in the role of {signer.role}]",
                "{file} -> {signer.name} <{signer.email}> for e-signature[, deadline {due}]",
                "would {signer.name} kindly countersign {file}? ask at {signer.email}[, and"
                " we need it back by {due}]",
                "chase {signer.name}[, our {signer.role},] for a signature: {file}, mailbox"
                " {signer.email}",
                "nothing is binding till {signer.name} signs {file}, so fire it off to"
                " {signer.email}[, latest date {due}]",
                "john hancock needed on {file}, from {signer.name}, {signer.email}[,"
                " {signer.role}][, {due} being the cutoff]",
                "{signer.name}, {signer.email}[, {signer.role}]: request that {file} be"
                " signed electronically[ before {due} is over]",
                "how about letting {signer.name} sign {file} from home? {signer.email} is"
                " where mail arrives[. last day {due}]",
                "docusign style pls, doc {file}, signatory {signer.name}, mail"
                " {signer.email}[, capacity {signer.role}][, until {due}]",
            ),
            held_out=(
                "{file} isn't valid until {signer.name} puts a name under it, so send it over "
                "to {signer.email} for signing[, no later than {due}]",
                "let {signer.name} sign {file} electronically, write to {signer.email}[; "
                "{signer.role} is the capacity]",
                "have {signer.email} sign {file}, that's {signer.name}[, our {signer.role}][, "
                "and {due} is the cut-off]",
            ),
        ),
        Tool(
            "share_document",
            "Give people access to a document.",
            params=(
                req("file", DOCUMENT, "File name, as written"),
                req("emails", listing(EMAIL, 1, 3), "Addresses of the people"),
                req("permission", PERMISSION, "What they may do"),
                opt("expires_on", DATE, "Last day of access, YYYY-MM-DD"),
            ),
            phrasings=(
                "share {file} with {emails}, they can {permission}[ until {expires_on}]",
                "let {emails} {permission} {file}[ until {expires_on}]",
                "give {emails} access to {file} so they can {permission}[, ending {expires_on}]",
                "{emails} should be able to {permission} {file}[ up to {expires_on}]",
                "Please invite {emails} to {file} with {permission} rights[, valid until "
                "{expires_on}].",
                "access for {emails} on {file}: {permission}[, expires {expires_on}]",
                "can you open {file} up to {emails}? {permission} only[, till {expires_on}]",
                "add {emails} as people who may {permission} {file}",
                "show {file} to {emails}, just reading{permission=view}[, and only until "
                "{expires_on}]",
                "{emails} -> {file}, {permission}[, through {expires_on}]",
                "my co-authors keep nagging me about {file}. grant {emails} the right to"
                " {permission}[ till {expires_on}]",
                "[until {expires_on}, ]what {emails} may do with {file}: {permission}",
                "It would be appreciated if {emails} were authorised, on {file}, to"
                " {permission}[, the authorisation lapsing after {expires_on}].",
                "yo hook {emails} up with {file}, {permission} rights[, gone after {expires_on}]",
                "{permission}, nothing more than that, for {emails} on {file}[, last day"
                " {expires_on}]",
                "look but don't touch{permission=view}: {emails} and {file}[, access ends"
                " {expires_on}]",
                "{emails} should get to scribble remarks in the margin{permission=comment} of"
                " {file}, no changes to the text itself[, up to {expires_on}]",
                "we're writing it together, so {emails} must be able to change the"
                " text{permission=edit} of {file}[ until {expires_on}]",
                "i'm off on holiday soon and somebody will ask for {file}. so share it with"
                " {emails}, who are free to {permission}[, last valid on {expires_on}]",
                "no signature needed, simply let {file} be accessible to {emails} so they may"
                " {permission}[, expiring {expires_on}]",
                "who can open {file}? from now on {emails} too, allowed to {permission}[, and"
                " only through {expires_on}]",
                "collaborators for {file}: {emails}. level: {permission}[. end: {expires_on}]",
                "could {file} be made available to {emails}? what they're supposed to do is"
                " {permission}[, {expires_on} being the final day]",
            ),
            held_out=(
                "{emails} asked to see {file}. They shouldn't change anything, reading is "
                "enough{permission=view}[, ending {expires_on}]",
                "we're writing {file} together with {emails}, so they have to be able to type "
                "in it{permission=edit}",
                "grant {permission} on {file} to {emails}[; take it away after {expires_on}]",
            ),
        ),
        Tool(
            "fill_template",
            "Create a document from a template with a person's details.",
            params=(
                req("template", TEMPLATE, "Name of the template"),
                req("recipient", PERSON, "Name filled in for the recipient"),
                opt("date", DATE, "Date printed on it, YYYY-MM-DD"),
                opt("copies", integer(2, 12), "How many copies"),
                opt("language", LETTER_LANGUAGE, "Language of the text"),
            ),
            phrasings=(
                "make the {template} for {recipient}[, dated {date}][, in {language}]",
                "fill in the {template} template with {recipient}'s name[ and the date {date}]",
                "I need the[ {language}] {template} for {recipient}[, {copies} copies]",
                "prepare {copies} copies of the {template} for {recipient}[, date {date}]",
                "Could you draw up the standard {template}[ in {language}]? It's for "
                "{recipient}[, dated {date}].",
                "{template}, {recipient}[, {date}][, {language}]",
                "generate our usual {template} made out to {recipient}[ as of {date}]",
                "new {template} please. name: {recipient}[. date: {date}][. {copies} copies]",
                "{recipient} is waiting at the counter for the {template}. print it from the"
                " usual form[, dated {date}][, {copies} copies]",
                "{template} x {recipient}[ x {copies} copies][, {language} text]",
                "[{date} on it, ]standard {template}, recipient {recipient}[, {language} wording]",
                "Please be so kind as to issue the {template} in the name of {recipient}[,"
                " worded in {language}][, bearing the date {date}].",
                "don't write anything from scratch, take the {template} form and pop"
                " {recipient} in as the name[, {copies} times]",
                "oh no, i forgot {recipient}! quickly complete the {template} form with that"
                " name[ and {date} as its date]",
                "[in {language}, ]for {recipient}: our {template}[, {copies} prints]",
                "is there some {template} master lying around that could be personalised for"
                " {recipient}[? {copies} copies, please]",
                "the one with the blanks, {template}, put {recipient} where the name goes[,"
                " {date} where the date goes]",
                "same boilerplate as always, {template}, addressee {recipient}[, language"
                " {language}][, date {date}]",
                "{recipient} called this morning and was promised the {template}, so whip it"
                " up from our standard one[ in {language}][, {copies} identical copies]",
                "any chance of the {template} being run off the stock form with {recipient}"
                " on it[ and {date} as the day]?",
                "populate {template} <- {recipient}[, {date}][, {language}]",
                "once for the archive and once for the customer{copies=2}: the {template},"
                " completed for {recipient}[, in {language}]",
            ),
            held_out=(
                "{recipient} asked for our {template}[ in {language}], run off the usual one[ "
                "with {date} on it]",
                "write up the {template} we always use, {recipient} goes in the name field[, "
                "{copies} of them]",
                "take the {template} form and complete it for {recipient}[, {date} at the top]",
            ),
        ),
    ),
)

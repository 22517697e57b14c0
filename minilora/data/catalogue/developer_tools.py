"""Working on code: branches, pull requests, issues, search, tests, dependencies, releases."""

from dataclasses import replace

from minilora.data.kinds import DATE, USERNAME, VERSION, choice, flag, integer, listing, span
from minilora.data.material import Domain, Tool, opt, req

BRANCH = replace(
    span("feature/login-redesign", "fix/null-cart", "dark-mode", "hotfix/tz-bug",
    "chore/bump-eslint", "spike-wasm", "feature/oauth2", "bugfix/unicode-names", "refactor-billing",
    "perf/lazy-images", "docs/getting-started", "anna/try-sqlite", "issue-4411", "wip",
    "feat/export-csv", "experiment/o3-cache"), copied="code",
)  # fmt: skip
TRUNK = span(
    "main", "master", "develop", "release/2.4", "staging", "next", "trunk", "stable",
    "release/2026-q1", "integration", "v3-maintenance", "gh-pages",
)  # fmt: skip
TITLE = span(
    "Fix rounding in invoice totals", "Add dark mode toggle", "Crash on empty cart",
    "Typo in README", "Support ISO week numbers", "Don't swallow timeouts",
    "Logout button does nothing on Safari", "Drop Python 3.9", "Remove unused feature flags",
    "Search ignores accents like é and ñ", "Speed up cold start", "Retry uploads",
    "Memory grows without bound in the worker", "Make the date picker keyboard accessible",
    "Flaky test in scheduler", "i18n", "Wrong VAT for Ireland", "Cache avatars",
)  # fmt: skip
REPOSITORY = span(
    "acme/storefront", "billing-core", "mobile-app", "infra/terraform-modules", "docs-site",
    "kestrel", "datascience-notebooks", "octo/hello-world", "design-system", "payments",
    "internal/cli", "lumière-engine",
)  # fmt: skip
CODE_PATTERN = replace(
    span("getUserById", "TODO", "retry_count", "SELECT * FROM users", "console.log",
    "MAX_UPLOAD_SIZE", "def parse_date", "@deprecated", "localhost:8080", "Thread.sleep",
    "useEffect",
    "unwrap()", "NotImplementedError", "api_key", "FIXME: race", "legacyCheckout"), copied="code",
)  # fmt: skip
CODE_PATH = replace(
    span("src/cart.ts", "app/models/user.rb", "lib/parser.py", "cmd/server/main.go", "README.md",
    "src/lib.rs", "tests/test_dates.py", "web/src/App.tsx", "Makefile", "billing/tax.py",
    "core/Engine.java", "scripts/deploy.sh", "src/net/socket.c", "pages/index.vue"), copied="code",
)  # fmt: skip
FOLDER = span(
    "src/", "tests/unit", "tests/integration", "packages/ui", "billing", "app/models", "e2e",
    "lib/parser", "services/auth", "tests/test_dates.py", "frontend", "cmd", "the api folder",
)  # fmt: skip
PACKAGE = replace(
    span("lodash", "requests", "serde", "react-dom", "numpy", "spring-boot-starter-web", "rails",
    "left-pad", "pydantic", "tokio", "@types/node", "jackson-databind", "nokogiri", "eslint",
    "pillow", "urllib3"), copied="code",
)  # fmt: skip
SYMBOL = replace(
    span("getUser", "parse_date", "OrderService", "tmp", "MAX_RETRIES", "handleClick", "isValid",
    "Foo", "calc_vat", "UserDTO", "fetchAll", "do_stuff", "data2", "render_page"), copied="code",
)  # fmt: skip
NEW_SYMBOL = replace(
    span("load_account", "parseIsoDate", "CheckoutService", "pending_rows", "RETRY_LIMIT",
    "onSubmit", "is_complete", "InvoiceBuilder", "compute_tax", "AccountView", "listOrders",
    "syncInventory", "cleaned_rows", "drawScene"), copied="code",
)  # fmt: skip
LABEL = choice(
    "bug", "enhancement", "documentation", "security", "performance", "question",
    spoken={"documentation": ["documentation", "docs"], "performance": ["performance", "perf"]},
)  # fmt: skip
DRAFT = flag(
    yes=["as a draft", "still a draft", "mark it as draft"], no=["ready for review", "not a draft"],
)  # fmt: skip
LANGUAGE = choice("python", "typescript", "go", "rust", "java", "ruby")
MATCH_CASE = flag(
    yes=["case sensitive", "matching case", "exact case please"],
    no=["ignoring case", "case insensitive", "upper or lower case"],
)  # fmt: skip
COVERAGE = flag(
    yes=["with coverage", "and measure coverage"], no=["without coverage", "no coverage report"],
)  # fmt: skip
STOP_ON_FAILURE = flag(
    yes=["stop at the first failure", "bail out on the first error"],
    no=["keep going after failures", "don't stop when one fails"],
)  # fmt: skip
DEV_ONLY = flag(
    yes=["it's a dev dependency", "for development only"],
    no=["it's a runtime dependency", "production code needs it"],
)  # fmt: skip
PRERELEASE = flag(
    yes=["as a pre-release", "mark it as a prerelease"],
    no=["as a full release", "not a pre-release"],
)  # fmt: skip
SCOPE = choice(
    "file", "module", "project", spoken={"file": ["this file", "the current file"],
    "module": ["this module"], "project": ["the whole project", "the entire code base"]},
)  # fmt: skip
IGNORE_WHITESPACE = flag(
    yes=["ignoring whitespace changes", "skip pure formatting commits"],
    no=["counting whitespace changes too"],
)  # fmt: skip

DOMAIN = Domain(
    name="developer_tools",
    title="Working on source code",
    tools=(
        Tool(
            "create_pull_request",
            "Open a pull request from one branch into another.",
            params=(
                req("source_branch", BRANCH, "Branch with the changes"),
                req("title", TITLE, "Title of the pull request"),
                opt("target_branch", TRUNK, "Branch to merge into"),
                opt("reviewers", listing(USERNAME, 1, 3), "User names asked to review"),
                opt("draft", DRAFT, "Whether it is a draft"),
            ),
            phrasings=(
                'open a PR from {source_branch}[ into {target_branch}] titled "{title}"[, {draft}]',
                "pull request: {source_branch}[ -> {target_branch}], {title}[, reviewers "
                "{reviewers}]",
                "I'm done with {source_branch}, please put up a pull request[ against "
                "{target_branch}] called '{title}'[ and ask {reviewers} for a review]",
                "could you propose merging {source_branch}[ to {target_branch}]? Title: "
                '"{title}"[, {draft}]',
                "raise a merge request for {source_branch}, title {title}[, {draft}][, assign "
                "{reviewers} to look at it]",
                "let's get {source_branch} reviewed[ by {reviewers}]: open a PR named "
                '"{title}"[ with base {target_branch}]',
                "PR time! branch {source_branch}[, base {target_branch}], heading '{title}'[, "
                "{draft}]",
                "Please submit {source_branch} for merging[ into {target_branch}] under the "
                "title {title}[; {reviewers} should review it]",
                "finally done after three coffees. {source_branch} can go up for merging,"
                ' headline "{title}"[, base {target_branch}][, with {reviewers} checking]',
                '"{title}", that\'s the PR, changes live on {source_branch}[, {reviewers} to'
                " look them over]",
                "PR / {source_branch}[ / {target_branch}] / {title}[ / {draft}]",
                "Would you be so kind as to submit {source_branch} for review[ by"
                ' {reviewers}] under the heading "{title}"[, the destination being'
                " {target_branch}]?",
                "[into {target_branch}, please: ]a merge request coming from {source_branch},"
                " named '{title}'[, {draft}]",
                "[{reviewers} asked what I've been up to all week, so request their review."
                ' ]pull request off {source_branch}, it reads "{title}"[, {draft}]',
                'gimme a PR for {source_branch} will ya, slap "{title}" on top[ and ping'
                " {reviewers}]",
                'don\'t merge {source_branch} yet, just open the pull request, "{title}"[,'
                " aimed at {target_branch}]",
                "far from finished but i want early eyes on it: put {source_branch} up as a"
                " draft{draft=true} PR, '{title}'[ with {target_branch} at the receiving end]",
                "how about proposing {source_branch}[ for inclusion in {target_branch}]? call"
                ' the proposal "{title}"[ and get {reviewers} to check it]',
                'hooray, it compiles! MR "{title}", head {source_branch}[, base'
                " {target_branch}][; invite {reviewers}]",
                "the build is green and my laptop battery is at two percent, so quickly, PR"
                ' from {source_branch}[ towards {target_branch}], title "{title}"[, {draft}]',
                'title "{title}"[, target {target_branch}], source {source_branch}[,'
                " reviewers {reviewers}], create the merge request",
                "i pushed everything to {source_branch} last night. teammates should be able"
                " to approve it as pull request '{title}'[, {draft}]",
            ),
            held_out=(
                "my work on {source_branch} can go up for review now[, {draft}], name it "
                '"{title}"[, against {target_branch}]',
                "can I get eyes on {source_branch}? PR it as '{title}'[, {reviewers} know this "
                "code]",
                "send the commits of {source_branch} for approval[ to land on "
                '{target_branch}]; the subject line is "{title}"',
            ),
        ),
        Tool(
            "open_repo_issue",
            "File an issue in a repository.",
            params=(
                req("repository", REPOSITORY, "Repository, as written"),
                req("title", TITLE, "Title of the issue"),
                opt("labels", listing(LABEL, 1, 2), "Labels to attach"),
                opt("assignee", USERNAME, "User name of who should take it"),
            ),
            phrasings=(
                'file an issue in {repository}: "{title}"[, labelled {labels}][, assigned to '
                "{assignee}]",
                "new issue on {repository}, {title}[( \\({labels}\\)|, labels {labels})]",
                "[Hi, ]please log this against {repository}: {title}[. {assignee} can take it]",
                'I found something in {repository}, track it as "{title}"[ with the {labels} '
                "label][ and give it to {assignee}]",
                "could we have a ticket in the {repository} repo called '{title}'[, owner "
                "{assignee}]?",
                'report to {repository}[, tagged {labels}]: "{title}"',
                "{repository} needs an issue about this, title {title}[, tag it {labels}][, "
                "for {assignee}]",
                "before I forget, {repository} issue: {title}[. label {labels}]",
                '"{title}" <- log that as a ticket on {repository}[, {labels}]',
                'users keep shouting at us on the forum. put "{title}" into the {repository}'
                " tracker[ and hand it to {assignee}]",
                "{repository} / issue / {title}[ / {labels}][ / {assignee}]",
                'Might I trouble you to record the following with {repository}: "{title}"[,'
                " categorised as {labels}]?",
                'not a PR, only a ticket: {repository}, "{title}"[, taken by {assignee}]',
                "ugh, {repository} strikes again! write it up as '{title}'[, labels"
                " {labels}][, on {assignee}'s plate]",
                "somebody should look at {repository} eventually so nobody forgets:"
                ' "{title}", raise an issue[, tagged {labels}]',
                "[give {assignee} something to do: ]a fresh issue for {repository} which says"
                ' "{title}"[, marked {labels}]',
                '[{labels}, that\'s the label. ]the issue text is "{title}" and it belongs in'
                " {repository}[, assignee {assignee}]",
                "i promised the customer we'd keep track of it, so a tracker entry in"
                ' {repository} named "{title}" would be great[, {assignee} owns it]',
                "is it ok to drop a ticket on the {repository} folks? it'd be called"
                " '{title}'[ and carry {labels}]",
                'we spotted a defect{labels=["bug"]} in {repository} during the demo, get it'
                ' into the tracker as "{title}"[ for {assignee}]',
                'todo for {repository}[, assigned {assignee}]: an issue headed "{title}"[,'
                " category {labels}]",
                'jot it down on the {repository} issue board, "{title}"[, filed under {labels}]',
            ),
            held_out=(
                'someone should look at {repository}. write it up as "{title}"[ under '
                "{labels}][, and ping {assignee} as the owner]",
                "add '{title}' to the {repository} backlog[, {assignee} will own it]",
                'can you note down a problem for {repository}? call it "{title}"[ and stick '
                "{labels} on it]",
            ),
        ),
        Tool(
            "search_code",
            "Find text in the source code.",
            params=(
                req("pattern", CODE_PATTERN, "Text to find, copied as written"),
                opt("folder", FOLDER, "Only below this folder"),
                opt("language", LANGUAGE, "Only in files of this language"),
                opt("match_case", MATCH_CASE, "Whether case must match"),
            ),
            phrasings=(
                'search the code for "{pattern}"[ in {folder}][, {match_case}]',
                "grep {pattern}[ under {folder}][, {language} files only]",
                "where do we use {pattern}[ in our {language} code]?",
                "find every occurrence of {pattern}[ below {folder}][, {match_case}]",
                "I wonder who still relies on '{pattern}', look it up in the sources[, just "
                "{language}]",
                "show me all the places with {pattern}[ in {folder}]",
                "Could you list the[ {language}] files[ in {folder}] that contain "
                '"{pattern}"?[ {match_case}]',
                "is {pattern} mentioned anywhere[ inside {folder}][, {match_case}]?",
                "i swear i saw {pattern} somewhere, just can't recall the file[. try"
                " {folder}][, {match_case}]",
                "{pattern}: hits?[ {folder} only][, {match_case}]",
                '"{pattern}", which files have it[, {language} ones]',
                'Would it be possible to locate the string "{pattern}"[ within {folder}][,'
                " {match_case}]?",
                "[in {folder}, ]hunt down {pattern}[, skip anything that isn't {language}]",
                "got a weird log line from production and it has to originate with {pattern}."
                " dig it out of the codebase[, {match_case}]",
                'don\'t change anything, i only want to see the lines having "{pattern}" in'
                " them[ in {language} files]",
                "rg '{pattern}'[ {folder}][ # {language}][ # {match_case}]",
                "does anything still call {pattern}[ over in {folder}]? scan for it[,"
                " {match_case}]",
                "the new intern asked what {pattern} is for and I drew a blank. where does it"
                " turn up[ among the {language} files]?",
                "[{language} sources, ][{match_case}, ]look for the text {pattern}",
                "track down all spots that say {pattern}!!![ {folder}, nowhere else]",
                "how many times does our code base mention '{pattern}'[, looking at"
                " {language} only][, {match_case}]",
                "text search over the repo[, restricted to {folder}]: {pattern}[, {language}]",
            ),
            held_out=(
                "hunt down {pattern} for me[, only {language} sources][, {match_case}]",
                'which lines[ in {folder}] have "{pattern}" in them?',
                "before I delete it: does anything[ written in {language}] still say {pattern}?",
            ),
        ),
        Tool(
            "run_test_suite",
            "Run automated tests.",
            params=(
                req("target", FOLDER, "Folder or file with the tests"),
                opt("workers", integer(2, 16), "How many processes run in parallel"),
                opt("coverage", COVERAGE, "Whether to measure coverage"),
                opt(
                    "stop_on_failure", STOP_ON_FAILURE, "Whether to stop at the first failing test"
                ),
            ),
            phrasings=(
                "run the tests in {target}[ {coverage}][, {stop_on_failure}]",
                "test {target}[ on {workers} workers][ {coverage}]",
                "did I break anything in {target}? run its tests[, {stop_on_failure}]",
                "[please ]execute the test suite for {target}[ using {workers} processes][, "
                "{coverage}]",
                "Check that {target} is still green[; use {workers} parallel jobs][; "
                "{stop_on_failure}].",
                "pytest {target}[ -n {workers}][, {stop_on_failure}]",
                "kick off tests, {target} only[, {workers} at a time][, {coverage}]",
                "I'd feel better if {target} were tested once more[, {coverage},] before we merge",
                "{target} tests, go[, {coverage}][, {stop_on_failure}]",
                "let's see if {target} survives my changes, fire up its specs[, {workers} in"
                " parallel]",
                "before I go to bed I want to know that {target} passes[, {coverage}]. could"
                " you try it[, {stop_on_failure}]?",
                "[{workers} workers, ]{target}, automated checks, start them[, {stop_on_failure}]",
                "Kindly verify {target} by means of its unit tests[, {coverage}][,"
                " distributed over {workers} processes].",
                "moment of truth! fingers crossed, run whatever tests live in {target}[,"
                " {stop_on_failure}]",
                "red or green? {target}[, {workers} jobs at once][, {coverage}]",
                "i refactored half of it on the train and don't trust myself. put {target}"
                " through its tests[ {coverage}]",
                "not the complete suite, merely {target}. run it[, {stop_on_failure}][,"
                " spread across {workers} processes]",
                "test run: {target}[; parallel {workers}][; {coverage}][; {stop_on_failure}]",
                "are the tests of {target} passing right now[? {coverage}][? {workers}"
                " workers can share the load]",
                "[split it over {workers} processes and ]check for regressions with the tests"
                " from {target}[, {coverage}]",
                "give {target} a spin in the test runner and bail out as soon as one"
                " breaks{stop_on_failure=true}[, {workers} workers]",
                "what percentage of the lines do the tests in {target} exercise? measure"
                " it{coverage=true} while they run[, {stop_on_failure}]",
            ),
            held_out=(
                "give {target} a spin through the tests[, {coverage}][, {stop_on_failure}]",
                "are we good on {target}? let the checks run[ with {workers} in parallel]",
                "verify {target} by running whatever tests it has[, {stop_on_failure}]",
            ),
        ),
        Tool(
            "create_branch",
            "Create a new git branch.",
            params=(
                req("name", BRANCH, "Name of the new branch"),
                opt("from_branch", TRUNK, "Branch to start from"),
            ),
            phrasings=(
                "create a branch {name}[ from {from_branch}]",
                "branch off[ {from_branch}] as {name}",
                "new branch please, {name}[, based on {from_branch}]",
                "I'm starting something new, could you make me a branch called {name}[ off "
                "{from_branch}]?",
                "git checkout -b {name}[ {from_branch}]",
                "start {name}[ with {from_branch} as its base]",
                "set me up with a fresh branch[ cut from {from_branch}], name it {name}",
                "we need a place for this work. Add {name} as a branch[ on top of {from_branch}].",
                "{name}, new branch[, parent {from_branch}]",
                "i don't want to mess up anybody's work, so give me my own branch, {name}[,"
                " starting at {from_branch}]",
                "[from {from_branch}, ]fork off a branch and label it {name}",
                "Would you please establish a branch bearing the name {name}[, derived from"
                " {from_branch}]?",
                "no pull request yet, first i need the branch itself: {name}[ off {from_branch}]",
                "git switch -c {name}[ {from_branch}]",
                "the ticket landed on my desk five minutes ago and there's no branch for it."
                " {name} would be a fitting one[, grown out of {from_branch}]",
                "yo spin up branch {name}[ outta {from_branch}]",
                "does {name} exist as a branch? it doesn't, so make it[, taking {from_branch}"
                " as the starting point]",
                "[{from_branch} is where it should split from. ]branch name: {name}. create,"
                " thanks!",
                "time to experiment! let there be a branch {name}[ sprouting from {from_branch}]",
                "my changes want a separate line of development, {name} by name[, with"
                " {from_branch} underneath]",
                "branch creation // {name}[ // base {from_branch}]",
                "could branch {name} be opened for me[, copied from {from_branch}]? i begin"
                " coding after lunch",
            ),
            held_out=(
                "fork[ {from_branch}] into a line of its own, {name}",
                "my changes should live on {name}, which doesn't exist yet[; take "
                "{from_branch} as the starting point]",
                "let there be {name}[, split from {from_branch}]",
            ),
        ),
        Tool(
            "update_dependency",
            "Change the version of a third-party package.",
            params=(
                req("package", PACKAGE, "Name of the package"),
                opt("version", VERSION, "Version wanted, as written; left out means the newest"),
                opt("dev_only", DEV_ONLY, "Whether only developers need it"),
                opt("repository", REPOSITORY, "Repository to change"),
            ),
            phrasings=(
                "update {package}[ to {version}][ in {repository}]",
                "bump {package}[ -> {version}]",
                "{package} is ancient[ in {repository}], upgrade it[ to {version}]",
                "[please ]move {package} up[ to version {version}][, {dev_only}]",
                "there is a CVE in {package}. Could you get us[ in {repository}] onto {version}?",
                "pin {package} at {version}[ in {repository}][, {dev_only}]",
                "dependency update: {package}[ {version}][, {dev_only}][, repo {repository}]",
                "can we use the newest {package}[ in {repository}]?",
            ),
            held_out=(
                "our copy of {package} is behind, bring it up to date[, {version} will do][; "
                "{dev_only}]",
                "dependabot keeps nagging[ on {repository}] about {package}[; {version} is "
                "what it wants], just do it",
                "switch the {package} requirement[ in {repository}] over to {version}",
            ),
        ),
        Tool(
            "tag_release",
            "Tag a release of a repository.",
            params=(
                req("repository", REPOSITORY, "Repository to release"),
                req("version", VERSION, "Version of the release, as written"),
                opt("release_date", DATE, "Date of the release as YYYY-MM-DD"),
                opt("prerelease", PRERELEASE, "Whether it is a pre-release"),
            ),
            phrasings=(
                "tag {repository} {version}[ {prerelease}]",
                "cut a release of {repository}, {version}[, dated {release_date}]",
                "release {version} for {repository}[, {prerelease}]",
                "Please publish {repository} as {version}[ on {release_date}][, {prerelease}].",
                "we're done with the milestone, so make {version} official in {repository}[, "
                "{prerelease}]",
                "new release! {repository}, version {version}[, date it {release_date}]",
                "could you draft the {version} release in {repository}[ with date {release_date}]?",
                "stamp the current state of {repository} with {version}[, {prerelease}]",
                "{version} is ready to ship! tag it in {repository}[, {prerelease}]",
                "{repository} @ {version}, tag[, {release_date}][, {prerelease}]",
                "the team has been on this for months and champagne is in the fridge."
                " {repository} may now become {version}[, release date {release_date}]",
                "Would you kindly mark {repository} as released under number {version}[, with"
                " {release_date} as the date][, {prerelease}]?",
                "[date {release_date}, ]tag name {version}, repo {repository}[, {prerelease}]",
                "not a new branch, a release tag: {version}, on {repository}[, bearing"
                " {release_date}]",
                "ship {repository}! it goes out under the number {version}[, {prerelease}]",
                "early adopters are begging for a beta{prerelease=true}, so let {repository}"
                " have {version}[, dated {release_date}]",
                "qa signed off this morning, thus {repository} gets its {version} tag[,"
                " {prerelease}]",
                "git tag {version} in {repository}[, and write {release_date} next to it]",
                "is it possible to put the {version} label on {repository} so it counts as"
                " released[, {prerelease}]?",
                "bump to {version} and let the world have it. the repo is {repository}[, the"
                " day {release_date}]",
                "[{prerelease}, ]roll out {version} of {repository} as a tagged release[,"
                " {release_date}]",
                "make it happen, {repository} goes {version}[, {prerelease}][, with"
                " {release_date} on the tag]",
            ),
            held_out=(
                "{repository} goes {version}[ on {release_date}], do the tag[, {prerelease}]",
                "what we have in {repository} now shall be called {version}[, {prerelease}]",
                "time for a new version of {repository}: {version}[, officially from "
                "{release_date}]",
            ),
        ),
        Tool(
            "rename_symbol",
            "Rename a function, class or variable everywhere it is used.",
            params=(
                req("old_name", SYMBOL, "Present name"),
                req("new_name", NEW_SYMBOL, "New name"),
                opt("scope", SCOPE, "Where to rename"),
            ),
            phrasings=(
                "rename {old_name} to {new_name}[ in {scope}]",
                "rename: {old_name} -> {new_name}[, {scope}]",
                "I hate the name {old_name}, call it {new_name} instead[ across {scope}]",
                "please change {old_name} into {new_name}[ throughout {scope}]",
                "refactor: {old_name} becomes {new_name}[ within {scope}]",
                "Could {old_name} be called {new_name} from now on[ in {scope}]?",
                "use {new_name} rather than {old_name} as the identifier[ in {scope}]",
                "nobody understands what {old_name} means, {new_name} says it better, so "
                "rename it[, {scope}]",
                "{old_name} => {new_name}[, {scope}], definition plus callers",
                "our linter whines about {old_name}. give it the name {new_name}[ across {scope}]",
                "{new_name} is what it ought to be called, not {old_name}. fix that[ in {scope}]",
                "Might the identifier {old_name} be replaced with {new_name}[, the extent"
                " being {scope}]?",
                "whoever came up with {old_name} was clearly sleepy! new identifier:"
                " {new_name}[, {scope}]",
                "[all over {scope}, ]whatever reads {old_name} should read {new_name}, keep"
                " the code compiling",
                "i can never remember what {old_name} does, {new_name} would ring a bell."
                " swap the names[, {scope}]",
                "from {old_name} to {new_name}, references included[, limited to {scope}]",
                "don't just search for {old_name}, turn every use of it into {new_name}["
                " within {scope}]",
                "sed-style but smart pls: {old_name}/{new_name}[, covering {scope}]",
                "the function once known as {old_name} goes by {new_name} in our design doc,"
                " align the code[ throughout {scope}]",
                "symbol {old_name}, new identifier {new_name}[, range {scope}]",
                "is there a way to give {old_name} a nicer name? {new_name} sounds right to"
                " me[, and do it for {scope}]",
                "marketing rebranded the feature last week and so {old_name} has to turn into"
                " {new_name}, absolutely everywhere in the repo{scope=project}",
            ),
            held_out=(
                "give {old_name} a better name, namely {new_name}[, for {scope}]",
                "all those {old_name}s ought to read {new_name}[ in {scope}]",
                "{new_name} should replace the identifier {old_name}[ all over {scope}]",
            ),
        ),
        Tool(
            "blame_line",
            "Show who last changed a line of a file.",
            params=(
                req("path", CODE_PATH, "Path of the file"),
                req("line", integer(2, 900), "Line number, counted from 1"),
                opt("branch", TRUNK, "Branch to look at"),
                opt("ignore_whitespace", IGNORE_WHITESPACE, "Whether to skip whitespace changes"),
            ),
            phrasings=(
                "who wrote line {line} of {path}[ on {branch}]?",
                "git blame {path} line {line}[, {ignore_whitespace}]",
                "blame {path}:{line}[ on {branch}]",
                "I'd like to know who last touched {path} at line {line}[, {ignore_whitespace}]",
                "there's a strange condition in {path}, line {line}[( \\({branch}\\)|, branch "
                "{branch})]. whose is it?",
                "tell me the author of line {line} in {path}[, {ignore_whitespace}]",
                "Which commit[ on {branch}] is responsible for {path} line {line}?",
                "line {line}, {path}: who and when[, {ignore_whitespace}]",
                "{path} {line} who dunnit[, {ignore_whitespace}]",
                "production fell over because of line {line} in {path}. who put it there[,"
                " {ignore_whitespace}]?",
                "{path}, line {line}[, {branch} branch], last author",
                "Would you be able to ascertain whose change is the latest on line {line} of"
                " the file {path}[, {ignore_whitespace}]?",
                "[on {branch}, ]line no. {line}, file {path}: whose handiwork is it",
                "i want a name! somebody broke {path} at {line}[, {ignore_whitespace}]",
                "i'm not after the file's full history, merely the last edit to line {line}"
                " of {path}[ as seen on {branch}]",
                "git blame -L {line},{line} {path}[ on {branch}][, {ignore_whitespace}]",
                "before i delete line {line} from {path} i'd love to ask the person behind"
                " it. find out who[, {ignore_whitespace}]",
                "{line} is the line, {path} is the file[, {branch} is the branch], and the"
                " culprit is?",
                "there's a magic number nobody can explain sitting in {path} on line {line}."
                " which colleague edited it most recently[, {ignore_whitespace}]?",
                "annotate {path} at line {line}[, {branch}][, {ignore_whitespace}]",
                "[looking at {branch}, ]whom do i thank for {path} line {line}?",
                "curious who slipped that odd comment into {path}, row {line}[,"
                " {ignore_whitespace}]",
            ),
            held_out=(
                "what genius put that on line {line} of {path}[ over on {branch}]?",
                "I have a question about {path} row {line}, whom should I ask[, "
                "{ignore_whitespace}]?",
                "find the person behind {path} at line {line}[ in {branch}]",
            ),
        ),
    ),
)

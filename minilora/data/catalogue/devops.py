"""Running services: deployments, scaling, logs, incidents, alerts, maintenance, firewalls."""

from dataclasses import replace

from minilora.data.kinds import (
    DATETIME,
    DURATION_MIN,
    IP,
    PERSON,
    VERSION,
    Draw,
    choice,
    flag,
    integer,
    listing,
    optional,
    record,
    said_as,
    span,
)
from minilora.data.material import Domain, Tool, opt, req


def _port(draw: Draw) -> tuple[int, str]:
    """Return a port number, well-known ones more often."""
    known = [22, 25, 53, 80, 123, 443, 1433, 3000, 3306, 5432, 5672, 6379, 8080, 8443, 9200, 27017]
    port = draw.weighted((3, draw.rng.choice(known)), (2, draw.rng.randint(1024, 49151)))
    return port, str(port)


SERVICE = span(
    "checkout-api", "billing-worker", "auth", "search-indexer", "web-frontend", "payments-gateway",
    "notification-service", "image-resizer", "user-profile", "inventory-sync", "graphql-gateway",
    "report-builder", "legacy-soap-bridge", "cron-runner", "redis-cache", "kafka-consumer-eu",
    "session-store", "pdf-renderer", "ledger", "catalog-v2", "fraud-scoring", "webhooks",
    "müller-erp-connector", "geo", "mail-relay-02",
)  # fmt: skip
INCIDENT = span(
    "checkout returns 502", "login page is blank", "emails delayed by hours", "data centre on fire",
    "customers see each other's invoices", "search is down", "database failover in Frankfurt",
    "card payments declined", "DNS", "API latency through the roof", "disk full on node 7",
    "mobile app crashes at start", "CDN serving stale images", "webhooks firing twice",
    "expired certificate on the partner portal", "nobody can reset a password",
)  # fmt: skip
REASON = span(
    "a memory leak", "broken carts", "kernel patches", "failed logins", "a vendor request",
    "timeouts everywhere", "a wrong config", "the disk swap", "O'Hara's migration script",
    "a failed health check", "moving to Postgres 16", "the audit", "a tripled error rate",
    "swapping the load balancer", "data loss", "Kundenbeschwerden",
)  # fmt: skip
LOG_TEXT = replace(
    span("timeout", "NullPointerException", "connection refused", "order 88213", "OOMKilled",
    "deadlock", "ECONNRESET", "user not found", "rate limit", "SSL handshake failed",
    "retrying in 5s", "429", "jwt expired", "panic", "trace id 4be1"), copied="code",
)  # fmt: skip
ENVIRONMENT = choice(
    "production", "staging", "development", "qa",
    spoken={"production": ["production", "prod", "live"],
    "staging": ["staging", "the staging environment", "stage"],
    "development": ["development", "dev", "the dev environment"],
    "qa": ["qa", "the QA environment"]},
)  # fmt: skip
SEVERITY = choice(
    "sev1", "sev2", "sev3", "sev4", spoken={"sev1": ["sev1", "sev 1", "severity one"],
    "sev2": ["sev2", "sev 2", "severity two"], "sev3": ["sev3", "sev 3", "severity three"],
    "sev4": ["sev4", "sev 4", "severity four"]},
)  # fmt: skip
METRIC = choice(
    "cpu_percent", "memory_percent", "disk_percent", "error_rate_percent", "latency_ms",
    "queue_depth", spoken={"cpu_percent": ["CPU", "cpu usage", "processor load"],
    "memory_percent": ["memory", "RAM usage", "memory use"], "disk_percent": ["disk usage", "disk"],
    "error_rate_percent": ["error rate", "the share of failed requests"],
    "latency_ms": ["latency", "response time"], "queue_depth": ["queue depth", "the queue length"]},
)  # fmt: skip
PORT = said_as({"type": "integer", "minimum": 1, "maximum": 65535}, _port)
RULE = record(
    port=PORT, protocol=optional(choice("tcp", "udp", spoken={"tcp": ["TCP", "tcp"],
    "udp": ["UDP", "udp"]})), source=optional(IP),
)  # fmt: skip
STRATEGY = choice(
    "rolling", "blue_green", "canary", spoken={"blue_green": ["blue-green", "blue green"]},
)  # fmt: skip
GRACEFUL = flag(
    yes=["gracefully", "letting open requests finish", "drain it first"],
    no=["without draining", "forcefully", "don't wait for open requests"],
)  # fmt: skip
LEVEL = choice(
    "debug", "info", "warning", "error", spoken={"warning": ["warning", "warn"],
    "error": ["error", "ERROR"]},
)  # fmt: skip
DIRECTION = choice(
    "above", "below", spoken={"above": ["above", "over", "past"], "below": ["below", "under"]},
)  # fmt: skip
NOTIFY_USERS = flag(
    yes=["and tell the users", "with a notice to users", "warn our users"],
    no=["without telling users", "no notice to users", "users needn't know"],
)  # fmt: skip
ACTION = choice(
    "allow", "deny", spoken={"allow": ["allow", "permit"], "deny": ["deny", "block", "drop"]},
)  # fmt: skip

DOMAIN = Domain(
    name="devops",
    title="Running services in production",
    tools=(
        Tool(
            "deploy_service",
            "Roll out a version of a service to an environment.",
            params=(
                req("service", SERVICE, "Name of the service"),
                req("version", VERSION, "Version to roll out, as written"),
                req("environment", ENVIRONMENT, "Where to deploy"),
                opt("strategy", STRATEGY, "How traffic moves to the new version"),
            ),
            phrasings=(
                "deploy {service} {version} to {environment}[ with a {strategy} rollout]",
                "[could you |please ]ship version {version} of {service} to {environment}[, "
                "{strategy} please]",
                "{service} {version} passed review, get it onto {environment}[ as a {strategy} "
                "deployment]",
                "push {version} of {service} out to {environment}[, {strategy} style]",
                "we promised the client {service} would be on {version} today. (Can|Will) you "
                "put it on {environment}[ using {strategy}]?",
                "release {service} at {version}, target {environment}[, strategy {strategy}]",
                "[Hi, ]QA signed off. Please go ahead with {version} of {service} for "
                "{environment}[; make it a {strategy} release]. Thanks!",
                "I'd like {environment} to run {service} {version}[, and do it as a {strategy} "
                "rollout]",
                "time to get {version} live for {service}{environment=production}[, {strategy} "
                "so nobody notices]",
                "{environment}: {service} -> {version}[, {strategy}]",
                "{service} {version} goes live in {environment}[, {strategy}]",
                "ship {version} of {service} onto {environment}[ with a {strategy} approach]",
                "{environment} should be running {service} {version}[, {strategy}]",
                "push {service}@{version} > {environment}[ \\({strategy}\\)]",
                "tests are green, let {version} of {service} loose on {environment}[, {strategy}]",
                "put {version} out for {service}, {environment}[, {strategy} please]",
                "{service} is still on the old build in {environment}; give it {version}[,"
                " {strategy}]",
                "Kindly release {service} {version} to {environment}[ using {strategy}].",
                "new build {version}, {service}, {environment}, send it out[, {strategy}]",
                "the intern baked cookies and the build went green, so off goes {service}"
                " {version} to {environment}[, {strategy}]",
                "Would you be so kind as to install build {version} of {service} in"
                " {environment}[, by way of a {strategy} rollout]?",
                "not a rollback, a brand new build: {service} {version}, {environment}[,"
                " {strategy}]",
                "upgrade {service} on {environment} to {version}[, {strategy}]",
                "real customers should be given the new {version} of"
                " {service}{environment=production}[, {strategy} please]",
                "the qa folks are waiting for the fresh {service} build{environment=qa},"
                " {version}, hand it to them[, {strategy} if you please]",
                "[{strategy} rollout: ]{service} up to {version} on {environment}",
                "what's keeping the new {version} of {service} from {environment}? nothing i"
                " hope, so send it there[, {strategy}]",
                "yeet {service} {version} into {environment}[, {strategy}]",
                "onto the pre-production copy{environment=staging} goes the fresh {service}"
                " {version}[, {strategy}]",
                "after three weeks of review hell {service} is finally ready. tag {version},"
                " destination {environment}[, {strategy}]",
                "a small slice of traffic tries it first{strategy=canary}: {service}"
                " {version} out to {environment}",
                "freshly built and wanted on {environment}: {service}, tag {version}[,"
                " {strategy} mode]",
            ),
            held_out=(
                "the new {service} build, {version}, should be what {environment} is running "
                "by lunch[, go {strategy}]",
                "upgrade {service} on {environment}, we want {version} there[ via {strategy}]",
                "what are we waiting for? send {version} of {service} over to {environment}[ "
                "with {strategy}]",
            ),
        ),
        Tool(
            "rollback_service",
            "Return a service to an earlier version.",
            params=(
                req("service", SERVICE, "Name of the service"),
                req("environment", ENVIRONMENT, "Where to roll back"),
                opt("to_version", VERSION, "Earlier version; left out means the previous one"),
                opt("reason", REASON, "Why, in the user's words"),
            ),
            phrasings=(
                "roll back {service} (in|on) {environment}[ to {to_version}][ because of {reason}]",
                "revert {service} on {environment}[, back to {to_version}]",
                "[ugh, ]the last {service} release is bad, undo it on {environment}[; reason: "
                "{reason}]",
                "we need the old {service} again in {environment}[, {to_version} to be exact]",
                "Could you please take {service} back[ to {to_version}] on {environment}?[ The "
                "reason for the log is {reason}.]",
                "{environment} rollback for {service}[, target version {to_version}][, reason "
                "{reason}]",
                "Whatever went out this morning for {service} has to go. {environment}, go "
                "back[ to {to_version}][, note down {reason} as the cause]",
                "is there a way to get the previous {service} back on {environment}?[ it was "
                "{to_version}]",
                "undo the {service} deployment in {environment}[, log it as {reason}]",
                "that release broke things. {service} in {environment} has to go back[ to"
                " {to_version}][, because of {reason}]",
                "undo the last rollout of {service} on {environment}[, {reason}]",
                "{service}, {environment}: revert[ to {to_version}][ - {reason}]",
                "{environment} worked fine before, take {service} back[ to {to_version}][;"
                " reason {reason}]",
                "older {service} again in {environment}[, {to_version}]",
                "Kindly restore the earlier {service} in {environment}[, namely"
                " {to_version}][, owing to {reason}].",
                "i want {to_version} of {service} back in {environment}",
                "we should never merge on a friday. {service} on {environment}, the build"
                " before this one please[, cause: {reason}]",
                "I must ask that {service} in {environment} be reinstated at its former"
                " release[, i.e. {to_version}][, on grounds of {reason}].",
                "time machine for {service}! {environment}[, all the way back to {to_version}]",
                "not a restart, the old build of {service} back on {environment}[, {to_version}]",
                "the newest {service} build is garbage, {environment} was happier on the old"
                " one[, {to_version} i think]. switch it back",
                "{reason} ever since the update of {service} on {environment}, so return it"
                " to the older release[, {to_version}]",
                "downgrade {service} on {environment}[ to {to_version}][, on account of {reason}]",
                "could we pretend the latest {service} update in {environment} never"
                " happened?[ put down {reason} as the why]",
                "{reason}. that's what the new {service} brought us on {environment}."
                " previous build, please[: {to_version}]",
                "abort abort, {service} in {environment} back to what it was[, {to_version}]["
                " - {reason}]",
                "my pager hasn't been quiet since lunch. whatever release {service} had"
                " before in {environment}, give us that again[, {reason} is the justification]",
                "[{to_version} was fine. ]unship the current {service} from {environment}[,"
                " {reason}]",
                "reverse yesterday's {service} deploy over on {environment}[, landing at"
                " {to_version}]",
                "the new {service} is broken for paying customers{environment=production},"
                " retreat[ to {to_version}][, {reason}]",
            ),
            held_out=(
                "{service} was fine before today's release, so restore that[, {to_version} I "
                "mean,] on {environment}",
                "abort abort, put {service} on {environment} back the way it was[; cause: "
                "{reason}]",
                "let's return to the earlier {service}[, the {to_version} one,] over in "
                "{environment}[ on account of {reason}]",
            ),
        ),
        Tool(
            "scale_service",
            "Set how many replicas of a service run.",
            params=(
                req("service", SERVICE, "Name of the service"),
                req("replicas", integer(2, 60), "Number of replicas wanted"),
                opt("environment", ENVIRONMENT, "Where to change it"),
            ),
            phrasings=(
                "scale {service} to {replicas} (replicas|instances|pods)[ in {environment}]",
                "set {service} replicas to {replicas}[ on {environment}]",
                "we expect a lot of traffic, can {service} have {replicas} instances[ in "
                "{environment}]?",
                "{replicas} pods for {service}[ in {environment}] please",
                "{service} is way too big for what it does. Shrink it to {replicas} copies[ on "
                "{environment}].",
                "bump {service} up so that {replicas} replicas are running[ in {environment}]",
                "Please make sure we run {service} with {replicas} instances[ on "
                "{environment}] over the weekend rush.",
                "replicas={replicas} for {service}[, env {environment}]",
                "how about we give {service} {replicas} pods[ on {environment}] and see if the "
                "queue clears",
                "{service} x{replicas}[, {environment}]",
                "make it {replicas} copies of {service}[ in {environment}]",
                "traffic is exploding, {replicas} instances for {service}[ on {environment}]",
                "[{environment}: ]{service} should have {replicas} pods",
                "bring {service} to {replicas} replicas[ in {environment}]",
                "we pay too much, keep {service} at {replicas} pods[ on {environment}]",
                "Kindly adjust the number of {service} instances to {replicas}[ in {environment}].",
                "{replicas} of {service}, no more no less[, {environment}]",
                "black friday is coming and we're thin, {replicas} instances of {service}[ on"
                " {environment}]",
                "{replicas} / {service} / replica count[ / {environment}]",
                "headcount for {service}: {replicas} pods[, {environment}]",
                "I should like the instance count of {service} altered to {replicas}[ within"
                " {environment}].",
                "how many copies of {service} do i want? {replicas}[, {environment}]",
                "not bigger machines, a different number of them: {service}, {replicas}[,"
                " {environment}]",
                "the cfo saw the cloud bill and cried. trim {service} down to {replicas}"
                " instances[ on {environment}]",
                "spin {service} up or down until {replicas} are alive[ in {environment}]",
                "just a pair of pods{replicas=2} for {service}[ on {environment}], it's idle"
                " anyway",
                "a dozen instances{replicas=12} of {service}, pretty please[, on {environment}]",
                "{service}[ on {environment}] is drowning! have {replicas} pods carry the load",
                "would {service} cope better with {replicas} workers side by side[ in"
                " {environment}]? set that up",
                "horizontal size of {service}[, {environment}]: {replicas}",
                "from whatever it is now to {replicas} replicas, {service}[ @ {environment}]",
            ),
            held_out=(
                "the sale starts soon and {service} won't cope, let there be {replicas} of it[ "
                "on {environment}]",
                "I want to see {replicas} {service} instances up[ over in {environment}]",
                "resize {service}[ on {environment}]: {replicas}",
            ),
        ),
        Tool(
            "restart_service",
            "Restart the running instances of a service.",
            params=(
                req("service", SERVICE, "Name of the service"),
                opt("environment", ENVIRONMENT, "Where to restart it"),
                opt("graceful", GRACEFUL, "Whether open requests may finish first"),
            ),
            phrasings=(
                "restart {service}[ on {environment}][, {graceful}]",
                "bounce {service}[ in {environment}][, {graceful}]",
                "{service} is stuck[ in {environment}], give it a restart[, {graceful}]",
                "can you kick {service}[ on {environment}]? it hangs again[, {graceful}]",
                "Would you mind restarting the {service} instances[ on {environment}][, "
                "{graceful}]?",
                "turn {service} off and on again[ on {environment}][, {graceful}]",
                "{service} needs a fresh start[ in {environment}], same version, same size[, "
                "{graceful}]",
                "please cycle {service}[ on {environment}] so it picks up the new secrets[, "
                "{graceful}]",
                "{service} is hanging, kick it[ on {environment}][, {graceful}]",
                "turn {service} off and on again[, {environment}][, {graceful}]",
                "{service} eats memory like cake, give it a fresh start[, {graceful}]",
                "reboot {service}[ @ {environment}][ - {graceful}]",
                "cycle the {service} processes[ in {environment}][, {graceful}]",
                "Kindly have {service} started afresh[ in {environment}][, {graceful}].",
                "{service} went catatonic again[ on {environment}]. off, on[, {graceful}]",
                "Kindly terminate and relaunch {service}[ on {environment}][, {graceful}].",
                "has anybody tried switching it off and back on? no? then do that for"
                " {service}[ in {environment}][, {graceful}]",
                "no new version, no extra pods, just a clean reboot of {service}[,"
                " {environment}][ - {graceful}]",
                "the connection pool leaks like my kitchen tap, {service} wants a reboot[ on"
                " {environment}][, {graceful}]",
                "sigterm and respawn: {service}[, {environment}][, {graceful}]",
                "wake {service} from its coma[ over on {environment}], i.e. relaunch the"
                " thing[, {graceful}]",
                "let {service} finish whatever it is serving{graceful=true}, then start it"
                " over[, {environment}]",
                "kill {service} on the spot, in-flight calls be damned{graceful=false}, and"
                " bring it straight back up[ on {environment}]",
                "Could {service} be stopped and started again[ on {environment}][, {graceful}]?",
                "[{graceful}: ]restart wanted for {service}[, {environment}]",
                "the config map changed, {service}[ on {environment}] has to come up anew[,"
                " {graceful}]",
                "recycle each running copy of {service}[ in {environment}][; {graceful}]",
                "{environment}, {service}, quick reboot[, {graceful}]",
            ),
            held_out=(
                "have you tried rebooting {service}[ on {environment}]? no? then do it[, "
                "{graceful}]",
                "{service} eats memory again, a reboot[ on {environment}] usually helps[, "
                "{graceful}]",
                "stop all of {service}[ in {environment}] and bring it straight back[, {graceful}]",
            ),
        ),
        Tool(
            "tail_logs",
            "Show recent log lines of a service.",
            params=(
                req("service", SERVICE, "Name of the service"),
                opt("since_minutes", DURATION_MIN, "How far to look back, in minutes"),
                opt("level", LEVEL, "Only lines of this level"),
                opt("contains", LOG_TEXT, "Only lines with this text, copied as written"),
            ),
            phrasings=(
                "show me the[ {level}] logs of {service}[ going back {since_minutes}][ that "
                "contain {contains}]",
                'tail {service}[, level {level}][, grep "{contains}"]',
                "what has {service} been logging[ since {since_minutes} ago]?[ only {level} lines]",
                "logs for {service}[ mentioning {contains}] please[, starting {since_minutes} ago]",
                "I'm chasing a bug in {service}. Let me see its[ {level}] log lines[ with "
                "{contains} in them][, up to {since_minutes} old].",
                "pull the {service} log[, {since_minutes} back][, {level} level only]",
                "a customer complained, so please look in the log of {service}[ for '{contains}']",
                "any[ {level}-level] output from {service}[, looking {since_minutes} back]?",
                "get {service} logs[ filtered on {contains}][ at {level} level]",
                "what has {service} been printing[ the last {since_minutes}][, {level}"
                " lines][, with {contains} in them]",
                "{service} output[, {since_minutes} back][, {level} only][, matching {contains}]",
                "did {service} say {contains}[ within {since_minutes}]? show the lines",
                "let me read what {service} wrote[ in {since_minutes}][, level {level}]",
                "grep {contains} in the {service} log[, past {since_minutes}][, {level}]",
                "{level} messages of {service}[ from the last {since_minutes}]",
                "something's fishy with {service}, print its log[ going back {since_minutes}]",
                "Kindly display the log of {service}[ restricted to {level}][ for"
                " {since_minutes}].",
                "log lines with {contains}, {service}, {since_minutes} back[, {level}]",
                "something woke me up and i suspect {service}. let me see what it spat out["
                " over the past {since_minutes}][, {level} only]",
                "May I inspect the journal of {service}[ for the preceding {since_minutes}][,"
                " limited to entries reading {contains}]?",
                "only the errors{level=error} {service} wrote to its log[ in the last"
                ' {since_minutes}][, with "{contains}" inside]',
                "stdout of {service}[, {level}][, past {since_minutes}]",
                "not metrics, the raw text {service} is writing[, {level} lines][, with"
                " {contains} in it]",
                "how often did {contains} turn up in what {service} writes[ these past"
                " {since_minutes}]? print the lines",
                "full verbosity{level=debug} from the {service} log, i want all the gory"
                " details[, {since_minutes} back]",
                "scroll back {since_minutes} in the output of {service}[ and show {level}][,"
                " filter {contains}]",
                "did {service} emit any warnings{level=warning}[ during the last"
                " {since_minutes}]? show me",
                'journalctl -u {service}[ --since "{since_minutes} ago"][ | grep "{contains}"]',
                "espresso is ready, monitor is on, now hand me the latest lines out of"
                " {service}[, {level} please]",
                "wanna peek at {service}'s diary[, {since_minutes} worth][, {level} entries]",
                "pls dump what {service} recently wrote[ where it says {contains}][, log"
                " level {level}]",
            ),
            held_out=(
                "what does {service} have to say for itself[, not older than "
                "{since_minutes}]?[ {level} stuff only]",
                "I need to read through what {service} wrote out[, just the parts about "
                "{contains}]",
                "print the last lines from {service}[ where it says {contains}][, the window "
                "being {since_minutes}]",
            ),
        ),
        Tool(
            "create_incident",
            "Open an incident and page the people on call.",
            params=(
                req("title", INCIDENT, "What is wrong, in the user's words"),
                req("severity", SEVERITY, "Severity, sev1 is the worst"),
                opt("services", listing(SERVICE, 1, 3), "Services affected"),
                opt("commander", PERSON, "Who leads the response"),
            ),
            phrasings=(
                "open a {severity} incident: {title}[. affected: {services}][. commander: "
                "{commander}]",
                "declare {severity}, {title}[, led by {commander}][, hitting {services}]",
                '[please ]create an incident called "{title}" at {severity}[ with {commander} '
                "in charge]",
                "{title}!! that's a {severity}, raise it[ and put {commander} on point]",
                "We have a problem: {title}. Open an incident, {severity}[, services "
                "{services}][, {commander} takes command].",
                "page the on-call folks, {title}. I'd call it {severity}[; {services} are "
                "involved]",
                "new incident / {severity} / {title}[ / {services}][ / IC {commander}]",
                "I think we should start an incident for this: {title}. [{commander} can lead "
                "it. ]{severity} I guess.",
                "we're down: {title}. {severity}[, hits {services}][, {commander} in charge]",
                "{severity}: {title}[ - {services}][ - lead {commander}]",
                "page whoever's on call, {title}, {severity}[, {services} affected]",
                "all hands! {title}. treat it as {severity}[ under {commander}]",
                "{title} is happening, make it a {severity}[ touching {services}]",
                "get {commander} to lead a {severity}, {title}[, {services} down]",
                "Kindly raise a {severity}: {title}[; services concerned: {services}].",
                "i was about to go to bed but {title}. get people out of theirs, {severity}[,"
                " {services} hurt]",
                "It is my duty to register {title} as {severity}[, with {services} impaired]["
                " and {commander} presiding]. Please summon those on call.",
                "{title} / wake the on-call / {severity}",
                "not some alert rule, a real emergency as we speak: {title}, {severity}[,"
                " {commander} runs the show]",
                "worst category there is{severity=sev1}: {title}. page everyone on call[,"
                " {services} affected]",
                "{title}... lowest severity there is{severity=sev4}, but file an incident[,"
                " {services} concerned]",
                "{services} on the fritz, {title}. log it as a {severity} incident and get"
                " hold of the on-call crew",
                "war room! {title}! {severity}![ {commander} at the helm!]",
                "who's on duty? page them: {title}[, involves {services}], rating {severity}",
                "{commander} takes the wheel on this {severity} incident: {title}[. touches"
                " {services}]",
                "customers keep ringing, and my coffee's cold too. {title}, which i'd rate"
                " {severity}. kick off the incident process[ under {commander}]",
                "could somebody be paged about this? {title}[, seen on {services}],"
                " {severity} by my reckoning",
                "make it official, an incident: {severity}, {title}[, lead {commander}][,"
                " parts affected {services}]",
                "incident ticket + page. what: {title}. how bad: {severity}.[ where:"
                " {services}.][ boss: {commander}.]",
            ),
            held_out=(
                "red alert everyone. {title}. log it as {severity}[ and have {commander} run "
                "the response]",
                "for the record and for the pager: {title}, {severity}[, and the parts touched "
                "are {services}]",
                "can somebody get a {severity} going for us? the headline is {title}[, "
                "{commander} coordinates]",
            ),
        ),
        Tool(
            "create_alert_rule",
            "Create a monitoring rule that alerts when a metric crosses a threshold.",
            params=(
                req("service", SERVICE, "Service to watch"),
                req("metric", METRIC, "Metric; its unit is part of its name"),
                req("threshold", integer(5, 98), "Threshold in the unit of the metric"),
                req("direction", DIRECTION, "Which side of the threshold is bad"),
                opt("for_minutes", DURATION_MIN, "How long it must last, in minutes"),
            ),
            phrasings=(
                "alert me when {metric} of {service} goes {direction} {threshold}[ for "
                "{for_minutes}]",
                "add a monitor on {service}: {metric} {direction} {threshold}[, sustained "
                "{for_minutes}]",
                "I want a warning whenever {service} has its {metric} {direction} {threshold}[ "
                "for at least {for_minutes}]",
                "new alert rule. service {service}. {metric} {direction} {threshold}[. hold "
                "for {for_minutes}]",
                "nobody noticed the last outage, so set up an alarm rule: if {metric} on "
                "{service} is {direction} {threshold}[ and stays there {for_minutes}], page us",
                "watch {service} for me and shout if {metric} is {direction} {threshold}[ for "
                "longer than {for_minutes}]",
                "could we get a rule that fires once {service} {metric} sits {direction} "
                "{threshold}[, {for_minutes} in a row]?",
                "if {metric} ever goes {direction} {threshold} in {service}[ for "
                "{for_minutes}] I need to be told",
                "{service}'s {metric}: tell the team when it is {direction} {threshold}[, but "
                "only after {for_minutes}]",
                "{service}: shout when {metric} goes {direction} {threshold}[ for {for_minutes}]",
                "tell me if {metric} on {service} is {direction} {threshold}[ longer than"
                " {for_minutes}]",
                "{metric} {direction} {threshold} at {service}[, {for_minutes} long] -> alarm",
                "i never want to be surprised by {metric} of {service} {direction}"
                " {threshold} again, monitor it[ over {for_minutes}]",
                "watch {service}; once {metric} stays {direction} {threshold}[ during"
                " {for_minutes}], wake me",
                "set a tripwire: {service}, {metric}, {direction} {threshold}[, {for_minutes}]",
                "Kindly notify us whenever {metric} for {service} lies {direction}"
                " {threshold}[ throughout {for_minutes}].",
                "ping the channel the moment {service} shows {metric} {direction}"
                " {threshold}[, lasting {for_minutes}]",
                "I would request that a monitor be established on {service}, triggering upon"
                " {metric} {direction} {threshold}[ for no less than {for_minutes}].",
                "{service} {metric} {direction} {threshold}[ for {for_minutes}] = alert",
                "not a one-time look, a permanent rule: {metric}, {service}, {direction}"
                " {threshold}[, {for_minutes}]",
                "should {service} exceed {threshold}{direction=above} on {metric}[ for"
                " {for_minutes}], i want my phone to buzz",
                "if {metric} at {service} drops under {threshold}{direction=below}[ for"
                " {for_minutes}] something's off, so from now on trigger an alarm",
                "whenever the processor load{metric=cpu_percent} of {service} is {direction}"
                " {threshold}[ for {for_minutes}], make noise",
                "the last outage ruined my christmas. {service}, how full the disk"
                " is{metric=disk_percent}, {direction} {threshold}[ for {for_minutes}], warn"
                " us every time",
                "response times{metric=latency_ms} of {service} {direction} {threshold}:"
                " automatic warning[ after {for_minutes}]",
                "number of waiting jobs{metric=queue_depth} at {service} {direction}"
                " {threshold}[ for {for_minutes}]? then buzz me, each time",
                "{threshold} is the line. {metric} of {service} {direction} it[ for"
                " {for_minutes}] and the bell shall ring",
                "share of failing requests{metric=error_rate_percent} {direction} {threshold}"
                " on {service}[ for {for_minutes}]? let an alarm go off",
                "rig something up that barks whenever {service} has its ram"
                " usage{metric=memory_percent} {direction} {threshold}[ across {for_minutes}]",
                "can i sleep knowing you'd holler if {service} had {metric} {direction}"
                " {threshold}[ for {for_minutes}]? configure it",
            ),
            held_out=(
                "keep an eye on {service}; anything {direction} {threshold} for {metric}[ "
                "lasting {for_minutes}] counts as trouble",
                "wake the on-call person as soon as {service} shows {metric} {direction} "
                "{threshold}[ over {for_minutes}]",
                "monitoring gap: nothing fires today for {service} when {metric} is "
                "{direction} {threshold}. fix that please[, with a delay of {for_minutes}]",
            ),
        ),
        Tool(
            "schedule_maintenance_window",
            "Announce planned downtime of a service.",
            params=(
                req("service", SERVICE, "Service that will be down"),
                req("starts_at", DATETIME, "Start as YYYY-MM-DDTHH:MM"),
                req("duration_minutes", DURATION_MIN, "Length in minutes"),
                opt("notify_users", NOTIFY_USERS, "Whether users are told beforehand"),
                opt("reason", REASON, "Why, in the user's words"),
            ),
            phrasings=(
                "schedule maintenance for {service} on {starts_at} for {duration_minutes}[ "
                "because of {reason}][, {notify_users}]",
                "{service} will be down {starts_at}, {duration_minutes} long[, {notify_users}]",
                "book a maintenance window: {service}, {starts_at}, {duration_minutes}[, {reason}]",
                "Please plan downtime of {duration_minutes} for {service}, beginning "
                "{starts_at}[, reason: {reason}].[ {notify_users}.]",
                "we're taking {service} offline {starts_at}, should be back after "
                "{duration_minutes}. put it on the status page calendar[, {notify_users}]",
                "I need {duration_minutes} of quiet on {service} starting {starts_at}[ for "
                "{reason}], set that up as maintenance",
                "mark {service} as under maintenance from {starts_at}, lasting "
                "{duration_minutes}[, {notify_users}]",
                "can we do the {service} downtime {starts_at}? it takes {duration_minutes}[, "
                "it's for {reason}]",
                "{service} will be off from {starts_at} for {duration_minutes}[,"
                " {notify_users}][, on account of {reason}]",
                "plan downtime: {service}, {starts_at}, {duration_minutes}[ -"
                " {notify_users}][ - {reason}]",
                "we take {service} apart {starts_at}, {duration_minutes} needed[, {notify_users}]",
                "{duration_minutes} without {service} beginning {starts_at}[,"
                " {notify_users}], announce it",
                "pencil in an outage of {service}, {starts_at}, lasting {duration_minutes}[;"
                " {notify_users}]",
                "after {reason} we must repair {service}: {starts_at}, {duration_minutes}[,"
                " {notify_users}]",
                "Kindly reserve {duration_minutes} from {starts_at} for work on {service}[,"
                " {notify_users}].",
                "{reason} needs sorting out, so {service} goes dark {starts_at} for"
                " {duration_minutes}, all planned[, {notify_users}]",
                "{starts_at}. {service}. {duration_minutes} of planned outage.[ {notify_users}.]",
                "We intend to suspend {service} for {duration_minutes} commencing"
                " {starts_at}[, owing to {reason}]; kindly enter this in the maintenance"
                " calendar[, {notify_users}].",
                "not an incident, a planned pause: {service}, {starts_at},"
                " {duration_minutes}[, why: {reason}]",
                "nobody gets to use {service} for {duration_minutes}, kicking in {starts_at}."
                " block that off in the plan[, {notify_users}]",
                "if we pull the plug on {service} {starts_at} and need {duration_minutes},"
                " can you have that on record as maintenance[, {notify_users}]?",
                "an hour{duration_minutes=60} of planned downtime for {service},"
                " {starts_at}[, {reason}]",
                "half an hour{duration_minutes=30} of scheduled darkness on {service} as of"
                " {starts_at}[, {notify_users}]",
                "mark your calendar, {service} takes a planned nap {starts_at},"
                " {duration_minutes} in total[, {notify_users}][, {reason} being the cause]",
                "maintenance slot wanted[, {notify_users}]: {duration_minutes}, {service},"
                " beginning {starts_at}",
                "{duration_minutes} of downtime, {service}, T0 = {starts_at}[, {reason}][,"
                " {notify_users}]",
                "tell all users in advance{notify_users=true}: {service} is planned to be off"
                " {starts_at}, {duration_minutes}[, due to {reason}]",
                "keep it quiet towards the users{notify_users=false}, but {service} has"
                " scheduled downtime {starts_at}, {duration_minutes}[, {reason}]",
                "i'll bring doughnuts for the crew. from {starts_at} they work on {service},"
                " count on {duration_minutes} offline, get it scheduled[ \\({reason}\\)]",
            ),
            held_out=(
                "{starts_at} is when we pull the plug on {service}, budget {duration_minutes} "
                "for it[ on account of {reason}][, {notify_users}]",
                "planned outage of {service}: give us {duration_minutes} from {starts_at} "
                "onwards[, {notify_users}]",
                "the ops team wants {service} to itself for {duration_minutes}, {starts_at} "
                "would suit[, {notify_users}]",
            ),
        ),
        Tool(
            "add_firewall_rule",
            "Allow or deny network traffic to a port.",
            params=(
                req("action", ACTION, "What to do with matching traffic"),
                req("rule", RULE, "Port number, protocol and source address to match"),
                opt("environment", ENVIRONMENT, "Where the rule applies"),
            ),
            phrasings=(
                "{action}[ {rule.protocol}] traffic on port {rule.port}[ from {rule.source}][ "
                "in {environment}]",
                "add a firewall rule to {action} port {rule.port}[ over {rule.protocol}][ for "
                "{rule.source}]",
                "open port {rule.port}[/{rule.protocol}][ for {rule.source}][ on "
                "{environment}]{action=allow}",
                "close[ {rule.protocol}] port {rule.port}[ on {environment}][, but only for "
                "{rule.source}]{action=deny}",
                "somebody[ at {rule.source}] keeps scanning us on {rule.port}[ via "
                "{rule.protocol}], shut that off[ in {environment}]{action=deny}",
                "Could you please {action} connections[ from {rule.source}] to port "
                "{rule.port}[ using {rule.protocol}]?",
                "firewall: {action} {rule.port}[ {rule.protocol}][ src {rule.source}][ env "
                "{environment}]",
                "the new partner can't reach us on port {rule.port}, let them through[, their "
                "address is {rule.source}][, protocol {rule.protocol}]{action=allow}",
                "{action} {rule.port}[ from {rule.source}][ over {rule.protocol}][ on"
                " {environment}]",
                "port {rule.port}[ {rule.protocol}]: {action}[, {environment}]",
                "new rule, {action}: {rule}[, {environment}]",
                "someone at {rule.source} keeps knocking on {rule.port}, {action} it[ in"
                " {environment}]",
                "{rule} -> {action}[ @ {environment}]",
                "make the firewall {action} whatever comes in on {rule.port}[ via"
                " {rule.protocol}][ in {environment}]",
                "Kindly {action} traffic for {rule}[ in {environment}].",
                "port {rule.port} needs to be reachable{action=allow}[ for {rule.source}]["
                " via {rule.protocol}][ on {environment}]",
                "slam the door on port {rule.port}{action=deny}[, {rule.protocol}][,"
                " {environment}]",
                "Would you admit{action=allow} packets arriving at port {rule.port}[ by"
                " {rule.protocol}][ originating from {rule.source}][ in {environment}]?",
                "our auditor found port {rule.port}[/{rule.protocol}] wide open[ on"
                " {environment}] and nearly fainted. nobody gets in there any more{action=deny}",
                "whitelist{action=allow} {rule.source} on port {rule.port}[,"
                " {rule.protocol}][, {environment}]",
                "blacklist{action=deny} {rule.source}, port {rule.port}[ {rule.protocol}][,"
                " {environment}]",
                "iptables style: {rule}, {action}[, {environment}]",
                "not the whole subnet, only {rule.source}: {action} it on port {rule.port}["
                " \\({rule.protocol}\\)]",
                "bots are hammering port {rule.port}[ over {rule.protocol}], keep them"
                " out{action=deny}[, they come from {rule.source}]",
                "the dashboards can't scrape port {rule.port}, so punch a hole{action=allow}["
                " for {rule.source}][ over {rule.protocol}][ in {environment}]",
                "[{environment} network: ]{action} {rule.protocol} on port {rule.port}",
                "packet filter entry please: {rule}. verdict {action}[. scope {environment}]",
                "is anybody still using port {rule.port}[ over {rule.protocol}]? thought not."
                " seal it{action=deny}[ on {environment}]",
                "what comes from {rule.source} and knocks on port {rule.port} shall be let"
                " in{action=allow}[, {rule.protocol}][, {environment}]",
            ),
            held_out=(
                "nothing[ from {rule.source}] should get in on {rule.port}[ {rule.protocol}] "
                "any more[, {environment} that is]{action=deny}",
                "punch a hole for port {rule.port}[, {rule.protocol},] in the firewall[ of "
                "{environment}][, origin {rule.source}]{action=allow}",
                "traffic that hits {rule.port}[ by {rule.protocol}][ out of {rule.source}]: "
                "{action} it",
            ),
        ),
    ),
)

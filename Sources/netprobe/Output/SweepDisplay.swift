import Probing

/// What is shown of a sweep, and how.
struct SweepDisplay {
    /// In what form results are written.
    enum Form {
        /// fping's lines.
        case text
        /// fping's JSON objects (`-J`).
        case fpingJSON
        /// For Netdata's plugins (`-N`).
        case netdata
        /// netprobe's JSON objects (`--json`).
        case json
        /// A line of values for each result (`--csv`).
        case csv
    }

    /// How `-D` writes the time of day.
    enum Timestamps: String {
        case unix, ctime, iso, rfc3339
    }

    /// What the program was called by.
    var programName: String
    /// Whether it was called as fping, and has to be that.
    var isFping = false
    var form = Form.text
    var method = SweepMethod.echo
    /// Whether each probe counts, and not only who is alive: fping's count and loop modes.
    var countsProbes = false
    /// "… is alive" and "… is unreachable": neither -a, -u, -q, -x, -c nor -l.
    var isVerbose = true
    /// A line for each reply and each time-out: -c and -l without -q and -Q.
    var showsEach = false
    /// -a: the targets that are alive.
    var showsAlive = false
    /// -u: the targets that are not.
    var showsUnreachable = false
    /// -q or -Q.
    var isQuiet = false
    /// -e: the round-trip time too.
    var showsElapsed = false
    /// -C: each round-trip time in the summary of a target.
    var showsEachRoundTrip = false
    /// -Q: a report every so often.
    var reportInterval: Duration?
    /// -Q …,cumulative: reports are of all since the beginning.
    var isCumulative = false
    /// -o: how long a target was away.
    var showsOutage = false
    /// -s: statistics of all.
    var showsStatistics = false
    /// -D, with --timestamp-format.
    var timestamps: Timestamps?
    /// --print-tos, --print-ttl, --print-srcaddr (of 5.5: --print-reply-dst).
    var showsTrafficClass = false
    var showsHopLimit = false
    var showsReplyDestination = false
    /// -x, -X: whether so many targets are alive is what is asked.
    var goal: Int?
    /// -p: from one probe of a target to the next.
    var period: Duration = .seconds(1)
    /// --plot: how round-trip times are distributed, and who of a network is alive.
    var plots = false
    /// Whether what is going on is shown while it does: on a terminal.
    var showsProgress = false
}

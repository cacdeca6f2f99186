/// What a trace shows, and how.
struct TraceDisplay {
    /// The forms of output.
    enum Form { case lines, report, csv, json }

    /// What errors begin with: the name that the program was called by.
    var programName: String
    var form = Form.lines
    /// Called as traceroute: nothing is said that traceroute does not say.
    var isTraceroute = false
    var looksUpNames = true
    var showsExtensions = false
    var looksUpSystems = false
    var showsWayBack = false
    /// Show the TCP flags of a final answer.
    var showsFlags = false
}

import ProbingIO

/// What the arguments of `netprobe listen` ask for, checked.
struct ListenRequest {
    let endpoint: Endpoint
    let timeout: Duration?
    /// Whether to go on for the next connection.
    let keepsOpen: Bool
    /// What to do with what comes, where it does not go to standard output.
    let service: EchoServer.Service?
    let display: ConversationDisplay

    init(_ command: ListenCommand) throws(UsageError) {
        endpoint = try Endpoint(command.endpoint, command.operands, listens: true)
        timeout = try UsageError.timeout(command.timeout)
        if command.echo && command.discard { throw UsageError("only one of --echo and --discard can be") }
        service = command.echo ? .echo : command.discard ? .discard : nil
        keepsOpen = command.keepOpen
        display = ConversationDisplay(
            programName: "netprobe listen", verbose: command.endpoint.verbose, json: command.endpoint.json,
            outputIsFree: service != nil)
    }
}

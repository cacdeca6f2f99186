/// How a program ends.
enum ExitStatus: Int32 {
    /// All that was asked has answered.
    case answered = 0
    /// Something has not.
    case unanswered = 1
    /// The arguments were wrong, or the system refused.
    case error = 2
    /// The arguments of a sweep were wrong (fping(8)).
    case invalidArguments = 3
    /// The system refused what a sweep needs (fping(8)).
    case systemCallFailed = 4
}

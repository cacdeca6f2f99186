/// How a program ends.
enum ExitStatus: Int32 {
    /// All that was asked has answered.
    case answered = 0
    /// Something has not.
    case unanswered = 1
    /// The arguments were wrong, or the system refused.
    case error = 2
}

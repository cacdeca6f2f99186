import Packets

/// What the arguments of `netprobe decode` ask for, checked.
struct DecodeRequest {
    /// How packets are shown.
    enum Format { case line, tree, json }

    let format: Format
    /// Packets to stop after.
    let count: UInt64?
    /// What packets begin with, where their bytes have to tell it otherwise.
    let link: LinkType?
    /// Names of files; `-` is standard input.
    let files: [String]

    init(_ command: DecodeCommand) throws(UsageError) {
        if command.tree && command.json { throw UsageError("only one of --tree and --json can be") }
        format = command.tree ? .tree : command.json ? .json : .line
        count = try UsageError.integer(command.count, option: "-c", in: 1...UInt64(Int64.max))
        files = command.files.isEmpty ? ["-"] : command.files
        switch command.link {
        case nil: link = nil
        case "ipv4": link = .ipv4
        case "ipv6": link = .ipv6
        case "ethernet": link = .ethernet
        case let name?:
            throw UsageError("invalid -l value: '\(name.forTerminal)': not one of ipv4, ipv6 and ethernet")
        }
    }
}

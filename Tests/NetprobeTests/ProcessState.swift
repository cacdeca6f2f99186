/// What the kernel says of a netprobe that runs: `/proc/PID`, seen from outside.
struct ProcessState {
    /// One for each thread: the fields of its `status` file.
    private(set) var threads: [[String: String]] = []
    /// The open descriptors: number, what it is, and the flags of open(2).
    private(set) var descriptors: [(number: Int, target: String, flags: Int)] = []

    /// Whether a descriptor ends with execve(2).
    static func closesOnExec(_ flags: Int) -> Bool { flags & 0o2000000 != 0 }

    /// A script that runs `command` until it has printed what is `ready` (a regular expression; by default a reply),
    /// prints what `/proc` says of it, then whatever `look` prints, and ends it. The command has to become the
    /// program, in the same process; `$program` is its number.
    static func script(_ command: String, ready: String = "icmp_seq.*1", look: String = "") -> String {
        """
        for file in /proc/$$/fd/*; do
            number=${file##*/}
            ((number < 3 || number == 255)) || eval "exec $number>&-"
        done
        output=$(mktemp)
        (trap - EXIT; exec \(command)) >"$output" & program=$!
        until grep -q '\(ready)' "$output"; do kill -0 $program || { rm "$output"; exit 9; }; sleep 0.02; done
        for thread in /proc/$program/task/*; do echo thread; cat $thread/status; done
        for file in /proc/$program/fd/*; do
            echo "descriptor ${file##*/} $(readlink $file) $(grep flags /proc/$program/fdinfo/${file##*/})"
        done
        \(look)
        kill -INT $program; wait $program; status=$?; rm "$output"; exit $status
        """
    }

    /// Reads what the script has printed.
    init(_ output: String) {
        for line in output.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if line == "thread" {
                threads.append([:])
            } else if words.count == 5, words[0] == "descriptor", let number = Int(words[1]),
                let flags = Int(words[4], radix: 8)
            {
                descriptors.append((number, words[2], flags))
            } else if let name = words.first, name.last == ":", !threads.isEmpty {
                threads[threads.count - 1][String(name.dropLast())] = words.dropFirst().joined(separator: " ")
            }
        }
    }
}

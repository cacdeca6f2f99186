import Addresses
import Foundation
import Probing
import ProbingIO
import Sockets
import TestSupport
import Testing

/// The name server of `Tests/Lab` on loopback, until the tests end.
struct LabNameServer {
    let server: NameServer

    /// - Parameter records: the lines of its file.
    init(_ records: String, at address: String = "127.0.0.1") throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Lab/nameserver.py").path
        let command = "LAB_OWNER=\(getpid()) '\(script)' \(address) 0 /dev/stdin <<'END'\n\(records)\nEND\n"
        let output = try #require(ChildProcess.output(ofShell: command))
        let port = try #require(UInt16(output.trimmingCharacters(in: .newlines)))
        server = NameServer(try IPAddress(parsing: address), port: port)
    }

    /// How often the server was asked for a name.
    func asked(_ name: String) -> String? {
        let resolver = NameResolver(server: server)
        resolver.lookUpTexts(of: "asked.\(name)")
        resolver.settle()
        return resolver.texts(of: "asked.\(name)").value?.first
    }
}

extension NameResolver {
    /// What an event loop does with a resolver, until nothing is looked up any more or something has come true.
    func settle(until isDone: () -> Bool = { false }) {
        let end = Clock.now + .seconds(30)
        while isBusy, !isDone() {
            guard Clock.now < end else {
                Issue.record("the resolver does not come to an end")
                return
            }
            var polls = PollSet()
            if let fileDescriptor { _ = polls.add(fileDescriptor, for: .readable) }
            _ = try? polls.wait(timeout: min(wakeUp ?? end, end) - Clock.now)
            process()
        }
    }

    /// The name of an address, looked up to the end.
    func settledName(of address: String) throws -> LookUp<String> {
        let address = try IPAddress(parsing: address)
        lookUpName(of: address)
        settle()
        return name(of: address)
    }

    /// The texts of a name, looked up to the end.
    func settledTexts(of name: String) -> LookUp<[String]> {
        lookUpTexts(of: name)
        settle()
        return texts(of: name)
    }
}

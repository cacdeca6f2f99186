import Glibc
import Packets
import Privileges

/// One `netprobe decode`, from its arguments to its exit status.
struct Decode {
    private let request: DecodeRequest
    private var printer: PacketPrinter
    private var buffer = [UInt8](repeating: 0, count: 1 << 17)
    private var status = ExitStatus.answered

    static func run(_ request: DecodeRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        var decode = Decode(request)
        // Root reads what root may, as with every other program; whoever else started the program reads his own.
        let files = privileges.raising(.readFiles) { decode.open(request.files) }
        // Only now is anything read that others have written.
        _ = try privileges.giveAway(.base)
        for file in files where !decode.isDone { try decode.read(file) }
        return decode.status
    }

    private init(_ request: DecodeRequest) {
        self.request = request
        printer = PacketPrinter(request.format, schema: "netprobe.decode/1", fileNames: request.files.count > 1)
    }

    private var isDone: Bool { request.count.map { printer.count >= $0 } ?? false }

    private mutating func open(_ names: [String]) -> [InputFile] {
        var files: [InputFile] = []
        for name in names {
            do throws(InputFile.Failure) { files.append(try InputFile(name)) } catch { complain("\(error)", .error) }
        }
        return files
    }

    private mutating func read(_ file: InputFile) throws {
        defer { file.close() }
        var reader = PacketReader(link: request.link)
        printer.begin(file.name)
        do {
            var hasEnded = false
            while !hasEnded, !isDone {
                let count = try file.read(into: &buffer)
                hasEnded = count == 0
                if hasEnded { reader.end() } else { reader.append(buffer[..<count]) }
                while !isDone, let packet = try reader.next() { try printer.print(packet) }
                try printer.flush()
            }
        } catch let error as OutputError {
            throw error
        } catch {
            try printer.flush()
            if let failure = error as? InputFile.Failure {
                complain("\(failure)", .error)
            } else {
                complain("\(file.name.forTerminal): \(error)", .unanswered)
            }
        }
    }

    private mutating func complain(_ text: String, _ status: ExitStatus) {
        StandardError.write("netprobe decode: \(text)\n")
        if status.rawValue > self.status.rawValue { self.status = status }
    }
}

import Packets

extension Target {
    /// The text that `netprobe send` takes.
    static let expressions = [
        Target("packet-expression") { bytes in
            let text = String(decoding: array(bytes), as: UTF8.self)
            do throws(ExpressionError) {
                let expression = try PacketExpression(text, seed: 7)
                for number: UInt64 in [0, 1, 65_536, .max] {
                    let packet = expression.packet(number: number)
                    precondition(packet.count == expression.length && packet.count <= PacketExpression.maximumLength)
                    precondition(!expression.isConstant || packet == expression.packet(number: 0))
                }
                precondition(expression.count > 0)
            } catch {
                precondition((0...text.count).contains(error.offset) && !error.description.isEmpty, "\(error)")
            }
        },
        Target("packet-pattern") { bytes in
            let text = String(decoding: array(bytes), as: UTF8.self)
            guard let pattern = try? PacketPattern(text) else { return }
            _ = pattern.matches(array(bytes))
            if let expression = try? PacketExpression(text) { _ = pattern.matches(expression.packet(number: 1)) }
        },
        Target("packet-cutting") { bytes in
            guard bytes.byteCount > 3 else { return }
            let numbers = array(bytes.extracting(first: 3))
            let cutting = Fragmenting(
                maximumTransmissionUnit: Int(numbers[0]) + 20, overlap: Int(numbers[1] & 0xF8),
                order: Fragmenting.Order.allCases[Int(numbers[2]) % Fragmenting.Order.allCases.count])
            let packet = array(bytes.extracting(droppingFirst: 3))
            guard let pieces = try? cutting.pieces(of: packet, identification: 1) else { return }
            precondition(!pieces.isEmpty)
        },
    ]
}
